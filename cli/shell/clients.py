"""Commands about clients: engagements, and the client at the table with the words of the claim slip."""

from __future__ import annotations

import os

from cli import words as say
from cli.failures import Refused, explain
from cli.i18n import _
from cli.shell.page import Line
from cli.shell.shelf import Scope
from cli.shell.words import called, usage
from vault.errors import EngagementStrict, VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.papers import Paper
    from cli.shell.host import Host
    from vault.service import Claim

_OPEN, _STRICT, _CLOSE = ("open", "begin"), ("strict", "strikt"), ("close", "sluit")
"""What can be done with an engagement, in English and in Dutch."""


# -- engagements


async def engagement(host: Host, rest: list[str]) -> None:
    action, alias = (rest[0].lower() if rest else ""), " ".join(rest[1:])
    if not rest:
        _list(host)
    elif action in (*_OPEN, *_STRICT, *_CLOSE) and not alias:
        usage(host, "engagement")
    elif action in (*_OPEN, *_STRICT):
        await _open(host, alias, action in _STRICT)
    elif action in _CLOSE:
        await _close(host, alias)
    else:
        await _enter(host, " ".join(rest))


def _list(host: Host) -> None:
    found = host.vault.engagements()
    if not found:
        word = called(host, "engagement")
        host.tell(_("No engagement is open. Open one with: {command}").format(command=f"{word} {_('open ALIAS')}"))
        return
    wide = max(len(each.alias) for each in found)
    strict = _("strict: only the client's slip finds its notes")
    rows = (f"  {each.alias:<{wide}}  {strict if each.strict else ''}".rstrip() for each in found)
    host.answer([Line(_("Open engagements"), "class:head"), Line(), *map(Line, rows)])


async def _open(host: Host, alias: str, strict: bool) -> None:
    if not await _unnamed(host, alias):
        host.tell(_("Nothing was changed."))
        return
    code = await host.busy(_("One moment…"), lambda _progress: host.vault.open_engagement(alias, strict))
    host.changed()
    await _hand_over(host, code)
    host.enter(Scope(_("engagement: {alias}").format(alias=alias), (), engagement=alias))


async def _unnamed(host: Host, alias: str) -> bool:
    """Whether the alias names nobody, or the coach wants it all the same (P3)."""
    from cli.guarding import lists
    from cli.shell.kinds import counted
    from vault.guard import scan

    finds = scan(alias, lists(), host.vault.allowed_words())
    if not finds:
        return True
    question = _("An alias should tell nobody who it is about. The guard found: {finds}. Take it all the same?")
    return await host.confirm(question.format(finds=counted(finds, 3)))


async def _hand_over(host: Host, code: bytes) -> None:
    """The slip on the screen, and in a file to print if one is wanted. It can be made now only."""
    from cli import papers
    from vault.service import claim_words, receipt_mark

    paper = papers.slip(claim_words(code, host.lang), receipt_mark(host.vault.receipt_key(), host.lang))
    host.answer([Line(line, whole=False) for line in papers.text(paper, qr=False).split("\n")])
    while True:
        path = await host.ask(_("File to print the slip from, .pdf or .txt (Enter: it is on paper): "))
        if path and path.strip():
            if _written(host, paper, os.path.expanduser(path.strip())):
                return
        elif path is not None or await host.confirm(_("The words can't be shown again. Are they on paper?")):
            host.answer([])
            return


def _written(host: Host, paper: Paper, path: str) -> bool:
    """Whether the slip is in a file; if not, the coach is told why, and the words are still on the screen."""
    from cli import papers
    from cli.copies import write_new

    try:
        papers.check_kind(path)
        write_new(path, papers.rendered(paper, path, host.lang))
    except (VaultError, Refused, OSError) as error:
        host.tell(explain(error)[2])
        return False
    host.answer([])
    host.tell(_("The slip is in {path}. Print it, give it to the client, and remove the file.").format(path=path))
    return True


async def _close(host: Host, alias: str) -> None:
    question = _("Close {alias}? Its notes stay; from then on only the client's slip finds them together.")
    if not await host.confirm(question.format(alias=alias)):
        host.tell(_("Nothing was changed."))
        return
    await host.busy(_("One moment…"), lambda _progress: host.vault.close_engagement(alias))
    if host.scope is not None and host.scope.engagement == alias:
        host.enter(None)
    host.changed()
    host.tell(_("The engagement is closed: its alias and its keys are erased."))


async def _enter(host: Host, alias: str) -> None:
    from vault.service import same_alias

    known = next((each for each in host.vault.engagements() if same_alias(each.alias, alias)), None)
    if known is None:
        word = called(host, "engagement")
        host.tell(
            _("There is no such engagement. Open one with: {command}").format(command=f"{word} {_('open ALIAS')}")
        )
        return
    try:
        handles = await _found(host, known.alias, None)
    except EngagementStrict:
        handles = ()
    host.enter(Scope(_("engagement: {alias}").format(alias=known.alias), handles, engagement=known.alias))
    if known.strict:
        host.tell(_("A strict engagement: you can write for it, but only the client's slip finds its notes."))


async def _found(host: Host, alias: str, claim: Claim | None) -> tuple[str, ...]:
    """The handles of a client's notes, the newest talk first."""
    text = _("Looking for the client's notes…")
    notes = await host.busy(text, lambda progress: host.vault.notes_of(alias, claim, progress))
    return tuple(note.handle for note in reversed(notes))


# -- the client at the table


async def client(host: Host, _rest: list[str]) -> None:
    from vault.service import claim_code

    typed = await host.ask(_("The eight words of the client's slip: "))
    if not typed or not typed.strip():
        host.tell(_("Nothing was changed."))
        return
    # a word that is not understood is told by the desk as every error is
    code, words = claim_code(typed, host.lang)
    claim = await host.busy(_("One moment…"), lambda _progress: host.vault.claim(code))
    handles = await _found(host, "", claim)
    if not handles:
        told = _("No notes belong to this slip (any more). The words were read as: {words}")
        host.tell(told.format(words=" ".join(words)))
        return
    host.enter(Scope(_("a client's slip: {notes}").format(notes=say.notes(len(handles))), handles, claim=claim))
    told = _("{export} makes a copy for the client, {erase} destroys everything. Esc leaves these notes.")
    host.tell(told.format(export=called(host, "export"), erase=called(host, "erase")))
