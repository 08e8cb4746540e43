"""The desk: the open vault on the screen. A page to read, a line to type on, and the editor to write."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from prompt_toolkit.filters import Condition
from prompt_toolkit.layout import ConditionalContainer, Float, FloatContainer, HSplit, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.menus import CompletionsMenu

from cli import words as say
from cli.failures import Refused
from cli.i18n import _, ngettext
from cli.shell import frame
from cli.shell.drafts import Draft
from cli.shell.editing import Editor
from cli.shell.line import LEAVE, Line
from cli.shell.page import Page, Sentence, notice, page_window
from cli.shell.rows import cells
from cli.shell.saving import Saving
from cli.shell.screen import Screen
from cli.shell.verbs import WORDS, called, greet
from cli.shell.watch import ticking
from cli.shell.words import Completing, understood
from vault.errors import VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.months import Period
    from vault.service import Vault

_MONTH_EVERY = 60.0
"""Seconds between two looks at whether the month has turned."""


class Desk(Screen):
    """Everything that a command inside the vault works with."""

    def __init__(
        self, vault: Vault, lang: str, *, idle_seconds: float | None = None, clock: Callable[[], float] = ticking
    ) -> None:
        self.vault = vault
        self.lang = lang
        self.page = Page()
        self.line = Line(Completing(WORDS, lang, lambda: self.handles), self.page.turn)
        self.handles: list[str] = []
        self.sought: list[str] = []
        self._told = ""
        self._draft_waits = False
        self._month = vault.moment().now
        super().__init__(self._container(), idle_seconds=idle_seconds or vault.idle_minutes * 60, clock=clock)
        self.can_lock = True

    # -- what is seen

    def _container(self) -> FloatContainer:
        rows = HSplit(
            [
                page_window(self.page),
                ConditionalContainer(notice(Sentence(lambda: self._told)), Condition(lambda: bool(self._told))),
                Window(FormattedTextControl(self._status), height=1, style="class:bar"),
                self.line.container,
            ]
        )
        return FloatContainer(rows, [Float(CompletionsMenu(max_height=8), xcursor=True, ycursor=True)])

    def _status(self) -> str:
        minutes = self.vault.idle_minutes
        parts = [_("open"), say.notes(len(self.handles))]
        if self._draft_waits:
            parts.append(_("a draft waits"))
        parts.append(ngettext("locks after {n} minute", "locks after {n} minutes", minutes).format(n=minutes))
        left = " " + " · ".join(parts)
        keys = " ".join(["PgUp"] * self.page.above() + ["PgDn"] * self.page.more())
        room = self.app.output.get_size().columns - cells(left) - len(keys) - 1
        return f"{left}{' ' * room}{keys}" if keys and room > 0 else left

    def tell(self, text: str) -> None:
        """Says something just above the line. It stays until the next command."""
        self._told = text

    async def drawn(self) -> None:
        """Waits until what was told is on the screen; for before work that takes a while."""
        done = asyncio.get_running_loop().create_future()

        def rendered(_: object) -> None:
            if not done.done():
                done.set_result(None)

        self.app.after_render += rendered
        self.app.invalidate()
        await done
        self.app.after_render -= rendered

    async def confirm(self, question: str) -> bool:
        """Whether the coach says yes. Anything else is no."""
        self.tell(question)
        answer = await self.line.ask(_("[y/N]") + " ")
        self.tell("")
        return answer is not None and answer.strip().lower() in ("y", "yes", "j", "ja")

    # -- writing

    async def write(
        self, text: str, *, title: str, of: str = "", keep: Period | None = None, draft: bool = False, message: str = ""
    ) -> Saving | None:
        """Opens the editor. What came of saving, None when the coach left. `draft`: the text is the vault's draft."""
        saving = Saving(self.vault, of, keep)
        done: asyncio.Future[str | None] = asyncio.get_running_loop().create_future()

        def finished(written: str | None) -> None:
            if not done.done():
                done.set_result(written)

        self.draft = Draft(self.vault, of, draft)
        self.editor = Editor(
            text, title=title, save=saving, on_done=finished, saved="" if draft else text, message=message
        )
        self.app.layout.focus(self.editor.control)
        self.app.invalidate()
        written = await done
        # not in a `finally`: when the screen ends otherwise, the text must still be found here
        dropping, self.editor, self.draft = self.draft, None, None
        self.line.focus()
        dropping.drop()
        return saving if written is not None else None

    async def _offer_draft(self) -> None:
        waiting = self.vault.draft()
        if waiting is None:
            return
        text, of = waiting
        title = _("Note {handle}").format(handle=of) if of else _("New note")
        message = _("You were writing this when the vault was locked. It is not saved yet.")
        saving = await self.write(text, title=title, of=of, draft=True, message=message)
        self.tell_saved(saving)

    def tell_saved(self, saving: Saving | None) -> None:
        """Says what came of writing."""
        if saving is None:
            self.tell(_("Nothing was stored."))
            return
        told = [_("Saved as {handle}.").format(handle=saving.handle)]
        if saving.span is not None:
            told.append(say.kept(saving.span, saving.keep))
        self.tell(" ".join([*told, saving.residue]).strip())

    # -- time

    async def settle_clock(self) -> bool:
        """Whether the clock can be trusted, after asking the coach if it jumped."""
        moment = self.vault.moment()
        if moment.sure:
            return True
        question = ngettext(
            "The clock of this computer is {n} month ahead of the last time. Is today's date on it right?",
            "The clock of this computer is {n} months ahead of the last time. Is today's date on it right?",
            moment.months_ahead,
        )
        waiting = self.vault.due()
        told = [say.waiting(waiting)] if waiting else []
        if not await self.confirm(" ".join([*told, question.format(n=moment.months_ahead)])):
            self.tell(_("Then nothing is destroyed for now. Please set the clock right."))
            return False
        gone = self.vault.confirm_clock()
        self.tell(say.expired(gone) if gone else "")
        return True

    def turn_month(self) -> None:
        """Destroys what is due when a new month has begun, and takes it off the screen."""
        now = self.vault.moment().now
        if now == self._month:
            return
        self._month = now
        self.page.clear()
        try:
            gone = self.vault.expire()
            self.tell(say.expired(gone) if gone else "")
            self.refresh()
        except VaultError as error:
            self.tell(frame.sentence(error))
        self.app.invalidate()

    async def _watch_months(self) -> None:
        while True:
            await asyncio.sleep(_MONTH_EVERY)
            self.turn_month()

    # -- commands

    def refresh(self) -> None:
        """Takes over what the vault holds now."""
        self.handles = self.vault.handles()
        self._draft_waits = self.editor is None and self.vault.draft() is not None

    async def _trying(self, work: Callable[[], object]) -> None:
        try:
            found = work()
            if asyncio.iscoroutine(found):
                await found
        except (VaultError, Refused, OSError, MemoryError) as error:
            self.tell(frame.sentence(error))

    async def obey(self, typed: str) -> None:
        """Does what was typed."""
        self.tell("")
        self.turn_month()
        if not typed.strip():
            return
        word, rest = understood(WORDS, "quit" if typed == LEAVE else typed)
        if word is None:
            sentence = _("There is no command '{word}' here. Type {help} to see them all.")
            self.tell(sentence.format(word=typed.split(maxsplit=1)[0], help=called(self, "help")))
            return
        await self._trying(lambda: word.run(self, rest))
        await self._trying(self.refresh)

    async def _converse(self) -> None:
        self.vault.remember_texts(True)
        await self._trying(self.refresh)
        greet(self)
        await self._trying(self.settle_clock)
        await self._trying(self._offer_draft)
        await self._trying(self.refresh)
        while True:
            await self.obey(await self.line.command())

    def start(self) -> None:
        super().start()
        self.app.create_background_task(self._watch_months())
        self.app.create_background_task(self._converse())
