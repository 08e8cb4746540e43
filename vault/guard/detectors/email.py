"""E-mail addresses, written and spoken. Pure."""

import re
from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import Sheet

_MOST = 64
_HOST = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){0,5}")
_MAILBOX = re.compile(r"[\w.+%&'’/=-]{1,64}\Z")
_LOOSE_BEFORE = re.compile(r"[\w+%-]{1,64}(?:\.[\w+%-]{1,64}){0,5} ?\Z")
_LOOSE_HOST = re.compile(r" ?[\w-]{1,63}(?: ?\. ?[\w-]{1,63}){1,3}")
_AT = words("apenstaart apenstaartje apestaart apestaartje apenstaartjes apestaartjes at")
_OPENING, _CLOSING = " ([", " )]"
_DOT = r"(?: ?[(\[]? ?(?:punt|dot) ?[)\]]? ?| ?\. ?)"
_DASH = r" (?:streepje|koppelteken|dash|min) "
_TLD = r"(?:nl|com|net|org|be|eu|de|nu|info|fr|coach|online|io|uk)"
_RIGHT = re.compile(
    rf"[\w-]{{1,40}}(?:{_DASH}[\w-]{{1,40}}){{0,3}}(?:{_DOT}[\w-]{{1,40}}){{0,3}}?{_DOT}{_TLD}\b", re.IGNORECASE
)
_RIGHT_SHORT = re.compile(
    r"(?:gmail|hotmail|outlook|ziggo|kpn|live|icloud|yahoo|xs4all|planet|home|casema|upc|proton)\w*", re.IGNORECASE
)
_JOINS = words("punt dot streepje koppelteken min dash laag liggend underscore plus . - _")
_INSIDE = words("de der den van el ten ter von het")


def find(sheet: Sheet) -> Iterator[Span]:
    """Addresses with an @, with blanks around it, or with the words for it."""
    text = sheet.text
    at = text.find("@")
    while at >= 0:
        span = _written(text, at)
        if span is not None:
            yield span
        at = text.find("@", at + 1)
    for i in sorted(sheet.where(_AT)):
        span = _spoken(sheet, i)
        if span is not None:
            yield span


def _written(text: str, at: int) -> Span | None:
    left = _MAILBOX.search(text[max(0, at - _MOST) : at])
    right = _HOST.match(text, at + 1)
    if left is not None and right is not None and "." in right.group():
        return Span(at - (left.end() - left.start()), right.end(), "email")
    loose = _LOOSE_BEFORE.search(text[max(0, at - _MOST) : at])
    host = _LOOSE_HOST.match(text, at + 1)
    if loose is None or host is None:
        return None
    return Span(at - (loose.end() - loose.start()), host.end(), "email")


def _spoken(sheet: Sheet, i: int) -> Span | None:
    text = sheet.text
    begin, end = sheet.starts[i], sheet.ends[i]
    while begin and text[begin - 1] in _OPENING:
        begin -= 1
    while end < len(text) and text[end] in _CLOSING:
        end += 1
    right = _RIGHT.match(text, end)
    if right is None and "staart" in sheet.keys[i]:
        right = _RIGHT_SHORT.match(text, end)
    if right is None:
        return None
    start = _speech_start(text, begin)
    return Span(start, right.end(), "email") if start < begin else None


def _speech_start(text: str, end: int) -> int:
    """Where a spoken address begins: one word, and further back as long as 'punt' or a particle joins the words."""
    words = list(re.finditer(r"\S+", text[max(0, end - 120) : end]))
    offset = max(0, end - 120)
    if not words:
        return end
    k = len(words) - 1
    while k > 0:
        before = words[k - 1].group().lower().strip("()[]")
        if before in _JOINS and k > 1:
            k -= 2 if before != "streepje" or words[k - 2].group().lower() not in {"laag", "liggend"} else 3
        elif before in _INSIDE:
            k -= 1
        else:
            break
    return offset + words[max(k, 0)].start()
