"""The one way a vault changes on disk: a commit, with or without a new epoch (docs/spec/vault.md sections 6.2 and 8).

A commit without a new epoch adds or moves; a commit with one also destroys: the old ledger's key can't be derived any
more once the old anchor is gone.
"""

from collections.abc import Iterable
from os import urandom
from typing import NamedTuple

from vault import errors, limits
from vault.crypto import aead
from vault.formats import head as head_format
from vault.formats import lockrow
from vault.formats import settings as settings_format
from vault.formats.anchorfile import Anchor
from vault.formats.head import Head
from vault.formats.header import Header
from vault.formats.settings import Settings
from vault.ledger import Entry, Ledger, encode_page, page_of, pages_in
from vault.service.methods import lock_row
from vault.service.owing import with_owing
from vault.service.state import State
from vault.store.contract import Transaction


class Part(NamedTuple):
    """A slot's new entry, and its new box; None leaves the box as it is."""

    slot: int
    entry: Entry
    box: bytes | None


class NewEpoch(NamedTuple):
    """What the next epoch is made of; `header` and its bytes are new ones when unlock methods change."""

    anchor: Anchor
    key: bytes
    header: Header
    header_bytes: bytes


def new_epoch(state: State, header: Header | None = None, header_bytes: bytes | None = None) -> NewEpoch:
    """A fresh epoch: random id, anchor and key."""
    anchor = Anchor(urandom(16), urandom(32))
    return NewEpoch(anchor, urandom(32), header or state.header, header_bytes or state.header_bytes)


def commit(
    state: State, parts: Iterable[Part] = (), *, settings: Settings | None = None, epoch: NewEpoch | None = None
) -> None:
    """Writes the parts, and the settings if given, in one step; with `epoch` everything before it becomes unreadable.

    `parts` is taken one by one while writing, so that it may be long. Raises StorageFailed (nothing changed),
    ResidueLeft (changed, but the old anchor could not be destroyed yet).
    """
    draft = _Draft(state, settings or state.settings, epoch)
    try:
        with state.store.transaction() as transaction:
            # an older program must be told of a newer version, not find pages that it does not understand
            draft.write(transaction, parts, settings is not None or state.outdated)
            if epoch is None:
                state.anchor.witness(state.head_hash, draft.head_hash)
            else:
                state.anchor.prepare(epoch.anchor, draft.head_hash)
    except BaseException as error:
        if not _happened(state, draft, error):
            if epoch is not None:
                _abandon(state)
            raise
        _finish(state, draft, epoch)
        if not isinstance(error, errors.VaultError):
            raise
        return
    _finish(state, draft, epoch)


def _finish(state: State, draft: "_Draft", epoch: NewEpoch | None) -> None:
    draft.adopt()
    if epoch is None:
        state.anchor.confirm(draft.head_hash)
        return
    try:
        state.anchor.advance()
    except errors.StorageFailed:
        raise errors.ResidueLeft from None


def _abandon(state: State) -> None:
    try:
        state.anchor.abandon()
    except errors.StorageFailed:
        # an anchor of an epoch that never began opens nothing; the next unlock removes it
        return


def _happened(state: State, draft: "_Draft", error: BaseException) -> bool:
    """After a failed commit: whether it is in the database all the same (the failure may have come after the fact).

    When the database does not tell, the failure is raised as it is and both anchors stay: the next unlock finds out.
    """
    try:
        found = head_format.head_hash(state.store.read_head())
    except errors.VaultError:
        state.store.close()
        raise error from None
    if found == state.head_hash:
        return False
    if found == draft.head_hash and _is_durable(state):
        return True
    state.store.close()
    raise error


def _is_durable(state: State) -> bool:
    try:
        state.store.settle()
    except errors.StorageFailed:
        return False
    return True


class _Draft:
    """The next state, while it is being written."""

    def __init__(self, state: State, settings: Settings, epoch: NewEpoch | None) -> None:
        self._state = state
        self._settings = settings
        self._epoch = epoch
        self._key = epoch.key if epoch else state.epoch_key
        self._hashes = list(state.page_hashes)
        self._changes: dict[int, Entry] = {}
        self._head = state.head
        self.head_hash = state.head_hash

    def write(self, transaction: Transaction, parts: Iterable[Part], with_settings: bool) -> None:
        for part in parts:
            self._changes[part.slot] = part.entry
            if part.box is not None:
                transaction.put_slot(part.slot, part.box)
        if self._settings.safety.places:
            self._settings = self._owing()
        if with_settings or self._epoch or self._settings is not self._state.settings:
            for number, payload in enumerate(settings_format.encode(self._settings)):
                self._put_page(transaction, number, payload)
        for page, changes in self._pages().items():
            payload = encode_page(self._state.ledger, page, changes)
            self._put_page(transaction, limits.SETTINGS_PAGES + page, payload)
        self._put_head(transaction)
        if self._epoch:
            transaction.put_lock(lockrow.encode(self._lock_row(self._epoch)))

    def _owing(self) -> Settings:
        state, epoch = self._state, self._epoch
        header_changed = epoch is not None and epoch.header_bytes != state.header_bytes
        return with_owing(state.settings, self._settings, state.ledger, self._changes, header_changed=header_changed)

    def _pages(self) -> dict[int, dict[int, Entry]]:
        pages: dict[int, dict[int, Entry]] = {}
        if self._epoch:
            pages = {page: {} for page in range(pages_in(self._state.ledger.pool))}
        for slot, entry in self._changes.items():
            pages.setdefault(page_of(slot), {})[slot] = entry
        return pages

    def _put_page(self, transaction: Transaction, number: int, payload: bytes) -> None:
        box = aead.seal(self._key, self._state.vault_id, aead.PAGE, number, payload)
        self._hashes[number] = head_format.page_hash(box)
        transaction.put_page(number, box)

    def _put_head(self, transaction: Transaction) -> None:
        old = self._state.head
        epoch = self._epoch.anchor.epoch if self._epoch else old.epoch
        self._head = Head(old.version + 1, epoch, old.pool, head_format.root_hash(self._hashes), self._state.head_hash)
        box = aead.seal(self._key, self._state.vault_id, aead.HEAD, 0, head_format.encode(self._head))
        self.head_hash = head_format.head_hash(box)
        transaction.put_head(box)

    def _lock_row(self, epoch: NewEpoch) -> lockrow.LockRow:
        stretched = self._settings.stretched
        return lock_row(epoch.header, epoch.header_bytes, stretched, epoch.anchor.epoch, epoch.anchor.secret, epoch.key)

    def adopt(self) -> None:
        """The commit is done: memory follows."""
        state = self._state
        state.ledger.apply(self._changes)
        state.settings, state.head, state.head_hash = self._settings, self._head, self.head_hash
        state.page_hashes, state.epoch_key, state.outdated = self._hashes, self._key, False
        if self._epoch:
            state.header, state.header_bytes = self._epoch.header, self._epoch.header_bytes


def first_boxes(
    vault_id: bytes, key: bytes, head: Head, ledger: Ledger, settings: Settings
) -> tuple[list[bytes], bytes, list[bytes], Head]:
    """Page boxes, head box, page hashes and the head itself (`head` with its root) for a whole new database."""
    payloads = settings_format.encode(settings) + [encode_page(ledger, page) for page in range(pages_in(ledger.pool))]
    boxes = [aead.seal(key, vault_id, aead.PAGE, number, payload) for number, payload in enumerate(payloads)]
    hashes = [head_format.page_hash(box) for box in boxes]
    head = head._replace(root=head_format.root_hash(hashes))
    return boxes, aead.seal(key, vault_id, aead.HEAD, 0, head_format.encode(head)), hashes, head
