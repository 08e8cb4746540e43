"""The recovery code: 140 random bits as 28 letters and 2 check letters (docs/spec/vault.md section 3.3)."""

import re
from os import urandom

from vault.sodium import blake2b

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, so that a handwritten code is read as it was meant."""
_LETTERS = 28
_CHECK = 2
_GROUP = 5
_PERSON = b"ongemerkt-kit--1"
_GROUPS = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Za-z]{5}[^0-9A-Za-z]?){5}[0-9A-Za-z]{5}(?![0-9A-Za-z])")
_READ_AS = str.maketrans("ILO", "110")


def new_code() -> str:
    """A fresh code in its plain form: 30 letters."""
    number = int.from_bytes(urandom(18), "big") >> 4
    letters = "".join(_ALPHABET[number >> 5 * place & 31] for place in range(_LETTERS))
    return letters + _check(letters)


def printable(code: str) -> str:
    """The code in groups of five, as it stands on the kit."""
    return "-".join(code[at : at + _GROUP] for at in range(0, len(code), _GROUP))


def normalise(typed: str) -> str | None:
    """The plain form of a code as somebody typed it, or None when it isn't a code whose check letters fit."""
    letters = "".join(typed.split()).replace("-", "").upper().translate(_READ_AS)
    if len(letters) != _LETTERS + _CHECK or any(letter not in _ALPHABET for letter in letters):
        return None
    return letters if _check(letters[:_LETTERS]) == letters[_LETTERS:] else None


def find(text: str) -> str | None:
    """The plain form of the first recovery code in a text, such as the printed sheet; None when there is none."""
    for found in _GROUPS.finditer(text):
        if (code := normalise(re.sub(r"[^0-9A-Za-z]", "", found.group()))) is not None:
            return code
    return None


def _check(letters: str) -> str:
    digest = blake2b(letters.encode(), 2, _PERSON)
    number = int.from_bytes(digest, "big")
    return _ALPHABET[number & 31] + _ALPHABET[number >> 5 & 31]
