"""What somebody puts on a stick, beside a backup or in the vault's folder, and hands to the coach: neither the vault
nor anything else of theirs is harmed, and every command ends (docs/spec/places.md 3.1, 4, 5; P10, P11)."""

import os
import shutil
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

import pytest

from tests.support import tpm as tpms
from tests.support.tpm import Tpm
from tests.support.vaults import Place
from vault import errors, limits
from vault.service.looking import look_at_place
from vault.service.paths import Paths

ALIVE = "de levende notitie"


class _Hung(Exception):
    pass


@pytest.fixture(autouse=True)
def nothing_hangs() -> Iterator[None]:
    """What waits for somebody to write into a pipe is broken off, with an error that is nobody's."""

    def broken_off(_number: int, _frame: FrameType | None) -> None:
        raise _Hung

    before = signal.signal(signal.SIGALRM, broken_off)
    signal.alarm(4)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


@pytest.fixture
def stick(place: Place) -> Path:
    """The stick of a vault with one note."""
    folder = place.folder / "stick"
    with place.create() as vault:
        vault.add(ALIVE)
        vault.add_place(str(folder))
    return folder


def texts(place: Place) -> list[str]:
    with place.open() as vault:
        return [note.text for note in vault.notes()]


def anchor_folder(stick: Path) -> Path:
    return next((stick / "anchor").iterdir())


# -- a TPM is nothing that a stick may speak of


@pytest.fixture
def tpm(tmp_path: Path) -> Iterator[Tpm]:
    yield from tpms.running(tmp_path / "tpm")


# Seen to fail when sticks may have any kind of anchor: opening one «destroyed what was left of a move», and with it the
# counter in the TPM that the vault's own anchor needs (AnchorLost).
def test_the_vaults_anchor_file_from_an_old_disk_put_on_a_stick_does_not_reach_the_tpm(
    place: Place, stick: Path, tpm: Tpm, monkeypatch: pytest.MonkeyPatch
) -> None:
    # as on a computer, where one TPM is there for whoever asks
    place.paths = place.paths._replace(tpm=tpm.tcti)
    monkeypatch.setattr(Paths.__new__, "__defaults__", (tpm.tcti,))
    with place.open() as vault:
        vault.move_anchor("tpm")
    before = tpm.counters()
    assert len(before) == 1
    for name in ("anchor.tpm", "anchor.tpm.next"):
        shutil.copy(place.anchor.with_name("anchor.tpm"), anchor_folder(stick) / name)
    with place.open() as vault:
        vault.refresh_place(str(stick))
        vault.remove_place(str(stick))
    assert tpm.counters() == before
    assert texts(place) == [ALIVE]


# -- pipes, links and files without end

NAMES = ("header", "header.next", "vault.db", "vault.db-journal", "lock", "anchor/anchor", "anchor/anchor.next")


def put(stick: Path, name: str, make: Callable[[Path], None]) -> Path:
    path = anchor_folder(stick) / name.partition("/")[2] if "/" in name else stick / name
    path.unlink(missing_ok=True)
    make(path)
    return path


def refresh(place: Place, stick: Path) -> None:
    with place.open() as vault:
        vault.refresh_place(str(stick))


def remove(place: Place, stick: Path) -> None:
    with place.open() as vault:
        vault.remove_place(str(stick))


def restore(place: Place, stick: Path) -> None:
    with look_at_place(str(stick), place.passphrase):
        pass


# Seen to fail, by hanging, when a file is opened as it is; a link was followed by whoever restores.
@pytest.mark.parametrize("what", [refresh, remove, restore])
@pytest.mark.parametrize("name", NAMES)
def test_a_pipe_or_a_link_on_a_stick_is_refused(
    place: Place, stick: Path, name: str, what: Callable[[Place, Path], None]
) -> None:
    shutil.copytree(stick, place.folder / "kept")
    for make in (os.mkfifo, lambda path: path.symlink_to(place.folder / "kept" / "vault.db")):
        path = put(stick, name, make)
        with pytest.raises((errors.PlaceDamaged, errors.PlaceMissing)):
            what(place, stick)
        with place.open() as vault:
            assert len(vault.places()) == 1
        path.unlink()


# Seen to fail when a copy is made of whatever is there: it filled the memory.
def test_a_stick_that_is_larger_than_any_vault_is_refused_before_it_is_copied(place: Place, stick: Path) -> None:
    with open(stick / "vault.db", "r+b") as file:
        file.truncate(limits.DATABASE_BYTES + 4096)
    with pytest.raises(errors.PlaceDamaged):
        restore(place, stick)


# Seen to fail, by hanging, as above.
def test_a_pipe_in_the_place_of_a_backup_is_refused(place: Place, stick: Path) -> None:
    os.mkfifo(place.folder / "ongemerkt-backup")
    with place.open() as vault, pytest.raises(errors.BackupDamaged):
        vault.back_up(str(place.folder))


# Seen to fail, by hanging, as above.
@pytest.mark.parametrize("name", ["header", "header.next", "vault.db", "vault.db-journal"])
def test_a_pipe_in_the_vaults_own_folder_keeps_nobody_waiting(place: Place, stick: Path, name: str) -> None:
    kept = place.snapshot()
    (place.data / name).unlink(missing_ok=True)
    os.mkfifo(place.data / name)
    try:
        place.open().close()
    except errors.VaultDamaged:
        place.restore(kept)
    assert texts(place) == [ALIVE]


# -- a link in the vault's folder, put there by somebody who may write in it and nowhere else


# Seen to fail when a file is written through a link: the other file was overwritten, or made.
@pytest.mark.parametrize("there", [True, False])
def test_nothing_is_written_through_a_link_that_waits_under_the_name_of_a_file_to_come(
    place: Place, stick: Path, there: bool
) -> None:
    other = place.folder / "van mij"
    if there:
        other.write_text("heel")
    with place.open() as vault:
        (place.data / "header.next").symlink_to(other)
        with pytest.raises(errors.StorageFailed):
            vault.change_passphrase("een heel andere wachtzin")
    assert other.exists() == there
    assert not there or other.read_text() == "heel"
    assert texts(place) == [ALIVE]
