"""The shelf: which notes stand in the list, in an order that tells nothing, and which of them is chosen."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

from cli import words as say
from cli.shell.seeking import Sought, sought
from vault.errors import NoteNotFound
from vault.themes import themes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.service import Claim, Note, Vault

_ROWS_KEPT = 512
"""Notes in sight whose text is kept for drawing; more than any screen shows."""


class Scope(NamedTuple):
    """The notes of one client, the newest talk first, as `engagement` (an alias) or `claim` found them.

    `title` says in words whose they are.
    """

    title: str
    handles: tuple[str, ...]
    engagement: str = ""
    claim: Claim | None = None


class Shelf:
    """The living notes of a vault, or those of one client, or those of them that are sought."""

    def __init__(self, vault: Vault) -> None:
        self._vault = vault
        self.handles: list[str] = []
        self.shown: list[str] = []
        self.sought = Sought()
        self.scope: Scope | None = None
        self.at = 0
        self._read: dict[str, Note | None] = {}
        self._left: dict[int, str] = {}
        self._themes: Counter[str] | None = None
        self.resting = False
        """While something else works with the vault in another thread, only what was read before is shown."""

    @property
    def chosen(self) -> str:
        """The handle of the chosen note, empty if the list is."""
        return self.shown[self.at] if self.shown else ""

    def refresh(self) -> None:
        """Takes over what the vault holds now. The chosen note stays chosen if it still stands in the list."""
        self._forget()
        self.handles = self._vault.handles()
        self._show(self._within(), self.chosen)

    def _within(self) -> list[str]:
        """The handles among which is sought."""
        if self.scope is None:
            return self.handles
        living = set(self.handles)
        return [handle for handle in self.scope.handles if handle in living]

    def enter(self, scope: Scope | None) -> None:
        """Shows the notes of one client only, or with None all notes again."""
        self.scope = scope
        self.sought = Sought()
        self._show(self._within(), "")

    def add(self, handle: str) -> None:
        """A note was written for the client whose notes are shown."""
        if self.scope is not None and handle not in self.scope.handles:
            self.scope = self.scope._replace(handles=(handle, *self.scope.handles))

    def _forget(self) -> None:
        self._read.clear()
        self._left.clear()
        self._themes = None

    def clear(self) -> None:
        """Forgets everything: nothing of it may be drawn any more."""
        self._forget()
        self.handles, self.shown, self.at = [], [], 0

    def seek(self, typed: str) -> None:
        """Shows the notes that have what is typed."""
        wanted = sought(typed)
        if wanted == self.sought:
            return
        among = self.shown if wanted.narrows(self.sought) else self._within()
        self.sought = wanted
        self._show(among, self.chosen)

    def _show(self, among: list[str], chosen: str) -> None:
        self.shown = self._fitting(among)
        self.at = self.shown.index(chosen) if chosen in self.shown else 0

    def _fitting(self, among: list[str]) -> list[str]:
        wanted = self.sought
        if not wanted:
            return among
        if wanted.months is not None:
            left = self._vault.months_left()
            among = [handle for handle in among if left.get(handle, wanted.months) < wanted.months]
        if wanted.words or wanted.themes:
            notes = self._vault.find_readable(wanted.words, among=among).notes
            fits = {note.handle for note in notes if not wanted.themes or wanted.fits_themes(themes(note.text))}
            among = [handle for handle in among if handle in fits]
        return among

    def move(self, count: int) -> bool:
        """Chooses the note so many rows further. Whether that is another one."""
        before = self.at
        self.at = max(0, min(self.at + count, len(self.shown) - 1))
        return self.at != before

    def choose(self, handle: str) -> None:
        """Chooses a note, if it stands in the list."""
        if handle in self.shown:
            self.at = self.shown.index(handle)

    def note(self, handle: str) -> Note | None:
        """A note of the list; None when it is gone meanwhile. Raises VaultError."""
        if self.resting:
            return self._read.get(handle)
        if handle not in self._read:
            if len(self._read) >= _ROWS_KEPT:
                self._read.clear()
            try:
                self._read[handle] = self._vault.show(handle)
            except NoteNotFound:
                self._read[handle] = None
        return self._read[handle]

    def left(self, months: int) -> str:
        """How long a note with so many months left still stays, in a few letters."""
        if months not in self._left:
            self._left[months] = say.left_short(say.days_left(self._vault.moment(), months))
        return self._left[months]

    def themes(self) -> Counter[str]:
        """How many notes have each theme. Reads every note once after each change."""
        if self._themes is None:
            notes = self._vault.find_readable([]).notes
            self._themes = Counter(theme for note in notes if b"#" in note.data for theme in themes(note.text))
        return self._themes

    def ending(self) -> int:
        """How many notes end with this month."""
        return sum(months <= 0 for months in self._vault.months_left().values())
