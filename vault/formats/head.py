"""The head: one sealed row that names every ledger page and its own predecessor (docs/spec/vault.md section 5.2)."""

from collections.abc import Sequence
from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader, pad
from vault.sodium import blake2b

VERSION = 1
PAYLOAD = limits.HEAD_BOX - 73
_PAGE = b"ongemerkt-page-1"
_ROOT = b"ongemerkt-root-1"
_SELF = b"ongemerkt-hbox-1"


class Head(NamedTuple):
    """Version (counts commits), epoch id, slots in the pool, root over the page hashes, the previous head's hash."""

    version: int
    epoch: bytes
    pool: int
    root: bytes
    previous: bytes


def encode(head: Head) -> bytes:
    """The head's plaintext, PAYLOAD bytes."""
    body = bytes([VERSION]) + head.version.to_bytes(8, "big") + head.epoch + head.pool.to_bytes(4, "big")
    return pad(body + head.root + head.previous, PAYLOAD)


def decode(data: bytes) -> Head:
    """The head in `data`. Raises FormatError."""
    reader = Reader(data)
    if len(data) != PAYLOAD or reader.number(1) != VERSION:
        raise FormatError("head")
    head = Head(reader.number(8), reader.take(16), reader.number(4), reader.take(32), reader.take(32))
    reader.rest_is_zero()
    return head


def page_hash(box: bytes) -> bytes:
    """H(page box), 32 bytes."""
    return blake2b(box, 32, _PAGE)


def root_hash(page_hashes: Sequence[bytes]) -> bytes:
    """The hash over all page hashes in order, 32 bytes: the head names every page through it."""
    return blake2b(b"".join(page_hashes), 32, _ROOT)


def head_hash(box: bytes) -> bytes:
    """H(head box), 32 bytes: what the next head and the anchor remember."""
    return blake2b(box, 32, _SELF)
