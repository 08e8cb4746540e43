"""The coach's registers live in slots: sealed as notes are, no note to anybody, and gone when they are taken out.

Docs: docs/spec/places.md section 9, docs/adr/0029. Each test says how it was seen to fail.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from tests.support.attacker import Attacker
from tests.support.camera import Camera
from tests.support.fleet import fleet
from tests.support.vaults import Place, Snapshot, enrolled
from vault import errors, limits
from vault.formats import breaches as breaches_format
from vault.formats.breaches import Breach
from vault.ledger import FIRST, RECORD
from vault.months import Period
from vault.receipt import verify
from vault.service import Vault, change, notes, records

KEPT = Breach(1, 29_900_000, "een laptop in de trein")
GONE = Breach(2, 29_900_001, "kanarie eruit gehaald")
CHANGED = Breach(3, 29_900_002, "kanarie eerst zo", measures="kanarie maatregel " * 150)
INSTEAD = CHANGED._replace(happened="daarna anders", measures="")
BIG = Breach(0, 29_900_003, "veel", data="d" * 4000, people="p" * 4000, consequences="c" * 4000)


@pytest.fixture
def vault(place: Place) -> Iterator[Vault]:
    with place.create() as made:
        yield made


def texts_of(breaches: tuple[Breach, ...]) -> list[str]:
    return [each.happened for each in breaches]


# -- P6


def career(place: Place, camera: Camera) -> None:
    with place.create() as vault:
        for breach in (KEPT, GONE, CHANGED):
            vault.add_breach(breach)
        vault.remove_breach(2)
        vault.set_breach(INSTEAD)
        assert texts_of(vault.breaches()) == [KEPT.happened, INSTEAD.happened]
        vault.remove_breach(1)
        vault.remove_breach(3)
        assert vault.breaches() == ()
        vault.add_breach(KEPT)
    camera.shoot()


def read_by_an_attacker(place: Place, camera: Camera) -> bytes:
    state: Snapshot = {name: raw for name, raw in place.snapshot().items() if name.startswith("state/")}
    return Attacker([*camera.of_data(), state], [place.passphrase, place.code]).reads()


def test_what_was_removed_or_changed_is_in_no_older_copy(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = Camera(place, monkeypatch)
    career(place, camera)
    read = read_by_an_attacker(place, camera)
    assert KEPT.happened.encode() in read
    assert b"kanarie" not in read


def test_without_a_new_epoch_the_attacker_would_read_it(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """The protection taken out: a register is written over and nothing more."""

    def overwritten(vault: Vault, firsts: list[int], fresh: list[change.Part]) -> None:
        gone = [slot for first in firsts for slot in notes.chain(vault._state, first)]
        change.commit(vault._state, [*notes.erase(gone, {}), *fresh])

    monkeypatch.setattr(records.Records, "_destroy", overwritten)
    camera = Camera(place, monkeypatch)
    career(place, camera)
    assert b"kanarie" in read_by_an_attacker(place, camera)


# -- P10


def test_killed_at_any_step_the_register_is_the_old_or_the_new_one(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every durable step's files are a vault that opens. Seen to fail with old and new written in two commits."""
    states: list[tuple[Breach, ...]] = [()]
    with monkeypatch.context() as patched:
        camera = Camera(place, patched)
        with place.create() as vault:
            vault.add("de notitie")
            started = len(camera.images)
            for change_it in (
                lambda: vault.add_breach(KEPT),
                lambda: vault.add_breach(CHANGED),
                lambda: vault.set_breach(CHANGED._replace(number=2, happened="anders")),
                lambda: vault.remove_breach(1),
                lambda: vault.remove_breach(2),
            ):
                change_it()
                states.append(vault.breaches())
        images = list(camera.images[started:])
    found = [0]
    for image in images:
        place.restore(image)
        with place.open() as vault:
            # none that there was before the last one
            found.append(states.index(vault.breaches(), found[-1]))
            assert [note.text for note in vault.notes()] == ["de notitie"]
    assert set(found) == set(range(len(states)))
    assert len(images) > 20


# -- no note


def test_a_register_is_no_note_to_anything(vault: Vault) -> None:
    """Seen to fail with kind FIRST in the place of RECORD."""
    handle = vault.add("een notitie").handle
    before, free = vault.status(), vault.free_slots()
    vault.add_breach(KEPT)
    assert vault.handles() == [handle]
    assert [note.text for note in vault.notes()] == ["een notitie"]
    assert vault.find(["laptop"]) == []
    assert vault.status() == before._replace(used=before.used + 1)
    assert vault.free_slots() == free - 1
    assert vault.months_left().keys() == {handle}
    assert vault.draft() is None
    vault.seal_draft("een concept")
    vault.drop_draft()
    assert vault.breaches() == (KEPT,)
    # a note may have the handle of the register's number
    for start in ("bababa", "ba"):
        with pytest.raises(errors.NoteNotFound):
            vault.show(start)


def test_a_receipt_does_not_count_it(vault: Vault, tmp_path: Path) -> None:
    vault.add_breach(KEPT)
    handle = vault.add("weg").handle
    done = vault.shred_for_client([handle], claimed=True, receipt_to=str(tmp_path / "bewijs.json"))
    assert verify(done.receipt).notes == 1
    assert vault.breaches() == (KEPT,)


def test_it_never_expires(place: Place) -> None:
    """Seen to fail with the entry's expiry in this month, and RECORD among the kinds that `due` looks at."""
    with place.create() as vault:
        vault.add("weg", Period(2, "m"))
        vault.add_breach(KEPT)
    for year in range(2027, 2045):
        place.day = date(year, 1, 1)
        with place.open() as vault:
            vault.confirm_clock()
            assert vault.breaches() == (KEPT,)
    with place.open() as vault:
        assert vault.notes() == []


# -- moving house


def test_it_moves_house_along(place: Place) -> None:
    """Seen to fail with RECORD left out of what moves."""
    with place.create() as vault:
        for _ in range(3):
            vault.add_breach(BIG)
        kept = vault.breaches()
        assert len(vault._state.ledger.chain(vault._state.ledger.firsts(RECORD)[0])) > 15
        vault.add_many(["vulling"] * limits.POOL_LEAST)
        assert vault.status().pool > limits.POOL_LEAST
        assert vault.breaches() == kept
    with place.open() as vault:
        assert vault.breaches() == kept


def test_a_register_that_needs_a_larger_pool_gets_one(place: Place) -> None:
    with place.create() as vault:
        vault.add_many(["vulling"] * (limits.POOL_LEAST - 3))
        vault.add_breach(KEPT)
        vault.add_breach(BIG)
        assert vault.status().pool > limits.POOL_LEAST
        assert texts_of(vault.breaches()) == [KEPT.happened, "veel"]
        assert len(vault._state.ledger.firsts(RECORD)) == 1


# -- other devices


def test_it_is_not_synced_and_syncing_leaves_it_alone() -> None:
    """Seen to fail with kind FIRST and an id in the place of RECORD: the other device had it as a note."""
    with fleet() as devices:
        laptop = devices.first("laptop")
        laptop.add("van allebei")
        laptop.vault.add_breach(KEPT)
        laptop.sync()
        phone = devices.join("phone", "laptop")
        phone.sync()
        phone.add("van de telefoon")
        phone.vault.add_breach(INSTEAD)
        for device in (phone, laptop, phone):
            device.sync()
        assert laptop.texts() == phone.texts() == ["van allebei", "van de telefoon"]
        assert texts_of(laptop.vault.breaches()) == [KEPT.happened]
        assert texts_of(phone.vault.breaches()) == [INSTEAD.happened]
        for device in (laptop, phone):
            status = device.vault.sync_status()
            assert status is not None
            assert status.unsynced == 0
            remembered = device.vault._remembered
            assert remembered is not None
            assert RECORD not in remembered.ledger.kinds
            assert len(remembered.ledger.firsts(FIRST)) == 2


def test_a_change_of_it_leaves_no_tomb(vault: Vault) -> None:
    enrolled(vault)
    vault.add_breach(KEPT)
    vault.set_breach(KEPT._replace(measures="op afstand gewist"))
    vault.remove_breach(1)
    assert vault._state.ledger.tombs() == []


def test_a_revoked_device_destroys_it_with_everything_else(vault: Vault) -> None:
    """Seen to fail with RECORD left out of what is destroyed."""
    enrolled(vault)
    vault.add_breach(KEPT)
    vault._destroy_all()
    assert vault.breaches() == ()
    assert vault.status().used == 0


# -- what is refused


def _stored(vault: Vault, text: str) -> None:
    vault._put_record(records.BREACHES, text)


def test_a_register_in_another_form_is_damage_and_a_newer_one_is_told_apart(vault: Vault) -> None:
    text = breaches_format.encode([KEPT])
    for wrong in ("{}", text + " ", "kanarie"):
        _stored(vault, wrong)
        with pytest.raises(errors.SlotTampered):
            vault.breaches()
    _stored(vault, text.replace('"version":1', '"version":2'))
    with pytest.raises(errors.VersionUnknown):
        vault.breaches()
    _stored(vault, text)
    assert vault.breaches() == (KEPT,)


def test_what_can_not_be_kept_is_refused_and_nothing_changes(vault: Vault) -> None:
    vault.add_breach(KEPT)
    with pytest.raises(errors.BreachRefused):
        vault.add_breach(KEPT._replace(happened=" "))
    with pytest.raises(errors.BreachRefused):
        vault.set_breach(KEPT._replace(data="x" * (limits.BREACH_TEXT_BYTES + 1)))
    with pytest.raises(errors.BreachRefused):
        vault.set_breach(KEPT._replace(data="\ud800"))
    with pytest.raises(errors.BreachUnknown):
        vault.remove_breach(7)
    with pytest.raises(errors.BreachUnknown):
        vault.set_breach(KEPT._replace(number=7))
    assert vault.breaches() == (KEPT,)


def test_a_full_register_says_so(vault: Vault) -> None:
    full = [BIG._replace(number=at, measures="m" * 4000) for at in range(1, 17)]
    vault._put_record(records.BREACHES, breaches_format.encode(full))
    with pytest.raises(errors.RegisterFull):
        vault.add_breach(BIG._replace(measures="m" * 4000))
    assert len(vault.breaches()) == 16


def test_numbers_go_on_from_the_highest(vault: Vault) -> None:
    assert [vault.add_breach(KEPT).number for _ in range(3)] == [1, 2, 3]
    vault.remove_breach(2)
    assert vault.add_breach(KEPT).number == 4
    assert [each.number for each in vault.breaches()] == [1, 3, 4]
