"""Addresses of pages and sites, written and spoken. Pure."""

import re
from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sheet import Sheet

_LINK = re.compile(r"(?<![\w@])(?:https?://|www\.)[^\s<>\"“”]{2,500}", re.IGNORECASE)
_ENDING = re.compile(
    r"\.(?:nl|com|eu|org|net|info|nu|io|be|coach|online|amsterdam|frl|co\.uk)(?![\w-])(?:/[^\s<>\"“”]{0,300})?",
    re.IGNORECASE,
)
_HOST = re.compile(r"(?<![\w@.-])(?:[a-z0-9][a-z0-9-]{0,62}\.){0,4}[a-z0-9][a-z0-9-]{1,62}\Z", re.IGNORECASE)
_REACH = 120
_SPOKEN = re.compile(
    r"\b(?:w w w|www|wee wee wee|ww)(?: punt [\w-]{2,40}(?: streepje [\w-]{2,40}){0,3}){1,3}"
    r"|\b[\w-]{2,40}(?: streepje [\w-]{2,40}){0,3} punt (?:nl|com|org|net|eu|nu)\b"
    r"(?: (?:slash|schuine streep) [\w-]{1,40}){0,3}",
    re.IGNORECASE,
)
_TRAILING = ".,;:!?)]}'’»”\""


def find(sheet: Sheet) -> Iterator[Span]:
    """Links, bare sites, and sites as one says them: 'voorbeeld punt nl'."""
    text = sheet.text
    if "." in text:
        for match in _LINK.finditer(text):
            yield Span(match.start(), match.start() + len(match.group().rstrip(_TRAILING)), "url")
        yield from _sites(sheet)
    if "punt" in sheet.keys:
        for match in _SPOKEN.finditer(text):
            yield Span(match.start(), match.end(), "url")


def _sites(sheet: Sheet) -> Iterator[Span]:
    for match in _ENDING.finditer(sheet.text):
        host = _HOST.search(sheet.text[max(0, match.start() - _REACH) : match.start()])
        if host is None:
            continue
        ending = match.group().rstrip(_TRAILING)
        words = (*host.group().lower().split("."), *ending.lower()[1:].split("."))
        # Bol.com is a shop before it is a site.
        if len(words) == 2 and sheet.lists.employers.length(words, ("", "."), 0) == 2:
            continue
        yield Span(match.start() - (host.end() - host.start()), match.start() + len(ending), "url")
