"""`ongemerkt edit`: another text for a note; the old text is destroyed."""

from __future__ import annotations

from cli import failures, guarding, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("HANDLE [FILE | -] [--guard MODE]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The handle and where the new text comes from."""
    parser.add_argument("handle", metavar=_("HANDLE"), help=_("the note's handle, or its first letters"))
    parser.add_argument(
        "file",
        metavar=_("FILE"),
        nargs="?",
        help=_("the file with the new text; - is the standard input; without it you write here"),
    )
    guarding.add_option(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Changes the note's text and prints its handle. Raises Refused and the core's errors."""
    from cli.commands.add import by_hand
    from cli.progress import Bar

    if by_hand(context, arguments.file):
        handle: str | None = _written(context, arguments.handle, arguments.guard)
    else:
        from cli.reading import note_text

        text = note_text(context, arguments.file)
        with context.open_vault(meanwhile=guarding.meanwhile(arguments.guard)) as vault:
            # told before anybody is asked about a text that has nowhere to go
            (handle,) = vault.resolve([arguments.handle])
            text = guarding.guarded(context, vault, arguments.guard, text)
            with Bar(_("Making room for more notes…"), show=not context.json) as bar:
                handle = vault.edit(handle, text, bar)
    if handle is None:
        output.tell(_("Nothing was changed."))
    if context.json:
        output.document({"handle": handle})
    elif handle is not None:
        output.answer(handle)
        output.tell(_("The new text is sealed; the old text is destroyed."))
    return failures.DONE


def _written(context: Context, start: str, guard: str | None) -> str | None:
    from cli.writing import write

    with context.open_vault() as vault:
        note = vault.show(start)
        title = _("Note {handle}").format(handle=note.handle)
        saving = write(vault, title, note.text, of=note.handle, guard=guard)
        return None if saving is None else saving.handle
