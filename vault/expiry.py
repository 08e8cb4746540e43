"""When a note ends (design.md section 1, docs/spec/vault.md section 7). Pure: today and chance come from outside."""

from collections.abc import Callable
from datetime import date
from typing import NamedTuple

from vault import limits
from vault.months import Period, first_day, last_day, month_of

_LATEST = date(2999, 12, 31)
"""A later clock is taken for this one: beyond it, date arithmetic runs out of years."""


class Span(NamedTuple):
    """What the coach is told at writing: the note lives at least and at most so many days."""

    at_least_days: int
    at_most_days: int


def candidates(today: date, period: Period) -> list[int]:
    """The months at whose end a note written `today` may expire, ascending, never empty.

    They are the months that end in the last third of the keep time; if there is none, the last one that ends
    before the deadline. Raises PeriodTooShort, PeriodTooLong.
    """
    deadline = period.check(today).deadline(today)
    last = month_of(deadline)
    if last_day(last) > deadline:
        last -= 1
    found = [last]
    while (last_day(found[0] - 1) - today) * 3 >= (deadline - today) * 2:
        found.insert(0, found[0] - 1)
    return found


def draw(today: date, period: Period, below: Callable[[int], int]) -> int:
    """The expiry month of a note written `today`: any of `candidates`. `below(n)` draws evenly from 0 … n−1."""
    months = candidates(today, period)
    return months[below(len(months))]


def span(today: date, period: Period) -> Span:
    """The least and the most days that a note written `today` can live, over all outcomes of `draw`."""
    months = candidates(today, period)
    return Span((last_day(months[0]) - today).days, (last_day(months[-1]) - today).days)


def is_due(expiry: int, now: int) -> bool:
    """Whether a note that expires at the end of month `expiry` may no longer be shown in month `now`."""
    return now > expiry


class Moment(NamedTuple):
    """What the vault takes for the present.

    `now` rules what is hidden (the later of clock and highest month seen); `sure` is False while the clock has jumped
    more than limits.JUMP_MONTHS ahead of the last unlock and nobody confirmed it: then nothing is destroyed. `today` is
    the clock's day, or the first of the highest month seen if the clock is behind that; `sure_today` is never later
    than what the vault is sure of.
    """

    now: int
    today: date
    sure: bool
    months_ahead: int
    clock_behind: bool
    sure_today: date


def moment(clock: date, seen: int, confirmed: bool) -> Moment:
    """The present, from the clock's day and the highest month ever seen (docs/spec/vault.md section 7)."""
    clock = min(clock, _LATEST)
    month = month_of(clock)
    ahead = month - seen
    sure = confirmed or ahead <= limits.JUMP_MONTHS
    today = clock if ahead >= 0 else first_day(seen)
    return Moment(max(month, seen), today, sure, max(ahead, 0), ahead < 0, today if sure else first_day(seen))
