"""Lesson 28: the program was closed on the day of expiry; the clock set back, set forward, and jumping.

Seen to fail: `expire` not called when a vault opens; `now` taken from the clock alone (a clock set back revived notes);
the two months' limit taken away (a clock in 2036 destroyed everything); hiding left to `expire` (what was due while the
vault stood open, or with a clock in doubt, was shown).
"""

from datetime import date

import pytest

from tests.support.attacker import Attacker
from tests.support.vaults import CANARY, Place, expiry_of
from vault import errors
from vault.expiry import candidates, is_due
from vault.formats import settings as settings_format
from vault.months import Period, first_day, last_day, month_of
from vault.service import create_vault

START = month_of(date(2026, 11, 22))


def written(place: Place, keep: str = "2m") -> tuple[str, int]:
    """A vault with one note; its handle, and the month at whose end it expires."""
    with place.create(keep=keep) as vault:
        handle = vault.add(CANARY).handle
        return handle, expiry_of(vault, handle)


def step_to(place: Place, month: int) -> None:
    """Opens and closes the vault every month until then, as a coach who works does."""
    while month_of(place.day) < month:
        place.to_month(month_of(place.day) + 1)
        place.open().close()


def test_what_was_due_while_the_program_was_closed_is_destroyed_before_the_vault_is_handed_out(place: Place) -> None:
    handle, expiry = written(place)
    before = place.snapshot()
    place.to_month(expiry + 1)
    with place.open() as vault:
        assert vault.expired_at_open == 1
        assert vault.due() == 0
        assert vault.handles() == []
        assert vault._state.ledger.kinds.count(0) == vault._state.ledger.pool
        # not only hidden: with everything of before and the anchor of now it can't be read
        now = {name: raw for name, raw in place.snapshot().items() if name.startswith("state/")}
        old = {name: raw for name, raw in before.items() if name.startswith("data/")}
        assert CANARY.encode() not in Attacker([old, place.snapshot(), now], [place.passphrase, place.code]).reads()
        with pytest.raises(errors.NoteNotFound):
            vault.show(handle)
    assert CANARY.encode() in Attacker([before], [place.passphrase]).reads()


def test_the_last_day_of_the_month_still_shows_it_and_the_next_day_does_not(place: Place) -> None:
    handle, expiry = written(place)
    step_to(place, expiry)
    place.day = last_day(expiry)
    with place.open() as vault:
        assert vault.show(handle).months_left == 0
        place.day = first_day(expiry + 1)
        # the vault stood open over midnight: hidden at once, destroyed at the next occasion
        with pytest.raises(errors.NoteNotFound):
            vault.show(handle)
        assert vault.notes() == vault.find(["kanarie"]) == []
        assert vault.handles() == []
        assert vault.status().notes == 0
        assert vault.due() == 1
        assert vault.expire() == 1
        assert vault.due() == 0


def test_texts_remembered_while_open_are_hidden_on_the_day_too(place: Place) -> None:
    _, expiry = written(place)
    step_to(place, expiry)
    with place.open() as vault:
        vault.remember_texts(True)
        assert len(vault.find(["kanarie"])) == 1
        place.day = first_day(expiry + 1)
        assert vault.find(["kanarie"]) == []
        vault.expire()
        place.day = first_day(expiry)
        assert vault.find(["kanarie"]) == []


@pytest.mark.parametrize("back", [date(2026, 11, 22), date(2020, 1, 1), date(1970, 1, 1), date(1, 1, 1)])
def test_a_clock_set_back_revives_nothing(place: Place, back: date) -> None:
    handle, expiry = written(place)
    step_to(place, expiry + 1)
    place.day = back
    with place.open() as vault:
        assert vault.handles() == []
        with pytest.raises(errors.NoteNotFound):
            vault.show(handle)
        moment = vault.moment()
        assert (moment.now, moment.clock_behind, moment.sure) == (expiry + 1, True, True)


def test_a_clock_set_back_while_open_revives_nothing(place: Place) -> None:
    _, expiry = written(place)
    step_to(place, expiry)
    with place.open() as vault:
        place.to_month(expiry + 1)
        vault.expire()
        place.day = date(2026, 11, 1)
        assert vault.handles() == []


def test_a_clock_set_back_does_not_lengthen_what_is_written_then(place: Place) -> None:
    _, expiry = written(place)
    step_to(place, expiry + 1)
    place.day = date(2020, 1, 1)
    with place.open() as vault:
        handle = vault.add("nieuw", Period(6, "m")).handle
        assert expiry_of(vault, handle) in candidates(first_day(expiry + 1), Period(6, "m"))


@pytest.mark.parametrize("ahead", [3, 4, 12, 120, 10_000])
def test_a_clock_that_jumped_destroys_nothing_writes_nothing_and_hides(place: Place, ahead: int) -> None:
    handle, expiry = written(place)
    place.open().close()
    before = place.snapshot()
    place.to_month(START + ahead)
    with place.open() as vault:
        moment = vault.moment()
        assert not moment.sure
        assert moment.months_ahead == ahead
        assert vault.expired_at_open == vault.expire() == 0
        assert vault.handles() == []
        assert vault.due() == 1
        for write in (lambda: vault.add("nieuw"), lambda: vault.add_many(["nieuw"])):
            with pytest.raises(errors.ClockUnsure):
                write()
        with pytest.raises(errors.NoteNotFound):
            vault.keep(handle, Period(3, "m"))
    assert place.snapshot() == before
    # the clock is put right: nothing happened
    place.to_month(START)
    with place.open() as vault:
        assert vault.show(handle).text == CANARY
        assert is_due(expiry, START + ahead)


def test_a_clock_that_jumped_and_was_confirmed_destroys(place: Place) -> None:
    _, expiry = written(place)
    place.to_month(START + 12)
    with place.open() as vault:
        assert vault.confirm_clock() == 1
        assert vault.due() == 0
        vault.add("nieuw")
    with place.open() as vault:
        assert vault.moment().sure, "the confirmation is remembered as the highest month seen"
        assert len(vault.handles()) == 1
    place.to_month(START)
    with place.open() as vault:
        assert vault.moment().now == START + 12
    assert expiry < START + 12


@pytest.mark.parametrize("ahead", [1, 2])
def test_two_months_away_are_no_jump(place: Place, ahead: int) -> None:
    handle, _ = written(place, keep="10y")
    place.to_month(START + ahead)
    with place.open() as vault:
        assert vault.moment().sure
        assert vault.show(handle).text == CANARY
        vault.add("nieuw")


def test_a_clock_that_jumped_while_the_vault_stood_open_destroys_nothing_either(place: Place) -> None:
    with place.create(keep="2m") as vault:
        handle = vault.add(CANARY).handle
        place.to_month(START + 40)
        assert vault.expire() == 0
        assert vault.handles() == []
        place.to_month(START)
        assert vault.show(handle).text == CANARY


def test_a_draft_is_sealed_with_a_clock_in_doubt_too(place: Place) -> None:
    # lesson 13: text must not be lost, whatever the clock says
    written(place)
    place.to_month(START + 40)
    with place.open() as vault:
        vault.seal_draft("half")
    place.to_month(START)
    with place.open() as vault:
        assert vault.draft() == ("half", "")


@pytest.mark.parametrize("day", [date.min, date(1999, 12, 31), date(2999, 12, 31), date(9998, 12, 1), date.max])
def test_no_clock_is_so_wrong_that_the_program_breaks(place: Place, day: date) -> None:
    handle, _ = written(place, keep="10y")
    place.day = day
    with place.open() as vault:
        vault.status()
        vault.expire()
        vault.due()
        if not vault.moment().sure:
            with pytest.raises(errors.ClockUnsure):
                vault.add("nieuw")
    place.to_month(START)
    with place.open() as vault:
        assert vault.show(handle).text == CANARY


def test_a_new_vault_takes_no_clock_before_its_own_release(place: Place) -> None:
    place.day = date(2001, 1, 1)
    with place.create(keep="1y") as vault:
        assert vault.moment().now == 322
        assert expiry_of(vault, vault.add("x").handle) > 322


def test_a_new_vault_far_in_the_future_wants_a_confirmation(place: Place) -> None:
    place.day = date(2040, 1, 1)
    with pytest.raises(errors.ClockUnsure):
        place.create()
    assert not place.data.exists() or not place.header.exists()
    vault, _ = create_vault(
        place.paths, place.passphrase, keep=Period(1, "y"), clock=place.clock, cost="fast", clock_confirmed=True
    )
    with vault:
        vault.add("x")


def test_expiry_is_moved_as_if_written_today_and_longer_only_when_confirmed(place: Place) -> None:
    with place.create(keep="1y") as vault:
        handle = vault.add(CANARY).handle
        before = expiry_of(vault, handle)
        with pytest.raises(errors.KeepLonger):
            vault.keep(handle, Period(5, "y"))
        assert expiry_of(vault, handle) == before
        assert not vault.keep_preview(handle, Period(2, "m"))
        vault.keep(handle, Period(2, "m"))
        assert expiry_of(vault, handle) in candidates(place.day, Period(2, "m"))
        vault.keep(handle, Period(5, "y"), longer=True)
        assert expiry_of(vault, handle) in candidates(place.day, Period(5, "y"))


def test_the_month_is_remembered_once_a_month_and_never_less(place: Place) -> None:
    written(place, keep="10y")
    seen = []
    for month in (START, START + 1, START, START + 2, START + 2, START - 30, START + 3):
        place.to_month(month)
        with place.open() as vault:
            seen.append(vault._state.settings.seen)
            assert settings_format.decode(settings_format.encode(vault._state.settings)).seen == seen[-1]
    assert seen == [START, START + 1, START + 1, START + 2, START + 2, START + 2, START + 3]
