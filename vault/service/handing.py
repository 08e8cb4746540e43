"""Files for a client: a copy, a receipt. Whole under their own name or not there (docs/spec/rights.md section 6.2)."""

import errno
import os
import stat
from collections.abc import Callable
from contextlib import suppress

from vault import errors, files

_PREFIX, _SUFFIX = ".ongemerkt-", ".part"
_RANDOM_BYTES = 4
_MOST = 1 << 30
"""The largest unfinished file that is overwritten before it is removed, bytes: far more than any copy has."""


def check_free(target: str) -> None:
    """Raises TargetExists when something has this name already, TargetFailed when the folder isn't there."""
    try:
        os.lstat(target)
    except FileNotFoundError:
        pass
    except (OSError, ValueError):
        raise errors.TargetFailed from None
    else:
        raise errors.TargetExists
    if not os.path.isdir(_folder(target)):
        raise errors.TargetFailed


def unfinished_name(target: str) -> str:
    """A fresh name beside the target, absolute."""
    return os.path.join(_folder(target), _PREFIX + os.urandom(_RANDOM_BYTES).hex() + _SUFFIX)


def hand_over(target: str, unfinished: str, data: bytes, verify: Callable[[bytes], None] | None = None) -> None:
    """Writes `data` durably under the name `unfinished`, reads it back, and gives it the name `target`.

    `verify` gets what was read back. Nothing is written over. Raises TargetExists, TargetFailed, CopyNotVerified, and
    what `verify` raises: then nothing of it is left, as far as the disk allows.
    """
    renaming = False
    try:
        _write(unfinished, data)
        found = _read_back(unfinished, len(data))
        if found != data:
            raise errors.CopyNotVerified
        if verify is not None:
            verify(found)
        check_free(target)
        renaming = True
        _told(lambda: files.rename(unfinished, target))
        _told(lambda: files.sync_folder(_folder(target)))
    except BaseException:
        with suppress(errors.VaultError):
            # a rename that was reported as failed may have happened all the same
            renamed = renaming and not files.is_there(unfinished)
            _destroy(target if renamed else unfinished)
        raise


def drop(unfinished: str) -> None:
    """Overwrites and removes what is left of a file, if it is there and a plain file. Raises StorageFailed."""
    try:
        found = os.lstat(unfinished)
    except (OSError, ValueError):
        return
    if stat.S_ISREG(found.st_mode) and os.path.basename(unfinished).startswith(_PREFIX):
        _destroy(unfinished)


def _destroy(path: str) -> None:
    files.destroy(path, _MOST)
    files.sync_folder(_folder(path))


def _folder(target: str) -> str:
    return os.path.dirname(os.path.abspath(target))


def _write(path: str, data: bytes) -> None:
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        os.close(descriptor)
    except (OSError, ValueError) as error:
        raise _target_failed(error) from None
    _told(lambda: files.write_new(path, data))


def _read_back(path: str, size: int) -> bytes:
    """What the disk has, at most `size` + 1 bytes; as far as the system can be asked not to answer from memory."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            if hasattr(os, "posix_fadvise"):
                with suppress(OSError):
                    os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
            with open(descriptor, "rb", closefd=False) as file:
                return file.read(size + 1)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise _target_failed(error) from None


def _told(work: Callable[[], None]) -> None:
    try:
        work()
    except errors.StorageFailed as error:
        raise errors.TargetFailed(full=error.full, read_only=error.read_only) from None


def _target_failed(error: OSError | ValueError) -> errors.TargetFailed:
    number = error.errno if isinstance(error, OSError) else 0
    return errors.TargetFailed(
        full=number in (errno.ENOSPC, errno.EDQUOT), read_only=number in (errno.EROFS, errno.EACCES, errno.EPERM)
    )
