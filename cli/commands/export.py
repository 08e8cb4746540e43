"""`ongemerkt export`: a copy of notes that a client can take along."""

from __future__ import annotations

from cli import claims, copies, failures, output
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("HANDLE… | --engagement ALIAS | --claim-file FILE | --claim  --to FILE [--format FORMAT]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Which notes, in which format, to which file."""
    parser.add_argument("handles", metavar=_("HANDLE"), nargs="*", help=_("the notes' handles, or their first letters"))
    claims.add_options(parser)
    parser.add_argument("--to", metavar=_("FILE"), required=True, help=_("the new file for the copy"))
    copies.add_options(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Writes the copy. Raises Refused and the core's errors; then there is no copy."""
    from vault.service import export_copy

    claims.check_one(arguments, arguments.handles)
    kind = copies.format_of(arguments.format, arguments.to)
    claimed = claims.code_from_file(context, arguments)
    with context.open_vault() as vault:
        found = claims.notes_for(context, vault, arguments, arguments.handles, claimed)
        code = copies.Code(context, kind, arguments.code_file, tested=False)
        code.hand_over()
        copy = export_copy(kind, arguments.to, lang=context.lang, code=code.text, kept=True)
        count = vault.hand_over(found.handles, copy)
    if context.json:
        content: dict[str, object] = {"exported": count, "file": arguments.to, "format": kind}
        if code.in_answer:
            content["code"] = code.in_answer
        output.document(content)
    text = ngettext("{n} note is in {name}.", "{n} notes are in {name}.", count)
    output.tell(text.format(n=count, name=arguments.to))
    if not code.text:
        output.tell(_("This file is not sealed: whoever has it can read it. Hand it over yourself."))
    return failures.DONE
