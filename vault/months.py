"""The month: the only unit of time that is ever stored (docs/spec/vault.md section 7). Pure.

A month is the number of months since January 2000 (0 is January 2000). Dates exist only in memory, for reckoning.
"""

from datetime import date, timedelta
from typing import NamedTuple

from vault import errors, limits

UNITS = {"d": 1, "m": 1, "y": 12}
"""The units of a period; for months and years, how many months one is."""


def month_of(day: date) -> int:
    """The month that `day` lies in; negative before 2000."""
    return (day.year - 2000) * 12 + day.month - 1


def first_day(month: int) -> date:
    """The first day of `month`."""
    return date(2000 + month // 12, month % 12 + 1, 1)


def last_day(month: int) -> date:
    """The last day of `month`."""
    return first_day(month + 1) - timedelta(days=1)


def add_months(day: date, months: int) -> date:
    """The same day of the month `months` later, or that month's last day if it is shorter."""
    month = month_of(day) + months
    first = first_day(month)
    return first.replace(day=min(day.day, last_day(month).day))


class Period(NamedTuple):
    """How long a note is kept: so many days ("d"), months ("m") or years ("y")."""

    length: int
    unit: str

    def __str__(self) -> str:
        return f"{self.length}{self.unit}"

    def deadline(self, today: date) -> date:
        """The day on which a note written `today` must be gone at the latest."""
        if self.unit == "d":
            return today + timedelta(days=self.length)
        return add_months(today, self.length * UNITS[self.unit])

    def check(self, today: date) -> "Period":
        """This period, if it is between two months and ten years from `today`.

        Raises PeriodTooShort, PeriodTooLong.
        """
        # 40 years of days or months end before the calendar of Python does
        if self.length > 366 * 40 or (self.unit != "d" and self.length > 480):
            raise errors.PeriodTooLong
        if self.deadline(today) < _least(today):
            raise errors.PeriodTooShort
        if self.deadline(today) > add_months(today, limits.KEEP_MOST_MONTHS):
            raise errors.PeriodTooLong
        return self


def _least(today: date) -> date:
    return add_months(today, limits.KEEP_LEAST_MONTHS)


def parse_period(text: str) -> Period:
    """The period written as 90d, 6m or 1y. Raises PeriodMalformed."""
    count, unit = text[:-1], text[-1:].lower()
    if unit not in UNITS or not count.isascii() or not count.isdigit() or len(count) > 5 or int(count) == 0:
        raise errors.PeriodMalformed
    return Period(int(count), unit)
