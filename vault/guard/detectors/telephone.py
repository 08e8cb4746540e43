"""Telephone numbers, in digits, in groups and in words. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import announced, digits, numeric
from vault.guard.detectors.numerals import CARDINALS
from vault.guard.find import Span
from vault.guard.sheet import Sheet
from vault.guard.words import plain

_SEP = r"[ ./()–\u00a0-]{0,3}"
_DIGITS = re.compile(rf"(?<![\w.,€/-])(?<![\d] )(?:\+|\(?0)(?:{_SEP}\d){{6,14}}(?!\w)(?![.,-]\d)")
_LOCAL = re.compile(r"(?<![\w.,€+-])\d(?:[ .-]?\d){5,9}(?!\w)(?![.,-]\d)")
_WORD = re.compile(
    r"(?:\btel\b|telefo|\bbelt?\b|gebeld|bellen|mobiel|\bmob\b|gsm|\b06\b|whatsapp|\bapp(?:en|t)?\b|sms|bereikbaar|"
    r"nummer is|"
    r"\bnr\b|phone|\bcall\b)[^\d]{0,25}$"
)
_COUNTRY = (
    "31",
    "32",
    "49",
    "44",
    "33",
    "34",
    "39",
    "41",
    "43",
    "45",
    "46",
    "47",
    "48",
    "90",
    "212",
    "351",
    "353",
    "352",
    "597",
    "599",
    "62",
    "1",
    "380",
    "40",
    "359",
    "30",
    "36",
    "420",
    "86",
    "91",
    "61",
    "27",
    "55",
    "420",
)
_NOUGHT = frozenset(("nul", "nulzes"))
_SPOKEN_LEAST = 5
_NUMBERS = frozenset(map(plain, CARDINALS))
_SPOKEN_WORDS = _NUMBERS | {"dubbel", "plus", "een", "streepje", "en"}


def find(sheet: Sheet) -> Iterator[Span]:
    """Dutch and foreign numbers; short ones only when announced."""
    for match in numeric(_DIGITS, sheet, 3, "+(0"):
        if _dials(match.group()):
            yield Span(match.start(), match.end(), "telefoon")
    for match in numeric(_LOCAL, sheet):
        count = len(digits(match.group()))
        if 6 <= count <= 10 and announced(_WORD, sheet, match.start(), 45) and not _dated(match.group()):
            yield Span(match.start(), match.end(), "telefoon")
    yield from _spoken(sheet)


def _dials(text: str) -> bool:
    number = digits(text)
    if text.startswith("+") or number.startswith("00"):
        rest = number.removeprefix("00")
        return 8 <= len(rest) <= 15 and rest.startswith(_COUNTRY)
    if number.startswith("06"):
        return len(number) == 10
    if number.startswith(("0800", "0900", "0906", "0909", "088", "085")):
        return len(number) in {8, 10, 11}
    # Belgian mobiles have a digit more: 0475 12 34 56.
    return len(number) == 10 or (
        len(number) == 9 and number.startswith(("02", "03", "09", "01", "04")) and not _dated(text)
    )


def _dated(text: str) -> bool:
    """Whether the digits look like a date, not like a number to dial."""
    return re.fullmatch(r"\d{1,2}[-./ ]\d{1,2}[-./ ]\d{2,4}|\d{4}[-./]\d{1,2}[-./]\d{1,2}", text) is not None


def _spoken(sheet: Sheet) -> Iterator[Span]:
    """Rows of number words that begin with nought: 'nul zes twaalf vierendertig ...'"""
    keys = sheet.keys
    done = 0
    for i in sorted(sheet.where(_NOUGHT)):
        if i < done:
            continue
        j = i
        while j < len(keys) and (keys[j] in _SPOKEN_WORDS or keys[j].isdigit() or keys[j] == "nulzes") and j - i < 20:
            j += 1
        numbers = [key for key in keys[i:j] if key in _NUMBERS or key.isdigit() or key == "nulzes"]
        if len(numbers) >= _SPOKEN_LEAST:
            yield Span(sheet.starts[i], sheet.ends[j - 1], "telefoon")
        done = j
