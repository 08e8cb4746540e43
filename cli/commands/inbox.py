"""`ongemerkt inbox`: takes in what was jotted down while the vault was locked, past the privacy guard."""

from __future__ import annotations

from cli import failures, guarding, output, words
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.months import Period
    from vault.service import Vault
    from vault.service.inbox import Jot, TakenIn

USAGE = N_("[--keep 90d | 6m | 1y] [--guard MODE] [--later] [--discard-unreadable]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """How jots are taken in."""
    parser.add_argument("--keep", metavar=_("PERIOD"), help=_("how long at most, such as 90d, 6m or 1y"))
    guarding.add_option(parser)
    parser.add_argument(
        "--later", action="store_true", help=_("what the privacy guard finds something in stays in the inbox")
    )
    parser.add_argument(
        "--discard-unreadable", action="store_true", help=_("destroy what is in the inbox and can't be read")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Takes in all that waits. Raises Refused and the core's errors: then nothing is taken in."""
    from cli.context import report
    from cli.periods import optional

    keep = optional(context, arguments.keep)
    meanwhile = guarding.meanwhile(arguments.guard)
    with context.open_vault(quiet=True, asks_about_clock=True, meanwhile=meanwhile) as vault:
        report(vault, asks_about_clock=True)
        jots = vault.jots()
        unreadable = vault.inbox().unreadable
        discarded = _discard(context, vault, unreadable) if arguments.discard_unreadable else 0
        taken = _take(context, vault, arguments, jots, keep) if jots else None
        left = vault.inbox().waiting
        asked = keep or vault.keep_default
    handles = list(taken.handles.values()) if taken else []
    if context.json:
        output.document(
            {
                "taken_in": sorted(handles),
                "waiting": left,
                "unreadable": unreadable - discarded,
                "discarded": discarded,
            }
        )
    else:
        for handle in sorted(handles):
            output.answer(handle)
    _tell(len(jots), len(handles), left, unreadable - discarded)
    if handles and taken:
        output.tell(words.kept(taken.span, asked))
    return failures.DONE


def _discard(context: Context, vault: Vault, unreadable: int) -> int:
    if not unreadable:
        return 0
    if not context.ask.confirm(words.inbox(0, unreadable) + " " + _("Destroy for good? There is no way back.")):
        raise failures.not_confirmed(_("Nothing was destroyed."))
    return vault.discard_unreadable()


def _take(
    context: Context, vault: Vault, arguments: argparse.Namespace, jots: list[Jot], keep: Period | None
) -> TakenIn | None:
    from cli.clockcheck import with_sure_clock
    from cli.progress import Bar

    if arguments.later:
        jots = _clean(vault, jots)
    if not jots:
        return None
    guarded = guarding.guarded_all(context, vault, arguments.guard, [jot.text for jot in jots])
    texts = {jot.name: text for jot, text in zip(jots, guarded, strict=True)}
    with Bar(_("Sealing…"), show=not context.json) as bar:
        return with_sure_clock(context, vault, lambda: vault.take_in(texts, keep, bar))


def _clean(vault: Vault, jots: list[Jot]) -> list[Jot]:
    """The jots in which the guard finds nothing."""
    from vault.guard import scan

    allowed = vault.allowed_words()
    return [jot for jot in jots if not scan(jot.text, guarding.lists(), allowed)]


def _tell(jots: int, taken: int, left: int, unreadable: int) -> None:
    if taken:
        output.tell(ngettext("{n} jot is a note now.", "{n} jots are notes now.", taken).format(n=taken))
    elif not jots:
        output.tell(_("No jot waits in your inbox."))
    if told := words.inbox(left, unreadable):
        output.tell(told)
    if unreadable:
        output.tell(_("Destroy that with: ongemerkt inbox --discard-unreadable"))
