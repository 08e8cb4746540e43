"""Bank accounts. Pure."""

import re
from collections.abc import Iterator
from string import ascii_letters

from vault.guard.detectors.context import announced, numeric
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_IBAN = re.compile(r"(?<![^\W_])[a-z]{2}[ .-]?\d{2}(?:[ .-]{0,2}[a-z0-9]){11,30}(?![^\W_])", re.IGNORECASE)
_LENGTHS = {
    "NL": 18, "BE": 16, "DE": 22, "FR": 27, "GB": 22, "ES": 24, "IT": 27, "PT": 25, "PL": 28, "TR": 26,
    "LU": 20, "IE": 22, "AT": 20, "CH": 21, "DK": 18, "SE": 24, "NO": 15, "FI": 18, "LT": 20, "EE": 20,
    "LV": 21, "RO": 24, "BG": 22, "HU": 28, "CZ": 24, "SK": 24, "HR": 21, "SI": 19, "GR": 27, "CY": 28,
    "MT": 31, "MA": 28,
}  # fmt: skip
_DUTCH = re.compile(r"NL\d{2}[A-Z]{4}\d{10}")
_WORD = re.compile(r"iban|rek(?:ening|\.|\b)|bank|giro")


def find(sheet: Sheet) -> Iterator[Span]:
    """IBANs with right check digits, in groups or not; a Dutch one that is announced also with a typing error."""
    for match in numeric(_IBAN, sheet, 3, ascii_letters):
        end = _end(match.group())
        if end:
            yield Span(match.start(), match.start() + end, "iban")
        elif announced(_WORD, sheet, match.start()):
            compact = re.sub(r"[ .-]", "", match.group()).upper()
            if _DUTCH.match(compact):
                yield Span(match.start(), match.end(), "iban")


def _end(text: str) -> int:
    """How much of `text` is an IBAN: what stands behind it may look like more of it."""
    compact = ""
    length = _LENGTHS.get(text[:2].upper(), 0)
    for place, sign in enumerate(text, 1):
        if sign.isalnum():
            compact += sign.upper()
        if len(compact) == length:
            return place if _checks(compact) and (place == len(text) or not text[place].isalnum()) else 0
    return 0


def _checks(compact: str) -> bool:
    if not compact.isascii():
        return False
    return int("".join(str(int(sign, 36)) for sign in compact[4:] + compact[:4])) % 97 == 1
