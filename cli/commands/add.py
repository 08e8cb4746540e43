"""`ongemerkt add`: seals one note and prints its handle."""

from __future__ import annotations

import sys

from cli import claims, failures, guarding, output, words
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.expiry import Span
    from vault.months import Period

USAGE = N_("[FILE | -] [--keep 90d | 6m | 1y] [--engagement ALIAS | --claim-file FILE | --claim] [--guard MODE]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The command's own options."""
    parser.add_argument(
        "file",
        metavar=_("FILE"),
        nargs="?",
        help=_("the file with the text; - is the standard input; without it you write the note here"),
    )
    parser.add_argument("--keep", metavar=_("PERIOD"), help=_("how long at most, such as 90d, 6m or 1y"))
    claims.add_options(parser)
    guarding.add_option(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Adds the note. Raises Refused and the core's errors."""
    from cli.clockcheck import with_sure_clock
    from cli.periods import optional
    from cli.progress import Bar

    keep = optional(context, arguments.keep)
    code = claims.code_from_file(context, arguments)
    if by_hand(context, arguments.file):
        written = _written(context, arguments, keep, code)
        if written is None:
            output.tell(_("Nothing was stored."))
            if context.json:
                output.document({"handle": None})
            return failures.DONE
        handle, span, asked = written
    else:
        from cli.reading import note_text

        text = note_text(context, arguments.file)
        with context.open_vault(asks_about_clock=True, meanwhile=guarding.meanwhile(arguments.guard)) as vault:
            text = guarding.guarded(context, vault, arguments.guard, text)
            claim, alias = claims.claim_of(context, vault, arguments, code), arguments.engagement or ""
            with Bar(_("Making room for more notes…"), show=not context.json) as bar:
                handle, span = with_sure_clock(
                    context, vault, lambda: vault.add(text, keep, bar, engagement=alias, claim=claim)
                )
            asked = keep or vault.keep_default
    if context.json:
        output.document({"handle": handle, "at_least_days": span.at_least_days, "at_most_days": span.at_most_days})
    else:
        output.answer(handle)
    output.tell(words.kept(span, asked))
    return failures.DONE


def by_hand(context: Context, file: str | None) -> bool:
    """Whether the note is to be written in the editor on the screen."""
    if file is not None or not sys.stdin.isatty():
        return False
    if not sys.stdout.isatty() or not context.ask.has_terminal:
        sentence = _("There is no screen to write the note on. Give a file, or - for the standard input.")
        raise failures.Refused(failures.NOT_ALLOWED, "NoWayToAsk", sentence)
    return True


def _written(
    context: Context, arguments: argparse.Namespace, keep: Period | None, code: bytes | None
) -> tuple[str, Span, Period] | None:
    from cli.clockcheck import ensure_sure_clock
    from cli.writing import write

    with context.open_vault(asks_about_clock=True) as vault:
        # asked before the editor opens: in the middle of writing there is no good moment for it
        ensure_sure_clock(context, vault)
        claim, alias = claims.claim_of(context, vault, arguments, code), arguments.engagement or ""
        vault.check_engagement(alias)
        saving = write(vault, _("New note"), keep=keep, guard=arguments.guard, engagement=alias, claim=claim)
        if saving is None or saving.span is None:
            return None
        return saving.handle, saving.span, saving.keep
