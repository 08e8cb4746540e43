"""Unlocking: from files and a secret to an open state (docs/spec/vault.md section 8.2)."""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import NamedTuple

from vault import errors, files, limits
from vault.anchor.file import FileAnchor
from vault.crypto.derive import database_key
from vault.formats import header as header_format
from vault.formats import lockrow
from vault.formats.header import Header, Method, UnknownVersion, header_hash
from vault.formats.lockrow import LockRow
from vault.formats.reader import FormatError
from vault.service.create import exists
from vault.service.methods import find_static, open_epoch_key
from vault.service.state import Paths, State, Unlocked
from vault.store.sqlcipher import NewSqlcipherStore, SqlcipherStore, remove_unfinished


class _Candidate(NamedTuple):
    """A header on disk: usually one; two when a change of unlock methods was interrupted."""

    path: str
    raw: bytes
    header: Header


class _Entered(NamedTuple):
    candidate: _Candidate
    method: Method
    stretched: bytes
    static: bytes


def unlock(paths: Paths, secret: str, on_stretch: Callable[[], None] | None = None) -> State:
    """The vault's state, read and checked. The caller holds the process lock.

    An interrupted change is finished or undone here, once it is certain which. Raises NoVault, WrongSecret,
    MemoryRefused, StorageFailed and the VaultDamaged family.
    """
    candidates = _candidates(paths)
    store: SqlcipherStore | None = None
    try:
        for entered in _entries(candidates, secret, on_stretch):
            store = SqlcipherStore(paths.data, partial(database_key, entered.static))
            row = _lock_row(store)
            if row.header_hash == header_hash(entered.candidate.raw):
                state = _enter(paths, entered, store, row)
                _settle(paths, entered.candidate, state)
                return state
            store.close()
            if not any(row.header_hash == header_hash(other.raw) for other in candidates):
                # the database belongs to a header that isn't here: one of the two is another time's copy
                raise errors.HeaderDamaged
        raise errors.WrongSecret
    except BaseException:
        if store is not None:
            store.close()
        raise


def _candidates(paths: Paths) -> list[_Candidate]:
    found = []
    damage: errors.VaultDamaged | None = None
    for path in (paths.header(), paths.next_header()):
        raw = files.read(path, limits.HEADER_BYTES)
        if raw is None:
            continue
        try:
            found.append(_Candidate(path, raw, header_format.decode(raw)))
        except UnknownVersion:
            damage = errors.VersionUnknown()
        except FormatError:
            # a torn next header is no damage: the change that wrote it never happened
            damage = damage or (errors.HeaderDamaged() if path == paths.header() else None)
    if damage is not None:
        raise damage
    if not exists(paths):
        # a next header alone is a vault whose making was interrupted: nothing was ever in it
        raise errors.NoVault
    if not found:
        raise errors.HeaderDamaged
    return found


def _entries(candidates: list[_Candidate], secret: str, on_stretch: Callable[[], None] | None) -> Iterator[_Entered]:
    # lazily: a second header costs another key derivation
    for candidate in candidates:
        if on_stretch:
            on_stretch()
        try:
            yield _Entered(candidate, *find_static(candidate.header, secret))
        except errors.WrongSecret:
            continue


def _lock_row(store: SqlcipherStore) -> LockRow:
    try:
        return lockrow.decode(store.read_lock())
    except FormatError:
        raise errors.LedgerTampered from None


def _enter(paths: Paths, entered: _Entered, store: SqlcipherStore, row: LockRow) -> State:
    header = entered.candidate.header
    anchor = FileAnchor(paths.anchor(header.vault_id))
    secret = anchor.find(row.epoch).secret
    key = open_epoch_key(row, entered.method, entered.stretched, secret, header.vault_id)
    new_store = partial(NewSqlcipherStore, paths.data, partial(database_key, entered.static))
    state = State(Unlocked(header, entered.candidate.raw, entered.static, key, store, new_store, anchor))
    state.load(row.epoch)
    return state


def _settle(paths: Paths, candidate: _Candidate, state: State) -> None:
    """Everything is verified: what an interrupted change left is finished or removed now."""
    # first, since nothing may be destroyed on the strength of a commit that a power cut could still undo
    state.store.settle()
    state.anchor.settle()
    state.anchor.confirm(state.head_hash)
    if candidate.path == paths.next_header():
        files.rename(paths.next_header(), paths.header())
        files.sync_folder(paths.data)
    elif os.path.exists(paths.next_header()):
        files.remove(paths.next_header())
        files.sync_folder(paths.data)
    remove_unfinished(paths.data)
    paths.still()
    state.anchor.still()
