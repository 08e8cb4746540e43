"""Marks what is known to be nobody's: sayings, methods with their authors. Finds nothing itself. Pure."""

from vault.guard.rows import row
from vault.guard.sets import words
from vault.guard.sheet import HARMLESS_PHRASE, Sheet

_THE = words("the")


def mark(sheet: Sheet) -> None:
    """Takes the words of harmless phrases, so that no detector looks at them."""
    phrases = sheet.lists.harmless
    done = 0
    for i in sorted(sheet.where(phrases.firsts)):
        length = phrases.length(sheet.keys, sheet.gaps, i) if i >= done else 0
        sheet.claim(i, i + length, HARMLESS_PHRASE)
        done = max(done, i + length)
    for i in sheet.where(_THE):
        # 'The Voice of Holland', 'The Jerusalem Post'
        if sheet.capital(i) and sheet.touching(i + 1) and sheet.capital(i + 1):
            sheet.claim(i, row(sheet, i, inner=False), HARMLESS_PHRASE)
