"""The backup file: slots only, in segments of limits.BACKUP_SEGMENT; and the key file of the nightly run
(docs/spec/places.md section 5). Sealing the segments is the business of vault.service.backup."""

from collections.abc import Sequence
from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader, UnknownVersion
from vault.sodium import blake2b

MAGIC = b"ongemerkt backup"
VERSION = 1
SECTOR = 4096
PAYLOAD = limits.BACKUP_SEGMENT * limits.SLOT_BOX
SEGMENT = PAYLOAD + 73
"""Bytes of a segment: the boxes of its slots, and one box around them."""
KEY_FILE_BYTES = 48
_CHECK = b"ongemerkt-csum-1"
_BODY = len(MAGIC) + 1 + 16 + 4


class Backup(NamedTuple):
    """What sector 0 says: the vault's id (16 bytes), and the slots in its pool."""

    vault_id: bytes
    pool: int

    @property
    def segments(self) -> int:
        """How many segments there are."""
        return self.pool // limits.BACKUP_SEGMENT

    @property
    def size(self) -> int:
        """The size of the whole file, bytes."""
        return place_of(self.segments)


def place_of(segment: int) -> int:
    """Where a segment begins in the file, bytes."""
    return SECTOR + segment * SEGMENT


def encode(backup: Backup) -> bytes:
    """Sector 0."""
    body = MAGIC + bytes([VERSION]) + backup.vault_id + backup.pool.to_bytes(4, "big")
    return (body + _checksum(body)).ljust(SECTOR, b"\0")


def decode(data: bytes) -> Backup:
    """What sector 0 says. Raises FormatError, UnknownVersion."""
    reader = Reader(data)
    if len(data) != SECTOR or reader.take(len(MAGIC)) != MAGIC:
        raise FormatError("magic")
    version = reader.number(1)
    if version > VERSION:
        raise UnknownVersion("version")
    backup = Backup(reader.take(16), reader.number(4))
    if version == 0 or reader.take(16) != _checksum(data[:_BODY]):
        raise FormatError("checksum")
    reader.rest_is_zero()
    pool = backup.pool
    if not limits.POOL_LEAST <= pool <= limits.POOL_MOST or pool & (pool - 1):
        raise FormatError("pool")
    return backup


def join(boxes: Sequence[bytes]) -> bytes:
    """The plaintext of a segment. Raises FormatError for what `split` would not give back."""
    plain = b"".join(boxes)
    if split(plain) != list(boxes):
        raise FormatError("segment")
    return plain


def split(plain: bytes) -> list[bytes]:
    """The boxes of a segment's slots. Raises FormatError."""
    if len(plain) != PAYLOAD:
        raise FormatError("segment")
    return [plain[at : at + limits.SLOT_BOX] for at in range(0, PAYLOAD, limits.SLOT_BOX)]


def encode_key(static: bytes) -> bytes:
    """The key file: the static secret and a checksum."""
    return static + _checksum(static)


def decode_key(data: bytes) -> bytes:
    """The static secret (32 bytes) in a key file. Raises FormatError."""
    if len(data) != KEY_FILE_BYTES or data[32:] != _checksum(data[:32]):
        raise FormatError("key")
    return data[:32]


def _checksum(body: bytes) -> bytes:
    return blake2b(body, 16, _CHECK)
