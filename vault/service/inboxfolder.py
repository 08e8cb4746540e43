"""The inbox's folder, its lock, and the copy of the inbox key (docs/spec/places.md section 10).

Others may write in that folder. Nothing in it is followed, waited for, or read unless it is a file of a jot's size.
"""

import fcntl
import os
import stat
import time
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice
from typing import Self

from vault import errors, files, limits
from vault.formats import jot as jot_format
from vault.service.paths import Paths

LOCK = "lock"
PATIENCE = 10.0
"""Seconds that another process is waited for: many times what sealing or taking in lasts."""
_EVERY = 0.01
_KEY_BYTES = 32
_KEYS = 2


class InboxLock:
    """The lock on the inbox: whoever has it is the only one that changes anything in there. A context manager."""

    def __init__(self, paths: Paths, patience: float = PATIENCE) -> None:
        """Makes the folder if there is none. Raises InboxBusy, InboxStrange, StorageFailed."""
        folder = paths.inbox()
        if not is_there(paths):
            files.make_folder(folder)
            files.still(paths.data)
        path = os.path.join(folder, LOCK)
        self._descriptor = _open_lock(path)
        until = time.monotonic() + patience
        while not self._taken():
            if time.monotonic() > until:
                self.release()
                raise errors.InboxBusy
            time.sleep(_EVERY)
        files.still_itself(path, folder)

    def _taken(self) -> bool:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.release()

    def release(self) -> None:
        """Lets go. May be called twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


def _open_lock(path: str) -> int:
    # a pipe must not make anybody wait, nor a link lead anywhere
    flags = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
    try:
        try:
            return os.open(path, os.O_RDWR | os.O_CREAT | flags, 0o600)
        except OSError as error:
            if not files.failed(error).read_only:
                raise
            return os.open(path, os.O_RDONLY | flags)
    except OSError as error:
        raise files.failed(error) from None


def is_there(paths: Paths) -> bool:
    """Whether there is an inbox. Raises InboxStrange when it is something else than a folder, StorageFailed."""
    try:
        found = os.lstat(paths.inbox()).st_mode
    except FileNotFoundError:
        return False
    except OSError as error:
        raise files.failed(error) from None
    if not stat.S_ISDIR(found):
        raise errors.InboxStrange
    return True


def names(paths: Paths, most: int | None = None) -> list[str]:
    """What is in the inbox but for its lock, at most `most` names. Raises StorageFailed."""
    try:
        with os.scandir(paths.inbox()) as found:
            listed = [entry.name for entry in islice(found, most)]
    except OSError as error:
        raise files.failed(error) from None
    return [name for name in listed if name != LOCK]


def is_file(path: str) -> bool:
    """Whether a file, and no link or anything else, has this name. Raises StorageFailed."""
    try:
        return stat.S_ISREG(os.lstat(path).st_mode)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise files.failed(error) from None


def size(path: str) -> int:
    """The size of a file that can be a jot's, 0 for anything else. Raises StorageFailed."""
    try:
        found = os.lstat(path)
    except FileNotFoundError:
        return 0
    except OSError as error:
        raise files.failed(error) from None
    return found.st_size if stat.S_ISREG(found.st_mode) and found.st_size in jot_format.SIZES else 0


def read(path: str) -> bytes | None:
    """The bytes of a file that can be a jot's, None for anything else. Raises StorageFailed: nobody knows which."""
    expected = size(path)
    if not expected:
        return None
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK)
        with open(descriptor, "rb") as file:
            data = file.read(expected + 1)
    except FileNotFoundError:
        return None
    except PermissionError:
        # not ours: what we write can be read by us
        return None
    except OSError as error:
        raise files.failed(error) from None
    files.still_itself(path)
    return data if len(data) == expected else None


def remove_anything(path: str) -> None:
    """Removes a file, a link (not what it leads to) or a folder with all that is in it. Raises StorageFailed."""
    try:
        if stat.S_ISDIR(os.lstat(path).st_mode):
            import shutil

            shutil.rmtree(path)
        else:
            os.unlink(path)
    except OSError as error:
        raise files.failed(error) from None


def empty(paths: Paths) -> None:
    """Removes everything that waits. Raises InboxBusy, InboxStrange, StorageFailed."""
    if is_there(paths):
        with InboxLock(paths):
            for name in names(paths):
                remove_anything(os.path.join(paths.inbox(), name))
            files.still_itself(paths.inbox())


def clear_unfinished(paths: Paths, found: Iterable[str]) -> None:
    """Removes what a process was writing that ended; called with the lock held. Never raises."""
    for name in filter(jot_format.is_unfinished, found):
        try:
            files.remove(os.path.join(paths.inbox(), name))
        except errors.StorageFailed:
            # a folder of that name, or a disk that can't be written: it harms nobody
            continue


# -- the copy of the inbox key


def known_keys(paths: Paths, vault_id: bytes) -> list[bytes]:
    """The inbox keys (32 bytes) that this computer knows: one, two while it changes, none before there is a copy.

    Raises StorageFailed.
    """
    path = paths.inbox_key(vault_id)
    data = files.read(path, _KEYS * _KEY_BYTES) or b""
    files.still(path)
    if len(data) not in (_KEY_BYTES, _KEYS * _KEY_BYTES):
        return []
    return [data[at : at + _KEY_BYTES] for at in range(0, len(data), _KEY_BYTES)]


def remember_keys(paths: Paths, vault_id: bytes, keys: Iterable[bytes]) -> None:
    """Replaces the copy, durably, unless it says this already. Raises StorageFailed (the old one is still there)."""
    keys = list(keys)
    path, folder = paths.inbox_key(vault_id), paths.anchor(vault_id)
    if known_keys(paths, vault_id) == keys:
        # what a process left that was killed while it wrote
        files.remove(path + jot_format.NEXT)
        files.still(folder)
        return
    files.make_folder(folder)
    try:
        files.write_new(path + jot_format.NEXT, b"".join(keys))
        files.rename(path + jot_format.NEXT, path)
        files.sync_folder(folder)
    except errors.StorageFailed:
        with suppress(errors.StorageFailed):
            files.remove(path + jot_format.NEXT)
        raise
    finally:
        files.still(path, folder)


def forget_keys(paths: Paths, vault_id: bytes) -> None:
    """Removes the copy. Raises StorageFailed."""
    for path in (paths.inbox_key(vault_id), paths.inbox_key(vault_id) + jot_format.NEXT):
        files.remove(path)


def entries(paths: Paths, found: Iterable[str]) -> Iterator[int]:
    """The sizes of the files that can be jots among these names. Raises StorageFailed."""
    for name in found:
        if jot_format.is_name(name) and (bytes_of := size(os.path.join(paths.inbox(), name))):
            yield bytes_of


def check_room(paths: Paths, found: Iterable[str], more: int) -> int:
    """How many jots wait, if one of `more` bytes has room beside them. Raises JotsTooMany, StorageFailed."""
    sizes = list(entries(paths, found))
    if len(sizes) >= limits.JOTS or sum(sizes) + more > limits.INBOX_BYTES:
        raise errors.JotsTooMany
    return len(sizes)
