"""The anchor file: the anchor secret and, in sectors of their own, the memory of the newest head (spec section 6.1)."""

from typing import NamedTuple

from vault.formats.reader import FormatError, Reader
from vault.sodium import blake2b

MAGIC = b"ongemerkt anchor"
VERSION = 1
SECTOR = 4096
FILE_BYTES = 3 * SECTOR
RECORD_BYTES = 81
RECORDS_AT = 1
"""The first of the two sectors with the records."""
_CHECK = b"ongemerkt-csum-1"


class Anchor(NamedTuple):
    """Epoch id (16 bytes) and the anchor secret (32 bytes)."""

    epoch: bytes
    secret: bytes


class Record(NamedTuple):
    """The witness of one commit: hashes of the head before and after (32 bytes each); whether it was seen done."""

    before: bytes
    after: bytes
    done: bool


def encode(anchor: Anchor, record: Record) -> bytes:
    """A fresh anchor file with `record` in its first record sector."""
    body = MAGIC + bytes([VERSION]) + anchor.epoch + anchor.secret
    first = (body + checksum(body)).ljust(SECTOR, b"\0")
    return first + encode_record(record).ljust(2 * SECTOR, b"\0")


def decode(data: bytes) -> Anchor:
    """The anchor in a whole file's bytes. Raises FormatError."""
    reader = Reader(data)
    if len(data) != FILE_BYTES or reader.take(16) != MAGIC or reader.number(1) != VERSION:
        raise FormatError("anchor")
    anchor = Anchor(reader.take(16), reader.take(32))
    if reader.take(16) != checksum(data[:65]):
        raise FormatError("checksum")
    return anchor


def encode_record(record: Record) -> bytes:
    """The record as RECORD_BYTES bytes."""
    body = record.before + record.after + bytes([record.done])
    return body + checksum(body)


def decode_records(data: bytes, first: int = RECORDS_AT) -> list[Record | None]:
    """Both record sectors of a whole file's bytes, from sector `first` on; None for one torn or never written."""
    found: list[Record | None] = []
    for sector in (first, first + 1):
        raw = data[sector * SECTOR : sector * SECTOR + RECORD_BYTES]
        valid = raw[65:] == checksum(raw[:65]) and raw[64] in (0, 1)
        found.append(Record(raw[:32], raw[32:64], bool(raw[64])) if valid else None)
    return found


def accepts(records: list[Record | None], head: bytes) -> bool:
    """Whether a database whose head has this hash is the newest one that the records know (spec section 6.2)."""
    known = [record for record in records if record is not None]
    if len(known) == 2:
        # of two, the one that follows on the other is the newer
        if known[1].before == known[0].after:
            known = [known[1]]
        elif known[0].before == known[1].after:
            known = [known[0]]
    return any(record.after == head or (not record.done and record.before == head) for record in known)


def free_record(records: list[Record | None], current: bytes) -> int:
    """Which of the two sectors the next record goes to."""
    # the record that vouches for the head as it is now must survive a torn write
    return 1 if records[0] is not None and records[0].after == current else 0


def checksum(body: bytes) -> bytes:
    """The 16 bytes after a body that tell damage, not tampering (spec section 2.1)."""
    return blake2b(body, 16, _CHECK)
