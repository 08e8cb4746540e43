"""Periods as they are typed, checked before anything is asked or opened."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.context import Context
    from vault.months import Period

DEFAULT = "6m"


def period(context: Context, text: str) -> Period:
    """The period in `text`. Raises PeriodMalformed, PeriodTooShort, PeriodTooLong."""
    from vault.expiry import moment
    from vault.limits import RELEASE_MONTH
    from vault.months import parse_period

    # a clock far off can't be reckoned with; the core judges it later
    today = moment(context.clock(), RELEASE_MONTH, False).today
    return parse_period(text).check(today)


def optional(context: Context, text: str | None) -> Period | None:
    """The same, and None for None."""
    return None if text is None else period(context, text)
