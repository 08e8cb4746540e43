"""Runs every detector over a sheet. Pure."""

from bisect import bisect_left, bisect_right

from vault.guard.claims import Claims
from vault.guard.detectors import FORMATS, PROPER, harmless
from vault.guard.find import Span
from vault.guard.sheet import OTHER, Sheet


def survey(sheet: Sheet) -> list[Span]:
    """What is found in `sheet`, in order and without overlap, but for names known from elsewhere in the note."""
    claims = Claims(len(sheet.text))
    for detector in FORMATS:
        claims.add(detector(sheet))
    _take(sheet, claims)
    harmless.mark(sheet)
    for proper in PROPER:
        claims.add(proper(sheet))
    return claims.spans()


def _take(sheet: Sheet, claims: Claims) -> None:
    """Keeps the words of what has been found from the detectors that look at words."""
    for span in claims.spans():
        sheet.claim(bisect_right(sheet.ends, span.start), bisect_left(sheet.starts, span.end), OTHER)
