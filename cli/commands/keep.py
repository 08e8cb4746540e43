"""`ongemerkt keep`: another expiry for one note; shorter always, longer after a yes."""

from __future__ import annotations

from cli import failures, output, words
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("HANDLE PERIOD")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The handle and the period."""
    parser.add_argument("handle", metavar=_("HANDLE"), help=_("the note's handle, or its first letters"))
    parser.add_argument("period", metavar=_("PERIOD"), help=_("from now on how long at most, such as 90d, 6m or 1y"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Moves the expiry and tells how long the note stays now. Raises Refused and the core's errors."""
    from cli.clockcheck import ensure_sure_clock
    from cli.periods import period

    wanted = period(context, arguments.period)
    with context.open_vault(asks_about_clock=True) as vault:
        # first of all: what is kept longer or shorter depends on it
        if gone := ensure_sure_clock(context, vault):
            output.tell(words.expired(gone))
        handle = vault.resolve([arguments.handle])[0]
        longer = vault.keep_preview(handle, wanted)
        if longer and not context.ask.confirm(_("The note may be kept longer than it is now. Do you want that?")):
            raise failures.not_confirmed(_("Nothing was changed."))
        span = vault.keep(handle, wanted, longer=longer)
    if context.json:
        output.document({"handle": handle, "at_least_days": span.at_least_days, "at_most_days": span.at_most_days})
    else:
        output.answer(handle)
    output.tell(words.kept(span, wanted))
    return failures.DONE
