"""First names with a last name: Fatima El Idrissi, jan de vries, Wim J. de Boer. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import LABOUR, at
from vault.guard.sets import words
from vault.guard.sheet import CAPITALS, MIDDLE, START, Sheet
from vault.guard.surnames import announced, blank, claimed, further, initial, joined, located, past_particles, surname
from vault.guard.tiers import COMPOUND, EITHER, FIRST, HARMLESS, LAST, NOTHING, RARE, SELDOM, TRADE, UNKNOWN, WORD, tier

_INITIALS_MOST = 3
_BARRED = frozenset((NOTHING, HARMLESS, WORD, COMPOUND))
_STANDING = words("aan op in")
_NICKNAMED = frozenset(((" (", ") "), (' "', '" '), (" “", "” "), (" '", "' "), (" ‘", "’ ")))
"""What stands around a nickname between a first name and a last name."""
_BLOCKING = words("op in aan bij uit tot onder voor te o het")


def find(sheet: Sheet) -> Iterator[Span]:
    """Two words or more of which the first can be a first name and the last a last name."""
    return claimed(sheet, sheet.raised + sheet.where(sheet.lists.first), _full)


def _full(sheet: Sheet, i: int) -> int:
    key, kind = sheet.keys[i], tier(sheet, i)
    if kind in _BARRED or _grammatical(sheet, i) or (kind in {TRADE, SELDOM} and sheet.places[i] == START):
        return 0
    if key in sheet.lists.towns.single and kind not in {FIRST, EITHER, TRADE} and key not in sheet.lists["surnames"]:
        # 'Seattle Times'
        return 0
    if not blank(sheet, i + 1):
        return _nicknamed(sheet, i) if kind in {FIRST, EITHER} else 0
    if not sheet.capital(i):
        return _lower(sheet, i) if kind == FIRST and key in sheet.lists.first else 0
    # 'NT Gent' is nobody.
    return 0 if sheet.shapes[i] == CAPITALS and kind == UNKNOWN else _high(sheet, i, kind)


def _grammatical(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is a word of grammar: 'Ben' is none where it has a capital in mid-sentence and one follows."""
    lists = sheet.lists
    if sheet.keys[i] not in lists["stops"] and sheet.keys[i] not in lists["particles"]:
        return False
    return not (sheet.capital(i) and sheet.places[i] == MIDDLE and i + 1 < sheet.size and sheet.capital(i + 1))


def _high(sheet: Sheet, i: int, kind: str) -> int:
    """The word after the name that begins with the capital at `i`."""
    j = i + 1
    while blank(sheet, j) and initial(sheet, j) and sheet.words[j].isupper() and j - i <= _INITIALS_MOST:
        j += 1
    after = surname(sheet, j, lower=False) if joined(sheet, j) else 0
    if j > i + 1 and not after:
        # 'Milan D. uit Almere'
        return j
    if not after or not sheet.capital(after - 1):
        return _lower(sheet, i) if kind == FIRST else 0
    if i > 1 and sheet.keys[i - 1] in {"de", "het"} and sheet.keys[i - 2] in _STANDING and sheet.touching(i):
        # 'aan de Betsy Perk', 'in het Willem Ruis'
        return 0
    if _of_club(sheet, i, after - 1, kind):
        return 0
    works = LABOUR if kind in {FIRST, EITHER} else sheet.lists["strong_work"]
    if at(sheet, i) and sheet.around(i, works, 6):
        # 'Bij Jansen de Jong werken'
        return 0
    if kind not in {FIRST, LAST} and after - j < 2 and not _together(sheet, i, after - 1):
        return 0
    return further(sheet, after, lower=False)


def _of_club(sheet: Sheet, i: int, last: int, kind: str) -> bool:
    """'De Belgian Cats', 'Bavi Vilvoorde': neither is anybody."""
    lists, key = sheet.lists, sheet.keys[i]
    if kind not in {FIRST, EITHER} and i and sheet.keys[i - 1] == "de" and sheet.touching(i):
        return True
    named = key in lists.sure or key in lists.both or key in lists["names"]
    town = sheet.keys[last] in lists.towns.single and sheet.keys[last] not in lists.last
    return town and last == i + 1 and not named


def _nicknamed(sheet: Sheet, i: int) -> int:
    """The word after 'Maurits (Mau) Stronks' and 'Jan "Jantje" Smit'; 0 if it is not that."""
    if i + 2 >= sheet.size or not sheet.capital(i) or not sheet.capital(i + 1) or sheet.taken[i + 1]:
        return 0
    if (sheet.gaps[i + 1], sheet.gaps[i + 2]) not in _NICKNAMED:
        return 0
    after = 0 if sheet.taken[i + 2] else surname(sheet, i + 2, lower=False)
    return after if after and sheet.capital(after - 1) else 0


def _together(sheet: Sheet, i: int, last: int) -> bool:
    """Whether a doubtful first word and a capital behind it are a person together."""
    kind = tier(sheet, last)
    if kind in {LAST, FIRST, TRADE, SELDOM, EITHER}:
        return True
    if kind == WORD and tier(sheet, i) == EITHER and sheet.places[i] == MIDDLE:
        # 'Bas Dost', but not 'de Roos Academie'
        governed = sheet.keys[i - 1] in sheet.lists["determiners"] or sheet.keys[i - 1] in sheet.lists["possessives"]
        usual = sheet.keys[last] in sheet.lists.common and not announced(sheet, i)
        return not governed and not usual and sheet.keys[last] not in sheet.lists["stops"]
    if kind == WORD or tier(sheet, i) == RARE:
        return kind != WORD and sheet.places[i] != START
    return sheet.places[i] != START or sheet.lists.likeness(sheet.keys[i]) > 0


def _lower(sheet: Sheet, i: int) -> int:
    """The word after 'jan de vries', 'fatima el idrissi'; 0 if only the first name is one."""
    j = past_particles(sheet, i + 1)
    if j >= sheet.size or not joined(sheet, j) or (j > i + 1 and located(sheet, i + 1, j)):
        return 0
    kind = tier(sheet, j)
    if kind == LAST or (kind == UNKNOWN and j > i + 2):
        return j + 1
    if kind not in {TRADE, SELDOM}:
        return 0
    if j == i + 1:
        return j + 1 if sheet.keys[j] not in sheet.lists.common else 0
    return j + 1 if sheet.keys[i + 1] not in _BLOCKING else 0
