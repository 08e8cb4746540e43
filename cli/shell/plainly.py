"""The vault in plain lines, one after another: for screen readers, and for terminals that can show nothing else.

The same commands as on the desk. It runs on the terminal's second screen, so that nothing can be scrolled back to.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from cli import words as say
from cli.failures import Refused, explain
from cli.i18n import _, ngettext
from cli.shell.clocks import settle_clock
from cli.shell.drafts import Draft
from cli.shell.inboxing import offer
from cli.shell.lines import LineEditor
from cli.shell.noting import rows, whole
from cli.shell.page import Line
from cli.shell.regular import Regular
from cli.shell.relock import LOCKED
from cli.shell.saving import Saving, told_saved
from cli.shell.shelf import Scope, Shelf
from cli.shell.talk import Stopped, Talk
from cli.shell.verbs import WORDS, help_lines
from cli.shell.watch import ticking
from cli.shell.words import called, understood
from cli.terminal import Terminal
from vault.errors import VaultDamaged, VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter
    from typing import TypeVar

    from vault.months import Period
    from vault.service import Note, Progress, Vault

    Result = TypeVar("Result")

GRACE_SECONDS = 5.0
"""How long a destruction that was confirmed can still be called off."""


def run_plainly(vault: Vault, lang: str, now: Callable[[], datetime] | None = None) -> int:
    """Opens the vault in plain lines until the coach leaves: an exit code, or LOCKED."""
    with Terminal() as screen:
        screen.other_screen()
        plainly = Plainly(vault, lang, screen, now)
        try:
            return plainly.run()
        finally:
            plainly.regular.stop()
            # a terminal that went away has nothing left to clear
            with suppress(OSError):
                screen.first_screen()


class Plainly:
    """The host of cli/shell/host.py that speaks in lines."""

    def __init__(self, vault: Vault, lang: str, screen: Terminal, now: Callable[[], datetime] | None = None) -> None:
        self.vault = vault
        self.lang = lang
        self.talk = Talk(screen, lambda: vault.idle_minutes * 60)
        self.shelf = Shelf(vault)
        self._chosen = ""
        self._ended: int | None = None
        self._later: deque[Callable[[], None]] = deque()
        self._orders = 0
        self._news: list[str] = []
        self.regular = Regular(self, self._later.append, now=now, ticking=ticking)
        self.talk.meanwhile = self._meanwhile

    # -- the session with the server

    def _meanwhile(self) -> None:
        while self._later:
            self._later.popleft()()
        self.regular.look()

    def orders(self) -> int | None:
        """How many commands there were."""
        return self._orders

    def turn_month(self) -> None:
        """Destroys what is due, if a new month has begun."""
        if gone := self.vault.expire():
            self._news.append(say.expired(gone))
            self.changed()

    def news(self, text: str) -> None:
        """Keeps what came of a session until the next line was typed: it must not come between the letters."""
        self.changed()
        if text:
            self._news.append(text)

    def _tell_news(self) -> None:
        news, self._news = self._news, []
        self.tell(" ".join(news))

    # -- running

    def run(self) -> int:
        """Takes commands until the end."""
        self.vault.remember_texts(True)
        with self.talk.signals():
            try:
                self._trying(self._begin())
                while self._ended is None:
                    typed = self.talk.command("> ")
                    self._tell_news()
                    if typed is None:
                        continue
                    self._obey(typed)
            except Stopped as stopped:
                return stopped.code
        return self._ended

    async def _begin(self) -> None:
        self.changed()
        told = [_("The vault is open."), say.notes(len(self.shelf.handles)) + "."]
        if self.vault.expired_at_open:
            told.append(say.expired(self.vault.expired_at_open))
        if self.vault.inbox_at_open.unreadable:
            told.append(say.inbox(0, self.vault.inbox_at_open.unreadable))
        told.append(_("Type {help} for all commands.").format(help=called(self, "help")))
        self.tell(" ".join(told))
        await settle_clock(self)
        waiting = self.vault.draft()
        if waiting is not None:
            self.tell(_("You were writing this when the vault was locked. It is not saved yet."))
            await self._write(*waiting, None, draft=True)
        await offer(self)

    def _obey(self, typed: str) -> None:
        if not typed.strip():
            return
        self._orders += 1
        word, rest = understood(WORDS, typed)
        if word is None:
            sentence = _("There is no command '{word}' here. Type {help} to see them all.")
            self.tell(sentence.format(word=typed.split(maxsplit=1)[0], help=called(self, "help")))
            return
        self._trying(self._with_month(word.run(self, rest)))

    async def _with_month(self, work: Any) -> None:
        gone = self.vault.expire()
        if gone:
            self.tell(say.expired(gone))
            self.changed()
        await work

    def _trying(self, work: Coroutine[Any, Any, None]) -> None:
        """Runs a command to its end: nothing here ever waits for anything but the terminal."""
        try:
            work.send(None)
        except StopIteration:
            return
        except (VaultError, Refused, OSError, MemoryError) as error:
            self.tell(explain(error)[2])
            # notes may be destroyed all the same (ResidueLeft); of what can't be read now the next command tells
            with suppress(VaultError):
                self.changed()
        finally:
            work.close()

    # -- the host

    def chosen(self) -> str:
        """The note that was read or written last."""
        return self._chosen if self._chosen in self.shelf.handles else ""

    def tell(self, text: str) -> None:
        """Says something in a sentence."""
        if text:
            self.talk.show([text])

    def answer(self, lines: Iterable[Line]) -> None:
        """Shows lines, a screenful at a time."""
        self.talk.show([line.text for line in lines])

    async def ask(self, prompt: str, hidden: bool = False) -> str | None:
        """What is answered, None after Ctrl-C or Ctrl-D."""
        return self.talk.secret(prompt) if hidden else self.talk.line(prompt)

    async def confirm(self, question: str) -> bool:
        """Whether the coach says yes. Anything else is no."""
        answer = self.talk.line(f"{question} {_('[y/N]')} ")
        return answer is not None and answer.strip().lower() in ("y", "yes", "j", "ja")

    async def grace(self, count: int) -> bool:
        """Whether it is to happen, after some seconds in which Ctrl-C calls it off."""
        told = ngettext(
            "{n} note is destroyed in {seconds} s. Ctrl-C: keep it after all. Enter: now.",
            "{n} notes are destroyed in {seconds} s. Ctrl-C: keep them after all. Enter: now.",
            count,
        )
        self.tell(told.format(n=count, seconds=int(GRACE_SECONDS)))
        return self.talk.lets(GRACE_SECONDS)

    async def busy(self, text: str, work: Callable[[Progress], Result]) -> Result:
        """Says what goes on and does it."""
        self.tell(text)
        return work(lambda _done, _total: None)

    async def write(
        self, text: str, *, title: str, of: str = "", keep: Period | None = None, saving: Saving | None = None
    ) -> Saving | None:
        """Has the text written line by line. What came of saving, None when the coach left without."""
        self.tell(title)
        return await self._write(text, of, keep, saving=saving)

    async def _write(
        self, text: str, of: str, keep: Period | None, draft: bool = False, saving: Saving | None = None
    ) -> Saving | None:
        scope = None if of else self.shelf.scope
        engagement = scope.engagement if scope else self.vault.draft_engagement() if draft else ""
        claim = scope.claim if scope else None
        saving = saving or Saving(self.vault, of, keep, engagement=engagement, claim=claim)
        stored = LineEditor(self, saving, Draft(self.vault, of, draft, engagement), draft).write(text)
        if stored:
            self.shelf.add(saving.handle)
        self.changed()
        self.tell(told_saved(saving if stored else None))
        if not stored:
            return None
        self._chosen = saving.handle
        return saving

    @property
    def scope(self) -> Scope | None:
        """The client whose notes alone are shown."""
        return self.shelf.scope

    def enter(self, scope: Scope | None) -> None:
        """Shows the notes of one client only, or with None all notes again."""
        self.shelf.enter(scope)
        if scope is not None:
            self.tell(scope.title)
        self.list_notes("")

    def themes(self) -> Counter[str]:
        """How many notes have each theme."""
        return self.shelf.themes()

    def list_notes(self, typed: str) -> None:
        """Shows the notes that have what is typed."""
        self.shelf.seek("")
        self.shelf.seek(typed)
        found = self.shelf.shown
        notes, unreadable = self._readable(found)
        self.answer(rows(self, notes))
        if unreadable:
            self.tell(say.unreadable(unreadable))
        if typed:
            self.tell(ngettext("{n} note found.", "{n} notes found.", len(found)).format(n=len(found)))
        elif not found:
            self.tell(_("There are no notes yet."))

    def _readable(self, handles: Iterable[str]) -> tuple[list[Note], int]:
        notes, unreadable = [], 0
        for handle in handles:
            try:
                note = self.shelf.note(handle)
            except VaultDamaged:
                unreadable += 1
                continue
            if note is not None:
                notes.append(note)
        return notes, unreadable

    def show_note(self, note: Note) -> None:
        """Shows a whole note."""
        self._chosen = note.handle
        self.answer(whole(self, note))

    def changed(self) -> None:
        """Takes over what the vault holds now."""
        self.shelf.refresh()

    def lock(self) -> None:
        """Locks: the process that held the keys ends."""
        self._ended = LOCKED

    def leave(self) -> None:
        """Ends; the vault is closed."""
        self._ended = 0

    def help_lines(self) -> list[Line]:
        """Every command."""
        told = _("Ctrl-C goes back from any question. What you type is never kept.")
        return [*help_lines(self, keys=False), Line(), Line(told)]
