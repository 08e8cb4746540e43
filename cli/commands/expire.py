"""`ongemerkt expire`: destroys what is due. Every unlock does that by itself, unless the clock can't be trusted."""

from __future__ import annotations

from cli import failures, output, words
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service import Vault

USAGE = N_("[--dry-run]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The dry run."""
    parser.add_argument(
        "--dry-run", action="store_true", help=_("only tell what waits for a yes because the clock is doubtful")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Destroys what is due and tells how many. Raises Refused and the core's errors."""
    with context.open_vault() as vault:
        expired = vault.expired_at_open
        told = expired
        if not arguments.dry_run:
            expired += _expire(context, vault)
        waiting = vault.due()
    if context.json:
        output.document({"expired": expired, "waiting": waiting})
    elif waiting:
        output.answer(
            _("{notes} whose time seems to be up wait until you confirm the clock.").format(notes=words.notes(waiting))
        )
    elif expired > told:
        output.answer(words.expired(expired - told))
    elif not told:
        output.answer(_("No note was due."))
    return failures.DONE


def _expire(context: Context, vault: Vault) -> int:
    moment = vault.moment()
    if moment.sure:
        return vault.expire()
    from cli.clockcheck import confirmed

    if not confirmed(context, moment.months_ahead):
        raise failures.not_confirmed(_("Then set the clock right first. Nothing was changed."))
    return vault.confirm_clock()
