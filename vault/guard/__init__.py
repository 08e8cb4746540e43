"""The privacy guard: finds names, dates and other personal data in Dutch and English notes (docs: design section 8).

Pure, but for `load`: what it is given is neither stored nor logged, and it reads no clock. Any text gives a list of
finds in bounded time.
"""

from collections.abc import Collection

from vault.guard.claims import Claims
from vault.guard.detectors import FORMATS, PROPER, harmless
from vault.guard.find import KINDS, Find
from vault.guard.lists import load
from vault.guard.roles import redact, replacements, splice
from vault.guard.sheet import OTHER, Sheet
from vault.guard.spread import spread
from vault.guard.words import Lists, plain

__all__ = ["KINDS", "Find", "Lists", "load", "redact", "replacements", "scan", "splice"]


def scan(text: str, lists: Lists, allow: Collection[str] = ()) -> list[Find]:
    """The personal data in `text`, in order and without overlap, but for what `allow` says (whatever its case)."""
    sheet = Sheet(text, lists)
    claims = Claims(len(text))
    for detector in FORMATS:
        claims.add(detector(sheet))
    _take(sheet, claims)
    harmless.mark(sheet)
    for proper in PROPER:
        claims.add(proper(sheet))
    claims.add(spread(sheet, claims.spans()))
    allowed = {_same(word) for word in allow}
    finds = [Find(span.start, span.end, span.kind, text[span.start : span.end]) for span in claims.spans()]
    return [find for find in finds if not allowed or _same(find.text) not in allowed]


def _same(word: str) -> str:
    """`word` as it is compared: a find may stand on two lines."""
    return " ".join(plain(word).split())


def _take(sheet: Sheet, claims: Claims) -> None:
    """Keeps the words of what has been found from the detectors that look at words."""
    for i, (start, end) in enumerate(zip(sheet.starts, sheet.ends, strict=True)):
        if not claims.free(start, end):
            sheet.taken[i] = OTHER
