"""A clock that may be wrong: asking the person before anything is destroyed or promised by it."""

from __future__ import annotations

from cli import failures, words
from cli.i18n import _, ngettext
from cli.output import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import TypeVar

    from cli.context import Context
    from vault.service import Vault

    Result = TypeVar("Result")


def confirmed(context: Context, months_ahead: int) -> bool:
    """Whether the person (or --yes) says that a clock so far ahead is right. Raises Refused without a terminal."""
    question = ngettext(
        "The clock of this computer is {n} month ahead of the last time. Is today's date on it right?",
        "The clock of this computer is {n} months ahead of the last time. Is today's date on it right?",
        months_ahead,
    )
    if not context.yes and not context.ask.has_terminal:
        from vault.errors import ClockUnsure

        raise ClockUnsure(months_ahead)
    return context.ask.confirm(question.format(n=months_ahead))


def ensure_sure_clock(context: Context, vault: Vault) -> None:
    """Asks about a clock in doubt and confirms it, which destroys what is due. Raises Refused, ClockUnsure."""
    moment = vault.moment()
    if moment.sure:
        return
    if not confirmed(context, moment.months_ahead):
        raise failures.not_confirmed(_("Then set the clock right first. Nothing was changed."))
    gone = vault.confirm_clock()
    if gone:
        tell(words.expired(gone))


def with_sure_clock(context: Context, vault: Vault, work: Callable[[], Result]) -> Result:
    """`work`'s result; when it needs a sure clock, asks once and does it again. Raises Refused, ClockUnsure."""
    from vault.errors import ClockUnsure

    try:
        return work()
    except ClockUnsure:
        ensure_sure_clock(context, vault)
    return work()
