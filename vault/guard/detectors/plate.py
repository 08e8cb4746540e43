"""Licence plates. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, announced
from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import Sheet

# The side codes 1 to 14 of the Dutch register: X is a letter, 9 a digit; and the Belgian form.
_CODES = words(
    "XX-99-99 99-99-XX 99-XX-99 XX-99-XX XX-XX-99 99-XX-XX 99-XXX-9 9-XXX-99 XX-999-X X-999-XX XXX-99-X X-99-XXX "
    "9-XX-999 999-XX-9 9-XXX-999"
)
_JOINED = frozenset(code.replace("-", "") for code in _CODES)
_LONGEST = 9
_SIGNS = 6
"""Letters and digits of a Dutch plate."""
_WORD = re.compile(
    r"kenteken|nummerbord|nummerplaat|\bplaat\b|\bauto|bestel(?:bus|wagen)|leasebak|lease|scooter|motor\b|brommer|busje|"
    r"wagen\b|rijdt|geparkeerd|parke|volkswagen|\bgolf\b|polo\b|volvo|tesla|toyota|opel|renault|peugeot|bmw|audi|mercedes|"
    r"camper|caravan|aanhang|oprit"
)
_LATER = re.compile(r"\W{0,3}(?:was|is|als)?\W{0,2}(?:het |haar |zijn )?(?:kenteken|nummerbord)")


def find(sheet: Sheet) -> Iterator[Span]:
    """Plates with dashes; without them or with blanks only where a vehicle is spoken of."""
    for i, word in enumerate(sheet.words):
        if word.isalpha() or len(word) > _LONGEST or not any(sign.isdigit() for sign in word):
            continue
        if _form(word) in _CODES:
            yield Span(sheet.starts[i], sheet.ends[i], "kenteken")
            continue
        span = _loose(sheet, i)
        if span is not None and _driven(sheet, span):
            yield span


def _form(word: str) -> str:
    return "".join("X" if sign.isalpha() else "9" if sign.isdigit() else sign for sign in word)


def _loose(sheet: Sheet, i: int) -> Span | None:
    """A plate in one word or in up to three, one of which is word `i`."""
    for first in range(max(0, i - 2), i + 1):
        joined = ""
        for last in range(first, min(first + 3, sheet.size)):
            if last > first and sheet.gaps[last] not in {" ", " - ", "- ", " -", "–"}:
                break
            joined += sheet.words[last].replace("-", "")
            # 'In de nacht van 21 op 22', 'in 1999'
            if len(joined) > _SIGNS or sheet.words[last] in sheet.lists["stops"]:
                break
            if last >= i and len(joined) == _SIGNS and _form(joined) in _JOINED:
                return Span(sheet.starts[first], sheet.ends[last], "kenteken")
    return None


def _driven(sheet: Sheet, span: Span) -> bool:
    return announced(_WORD, sheet, span.start, 60) or _LATER.match(after(sheet, span.end)) is not None
