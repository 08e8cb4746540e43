"""Somebody with everything a server ever saw of an account, and with devices' secrets as they are today (P7, P8).

Tries every key in reach on every head, page and slot there ever was, until nothing new opens.
"""

from collections.abc import Iterable, Iterator

from sync import protocol
from tests.support.hostile_server import Loot
from vault import limits
from vault.crypto import aead, wire
from vault.crypto.aead import BoxRefused
from vault.formats.reader import FormatError
from vault.ledger import FREE, Ledger, decode_pages
from vault.service import Vault
from vault.service.state import State

CONTROL_PAGES = 10
_KEY = 32


class ServerAttacker:
    """Takes loot and keys. `reads` is what opened: plaintexts of slots and of control pages."""

    def __init__(self, account: bytes, loot: Loot, keys: Iterable[bytes], ledgers: Iterable[Ledger] = ()) -> None:
        """`keys` are secrets of 32 bytes; `ledgers` tables of keys by slot, which need no page to be opened first."""
        self._account, self._loot = account, loot
        self._keys = set(keys)
        self.reads: set[bytes] = set()
        self.opened_pages = 0
        """How many boxes of pages opened."""
        self._by_slot: dict[int, set[tuple[bytes, int]]] = {}
        for ledger in ledgers:
            self._take_ledger(ledger, 0)
        self._keys |= set(self._open_heads())
        self._open_pages()
        self._open_slots()

    def _open_heads(self) -> Iterator[bytes]:
        for head in self._loot.heads:
            for sealed in protocol.decode_head(head).sealed:
                for key in self._keys:
                    try:
                        yield wire.open_t(sealed, key)
                    except BoxRefused:
                        continue

    def _open_pages(self) -> None:
        for number, boxes in self._loot.pages.items():
            for box in boxes:
                for key in self._keys:
                    try:
                        payload = wire.open_page(key, self._account, number, box)
                    except BoxRefused:
                        continue
                    self.opened_pages += 1
                    self._take_page(number, payload)

    def _take_page(self, number: int, payload: bytes) -> None:
        if number < CONTROL_PAGES:
            self.reads.add(payload)
            return
        try:
            self._take_ledger(
                decode_pages([payload], limits.PAGE_ENTRIES), limits.PAGE_ENTRIES * (number - CONTROL_PAGES)
            )
        except FormatError:
            return

    def _take_ledger(self, ledger: Ledger, first: int) -> None:
        for at in range(ledger.pool):
            if ledger.kinds[at] != FREE:
                key = bytes(ledger.keys[_KEY * at : _KEY * (at + 1)])
                self._by_slot.setdefault(first + at, set()).add((key, ledger.expiries[at]))

    def _open_slots(self) -> None:
        for slot, boxes in self._loot.slots.items():
            keys = {wire_key for found in self._by_slot.get(slot, ()) for wire_key in self._wire_keys(*found)}
            for box in boxes:
                for key in keys | self._keys:
                    try:
                        self.reads.add(aead.open_box(key, self._account, aead.WIRE, slot, box))
                    except BoxRefused:
                        continue

    def _wire_keys(self, key: bytes, expiry: int) -> Iterator[bytes]:
        yield key
        for share in (*self._loot.shares.get(expiry, ()), bytes(32)):
            yield wire.slot_key(key, self._account, share)


def secrets_of(vault: Vault) -> set[bytes]:
    """Every secret of 32 bytes that an open vault keeps: of its settings, its epoch and its database."""
    return secrets_in(vault._state)


def secrets_in(state: State) -> set[bytes]:
    """The same of a state, such as that of a stick."""
    return {state.epoch_key, state.static, *_secrets(state.settings)}


def _secrets(found: object) -> Iterator[bytes]:
    if isinstance(found, bytes) and len(found) == _KEY and any(found):
        yield found
    elif isinstance(found, dict):
        for each in (*found.keys(), *found.values()):
            yield from _secrets(each)
    elif isinstance(found, tuple):
        for each in found:
            yield from _secrets(each)
