"""A note's sealed body and its cutting into slot payloads (docs/spec/vault.md section 4.2)."""

from vault import limits
from vault.formats.reader import FormatError, Reader

VERSION = 1
TAG_BYTES = 50
"""libsodium sealed box (48 bytes more) of a 2-byte ordinal."""
NO_TAG = bytes(TAG_BYTES)
"""The tag of a draft that was begun for nobody."""
PAYLOAD = limits.SLOT_BOX - 73
_LENGTH = 4
OVERHEAD = 1 + TAG_BYTES + _LENGTH


def slots_needed(text_bytes: int) -> int:
    """How many slots a text of so many UTF-8 bytes fills."""
    return -(-(text_bytes + OVERHEAD) // PAYLOAD)


def encode(text: str, tag: bytes) -> list[bytes]:
    """The note as payloads of PAYLOAD bytes each, the last filled up with zero bytes."""
    data = text.encode()
    body = bytes([VERSION]) + tag + len(data).to_bytes(_LENGTH, "big") + data
    count = slots_needed(len(data))
    body = body.ljust(count * PAYLOAD, b"\0")
    return [body[at : at + PAYLOAD] for at in range(0, len(body), PAYLOAD)]


def text_bytes(payloads: list[bytes]) -> bytes:
    """The UTF-8 text of the note in `payloads`, not yet decoded. Raises FormatError."""
    body = payloads[0] if len(payloads) == 1 else b"".join(payloads)
    if len(body) != len(payloads) * PAYLOAD or body[:1] != bytes([VERSION]):
        raise FormatError("note")
    length = int.from_bytes(body[1 + TAG_BYTES : OVERHEAD], "big")
    if length > limits.NOTE_BYTES or slots_needed(length) != len(payloads):
        raise FormatError("length")
    return body[OVERHEAD : OVERHEAD + length]


def tag_of(payload: bytes) -> bytes:
    """The tag in a note's first payload. Raises FormatError."""
    reader = Reader(payload)
    if reader.number(1) != VERSION:
        raise FormatError("note")
    return reader.take(TAG_BYTES)
