"""A new header and what it goes with, as one change (docs/spec/vault.md section 8.6).

At any moment exactly one of the old and the new header is in force: the lock row's H(header) decides which.
"""

from collections.abc import Iterable

from vault import errors, files, limits
from vault.formats import header as header_format
from vault.formats.header import Header
from vault.formats.settings import Settings
from vault.service.change import Part, commit, new_epoch
from vault.service.paths import Paths
from vault.service.state import State


def change_header(paths: Paths, state: State, header: Header, settings: Settings, parts: Iterable[Part] = ()) -> None:
    """Puts `header` and `settings` in force, writes `parts`, and turns the epoch.

    `settings` have the stretched secret of every method of the header. Raises StorageFailed (nothing changed),
    ResidueLeft (changed).
    """
    header_bytes = header_format.encode(header)
    _finish_earlier(paths, state)
    # the next header lies ready before the commit; the lock row's H(header) decides which of the two counts
    try:
        files.write_new(paths.next_header(), header_bytes)
        files.sync_folder(paths.data)
        commit(state, parts, settings=settings, epoch=new_epoch(state, header, header_bytes))
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
