"""The desk: the open vault on the screen. A line to find, the list of notes, a page to read, the editor to write."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Coroutine, Iterable
from datetime import datetime

from cli import words as say
from cli.context import unfinished
from cli.failures import Refused
from cli.i18n import _, ngettext
from cli.shell import frame, looks
from cli.shell.ahead import read_ahead
from cli.shell.aids import Aids
from cli.shell.clocks import settle_clock
from cli.shell.deskkeys import list_keys, page_keys
from cli.shell.drafts import Draft
from cli.shell.editing import Editor
from cli.shell.inboxing import offer
from cli.shell.joined import Joined
from cli.shell.line import Field, Line
from cli.shell.listing import Listing
from cli.shell.noting import whole
from cli.shell.page import Line as PageLine
from cli.shell.page import Page
from cli.shell.saving import PERIODS, Saving, told_saved
from cli.shell.shelf import Scope, Shelf
from cli.shell.verbs import WORDS, help_lines
from cli.shell.waiting import Grace
from cli.shell.watch import ticking
from cli.shell.words import ALIAS, MODE, NOTE, PERIOD, THEME, Word, called, completing, nearest, understood
from vault.errors import VaultError
from vault.service import GUARD_POLICIES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from vault.months import Period
    from vault.service import Note, Vault

    Result = TypeVar("Result")

_MONTH_EVERY = 60.0
"""Seconds between two looks at whether the month has turned."""
_SEEK_AFTER = 0.02
"""Seconds after a letter before the notes are looked through, so that the letter itself is on the screen first."""
_ROOM_LEAST = 8
"""Slots that must be free before the editor opens: more than nearly any note takes."""
GRACE_SECONDS = 5.0
"""How long a destruction that was confirmed can still be called off."""


class Desk(Joined):
    """Everything that a command inside the vault works with: the host of cli/shell/host.py with a screen."""

    def __init__(
        self,
        vault: Vault,
        lang: str,
        *,
        idle_seconds: float | None = None,
        clock: Callable[[], float] = ticking,
        grace_seconds: float = GRACE_SECONDS,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self.vault = vault
        self.lang = lang
        self.shelf = Shelf(vault)
        self.field = Field(completer=looks.theme_completer(self.themes), complete_while_typing=True, multiline=False)
        self.field.on_text_changed += self._typed
        self.page = Page()
        self.page.keys = page_keys(self)
        self.page.on_click = self.read
        self.listing = Listing(self.shelf, self.turn_to, self.read)
        choices: dict[str, Callable[[], Iterable[str]]] = {
            NOTE: lambda: self.shelf.handles,
            THEME: lambda: [name for name, _count in self.themes().most_common()],
            PERIOD: lambda: map(str, PERIODS),
            ALIAS: lambda: [each.alias for each in vault.engagements()],
            MODE: lambda: GUARD_POLICIES,
        }
        self._completer = completing(WORDS, lang, choices)
        self.line = Line(self._completer, _("Command: "))
        self.waiting = Grace(grace_seconds)
        self.large = False
        self.heading = ""
        self.ending = 0
        self.aids = Aids(vault, themes=lambda: [name for name, _count in self.themes().most_common()])
        self.draft_waits = False
        self.watch_server(now, clock)
        self._reading: tuple[str, object] | None = None
        self._month = vault.moment().now
        self.looks = looks.Looks(self, list_keys(self))
        super().__init__(self.looks.container, idle_seconds=idle_seconds or vault.idle_minutes * 60, clock=clock)
        self.can_lock = True

    # -- what is seen

    def answer(self, lines: Iterable[PageLine]) -> None:
        """Shows lines in place of the note, until another note is chosen."""
        self._reading = None
        self.heading = ""
        shown = list(lines)
        self.page.show(shown)
        self.large = bool(shown)
        if shown:
            self.app.layout.focus(self.page)
        self.app.invalidate()

    def turn_to(self) -> None:
        """Shows the chosen note on the page, if it is not there already."""
        handle = self.shelf.chosen
        if self._reading == (handle, self.shelf.sought):
            return
        self._reading = (handle, self.shelf.sought)
        note = self._note(handle) if handle else None
        if note is None:
            self.heading = ""
            self.page.show([] if self.shelf.handles else looks.welcome(self))
        else:
            self.heading = looks.heading(self, note)
            self.page.show(whole(self, note, self.shelf.sought.words)[2:])
        self.app.invalidate()

    def _note(self, handle: str) -> Note | None:
        try:
            return self.shelf.note(handle)
        except VaultError as error:
            self.told = frame.sentence(error)
            return None

    def read(self) -> None:
        """Gives the page the keys, and on a small screen all the room."""
        if self.page.text:
            self.large = True
            self.app.layout.focus(self.page)

    def back(self) -> None:
        """Back to the list."""
        self.large = False
        self.turn_to()
        self.app.layout.focus(self.looks.field)

    def show_note(self, note: Note) -> None:
        """Shows a whole note, also when what is sought left it out of the list."""
        if note.handle not in self.shelf.shown:
            self._seek("")
        self.shelf.choose(note.handle)
        self._reading = None
        self.turn_to()
        self.read()

    def list_notes(self, typed: str) -> None:
        """Shows the notes that have what is typed."""
        self._seek(typed)
        found = len(self.shelf.shown)
        self.back()
        if typed:
            self.tell(ngettext("{n} note found.", "{n} notes found.", found).format(n=found))

    # -- finding

    def _seek(self, typed: str) -> None:
        self.field.text = typed
        self.field.cursor_position = len(typed)
        self._look()

    def _typed(self, _buffer: object) -> None:
        self.app.create_background_task(self._look_soon(self.field.text))

    async def _look_soon(self, typed: str) -> None:
        await asyncio.sleep(_SEEK_AFTER)
        # a further letter has come meanwhile: its own turn finds more exactly
        if typed == self.field.text:
            self._look()

    def _look(self) -> None:
        try:
            self.shelf.seek(self.field.text)
        except VaultError as error:
            self.tell(frame.sentence(error))
        self.large = False
        self.turn_to()
        self.app.invalidate()

    def themes(self) -> Counter[str]:
        """How many notes have each theme; none while a note that is damaged can't be looked at."""
        try:
            return self.shelf.themes()
        except VaultError as error:
            self.tell(frame.sentence(error))
            return Counter()

    def chosen(self) -> str:
        """The handle of the chosen note, empty if there is none."""
        return self.shelf.chosen

    @property
    def scope(self) -> Scope | None:
        """The client whose notes alone are shown."""
        return self.shelf.scope

    def enter(self, scope: Scope | None) -> None:
        """Shows the notes of one client only, or with None all notes again."""
        self.shelf.enter(scope)
        self.field.reset()
        self._reading = None
        self.back()

    # -- writing

    async def write(
        self,
        text: str,
        *,
        title: str,
        of: str = "",
        keep: Period | None = None,
        draft: bool = False,
        message: str = "",
        saving: Saving | None = None,
    ) -> Saving | None:
        """Opens the editor. What came of saving, None when the coach left. `draft`: the text is the vault's draft."""
        if self.vault.free_slots() < _ROOM_LEAST:
            # now, with a sign of life, rather than while the text waits to be stored
            making = _("Making room for more notes…")
            await self.busy(making, lambda progress: self.vault.make_room(_ROOM_LEAST, progress))
        scope = None if of else self.shelf.scope
        engagement = scope.engagement if scope else self.vault.draft_engagement() if draft else ""
        claim = scope.claim if scope else None
        saving = saving or Saving(self.vault, of, keep, engagement=engagement, claim=claim)
        self.draft = Draft(self.vault, of, draft, engagement)
        written = await self._edit(text, saving, title=title, saved="" if draft else text, message=message)
        # not in a `finally`: when the screen ends otherwise, the text must still be found here
        dropping, self.editor, self.draft = self.draft, None, None
        self.back()
        dropping.drop()
        stored = saving if written is not None else None
        if stored is not None:
            self.shelf.add(stored.handle)
        self.changed()
        if stored is not None:
            self.shelf.choose(stored.handle)
            self.turn_to()
        self.tell(told_saved(stored))
        return stored

    async def _edit(self, text: str, saving: Saving, *, title: str, saved: str, message: str) -> str | None:
        """What was written in the editor, which stays; None when the coach left it."""
        done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

        def finished(written: str | None) -> None:
            if not done.done():
                done.set_result(written)

        self.editor = Editor(
            text, title=title, save=saving, on_done=finished, saved=saved, message=message, aids=self.aids
        )
        self.app.layout.focus(self.editor.control)
        self.app.invalidate()
        return await done

    async def _offer_draft(self) -> None:
        waiting = self.vault.draft()
        if waiting is None:
            return
        text, of = waiting
        title = _("Note {handle}").format(handle=of) if of else _("New note")
        message = _("You were writing this when the vault was locked. It is not saved yet.")
        await self.write(text, title=title, of=of, draft=True, message=message)

    # -- time

    def turn_month(self) -> None:
        """Destroys what is due when a new month has begun, and takes it off the screen."""
        now = self.vault.moment().now
        if now == self._month:
            return
        self._month = now
        self.done += 1
        self.page.clear()
        self.shelf.clear()
        try:
            gone = self.vault.expire()
            self.tell(say.expired(gone) if gone else "")
            self.changed()
        except VaultError as error:
            self.tell(frame.sentence(error))
        self.app.invalidate()

    async def _watch_months(self) -> None:
        while True:
            await asyncio.sleep(_MONTH_EVERY)
            if not self.doing or self.editor is not None:
                self.turn_month()

    # -- commands

    def changed(self) -> None:
        """Takes over what the vault holds now."""
        self.shelf.refresh()
        self.ending = self.shelf.ending()
        self.draft_waits = self.editor is None and self.vault.draft() is not None
        self.look_at_places()
        self._reading = None
        self.turn_to()

    def give(self, word: Word, rest: list[str]) -> None:
        """Begins a command, unless another one is not done yet."""
        self._begin(lambda: self._run(word, rest))

    def order(self) -> None:
        """Asks for a command and runs it."""
        self.tell("")
        self._begin(lambda: self._order(self.line.order()))

    def _begin(self, work: Callable[[], Coroutine[None, None, None]]) -> None:
        if not self.doing:
            self.doing = True
            self.done += 1
            self.app.create_background_task(self._trying(work()))

    async def _trying(self, work: Coroutine[None, None, None]) -> None:
        try:
            await work
        except (VaultError, Refused, OSError, MemoryError) as error:
            self.look_again()
            self.tell(frame.sentence(error))
        finally:
            self.doing = False

    def look_again(self) -> None:
        """After an error: notes may be destroyed all the same (ResidueLeft), and must not stay on the screen."""
        try:
            self.changed()
        except VaultError:
            self.page.clear()
            self.shelf.clear()

    async def _order(self, answer: Awaitable[str | None]) -> None:
        typed = await answer
        if not typed or not typed.strip():
            return
        word, rest = understood(WORDS, nearest(self._completer, WORDS, typed))
        if word is None:
            sentence = _("There is no command '{word}' here. Type {help} to see them all.")
            self.tell(sentence.format(word=typed.split(maxsplit=1)[0], help=called(self, "help")))
            return
        await self._run(word, rest)

    async def _run(self, word: Word, rest: list[str]) -> None:
        self.tell("")
        self.turn_month()
        await word.run(self, rest)

    async def _welcome(self) -> None:
        self.vault.remember_texts(True)
        self.changed()
        self.tell(looks.greeting(self))
        for line in unfinished(self.vault):
            self.tell(f"{self.told} {line}".strip())
        await settle_clock(self)
        await self._offer_draft()
        await offer(self)

    def leave(self) -> None:
        """Ends; the vault is closed."""
        frame.end(self.app, 0)

    def help_lines(self) -> list[PageLine]:
        """Every command and key."""
        return [*help_lines(self), *looks.key_lines()]

    def start(self) -> None:
        super().start()
        self._begin(self._welcome)
        self.app.create_background_task(self._watch_months())
        self.app.create_background_task(self.attend_server())
        self.app.create_background_task(read_ahead(self))
