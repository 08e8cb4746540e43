"""A place is only read when a vault is restored from it or a restore is rehearsed (docs/spec/places.md section 4)."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.restoring import as_vault, rehearsed, restored, whole
from tests.support.vaults import Place
from vault import errors
from vault.service import looking
from vault.service.backup import NAME
from vault.service.restoring import open_places


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / "disk"
    folder.mkdir()
    return folder


def _rehearse(place: Place, stick: Path, disk: Path) -> None:
    assert rehearsed(place, stick, disk).whole


def _wrong(place: Place, stick: Path, disk: Path) -> None:
    with pytest.raises(errors.WrongSecret), open_places([str(stick)], "een verkeerde wachtzin"):
        pass


def _restore(place: Place, stick: Path, disk: Path) -> None:
    restored(Place(place.folder.parent / f"{place.folder.name} elders"), place, stick, disks=(disk,)).close()


@pytest.mark.parametrize("looks", [_rehearse, _wrong, _restore])
def test_looking_changes_no_byte_and_no_time_of_vault_place_and_backup(
    place: Place, stick: Path, disk: Path, looks: Callable[[Place, Path, Path], None]
) -> None:
    # Seen to fail with the database opened where it lies, and with files read without O_NOATIME.
    with place.create() as vault:
        vault.add_many(["een", "twee " * 900])
        vault.add_place(str(stick))
        vault.back_up(str(disk))
    before = whole(place.folder)
    looks(place, stick, disk)
    assert whole(place.folder) == before
    assert sorted(path.name for path in disk.iterdir()) == [NAME]


def test_an_interrupted_refresh_is_read_without_being_finished(
    place: Place, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hot journal, a second anchor and a next header on the stick: what held before the refresh opens, untouched."""
    from tests.support.camera import Camera

    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
        vault.shred([vault.add("weg").handle])
        vault.change_passphrase("een heel andere wachtzin")
        camera = Camera(as_vault(place, stick), monkeypatch)
        images: list[dict[str, bytes]] = []

        def shoot() -> None:
            images.append({str(path): path.read_bytes() for path in stick.rglob("*") if path.is_file()})

        camera.shoot = shoot  # type: ignore[method-assign]
        vault.refresh_place(str(stick))
        camera.shoot = lambda: None  # type: ignore[method-assign]
    journals = [image for image in images if any(name.endswith("-journal") for name in image)]
    assert journals
    for image in images:
        for path in stick.rglob("*"):
            if path.is_file():
                path.unlink()
        for name, content in image.items():
            Path(name).write_bytes(content)
        before = whole(stick)
        assert rehearsed(place, stick)[:3] == (1, 0, 0)
        assert whole(stick) == before


def test_the_copy_that_is_read_is_gone_afterwards(
    place: Place, stick: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "memory"
    memory.mkdir()
    monkeypatch.setattr(looking, "_MEMORY", str(memory))
    with place.create() as vault:
        vault.add("een")
        vault.add_place(str(stick))
    with open_places([str(stick)], place.code):
        (made,) = memory.iterdir()
        assert made.stat().st_mode & 0o777 == 0o700
        assert sorted(path.name for path in made.iterdir()) == ["vault.db"]
    assert list(memory.iterdir()) == []
    _wrong(place, stick, memory)
    assert list(memory.iterdir()) == []


def test_a_place_that_is_being_refreshed_is_told_as_busy(place: Place, stick: Path) -> None:
    with place.create() as vault:
        vault.add_place(str(stick))
    with (
        open_places([str(stick)], place.code),
        place.open() as vault,
        pytest.raises(errors.VaultBusy),
    ):
        vault.refresh_place(str(stick))
