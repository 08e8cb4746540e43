"""Months and days as numbers, from the day that is handed in (docs/spec/sync-protocol.md section 6.5). Pure."""

from collections.abc import Callable
from datetime import date, timedelta

Today = Callable[[], date]
"""Gives the day by the public calendar. Only sync/server/main.py reads the clock."""

_START = date(2000, 1, 1)


def month_of(day: date) -> int:
    """Months since January 2000."""
    return (day.year - _START.year) * 12 + day.month - 1


def day_of(day: date) -> int:
    """Days since 1 January 2000."""
    return (day - _START).days


def month_text(month: int) -> str:
    """A month as 2026-11."""
    return f"{_START.year + month // 12}-{month % 12 + 1:02}"


def date_of(day: int) -> date:
    """The date of a day's number."""
    return _START + timedelta(days=day)
