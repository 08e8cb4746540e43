"""The second half of unlocking: from the static secret to an open state (docs/spec/vault.md section 8.2)."""

import os
from collections.abc import Iterable
from functools import partial

from vault import errors, files
from vault.anchor.home import AnchorHome
from vault.crypto.derive import database_key
from vault.formats import lockrow
from vault.formats.header import header_hash
from vault.formats.lockrow import LockRow
from vault.formats.reader import FormatError
from vault.service.entering import Candidate, Entered
from vault.service.methods import open_epoch_key
from vault.service.paths import Paths
from vault.service.state import State, Unlocked
from vault.service.swapped import put_right
from vault.store.sqlcipher import NewSqlcipherStore, SqlcipherStore, remove_unfinished


def unlock(paths: Paths, candidates: list[Candidate], entries: Iterable[Entered]) -> State:
    """The vault's state, read and checked. The caller holds the process lock.

    `entries` are the candidates that the secret fits. An interrupted change is finished or undone here, once it is
    certain which. Raises WrongSecret, StorageFailed and the VaultDamaged family.
    """
    store: SqlcipherStore | None = None
    try:
        for entered in entries:
            store = SqlcipherStore(paths.data, partial(database_key, entered.static))
            row = _lock_row(store)
            if row.header_hash == header_hash(entered.candidate.raw):
                state = _enter(paths, entered, store, row)
                _settle(paths, entered.candidate, state)
                return state
            store.close()
            if not any(row.header_hash == header_hash(other.raw) for other in candidates):
                put_right(paths, row.header_hash, candidates)
                # the database belongs to a header that isn't here: one of the two is another time's copy
                raise errors.HeaderDamaged
        raise errors.WrongSecret
    except BaseException:
        if store is not None:
            store.close()
        raise


def _lock_row(store: SqlcipherStore) -> LockRow:
    try:
        return lockrow.decode(store.read_lock())
    except FormatError:
        raise errors.LedgerTampered from None


def _enter(paths: Paths, entered: Entered, store: SqlcipherStore, row: LockRow) -> State:
    header = entered.candidate.header
    anchor = AnchorHome(paths.anchor(header.vault_id), paths.tpm)
    secret = anchor.find(row.epoch).secret
    key = open_epoch_key(row, entered.method, entered.stretched, secret, header.vault_id)
    new_store = partial(NewSqlcipherStore, paths.data, partial(database_key, entered.static))
    state = State(Unlocked(header, entered.candidate.raw, entered.static, key, store, new_store, anchor))
    state.load(row.epoch)
    return state


def _settle(paths: Paths, candidate: Candidate, state: State) -> None:
    """Everything is verified: what an interrupted change left is finished or removed now."""
    # first, since nothing may be destroyed on the strength of a commit that a power cut could still undo
    state.store.settle()
    state.anchor.settle_on_unlocking()
    state.anchor.confirm(state.head_hash)
    if candidate.path == paths.next_header():
        files.rename(paths.next_header(), paths.header())
        files.sync_folder(paths.data)
    elif os.path.exists(paths.next_header()):
        files.remove(paths.next_header())
        files.sync_folder(paths.data)
    remove_unfinished(paths.data)
    files.remove(paths.begun())
    paths.still()
    state.anchor.still()
