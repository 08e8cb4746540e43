"""What an open vault answers: handles, searching, status, locking."""

from pathlib import Path

import pytest

from tests.support.vaults import Place, expiry_of
from vault import errors, limits
from vault.handles import spell
from vault.months import Period
from vault.service import Vault, create_vault, exists, open_vault, same_recovery_code


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(tmp_path)


def test_there_is_no_vault_until_there_is_one(place: Place) -> None:
    assert not exists(place.paths)
    with pytest.raises(errors.NoVault):
        place.open()
    place.create().close()
    assert exists(place.paths)
    with pytest.raises(errors.VaultExists):
        place.create()


def test_one_process_holds_it(place: Place) -> None:
    with place.create(), pytest.raises(errors.VaultBusy):
        place.open()
    place.open().close()


def test_a_closed_vault_answers_nothing(place: Place) -> None:
    vault = place.create()
    handle = vault.add("tekst").handle
    vault.close()
    vault.close()
    for ask in (vault.notes, vault.handles, vault.status, vault.due, vault.draft, lambda: vault.show(handle)):
        with pytest.raises(errors.VaultLocked):
            ask()


@pytest.mark.parametrize("passphrase", ["", "kort", "zeventk", "       "])
def test_a_short_passphrase_makes_no_vault(place: Place, passphrase: str) -> None:
    place.passphrase = passphrase
    with pytest.raises(errors.PassphraseTooShort):
        place.create()
    assert not exists(place.paths)


@pytest.mark.parametrize("keep", [Period(1, "m"), Period(11, "y")])
def test_a_period_that_cannot_be_makes_no_vault(place: Place, keep: Period) -> None:
    with pytest.raises((errors.PeriodTooShort, errors.PeriodTooLong)):
        create_vault(place.paths, place.passphrase, keep=keep, clock=place.clock)
    assert not exists(place.paths)


def test_a_passphrase_is_the_same_on_every_keyboard(place: Place) -> None:
    place.passphrase = "caf\u00e9 cr\u00e8me br\u00fbl\u00e9e"
    place.create().close()
    place.open("cafe\u0301 cre\u0300me bru\u0302le\u0301e").close()
    with pytest.raises(errors.WrongSecret):
        place.open("cafe creme brulee")


def test_a_passphrase_that_looks_like_a_recovery_code_still_opens(place: Place) -> None:
    place.passphrase = "45678-9ABCD-EFGHJ-KMNPQ-RSTVW-XYZN4"
    place.create().close()
    place.open().close()
    place.open(place.code).close()


def test_the_recovery_code_is_recognised_as_typed(place: Place) -> None:
    place.create().close()
    assert same_recovery_code(place.code.lower().replace("-", ""), place.code)
    assert not same_recovery_code(place.code[:-1], place.code)
    assert not same_recovery_code("", "")


def found(vault: Vault, start: str) -> str:
    return vault.show(start).handle


def test_a_note_is_found_by_the_start_of_its_handle_if_it_is_the_only_one(place: Place) -> None:
    with place.create() as vault:
        handles = sorted(vault.add_many(["tekst"] * 120))
        for handle in handles:
            assert found(vault, handle.upper()) == handle
        for length in range(1, 6):
            for start in {handle[:length] for handle in handles}:
                holders = [handle for handle in handles if handle.startswith(start)]
                if len(holders) == 1:
                    assert found(vault, start) == holders[0]
                else:
                    with pytest.raises(errors.HandleAmbiguous):
                        found(vault, start)
        absent = next(spell(number) for number in range(1000) if spell(number) not in handles)
        with pytest.raises(errors.NoteNotFound):
            found(vault, absent)
        with pytest.raises(errors.HandleMalformed):
            found(vault, "hallo!")
        assert vault.resolve([handles[3], handles[0]]) == [handles[3], handles[0]]


def test_shred_takes_all_or_none(place: Place) -> None:
    with place.create() as vault:
        one, other = vault.add_many(["een", "twee"])
        absent = next(spell(number) for number in range(1000) if spell(number) not in (one, other))
        with pytest.raises(errors.NoteNotFound):
            vault.shred([one, absent])
        assert len(vault.handles()) == 2
        assert vault.shred([]) == 0
        assert vault.shred([one, one, one.upper()]) == 1
        assert vault.handles() == [other]


def test_a_handle_stays_through_edits_and_its_expiry_does_too(place: Place) -> None:
    with place.create() as vault:
        handle = vault.add("eerste").handle
        expiry = expiry_of(vault, handle)
        for text in ("tweede", "derde " * 2000, "vierde"):
            assert vault.edit(handle[:6], text) == handle
            assert vault.show(handle).text == text
            assert expiry_of(vault, handle) == expiry
        assert vault.status().used == 1


def test_find_takes_all_words_and_any_case(place: Place) -> None:
    with place.create() as vault:
        vault.add_many(["Eén over grenzen", "twee over GRENZEN en rust", "drie"])
        for remember in (False, True, False):
            vault.remember_texts(remember)
            for _ in range(2):
                assert len(vault.find(["grenzen"])) == 2
                assert [note.text for note in vault.find(["rust", "Grenzen"])] == ["twee over GRENZEN en rust"]
                assert vault.find(["vier"]) == []
                assert [note.handle for note in vault.notes()] == vault.handles() == sorted(vault.handles())
        vault.remember_texts(True)
        vault.notes()
        handle = vault.find(["drie"])[0].handle
        vault.edit(handle, "vier")
        assert [note.handle for note in vault.find(["vier"])] == [handle]
        assert vault.find(["drie"]) == []


def test_progress_is_told_while_much_is_done(place: Place) -> None:
    said: list[tuple[int, int]] = []
    with place.create() as vault:
        vault.add_many(["tekst"] * 300, progress=lambda done, whole: said.append((done, whole)))
        assert said[-1][1] == 300
        assert len(said) >= 6
        said.clear()
        vault.find(["tekst"], progress=lambda done, whole: said.append((done, whole)))
        assert [whole for _, whole in said] == [300] * len(said) != []


def test_status_counts_what_is_shown(place: Place) -> None:
    with place.create(keep="1y") as vault:
        vault.add_many(["kort"] * 5 + ["lang " * 1000] * 2)
        vault.add("ook kort", Period(2, "m"))
        vault.seal_draft("half")
        status = vault.status()
        assert (status.notes, status.pool, status.draft, status.places) == (8, limits.POOL_LEAST, True, 1)
        assert status.used == 6 + 2 * 3 + 1
        assert status.by_slots == {1: 6, 4: 2}
        assert sum(status.by_months_left.values()) == 8
        assert status.smallest_crowd == min(status.by_months_left.values())
        assert status.file_bytes == place.db.stat().st_size
        assert (status.anchor, status.cost, status.waiting) == ("file", "fast", 0)


def test_settings_are_kept(place: Place) -> None:
    with place.create(keep="1y") as vault:
        assert vault.keep_default == Period(1, "y")
        vault.set_keep_default(Period(90, "d"))
        vault.set_idle_minutes(0)
        assert vault.idle_minutes == 1
        vault.set_idle_minutes(1000)
        with pytest.raises(errors.PeriodTooLong):
            vault.set_keep_default(Period(20, "y"))
    with place.open() as vault:
        assert (vault.keep_default, vault.idle_minutes) == (Period(90, "d"), 120)


def test_a_draft_replaces_the_one_before_and_is_no_note(place: Place) -> None:
    with place.create() as vault:
        handle = vault.add("tekst").handle
        assert vault.draft() is None
        vault.drop_draft()
        vault.seal_draft("half", of=handle)
        vault.seal_draft("bijna", of=handle)
        assert vault.draft() == ("bijna", handle)
        assert vault.handles() == [handle]
        assert vault.find(["bijna"]) == []
        assert vault.status().notes == 1
    with place.open(place.code) as vault:
        assert vault.draft() == ("bijna", handle)
        vault.drop_draft()
        assert vault.draft() is None
        assert vault.status().used == 1


def test_what_was_being_written_to_a_note_goes_with_it(place: Place) -> None:
    with place.create(keep="2m") as vault:
        handle = vault.add("tekst").handle
        vault.seal_draft("half", of=handle)
        vault.shred([handle])
        assert vault.draft() is None
        assert vault.status().used == 0
        place.to_month(322)
        handle = vault.add("tekst").handle
        place.to_month(323)
        vault.expire()
        vault.seal_draft("half", of=handle)
        place.to_month(324)
        # the draft itself could have stayed for another month
        assert vault.expire() == 1
        assert vault.draft() is None
        assert vault.status().used == 0


def test_the_pool_has_an_end(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "POOL_MOST", 512)
    with place.create() as vault:
        vault.add_many(["tekst"] * 512)
        before = place.snapshot()
        with pytest.raises(errors.StorageFailed) as raised:
            vault.add("een te veel")
        assert raised.value.full
        assert place.snapshot() == before


def test_on_stretch_is_called_once_for_each_derivation(place: Place) -> None:
    place.create().close()
    called: list[int] = []
    open_vault(place.paths, place.passphrase, clock=place.clock, on_stretch=lambda: called.append(1)).close()
    assert called == [1]
