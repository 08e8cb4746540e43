"""The ledger: which slots live, with each note's random key (docs/spec/vault.md section 5.3). Pure.

A note exists if and only if its key is in the ledger. The ledger is kept in columns over the whole pool, one entry a
slot, and is written page by page; a page holds the same columns of limits.PAGE_ENTRIES slots. A tomb is what a
version leaves that was replaced or shredded while the vault was enrolled (docs/spec/sync-protocol.md section 2).
"""

from array import array
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, pad

FREE, FIRST, MORE, DRAFT, TOMB, RECORD = 0, 1, 2, 3, 4, 5
"""Kinds of entry: nothing lives here; a note's first part; a further part of a note; the first part of the draft; a
tomb, which is no part of anything; the first part of one of the coach's registers, whose number is in the handle."""
NO_SLOT = 0xFFFFFFFF
NO_HANDLE = 0xFFFFFFFF
PAYLOAD = limits.PAGE_BOX - 73
KEY_BYTES = 32
ID_BYTES = 8
_N = limits.PAGE_ENTRIES
_WIDTHS = (1, 2, 4, 4, KEY_BYTES, ID_BYTES, ID_BYTES)
_COLUMNS = tuple((sum(_WIDTHS[:at]) * _N, width * _N) for at, width in enumerate(_WIDTHS))
_USED = sum(_WIDTHS) * _N
_SHREDDED, _PUSHED, _APART = 1 << 16, 1 << 17, 1 << 18
_KNOWN = (1 << limits.DEVICES) - 1


class Entry(NamedTuple):
    """One slot's entry: kind, expiry month, next part's slot, handle, the slot's key (32 bytes).

    `id` and `parent` are of a note's first part and of a tomb, else 0: the id of the version, and of the one that it
    took the place of. Of a tomb the handle holds flags.
    """

    kind: int
    expiry: int
    next: int
    handle: int
    key: bytes
    id: int = 0
    parent: int = 0


EMPTY = Entry(FREE, 0, NO_SLOT, NO_HANDLE, bytes(KEY_BYTES))


class Tomb(NamedTuple):
    """What is left of a version in `slot`. `known`: a bit for the index of each device that knows of it. `shredded`: or
    else replaced. `pushed`: the server has it from this device."""

    slot: int
    id: int
    parent: int
    known: int
    shredded: bool
    pushed: bool = False
    apart: bool = False

    def entry(self, key: bytes = bytes(KEY_BYTES)) -> Entry:
        """The entry that says this; on the server `key` is the stamp of its slot."""
        flags = self.known | _SHREDDED * self.shredded | _PUSHED * self.pushed | _APART * self.apart
        return Entry(TOMB, 0, NO_SLOT, flags, key, self.id, self.parent)


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
        self.ids = _words("Q", [0]) * pool
        self.parents = _words("Q", [0]) * pool

    # -- reading

    def entry(self, slot: int) -> Entry:
        """The entry of `slot`."""
        return Entry(
            self.kinds[slot],
            self.expiries[slot],
            self.nexts[slot],
            self.handles[slot],
            bytes(self.keys[KEY_BYTES * slot : KEY_BYTES * (slot + 1)]),
            self.ids[slot],
            self.parents[slot],
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

    def by_id(self) -> dict[int, int]:
        """The slot of the first part of every note that has an id, by that id."""
        ids = self.ids
        return {ids[slot]: slot for slot in self.firsts() if ids[slot]}

    def tombs(self) -> list[Tomb]:
        """The tombs, in slot order."""
        found = []
        at = self.kinds.find(TOMB)
        while at >= 0:
            flags = self.handles[at]
            shredded, pushed, apart = bool(flags & _SHREDDED), bool(flags & _PUSHED), bool(flags & _APART)
            found.append(Tomb(at, self.ids[at], self.parents[at], flags & _KNOWN, shredded, pushed, apart))
            at = self.kinds.find(TOMB, at + 1)
        return found

    # -- writing

    def apply(self, changes: Mapping[int, Entry]) -> None:
        """Puts the changed entries in."""
        for slot, entry in changes.items():
            self.kinds[slot] = entry.kind
            self.expiries[slot] = entry.expiry
            self.nexts[slot] = entry.next
            self.handles[slot] = entry.handle
            self.keys[KEY_BYTES * slot : KEY_BYTES * (slot + 1)] = entry.key
            self.ids[slot] = entry.id
            self.parents[slot] = entry.parent

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
    ids, parents = ledger.ids[part], ledger.parents[part]
    for slot, entry in (changes or {}).items():
        at = slot - base
        if 0 <= at < _N:
            kinds[at], expiries[at], nexts[at], handles[at] = entry.kind, entry.expiry, entry.next, entry.handle
            keys[at * KEY_BYTES : (at + 1) * KEY_BYTES] = entry.key
            ids[at], parents[at] = entry.id, entry.parent
    words = _little(expiries) + _little(nexts) + _little(handles)
    return pad(bytes(kinds) + words + bytes(keys) + _little(ids) + _little(parents), PAYLOAD)


def decode_pages(payloads: Iterable[bytes], pool: int, *, stamped: bool = False) -> Ledger:
    """The ledger in all its pages, in order; pages from before there were ids have none. Raises FormatError.

    `stamped`: a server's, where the key of a tomb is its slot's stamp (docs/spec/sync-protocol.md section 4.2).
    """
    pages = list(payloads)
    if len(pages) != pages_in(pool):
        raise FormatError("pages")
    zero = bytes(PAYLOAD - _USED)
    if any(page[_USED:] != zero for page in pages):
        raise FormatError("padding")
    kinds, expiries, nexts, handles, keys, ids, parents = (
        b"".join([page[start : start + size] for page in pages]) for start, size in _COLUMNS
    )
    if len(kinds.translate(None, bytes((FREE, FIRST, MORE, DRAFT, TOMB, RECORD)))):
        raise FormatError("kind")
    ledger = Ledger(0)
    ledger.pool = pool
    ledger.kinds = bytearray(kinds)
    ledger.expiries, ledger.nexts, ledger.handles = _read("H", expiries), _read("I", nexts), _read("I", handles)
    ledger.keys = bytearray(keys)
    ledger.ids, ledger.parents = _read("Q", ids), _read("Q", parents)
    for tomb in ledger.tombs():
        found = ledger.entry(tomb.slot)
        if not tomb.id or found != tomb.entry(found.key if stamped else EMPTY.key):
            raise FormatError("tomb")
    return ledger


def living(ledger: Ledger) -> Iterator[tuple[int, Entry]]:
    """Every slot that holds a part of a note or draft, with its entry."""
    for slot, kind in enumerate(ledger.kinds):
        if kind not in (FREE, TOMB):
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
