"""`ongemerkt expire`: destroys what is due. Every unlock does that by itself, unless the clock can't be trusted."""

from __future__ import annotations

from cli import failures, output, sticks, words
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("[--dry-run]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The dry run."""
    parser.add_argument("--dry-run", action="store_true", help=_("destroy nothing, only tell how many notes are due"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Destroys what is due and tells how many. Raises Refused and the core's errors."""
    from cli.clockcheck import ensure_sure_clock, tell_clock
    from cli.progress import Bar

    with context.open_vault(quiet=True, destroy_due=not arguments.dry_run) as vault:
        expired = vault.expired_at_open
        if arguments.dry_run:
            tell_clock(vault)
        else:
            expired += ensure_sure_clock(context, vault)
        waiting = vault.due()
        followed = sticks.Followed([], [])
        if not arguments.dry_run:
            with Bar(_("Writing the stick…"), show=not context.json) as bar:
                followed = sticks.refresh_reachable(vault, bar)
        owing = sum(each.owes for each in vault.places())
        sentence = sticks.owing_line(vault)
    if context.json:
        output.document({"expired": expired, "waiting": waiting} | ({"sticks_waiting": owing} if owing else {}))
    elif expired:
        output.prose(words.expired(expired))
    elif arguments.dry_run and waiting:
        output.prose(ngettext("{n} note is due.", "{n} notes are due.", waiting).format(n=waiting))
    elif not waiting:
        output.prose(_("No note was due."))
    for line in filter(None, (*sticks.followed_lines(followed), sentence)):
        output.tell(line)
    return failures.RESIDUE if owing and not arguments.dry_run else failures.DONE
