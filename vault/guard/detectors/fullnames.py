"""Names of several words: titles, first names or initials, particles, last names. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import CAPITAL, LOWER, PERSON, START, Sheet
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
    tier,
)

_PARTICLES_MOST = 4
_PARTS_MOST = 4
_SHORT_TITLES = words("hr mr ms ir ing st ds dr prof drs")
# Titles that are common words: they need a capital behind them.
_NOUNS = words(
    "heer meester prins prinses koning koningin zuster broeder graaf gravin baron pastor paus sint pater neef nicht"
)

# In single letters with stops: i.p.v., m.b.t.
_SHORTENED = words(
    "ipv bv dwz oa mbt nav tav ivm tov mn ed enz evt aub nvt pm am tm zgn mi mbv dmv iov obv ovv tgv tzt zsm svp io "
    "ad dd vc ps nb pc tbv iha ihb eg ie na mw ia ma oid og iig zoz"
)
# Particles that begin a last name at the start of a sentence; the others are prepositions there.
_PREPOSITIONS = words("in op aan uit bij tot onder voor")
_NOBILIARY = words("van de den der ten ter von vander vanden")
_MEETINGS = words(
    "gesprek intake sessie evaluatie kennismaking afspraak coachgesprek belafspraak eindgesprek tussengesprek"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """Names that are told by their form: 'mevr. d. ter Horst', 'Fatima El Idrissi', 'J.P. de Wit', 'Van den Broek'."""
    i = 0
    size = len(sheet)
    while i < size:
        after = 0
        if not sheet.taken[i] and _candidate(sheet, i):
            after = _titled(sheet, i) or _initialled(sheet, i) or _full(sheet, i) or _particled(sheet, i)
        if after:
            yield Span(sheet.starts[i], _end(sheet, after - 1), "naam")
            sheet.claim(i, after, PERSON)
            i = after
        else:
            i += 1


def _candidate(sheet: Sheet, i: int) -> bool:
    """Whether a name can begin at word `i`: most words of a note are not worth a look."""
    if sheet.shapes[i] != LOWER:
        return True
    key = sheet.keys[i]
    lists = sheet.lists
    return len(key) < 4 or key in lists.first or key in lists["titles"] or key in lists["particles"]


def _end(sheet: Sheet, i: int) -> int:
    """Where the name ends: with the stop behind it, if it ends in an initial."""
    end = sheet.ends[i]
    return end + 1 if len(sheet.words[i]) == 1 and sheet.text.startswith(".", end) else end


def _joined(sheet: Sheet, i: int) -> bool:
    """Whether word `i` stands close enough behind the one before it to be one name with it."""
    return (
        0 < i < len(sheet)
        and not sheet.taken[i]
        and sheet.gaps[i] in {" ", "  ", "-", "'", " '", ".", ". ", ".-", "’", " ’", "\u00a0"}
    )


def _blank(sheet: Sheet, i: int) -> bool:
    return 0 < i < len(sheet) and not sheet.taken[i] and sheet.gaps[i] in {" ", "  ", "\u00a0", " '", " ’"}


def _particles(sheet: Sheet, i: int) -> int:
    """The word after the particles that begin at `i`."""
    particles = sheet.lists["particles"]
    j = i
    while j < len(sheet) and j - i < _PARTICLES_MOST and sheet.keys[j] in particles and (j == i or _joined(sheet, j)):
        j += 1
    return j


def _surname(sheet: Sheet, i: int, *, lower: bool) -> int:
    """The word after the last name that begins at `i` with or without particles; 0 if there is none."""
    j = _particles(sheet, i)
    if j >= len(sheet) or (j > i and not _joined(sheet, j)) or sheet.taken[j]:
        return 0
    if (
        j > i
        and sheet.keys[i] in _PREPOSITIONS
        and (j == i + 1 or _town(sheet, j) or sheet.lists.towns.length(sheet.keys, sheet.gaps, i + 1))
    ):
        # 'Piet uit Deventer', 'Piet in de Achterhoek' against 'Piet in 't Veld'
        return 0
    if sheet.places[j] == START:
        return 0
    kind = tier(sheet, j)
    if sheet.capital(j):
        if kind == NOTHING:
            return j + 1 if j > i and len(sheet.words[j]) == 1 else 0
        if kind == HARMLESS:
            return 0
        return j + 1
    if j > i and len(sheet.words[j]) == 1 and sheet.text.startswith(".", sheet.ends[j]):
        return j + 1
    fits = (
        kind in {LAST, FIRST}
        or (kind in {TRADE, SELDOM, EITHER} and (lower or j > i))
        or (kind == UNKNOWN and lower and j > i)
    )
    return j + 1 if fits else 0


def _more(sheet: Sheet, j: int, *, lower: bool) -> int:
    """Goes on from word `j` through further last names."""
    for _ in range(_PARTS_MOST):
        if not _blank(sheet, j):
            break
        after = _surname(sheet, j, lower=lower)
        if not after:
            break
        if after == j + 1 and not sheet.capital(j) and tier(sheet, j) not in {LAST, FIRST}:
            break
        j = after
    return j


def _titled(sheet: Sheet, i: int) -> int:
    """The word after a title and a name: mevrouw Jansen, dr. M. de Wit, opa Henk."""
    titles = sheet.lists["titles"]
    key = sheet.keys[i]
    if key not in titles or (key in _SHORT_TITLES and sheet.words[i].isupper()):
        return 0
    j = i + 1
    while j < len(sheet) and sheet.keys[j] in titles and _joined(sheet, j):
        j += 1
    if not _joined(sheet, j):
        return 0
    start = j
    while j < len(sheet) and _initial(sheet, j) and _joined(sheet, j):
        j += 1
    noun = sheet.keys[start - 1] in _NOUNS
    if j > start and not _joined(sheet, j):
        return j if not noun else 0
    after = _title_core(sheet, j, noun=noun)
    if not after:
        return j if j > start and not noun else 0
    return _more(sheet, after, lower=True)


def _title_core(sheet: Sheet, j: int, *, noun: bool) -> int:
    core = _particles(sheet, j)
    if core >= len(sheet) or (core > j and not _joined(sheet, core)):
        return 0
    kind = tier(sheet, core)
    if sheet.capital(core):
        bare = kind in {HARMLESS, WORD} and core == j
        if len(sheet.words[core]) == 1:
            return core + 1
        return (
            0
            if bare and (noun or sheet.keys[core] in sheet.lists["stops"] or sheet.shapes[core] != CAPITAL)
            else core + 1
        )
    if noun or sheet.shapes[core] != LOWER:
        return 0
    if sheet.keys[core] in sheet.lists.verbs or (core == j and sheet.keys[core] in sheet.lists["stops"]):
        return 0
    if len(sheet.words[core]) == 1:
        return core + 1 if sheet.text.startswith(".", sheet.ends[core]) else 0
    return core + 1 if kind in {FIRST, LAST, EITHER, TRADE, SELDOM, UNKNOWN} or (kind == RARE and core > j) else 0


def _initial(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is an initial: a letter, or Th, Chr, with a stop behind it."""
    word = sheet.words[i]
    if not word.isalpha() or not sheet.text.startswith(".", sheet.ends[i]):
        return False
    return len(word) == 1 or word in {"Th", "Chr", "Ch", "Ph", "Joh", "IJ", "Tj", "Fr", "Jac"}


def _initialled(sheet: Sheet, i: int) -> int:
    """The word after initials with a last name, or after initials that stand for a person by themselves."""
    if not _initial(sheet, i):
        return 0
    j = i + 1
    while j < len(sheet) and _initial(sheet, j) and _joined(sheet, j) and j - i < _PARTS_MOST:
        j += 1
    if _joined(sheet, j) and (sheet.words[i].isupper() or _before(sheet, i) or _particles(sheet, j) > j):
        after = _surname(sheet, j, lower=not sheet.words[i].isupper())
        if (
            after
            and sheet.keys[after - 1] not in sheet.lists["stops"]
            and (sheet.capital(after - 1) or after > j + 1 or _before(sheet, i))
        ):
            return _more(sheet, after, lower=False)
    return j if _lonely(sheet, i, j) else 0


def _before(sheet: Sheet, i: int) -> bool:
    """Whether the word before `i` announces a person."""
    if i == 0 or sheet.places[i] == START or not sheet.near(i - 1, i):
        return False
    key = sheet.keys[i - 1]
    lists = sheet.lists
    if key == "en" and i > 1 and len(sheet.words[i - 2]) == 1 and sheet.words[i - 2].isupper():
        return True
    return function(sheet, i - 1) or key in lists["named"] or key in lists["people_prepositions"] or key in _MEETINGS


def _lonely(sheet: Sheet, i: int, after: int) -> bool:
    """Whether initials by themselves are a person: 'J. huilde', 'gesproken met K.', 'gesprek m. v.d. b.'"""
    if "".join(sheet.keys[i:after]) in _SHORTENED:
        return False
    if _before(sheet, i):
        return True
    if not sheet.words[i].isupper() or after >= len(sheet) or sheet.gaps[after] != ". ":
        return False
    if sheet.words[i] in {"B", "A"} and after == i + 1 and sheet.places[i] == START and sheet.capital(after):
        return False
    return sheet.keys[after] in sheet.lists.verbs and not sheet.capital(after)


def _full(sheet: Sheet, i: int) -> int:
    """The word after a first name with a last name."""
    kind = tier(sheet, i)
    j = i + 1
    if kind in {NOTHING, HARMLESS} or not _blank(sheet, j):
        return 0
    if not sheet.capital(i):
        return _full_lower(sheet, i) if kind == FIRST else 0
    if kind not in {FIRST, EITHER, RARE, LAST, TRADE, SELDOM, UNKNOWN} or (
        kind in {WORD, TRADE, SELDOM} and sheet.places[i] == START
    ):
        return 0
    if sheet.keys[i] in sheet.lists["stops"] or sheet.keys[i] in sheet.lists["particles"]:
        return 0
    # 'Wim J. de Boer'
    while _blank(sheet, j) and _initial(sheet, j) and sheet.words[j].isupper() and j - i < _PARTS_MOST:
        j += 1
    after = _surname(sheet, j, lower=False) if _joined(sheet, j) else 0
    if not after or not sheet.capital(after - 1):
        return _full_lower(sheet, i) if kind == FIRST else 0
    if kind in {RARE, UNKNOWN, EITHER, TRADE, SELDOM} and after - j < 2 and not _second(sheet, i, after - 1):
        return 0
    return _more(sheet, after, lower=False)


def _second(sheet: Sheet, i: int, last: int) -> bool:
    """Whether a doubtful first word and a capital behind it are a person together."""
    kind = tier(sheet, last)
    if kind in {LAST, FIRST, TRADE, SELDOM, EITHER}:
        return True
    if kind == WORD:
        return False
    return tier(sheet, i) != RARE or sheet.places[i] != START


def _full_lower(sheet: Sheet, i: int) -> int:
    """The word after 'jan de vries', 'fatima el idrissi'."""
    j = _particles(sheet, i + 1)
    if not _blank(sheet, i + 1) or j >= len(sheet) or not _joined(sheet, j):
        return 0
    kind = tier(sheet, j)
    bare = j == i + 1
    if kind in {LAST, UNKNOWN} and (kind == LAST or j > i + 2):
        return j + 1
    if (
        kind == TRADE
        and not bare
        and sheet.keys[i + 1] not in {"op", "in", "aan", "bij", "uit", "tot", "onder", "voor", "te", "o", "het"}
    ):
        return j + 1
    return j + 1 if bare and kind == TRADE and sheet.keys[j] not in sheet.lists.common else 0


def _particled(sheet: Sheet, i: int) -> int:
    """The word after a last name with its particles: Van den Broek, El Amrani, appte met de vries."""
    particles = sheet.lists["particles"]
    if sheet.keys[i] not in particles or len(sheet.words[i]) < 2:
        return 0
    j = _particles(sheet, i)
    if j >= len(sheet) or j == i or not _joined(sheet, j) or sheet.places[j] == START:
        return 0
    kind = tier(sheet, j)
    doubled = (
        j - i > 1
        and sheet.keys[i] in {"van", "v", "op", "ter", "aan", "in", "uit", "von", "de", "el"}
        and sheet.keys[j - 1] in {"de", "den", "der", "het", "t", "la", "d", "ter"}
    )
    if not sheet.capital(j):
        return j + 1 if _lower_particled(sheet, i, j) else 0
    if kind in {NOTHING, HARMLESS}:
        return 0
    if sheet.capital(i) and sheet.places[i] != START:
        named = kind != WORD or doubled or sheet.keys[i] in _NOBILIARY - {"de", "den", "der"}
        return _more(sheet, j + 1, lower=False) if named or _before(sheet, i) else 0
    if sheet.keys[i] in {"el", "al", "ben", "bin", "ait", "ould", "ibn", "abu"}:
        return j + 1 if kind in {LAST, FIRST, UNKNOWN, TRADE, SELDOM} else 0
    if doubled and sheet.keys[i] in {"van", "von", "v"} and (sheet.capital(i) or kind in {LAST, TRADE, SELDOM}):
        return (
            j + 1 if kind in {LAST, TRADE, SELDOM, UNKNOWN, WORD, COMPOUND, RARE, EITHER} and not _town(sheet, j) else 0
        )
    if sheet.capital(i) and sheet.keys[i] in _NOBILIARY and (kind in {LAST, TRADE, SELDOM} or _town(sheet, j)):
        return j + 1 if _acts(sheet, j + 1) else 0
    return 0


def _town(sheet: Sheet, i: int) -> bool:
    return sheet.keys[i] in sheet.lists.towns.single


def _acts(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is what a person does, or says in brackets what somebody is."""
    if i < len(sheet) and sheet.gaps[i].strip() in {",", "("} and function(sheet, i):
        return True
    return i < len(sheet) and sheet.touching(i) and sheet.keys[i] in sheet.lists.verbs


def _lower_particled(sheet: Sheet, i: int, j: int) -> bool:
    key = " ".join(sheet.keys[i : j + 1])
    if (
        tier(sheet, j) == LAST
        and not _town(sheet, j)
        and i > 0
        and sheet.touching(i)
        and sheet.keys[i - 1] in _MEETINGS
    ):
        return True
    if key not in sheet.lists["full_last"]:
        return False
    if sheet.keys[j] in sheet.lists.common:
        return False
    return tier(sheet, j) in {LAST, TRADE, SELDOM} and (_before(sheet, i) or _acts(sheet, j + 1))
