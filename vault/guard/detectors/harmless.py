"""Marks what is known to be nobody's: sayings, methods with their authors. Finds nothing itself. Pure."""

from vault.guard.sheet import HARMLESS_PHRASE, Sheet


def mark(sheet: Sheet) -> None:
    """Takes the words of harmless phrases, so that no detector looks at them."""
    phrases = sheet.lists.harmless
    i = 0
    while i < len(sheet):
        length = phrases.length(sheet.keys, sheet.gaps, i)
        for j in range(i, i + length):
            sheet.taken[j] = HARMLESS_PHRASE
        i += length or 1
