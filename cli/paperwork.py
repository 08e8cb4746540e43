"""The papers of the practice on their way out: their options, and to the screen or into a new file."""

from __future__ import annotations

import os
from typing import Any

from cli import failures, output
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service.papers import Document, Practice

FORMATS = MD, PDF = "md", "pdf"


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options --format, --to, --practice and --contact."""
    parser.add_argument("--format", choices=FORMATS, help=_("md reads everywhere; pdf is ready to print"))
    parser.add_argument("--to", metavar=_("FILE"), help=_("write it to this new file instead of the screen"))
    parser.add_argument(
        "--practice", metavar=_("NAME"), default="", help=_("the name of your practice; it is kept nowhere")
    )
    parser.add_argument("--contact", metavar=_("TEXT"), default="", help=_("how to reach it; it is kept nowhere"))


def check(arguments: argparse.Namespace) -> str:
    """The format, before anybody is asked for a passphrase. Raises Refused, ExportNeeds, TargetExists, TargetFailed."""
    kind = str(arguments.format or MD)
    if arguments.to is not None:
        ending = os.path.splitext(arguments.to)[1][1:].lower()
        kind = str(arguments.format or (ending if ending in FORMATS else MD))
    elif kind == PDF:
        raise failures.bad_input("NoTarget", _("A PDF goes into a file. Say which with --to."))
    if kind == PDF:
        from cli.papers import has_pdf
        from vault.errors import ExportNeeds

        if not has_pdf():
            raise ExportNeeds("pdf")
    if arguments.to is not None:
        from vault.service import handing

        handing.check_free(arguments.to)
    practice(arguments)
    return kind


def practice(arguments: argparse.Namespace) -> Practice:
    """What was said of the practice. Raises Refused."""
    from vault import limits
    from vault.service.papers import Practice

    given = [" ".join(text.split()) for text in (arguments.practice, arguments.contact)]
    for text in given:
        if len(os.fsencode(text)) > limits.PAPER_LINE_BYTES or not _whole(text):
            sentence = _("The name of the practice and the contact are text of at most {n} characters.")
            raise failures.bad_input("PracticeRefused", sentence.format(n=limits.PAPER_LINE_BYTES))
    return Practice(*given)


def _whole(text: str) -> bool:
    # an argument that is not UTF-8 comes in with halves of pairs, which no paper can hold
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def hand_over(
    context: Context, arguments: argparse.Namespace, kind: str, document: Document, facts: dict[str, Any]
) -> int:
    """Writes the paper where it was wanted, and the facts with --json. Raises ExportFailed, TargetExists and such."""
    from vault.service import handing, papers

    if context.json and arguments.to is None:
        output.document(facts)
        return failures.DONE
    made = papers.write(document, kind)
    if arguments.to is None:
        output.prose(made.decode().rstrip("\n"))
        return failures.DONE
    handing.hand_over(arguments.to, handing.unfinished_name(arguments.to), made)
    if context.json:
        output.document(facts | {"file": arguments.to})
    output.tell(_("The paper is in {name}.").format(name=arguments.to))
    output.tell(_("What only you know is left open in it: fill that in."))
    return failures.DONE
