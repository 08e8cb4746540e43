"""Recovery sticks: a copy of the vault in a folder, under an epoch and an anchor of its own (places section 3)."""

from pathlib import Path

import pytest

from tests.support.vaults import Place, slots_of
from vault import errors, limits
from vault.crypto import aead
from vault.months import Period
from vault.service import Vault, open_vault
from vault.service.sticks import stick_folder, stick_paths


def texts(vault: Vault) -> list[str]:
    return sorted(note.text for note in vault.notes())


def texts_on(place: Place, stick: Path, secret: str | None = None) -> list[str]:
    with open_vault(stick_paths(str(stick)), secret or place.passphrase, clock=place.clock) as vault:
        return texts(vault)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


def test_a_new_stick_opens_with_every_unlock_method_of_the_vault_and_holds_its_notes(place: Place, stick: Path) -> None:
    with place.create() as vault:
        vault.add_many(["een", "twee " * 2000])
        vault.seal_draft("een ontwerp " * 400)
        status = vault.add_place(str(stick))
        assert (status.reachable, status.lacks, status.owes) == (True, False, False)
        expected = texts(vault)
    assert texts_on(place, stick) == expected
    assert texts_on(place, stick, place.code) == expected
    assert (stick / "header").read_bytes() == place.header.read_bytes()
    with place.open() as vault:
        assert texts(vault) == expected


def test_a_refresh_brings_what_was_added_and_destroys_what_was_shredded(place: Place, stick: Path) -> None:
    with place.create() as vault:
        gone = vault.add("weg").handle
        vault.add_place(str(stick))
        vault.add("erbij")
        assert [(each.lacks, each.owes) for each in vault.places()] == [(True, False)]
        vault.shred([gone])
        assert [(each.lacks, each.owes) for each in vault.places()] == [(True, True)]
        done = vault.refresh_place(str(stick))
        assert (done.lacks, done.owes) == (False, False)
    assert texts_on(place, stick) == ["erbij"]


def test_a_note_that_is_damaged_here_stays_whole_on_the_stick(place: Place, stick: Path) -> None:
    # Seen to fail with every box written whose entry differs: what is lost here went over the stick's own.
    with place.create() as vault:
        handle = vault.add("heel op de stick").handle
        vault.add_place(str(stick))
        slot = slots_of(vault, handle)[0]
    with place.database() as connection:
        connection.execute("UPDATE slot SET box=? WHERE n=?", (aead.noise(limits.SLOT_BOX), slot))
    with place.open() as vault:
        with pytest.raises(errors.SlotTampered):
            vault.show(handle)
        vault.keep(handle, Period(5, "y"), longer=True)
        vault.refresh_place(str(stick))
    assert texts_on(place, stick) == ["heel op de stick"]


def test_a_stick_moves_house_with_the_vault(place: Place, stick: Path) -> None:
    with place.create() as vault:
        vault.add("eerste")
        vault.add_place(str(stick))
        vault.add_many(["vulling"] * limits.POOL_LEAST)
        assert not vault.places()[0].owes
        vault.refresh_place(str(stick))
        expected = texts(vault)
    assert texts_on(place, stick) == expected


def test_a_changed_passphrase_reaches_the_stick_with_the_next_refresh(place: Place, stick: Path) -> None:
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        vault.change_passphrase("een heel andere wachtzin")
        assert vault.places()[0].owes
        vault.refresh_place(str(stick))
    assert texts_on(place, stick, "een heel andere wachtzin") == ["een"]
    with pytest.raises(errors.WrongSecret):
        texts_on(place, stick)


def test_a_medium_with_other_files_gets_a_folder_for_the_stick(place: Place, tmp_path: Path) -> None:
    medium = tmp_path / "usb"
    medium.mkdir()
    (medium / "vakantie.jpg").write_bytes(b"foto")
    assert stick_folder(str(medium)) == str(medium / "ongemerkt")
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(medium))
        vault.add("twee")
        vault.refresh_place(str(medium))
        vault.remove_place(str(medium))
        assert vault.places() == []
    assert sorted(each.name for each in medium.iterdir()) == ["vakantie.jpg"]
