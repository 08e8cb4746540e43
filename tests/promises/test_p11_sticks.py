"""P11 for recovery sticks: an older copy, another vault's stick, a damaged one, and a vault that was put back together
with its anchor are each told, and none of them changes the vault (places section 3).
"""

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.vaults import Place
from vault import errors, files, limits
from vault.formats.header import PASSPHRASE
from vault.formats.safety import Ancestor
from vault.service import Vault, open_vault, sticks
from vault.service.change import commit
from vault.service.headers import change_header
from vault.service.methods import new_method
from vault.service.sticks import stick_paths
from vault.store.sqlcipher import SqlcipherStore


def texts(vault: Vault) -> list[str]:
    return sorted(note.text for note in vault.notes())


def texts_on(place: Place, stick: Path, secret: str = "") -> list[str]:
    with open_vault(stick_paths(str(stick)), secret or place.passphrase, clock=place.clock) as vault:
        return texts(vault)


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


# -- an older copy, and a vault that is one


def test_a_stick_with_an_older_copy_put_back_is_brought_up_to_date_and_changes_nothing_in_the_vault(
    place: Place, stick: Path, tmp_path: Path
) -> None:
    with place.create() as vault:
        gone = vault.add("weg").handle
        vault.add("blijft")
        vault.add_place(str(stick))
        shutil.copytree(stick, tmp_path / "oud")
        vault.shred([gone])
        vault.add("erbij")
        vault.refresh_place(str(stick))
        shutil.rmtree(stick)
        shutil.copytree(tmp_path / "oud", stick)
        assert texts_on(place, stick) == ["blijft", "weg"]
        before = texts(vault)
        vault.refresh_place(str(stick))
        assert texts(vault) == before == ["blijft", "erbij"]
    assert texts_on(place, stick) == before


def test_a_vault_put_back_together_with_its_anchor_is_noticed_by_the_stick(place: Place, stick: Path) -> None:
    # seen to fail: with the comparison of versions left out of `is_older`: then the stick's note is gone
    with place.create() as vault:
        vault.add("eerst")
        vault.add_place(str(stick))
    older = place.snapshot()
    with place.open() as vault:
        vault.add("daarna")
        vault.add("en daarna")
        vault.refresh_place(str(stick))
    place.restore(older)
    with place.open() as vault:
        before = contents(stick)
        with pytest.raises(errors.PlaceAhead):
            vault.refresh_place(str(stick))
        assert contents(stick) == before
        assert texts(vault) == ["eerst"]
    assert texts_on(place, stick) == ["daarna", "eerst", "en daarna"]


def test_a_stick_made_after_the_moment_the_vault_was_put_back_to_is_ahead_too(place: Place, stick: Path) -> None:
    place.create().close()
    older = place.snapshot()
    with place.open() as vault:
        vault.add("daarna")
        vault.add_place(str(stick))
    place.restore(older)
    with place.open() as vault:
        for refuse in (vault.refresh_place, vault.add_place):
            with pytest.raises(errors.PlaceAhead):
                refuse(str(stick))


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# -- what is not a stick of this vault


def test_another_vaults_stick_is_refused_and_left_as_it_is(place: Place, stick: Path, tmp_path: Path) -> None:
    other = Place(tmp_path / "ander")
    with other.create() as vault:
        vault.add("van een ander")
        vault.add_place(str(stick))
    before = contents(stick)
    with place.create() as vault:
        for refuse in (vault.add_place, vault.refresh_place, vault.remove_place):
            with pytest.raises(errors.PlaceUnknown):
                refuse(str(stick))
        assert vault.places() == []
    assert contents(stick) == before


def test_a_removed_or_forgotten_stick_is_no_place_until_it_is_added_again(place: Place, stick: Path) -> None:
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        vault.forget_place(str(stick))
        with pytest.raises(errors.PlaceUnknown):
            vault.refresh_place(str(stick))
        vault.add("twee")
        assert not vault.add_place(str(stick)).lacks
        with pytest.raises(errors.PlaceExists):
            vault.add_place(str(stick))
        vault.remove_place(str(stick))
        assert not stick.exists()
        with pytest.raises(errors.PlaceMissing):
            vault.refresh_place(str(stick))


@pytest.mark.parametrize("inside", ["data", "data/stick", "state", "state/stick", "."])
def test_a_stick_in_the_vaults_own_folders_or_around_them_is_refused(place: Place, inside: str) -> None:
    with place.create() as vault:
        with pytest.raises((errors.PlaceFolderRefused, errors.PlaceExists)):
            vault.add_place(str(place.folder / inside) if inside != "." else str(place.data.parent / "data"))
        assert vault.places() == []


def test_a_vaults_folder_copied_beside_it_is_no_stick(place: Place, stick: Path) -> None:
    # the anchor is not with it: that is what makes a stick
    with place.create() as vault:
        vault.add("een")
    shutil.copytree(place.data, stick)
    with place.open() as vault:
        for refuse in (vault.add_place, vault.refresh_place):
            with pytest.raises(errors.PlaceDamaged):
                refuse(str(stick))


# -- sticks of before: of a vault that this one was restored from, and of other unlock methods


def restored(vault: Vault, version: int) -> None:
    """As a vault that was restored from one whose head had this version: another lineage, that one its ancestor."""
    settings = vault._state.settings
    old = settings.safety
    safety = old._replace(lineage=os.urandom(16), ancestors=(Ancestor(old.lineage, version),), places=())
    commit(vault._state, settings=settings._replace(safety=safety))


def test_a_stick_of_the_vault_that_this_one_was_restored_from_is_taken_in_again(place: Place, stick: Path) -> None:
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        restored(vault, vault._state.head.version)
        vault.add("na het herstel")
        assert not vault.refresh_place(str(stick)).lacks
        assert len(vault.places()) == 1
        vault.add("en nog een")
        vault.refresh_place(str(stick))
    assert texts_on(place, stick) == ["een", "en nog een", "na het herstel"]


def test_a_stick_that_went_on_after_the_restore_is_ahead(place: Place, stick: Path) -> None:
    # seen to fail: with the ancestor's version not looked at
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        restored(vault, 1)
        before = contents(stick)
        for refuse in (vault.refresh_place, vault.add_place):
            with pytest.raises(errors.PlaceAhead):
                refuse(str(stick))
        assert contents(stick) == before


def test_a_stick_without_an_unlock_method_in_common_follows_with_its_old_passphrase(place: Place, stick: Path) -> None:
    with place.create() as vault:
        gone = vault.add("weg").handle
        vault.add("een")
        vault.add_place(str(stick))
        vault.shred([gone])
        state = vault._state
        method, stretched = new_method(
            PASSPHRASE, b"een heel andere wachtzin", state.header.methods[0].cost, state.vault_id, state.static
        )
        settings = state.settings._replace(stretched={method.id: stretched})
        change_header(place.paths, state, state.header._replace(methods=(method,)), settings)
        for wrong in ("", "ook niet goed"):
            with pytest.raises(errors.WrongSecret):
                vault.refresh_place(str(stick), secret=wrong)
        assert vault.places()[0].owes
        assert not vault.refresh_place(str(stick), secret=place.passphrase).owes
    assert texts_on(place, stick, "een heel andere wachtzin") == ["een"]


# -- damage


def flip(path: Path, at: int) -> None:
    raw = bytearray(path.read_bytes())
    raw[at] ^= 1
    path.write_bytes(raw)


DAMAGE: dict[str, Callable[[Path], object]] = {
    "header": lambda stick: flip(stick / "header", 100),
    "header gone": lambda stick: (stick / "header").unlink(),
    "database": lambda stick: flip(stick / "vault.db", 30),
    "database cut off": lambda stick: os.truncate(stick / "vault.db", 5000),
    "database gone": lambda stick: (stick / "vault.db").unlink(),
    "anchor": lambda stick: flip(next(stick.glob("anchor/*/anchor")), 40),
    "anchor gone": lambda stick: next(stick.glob("anchor/*/anchor")).unlink(),
    "older database": lambda stick: shutil.copy(stick.with_name("oud") / "vault.db", stick / "vault.db"),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_stick_is_told_and_can_be_removed_and_made_anew(
    place: Place, stick: Path, tmp_path: Path, damage: str
) -> None:
    with place.create() as vault:
        gone = vault.add("weg").handle
        vault.add("een")
        vault.add_place(str(stick))
        shutil.copytree(stick, tmp_path / "oud")
        vault.shred([gone])
        vault.refresh_place(str(stick))
        DAMAGE[damage](stick)
        before = vault.places()[0]
        with pytest.raises(errors.PlaceDamaged):
            vault.refresh_place(str(stick))
        after = vault.places()[0]
        assert (after.lacks, after.owes) == (before.lacks, before.owes)
        assert texts(vault) == ["een"]
        vault.remove_place(str(stick))
        assert vault.places() == []
        assert not vault.add_place(str(stick)).lacks
    assert texts_on(place, stick) == ["een"]


def test_a_note_that_the_medium_forgot_is_written_once_more(place: Place, stick: Path) -> None:
    # seen to fail: without the second commit
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        spoil(vault, stick)
        with pytest.raises(errors.SlotTampered):
            texts_on(place, stick)
        vault.refresh_place(str(stick))
    assert texts_on(place, stick) == ["een"]


def spoil(vault: Vault, stick: Path) -> None:
    """Every living slot of the stick gets other bytes, past the program."""
    with sticks.Stick(str(stick), vault._state) as found:
        state = found.state
        with state.store.transaction() as change:
            for slot in state.ledger.firsts():
                change.put_slot(slot, bytes(limits.SLOT_BOX))


def test_a_medium_that_keeps_other_bytes_than_it_was_given_confirms_nothing(
    place: Place, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # seen to fail: without reading back
    with place.create() as vault:
        gone = vault.add("weg").handle
        vault.add_place(str(stick))
        vault.shred([gone])
        vault.add("erbij")
        plain = SqlcipherStore.scan_slots
        with monkeypatch.context() as patch:
            patch.setattr(
                SqlcipherStore, "scan_slots", lambda store: ((at, box[:-1] + b"\0") for at, box in plain(store))
            )
            with pytest.raises(errors.PlaceNotVerified):
                vault.refresh_place(str(stick))
        assert (vault.places()[0].lacks, vault.places()[0].owes) == (True, True)
        assert not vault.refresh_place(str(stick)).owes


def test_a_note_that_is_damaged_in_the_vault_does_not_keep_the_stick_from_following(place: Place, stick: Path) -> None:
    with place.create() as vault:
        gone, hurt = vault.add("weg").handle, vault.add("beschadigd").handle
        vault.add_place(str(stick))
        state = vault._state
        with state.store.transaction() as change:
            change.put_slot(next(slot for slot in state.ledger.firsts() if slot == vault._find(hurt)), bytes(1984))
        vault.shred([gone])
        assert not vault.refresh_place(str(stick)).owes
        with pytest.raises(errors.SlotTampered):
            vault.show(hurt)
    # the stick's own box still opens, and was left alone
    assert texts_on(place, stick) == ["beschadigd"]


# Seen to fail: with links followed. Then removing the stick destroys the vault's own anchor, or its header.
@pytest.mark.parametrize("hard", [False, True])
@pytest.mark.parametrize("what", ["header", "vault.db", "anchor", "anchor file", "anchor folder"])
def test_a_stick_whose_files_are_links_to_the_vaults_own_is_refused_whatever_is_asked(
    place: Place, stick: Path, what: str, hard: bool
) -> None:
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        home = next((stick / "anchor").iterdir())
        own, linked = {
            "header": (place.header, stick / "header"),
            "vault.db": (place.db, stick / "vault.db"),
            "anchor": (place.state, stick / "anchor"),
            "anchor folder": (place.anchor.parent, home),
            "anchor file": (place.anchor, home / "anchor"),
        }[what]
        if hard and own.is_dir():
            return
        shutil.rmtree(linked) if linked.is_dir() else linked.unlink()
        os.link(own, linked) if hard else linked.symlink_to(own)
        before = place.snapshot()
        for refuse in (vault.refresh_place, vault.remove_place, vault.add_place):
            with pytest.raises(errors.PlaceDamaged):
                refuse(str(stick))
        assert place.snapshot() == before
    with place.open() as vault:
        assert texts(vault) == ["een"]


def test_what_looks_like_the_rest_of_an_unfinished_stick_leads_nowhere_else(place: Place, stick: Path) -> None:
    # seen to fail: without the look at links in make_stick: the vault's own anchor is cleared away
    with place.create() as vault:
        vault.add("een")
        stick.mkdir()
        shutil.copy(place.header, stick / "header.next")
        (stick / "anchor").symlink_to(place.state)
        before = place.anchor.read_bytes()
        with pytest.raises(errors.PlaceDamaged):
            vault.add_place(str(stick))
        # but for the records of the newest head
        assert place.anchor.read_bytes()[:4096] == before[:4096]
    with place.open() as vault:
        assert texts(vault) == ["een"]


# -- media that fail


@pytest.mark.parametrize("full", [True, False])
def test_a_stick_that_is_full_or_read_only_or_pulled_out_is_told_and_the_vault_is_unharmed(
    place: Place, stick: Path, monkeypatch: pytest.MonkeyPatch, full: bool
) -> None:
    with place.create() as vault:
        gone = vault.add("weg").handle
        vault.add("een")
        vault.add_place(str(stick))
        vault.shred([gone])
        plain = files.write_new

        def fails(path: str, data: bytes) -> None:
            if path.startswith(str(stick)):
                raise errors.StorageFailed(full=full, read_only=not full)
            plain(path, data)

        with monkeypatch.context() as patch:
            patch.setattr(files, "write_new", fails)
            with pytest.raises(errors.PlaceFailed) as failed:
                vault.refresh_place(str(stick))
        assert (failed.value.full, failed.value.read_only) == (full, not full)
        assert vault.places()[0].owes
        shutil.move(stick, stick.with_name("weg"))
        assert not vault.places()[0].reachable
        with pytest.raises(errors.PlaceMissing):
            vault.refresh_place(str(stick))
        vault.add("twee")
        shutil.move(stick.with_name("weg"), stick)
        assert not vault.refresh_place(str(stick)).owes
        assert texts(vault) == ["een", "twee"]


def test_a_stick_that_somebody_else_has_open_is_not_touched(place: Place, stick: Path) -> None:
    with place.create() as vault:
        vault.add_place(str(stick))
        with open_vault(stick_paths(str(stick)), place.passphrase, clock=place.clock):
            for refuse in (vault.refresh_place, vault.remove_place):
                with pytest.raises(errors.VaultBusy):
                    refuse(str(stick))


def test_a_file_system_without_modes_will_do(place: Place, stick: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # as FAT and network disks: nobody can set a mode, and there are no links
    def refused(path: object, *_: object, **__: object) -> None:
        if str(path).startswith(str(stick)):
            raise PermissionError(1, "")

    for name in ("chmod", "link", "symlink"):
        monkeypatch.setattr(os, name, refused)
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        vault.add_many(["vulling"] * limits.POOL_LEAST)
        assert not vault.refresh_place(str(stick)).lacks


# -- limits


def test_places_have_an_end_and_no_two_have_one_name(place: Place, tmp_path: Path) -> None:
    with place.create() as vault:
        one = tmp_path / "usb"
        vault.add_place(str(one))
        shutil.move(one, tmp_path / "in de la")
        # another stick at the same mount point
        vault.add_place(str(one))
        assert [each.name for each in vault.places()] == [str(one), f"{one} (2)"]
        with pytest.raises(errors.PlaceMissing):
            vault.forget_place(str(tmp_path / "nooit"))
        for at in range(limits.PLACES - 2):
            vault.add_place(str(tmp_path / f"stick {at}"))
        with pytest.raises(errors.PlacesTooMany):
            vault.add_place(str(tmp_path / "te veel"))
        assert not (tmp_path / "te veel").exists()
        with pytest.raises(errors.PlaceFolderRefused):
            vault.add_place(str(tmp_path / ("n" * 200)))
        # a stick is known by what it says, wherever it is
        assert vault.refresh_place(str(tmp_path / "in de la")).name == str(tmp_path / "in de la")
        assert str(one) in [each.name for each in vault.places()]
        vault.forget_place(str(one))
        assert len(vault.places()) == limits.PLACES - 1
