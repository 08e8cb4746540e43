"""A jot: a note that was sealed without unlocking, in a file of its own (docs/spec/places.md section 10). Pure."""

from vault import limits
from vault.formats.reader import FormatError
from vault.sodium import blake2b

VERSION = b"\x01"
AROUND = 32 + 73
"""Bytes of a file around its plaintext: the key that was drawn for it, and what a box adds."""
NAME_DIGITS = 16
NEXT, NEW = ".next", ".new"
"""What follows the name of a jot that is sealed to the inbox key to come, and of one that is being written."""
_UNIT = limits.SLOT_BOX
_HEAD = 5
_PERSON = b"ongemerkt-jote-1"
_HEX = frozenset("0123456789abcdef")


def _size(text: int) -> int:
    """Size of the file of a jot whose text has so many bytes: _UNIT times a power of two."""
    size = _UNIT
    while size < AROUND + _HEAD + text:
        size *= 2
    return size


LARGEST = _size(limits.JOT_BYTES)
"""Size of the file of the longest jot, bytes."""
SIZES = frozenset(_UNIT << power for power in range((LARGEST // _UNIT).bit_length()))
"""The sizes that a jot's file can have, bytes."""


def encode(text: bytes) -> bytes:
    """The plaintext of a jot. Without text it says that the jot of this name was thrown away."""
    body = VERSION + len(text).to_bytes(4, "big") + text
    return body + bytes(_size(len(text)) - AROUND - len(body))


def decode(plaintext: bytes) -> str:
    """The text in a plaintext. Raises FormatError."""
    length = int.from_bytes(plaintext[1:_HEAD], "big")
    end = _HEAD + length
    if plaintext[:1] != VERSION or length > limits.JOT_BYTES or len(plaintext) != _size(length) - AROUND:
        raise FormatError("jot")
    if plaintext[end:].strip(b"\0"):
        raise FormatError("padding")
    try:
        text = plaintext[_HEAD:end].decode()
    except UnicodeDecodeError:
        text = "\0"
    # raised here, where Python's own error, which holds the text, is gone
    if "\0" in text:
        raise FormatError("text")
    return text


def note_id(data: bytes) -> int:
    """The id of the note that the jot in this file becomes: never 0."""
    return int.from_bytes(blake2b(data, 8, _PERSON), "little") or 1


def is_name(name: str) -> bool:
    """Whether a file of this name is a jot."""
    return len(name) == NAME_DIGITS and _HEX.issuperset(name)


def jot_of(name: str) -> str:
    """The name of the jot that a file belongs to, as itself or as what takes its place; "" for any other."""
    name = name.removesuffix(NEXT)
    return name if is_name(name) else ""


def is_unfinished(name: str) -> bool:
    """Whether a file of this name was being written."""
    return name.endswith(NEW) and is_name(name.removesuffix(NEW))
