"""Commands that hand over to a client: a copy, and everything destroyed with a receipt."""

from __future__ import annotations

import os

from cli import copies, papers, sticks
from cli import words as say
from cli.i18n import _, ngettext
from cli.shell.clocks import settle_clock
from cli.shell.noting import rows
from cli.shell.page import Line
from cli.shell.words import called
from vault.errors import WordNotUnderstood

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.host import Host
    from cli.sticks import Followed
    from vault.service import Copy, Progress, Shredded

_SEALED = ("html", "age")
_TRIES = 3
"""How often the code of a copy may be typed back."""


def _handles(host: Host) -> list[str]:
    """The notes that are meant: those of the client that are shown, else the chosen one."""
    if host.scope is not None:
        living = set(host.vault.handles())
        return [handle for handle in host.scope.handles if handle in living]
    return [host.chosen()] if host.chosen() else []


# -- a copy


async def export(host: Host, rest: list[str]) -> None:
    handles = _handles(host)
    if not handles:
        host.tell(_("There is no note to copy."))
        return
    target = os.path.expanduser(" ".join(rest)) or await _target(host)
    if not target:
        host.tell(_("Nothing was written."))
        return
    copy = await _copy(host, target, kept=True)
    if copy is None:
        host.tell(_("Nothing was written."))
        return
    count = await host.busy(_("Making the copy…"), lambda _progress: host.vault.hand_over(handles, copy))
    host.changed()
    told = ngettext("{n} note is in {name}.", "{n} notes are in {name}.", count).format(n=count, name=target)
    host.tell(f"{told} {_advice(target)}".strip())


async def _target(host: Host) -> str:
    typed = await _file(
        host, _("Copy to which file? Its name ends in .html (any browser, with a code), .age, .pdf, .md or .json.")
    )
    return os.path.expanduser(typed.strip()) if typed else ""


async def _file(host: Host, question: str) -> str | None:
    """A file's name. The question may be longer than a line is wide."""
    host.tell(question)
    answer = await host.ask(_("File: "))
    host.tell("")
    return answer


def _advice(target: str) -> str:
    if copies.format_of(None, target) in _SEALED:
        return _("Give the code by another way than the file.")
    return _("This file is not sealed: whoever has it can read it. Hand it over yourself.")


async def _copy(host: Host, target: str, *, kept: bool) -> Copy | None:
    """The copy to be made, once its code is on paper; None when the coach goes back. Raises Refused."""
    from vault.service import export_code, export_copy

    kind = copies.format_of(None, target)
    code = export_code(kind, host.lang)
    if code and not await _handed_over(host, code, tested=not kept):
        return None
    return export_copy(kind, target, lang=host.lang, code=code, kept=kept)


async def _handed_over(host: Host, code: str, *, tested: bool) -> bool:
    """Whether the coach has the code; before notes are destroyed it is typed back once."""
    told = _("Write it down, and say it by telephone or face to face: never send it along with the file.")
    alone = _("It is shown only now, and without it nobody can open the copy.")
    title = Line(_("The spoken code of this copy:"), "class:head")
    host.answer([title, Line(), Line(f"    {code}"), Line(), Line(told), Line(alone)])
    if await host.ask(_("Press Enter when you have it. ")) is None:
        host.answer([])
        return False
    host.answer([])
    if not tested:
        return True
    wrong = ""
    for _attempt in range(_TRIES):
        host.tell(f"{wrong}{_('The notes will be gone, so the code is tried once. Type it from your paper.')}")
        typed = await host.ask("> ")
        if typed is None:
            return False
        if _same(host, typed, code):
            return True
        wrong = _("That is not the code. Look at your paper once more.") + " "
    return False


def _same(host: Host, typed: str, code: str) -> bool:
    from vault import spoken

    try:
        return " ".join(spoken.read(host.lang, typed)) == code
    except WordNotUnderstood:
        return False


# -- everything destroyed


async def erase(host: Host, _rest: list[str]) -> None:
    if host.scope is None:
        words = {"client": called(host, "client"), "engagement": called(host, "engagement")}
        host.tell(_("Whose notes? Say it first with {client} or {engagement}.").format(**words))
        return
    if not await settle_clock(host):
        return
    handles, claimed = _handles(host), host.scope.claim is not None
    if not handles:
        host.tell(_("There is no note to destroy."))
        return
    target = await _file(host, _("A copy for the client first? Name its file (.html, .pdf …), or Enter for none."))
    if target is None:
        host.tell(_("Nothing was destroyed."))
        return
    copy = None
    if target.strip():
        copy = await _copy(host, os.path.expanduser(target.strip()), kept=False)
        if copy is None:
            host.tell(_("Nothing was destroyed."))
            return
    receipt = await _file(host, _("A receipt for the client? Name its file, such as receipt.json, or Enter for none."))
    if receipt is not None:
        # told before anything is destroyed
        papers.page_names(os.path.expanduser(receipt.strip()))
    if receipt is None or not await _agreed(host, handles):
        host.changed()
        host.tell(_("Nothing was destroyed."))
        return
    target = os.path.expanduser(receipt.strip())
    await _destroy(host, handles, claimed, copy, target)


async def _agreed(host: Host, handles: list[str]) -> bool:
    count = len(handles)
    head = ngettext("{n} note will be destroyed:", "{n} notes will be destroyed:", count).format(n=count)
    notes = [host.vault.show(handle) for handle in handles]
    host.answer([Line(head, "class:head"), Line(), *rows(host, notes)])
    return await host.confirm(_("Destroy for good? There is no way back.")) and await host.grace(count)


async def _destroy(host: Host, handles: list[str], claimed: bool, copy: Copy | None, receipt: str) -> None:
    host.answer([])
    followed: list[Followed] = []

    def work(progress: Progress) -> Shredded:
        def follow() -> None:
            followed.append(sticks.refresh_reachable(host.vault, progress))

        vault = host.vault
        return vault.shred_for_client(handles, claimed=claimed, copy=copy, receipt_to=receipt, destroyed=follow)

    done = await host.busy(_("Destroying…"), work)
    host.enter(None)
    host.changed()
    told = [ngettext("{n} note is destroyed.", "{n} notes are destroyed.", done.notes).format(n=done.notes)]
    if copy is not None:
        told.append(_("The copy is in {name}.").format(name=copy.target))
    if receipt:
        told.append(_receipt_told(host, done, receipt))
    told += [line for each in followed for line in sticks.followed_lines(each)]
    told += [say.waiting_for(host.vault.unconfirmed()), sticks.owing_line(host.vault, called(host, "stick"))]
    host.tell(" ".join(filter(None, told)))


def _receipt_told(host: Host, done: Shredded, target: str) -> str:
    if not done.written:
        return _("The receipt could not be written. Make it again with: ongemerkt receipt again FILE")
    pages = papers.write_pages(done.receipt, papers.page_names(target), host.lang)
    return _("The receipt is in {name}.").format(name=", ".join([target, *pages]))
