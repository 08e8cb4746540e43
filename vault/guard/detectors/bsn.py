"""Citizen service numbers (BSN, once sofi number). Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, announced, digits, numeric
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_NUMBER = re.compile(r"(?<![\w+])(?<!\d[.,])\d(?:[ .-]{0,2}\d){7,8}(?!\w)(?![.,-]\d)")
_WORD = re.compile(r"bsn|burgerservice|sofi|service ?nummer")
_OTHER = re.compile(
    r"kvk|koophandel|handelsregister|tel|mobiel|order|factuur|bestel|klant|polis|dossier|zaak|kenmerk|artikel|ticket|serie|"
    r"referentie|pakket|track|€|eur|rekening|btw|fonds|nummer van de bon|registratie|lidmaatschap|big"
)
_LATER = re.compile(r"\W{0,3}(?:bsn|burgerservice)")
_MONEY = re.compile(r"\s*(?:euro|eur|€|stuks|km|mensen)")


def passes(number: str) -> bool:
    """The 11-test."""
    if len(number) not in {8, 9} or int(number) == 0:
        return False
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return sum(weight * int(sign) for weight, sign in zip(weights, number.zfill(9), strict=True)) % 11 == 0


def find(sheet: Sheet) -> Iterator[Span]:
    """Nine digits that pass the 11-test and are not announced as something else; eight only when announced."""
    for match in numeric(_NUMBER, sheet):
        number = digits(match.group())
        named = announced(_WORD, sheet, match.start(), 60) or _LATER.match(after(sheet, match.end())) is not None
        plausible = len(number) == 9 and passes(number) and _grouped(match.group()) and not _other(sheet, match)
        if plausible or (named and len(number) in {8, 9}):
            yield Span(match.start(), match.end(), "bsn")


def _other(sheet: Sheet, match: re.Match[str]) -> bool:
    """Whether the digits are announced as something else, or count something."""
    return announced(_OTHER, sheet, match.start(), 30) or _MONEY.match(after(sheet, match.end())) is not None


def _grouped(text: str) -> bool:
    """Whether the digits stand as one writes a BSN: in one row or in three or four groups of equal signs."""
    signs = set(re.findall(r"[ .-]+", text))
    groups = [len(group) for group in re.split(r"[ .-]+", text)]
    return len(signs) <= 1 and (len(groups) == 1 or groups in ([3, 3, 3], [4, 2, 3], [2, 2, 2, 3], [4, 5], [3, 2, 4]))
