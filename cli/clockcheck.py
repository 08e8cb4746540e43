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


def question(months_ahead: int) -> str:
    """The question about a clock that is far ahead."""
    return ngettext(
        "The clock of this computer is {n} month ahead of the last time. Is today's date on it right?",
        "The clock of this computer is {n} months ahead of the last time. Is today's date on it right?",
        months_ahead,
    ).format(n=months_ahead)


def confirmed(context: Context, months_ahead: int) -> bool:
    """Whether the person (or --yes) says that a clock so far ahead is right. Raises Refused without a terminal."""
    if not context.yes and not context.ask.has_terminal:
        from vault.errors import ClockUnsure

        raise ClockUnsure(months_ahead)
    return context.ask.confirm(question(months_ahead))


def tell_clock(vault: Vault) -> None:
    """Tells on stderr what is strange about the clock, if anything is."""
    moment = vault.moment()
    if not moment.sure:
        tell(failures.clock_unsure(moment.months_ahead))
        if waiting := vault.due():
            tell(words.waiting(waiting))
    elif moment.clock_behind:
        tell(_("The clock of this computer is set back. Expired notes stay gone; please set the clock right."))


def ensure_sure_clock(context: Context, vault: Vault) -> int:
    """Asks about a clock in doubt and confirms it, which destroys what is due: how many notes.

    Raises Refused and ClockUnsure.
    """
    moment = vault.moment()
    if moment.sure:
        return 0
    if not context.yes and (waiting := vault.due()):
        tell(words.waiting(waiting))
    if not confirmed(context, moment.months_ahead):
        raise failures.not_confirmed(_("Then set the clock right first. Nothing was changed."))
    return vault.confirm_clock()


def with_sure_clock(context: Context, vault: Vault, work: Callable[[], Result]) -> Result:
    """`work`'s result, after asking about a clock in doubt. Raises Refused, ClockUnsure and what `work` raises."""
    if gone := ensure_sure_clock(context, vault):
        tell(words.expired(gone))
    return work()
