"""P6 with the anchor in a TPM: no trust in the disk. Every file there ever was, those of the anchor included, with
every passphrase and code and the TPM as it is now, opens no shredded, expired, replaced or edited-away text.

Seen to fail: with the increment left out (built in below); with a bound that is given out twice (by hand); with the old
counter left when the anchor moves out of the TPM, and no step past it (by hand).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.promises.test_p06_shredded_for_good import ALIVE, GONE, NEW, career, found
from tests.support import tpm as tpms
from tests.support.attacker import Attacker
from tests.support.camera import Camera
from tests.support.faultshim import NEVER, Facts, in_child
from tests.support.tpm import Tpm, as_files, opened_by
from tests.support.tpmtap import How, Tap
from tests.support.vaults import Place, Snapshot
from vault import errors
from vault.anchor import tpm as tpm_anchor
from vault.formats import tpmfile
from vault.months import Period
from vault.service import Vault
from vault.store.sqlcipher import SqlcipherStore


@pytest.fixture
def tpm(tmp_path: Path) -> Iterator[Tpm]:
    yield from tpms.running(tmp_path / "tpm")


@pytest.fixture
def place(tmp_path: Path, tpm: Tpm, monkeypatch: pytest.MonkeyPatch) -> Place:
    """Every vault that is made here has its anchor in the TPM from its first moment on."""
    place = Place(tmp_path)
    place.paths = place.paths._replace(tpm=tpm.tcti)
    plain = place.create

    def create(keep: str = "1y", cost: str = "fast") -> Vault:
        vault = plain(keep, cost)
        vault.move_anchor("tpm")
        return vault

    monkeypatch.setattr(place, "create", create)
    return place


@pytest.fixture
def camera(place: Place, monkeypatch: pytest.MonkeyPatch) -> Camera:
    return Camera(place, monkeypatch)


def loot(camera: Camera, tpm: Tpm) -> list[Snapshot]:
    """All versions of all files, and what the TPM opens of them now."""
    return [*camera.images, *as_files(opened_by(tpm, camera.images))]


def test_every_old_file_and_every_secret_and_the_tpm_as_it_is_now_open_nothing_that_is_gone(
    place: Place, camera: Camera, tpm: Tpm
) -> None:
    career(place, camera)
    names = {Path(name).name for image in camera.images for name in image}
    assert {"anchor", "anchor.tpm", "anchor.tpm.next", "vault.db-journal"} <= names
    read = Attacker(loot(camera, tpm), [place.passphrase, NEW, place.code]).reads()
    assert ALIVE.encode() in read, "the attack does not even open what lives"
    assert found(read) == []


def test_without_the_increment_the_attacker_reads_everything(
    place: Place, camera: Camera, tpm: Tpm, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tpm_anchor.TpmAnchor, "_step", lambda *_: None)
    career(place, camera)
    read = Attacker(loot(camera, tpm), [place.passphrase, NEW, place.code]).reads()
    assert found(read) == list(GONE)


def test_after_moving_to_a_file_the_tpm_opens_nothing_of_what_it_opened(place: Place, camera: Camera, tpm: Tpm) -> None:
    with place.create() as vault:
        handle = vault.add(GONE["shredded alone"]).handle
        vault.add(ALIVE)
        before = list(camera.images)
        vault.move_anchor("file")
        vault.shred([handle])
    assert opened_by(tpm, camera.images) == []
    assert tpm.counters() == []
    current = {name: raw for name, raw in place.snapshot().items() if name.startswith("state/")}
    files = [*camera.of_data(), *before, current]
    read = Attacker(files, [place.passphrase, place.code]).reads()
    assert ALIVE.encode() in read
    assert found(read) == []


def broken_off(vault: Vault, handles: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A shred that does not come about, at the last moment: the next anchor is made already."""
    plain = SqlcipherStore.transaction

    @contextmanager
    def failing(store: SqlcipherStore) -> Iterator[object]:
        with plain(store) as change:
            yield change
            raise errors.StorageFailed

    with monkeypatch.context() as patch:
        patch.setattr(SqlcipherStore, "transaction", failing)
        with pytest.raises(errors.StorageFailed):
            vault.shred(handles)


# Seen to fail: with every next blob sealed under the bound after the current one's (what did not come about lives on).
@pytest.mark.parametrize("unlocked_between", [False, True])
def test_the_tpm_opens_no_epoch_that_did_not_come_about_once_the_next_one_does(
    place: Place, camera: Camera, tpm: Tpm, monkeypatch: pytest.MonkeyPatch, unlocked_between: bool
) -> None:
    vault = place.create()
    one = vault.add("kanarie een ").handle
    for _ in range(3):
        broken_off(vault, [one], monkeypatch)
        if unlocked_between:
            vault.close()
            vault = place.open()
    vault.shred([one])
    vault.close()
    made = {raw for image in camera.images for name, raw in image.items() if Path(name).name == "anchor.tpm.next"}
    assert len(made) >= 5
    opened = opened_by(tpm, camera.images)
    with place.open() as vault:
        assert [anchor.epoch for anchor in opened] == [vault._state.head.epoch]


def test_the_program_itself_opens_no_old_disk_and_says_why(place: Place, tpm: Tpm) -> None:
    with place.create() as vault:
        handle = vault.add("kanarie een ").handle
        vault.add(ALIVE)
    old = place.snapshot()
    with place.open() as vault:
        vault.shred([handle])
    new = place.snapshot()
    # the whole disk of then
    place.restore(old)
    with pytest.raises(errors.AnchorSpent):
        place.open()
    assert place.snapshot() == old, "refusing changes nothing"
    # the data folder of then
    place.restore({**{name: raw for name, raw in new.items() if name.startswith("state/")}, **data_of(old)})
    with pytest.raises(errors.AnchorMismatch):
        place.open()
    # the anchor's file of then
    place.restore({**{name: raw for name, raw in old.items() if name.startswith("state/")}, **data_of(new)})
    with pytest.raises(errors.AnchorMismatch):
        place.open()
    place.restore(new)
    with place.open(place.code) as vault:
        assert [note.text for note in vault.notes()] == [ALIVE]


def data_of(snapshot: Snapshot) -> Snapshot:
    return {name: raw for name, raw in snapshot.items() if name.startswith("data/")}


# Seen to fail: without parameter encryption, for what is sent as for what is answered.
def test_neither_secret_nor_auth_value_crosses_the_bus_in_the_clear(place: Place, tpm: Tpm, tmp_path: Path) -> None:
    heard = tmp_path / "heard"

    def listened_to() -> Facts:
        tap = Tap(tpm.port, heard)
        tap.start(NEVER, How.KILLED)
        place.paths = place.paths._replace(tpm=tap.tcti)
        with place.create() as vault:
            vault.shred([vault.add("weg").handle])
            secret = vault._state.anchor.find(vault._state.head.epoch).secret
        file = tpmfile.decode(place.anchor.with_name("anchor.tpm").read_bytes())
        return {"secrets": [each.hex() for each in (secret, file.seat.auth)]}

    facts, _ = in_child(listened_to)
    assert facts is not None
    crossed = heard.read_bytes()
    assert len(crossed) > 5000
    for secret in facts["secrets"]:
        assert bytes.fromhex(secret) not in crossed


def test_what_expired_is_gone_from_a_copy_of_the_whole_disk(place: Place, tpm: Tpm) -> None:
    with place.create() as vault:
        vault.add("kanarie zes ", Period(2, "m"))
        vault.add(ALIVE)
    old = place.snapshot()
    place.to_month((place.day.year - 2000) * 12 + place.day.month + 1)
    with place.open() as vault:
        assert vault.expired_at_open == 1
    place.restore(old)
    with pytest.raises(errors.AnchorSpent):
        place.open()


def test_a_counter_that_was_removed_and_made_anew_revives_nothing(place: Place, camera: Camera, tpm: Tpm) -> None:
    # whoever has the TPM, the auth value from the file and all the time there is
    from vault.anchor.chip import Chip

    with place.create() as vault:
        handle = vault.add("kanarie een ").handle
        old = camera.images[-1]
        vault.shred([handle])
        folder = Path(place.paths.anchor(vault._state.vault_id))
    camera.shoot()
    assert len(opened_by(tpm, camera.images)) == 1
    seat = tpmfile.decode((folder / "anchor.tpm").read_bytes()).seat
    with Chip(tpm.tcti) as chip:
        highest = chip.value(seat)
        chip._tss.nv_undefine_space(chip._counter(seat))
        assert chip.define(seat) > highest
    assert opened_by(tpm, [*camera.images, old]) == []
    with pytest.raises(errors.AnchorSpent):
        place.open()
