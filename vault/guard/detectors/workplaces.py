"""Organisations by what people do there ('werkt bij Zorgvlied'), or by their form (ProRail). Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import ARTICLES, AT, LABOUR, OWNED, at, row
from vault.guard.sets import endings
from vault.guard.sheet import CAPITAL, LOWER, MIDDLE, MIXED, OTHER, START, Sheet
from vault.guard.surnames import past_particles
from vault.guard.tiers import COMPOUND, EITHER, FIRST, HARMLESS, LAST, NOTHING, RARE, SELDOM, TRADE, UNKNOWN, WORD, tier

_ENDINGS = endings("bank zorg groep college lyceum umc tech soft bouw wonen net corp flex care")
# Last names that have a capital inside.
_SURNAMES = endings("Mc Mac De Van El Le O Di Fitz")


def find(sheet: Sheet) -> Iterator[Span]:
    """What is worked at, and what has the form of a firm."""
    behind = sheet.where(AT)
    places = {*sheet.raised, *(i + 1 for i in behind), *(i + 2 for i in behind)}
    for i in sorted(places):
        if i >= sheet.size or sheet.taken[i]:
            continue
        after = _worked_at(sheet, i) or _formed(sheet, i) or _owning(sheet, i)
        if after:
            yield Span(sheet.starts[i], sheet.ends[after - 1], "organisatie")
            sheet.claim(i, after, OTHER)


def _worked_at(sheet: Sheet, i: int) -> int:
    """The word after 'bij X' where X is worked at; 0 if there is none."""
    if not at(sheet, i):
        return 0
    kind = tier(sheet, i)
    labour = sheet.capital(i) and sheet.around(i, LABOUR, 6)
    if kind in {FIRST, NOTHING, HARMLESS}:
        return row(sheet, i, inner=True) if kind == FIRST and labour else 0
    lists = sheet.lists
    work = labour or sheet.around(i, lists["work"], 8)
    if sheet.shapes[i] == LOWER:
        return i + 1 if kind == UNKNOWN and work and len(sheet.keys[i]) > 3 else 0
    articled = sheet.keys[i - 1] in ARTICLES
    if kind in {UNKNOWN, WORD, RARE}:
        works = work or (articled and kind != WORD)
    else:
        works = articled or (kind != EITHER and sheet.around(i, lists["strong_work"], 6))
    fits = kind in {UNKNOWN, WORD, RARE, LAST, TRADE, SELDOM, EITHER}
    return row(sheet, i, inner=True) if works and fits else 0


def _owning(sheet: Sheet, i: int) -> int:
    """The word after 'Henkel' in 'de directie van Henkel'; 0 if a person may be meant."""
    if i < 2 or sheet.keys[i - 1] != "van" or sheet.keys[i - 2] not in OWNED or sheet.places[i] != MIDDLE:
        return 0
    core = past_particles(sheet, i)
    if core >= sheet.size or not all(map(sheet.touching, range(i - 1, core + 1))):
        return 0
    if tier(sheet, core) not in {UNKNOWN, LAST, SELDOM, COMPOUND} or not sheet.capital(core):
        return 0
    return row(sheet, i, inner=False)


def _formed(sheet: Sheet, i: int) -> int:
    """The word after a name whose form is that of a firm: ProRail, PostNL, Zorgbank; 0 if there is none."""
    shape, word = sheet.shapes[i], sheet.words[i]
    if shape == MIXED and len(word) > 3 and word.isalpha():
        inside = word[0].isupper() and any(sign.isupper() for sign in word[1:])
        return i + 1 if inside and not word.startswith(_SURNAMES) and tier(sheet, i) in {UNKNOWN, LAST} else 0
    if shape == CAPITAL and len(word) > 6 and sheet.keys[i].endswith(_ENDINGS) and sheet.places[i] != START:
        return row(sheet, i, inner=False) if tier(sheet, i) == UNKNOWN else 0
    return 0
