"""Backups: slots without a ledger, written in place and read back (docs/spec/places.md section 5, docs/adr/0026)."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import islice
from typing import NamedTuple, Self

from vault import errors, files, limits
from vault.crypto import aead
from vault.crypto.derive import backup_key
from vault.formats import backup as backup_format
from vault.formats.backup import Backup
from vault.formats.reader import FormatError
from vault.service.callbacks import Progress
from vault.service.entering import candidates
from vault.service.looking import newest_slots
from vault.service.paths import Paths
from vault.service.slots import all_boxes
from vault.store.contract import Store

NAME = "ongemerkt-backup"
KEY = "backup.key"
_BESIDE = ".new"
_NAMES_BOX = 57
"""Bytes of a box's version, nonce and commitment: no other box begins with them."""


class BackedUp(NamedTuple):
    """What a backup did: segments in it and written now, its size in bytes, and the slots that couldn't be read."""

    segments: int
    written: int
    size: int
    unread: int


def back_up(
    store: Store, vault_id: bytes, static: bytes, pool: int, folder: str, progress: Progress | None = None
) -> BackedUp:
    """Brings the backup in `folder` up to date with these slots, or makes it; what was written is read back.

    A slot that can't be read keeps the box that the backup has. Raises BackupMissing (no such folder), BackupDamaged,
    BackupOfAnother, BackupNotVerified, TargetFailed, and StorageFailed when the vault can't be read.
    """
    if not os.path.isdir(folder):
        raise errors.BackupMissing
    path, wanted = os.path.join(folder, NAME), Backup(vault_id, pool)
    with _at_target():
        found = _found(path)
    if found is not None and found.vault_id != vault_id:
        raise errors.BackupOfAnother
    if found == wanted:
        return _write(_Target(path, backup_key(static, vault_id), wanted), store, progress)
    return _write_whole(path, backup_key(static, vault_id), wanted, store, progress)


def _write_whole(path: str, key: bytes, wanted: Backup, store: Store, progress: Progress | None) -> BackedUp:
    """A new file beside, which then takes the place of the one that is there."""
    new = path + _BESIDE
    try:
        with _at_target():
            files.remove(new)
            files.write_new(new, backup_format.encode(wanted))
        done = _write(_Target(new, key, wanted), store, progress)
        with _at_target():
            files.rename(new, path)
            files.sync_folder(os.path.dirname(path))
    except BaseException:
        _remove(new)
        raise
    return done


def _found(path: str) -> Backup | None:
    raw = files.read(path, backup_format.SECTOR - 1)
    if raw is None:
        return None
    try:
        found = backup_format.decode(raw)
    except FormatError:
        raise errors.BackupDamaged from None
    if os.stat(path).st_size > found.size:
        raise errors.BackupDamaged
    return found


def _write(target: "_Target", store: Store, progress: Progress | None) -> BackedUp:
    """Writes the segments that differ and reads them back."""
    written, unread, backup = 0, 0, target.backup
    boxes = all_boxes(store, backup.pool)
    try:
        for segment in range(backup.segments):
            if progress:
                progress(segment, backup.segments)
            wanted = list(islice(boxes, limits.BACKUP_SEGMENT))
            held = target.read(segment)
            unread += wanted.count(None)
            filled = _filled(wanted, held)
            if filled != held:
                target.put(segment, filled)
                written += 1
        target.finish()
    finally:
        target.close()
    return BackedUp(backup.segments, written, backup.size, unread)


def _filled(wanted: list[bytes | None], held: list[bytes] | None) -> list[bytes]:
    """The boxes to write: in the place of one that can't be read the one that is held, else noise."""
    spare: list[bytes | None] = list(held) if held is not None else [None] * len(wanted)
    return [box or other or aead.noise(limits.SLOT_BOX) for box, other in zip(wanted, spare, strict=True)]


class _Target:
    """The file that is written. Every method raises TargetFailed."""

    def __init__(self, path: str, key: bytes, backup: Backup) -> None:
        self.backup = backup
        self._path = path
        self._key = key
        self._written: dict[int, bytes] = {}
        with _at_target():
            self._descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
            _drop_cache(self._descriptor)

    def close(self) -> None:
        """Lets go of the file."""
        os.close(self._descriptor)

    def read(self, segment: int) -> list[bytes] | None:
        """The boxes that the file has, None where it is cut off, damaged or not written yet."""
        return _segment(self._descriptor, self._key, self.backup.vault_id, segment)

    def put(self, segment: int, boxes: list[bytes]) -> None:
        """Writes one segment."""
        plain = backup_format.join(boxes)
        sealed = aead.seal(self._key, self.backup.vault_id, aead.BACKUP, segment, plain)
        self._written[segment] = sealed[:_NAMES_BOX]
        view, offset = memoryview(sealed), backup_format.place_of(segment)
        with _at_target():
            while view:
                count = os.pwrite(self._descriptor, view, offset)
                view, offset = view[count:], offset + count

    def finish(self) -> None:
        """Makes durable what was written, and reads it back from the disk. Raises BackupNotVerified."""
        with _at_target():
            os.fsync(self._descriptor)
            _drop_cache(self._descriptor)
            os.utime(self._descriptor, (files.EPOCH_TIME, files.EPOCH_TIME))
            anew = os.open(self._path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            for segment, name in self._written.items():
                if _segment(anew, self._key, self.backup.vault_id, segment, name) is None:
                    raise errors.BackupNotVerified
        finally:
            os.close(anew)
        files.still(self._path)


def _segment(descriptor: int, key: bytes, vault_id: bytes, segment: int, begins: bytes = b"") -> list[bytes] | None:
    """The boxes in a segment; None for one that was cut off, damaged or never written, or begins with other bytes."""
    try:
        raw = os.pread(descriptor, backup_format.SEGMENT, backup_format.place_of(segment))
    except OSError:
        # a part of the disk that can't be read; perhaps it can be written again
        return None
    if not raw.startswith(begins):
        return None
    try:
        return backup_format.split(aead.open_box(key, vault_id, aead.BACKUP, segment, raw))
    except (aead.BoxRefused, FormatError):
        return None


def _drop_cache(descriptor: int) -> None:
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)


def _remove(path: str) -> None:
    try:
        files.remove(path)
    except errors.StorageFailed:
        # the next backup removes it; the first failure is the one to tell
        return


@contextmanager
def _at_target() -> Iterator[None]:
    """Tells what fails at the backup's disk from what fails at the vault's."""
    try:
        yield
    except OSError as error:
        failed = files.failed(error)
    except errors.StorageFailed as error:
        failed = error
    else:
        return
    raise errors.TargetFailed(full=failed.full, read_only=failed.read_only) from None


# -- reading one


class BackupReader:
    """A backup to take boxes from. Nothing is written, times included."""

    def __init__(self, folder: str, vault_id: bytes, static: bytes) -> None:
        """Opens it. Raises BackupMissing, BackupDamaged, BackupOfAnother, StorageFailed."""
        path = os.path.join(folder, NAME)
        found = _found(path)
        if found is None:
            raise errors.BackupMissing
        if found.vault_id != vault_id:
            raise errors.BackupOfAnother
        self._backup = found
        self._key = backup_key(static, vault_id)
        try:
            self._descriptor = files.open_quietly(path)
        except OSError as error:
            raise files.failed(error) from None
        self._segment = -1
        self._boxes: list[bytes] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        os.close(self._descriptor)

    def box(self, slot: int) -> bytes | None:
        """The box of a slot, or None where the backup has none or is damaged. Raises StorageFailed."""
        if slot >= self._backup.pool:
            return None
        segment, at = divmod(slot, limits.BACKUP_SEGMENT)
        if segment != self._segment:
            self._segment = segment
            self._boxes = _segment(self._descriptor, self._key, self._backup.vault_id, segment)
        return self._boxes[at] if self._boxes is not None else None


# -- the nightly run


def key_path(paths: Paths) -> str:
    """The key file of the nightly run of the vault there. Raises NoVault, HeaderDamaged, StorageFailed."""
    return os.path.join(paths.anchor(candidates(paths)[0].header.vault_id), KEY)


def write_key(paths: Paths, static: bytes) -> None:
    """Writes the key file: from now on a backup needs no passphrase. Raises StorageFailed and what `key_path` does."""
    path = key_path(paths)
    files.make_folder(os.path.dirname(path))
    files.write_new(path, backup_format.encode_key(static))
    files.sync_folder(os.path.dirname(path))
    files.still(os.path.dirname(path))


def destroy_key(paths: Paths) -> bool:
    """Destroys the key file; whether there was one. Raises StorageFailed and what `key_path` does."""
    path = key_path(paths)
    there = files.is_there(path)
    files.destroy(path, backup_format.KEY_FILE_BYTES)
    if there:
        files.sync_folder(os.path.dirname(path))
        files.still(os.path.dirname(path))
    return there


def back_up_unattended(paths: Paths, folder: str) -> BackedUp:
    """The nightly run: brings a backup that is there up to date, with the key file alone.

    Nothing else is written. Raises BackupMissing (a folder without a backup: perhaps the disk is not plugged in),
    BackupKeyMissing, and what `back_up` and `looking.newest_slots` raise.
    """
    found = candidates(paths)[0].header
    raw = files.read(key_path(paths), backup_format.KEY_FILE_BYTES)
    if raw is None:
        raise errors.BackupKeyMissing
    try:
        static = backup_format.decode_key(raw)
    except FormatError:
        raise errors.BackupKeyMissing from None
    if not os.path.isfile(os.path.join(folder, NAME)):
        raise errors.BackupMissing
    with newest_slots(paths, static) as (store, pool):
        return back_up(store, found.vault_id, static, pool, folder)
