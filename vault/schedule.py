"""When the program runs a session by itself (docs/spec/sync-protocol.md section 6.3). Pure.

Once a day, at a moment that follows from a secret and the day alone: so it never follows from what the coach does.
"""

from datetime import date, datetime
from typing import NamedTuple

from vault.sodium import blake2b

_PERSON = b"ongemerkt-when-1"
_DAY_ZERO = date(2000, 1, 1)


class Window(NamedTuple):
    """The hours of the day between which sessions run, `first` included, `last` not."""

    first: int
    last: int


WINDOW = Window(9, 21)


def day_number(today: date) -> int:
    """Days since 1 January 2000; a clock before that gives 0."""
    return max((today - _DAY_ZERO).days, 0)


def minute_of(secret: bytes, day: int, window: Window = WINDOW) -> int:
    """The minute of the day at which a device with this secret runs its session on that day."""
    drawn = int.from_bytes(blake2b(day.to_bytes(4, "big"), 16, _PERSON, secret), "big")
    return window.first * 60 + drawn % ((window.last - window.first) * 60)


def is_time(secret: bytes, now: datetime, last_day: int, window: Window = WINDOW) -> bool:
    """Whether today's session is to run now: its moment has come, the window is open and it has not run yet.

    A last day in the future, left by a clock that was wrong, counts as long ago.
    """
    day = day_number(now.date())
    minute = now.hour * 60 + now.minute
    return last_day != day and minute_of(secret, day, window) <= minute < window.last * 60
