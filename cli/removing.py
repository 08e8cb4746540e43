"""Overwrites and removes the files that an import has read, each only if it still is what was read.

The notes are in the vault, durably, before any of this begins; so being killed at any step loses nothing.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import stat
from collections import Counter

from cli.importers.sources import DIGEST_BYTES, Source

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

REMOVED, CHANGED, LINK, SHARED = "removed", "changed", "link", "shared"
HELD, SYNCED, FAILED = "held", "synced", "failed"
"""What came of a source: gone; changed since it was read; a link; another name for the same file; holds notes that were
not taken in; in a folder that is synced, where removing is deleting everywhere; the disk does not let it."""
_CHUNK = 1 << 20


def remove_all(sources: Sequence[Source], progress: Callable[[int, int], None]) -> Counter[str]:
    """How many sources came to what. `progress` hears of bytes."""
    total = sum(source.size for source in sources)
    outcomes: Counter[str] = Counter()
    done = 0
    for source in sources:
        outcomes[remove(source)] += 1
        done += source.size
        progress(done, total)
    return outcomes


def remove(source: Source) -> str:
    """Overwrites a source with random bytes, makes that durable and removes it; or why that was not done.

    Links are never followed: only the plain file that was read itself is touched.
    """
    if source.held:
        return HELD
    if source.synced:
        return SYNCED
    try:
        # O_NONBLOCK: what has become a pipe meanwhile must not keep us
        flags = os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        descriptor = os.open(source.path, flags)
    except FileNotFoundError:
        return CHANGED
    except OSError as error:
        return LINK if error.errno in (errno.ELOOP, errno.EMLINK) else FAILED
    try:
        reason = _reason(descriptor, source)
        if reason:
            return reason
        _overwrite(descriptor, source.size)
        if not _is_same(os.lstat(source.path), source):
            return CHANGED
        os.unlink(source.path)
        _sync_folder(os.path.dirname(source.path) or ".")
    except OSError:
        return FAILED
    finally:
        os.close(descriptor)
    return REMOVED


def _reason(descriptor: int, source: Source) -> str:
    found = os.fstat(descriptor)
    if not _is_same(found, source) or found.st_size != source.size:
        return CHANGED
    if found.st_nlink > 1:
        # overwriting it would destroy what another name stands for, such as a backup
        return SHARED
    return "" if _digest(descriptor) == source.digest else CHANGED


def _is_same(found: os.stat_result, source: Source) -> bool:
    return stat.S_ISREG(found.st_mode) and (found.st_dev, found.st_ino) == source.identity


def _digest(descriptor: int) -> bytes:
    digest = hashlib.blake2b(digest_size=DIGEST_BYTES)
    while data := os.read(descriptor, _CHUNK):
        digest.update(data)
    return digest.digest()


def _overwrite(descriptor: int, size: int) -> None:
    at = 0
    while at < size:
        at += os.pwrite(descriptor, os.urandom(min(_CHUNK, size - at)), at)
    _sync(descriptor)


def _sync(descriptor: int) -> None:
    # macOS's fsync leaves the data in the drive's cache
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _sync_folder(path: str) -> None:
    descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        # some network file systems do not know of syncing folders
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)
