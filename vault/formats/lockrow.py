"""The lock row: the epoch's id, and its key wrapped once for each unlock method (docs/spec/vault.md section 5.1)."""

from typing import NamedTuple

from vault import limits
from vault.formats.header import WRAP_BYTES
from vault.formats.reader import FormatError, Reader, pad

VERSION = 1


class LockRow(NamedTuple):
    """Epoch id (16 bytes), H(header) (32 bytes) and the wraps: method id → wrapped epoch key."""

    epoch: bytes
    header_hash: bytes
    wraps: dict[bytes, bytes]


def encode(row: LockRow) -> bytes:
    """The row as limits.LOCK_ROW bytes."""
    out = bytearray(bytes([VERSION]) + row.epoch + row.header_hash + bytes([len(row.wraps)]))
    for method, wrap in row.wraps.items():
        out += method + wrap
    return pad(bytes(out), limits.LOCK_ROW)


def decode(data: bytes) -> LockRow:
    """The row in `data`. Raises FormatError."""
    if len(data) != limits.LOCK_ROW:
        raise FormatError("length")
    reader = Reader(data)
    if reader.number(1) != VERSION:
        raise FormatError("version")
    epoch, digest, count = reader.take(16), reader.take(32), reader.number(1)
    if not 1 <= count <= limits.METHODS_MOST:
        raise FormatError("wraps")
    wraps = {reader.take(16): reader.take(WRAP_BYTES) for _ in range(count)}
    reader.rest_is_zero()
    if len(wraps) != count:
        raise FormatError("wraps")
    return LockRow(epoch, digest, wraps)
