"""Taking out of the history files what gives something away."""

import os
from contextlib import suppress
from typing import NamedTuple

from vault import errors, files
from vault.doctor import shellhistory
from vault.doctor.machine import Machine, read_bytes

_TRIES = 3
"""How often a file is read anew that a shell writes to meanwhile."""


class Cleaned(NamedTuple):
    """A history file (from home on), how many entries were taken out, and whether that went well."""

    file: str
    entries: int
    done: bool


def history_entries(machine: Machine) -> dict[str, int]:
    """How many entries `clean_history` would take out of which file (from home on)."""
    told = {}
    for path in shellhistory.paths(machine):
        data = read_bytes(path, shellhistory.HISTORY_MOST) or b""
        count = sum(1 for entry in shellhistory.entries(data) if shellhistory.gives_away(entry, machine))
        if count:
            told[shellhistory.shown(machine, path)] = count
    return told


def clean_history(machine: Machine) -> list[Cleaned]:
    """Takes the entries out that `history` finds, secrets and traces; the files with none are not touched.

    A file is written anew beside the old one, with its mode and owner, and put in its place in one step; then the old
    bytes are overwritten, which on flash may leave remnants. A link stays a link.
    """
    done = []
    for path in shellhistory.paths(machine):
        cleaned = _clean(machine, path)
        if cleaned is not None:
            done.append(cleaned)
    return done


def _clean(machine: Machine, path: str) -> Cleaned | None:
    shown = shellhistory.shown(machine, path)
    gone = 0
    for _ in range(_TRIES):
        data = read_bytes(path, shellhistory.HISTORY_MOST + 1)
        if data is None:
            return None
        told = [(entry.raw, shellhistory.gives_away(entry, machine)) for entry in shellhistory.entries(data)]
        gone = sum(1 for _raw, kind in told if kind)
        if not gone:
            return None
        if len(data) > shellhistory.HISTORY_MOST:
            break
        try:
            if _replace(os.path.realpath(path), data, b"".join(raw for raw, kind in told if not kind)):
                return Cleaned(shown, gone, done=True)
        except OSError:
            break
    return Cleaned(shown, gone, done=False)


def _replace(path: str, before: bytes, after: bytes) -> bool:
    """False if the file is not what it was any more. Raises OSError; then the file is as it was."""
    beside = path + ".ongemerkt-new"
    old = os.open(path, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
    try:
        like = os.fstat(old)
        _write(beside, after, like)
        try:
            if read_bytes(path, len(before) + 1) != before:
                os.unlink(beside)
                return False
            os.rename(beside, path)
        except OSError:
            os.unlink(beside)
            raise
        # the new file is in its place: only what is left of the old one can still fail
        with suppress(OSError, errors.StorageFailed):
            files.sync_folder(os.path.dirname(path))
            os.pwrite(old, os.urandom(len(before)), 0)
            os.fsync(old)
    finally:
        os.close(old)
    return True


def _write(path: str, data: bytes, like: os.stat_result) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(descriptor, view) :]
        mode = like.st_mode & 0o7777
        if os.fstat(descriptor).st_uid != like.st_uid:
            os.fchown(descriptor, like.st_uid, like.st_gid)
        elif os.fstat(descriptor).st_gid != like.st_gid:
            mode = _with_group(descriptor, like.st_gid, mode)
        os.fchmod(descriptor, mode)
        os.fsync(descriptor)
    except OSError:
        os.unlink(path)
        raise
    finally:
        os.close(descriptor)


def _with_group(descriptor: int, group: int, mode: int) -> int:
    """Gives the file this group, and the mode for it: a group that nobody may give away gets no other in its place."""
    try:
        os.fchown(descriptor, -1, group)
    except PermissionError:
        return mode & ~0o070
    return mode
