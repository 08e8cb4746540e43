"""Every slot's box of a store, as far as it can be read: what backups and restores are made of."""

from collections.abc import Iterator

from vault import errors, limits
from vault.crypto import aead
from vault.ledger import KEY_BYTES, Ledger
from vault.store.contract import Store

LOST = bytes(limits.SLOT_BOX)
"""What a slot holds whose box opened nowhere: no backup takes it over (docs/spec/places.md section 4)."""


def all_boxes(store: Store, pool: int) -> Iterator[bytes | None]:
    """The box of each slot, in order; None for one that can't be read or is LOST. Raises StorageFailed."""
    for box in _boxes(store, pool):
        yield None if box == LOST else box


def _boxes(store: Store, pool: int) -> Iterator[bytes | None]:
    at = 0
    try:
        for number, box in store.scan_slots():
            if number != at or at == pool:
                break
            yield box
            at += 1
    except errors.DatabaseDamaged:
        # a damaged page costs the slots on it, not those after it
        pass
    for number in range(at, pool):
        try:
            yield store.read_slot(number)
        except errors.DatabaseDamaged:
            yield None


def opens(ledger: Ledger, vault_id: bytes, slot: int, box: bytes | None) -> bool:
    """Whether the ledger's key for a slot opens this box."""
    if box is None:
        return False
    key = ledger.keys[slot * KEY_BYTES : (slot + 1) * KEY_BYTES]
    try:
        aead.open_box(key, vault_id, aead.SLOT, slot, box)
    except aead.BoxRefused:
        return False
    return True
