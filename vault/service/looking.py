"""Opening a vault or a place for reading only: nothing is written there, times included (docs/spec/places.md 4).

The database is read from a copy in a folder of our own, in memory where there is such a thing: so no file's times
change, and what an interrupted change had begun is undone in the copy. The copy holds no anchor and opens with none but
that of the place; it is gone when this is done.
"""

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import NoReturn

from vault import errors, files, limits
from vault.anchor.home import AnchorHome
from vault.crypto.derive import database_key
from vault.formats import lockrow
from vault.formats.head import head_hash
from vault.formats.header import header_hash
from vault.formats.lockrow import LockRow
from vault.formats.reader import FormatError
from vault.formats.safety import NONE
from vault.service import entering, sticks
from vault.service.entering import Candidate, Entered
from vault.service.methods import Factors, open_epoch_key
from vault.service.paths import Paths, exists
from vault.service.state import State, Unlocked
from vault.store.contract import Store
from vault.store.names import DATABASE, LOCK
from vault.store.sqlcipher import SqlcipherStore

_MEMORY = "/dev/shm"  # noqa: S108 (a folder of our own is made in it)
_CHUNK = 1 << 20
_JOURNAL = DATABASE + "-journal"


@contextmanager
def look(
    paths: Paths, secret: str, on_stretch: Callable[[], None] | None = None, factors: Factors | None = None
) -> Iterator[State]:
    """The state of the vault or place there, read and checked as at unlocking, for as long as the block lasts.

    `factors` is asked for second factors, as by vault.service.open_vault. Raises NoVault, VaultBusy, WrongSecret,
    FactorNeeded, MemoryRefused, StorageFailed, the VaultDamaged family, and what `factors` raises.
    """
    if not exists(paths):
        raise errors.NoVault
    with _held(paths.data), _copy(paths.data) as copy:
        found = entering.candidates(paths)
        store: SqlcipherStore | None = None
        try:
            for entered in entering.entries(found, secret, on_stretch, factors):
                store = SqlcipherStore(copy, partial(database_key, entered.static))
                row = _read_lock_row(store)
                if row.header_hash == header_hash(entered.candidate.raw):
                    state = _enter(paths, entered, store, row)
                    yield state
                    state.ledger.wipe()
                    return
                store.close()
                _check_any(found, row)
            raise errors.WrongSecret
        finally:
            if store is not None:
                store.close()


@contextmanager
def look_at_place(
    folder: str, secret: str, on_stretch: Callable[[], None] | None = None, factors: Factors | None = None
) -> Iterator[State]:
    """As `look`, for the stick in `folder` or within it (sticks.stick_folder).

    Raises PlaceMissing, PlaceDamaged, PlaceFailed, VaultBusy, WrongSecret, FactorNeeded, MemoryRefused,
    VersionUnknown, ParametersRefused, and what `factors` raises.
    """
    with ExitStack() as stack:
        with sticks.of_the_stick():
            try:
                paths = sticks.stick_paths(sticks.stick_folder(folder))
                sticks.check_own_files(paths.data)
                state = stack.enter_context(look(paths, secret, on_stretch, factors))
            except errors.NoVault:
                raise errors.PlaceMissing from None
        if state.settings.safety.home.id == NONE:
            raise errors.PlaceMissing
        yield state


@contextmanager
def newest_slots(paths: Paths, static: bytes) -> Iterator[tuple[Store, int]]:
    """The store of the vault there and the slots in its pool, to read them without any secret but the static one.

    That the database is the newest is checked with the anchor, as far as that can be done without a key. Raises
    NoVault, VaultBusy, StorageFailed and the VaultDamaged family.
    """
    if not exists(paths):
        raise errors.NoVault
    with _held(paths.data), _copy(paths.data) as copy:
        found = entering.candidates(paths)
        store = SqlcipherStore(copy, partial(database_key, static))
        try:
            row, box = _read_lock_row(store), store.read_head()
            _check_any(found, row)
            _check_newest(paths, found[0].header.vault_id, row, box)
            yield store, _pool(store)
        finally:
            store.close()


def _pool(store: Store) -> int:
    pool = (len(store.read_pages()) - limits.SETTINGS_PAGES) * limits.PAGE_ENTRIES
    if not limits.POOL_LEAST <= pool <= limits.POOL_MOST or pool & (pool - 1):
        raise errors.DatabaseDamaged
    return pool


def _check_newest(paths: Paths, vault_id: bytes, row: LockRow, head: bytes) -> None:
    """Whether the anchor knows no newer head than this one. Raises RolledBack and the anchor's errors."""
    anchor = anchor_of(paths, vault_id)
    anchor.find(row.epoch)
    if not anchor.is_newest(head_hash(head)):
        raise errors.RolledBack


def _read_lock_row(store: Store) -> LockRow:
    """The lock row. Raises LedgerTampered, DatabaseDamaged, StorageFailed."""
    try:
        return lockrow.decode(store.read_lock())
    except FormatError:
        raise errors.LedgerTampered from None


def _check_any(found: list[Candidate], row: LockRow) -> None:
    if not any(row.header_hash == header_hash(each.raw) for each in found):
        # the database belongs to a header that isn't here: one of the two is another time's copy
        raise errors.HeaderDamaged


def _enter(paths: Paths, entered: Entered, store: SqlcipherStore, row: LockRow) -> State:
    header = entered.candidate.header
    anchor = anchor_of(paths, header.vault_id)
    secret = anchor.find(row.epoch).secret
    key = open_epoch_key(row, entered.method, entered.stretched, secret, header.vault_id)
    state = State(Unlocked(header, entered.candidate.raw, entered.static, key, store, _none, anchor))
    state.load(row.epoch)
    return state


def anchor_of(paths: Paths, vault_id: bytes) -> AnchorHome:
    """Where the anchor of that vault is kept here."""
    return AnchorHome(paths.anchor(vault_id), paths.tpm)


def _none() -> NoReturn:
    raise errors.StorageFailed(read_only=True)


@contextmanager
def _held(folder: str) -> Iterator[None]:
    """Keeps others from changing what is read, without writing anything. Raises VaultBusy, StorageFailed."""
    try:
        descriptor = files.open_quietly(os.path.join(folder, LOCK))
    except FileNotFoundError:
        # nobody ever opened it, or the lock did not come along with a copy
        yield
        return
    except OSError as error:
        raise files.failed(error) from None
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise errors.VaultBusy from None
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _copy(folder: str) -> Iterator[str]:
    made = ""
    try:
        try:
            size = os.stat(os.path.join(folder, DATABASE)).st_size
            if size > limits.DATABASE_BYTES:
                raise errors.DatabaseDamaged
            made = tempfile.mkdtemp(prefix="ongemerkt-", dir=_roomy(2 * size))
            for name in (DATABASE, _JOURNAL):
                _copy_file(os.path.join(folder, name), os.path.join(made, name))
        except FileNotFoundError:
            raise errors.DatabaseDamaged from None
        except OSError as error:
            raise files.failed(error) from None
        yield made
    finally:
        if made:
            shutil.rmtree(made, ignore_errors=True)


def _roomy(size: int) -> str:
    """Where so many bytes can lie for a moment."""
    try:
        status = os.statvfs(_MEMORY)
        if status.f_bavail * status.f_frsize > size and os.access(_MEMORY, os.W_OK):
            return _MEMORY
    except OSError:
        # no such folder on this system
        pass
    return tempfile.gettempdir()


def _copy_file(source: str, target: str) -> None:
    try:
        descriptor = files.open_quietly(source)
    except FileNotFoundError:
        if source.endswith(DATABASE):
            raise
        return
    with open(descriptor, "rb") as old, open(target, "wb") as new:
        left = limits.DATABASE_BYTES
        while data := old.read(min(_CHUNK, left + 1)):
            left -= len(data)
            if left < 0:
                raise errors.DatabaseDamaged
            new.write(data)
