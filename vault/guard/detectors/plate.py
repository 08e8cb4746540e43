"""Licence plates. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, announced
from vault.guard.find import Span
from vault.guard.sheet import Sheet

# The side codes 1 to 14 of the Dutch register: X is a letter, 9 a digit.
_CODES = (
    "XX-99-99", "99-99-XX", "99-XX-99", "XX-99-XX", "XX-XX-99", "99-XX-XX", "99-XXX-9", "9-XXX-99", "XX-999-X", "X-999-XX",
    "XXX-99-X", "X-99-XXX", "9-XX-999", "999-XX-9",
)  # fmt: skip


def _pattern(separator: str) -> str:
    signs = {"X": "[A-Z]", "9": r"\d", "-": separator}
    forms = ["".join(signs[sign] for sign in code) for code in _CODES]
    return rf"(?<![\w-])(?:{'|'.join(forms)})(?![\w-])"


_DASHED = re.compile(_pattern("[-–·]"), re.IGNORECASE)
_LOOSE = re.compile(_pattern("[- ]?"), re.IGNORECASE)
_FOREIGN = re.compile(r"(?<![\w-])(?:[12]-[A-Z]{3}-\d{3}|[A-ZÄÖÜ]{1,3}-[A-Z]{1,2} ?\d{2,4})(?![\w-])")
_WORD = re.compile(
    r"kenteken|nummerbord|nummerplaat|\bplaat\b|\bauto|bestel(?:bus|wagen)|leasebak|lease ?auto|scooter|motor\b|brommer|busje|wagen\b|"
    r"rijdt|geparkeerd|parke|volkswagen|\bgolf\b|polo\b|volvo|tesla|toyota|opel|renault|peugeot|bmw|audi|mercedes|camper|caravan|aanhang|oprit"
)
_LATER = re.compile(r"\W{0,3}(?:was|is|als)?\W{0,2}(?:het |haar |zijn )?(?:kenteken|nummerbord)")


def find(sheet: Sheet) -> Iterator[Span]:
    """Plates with dashes; without them or with blanks only where a vehicle is spoken of."""
    for match in _DASHED.finditer(sheet.text):
        yield Span(match.start(), match.end(), "kenteken")
    for pattern in (_LOOSE, _FOREIGN):
        for match in pattern.finditer(sheet.text):
            if announced(_WORD, sheet, match.start(), 60) or _LATER.match(after(sheet, match.end())) is not None:
                yield Span(match.start(), match.end(), "kenteken")
