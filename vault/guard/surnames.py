"""Last names with their particles, and what announces a person. Shared by the detectors of whole names. Pure."""

from collections.abc import Callable, Iterable, Iterator

from vault.guard.find import Span
from vault.guard.sets import endings, words
from vault.guard.sheet import CAPITAL, PERSON, START, Sheet
from vault.guard.tiers import EITHER, FIRST, HARMLESS, LAST, NOTHING, SELDOM, TRADE, UNKNOWN, function, tier

_PARTICLES_MOST = 4
_PARTS_MOST = 4
_LIKE_PEOPLES = ("ese", "ees")
_SHORT = 4
"""Letters below which a word that is nobody's is an abbreviation."""
_BLANKS = frozenset((" ", "  ", "\u00a0", " '", " ’"))
_JOINS = _BLANKS | frozenset(("-", "'", ".", ". ", ".-", "’"))
_PREPOSITIONS = words("in op aan uit bij tot onder voor")
_LONG_INITIALS = words("Th Chr Ch Ph Joh IJ Tj Fr Jac")
_INSTITUTIONS = endings(
    "universiteit hogeschool school ziekenhuis ministerie gemeente stichting partij vereniging bond vakbond raad "
    "dienst politie brandweer instituut centrum bedrijf academie museum bibliotheek federatie unie fractie inspectie "
    "kliniek rechtbank provincie waterschap omroep"
)
_SINCE = words("al jaren jarenlang ook zelf ooit net nu toen vroeger inmiddels destijds sinds kort nog steeds lang")
_MEETINGS = words(
    "gesprek intake sessie evaluatie kennismaking afspraak coachgesprek belafspraak eindgesprek tussengesprek"
)


def claimed(sheet: Sheet, places: Iterable[int], begins: Callable[[Sheet, int], int]) -> Iterator[Span]:
    """The names that `begins` tells the word after of, for each word in `places` that nobody has claimed."""
    for i in sorted(set(places)):
        after = 0 if sheet.taken[i] else begins(sheet, i)
        if after:
            yield Span(sheet.starts[i], _end(sheet, after - 1), "naam")
            sheet.claim(i, after, PERSON)


def _end(sheet: Sheet, i: int) -> int:
    """Where the name ends: with the stop behind it, if it ends in an initial."""
    end = sheet.ends[i]
    return end + 1 if len(sheet.words[i]) == 1 and sheet.text.startswith(".", end) else end


def joined(sheet: Sheet, i: int) -> bool:
    """Whether word `i` stands close enough behind the one before it to be one name with it."""
    free = 0 < i < sheet.size and not sheet.taken[i]
    return free and sheet.gaps[i] in _JOINS and sheet.places[i] != START


def blank(sheet: Sheet, i: int) -> bool:
    """Whether only a blank is between word `i` and the one before it."""
    return 0 < i < sheet.size and not sheet.taken[i] and sheet.gaps[i] in _BLANKS


def initial(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is an initial: a letter, or Th, Chr, with a stop behind it."""
    if i >= sheet.size:
        return False
    word = sheet.words[i]
    if not word.isalpha() or not sheet.text.startswith(".", sheet.ends[i]):
        return False
    return len(word) == 1 or word in _LONG_INITIALS


def town(sheet: Sheet, i: int) -> bool:
    """Whether a list has word `i` as a town."""
    return sheet.keys[i] in sheet.lists.towns.single


def past_particles(sheet: Sheet, i: int) -> int:
    """The word after the particles that begin at `i`."""
    particles = sheet.lists["particles"]
    j = i
    while j < sheet.size and j - i < _PARTICLES_MOST and sheet.keys[j] in particles and (j == i or joined(sheet, j)):
        j += 1
    return j


def surname(sheet: Sheet, i: int, *, lower: bool) -> int:
    """The word after the last name that begins at `i` with or without particles; 0 if there is none."""
    j = past_particles(sheet, i)
    if j >= sheet.size or (j > i and not joined(sheet, j)) or sheet.taken[j] or sheet.places[j] == START:
        return 0
    if j > i and (located(sheet, i, j) or _employing(sheet, i, j)):
        return 0
    kind = tier(sheet, j)
    if sheet.capital(j):
        letter = kind == NOTHING and j > i and len(sheet.words[j]) == 1
        # 'van den Bossche', and 'van Os', which is the Olympic games only without 'van'.
        short = j > i and sheet.shapes[j] == CAPITAL and len(sheet.keys[j]) < _SHORT
        whole = kind == HARMLESS and (short or " ".join(sheet.keys[i : j + 1]) in sheet.lists["full_last"])
        # 'Thomése' only ends as what comes from somewhere does.
        looks = kind == HARMLESS and sheet.keys[j] not in sheet.lists.innocent and sheet.keys[j].endswith(_LIKE_PEOPLES)
        return j + 1 if letter or whole or looks or kind not in {NOTHING, HARMLESS} else 0
    if j > i and len(sheet.words[j]) == 1 and sheet.text.startswith(".", sheet.ends[j]):
        return j + 1
    if kind in {TRADE, SELDOM, EITHER}:
        return j + 1 if lower or j > i else 0
    return j + 1 if kind in {LAST, FIRST} or (kind == UNKNOWN and lower and j > i) else 0


def _employing(sheet: Sheet, i: int, j: int) -> bool:
    """'Terpstra van de Rijksuniversiteit', 'Joke van het Ziekenhuis'"""
    return j > i + 1 and sheet.keys[j].endswith(_INSTITUTIONS) and sheet.lists.word(sheet.keys[j])


def located(sheet: Sheet, i: int, j: int) -> bool:
    """'Piet uit Deventer', 'Piet in de Achterhoek', against 'Piet in 't Veld'."""
    if sheet.keys[i] not in _PREPOSITIONS:
        return False
    return j == i + 1 or town(sheet, j) or bool(sheet.lists.towns.length(sheet.keys, sheet.gaps, i + 1))


def further(sheet: Sheet, j: int, *, lower: bool) -> int:
    """Goes on from word `j` through more last names; the word after them."""
    for _ in range(_PARTS_MOST):
        after = surname(sheet, j, lower=lower) if blank(sheet, j) else 0
        if not after:
            break
        if after == j + 1 and not sheet.capital(j) and tier(sheet, j) not in {LAST, FIRST}:
            break
        j = after
    return j


def announced(sheet: Sheet, i: int) -> bool:
    """Whether the word before `i` announces a person: 'gesprek', 'met', 'collega'."""
    if i == 0 or sheet.places[i] == START or not sheet.near(i - 1, i):
        return False
    key = sheet.keys[i - 1]
    lists = sheet.lists
    if key in lists["named"] and i > 1 and sheet.keys[i - 2] in lists["method_words"]:
        # 'het boek heet De Kracht'
        return False
    if key == "en" and i > 1 and len(sheet.words[i - 2]) == 1 and sheet.words[i - 2].isupper():
        return True
    return function(sheet, i - 1) or key in lists["named"] or key in lists["people_prepositions"] or met(sheet, i)


def met(sheet: Sheet, i: int) -> bool:
    """Whether a word for a talk stands right before word `i`."""
    return blank(sheet, i) and sheet.keys[i - 1] in _MEETINGS


def _function_of(sheet: Sheet, i: int) -> bool:
    """Whether from word `i` on it is said what somebody is: 'voorzitter', 'al jaren voorzitter', 'ook zelf boer'."""
    for k in range(i, min(i + 3, sheet.size)):
        if function(sheet, k):
            return True
        if sheet.keys[k] not in _SINCE:
            return False
    return False


def acts(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is what a person does, or says in brackets what somebody is."""
    if i >= sheet.size:
        return False
    if sheet.gaps[i].strip() in {",", "("} and _function_of(sheet, i):
        return True
    return sheet.touching(i) and sheet.keys[i] in sheet.lists.verbs
