"""Addresses of pages and sites, written and spoken. Pure."""

import re
from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sheet import Sheet

_LINK = re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"“”]{2,500}", re.IGNORECASE)
_SITE = re.compile(
    r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{1,62}\.){1,4}(?:nl|com|eu|org|net|info|nu|io|be|coach|online|amsterdam|frl|co\.uk)"
    r"(?![\w-])(?:/[^\s<>\"“”]{0,300})?",
    re.IGNORECASE,
)
_SPOKEN = re.compile(
    r"\b(?:w w w|www|wee wee wee|ww)(?: punt [\w-]{2,40}(?: streepje [\w-]{2,40}){0,3}){1,3}"
    r"|\b[\w-]{2,40}(?: streepje [\w-]{2,40}){0,3} punt (?:nl|com|org|net|eu|nu)\b(?: (?:slash|schuine streep) [\w-]{1,40}){0,3}",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'’»”\""


def find(sheet: Sheet) -> Iterator[Span]:
    """Links, bare sites, and sites as one says them: 'voorbeeld punt nl'."""
    text = sheet.text
    single = sheet.lists.employers
    for pattern in (_LINK, _SITE):
        if "." not in text:
            break
        for match in pattern.finditer(text):
            found = match.group().rstrip(_TRAILING)
            words = tuple(found.lower().split("."))
            # Bol.com is a shop before it is a site.
            if len(words) == 2 and single.length(words, ("", "."), 0) == 2:
                continue
            yield Span(match.start(), match.start() + len(found), "url")
    for match in _SPOKEN.finditer(text):
        yield Span(match.start(), match.end(), "url")
