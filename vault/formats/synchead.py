"""A head on the server, and the hashes that it is about (docs/spec/sync-protocol.md sections 3 and 4.1)."""

from collections.abc import Iterable
from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader, UnknownVersion
from vault.sodium import SIGNATURE_BYTES, blake2b

VERSION = 1
HEAD_BYTES = 1153
SEALED_T_BYTES = 80
CONTROL_PAGES = 10
"""Pages before the ledger's: the common settings, the devices, the shares."""
NO_HASH = bytes(32)
_NOISE = bytes(20)
_HASH = b"ongemerkt-shea-1"
_PAGE = b"ongemerkt-spag-1"
_ROOT = b"ongemerkt-sroo-1"
_DEVICE = b"ongemerkt-devi-1"
_SIGNED = b"ongemerkt head 1\n"


class SyncHead(NamedTuple):
    """Account (16 bytes), version, hash of the head before (32), generation (8), slots in the pool, root (32), T sealed
    for each device index (80 each), the signer's device id (8), its signature (64)."""

    account: bytes
    version: int
    previous: bytes
    generation: bytes
    pool: int
    root: bytes
    sealed: tuple[bytes, ...]
    signer: bytes
    signature: bytes = bytes(SIGNATURE_BYTES)


def encode(head: SyncHead) -> bytes:
    """The head's HEAD_BYTES bytes."""
    body = bytes([VERSION]) + head.account + head.version.to_bytes(8, "big") + head.previous + head.generation
    body += head.pool.to_bytes(4, "big") + head.root + b"".join(head.sealed) + _NOISE
    return body + head.signer + head.signature


def decode(data: bytes) -> SyncHead:
    """The head in `data`; nothing but its form is looked at. Raises FormatError, UnknownVersion."""
    reader = Reader(data)
    version = reader.number(1)
    if version > VERSION:
        raise UnknownVersion("version")
    if version != VERSION or len(data) != HEAD_BYTES:
        raise FormatError("head")
    head = SyncHead(
        reader.take(16),
        reader.number(8),
        reader.take(32),
        reader.take(8),
        reader.number(4),
        reader.take(32),
        tuple(reader.take(SEALED_T_BYTES) for _ in range(limits.DEVICES)),
        _after_noise(reader),
        reader.take(SIGNATURE_BYTES),
    )
    if head.version == 0:
        raise FormatError("version")
    pages_of(head.pool)
    return head


def _after_noise(reader: Reader) -> bytes:
    if reader.take(len(_NOISE)) != _NOISE:
        raise FormatError("noise")
    return reader.take(8)


def pages_of(pool: int) -> int:
    """How many pages a pool of so many slots has on the server. Raises FormatError for no pool of a server."""
    if not limits.POOL_LEAST <= pool <= limits.SERVER_POOL_MOST or pool & (pool - 1):
        raise FormatError("pool")
    return CONTROL_PAGES + pool // limits.PAGE_ENTRIES


def signed_part(head: bytes) -> bytes:
    """What the signature in a head's bytes is over."""
    return _SIGNED + head[:-SIGNATURE_BYTES]


def head_hash(head: bytes) -> bytes:
    """The hash of a head's bytes, 32 bytes: what the next one names."""
    return blake2b(head, 32, _HASH)


def page_hash(box: bytes) -> bytes:
    """The hash of a page's box, 32 bytes."""
    return blake2b(box, 32, _PAGE)


def root_hash(page_hashes: Iterable[bytes]) -> bytes:
    """The hash over all page hashes in order, 32 bytes."""
    return blake2b(b"".join(page_hashes), 32, _ROOT)


def device_id(signing_key: bytes) -> bytes:
    """The id of the device with this signing key, 8 bytes."""
    return blake2b(signing_key, 8, _DEVICE)
