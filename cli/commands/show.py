"""`ongemerkt show`: the text of one note."""

from __future__ import annotations

from cli import failures, output, words
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("HANDLE")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The handle."""
    parser.add_argument("handle", metavar=_("HANDLE"), help=_("the note's handle, or its first letters"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints the text; how long it still stays goes to stderr. Raises Refused and the core's errors."""
    with context.open_vault() as vault:
        note = vault.show(arguments.handle)
        days = words.days_left(vault.moment(), note.months_left)
    if context.json:
        output.document({"handle": note.handle, "months_left": note.months_left, "text": note.text})
    else:
        output.prose(note.text)
        output.tell(f"[{note.handle}: {words.left(days)}]")
    return failures.DONE
