"""Moving house: a pool that is full moves into a new file twice the size (docs/spec/vault.md section 8.5).

Every living part gets a new key and a slot drawn at random, so that the old order leaves no trace in the new file.
"""

from collections.abc import Iterator
from os import urandom

from vault import errors, limits
from vault.crypto import aead
from vault.formats import head as head_format
from vault.ledger import FREE, KEY_BYTES, NO_SLOT, TOMB, Ledger
from vault.service.callbacks import Progress
from vault.service.change import first_boxes
from vault.service.notes import below, open_slot
from vault.service.state import State
from vault.store.contract import NewStore, Rest


def pool_for(slots: int) -> int:
    """The least pool that has so many slots. Raises StorageFailed beyond limits.POOL_MOST."""
    pool = limits.POOL_LEAST
    while pool < slots:
        pool *= 2
    if pool > limits.POOL_MOST:
        raise errors.StorageFailed(full=True)
    return pool


def move_house(state: State, new: NewStore, pool: int, progress: Progress | None = None) -> None:
    """Moves everything that lives into `new`, a pool of `pool` slots. Raises StorageFailed (nothing changed)."""
    carry_out(state, new, _Rehoused(state, pool), progress)


def carry_out(state: State, new: NewStore, move: "Move", progress: Progress | None = None) -> None:
    """Puts `new`, filled with what `move` says, in the place of the store. Raises StorageFailed (nothing changed), and
    what the move raises."""
    try:
        new.fill(move.slots(progress), move.rest)
        state.anchor.witness(state.head_hash, move.head_hash)
    except BaseException:
        new.discard()
        raise
    try:
        store = new.publish()
    except BaseException:
        # whether the new file took the old one's place is not known here: nothing more is written, the next unlock sees
        state.store.close()
        new.discard()
        raise
    state.store.close()
    state.store = store
    move.adopt()
    new.settle()
    state.anchor.confirm(state.head_hash)


class Move:
    """What the new file holds: its ledger over `pool` slots, its settings, and the boxes of the slots."""

    def __init__(self, state: State, pool: int) -> None:
        self._state = state
        self._ledger, self._settings = Ledger(pool), state.settings
        self._head = state.head._replace(version=state.head.version + 1, pool=pool, previous=state.head_hash)
        self._hashes: list[bytes] = []
        self.head_hash = bytes(32)

    def slots(self, progress: Progress | None) -> Iterator[bytes]:
        """The boxes of the new pool, in slot order."""
        raise NotImplementedError

    def rest(self) -> Rest:
        """Ledger pages and head over the slots written; the epoch and its lock row stay."""
        state = self._state
        pages, head_box, self._hashes, self._head = first_boxes(
            state.vault_id, state.epoch_key, self._head, self._ledger, self._settings
        )
        self.head_hash = head_format.head_hash(head_box)
        return Rest(pages, state.store.read_lock(), head_box)

    def adopt(self) -> None:
        """The move is done: memory follows."""
        state = self._state
        state.ledger.wipe()
        state.ledger, state.settings, state.head = self._ledger, self._settings, self._head
        state.head_hash, state.page_hashes, state.outdated = self.head_hash, self._hashes, False


class _Rehoused(Move):
    """The same entries with other slots and keys."""

    def __init__(self, state: State, pool: int) -> None:
        super().__init__(state, pool)
        old = [slot for slot, kind in enumerate(state.ledger.kinds) if kind != FREE]
        seats = list(range(pool))
        self._seat: dict[int, int] = {}
        for slot in old:
            at = below(len(seats))
            seats[at], seats[-1] = seats[-1], seats[at]
            self._seat[slot] = seats.pop()

    def slots(self, progress: Progress | None) -> Iterator[bytes]:
        """See Move."""
        state, pool = self._state, self._ledger.pool
        tenant = {new: old for old, new in self._seat.items()}
        for slot in range(pool):
            if progress and slot % 256 == 0:
                progress(slot, pool)
            if (old := tenant.get(slot)) is None:
                yield aead.noise(limits.SLOT_BOX)
                continue
            entry, key = state.ledger.entry(old), urandom(KEY_BYTES)
            if entry.kind == TOMB:
                self._ledger.apply({slot: entry})
                yield aead.noise(limits.SLOT_BOX)
                continue
            payload = open_slot(state, old, state.store.read_slot(old))
            box = aead.seal(key, state.vault_id, aead.SLOT, slot, payload)
            follower = entry.next if entry.next == NO_SLOT else self._seat[entry.next]
            self._ledger.apply({slot: entry._replace(next=follower, key=key)})
            yield box
