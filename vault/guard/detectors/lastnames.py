"""Last names with particles by themselves: Van den Broek, El Amrani, 'appte met de vries'. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import BUILT, OWNED, at
from vault.guard.sets import words
from vault.guard.sheet import START, Sheet
from vault.guard.stands import ONLY_PEOPLE
from vault.guard.surnames import acts, announced, claimed, further, joined, met, past_particles, town
from vault.guard.tiers import (
    COMPOUND,
    EITHER,
    FIRST,
    HARMLESS,
    LAST,
    NOTHING,
    RARE,
    SELDOM,
    TRADE,
    UNKNOWN,
    WORD,
    function,
    old_spelling,
    tier,
)

# Particles that begin a last name at the start of a sentence; the others are prepositions there.
_NOBILIARY = words("van de den der ten ter von vander vanden")
_BARE = _NOBILIARY - words("de den der")
_ARABIC = words("el al ben bin ait ould ibn abu")
_ABBREVIATED = frozenset(("van os", "van es", "van ee", "van as", "van ek"))
"""Last names that look like abbreviations or words behind the particle."""
_OUTER = words("van v op ter aan in uit von de el")
_INNER = words("de den der het t la d ter")
_NAMES = frozenset((LAST, TRADE, SELDOM))


def find(sheet: Sheet) -> Iterator[Span]:
    """Particles with a capital behind them, or in lower case with a last name where a person must stand."""
    return claimed(sheet, sheet.where(sheet.lists["particles"]), _particled)


def _particled(sheet: Sheet, i: int) -> int:
    if sheet.keys[i] not in sheet.lists["particles"]:
        return 0
    if len(sheet.words[i]) < 2:
        return _shortened(sheet, i)
    j = past_particles(sheet, i)
    if j >= sheet.size or not joined(sheet, j) or sheet.places[j] == START:
        return 0
    if not sheet.capital(j):
        return j + 1 if _lower(sheet, i, j) else 0
    kind = tier(sheet, j)
    if kind == NOTHING or (kind == HARMLESS and not _whole(sheet, i, j)):
        return 0
    if _housed(sheet, i) or _thing(sheet, i, j):
        return 0
    doubled = j - i > 1 and sheet.keys[i] in _OUTER and sheet.keys[j - 1] in _INNER
    if sheet.capital(i) and sheet.places[i] != START:
        named = kind != WORD or doubled or sheet.keys[i] in _BARE or _spoken_of(sheet, i)
        return further(sheet, j + 1, lower=False) if named else 0
    return j + 1 if _first(sheet, i, j, doubled=doubled) else 0


def _thing(sheet: Sheet, i: int, j: int) -> bool:
    """'De Erasmusbrug', and 'bij Van der Meulen staan banen op de tocht'."""
    if sheet.keys[j].endswith(BUILT) and sheet.keys[j] not in sheet.lists.last:
        return True
    owned = i > 1 and sheet.keys[i - 1] == "van" and sheet.keys[i - 2] in OWNED and sheet.touching(i)
    return owned or (at(sheet, i) and sheet.around(j, sheet.lists["strong_work"], 6))


def _shortened(sheet: Sheet, i: int) -> int:
    """The word after ''t Hooft', where a person must stand."""
    j = i + 1
    if sheet.keys[i] != "t" or not joined(sheet, j) or not sheet.capital(j) or not i or sheet.taken[i - 1]:
        return 0
    if sheet.keys[i - 1] not in {"met", "bij", "volgens", "aldus", "en", "door"} or town(sheet, j):
        return 0
    return j + 1 if tier(sheet, j) in {LAST, TRADE, SELDOM, UNKNOWN, WORD} else 0


def _first(sheet: Sheet, i: int, j: int, *, doubled: bool) -> bool:
    """Whether particles at the start of a sentence, or in lower case, begin the last name at `j`."""
    kind = tier(sheet, j)
    key = sheet.keys[i]
    if key in _ARABIC:
        return kind in _NAMES or kind in {FIRST, UNKNOWN}
    old = sheet.keys[j - 1] in {"den", "der"}
    if doubled and key in {"van", "von", "v", "op", "in", "aan"} and (sheet.capital(i) or kind in _NAMES or old):
        # Nobody writes 'van der' any more but in names.
        fits = kind in _NAMES or kind in {UNKNOWN, WORD, COMPOUND, RARE, EITHER}
        return fits and ((key in {"van", "von", "v"} and not town(sheet, j)) or old)
    if not sheet.capital(i) or key not in _NOBILIARY:
        return False
    if _whole(sheet, i, j) and j + 1 < sheet.size:
        # As in an interview, with what was said behind it, or as the first of several.
        gap = sheet.gaps[j + 1].strip()[:1]
        if gap == ":" or (gap == "," and sheet.capital(j + 1)):
            return True
    if kind == HARMLESS and _whole(sheet, i, j) and acts(sheet, j + 1):
        # 'Van Os mailde'
        return True
    if kind == UNKNOWN and old_spelling(sheet.keys[j]) and acts(sheet, j + 1) and not sheet.touching(j + 1):
        # 'De Meyere, al jaren voorzitter'
        return True
    if kind == UNKNOWN and key in {"de", "van"} and j + 1 < sheet.size and sheet.touching(j + 1):
        # 'De Clippele hekelt': what a thing never does
        return sheet.keys[j + 1] in ONLY_PEOPLE
    said = key == "van" and j + 1 < sheet.size and sheet.gaps[j + 1].strip()[:1] == ":"
    return (kind in _NAMES or town(sheet, j)) and (said or acts(sheet, j + 1))


def _spoken_of(sheet: Sheet, i: int) -> bool:
    """Whether a person is announced by more than what leads to a paper or a house as well: 'voor De Standaard'."""
    return announced(sheet, i) and sheet.keys[i - 1] not in {"voor", "bij", "van", "aan", "over", "naar"}


def _whole(sheet: Sheet, i: int, j: int) -> bool:
    """Whether a list has the last name with these very particles: van den Bossche."""
    name = " ".join(sheet.keys[i : j + 1])
    return name in sheet.lists["full_last"] or name in _ABBREVIATED


def _housed(sheet: Sheet, i: int) -> bool:
    """'Het Steen', and 'in De Marwei': a house rather than somebody."""
    if sheet.places[i] == START or not sheet.capital(i):
        return False
    if sheet.keys[i] == "het":
        return not (i and function(sheet, i - 1))
    inside = i > 0 and sheet.keys[i - 1] in {"in", "uit", "naar", "te"}
    return sheet.keys[i] == "de" and inside and not _whole(sheet, i, i + 1)


def _lower(sheet: Sheet, i: int, j: int) -> bool:
    if j - i > 1 and sheet.keys[j - 1] in {"t", "der", "den"} and i and function(sheet, i - 1):
        # 'collega van 't hof'
        return tier(sheet, j) != NOTHING and sheet.keys[j] not in sheet.lists["stops"]
    if sheet.keys[j] not in sheet.lists.last and not met(sheet, i):
        return False
    kind = tier(sheet, j)
    if kind in {LAST, UNKNOWN} and not town(sheet, j) and met(sheet, i):
        return True
    if sheet.keys[i] == "de" and function(sheet, j) and not met(sheet, i):
        # 'fietst naar de bakker'
        return False
    if not _whole(sheet, i, j) or sheet.keys[j] in sheet.lists.common:
        return False
    return kind in _NAMES and (announced(sheet, i) or acts(sheet, j + 1))
