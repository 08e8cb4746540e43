"""Durable file operations. Every step that a crash may interrupt goes through here (docs/spec/vault.md section 8)."""

import errno
import fcntl
import os

from vault import errors

EPOCH_TIME = 946_684_800
"""1 January 2000 UTC, seconds: the time every file of a vault shows."""
_ITSELF = os.O_CLOEXEC | os.O_NOFOLLOW | os.O_NONBLOCK
"""Others may write in a vault's folder, or on a stick: a link there leads nowhere, and nobody waits at a pipe."""


def failed(error: OSError) -> errors.StorageFailed:
    """The typed error for a failing disk, without path or text."""
    return errors.StorageFailed(
        full=error.errno in (errno.ENOSPC, errno.EDQUOT),
        read_only=error.errno in (errno.EROFS, errno.EACCES, errno.EPERM),
    )


def make_folder(path: str) -> None:
    """A folder for this user's eyes only, and its parents, durably. Raises StorageFailed."""
    if is_there(path):
        return
    parent = os.path.dirname(os.path.abspath(path))
    make_folder(parent)
    try:
        os.mkdir(path, 0o700)
    except FileExistsError:
        return
    except OSError as error:
        raise failed(error) from None
    sync_folder(parent)


def for_its_owner(path: str) -> None:
    """Nobody but its owner may read the file, where the file system knows of owners. Raises StorageFailed."""
    try:
        os.chmod(path, 0o600)
    except PermissionError:
        # the file is ours, just made: a file system without modes, such as that of a stick
        return
    except OSError as error:
        if error.errno not in (errno.EOPNOTSUPP, errno.ENOSYS):
            raise failed(error) from None


def write_new(path: str, data: bytes) -> None:
    """Writes a file and makes it durable; what stood there is replaced only in `rename`'s way. Raises StorageFailed."""
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | _ITSELF, 0o600)
        try:
            _write_all(descriptor, data, 0)
            _sync(descriptor)
            os.utime(descriptor, (EPOCH_TIME, EPOCH_TIME))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise failed(error) from None


def write_at(path: str, data: bytes, offset: int, *, durable: bool) -> None:
    """Overwrites part of a file in place. Raises StorageFailed."""
    try:
        descriptor = os.open(path, os.O_WRONLY | _ITSELF)
        try:
            _write_all(descriptor, data, offset)
            if durable:
                _sync(descriptor)
            os.utime(descriptor, (EPOCH_TIME, EPOCH_TIME))
        finally:
            os.close(descriptor)
    except OSError as error:
        raise failed(error) from None


def destroy(path: str, size: int) -> None:
    """Overwrites a file of at most `size` bytes with random ones, makes that durable and removes the file.

    Nothing to do if it isn't there.

    On flash the old bytes may survive in remapped cells; docs/threat-model.md says so. Raises StorageFailed.
    """
    try:
        descriptor = os.open(path, os.O_WRONLY | _ITSELF)
    except FileNotFoundError:
        return
    except OSError as error:
        raise failed(error) from None
    try:
        try:
            # no more than there is: a torn file must go on a full disk as well
            _write_all(descriptor, os.urandom(min(size, os.fstat(descriptor).st_size)), 0)
            _sync(descriptor)
        finally:
            os.close(descriptor)
        os.unlink(path)
    except OSError as error:
        raise failed(error) from None


def remove(path: str) -> None:
    """Removes a file that holds no secret; nothing to do if it isn't there. Raises StorageFailed."""
    # looked for first: a read-only disk refuses to remove what isn't there, too
    if not is_there(path):
        return
    try:
        os.unlink(path)
    except FileNotFoundError:
        return
    except OSError as error:
        raise failed(error) from None


def rename(source: str, target: str) -> None:
    """Gives `source` the name `target` in one step; `sync_folder` makes it durable. Raises StorageFailed."""
    try:
        os.rename(source, target)
    except OSError as error:
        raise failed(error) from None


def sync_folder(path: str) -> None:
    """Makes the names in a folder durable. Raises StorageFailed."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            _sync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        # some network and read-only file systems do not know of syncing folders
        if error.errno not in (errno.EINVAL, errno.EROFS):
            raise failed(error) from None


def is_there(path: str) -> bool:
    """Whether something has this name. Raises StorageFailed when the disk doesn't tell."""
    try:
        os.lstat(path)
    except FileNotFoundError:
        return False
    except OSError as error:
        raise failed(error) from None
    return True


def read(path: str, most: int) -> bytes | None:
    """The file's bytes, at most `most` + 1 of them, or None if it isn't there. Raises StorageFailed."""
    try:
        with open(open_quietly(path), "rb") as file:
            return file.read(most + 1)
    except FileNotFoundError:
        return None
    except OSError as error:
        raise failed(error) from None


def open_quietly(path: str) -> int:
    """A descriptor to read from that leaves the file's access time alone, where the system allows. Raises OSError."""
    # a pipe that somebody put there must not make anybody wait
    flags = os.O_RDONLY | os.O_CLOEXEC | os.O_NONBLOCK
    try:
        return os.open(path, flags | getattr(os, "O_NOATIME", 0))
    except PermissionError:
        # only a file's owner may ask for that
        return os.open(path, flags)


def still(*paths: str) -> None:
    """Gives files and folders the constant time (property P2). One that isn't there is passed over."""
    for path in paths:
        try:
            os.utime(path, (EPOCH_TIME, EPOCH_TIME))
        except OSError:
            # the commit is done and must not be reported as failed for the sake of a time stamp
            continue


def still_itself(*paths: str) -> None:
    """The same for what stands where others may have put links: never what a link leads to."""
    for path in paths:
        try:
            os.utime(path, (EPOCH_TIME, EPOCH_TIME), follow_symlinks=False)
        except OSError:
            continue


def _sync(descriptor: int) -> None:
    # macOS's fsync leaves the data in the drive's cache
    if hasattr(fcntl, "F_FULLFSYNC"):
        fcntl.fcntl(descriptor, fcntl.F_FULLFSYNC)
    else:
        os.fsync(descriptor)


def _write_all(descriptor: int, data: bytes, offset: int) -> None:
    view = memoryview(data)
    while view:
        written = os.pwrite(descriptor, view, offset)
        view = view[written:]
        offset += written
