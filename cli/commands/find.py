"""`ongemerkt find`: the notes that hold all the words."""

from __future__ import annotations

from cli import output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("WORD…")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The words."""
    parser.add_argument(
        "words", metavar=_("WORD"), nargs="+", help=_("a word or part of one; capitals and accents do not matter")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints a line for each note found. Raises Refused and the core's errors."""
    from cli import table
    from cli.progress import Bar

    with context.open_vault() as vault:
        with Bar(_("Searching…"), show=not context.json) as bar:
            notes, unreadable = vault.find_readable(arguments.words, bar)
        moment = vault.moment()
    if context.json:
        output.document({"notes": table.rows(notes), "unreadable": unreadable})
        return table.told_unreadable(unreadable)
    for line in table.lines(notes, moment):
        output.answer(line)
    if not notes:
        output.tell(_("No note holds all of these words."))
    return table.told_unreadable(unreadable)
