"""A source that was read: which file it was, and a digest of all that was in it, so that only that is ever removed."""

from __future__ import annotations

import hashlib
import os
import stat
from contextlib import contextmanager

from cli.importers import faults
from cli.reading import opened

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import BinaryIO

_CHUNK = 1 << 20
DIGEST_BYTES = 32


class Source:
    """A file that was read: its path, device, inode and size, and BLAKE2b-256 of its bytes.

    `held`: it holds notes that were not taken in. `synced`: it stands in a folder that Joplin syncs with.
    """

    def __init__(self, path: str, found: os.stat_result) -> None:
        self.path = path
        self.identity = (found.st_dev, found.st_ino)
        self.size = found.st_size
        self.plain = stat.S_ISREG(found.st_mode)
        self.digest = b""
        self.format = ""
        self.held = False
        self.synced = False


class Stream:
    """Reads a file and digests everything that it reads. Raises TooMuch beyond `most` bytes."""

    def __init__(self, file: BinaryIO, most: int, on_read: Callable[[int], None] | None = None) -> None:
        self._file = file
        self._most = most
        self._on_read = on_read
        self._digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
        self.count = 0

    def read(self, size: int) -> bytes:
        """At most so many bytes, fewer only at the end."""
        data = self._file.read(size)
        self.count += len(data)
        if self.count > self._most:
            raise faults.TooMuch
        self._digest.update(data)
        if self._on_read:
            self._on_read(self.count)
        return data

    def digest(self) -> bytes:
        """The digest of the whole file; what was not read yet is read now."""
        while self.read(_CHUNK):
            pass
        return self._digest.digest()


@contextmanager
def reading(path: str, most: int, on_read: Callable[[int], None] | None = None) -> Iterator[tuple[Source, Stream]]:
    """A source and its bytes; the digest is complete afterwards. Raises Refused, TooMuch."""
    with opened(path) as file:
        found = os.fstat(file.fileno())
        if stat.S_ISREG(found.st_mode) and found.st_size > most:
            raise faults.TooMuch
        source, stream = Source(path, found), Stream(file, most, on_read)
        yield source, stream
        source.digest = stream.digest()
        source.size = stream.count
