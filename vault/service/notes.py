"""Notes to slots and back (docs/spec/vault.md sections 4.2 and 4.3)."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from os import urandom
from typing import TypeVar

from vault import errors, limits, sodium
from vault.crypto import aead
from vault.formats import note as note_format
from vault.formats.reader import FormatError
from vault.handles import COUNT
from vault.ledger import DRAFT, EMPTY, FIRST, FREE, KEY_BYTES, MORE, NO_HANDLE, NO_SLOT, TOMB, Entry, Ledger
from vault.service.change import Part
from vault.service.state import State
from vault.service.versions import Version, new_id

DAMAGE = (errors.SlotTampered, errors.DatabaseDamaged)
"""What reading one note raises when that note is damaged, and the others may well be whole."""

_SPARSE = 16
"""With less than one slot in so many free, slots are drawn from a list of the free ones instead of by trial."""


def below(count: int) -> int:
    """A number from 0 … count−1 from the system's randomness; 128 bits make the unevenness immeasurable."""
    return int.from_bytes(urandom(16), "big") % count


def checked(text: str) -> str:
    """The text, if it can be a note. Raises NoteEmpty, NoteNotText, NoteTooLong."""
    if not text.strip():
        raise errors.NoteEmpty
    if not is_text(text):
        raise errors.NoteNotText
    if len(text.encode()) > limits.NOTE_BYTES:
        raise errors.NoteTooLong
    return text


def is_text(text: str) -> bool:
    """Whether `text` can be stored: no NUL, no half of a pair of code units."""
    # a function of its own, since Python's error would hold the text (lesson 25)
    if "\0" in text:
        return False
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def throwaway_tag() -> bytes:
    """The tag of a note without an engagement: sealed to a key that nobody has, so that it looks like any other."""
    return sodium.seal(bytes(2), urandom(32))


class Seats:
    """Free slots and unused handles to draw from, for one change that writes `notes` notes."""

    def __init__(self, state: State, notes: int = 1) -> None:
        """Starts from what is free in the ledger now."""
        ledger = self._ledger = state.ledger
        # for one note a few trials beat a list of the whole pool
        listed = notes > 1 or ledger.free_count() * _SPARSE < ledger.pool
        self._free = ledger.free() if listed else None
        self._handles = _handles(ledger) if notes > 1 else None

    def take_slots(self, count: int) -> list[int]:
        """So many different free slots, drawn at random. The caller has made sure that there are enough."""
        if self._free is not None:
            return [self._take_listed(self._free) for _ in range(count)]
        taken: list[int] = []
        while len(taken) < count:
            slot = below(self._ledger.pool)
            if self._ledger.kinds[slot] == FREE and slot not in taken:
                taken.append(slot)
        return taken

    def _take_listed(self, free: list[int]) -> int:
        at = below(len(free))
        free[at], free[-1] = free[-1], free[at]
        return free.pop()

    def take_handle(self) -> int:
        """An unused handle's number, drawn at random."""
        number = below(COUNT)
        while self._is_used(number):
            number = below(COUNT)
        if self._handles is not None:
            self._handles.add(number)
        return number

    def _is_used(self, number: int) -> bool:
        return self._ledger.find(number) is not None if self._handles is None else number in self._handles


def _handles(ledger: Ledger) -> set[int]:
    # a tomb has flags where others have their handle
    pairs = zip(ledger.handles, ledger.kinds, strict=True)
    return {handle for handle, kind in pairs if kind != TOMB}


def seal_note(
    state: State,
    text: str,
    expiry: int,
    handle: int,
    slots: Sequence[int],
    *,
    tag: bytes = b"",
    version: Version | None = None,
) -> Iterator[Part]:
    """The parts of a note in the given slots; a new note's, unless it takes the place of another `version`."""
    found = note_format.encode(text, tag or throwaway_tag())
    version = version or Version(new_id())
    yield from seal_payloads(state, found, Entry(FIRST, expiry, NO_SLOT, handle, b"", *version), slots)


def seal_draft(
    state: State, text: str, expiry: int, handle: int, slots: Sequence[int], *, tag: bytes
) -> Iterator[Part]:
    """The parts of a draft in the given slots. It is no version of anything."""
    found = note_format.encode(text, tag)
    yield from seal_payloads(state, found, Entry(DRAFT, expiry, NO_SLOT, handle, b""), slots)


def seal_payloads(state: State, found: Sequence[bytes], first: Entry, slots: Sequence[int]) -> Iterator[Part]:
    """The parts of what has these payloads, in the given slots, each under a fresh key of its own.

    `first` is the entry of the first part, but for its next slot and its key.
    """
    entry = first
    for place, (slot, payload) in enumerate(zip(slots, found, strict=True)):
        key = urandom(KEY_BYTES)
        box = aead.seal(key, state.vault_id, aead.SLOT, slot, payload)
        follower = slots[place + 1] if place + 1 < len(slots) else NO_SLOT
        yield Part(slot, entry._replace(next=follower, key=key), box)
        entry = Entry(MORE, first.expiry, NO_SLOT, NO_HANDLE, b"")


Leaves = Mapping[int, Entry]
"""Slot → the tomb that is left in it."""


def erase(slots: Sequence[int], leaves: Leaves) -> Iterator[Part]:
    """The parts that empty these slots: no entry but a tomb, random bytes in the looks of a box."""
    for slot in slots:
        yield Part(slot, leaves.get(slot, EMPTY), aead.noise(limits.SLOT_BOX))


def forget(slots: Sequence[int], leaves: Leaves) -> Iterator[Part]:
    """The parts that empty these slots' entries and leave their boxes, which nothing opens any more."""
    for slot in slots:
        yield Part(slot, leaves.get(slot, EMPTY), None)


def open_slot(state: State, slot: int, box: bytes) -> bytes:
    """A living slot's payload. Raises SlotTampered."""
    # the key was drawn for this one box (docs/adr/0006): whatever opens under it is that box
    key = state.ledger.keys[slot * KEY_BYTES : (slot + 1) * KEY_BYTES]
    try:
        return aead.open_box(key, state.vault_id, aead.SLOT, slot, box)
    except aead.BoxRefused:
        raise errors.SlotTampered from None


def chain(state: State, first: int) -> list[int]:
    """The note's slots in reading order. Raises LedgerTampered."""
    try:
        return state.ledger.chain(first)
    except FormatError:
        raise errors.LedgerTampered from None


def payloads(state: State, first: int) -> list[bytes]:
    """All payloads of the note whose first part is in slot `first`. Raises SlotTampered, LedgerTampered."""
    return [open_slot(state, slot, state.store.read_slot(slot)) for slot in chain(state, first)]


def text_bytes(found: list[bytes]) -> bytes:
    """The UTF-8 text in a note's payloads. Raises SlotTampered."""
    try:
        return note_format.text_bytes(found)
    except FormatError:
        raise errors.SlotTampered from None


def decode(data: bytes) -> str:
    """The text in a note's UTF-8 bytes. Raises SlotTampered."""
    try:
        return str(data, "utf-8")
    except UnicodeDecodeError:
        pass
    # raised here, where Python's own error, which holds the text, is gone
    raise errors.SlotTampered


def all_texts(state: State, firsts: Sequence[int], damaged: list[int] | None = None) -> Iterator[tuple[int, bytes]]:
    """(first slot, UTF-8 text) of each of these notes, in no telling order.

    The first slots of notes that can't be read go into `damaged`. Without it the first of them raises SlotTampered or
    DatabaseDamaged.
    """
    return _all(state, firsts, text_bytes, damaged)


def all_payloads(state: State, firsts: Sequence[int]) -> Iterator[tuple[int, list[bytes]]]:
    """(first slot, payloads) of each of these notes, in no telling order."""
    return _all(state, firsts, lambda found: found)


_Read = TypeVar("_Read")


def _all(
    state: State, firsts: Sequence[int], read: Callable[[list[bytes]], _Read], damaged: list[int] | None = None
) -> Iterator[tuple[int, _Read]]:
    """(first slot, what `read` makes of the payloads) of each of these notes.

    Reads the pool in one sweep when much of it is wanted: a sweep costs a third of as many single reads.
    """
    unread = set(firsts)
    passed_over = (errors.DatabaseDamaged,) if damaged is None else DAMAGE
    if len(firsts) * 3 >= state.ledger.pool:
        try:
            for first, found in _sweep(state, firsts, read):
                unread.discard(first)
                yield first, found
        except passed_over:
            # perhaps a page that holds none of these notes: then each of them can still be read by itself
            pass
    for first in unread:
        try:
            found = read(payloads(state, first))
        except DAMAGE:
            if damaged is None:
                raise
            damaged.append(first)
        else:
            yield first, found


def _sweep(state: State, firsts: Sequence[int], read: Callable[[list[bytes]], _Read]) -> Iterator[tuple[int, _Read]]:
    nexts = state.ledger.nexts
    long_notes = {first: chain(state, first) for first in firsts if nexts[first] != NO_SLOT}
    owner = {slot: first for first, slots in long_notes.items() for slot in slots}
    # 1 for a note of one slot, 2 for a part of a longer one
    roles = bytearray(state.ledger.pool)
    for slot in firsts:
        roles[slot] = 1
    for slot in owner:
        roles[slot] = 2
    # the parts of long notes that have come by; whichever comes last brings the note, so that few lie waiting
    waiting: dict[int, dict[int, bytes]] = {}
    left = len(roles) - roles.count(0)
    for slot, payload in _opened(state, roles):
        left -= 1
        if roles[slot] == 1:
            yield slot, read([payload])
            continue
        first = owner[slot]
        parts = waiting.setdefault(first, {})
        parts[slot] = payload
        if len(parts) == len(long_notes[first]):
            yield first, read([parts[each] for each in long_notes[first]])
            del waiting[first]
    if left:
        # rows are missing, so the pool is not the one that the ledger is about
        raise errors.DatabaseDamaged


def _opened(state: State, roles: bytearray) -> Iterator[tuple[int, bytes]]:
    """(slot, payload) of every slot that has a role, in slot order."""
    # as open_slot, without its calls: they are a tenth of the time that ten thousand notes take
    keys, vault_id, open_box, kind = state.ledger.keys, state.vault_id, aead.open_box, aead.SLOT
    try:
        for slot, box in state.store.scan_slots():
            if roles[slot]:
                yield slot, open_box(keys[slot * KEY_BYTES : (slot + 1) * KEY_BYTES], vault_id, kind, slot, box)
    except (aead.BoxRefused, IndexError):
        raise errors.SlotTampered from None
