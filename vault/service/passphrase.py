"""Changing the passphrase: at any moment exactly one of old and new opens (docs/spec/vault.md section 8.6)."""

from vault import errors, files, limits
from vault.crypto import stretch
from vault.formats import header as header_format
from vault.formats.header import PASSPHRASE, Cost, Header
from vault.service.change import commit, new_epoch
from vault.service.methods import checked_passphrase, new_method
from vault.service.paths import Paths
from vault.service.state import State


def change_passphrase(paths: Paths, state: State, new: str, cost_name: str | None) -> None:
    """Replaces the passphrase method; the recovery kit stays as it is.

    Raises PassphraseTooShort, MemoryRefused, StorageFailed (the old one still opens), ResidueLeft (the new one opens).
    """
    secret = checked_passphrase(new)
    old = next(method for method in state.header.methods if method.kind == PASSPHRASE)
    cost = _not_lower(old.cost, stretch.POLICY.presets[cost_name] if cost_name else old.cost)
    method, stretched = new_method(PASSPHRASE, secret, cost, state.vault_id, state.static)
    methods = tuple(method if each.id == old.id else each for each in state.header.methods)
    header = Header(state.vault_id, state.header.inbox, methods)
    header_bytes = header_format.encode(header)
    secrets = {identity: value for identity, value in state.settings.stretched.items() if identity != old.id}
    settings = state.settings._replace(stretched={**secrets, method.id: stretched})
    _finish_earlier(paths, state)
    # the next header lies ready before the commit; the lock row's H(header) decides which of the two counts
    try:
        files.write_new(paths.next_header(), header_bytes)
        files.sync_folder(paths.data)
        commit(state, settings=settings, epoch=new_epoch(state, header, header_bytes))
    except errors.ResidueLeft:
        _take_over(paths)
        raise
    except BaseException:
        _withdraw(paths, state, header)
        raise
    _take_over(paths)


def _finish_earlier(paths: Paths, state: State) -> None:
    # the store is closed, and refuses, when nobody knows whether an earlier change happened: then nothing is written
    state.store.read_lock()
    # when `_take_over` failed, the header in force lies where the next one is about to be written
    if files.read(paths.next_header(), limits.HEADER_BYTES) == state.header_bytes:
        files.rename(paths.next_header(), paths.header())
        files.sync_folder(paths.data)


def _not_lower(old: Cost, wanted: Cost) -> Cost:
    # neither memory nor passes are ever lowered on re-wrap (property P12)
    return wanted if wanted.m_kib >= old.m_kib and wanted.t >= old.t else old


def _take_over(paths: Paths) -> None:
    try:
        files.rename(paths.next_header(), paths.header())
        files.sync_folder(paths.data)
    except errors.StorageFailed:
        # the lock row says which header counts, so the change stands
        raise errors.ResidueLeft from None
    files.still(paths.header(), paths.data)


def _withdraw(paths: Paths, state: State, header: Header) -> None:
    if state.header is header:
        # committed, and interrupted only after that
        _take_over(paths)
        return
    try:
        # refuses as above: then this may be the header in force
        state.store.read_lock()
        files.remove(paths.next_header())
        files.still(paths.data)
    except errors.VaultError:
        # the next unlock removes it, or puts it in force
        return
