"""`ongemerkt scan`: what the privacy guard finds in texts. Needs no vault, stores nothing."""

from __future__ import annotations

import sys

from cli import failures, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Sequence

    from cli.context import Context
    from vault.guard import Find

USAGE = N_("[FILE… | -]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The files."""
    parser.add_argument(
        "files", metavar=_("FILE"), nargs="*", help=_("files with text, each a note; - or nothing: the standard input")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Prints what is found, with the neutral words. Raises Refused when a file can't be read: nothing is printed."""
    from vault.guard import load, scan

    names: list[str] = arguments.files or ["-"]
    texts = _texts(context, names)
    found = [scan(text, load()) for text in texts]
    if context.json:
        documents = [[find._asdict() for find in finds] for finds in found]
        several = [{"file": name, "finds": finds} for name, finds in zip(names, documents, strict=True)]
        output.document(documents[0] if len(names) == 1 else several)
        return failures.DONE
    _show(names, texts, found)
    return failures.DONE


def _texts(context: Context, names: Sequence[str]) -> list[str]:
    from cli.reading import file_bytes, stdin_bytes, stdin_name, whole

    texts = []
    for name in names:
        if name != "-":
            texts.append(whole(file_bytes(name), output.harmless(name)))
            continue
        if sys.stdin.isatty() and not context.json:
            output.tell(_("Type or paste the text; Ctrl-D on a new line ends it."))
        texts.append(whole(stdin_bytes(), stdin_name()))
    return texts


def _show(names: Sequence[str], texts: Sequence[str], found: Sequence[Sequence[Find]]) -> None:
    from cli.finds import rows
    from cli.shell.kinds import counted
    from cli.table import terminal_width

    for name, text, finds in zip(names, texts, found, strict=True):
        if len(names) > 1 and finds:
            output.answer(f"{name}:")
        for row in rows(text, finds, terminal_width()):
            output.answer(row)
    everything = [find for finds in found for find in finds]
    if everything:
        output.prose(_("Found: {finds}.").format(finds=counted(everything, len(everything))))
    else:
        output.prose(_("Nothing personal was found."))
