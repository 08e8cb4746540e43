"""The files of the TPM anchor: whose counter, the sealed blob, the witness, the bounds given out (spec section 6.3)."""

from typing import NamedTuple

from vault import limits
from vault.formats.anchorfile import SECTOR, Record, checksum, encode_record
from vault.formats.reader import FormatError, Reader, UnknownVersion

MAGIC = b"ongemerkt in tpm"
VERSION = 1
FILE_BYTES = 6 * SECTOR
RECORDS_AT, GIVEN_AT = 2, 4
"""The first of the two sectors with the witness records, and of the two with the bounds given out."""
BLOB_BYTES = 1024
"""The most that one half of a blob takes; 80 and 160 bytes with the algorithms of version 1."""
NAME_BYTES, SECRET_BYTES, COUNTER_BYTES = 34, 32, 8
INDEX_LEAST, INDEX_MOST = 0x01800000, 0x01BFFFFF
"""NV indices that the owner of a TPM may use (TCG registry of reserved handles)."""
ATTRIBUTES = 0x02040014
"""TPMA_NV of the counter: COUNTER, AUTHWRITE, AUTHREAD, NO_DA."""
_WRITTEN = 0x20000000
_SHA256 = b"\x00\x0b"
_CC_POLICY_NV = 0x149
UNSIGNED_LE = 9
"""TPM_EO: the comparison of the policy."""


class Seat(NamedTuple):
    """Where the TPM keeps the vault's counter: NV index, its auth value (32 bytes), the name of the parent (34)."""

    nv: int
    auth: bytes
    parent: bytes


class Sealed(NamedTuple):
    """An anchor secret sealed by the TPM (TPM2B_PUBLIC and TPM2B_PRIVATE); opens while the counter is ≤ `bound`."""

    bound: int
    public: bytes
    private: bytes


class TpmFile(NamedTuple):
    """A whole file; `sealed` is None while its counter is being made, and when its sector is not whole."""

    epoch: bytes
    seat: Seat
    sealed: Sealed | None
    given: int
    """The highest bound given out."""


def encode(epoch: bytes, seat: Seat, sealed: Sealed | None, record: Record) -> bytes:
    """A fresh file of FILE_BYTES with `record` in its first record sector; no bound is given out but its own."""
    body = MAGIC + bytes([VERSION]) + epoch + seat.nv.to_bytes(4, "big") + seat.auth + seat.parent
    sectors = [body + checksum(body), encode_sealed(sealed) if sealed else b"", encode_record(record), b""]
    sectors += [encode_given(sealed.bound) if sealed else b"", b""]
    return b"".join(each.ljust(SECTOR, b"\0") for each in sectors)


def encode_sealed(sealed: Sealed) -> bytes:
    """What stands in sector 1."""
    body = sealed.bound.to_bytes(COUNTER_BYTES, "big")
    for half in (sealed.public, sealed.private):
        body += len(half).to_bytes(2, "big") + half
    return body + checksum(body)


def encode_given(bound: int) -> bytes:
    """What stands in sector 4 or 5."""
    body = bound.to_bytes(COUNTER_BYTES, "big")
    return body + checksum(body)


def decode(data: bytes) -> TpmFile:
    """Raises FormatError."""
    reader = Reader(data)
    if len(data) != FILE_BYTES or reader.take(16) != MAGIC:
        raise FormatError("tpm anchor")
    if reader.number(1) != VERSION:
        raise UnknownVersion("tpm anchor")
    epoch, seat = reader.take(16), Seat(reader.number(4), reader.take(32), reader.take(NAME_BYTES))
    if reader.take(16) != checksum(data[:103]) or not INDEX_LEAST <= seat.nv <= INDEX_MOST:
        raise FormatError("tpm anchor")
    sealed = _decode_sealed(_sector(data, 1))
    return TpmFile(epoch, seat, sealed, _highest(data, sealed))


def _sector(data: bytes, number: int) -> bytes:
    return data[number * SECTOR : (number + 1) * SECTOR]


def _decode_sealed(sector: bytes) -> Sealed | None:
    reader = Reader(sector)
    bound = reader.number(COUNTER_BYTES)
    halves = []
    for _ in range(2):
        size = reader.number(2)
        if not 0 < size <= BLOB_BYTES:
            return None
        halves.append(reader.take(size))
    size = COUNTER_BYTES + sum(2 + len(half) for half in halves)
    return Sealed(bound, *halves) if reader.take(16) == checksum(sector[:size]) else None


def decode_given(data: bytes) -> list[int | None]:
    """The bounds of sectors 4 and 5 of a whole file: 0 for one that was never written, None for a torn one."""
    found: list[int | None] = []
    for number in (GIVEN_AT, GIVEN_AT + 1):
        sector = _sector(data, number)
        body, check = sector[:COUNTER_BYTES], sector[COUNTER_BYTES : COUNTER_BYTES + 16]
        whole = check == checksum(body)
        found.append(int.from_bytes(body, "big") if whole else None if any(sector) else 0)
    return found


def _highest(data: bytes, sealed: Sealed | None) -> int:
    own = sealed.bound if sealed else 0
    # a torn one was about to be one more than the other; one that is far off was made up by somebody
    believed = [each if each is not None and each <= own + limits.TPM_STEPS else None for each in decode_given(data)]
    return max(own, *(each or 0 for each in believed)) + believed.count(None)


def policy(index: int, bound: int) -> bytes:
    """The policy digest (32 bytes) of a blob that opens while the counter at `index` is at most `bound`.

    TPM 2.0 library specification, part 1 section 14 (names) and part 3 section 23.9 (TPM2_PolicyNV).
    """
    # costs 4 MiB, and nearly no vault has its anchor in a TPM
    import hashlib

    public = index.to_bytes(4, "big") + _SHA256 + (ATTRIBUTES | _WRITTEN).to_bytes(4, "big") + b"\0\0\0\x08"
    name = _SHA256 + hashlib.sha256(public).digest()
    operand = bound.to_bytes(COUNTER_BYTES, "big") + b"\0\0" + UNSIGNED_LE.to_bytes(2, "big")
    arguments = hashlib.sha256(operand).digest()
    return hashlib.sha256(bytes(32) + _CC_POLICY_NV.to_bytes(4, "big") + arguments + name).digest()
