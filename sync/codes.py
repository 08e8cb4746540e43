"""Codes that people type over: invitations and pairing codes (docs/spec/sync-protocol.md section 7.1). Pure."""

import hashlib
import re
from typing import NamedTuple

from sync import protocol

PIN = 16
"""Bytes of the pin in a code: the first ones of SHA-256 of the server's SubjectPublicKeyInfo."""
URL_MOST = 200
INVITATION, PAIRING, PAPER = 1, 2, 3

_LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that what is written by hand is read as it was meant."""
_VALUES = {letter: value for value, letter in enumerate(_LETTERS)} | {"I": 1, "L": 1, "O": 0}
_SKIPPED = re.compile(r"[\s‐-―−-]")
_GROUP = 5
_CHECK = 2
_LEAST = 1 + protocol.SECRET + PIN + _CHECK
_MOST = _LEAST + URL_MOST
_URL = re.compile(rb"[!-~]{1,200}")


class BadCode(Exception):
    """No code of ours, or one with a slip of the pen. Carries nothing of it."""


class Invitation(NamedTuple):
    """Lets one device make an account: the secret (16 bytes) and the server key's pin (16 bytes)."""

    secret: bytes
    pin: bytes


class Pairing(NamedTuple):
    """Lets one more device in: the secret (16 bytes), the server key's pin (16 bytes), the server's URL (ASCII)."""

    secret: bytes
    pin: bytes
    url: str


class Paper(NamedTuple):
    """A recovery paper: the secret (16 bytes), the server key's pin (16 bytes), the server's URL (ASCII)."""

    secret: bytes
    pin: bytes
    url: str


def encode_code(code: Invitation | Pairing | Paper) -> str:
    """The code as letters in groups of five. Raises BadCode for a URL that is empty, too long or not ASCII."""
    if not isinstance(code, Invitation):
        kind = PAIRING if isinstance(code, Pairing) else PAPER
        url = code.url.encode("ascii") if code.url.isascii() else b""
        if not _URL.fullmatch(url):
            raise BadCode
    else:
        kind, url = INVITATION, b""
    content = bytes([kind]) + code.secret + code.pin + url
    letters = _to_letters(content + _check(content))
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def decode_code(typed: str) -> Invitation | Pairing | Paper:
    """Reads a code in either case, with spaces and dashes anywhere, I and L for 1, O for 0. Raises BadCode."""
    data = _from_letters(_SKIPPED.sub("", typed))
    content, check = data[:-_CHECK], data[-_CHECK:]
    if len(data) < _LEAST or check != _check(content):
        raise BadCode
    kind, secret = content[0], content[1 : 1 + protocol.SECRET]
    pin, url = content[1 + protocol.SECRET : _LEAST - _CHECK], content[_LEAST - _CHECK :]
    if kind == INVITATION and not url:
        return Invitation(secret, pin)
    if kind in (PAIRING, PAPER) and _URL.fullmatch(url):
        return (Pairing if kind == PAIRING else Paper)(secret, pin, url.decode("ascii"))
    raise BadCode


def _check(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()[:_CHECK]


def _to_letters(data: bytes) -> str:
    bits = len(data) * 8
    # the last letter is filled up with zero bits
    spare = -bits % 5
    number = int.from_bytes(data, "big") << spare
    return "".join(_LETTERS[number >> at & 31] for at in range(bits + spare - 5, -1, -5))


def _from_letters(letters: str) -> bytes:
    size = len(letters) * 5 // 8
    spare = len(letters) * 5 - size * 8
    if not letters.isascii() or not _LEAST <= size <= _MOST or spare >= 5:
        raise BadCode
    number = 0
    for letter in letters.upper():
        if letter not in _VALUES:
            raise BadCode
        number = number << 5 | _VALUES[letter]
    if number & ((1 << spare) - 1):
        raise BadCode
    return (number >> spare).to_bytes(size, "big")
