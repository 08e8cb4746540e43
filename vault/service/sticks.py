"""Recovery sticks: copies of the vault under an epoch and an anchor of their own (docs/spec/places.md section 3).

What goes wrong on a stick's medium ends in an error of the Place family and leaves the vault as it was.
"""

import os
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import Self

from vault import errors, files, limits
from vault.anchor.file import FileAnchor
from vault.crypto import aead
from vault.crypto.derive import static_wrap_key
from vault.formats.safety import Home, Safety
from vault.formats.settings import Settings
from vault.ledger import Ledger
from vault.service import inboxfolder
from vault.service.create import Fresh, clear_unfinished, write_fresh
from vault.service.entering import Candidate, Entered, candidates, entries
from vault.service.paths import BEGUN, HEADER, NEXT_HEADER, Paths, exists
from vault.service.state import State
from vault.service.unlock import unlock
from vault.sodium import blake2b
from vault.store.lock import ProcessLock
from vault.store.names import DATABASE, LOCK, NEW_DATABASE

NAME = "ongemerkt"
README = "LEESMIJ.txt"
_ANCHORS = "anchor"
_DIGEST = b"ongemerkt-live-1"
_OURS = frozenset(
    {HEADER, NEXT_HEADER, DATABASE, DATABASE + "-journal", NEW_DATABASE, NEW_DATABASE + "-journal", LOCK, _ANCHORS}
    | {README, BEGUN}
)


def stick_paths(folder: str) -> Paths:
    """Where a stick has its files: its anchor is with it, in a file."""
    # or else a stick could name the counter that the vault's own anchor needs, as something to be cleared away
    return Paths(folder, os.path.join(folder, _ANCHORS), "")


def stick_folder(folder: str) -> str:
    """The folder of the stick that `folder` stands for, absolute: itself if it is a place, does not exist or is empty,
    else `ongemerkt` in it, as at the root of a medium with other files. Raises PlaceFailed."""
    folder = os.path.abspath(folder)
    with of_the_stick():
        # a place stays one when something else, such as a backup, is put beside it
        is_one = exists(stick_paths(folder)) or _names(folder) <= _OURS
    return folder if is_one else os.path.join(folder, NAME)


def is_ours_or_empty(folder: str) -> bool:
    """Whether nothing is in this folder but what a stick has. Raises PlaceFailed."""
    with of_the_stick():
        return _names(folder) <= _OURS


def _names(folder: str) -> set[str]:
    try:
        return set(os.listdir(folder))
    except FileNotFoundError:
        return set()
    except OSError as error:
        raise files.failed(error) from None


def check_own_files(folder: str) -> None:
    """Raises PlaceDamaged when something of a stick is a link (what is written there must not end up in the vault), or
    neither file nor folder; PlaceFailed."""
    try:
        for name in sorted(_names(folder) & _OURS):
            for path in _below(os.path.join(folder, name)):
                found = os.lstat(path)
                if not stat.S_ISDIR(found.st_mode) and (not stat.S_ISREG(found.st_mode) or found.st_nlink > 1):
                    raise errors.PlaceDamaged
    except OSError as error:
        raise files.failed(error) from None


def _below(path: str) -> Iterator[str]:
    """The path, and everything in it if it is a folder; links are not followed."""
    yield path
    for parent, folders, names in os.walk(path):
        for name in (*folders, *names):
            yield os.path.join(parent, name)


def living_digest(ledger: Ledger) -> bytes:
    """What tells whether two places hold the same notes: 16 bytes over ids and months, and over nothing else."""
    pairs = ((ledger.ids[slot], ledger.expiries[slot]) for slot in ledger.firsts())
    rows = sorted(identity.to_bytes(8, "big") + month.to_bytes(2, "big") for identity, month in pairs)
    return blake2b(b"".join(rows), 16, _DIGEST)


@contextmanager
def of_the_stick() -> Iterator[None]:
    """Turns what the core says of a vault's files into what is said of a stick's."""
    try:
        yield
    except OfTheVault as failed:
        raise failed.error from None
    except errors.StorageFailed as error:
        raise errors.PlaceFailed(full=error.full, read_only=error.read_only) from None
    except errors.ResidueLeft:
        # the stick's old anchor is still there: nothing is confirmed, and the next refresh goes on here
        raise errors.PlaceFailed from None
    except (errors.VersionUnknown, errors.ParametersRefused):
        raise
    except errors.VaultDamaged:
        raise errors.PlaceDamaged from None


class OfTheVault(Exception):
    """The vault could not be read while the stick was being written."""

    def __init__(self, error: errors.VaultError) -> None:
        super().__init__()
        self.error = error


# -- an open stick


class Stick:
    """A stick, locked by us and open; `state` is that of the vault in it."""

    def __init__(self, folder: str, vault: State, secret: str = "") -> None:
        """Opens it with an S that vault and stick have in common, or else with `secret`.

        Raises PlaceMissing, PlaceUnknown (another vault's: nothing was written), WrongSecret (nothing in common),
        VaultBusy, PlaceDamaged, PlaceFailed, VersionUnknown.
        """
        self.paths = stick_paths(folder)
        if not exists(self.paths):
            raise errors.PlaceMissing
        with of_the_stick():
            check_own_files(self.paths.data)
            found = candidates(self.paths)
            if any(each.header.vault_id != vault.vault_id for each in found):
                raise errors.PlaceUnknown
            self._lock = ProcessLock(self.paths.data)
            try:
                known = _in_common(found, vault)
                self.state = unlock(self.paths, found, known or (entries(found, secret, None) if secret else ()))
            except BaseException:
                self._lock.release()
                raise
        if self.state.static != vault.static:
            self.close()
            raise errors.PlaceUnknown

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    @property
    def home(self) -> Home:
        """The place's id, and the version of the vault's head that it was refreshed from."""
        return self.state.settings.safety.home

    @property
    def safety(self) -> Safety:
        """Its lineage and home."""
        return self.state.settings.safety

    def reopen(self, vault: State) -> None:
        """Opens it anew from the disk, not from memory. Raises as `__init__` does."""
        self.state.store.close()
        self.state.ledger.wipe()
        with of_the_stick():
            _uncache(self.paths.database())
            found = candidates(self.paths)
            self.state = unlock(self.paths, found, _in_common(found, vault))

    def close(self) -> None:
        """Lets go of it. May be called twice."""
        self.state.ledger.wipe()
        self.state.store.close()
        self.paths.still()
        self.state.anchor.still()
        self._lock.release()


def _in_common(found: Sequence[Candidate], vault: State) -> list[Entered]:
    known = vault.settings.stretched
    entered = []
    for candidate in found:
        for method in candidate.header.methods:
            if method.id not in known:
                continue
            key = static_wrap_key(known[method.id], vault.vault_id, method.id)
            with suppress(aead.BoxRefused):
                static = aead.open_box(key, vault.vault_id, aead.STATIC_WRAP, 0, method.wrap)
                entered.append(Entered(candidate, method, known[method.id], static))
                break
    return entered


def _uncache(path: str) -> None:
    """Asks the system to read the file from the disk next time, as far as it can be asked."""
    if not hasattr(os, "posix_fadvise"):
        return
    with suppress(OSError):
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        finally:
            os.close(descriptor)


# -- making and destroying


def make_stick(folder: str, vault: State, identity: bytes, readme: bytes = b"") -> None:
    """An empty stick: the vault's header and static secret, and nothing that lives (section 3.2).

    `readme` is what stands in LEESMIJ.txt. Raises VaultBusy, PlaceFailed, PlaceDamaged: then nothing is left behind.
    """
    paths = stick_paths(folder)
    with of_the_stick():
        check_own_files(paths.data)
        files.make_folder(paths.data)
        lock = ProcessLock(paths.data)
        try:
            clear_unfinished(paths)
            settings = stick_settings(vault, Home(identity, 0))
            write_fresh(paths, Fresh(vault.header, vault.header_bytes, vault.static, settings))
            _write_readme(paths, readme)
        finally:
            lock.release()


def _write_readme(paths: Paths, readme: bytes) -> None:
    if readme:
        path = os.path.join(paths.data, README)
        files.write_new(path, readme)
        files.sync_folder(paths.data)
        files.still(path, paths.data)


def destroy_stick(folder: str, vault_id: bytes) -> None:
    """Destroys everything on a stick, anchor first: without it nothing there opens. Raises VaultBusy, PlaceFailed,
    PlaceDamaged (nothing was touched)."""
    paths = stick_paths(folder)
    with of_the_stick():
        check_own_files(folder)
        lock = ProcessLock(paths.data)
        try:
            FileAnchor(paths.anchor(vault_id)).discard()
            with suppress(errors.StorageFailed):
                # no secret; written by whoever opened the stick as a vault
                inboxfolder.forget_keys(paths, vault_id)
            files.sync_folder(paths.data)
            for name in (HEADER, NEXT_HEADER):
                files.destroy(os.path.join(paths.data, name), limits.HEADER_BYTES)
            for name in sorted(_OURS - {HEADER, NEXT_HEADER, LOCK, _ANCHORS}):
                files.remove(os.path.join(paths.data, name))
            files.remove(os.path.join(paths.data, LOCK))
            files.sync_folder(paths.data)
        finally:
            lock.release()
    for each in (paths.anchor(vault_id), paths.anchors, paths.data):
        # a folder that is not empty holds something that is not ours, and a mount point can't be removed
        with suppress(OSError):
            os.rmdir(each)


def stick_settings(vault: State, home: Home) -> Settings:
    """The vault's settings as a stick has them: no account, places, open receipts, nothing under way."""
    settings = vault.settings
    safety = settings.safety._replace(home=home, places=(), receipts=())
    return settings._replace(rights=settings.rights._replace(under_way=()), enrolled=None, safety=safety)
