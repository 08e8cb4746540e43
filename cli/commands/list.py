"""`ongemerkt list`: which notes there are, in an order that never follows time."""

from __future__ import annotations

from cli import failures, output
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """No options of its own."""


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints a line for each note. Raises Refused and the core's errors."""
    from cli import table

    with context.open_vault() as vault:
        notes = vault.notes()
        moment = vault.moment()
        waiting = vault.due()
    if context.json:
        output.document({"notes": table.rows(notes)})
        return failures.DONE
    for line in table.lines(notes, moment):
        output.answer(line)
    if not notes and not waiting:
        output.tell(_("There are no notes yet. Write one with: ongemerkt add"))
    return failures.DONE
