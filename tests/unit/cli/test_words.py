"""What the coach is told about time is true, short, and never a date."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli import words
from vault.expiry import Moment, Span, span
from vault.months import Period, parse_period

MONTH = 365.25 / 12
DAYS = {"d": 1.0, "w": 7.0, "m": MONTH, "y": 12 * MONTH}
PERIODS = ["62d", "90d", "180d", "3650d", "2m", "3m", "6m", "11m", "18m", "25m", "40m", "119m", "1y", "2y", "3y", "10y"]
CALENDAR = 3
"""Days by which calendar months can be longer than average ones."""


def told(text: str) -> list[tuple[int, str]]:
    """The numbers and units in a sentence; a number without a unit has the one that follows."""
    found = [(int(number), unit[:1]) for number, unit in re.findall(r"(\d+)(?: (day|week|month|year)s?)?", text)]
    return [(number, unit or found[-1][1]) for number, unit in found]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ((123, 151), "It is kept for at least 4 and at most 5 months."),
        ((39, 39), "It is kept for at least 5 and at most 6 weeks."),
        ((55, 85), "It is kept for at least 7 weeks and at most 3 months."),
        ((61, 61), "It is kept for 2 months."),
        ((2434, 3652), "It is kept for at least 6 and at most 10 years."),
    ],
)
def test_a_span_is_told_as_at_least_and_at_most(days: tuple[int, int], sentence: str) -> None:
    assert words.kept(Span(*days)) == sentence


@given(st.dates(date(2026, 11, 1), date(2040, 1, 1)), st.sampled_from(PERIODS))
def test_the_promise_in_words_is_never_broken(today: date, text: str) -> None:
    period = parse_period(text)
    days = span(today, period)
    (least, least_unit), (most, most_unit) = (told(words.kept(days, period)) * 2)[:2]
    assert least * DAYS[least_unit] <= days.at_least_days + CALENDAR
    assert most * DAYS[most_unit] >= days.at_most_days - CALENDAR


@given(st.dates(date(2026, 11, 1), date(2040, 1, 1)), st.sampled_from(PERIODS))
def test_at_most_is_never_told_longer_than_what_was_asked(today: date, text: str) -> None:
    period = parse_period(text)
    most, unit = told(words.kept(span(today, period), period))[-1]
    assert most * DAYS[unit] <= _whole_months(period) * MONTH + CALENDAR


def _whole_months(period: Period) -> float:
    # a period in days is told in months, so 90 days may be called three months
    return -(-period.length // MONTH) if period.unit == "d" else period.length * {"m": 1, "y": 12}[period.unit]


@given(st.integers(0, 3700))
def test_time_left_is_never_told_too_short(days: int) -> None:
    text = words.left(days)
    if days == 0:
        assert text == "last day"
    else:
        number, unit = told(text)[0]
        assert number * DAYS[unit] >= days - CALENDAR


def test_days_left_are_counted_to_the_end_of_the_month() -> None:
    moment = Moment(
        now=323, today=date(2026, 12, 22), sure=True, months_ahead=0, clock_behind=False, sure_today=date(2026, 12, 22)
    )
    assert words.days_left(moment, 0) == 9
    assert words.days_left(moment, 2) == 68
    assert words.left(words.days_left(moment, 0)) == "at most 9 days left"


@given(st.integers(0, 4000), st.integers(0, 4000))
def test_no_sentence_holds_a_date(least: int, more: int) -> None:
    for text in (words.kept(Span(least, least + more)), words.left(least)):
        assert not re.search(r"\d{4}|\d[-/.]\d|jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec", text, re.IGNORECASE)
