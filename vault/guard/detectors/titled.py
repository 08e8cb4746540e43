"""Names behind a title: mevrouw Jansen, dr. M. de Wit, opa Henk. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import CAPITAL, LOWER, Sheet
from vault.guard.surnames import claimed, further, initial, joined, past_particles
from vault.guard.tiers import EITHER, FIRST, HARMLESS, LAST, RARE, SELDOM, TRADE, UNKNOWN, WORD, tier

_MOST = 5
"""Titles, or initials, in a row."""
_SHORT = words("hr mr ms ir ing st ds dr prof drs")
# Titles that are common words: they need a capital behind them.
_NOUNS = words(
    "heer meester prins prinses koning koningin zuster broeder graaf gravin baron pastor paus sint pater neef nicht"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """A title with what follows it: capitals, or in lower case what is no verb and no common word."""
    return claimed(sheet, sheet.where(sheet.lists["titles"]), _titled)


def _titled(sheet: Sheet, i: int) -> int:
    titles = sheet.lists["titles"]
    key = sheet.keys[i]
    if key not in titles or (key in _SHORT and sheet.words[i].isupper()):
        return 0
    j = i + 1
    while j < sheet.size and j - i < _MOST and sheet.keys[j] in titles and joined(sheet, j):
        j += 1
    if not joined(sheet, j):
        return 0
    noun = sheet.keys[j - 1] in _NOUNS
    first = j
    while initial(sheet, j) and joined(sheet, j) and j - first < _MOST:
        j += 1
    after = _core(sheet, j, noun=noun) if joined(sheet, j) else 0
    if after:
        return further(sheet, after, lower=True)
    return j if j > first and not noun else 0


def _core(sheet: Sheet, j: int, *, noun: bool) -> int:
    """The word after the name proper that begins at `j`; 0 if there is none."""
    core = past_particles(sheet, j)
    if core >= sheet.size or (core > j and not joined(sheet, core)):
        return 0
    key, kind, single = sheet.keys[core], tier(sheet, core), len(sheet.words[core]) == 1
    if sheet.capital(core):
        bare = kind in {HARMLESS, WORD} and core == j and not single
        common = noun or key in sheet.lists["stops"] or sheet.shapes[core] != CAPITAL
        return 0 if bare and common else core + 1
    if noun or sheet.shapes[core] != LOWER:
        return 0
    if single:
        return core + 1 if sheet.text.startswith(".", sheet.ends[core]) else 0
    if key in sheet.lists.verbs or (core == j and key in sheet.lists["stops"]):
        return 0
    return core + 1 if kind in {FIRST, LAST, EITHER, TRADE, SELDOM, UNKNOWN} or (kind == RARE and core > j) else 0
