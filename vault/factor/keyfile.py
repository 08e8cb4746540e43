"""A key file as second factor: a file that is kept elsewhere than the vault (docs/spec/places.md section 7)."""

import os
import stat
from collections.abc import Mapping, Sequence

from vault import errors, files, limits
from vault.factor.contract import Made, Person
from vault.sodium import blake2b

_PERSON = b"ongemerkt-kfil-1"


def make(person: Person, known: Sequence[bytes]) -> Made:  # noqa: ARG001 - key files are told nothing, so any may be new
    """The key file that the person names, made with random bytes if nothing is there, else taken as it is.

    Raises KeyFileMissing, KeyFileRefused, TargetFailed.
    """
    path = person.key_file()
    if path is None:
        raise errors.KeyFileMissing
    if not os.path.lexists(path):
        _create(path)
    return Made(b"", read(path))


def secrets(told: Sequence[bytes], person: Person) -> Mapping[bytes, bytes]:
    """The secret of the key file that was given. Raises HeaderDamaged, KeyFileMissing, KeyFileRefused."""
    if any(told):
        raise errors.HeaderDamaged
    path = person.key_file()
    if path is None:
        raise errors.KeyFileMissing
    return {b"": read(path)}


def read(path: str) -> bytes:
    """The secret (32 bytes) in a key file. Raises KeyFileMissing, KeyFileRefused."""
    descriptor = _opened(path)
    if descriptor is None:
        raise errors.KeyFileMissing
    try:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise errors.KeyFileRefused
        data = _read_all(descriptor)
    except OSError:
        raise errors.KeyFileMissing from None
    finally:
        os.close(descriptor)
    if not limits.KEY_FILE_LEAST <= len(data) <= limits.KEY_FILE_MOST:
        raise errors.KeyFileRefused
    return blake2b(data, 32, _PERSON)


def _opened(path: str) -> int | None:
    """A descriptor to read the file. Without one nothing is raised: the system's error would hold the path."""
    try:
        # not blocking: a pipe that nobody writes to would be waited for
        return os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except (OSError, ValueError):
        return None


def _read_all(descriptor: int) -> bytes:
    """At most one byte more than a key file may have."""
    data = b""
    while len(data) <= limits.KEY_FILE_MOST:
        piece = os.read(descriptor, limits.KEY_FILE_MOST + 1 - len(data))
        if not piece:
            break
        data += piece
    return data


def _create(path: str) -> None:
    failed, descriptor = errors.TargetFailed(), -1
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except OSError as error:
        failed = _failed(files.failed(error))
    except ValueError:
        pass
    if descriptor < 0:
        raise failed
    try:
        os.close(descriptor)
        files.write_new(path, os.urandom(limits.KEY_FILE_LEAST))
        files.sync_folder(os.path.dirname(os.path.abspath(path)))
    except errors.StorageFailed as error:
        # half a key file would be taken for somebody's own the next time
        _remove(path)
        raise _failed(error) from None


def _remove(path: str) -> None:
    try:
        files.remove(path)
    except errors.StorageFailed:
        return


def _failed(error: errors.StorageFailed) -> errors.TargetFailed:
    return errors.TargetFailed(full=error.full, read_only=error.read_only)
