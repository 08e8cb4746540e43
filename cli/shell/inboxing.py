"""Taking in jots inside the vault: offered after the unlock, and a command. The same on the desk and in plain lines."""

from __future__ import annotations

from cli import words as say
from cli.i18n import _, ngettext
from cli.shell.aids import OFF, REDACT, REFUSE
from cli.shell.clocks import settle_clock
from cli.shell.page import Line
from cli.shell.saving import Saving

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.shell.host import Host
    from vault.guard import Find
    from vault.service import Progress, Vault
    from vault.service.inbox import Jot

REPLACE, KEEP, EDIT, LATER, DISCARD = "replace", "keep", "edit", "later", "discard"
_ANSWERS = {
    **dict.fromkeys(("", "r", "v"), REPLACE),
    **dict.fromkeys(("k", "h"), KEEP),
    **dict.fromkeys(("e", "w"), EDIT),
    "l": LATER,
    **dict.fromkeys(("d", "g"), DISCARD),
}
"""The letters of both languages mean the same in both."""
_YES = ("", "y", "j", "yes", "ja")
_COLUMNS = 78


async def offer(host: Host) -> None:
    """Asks whether what waits is to be taken in now, if anything does."""
    found = host.vault.inbox_at_open
    if not found.waiting:
        return
    host.tell(say.inbox(*found) + " " + _("Take it in now?"))
    answer = await host.ask(_("[Y/n]") + " ")
    host.tell("")
    if answer is not None and answer.strip().lower() in _YES:
        await inbox(host, [])


async def inbox(host: Host, _rest: list[str]) -> None:
    jots = host.vault.jots()
    if not jots:
        host.tell(say.inbox(0, host.vault.inbox().unreadable) or _("No jot waits in your inbox."))
        return
    if not await settle_clock(host):
        return
    taking = _Taking(host, jots)
    await taking.decide()
    await taking.store()


class _Taking:
    """What the coach decides about each jot, and what comes of it."""

    def __init__(self, host: Host, jots: Sequence[Jot]) -> None:
        self._host = host
        self._jots = jots
        self._texts: dict[str, str] = {}
        self._discard: list[str] = []
        self._stored = 0

    async def decide(self) -> None:
        """Asks about every jot in which the guard finds something."""
        vault = self._host.vault
        policy = vault.guard_policy
        found: Sequence[Sequence[Find]] = [[] for _jot in self._jots]
        if policy != OFF:
            told = _("Looking for names and dates…")
            found = await self._host.busy(told, lambda _progress: _scanned(vault, self._jots))
        for number, (jot, finds) in enumerate(zip(self._jots, found, strict=True), 1):
            if not finds:
                self._texts[jot.name] = jot.text
            elif policy == REDACT:
                self._texts[jot.name] = _redacted(vault, jot, finds)
            elif not await self._about(jot, finds, number, policy):
                return

    async def _about(self, jot: Jot, finds: Sequence[Find], number: int, policy: str) -> bool:
        """Asks about one jot. False when the coach wants to be asked no more."""
        host = self._host
        while True:
            self._show(jot, finds, number)
            host.tell(
                _("Enter replace · e edit · l later · d destroy")
                if policy == REFUSE
                else _("Enter replace · k keep · e edit · l later · d destroy")
            )
            answer = await host.ask("> ")
            host.tell("")
            if answer is None:
                return False
            decision = _ANSWERS.get(answer.strip().lower()[:1])
            if decision == LATER:
                return True
            if decision == REPLACE:
                self._texts[jot.name] = _redacted(host.vault, jot, finds)
                return True
            if decision == KEEP and policy != REFUSE:
                self._texts[jot.name] = jot.text
                return True
            if decision == DISCARD and await host.confirm(_("Destroy for good? There is no way back.")):
                self._discard.append(jot.name)
                return True
            if decision == EDIT and await self._edited(jot):
                return True

    async def _edited(self, jot: Jot) -> bool:
        saving = await self._host.write(jot.text, title=_("From your inbox"), saving=JotSaving(self._host.vault, jot))
        self._stored += saving is not None
        return saving is not None

    def _show(self, jot: Jot, finds: Sequence[Find], number: int) -> None:
        from cli.finds import rows
        from cli.shell.marks import ByLine

        lines = jot.text.split("\n")
        marks = ByLine(lines, finds, None)
        head = _("Jot {number} of {all}").format(number=number, all=len(self._jots))
        self._host.answer(
            [
                Line(head, "class:head"),
                Line(),
                *(Line(line, marks=marks(at)) for at, line in enumerate(lines)),
                Line(),
                *(Line(row) for row in rows(jot.text, finds, _COLUMNS)),
            ]
        )

    async def store(self) -> None:
        """Takes in what was decided, in one step, and tells what came of it."""
        host = self._host
        host.answer([])
        if self._texts or self._discard:

            def work(progress: Progress) -> int:
                return len(host.vault.take_in(self._texts, None, progress, discard=self._discard).handles)

            self._stored += await host.busy(_("Sealing…"), work)
        host.changed()
        told = []
        if self._stored:
            told.append(
                ngettext("{n} jot is a note now.", "{n} jots are notes now.", self._stored).format(n=self._stored)
            )
        if self._discard:
            count = len(self._discard)
            told.append(ngettext("{n} jot is destroyed.", "{n} jots are destroyed.", count).format(n=count))
        left = host.vault.inbox()
        told.append(say.inbox(*left))
        host.tell(" ".join(filter(None, told)))
        host.list_notes("")


def _scanned(vault: Vault, jots: Sequence[Jot]) -> list[list[Find]]:
    from cli.guarding import lists
    from vault.guard import scan

    allowed = vault.allowed_words()
    return [list(scan(jot.text, lists(), allowed)) for jot in jots]


def _redacted(vault: Vault, jot: Jot, finds: Sequence[Find]) -> str:
    from cli.guarding import redacted

    return redacted(jot.text, finds, vault.allowed_words())


class JotSaving(Saving):
    """Stores what became of a jot in the editor, in the very step that takes the jot in."""

    def __init__(self, vault: Vault, jot: Jot) -> None:
        super().__init__(vault)
        self._jot = jot.name

    def _store(self, text: str) -> None:
        taken = self._vault.take_in({self._jot: text}, self.keep)
        if not taken.handles:
            # somebody took it out of the folder meanwhile; what stands in the editor must not be lost
            super()._store(text)
            return
        (self.handle,), self.span = taken.handles.values(), taken.span
