"""What client and server say to each other, in bytes (docs/spec/sync-protocol.md sections 4.1, 7, 8). Pure.

Known to both sides, so it knows nothing of notes and holds no cipher: to the server a box is so many bytes.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

VERSION = 1

# -- sizes in bytes, and limits (section 8.10)
ACCOUNT = 16
DEVICE = 8
KEY = 32
HASH = 32
NONCE = 16
GENERATION = 8
SIGNATURE = 64
SECRET = 16
SHARE = 32
SLOT_BOX = 1984
PAGE_BOX = 3960
OFFER_BOX = 512
OFFER_ID = 16
NOTICE = 1024
HEAD = 1153
SEALED_T = 80
HASH_START = 8
"""So much of a page's hash tells the server which pages a device has."""
DEVICES_MOST = 12
"""Active devices of an account, as many as a head seals T to; notices of more that were removed are kept."""
POOL_LEAST = 256
POOL_MOST = 1 << 18
CONTROL_PAGES = 10
PAGE_ENTRIES = 64
SLOTS_MOST = 2048
"""Slots in one request: 4 MB."""
SHARE_MONTHS = 120
"""Months ahead for which the server holds shares, besides the present one."""
BODY_MOST = 20 << 20
"""Longest body: all pages of the largest pool, and a few slots."""
HEADER_MOST = 8 << 10
REQUEST_SECONDS = 60
QUOTA = 1 << 30
"""Bytes of slots and pages of an account, unless the keeper says otherwise."""
BUCKET, REFILL = 240, 4
"""Requests of one device: so many at once, and so many a second."""
OPEN_BUCKET, OPEN_REFILL = 400, 20
"""The same for all unsigned requests together."""
NONCES = 4
"""Nonces that are given out at a time."""
DORMANT_MONTHS = 6
OFFER_DAYS = 1
INVITE_DAYS = 7

# -- paths (section 8)
STATE = "/v1/state"
FETCH = "/v1/fetch"
COMMIT = "/v1/commit"
POOLS = "/v1/pools"
ACCOUNTS = "/v1/accounts"
DEVICES = "/v1/devices"
REMOVE = "/v1/devices/remove"
OFFERS = "/v1/offers"
LEAVE = "/v1/leave"
NONCES_PATH = "/v1/nonces"
HEALTH = "/v1/health"
OPENAPI = "/v1/openapi.json"
GLASS = "/v1/glass"
OCTETS = "application/octet-stream"
NEXT_NONCE = "Next-Nonce"

_HEAD_HASH = b"ongemerkt-shea-1"
_PAGE_HASH = b"ongemerkt-spag-1"
_ROOT = b"ongemerkt-sroo-1"
_DEVICE_ID = b"ongemerkt-devi-1"
_HEAD_SIGNED = b"ongemerkt head 1\n"
_HOLDS_SIGNED = b"ongemerkt holds 1\n"
_MONTH_SIGNED = b"ongemerkt month 1\n"


class Malformed(Exception):
    """Bytes that are not those of the protocol. Carries nothing of them."""


class Head(NamedTuple):
    """The head's fields (section 4.1): `sealed` holds T for each device index, `signer` is a device id."""

    account: bytes
    version: int
    previous: bytes
    generation: bytes
    pool: int
    root: bytes
    sealed: tuple[bytes, ...]
    signer: bytes
    signature: bytes = bytes(SIGNATURE)


class StateAsked(NamedTuple):
    """Body of a state request: the generation and the starts of the page hashes that the device has."""

    nonce: bytes
    generation: bytes
    known: tuple[bytes, ...]


class StateAnswer(NamedTuple):
    """Answer to it: `shares` from month `first` on; no head for an empty account; pages that differ, by number."""

    month: int
    signature: bytes
    first: int
    shares: tuple[bytes, ...]
    head: bytes | None
    pages: tuple[tuple[int, bytes], ...]


class CommitAsked(NamedTuple):
    """Body of a commit: pages and slots by number, ascending."""

    nonce: bytes
    head: bytes
    pages: tuple[tuple[int, bytes], ...]
    slots: tuple[tuple[int, bytes], ...]


class Reader:
    """Takes fields off bytes, never past their end."""

    def __init__(self, data: bytes) -> None:
        """Reads `data` from its start."""
        self._data = memoryview(data)
        self._at = 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes. Raises Malformed."""
        end = self._at + size
        if end > len(self._data):
            raise Malformed
        found = bytes(self._data[self._at : end])
        self._at = end
        return found

    def number(self, size: int) -> int:
        """The next number of `size` bytes. Raises Malformed."""
        return int.from_bytes(self.take(size), "big")

    def end(self) -> None:
        """Nothing may be left. Raises Malformed."""
        if self._at != len(self._data):
            raise Malformed


def pages_of(pool: int) -> int:
    """How many pages the mirror of such a pool has. Raises Malformed for no pool."""
    if not POOL_LEAST <= pool <= POOL_MOST or pool & (pool - 1):
        raise Malformed
    return CONTROL_PAGES + pool // PAGE_ENTRIES


def _hash(data: bytes, person: bytes, size: int = HASH) -> bytes:
    return hashlib.blake2b(data, digest_size=size, person=person).digest()


# -- heads


def encode_head(head: Head) -> bytes:
    """The head's HEAD bytes."""
    return b"".join(
        (
            bytes([VERSION]),
            head.account,
            head.version.to_bytes(8, "big"),
            head.previous,
            head.generation,
            head.pool.to_bytes(4, "big"),
            head.root,
            *head.sealed,
            bytes(20),
            head.signer,
            head.signature,
        )
    )


def decode_head(data: bytes) -> Head:
    """The fields of a head; nothing is verified but its form. Raises Malformed."""
    if len(data) != HEAD:
        raise Malformed
    reader = Reader(data)
    if reader.number(1) != VERSION:
        raise Malformed
    account, version, previous = reader.take(ACCOUNT), reader.number(8), reader.take(HASH)
    generation, pool, root = reader.take(GENERATION), reader.number(4), reader.take(HASH)
    sealed = tuple(reader.take(SEALED_T) for _ in range(DEVICES_MOST))
    if reader.take(20) != bytes(20) or version == 0:
        raise Malformed
    pages_of(pool)
    return Head(account, version, previous, generation, pool, root, sealed, reader.take(DEVICE), reader.take(SIGNATURE))


def head_signed(head: bytes) -> bytes:
    """What a head's signature is over."""
    return _HEAD_SIGNED + head[:-SIGNATURE]


def head_hash(head: bytes) -> bytes:
    """The hash of a head, which the next one names."""
    return _hash(head, _HEAD_HASH)


def page_hash(box: bytes) -> bytes:
    """The hash of a page's box."""
    return _hash(box, _PAGE_HASH)


def root_hash(hashes: Iterable[bytes]) -> bytes:
    """The root over all page hashes, in order."""
    return _hash(b"".join(hashes), _ROOT)


def device_id(signing_key: bytes) -> bytes:
    """A device's id, which follows from its signing key."""
    return _hash(signing_key, _DEVICE_ID, DEVICE)


# -- what the server signs


def holds_signed(account: bytes, nonce: bytes, version: int, head: bytes, month: int) -> bytes:
    """What the server's receipt for a commit is over; `head` is the head's hash."""
    return _HOLDS_SIGNED + account + nonce + version.to_bytes(8, "big") + head + month.to_bytes(2, "big")


def month_signed(account: bytes, nonce: bytes, month: int) -> bytes:
    """What the server's word for the month is over."""
    return _MONTH_SIGNED + account + nonce + month.to_bytes(2, "big")


# -- bodies


def encode_state_asked(asked: StateAsked) -> bytes:
    """The body of a state request."""
    return asked.nonce + asked.generation + len(asked.known).to_bytes(4, "big") + b"".join(asked.known)


def decode_state_asked(body: bytes) -> StateAsked:
    """Its fields. Raises Malformed."""
    reader = Reader(body)
    nonce, generation, count = reader.take(NONCE), reader.take(GENERATION), reader.number(4)
    if count > CONTROL_PAGES + POOL_MOST // PAGE_ENTRIES:
        raise Malformed
    known = tuple(reader.take(HASH_START) for _ in range(count))
    reader.end()
    return StateAsked(nonce, generation, known)


def encode_state_answer(answer: StateAnswer) -> bytes:
    """The answer to a state request."""
    parts = [
        answer.month.to_bytes(2, "big"),
        answer.signature,
        answer.first.to_bytes(2, "big"),
        len(answer.shares).to_bytes(2, "big"),
        *answer.shares,
        bytes([answer.head is not None]),
        answer.head or b"",
        *_numbered(answer.pages),
    ]
    return b"".join(parts)


def decode_state_answer(body: bytes) -> StateAnswer:
    """Its fields; the head is not looked into. Raises Malformed."""
    reader = Reader(body)
    month, signature, first, count = reader.number(2), reader.take(SIGNATURE), reader.number(2), reader.number(2)
    if count > SHARE_MONTHS + 2:
        raise Malformed
    shares = tuple(reader.take(SHARE) for _ in range(count))
    present = reader.number(1)
    if present > 1:
        raise Malformed
    head = reader.take(HEAD) if present else None
    pages = _read_numbered(reader, PAGE_BOX, CONTROL_PAGES + POOL_MOST // PAGE_ENTRIES)
    reader.end()
    return StateAnswer(month, signature, first, shares, head, pages)


def encode_fetch(version: int, slots: Sequence[int]) -> bytes:
    """The body of a fetch request."""
    return b"".join((version.to_bytes(8, "big"), len(slots).to_bytes(4, "big"), *(n.to_bytes(4, "big") for n in slots)))


def decode_fetch(body: bytes) -> tuple[int, list[int]]:
    """Version and slot numbers. Raises Malformed."""
    reader = Reader(body)
    version, count = reader.number(8), reader.number(4)
    if count > SLOTS_MOST:
        raise Malformed
    slots = [reader.number(4) for _ in range(count)]
    reader.end()
    return version, slots


def boxes(body: bytes, size: int, count: int | None = None) -> list[bytes]:
    """A body of nothing but boxes of `size` bytes, `count` of them if that is known. Raises Malformed."""
    if len(body) % size or (count is not None and len(body) != count * size):
        raise Malformed
    return [body[at : at + size] for at in range(0, len(body), size)]


def encode_commit(asked: CommitAsked) -> bytes:
    """The body of a commit."""
    return b"".join((asked.nonce, asked.head, *_numbered(asked.pages), *_numbered(asked.slots)))


def decode_commit(body: bytes) -> CommitAsked:
    """Its fields; the head is not looked into. Raises Malformed."""
    reader = Reader(body)
    nonce, head = reader.take(NONCE), reader.take(HEAD)
    pages = _read_numbered(reader, PAGE_BOX, CONTROL_PAGES + POOL_MOST // PAGE_ENTRIES)
    slots = _read_numbered(reader, SLOT_BOX, SLOTS_MOST)
    reader.end()
    return CommitAsked(nonce, head, pages, slots)


def encode_held(month: int, signature: bytes) -> bytes:
    """The answer to a commit."""
    return month.to_bytes(2, "big") + signature


def decode_held(body: bytes) -> tuple[int, bytes]:
    """Month and signature. Raises Malformed."""
    reader = Reader(body)
    month, signature = reader.number(2), reader.take(SIGNATURE)
    reader.end()
    return month, signature


def _numbered(items: Sequence[tuple[int, bytes]]) -> Iterator[bytes]:
    yield len(items).to_bytes(4, "big")
    for number, box in items:
        yield number.to_bytes(4, "big")
        yield box


def _read_numbered(reader: Reader, size: int, most: int) -> tuple[tuple[int, bytes], ...]:
    count = reader.number(4)
    if count > most:
        raise Malformed
    items = []
    last = -1
    for _ in range(count):
        number = reader.number(4)
        if number <= last:
            raise Malformed
        last = number
        items.append((number, reader.take(size)))
    return tuple(items)
