"""`ongemerkt list`: which notes there are, in an order that never follows time; a client's own in their order."""

from __future__ import annotations

from cli import claims, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("[--engagement ALIAS | --claim-file FILE | --claim]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Whose notes, if not everybody's."""
    claims.add_options(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints a line for each note. Raises Refused and the core's errors."""
    from cli import table

    code = claims.code_from_file(context, arguments)
    with context.open_vault() as vault:
        if claims.given(arguments):
            notes, unreadable = claims.notes_for(context, vault, arguments, [], code).notes, 0
        else:
            notes, unreadable = vault.find_readable([])
        moment = vault.moment()
        waiting = vault.due()
    if context.json:
        output.document({"notes": table.rows(notes), "unreadable": unreadable})
        return table.told_unreadable(unreadable)
    for line in table.lines(notes, moment):
        output.answer(line)
    if not notes and not waiting and not unreadable:
        output.tell(_("There are no notes yet. Write one with: ongemerkt add"))
    return table.told_unreadable(unreadable)
