"""The ledger: which slots live, with each note's random key (docs/spec/vault.md section 5.3). Pure.

A note exists if and only if its key is in the ledger. The ledger is kept in columns over the whole pool, one entry a
slot, and is written page by page; a page holds the same columns of limits.PAGE_ENTRIES slots.
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, pad

FREE, FIRST, MORE, DRAFT = 0, 1, 2, 3
"""Kinds of entry: nothing lives here; a note's first part; a further part of a note; the first part of the draft."""
NO_SLOT = 0xFFFFFFFF
NO_HANDLE = 0xFFFFFFFF
PAYLOAD = limits.PAGE_BOX - 73
KEY_BYTES = 32
_N = limits.PAGE_ENTRIES
_COLUMNS = ((0, _N), (_N, 2 * _N), (3 * _N, 4 * _N), (7 * _N, 4 * _N), (11 * _N, KEY_BYTES * _N))
_USED = 43 * _N


class Entry(NamedTuple):
    """One slot's entry: kind, expiry month, next part's slot, handle, the slot's key (32 bytes)."""

    kind: int
    expiry: int
    next: int
    handle: int
    key: bytes


EMPTY = Entry(FREE, 0, NO_SLOT, NO_HANDLE, bytes(KEY_BYTES))


class Ledger:
    """The entries of every slot in the pool."""

    def __init__(self, pool: int) -> None:
        """An empty ledger over `pool` slots."""
        self.pool = pool
        self.kinds = bytearray(pool)
        self.expiries = _words("H", [0]) * pool
        self.nexts = _words("I", [NO_SLOT]) * pool
        self.handles = _words("I", [NO_HANDLE]) * pool
        self.keys = bytearray(KEY_BYTES * pool)

    # -- reading

    def entry(self, slot: int) -> Entry:
        """The entry of `slot`."""
        return Entry(
            self.kinds[slot],
            self.expiries[slot],
            self.nexts[slot],
            self.handles[slot],
            bytes(self.keys[KEY_BYTES * slot : KEY_BYTES * (slot + 1)]),
        )

    def firsts(self, kind: int = FIRST) -> list[int]:
        """The slots that hold the first part of a note (or of a draft), in slot order."""
        return [slot for slot, found in enumerate(self.kinds) if found == kind]

    def chain(self, first: int) -> list[int]:
        """The slots of the note whose first part is in `first`, in reading order. Raises FormatError if broken."""
        slots = [first]
        most = limits.NOTE_BYTES // 1024
        while (follower := self.nexts[slots[-1]]) != NO_SLOT:
            if follower >= self.pool or self.kinds[follower] != MORE or len(slots) > most:
                raise FormatError("chain")
            slots.append(follower)
        return slots

    def free(self) -> list[int]:
        """The free slots, in slot order."""
        return [slot for slot, kind in enumerate(self.kinds) if kind == FREE]

    def free_count(self) -> int:
        """How many slots are free."""
        return self.kinds.count(FREE)

    def find(self, handle: int) -> int | None:
        """The slot of the first part of the note (not the draft) with this handle number."""
        at = -1
        while True:
            try:
                at = self.handles.index(handle, at + 1)
            except ValueError:
                return None
            if self.kinds[at] == FIRST:
                return at

    def due(self, now: int) -> list[int]:
        """First parts of the notes and drafts whose expiry month lies before `now`."""
        pairs = zip(self.kinds, self.expiries, strict=True)
        return [slot for slot, (kind, month) in enumerate(pairs) if month < now and kind in (FIRST, DRAFT)]

    # -- writing

    def apply(self, changes: Mapping[int, Entry]) -> None:
        """Puts the changed entries in."""
        for slot, entry in changes.items():
            self.kinds[slot] = entry.kind
            self.expiries[slot] = entry.expiry
            self.nexts[slot] = entry.next
            self.handles[slot] = entry.handle
            self.keys[KEY_BYTES * slot : KEY_BYTES * (slot + 1)] = entry.key

    def wipe(self) -> None:
        """Overwrites the keys in memory; what Python copied elsewhere stays (docs/adr/0005)."""
        self.keys[:] = bytes(len(self.keys))


# -- pages (docs/spec/vault.md section 5.3)


def pages_in(pool: int) -> int:
    """How many ledger pages a pool of so many slots has."""
    return pool // limits.PAGE_ENTRIES


def page_of(slot: int) -> int:
    """The ledger page that holds this slot's entry."""
    return slot // limits.PAGE_ENTRIES


def encode_page(ledger: Ledger, page: int, changes: Mapping[int, Entry] | None = None) -> bytes:
    """One page's plaintext, PAYLOAD bytes, as it is once `changes` are applied."""
    base = page * _N
    part = slice(base, base + _N)
    kinds = ledger.kinds[part]
    expiries, nexts, handles = ledger.expiries[part], ledger.nexts[part], ledger.handles[part]
    keys = ledger.keys[base * KEY_BYTES : (base + _N) * KEY_BYTES]
    for slot, entry in (changes or {}).items():
        at = slot - base
        if 0 <= at < _N:
            kinds[at], expiries[at], nexts[at], handles[at] = entry.kind, entry.expiry, entry.next, entry.handle
            keys[at * KEY_BYTES : (at + 1) * KEY_BYTES] = entry.key
    words = _little(expiries) + _little(nexts) + _little(handles)
    return pad(bytes(kinds) + words + bytes(keys), PAYLOAD)


def decode_pages(payloads: Iterable[bytes], pool: int) -> Ledger:
    """The ledger in all its pages, in order. Raises FormatError."""
    pages = list(payloads)
    if len(pages) != pages_in(pool):
        raise FormatError("pages")
    zero = bytes(PAYLOAD - _USED)
    if any(page[_USED:] != zero for page in pages):
        raise FormatError("padding")
    kinds, expiries, nexts, handles, keys = (
        b"".join([page[start : start + size] for page in pages]) for start, size in _COLUMNS
    )
    if len(kinds.translate(None, bytes((FREE, FIRST, MORE, DRAFT)))):
        raise FormatError("kind")
    ledger = Ledger(0)
    ledger.pool = pool
    ledger.kinds = bytearray(kinds)
    ledger.expiries, ledger.nexts, ledger.handles = _read("H", expiries), _read("I", nexts), _read("I", handles)
    ledger.keys = bytearray(keys)
    return ledger


def living(ledger: Ledger) -> Iterator[tuple[int, Entry]]:
    """Every slot that holds a part of a note or draft, with its entry."""
    for slot, kind in enumerate(ledger.kinds):
        if kind != FREE:
            yield slot, ledger.entry(slot)


def _words(code: str, values: list[int]) -> "array[int]":
    return array(code, values)


_BIG_ENDIAN = array("H", [1]).tobytes()[0] == 0


def _little(column: "array[int]") -> bytes:
    if _BIG_ENDIAN:
        column = array(column.typecode, column)
        column.byteswap()
    return column.tobytes()


def _read(code: str, data: bytes) -> "array[int]":
    column = array(code)
    column.frombytes(data)
    if _BIG_ENDIAN:
        column.byteswap()
    return column
