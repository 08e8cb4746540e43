"""`ongemerkt shred`: destroys notes; announced first, and to be cancelled until confirmed."""

from __future__ import annotations

from cli import failures, output, words
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service import Vault

USAGE = N_("HANDLE…")
_SHOWN = 10
"""Notes whose first words are shown before a yes is asked."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """The handles."""
    parser.add_argument("handles", metavar=_("HANDLE"), nargs="+", help=_("the notes' handles, or their first letters"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Destroys the notes after a yes. Raises Refused (not confirmed) and the core's errors."""
    if not context.yes and not context.ask.has_terminal:
        sentence = _("Destroying notes asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
        raise failures.not_confirmed(sentence)
    with context.open_vault() as vault:
        handles = vault.resolve(arguments.handles)
        if not context.yes:
            _announce(vault, handles)
            if not context.ask.confirm(_("Destroy for good? There is no way back.")):
                raise failures.not_confirmed(_("Nothing was destroyed."))
        count = vault.shred(handles)
    if context.json:
        output.document({"shredded": count})
    output.tell(ngettext("{n} note is destroyed.", "{n} notes are destroyed.", count).format(n=count))
    return failures.DONE


def _announce(vault: Vault, handles: list[str]) -> None:
    from cli import table

    output.tell(
        ngettext("{n} note will be destroyed:", "{n} notes will be destroyed:", len(handles)).format(n=len(handles))
    )
    notes = [vault.show(handle) for handle in handles[:_SHOWN]]
    for line in table.lines(notes, vault.moment()):
        output.tell("  " + line)
    if len(handles) > _SHOWN:
        output.tell("  " + _("and {notes} more").format(notes=words.notes(len(handles) - _SHOWN)))
