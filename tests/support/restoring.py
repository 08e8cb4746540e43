"""Restoring a vault from places and backups, and looking at all that a look could change."""

import os
from pathlib import Path

from tests.support.vaults import Place
from vault import limits
from vault.crypto import aead
from vault.service import Vault
from vault.service.restoring import Examined, examine, open_backups, open_places, restore_vault
from vault.service.sticks import stick_paths

NOW = 322


def restored(laptop: Place, place: Place, *sticks: Path, disks: tuple[Path, ...] = (), secret: str = "") -> Vault:
    """The vault on the new computer, open."""
    laptop.code = place.code
    with (
        open_places([str(each) for each in sticks], secret or place.code) as (opened, _closed),
        open_backups(opened.state, [str(each) for each in disks]) as backups,
    ):
        boxes = examine(opened.state, backups, NOW).boxes
        return restore_vault(laptop.paths, opened, boxes, clock=laptop.clock)


def rehearsed(place: Place, stick: Path, *disks: Path) -> Examined:
    with (
        open_places([str(stick)], place.code) as (opened, _closed),
        open_backups(opened.state, [str(each) for each in disks]) as backups,
    ):
        return examine(opened.state, backups, NOW)


def texts(vault: Vault) -> list[str]:
    return sorted(note.text for note in vault.notes())


def whole(folder: Path) -> dict[str, tuple[object, ...]]:
    """Every name below a folder with all that a look at it could change: content, size, mode, owner and all times."""
    found: dict[str, tuple[object, ...]] = {}
    for path in [folder, *sorted(folder.rglob("*"))]:
        status = path.lstat()
        times = (status.st_atime_ns, status.st_mtime_ns, status.st_ctime_ns)
        found[str(path)] = (*times, status.st_ino, status.st_size, status.st_mode, status.st_nlink)
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            descriptor = os.open(path, os.O_RDONLY | os.O_NOATIME)
            with open(descriptor, "rb") as file:
                found[str(path)] += (file.read(),)
    return found


def spoil(folder: Place, slot: int) -> None:
    """Noise in the place of a box."""
    with folder.database() as connection:
        connection.execute("UPDATE slot SET box=? WHERE n=?", (aead.noise(limits.SLOT_BOX), slot))


def as_vault(place: Place, stick: Path) -> Place:
    """The stick, as the tests handle a vault."""
    found = Place(stick.parent)
    found.data, found.paths, found.passphrase = stick, stick_paths(str(stick)), place.passphrase
    return found
