"""Files of the server's folder: nobody else may read them, and they are there whole or not at all."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from sync.server.errors import ServerRunning

LOCK: Final = "lock"
_FILE, _FOLDER = 0o600, 0o700


def make_folder(folder: Path) -> None:
    """Makes the folder if it isn't there, for its owner only."""
    folder.mkdir(mode=_FOLDER, parents=True, exist_ok=True)
    folder.chmod(_FOLDER)


def write_new(path: Path, data: bytes) -> None:
    """Writes a new file, whole and durable before it has its name. Raises FileExistsError."""
    if path.exists():
        raise FileExistsError
    beside = path.with_name(path.name + ".new")
    beside.unlink(missing_ok=True)
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE)
    with os.fdopen(descriptor, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.rename(path)
    _sync_folder(path.parent)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """The folder is this process's to serve from. Raises ServerRunning."""
    import fcntl

    descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT, _FILE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise ServerRunning from None
        yield
    finally:
        os.close(descriptor)
