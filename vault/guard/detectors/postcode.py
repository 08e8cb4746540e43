"""Dutch postcodes. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, announced, numeric
from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import Sheet

_CODE = re.compile(r"(?<![\w.,€-])[1-9]\d{3}[ \u00a0]?[A-Za-z]{2}(?![\w-])")
_WORD = re.compile(
    r"postcode|\bpc\b|\badres|woon(?:t|de|achtig)|verhuis|"
    r"(?:straat|laan|weg|plein|gracht|kade|singel|dijk|hof|pad) ?(?:nr\.? ?)?\d+ ?[a-z]?,? *$"
)
_SAID = re.compile(r"postcode|\bpc\b")
_YEAR = re.compile(r"(?:19|20)\d\d[ \u00a0]")

# Not in use as a postcode, or a unit, or a word that often follows a year.
_UNUSED = words("SA SD SS")
_UNITS = words("km kg mb gb tb cm mm ml kb pk st kw wh db hz va mg gr kn ha ms ns px")
_WORDS = words(
    "en in is op te of af er it or mt pk eu bv nv hr om al nu zo ze je we me de ik ja ex uu we by at to up so no on "
    "do go as an be he my if us uw u ca vo ad na ah oh pm am vs tv pc hm of tm"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """Four digits and two letters: a year with a word behind it needs more to be one."""
    for match in numeric(_CODE, sheet, 0, "123456789"):
        code = match.group()
        letters = code[-2:]
        low = letters.lower()
        if letters.upper() in _UNUSED:
            continue
        named = announced(_WORD, sheet, match.start())
        # "1000 GB" is a disk, unless an address is what is being written
        if low in _UNITS and not (named and letters.isupper()):
            continue
        if letters == low in _WORDS and _YEAR.match(code) and not announced(_SAID, sheet, match.start()):
            # 'Woont sinds 2019 in Deventer'
            continue
        doubtful = low in _WORDS or (" " in code and letters.islower()) or letters.istitle()
        if doubtful and not named and not (_town(sheet, match.end()) and (letters.isupper() or low not in _WORDS)):
            continue
        yield Span(match.start(), match.end(), "postcode")


def _town(sheet: Sheet, end: int) -> bool:
    """Whether a town stands behind the code."""
    first = re.match(r"[ ,]*([^\W\d_][\w'-]*)", after(sheet, end, 30))
    return first is not None and first.group(1) in sheet.lists.towns.single
