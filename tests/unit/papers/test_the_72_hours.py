"""The clock of art. 33 (1): 72 hours are 72 hours, in spring and autumn too, and never end later than the law says.

Seen to fail with the deadline reckoned in local time (three days later at the same time of the day), and with the later
of two equal hours taken.
"""

import os
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cli import breachtext
from vault.formats.breaches import FIRST_MINUTE, HIGH, LAST_MINUTE, UNDECIDED, UNLIKELY, Breach
from vault.papers import clock
from vault.papers.model import Say

AMSTERDAM = ZoneInfo("Europe/Amsterdam")
ZONES = ("Europe/Amsterdam", "America/St_Johns", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC", "Pacific/Apia")
FIRST, LAST = clock.instant(FIRST_MINUTE).replace(tzinfo=None), clock.instant(LAST_MINUTE - 10_000).replace(tzinfo=None)
moments = st.datetimes(FIRST + timedelta(days=2), LAST, timezones=st.sampled_from([ZoneInfo(each) for each in ZONES]))
NL, EN = Say("nl"), Say("en")


def local(at: datetime) -> datetime:
    return at.astimezone(AMSTERDAM)


def breach(discovered: datetime, **fields: int) -> Breach:
    return Breach(1, clock.minute_of(discovered), "Iets.", **fields)  # type: ignore[arg-type]


@given(moments, st.integers(0, 10_000))
@example(datetime(2026, 10, 24, 12, 0, tzinfo=AMSTERDAM), 0)
@example(datetime(2027, 3, 27, 12, 0, tzinfo=AMSTERDAM), 0)
def test_the_deadline_is_72_hours_of_real_time_after_the_discovery_in_any_zone(at: datetime, later: int) -> None:
    found = breach(at)
    real = clock.instant(clock.deadline(found)) - at.astimezone(UTC)
    # the minute of the discovery counts from its beginning: never later than the law says
    assert timedelta(hours=72) - timedelta(minutes=1) < real <= timedelta(hours=72)
    assert clock.left(found, found.discovered + later) == 72 * 60 - later
    assert clock.standing(found, found.discovered + later) == (clock.RUNNING if later <= 72 * 60 else clock.OVER)


def test_in_autumn_the_local_time_is_an_hour_earlier_and_in_spring_an_hour_later() -> None:
    autumn = breach(datetime(2026, 10, 24, 12, 0, tzinfo=AMSTERDAM))
    assert clock.when(NL, clock.deadline(autumn), local) == "27 oktober 2026, 11:00 uur (UTC+1)"
    spring = breach(datetime(2027, 3, 27, 12, 0, tzinfo=AMSTERDAM))
    assert clock.when(NL, clock.deadline(spring), local) == "30 maart 2027, 13:00 uur (UTC+2)"
    assert clock.when(EN, clock.deadline(spring), local) == "30 March 2027, 13:00 (UTC+2)"


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    first = clock.minute_of(datetime(2026, 10, 25, 2, 30, tzinfo=AMSTERDAM))
    assert clock.when(NL, first, local) == "25 oktober 2026, 02:30 uur (UTC+2)"
    assert clock.when(NL, first + 60, local) == "25 oktober 2026, 02:30 uur (UTC+1)"


def test_an_offset_of_part_of_an_hour_is_shown() -> None:
    minute = clock.minute_of(datetime(2026, 1, 1, tzinfo=UTC))
    assert clock.when(EN, minute, lambda at: at.astimezone(ZoneInfo("America/St_Johns"))).endswith("(UTC-3:30)")


def test_what_is_said_follows_the_entry() -> None:
    at = datetime(2026, 11, 25, 12, 0, tzinfo=AMSTERDAM)
    open_one = breach(at)
    started, end = open_one.discovered, clock.deadline(open_one)

    def said(entry: Breach, now: int) -> str:
        return clock.told(NL, entry, now, local)

    assert said(open_one, started).startswith("Nog 72 uur: meld het aan de AP uiterlijk op 28 november 2026, 12:00 uur")
    assert "tenzij een risico niet waarschijnlijk is" in said(open_one._replace(risk=UNDECIDED), started)
    assert "tenzij" not in said(open_one._replace(risk=HIGH), started)
    assert said(open_one, end - 59).startswith("Nog 59 minuten")
    assert said(open_one, end - 1).startswith("Nog 1 minuut:")
    assert said(open_one, end + 120).startswith("De 72 uur zijn 2 uur voorbij")
    assert said(open_one._replace(risk=UNLIKELY), end + 120).startswith("Niet te melden")
    assert said(open_one._replace(reported=end), end + 9) == "Gemeld aan de AP op 28 november 2026, 12:00 uur (UTC+1)."
    assert "na de 72 uur" in said(open_one._replace(reported=end + 1), end + 9)


# -- as it is typed


@pytest.fixture(params=["Europe/Amsterdam", "America/New_York", "UTC"])
def zone(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[ZoneInfo]:
    """This computer's time zone."""
    monkeypatch.setenv("TZ", request.param)
    time.tzset()
    yield ZoneInfo(request.param)
    monkeypatch.undo()
    time.tzset()


def test_a_typed_time_is_local_and_of_two_such_the_earlier(zone: ZoneInfo) -> None:
    now = datetime(2030, 1, 1, tzinfo=UTC)
    for typed in ("25-10-2026 02:30", "2026-10-25 02:30", "2026-10-25T02:30", "25-10-2026 2.30"):
        expected = datetime(2026, 10, 25, 2, 30, tzinfo=zone, fold=0)
        assert breachtext.minute(typed, now) == clock.minute_of(expected), os.environ["TZ"]
    assert breachtext.minute("2026-10-25T02:30+01:00", now) == clock.minute_of(
        datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    )
    assert breachtext.minute("25-10-2026", now) == clock.minute_of(datetime(2026, 10, 25, tzinfo=zone))
    assert breachtext.minute("nu", now) == clock.minute_of(now)
    assert breachtext.minute("nee", now) == 0
