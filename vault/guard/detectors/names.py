"""Single names: how a word is written, where it stands, and what stands around it, added up. Pure.

Dutch writes common nouns in lower case, so a capital in mid-sentence is nearly always a name; at the start of a sentence
it says nothing, and a tired coach leaves it out. What the lists say of the word (vault.guard.tiers) gives a start, what
stands around it adds to that or takes away, and from `_ENOUGH` on it is taken for a name.
"""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import CAPITALS, LOWER, MIDDLE, PERSON, SOFT, START, Sheet
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
    farmed,
    function,
    tier,
)

_ENOUGH = 1.0
# What a word weighs by its tier, for a capital in the middle, after a colon or quote, at the start, and in lower case.
_WEIGHTS = {
    FIRST: (4.0, 3.0, 3.0, 2.0),
    EITHER: (2.5, 0.0, 0.0, -1.0),
    RARE: (1.5, -1.5, -2.0, -3.0),
    LAST: (3.0, 1.2, 1.2, 1.0),
    TRADE: (1.5, -2.0, -2.0, -3.0),
    SELDOM: (2.0, -1.0, -1.2, -2.5),
    UNKNOWN: (2.0, 0.0, -0.6, -2.8),
    COMPOUND: (1.2, -2.0, -3.0, -5.0),
    WORD: (0.0, -3.0, -4.0, -6.0),
    HARMLESS: (-4.0, -5.0, -6.0, -7.0),
}
# What is taken away behind an article, a possessive, and a word for a method.
_ARTICLE = {
    FIRST: 1.0,
    EITHER: 3.0,
    RARE: 3.0,
    LAST: 1.2,
    TRADE: 3.0,
    SELDOM: 3.0,
    UNKNOWN: 1.6,
    COMPOUND: 3.0,
    WORD: 3.0,
    HARMLESS: 3.0,
}
_POSSESSIVE = {
    FIRST: 0.5,
    EITHER: 1.2,
    RARE: 2.0,
    LAST: 0.5,
    TRADE: 2.0,
    SELDOM: 2.0,
    UNKNOWN: 1.2,
    COMPOUND: 3.0,
    WORD: 3.0,
    HARMLESS: 3.0,
}
_METHOD = {
    FIRST: 0.5,
    EITHER: 2.5,
    RARE: 2.5,
    LAST: 1.0,
    TRADE: 2.5,
    SELDOM: 2.5,
    UNKNOWN: 2.0,
    COMPOUND: 3.0,
    WORD: 3.0,
    HARMLESS: 3.0,
}
_NEVER = -9.0
_GRAMMAR = -0.2
_DOUBTFUL = frozenset((EITHER, RARE, TRADE, SELDOM, UNKNOWN))
_OBJECTS = words("haar hem me mij zich ze hij zij mn mijn zijn ik je jou ons hen")
_SUBJECTS = words("hij ik we wij jij jullie")
_AND = words("en of and or & en/of")


def find(sheet: Sheet) -> Iterator[Span]:
    """Words that are a person's name by themselves."""
    certain: set[int] = set()
    waiting: list[tuple[int, str, float]] = []
    for i in range(len(sheet)):
        if sheet.taken[i] or not _candidate(sheet, i):
            continue
        kind = tier(sheet, i)
        if kind == NOTHING:
            continue
        weight = _weigh(sheet, i, kind)
        if weight >= _ENOUGH:
            certain.add(i)
        elif weight > _ENOUGH - 2.5 and kind in _DOUBTFUL:
            waiting.append((i, kind, weight))
    for i, _, weight in waiting:
        if weight + _company(sheet, i, certain) >= _ENOUGH:
            certain.add(i)
    for i in sorted(certain):
        sheet.taken[i] = PERSON
        yield Span(sheet.starts[i], sheet.ends[i], "naam")


def _candidate(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is worth a look: most words of a note are not."""
    if sheet.shapes[i] != LOWER:
        return True
    key = sheet.keys[i]
    lists = sheet.lists
    key = key.removesuffix("'s")
    return key in lists.first or key in lists.last or (i > 0 and function(sheet, i - 1))


def _weigh(sheet: Sheet, i: int, kind: str) -> float:
    shape = sheet.shapes[i]
    place = sheet.places[i]
    weights = _WEIGHTS[kind]
    grammar = kind in {EITHER, FIRST} and sheet.keys[i] in sheet.lists["grammar"]
    if shape == LOWER:
        # 'wil', 'ben', 'elke' hold too many sentences together.
        weight = weights[3] if not grammar else _NEVER
        if len(sheet.keys[i]) < 4 and kind in {FIRST, LAST} and sheet.keys[i] not in sheet.lists.sure:
            # Any three letters are somebody's name somewhere.
            weight -= 2.0
    elif grammar and place != MIDDLE:
        weight = _GRAMMAR
    else:
        weight = weights[{MIDDLE: 0, SOFT: 1, START: 2}[place]]
        if place != MIDDLE and sheet.keys[i] in sheet.lists["fragile"]:
            weight -= _fragile(sheet, i)
        if shape == CAPITALS:
            weight -= 1.0 if kind in {FIRST, LAST} else 2.5
    if kind == UNKNOWN and (place != MIDDLE or shape == LOWER):
        weight += max(-1.5, min(1.0, sheet.lists.likeness(sheet.keys[i]) / 4))
    if place == MIDDLE or shape == LOWER:
        weight += _before(sheet, i, kind)
    elif i > 0 and place == SOFT:
        weight += _apposed(sheet, i)
    behind = _behind(sheet, i, kind)
    if (
        place == MIDDLE
        and kind in {UNKNOWN, SELDOM, TRADE, RARE}
        and sheet.touching(i)
        and sheet.keys[i - 1] in sheet.lists["determiners"]
    ):
        # 'De Boeing landde'
        behind = min(behind, 0.5)
    return weight + behind


def _fragile(sheet: Sheet, i: int) -> float:
    """How much less a name at the start says that may be a word there: 'Fleur op', 'Rob ik mezelf', 'Iris van het oog'."""
    j = i + 1
    if j >= len(sheet) or not sheet.touching(j):
        return 0.0
    key = sheet.keys[j]
    if key in {"op", "ik", "je", "jezelf", "jij", "lag", "die", "dat"} or key in sheet.lists["determiners"]:
        return 3.0
    further = sheet.keys[j + 1] if j + 1 < len(sheet) else ""
    return 3.0 if key == "van" and further in sheet.lists["determiners"] else 0.0


def _before(sheet: Sheet, i: int, kind: str) -> float:
    """What the word before `i` says."""
    if i == 0 or sheet.places[i] == START:
        return 0.0
    lists = sheet.lists
    key = sheet.keys[i - 1]
    if not sheet.touching(i):
        return _apposed(sheet, i)
    if function(sheet, i - 1):
        return 1.5 if kind == HARMLESS or (kind == WORD and sheet.shapes[i] != LOWER) else 3.0
    if (
        key in {"is", "was", "luidt", "luidde"}
        and i > 1
        and sheet.keys[i - 2].endswith("naam")
        and sheet.shapes[i] != LOWER
    ):
        return 4.0
    if key in lists["named"] or (i > 1 and key in _OBJECTS and sheet.keys[i - 2] in lists["named"]):
        return 3.0
    if sheet.shapes[i] != LOWER and key in {"volgens", "aldus", "namens"}:
        return 1.2
    if key in lists["method_words"]:
        return -_METHOD[kind]
    if key in lists["possessives"]:
        return -_POSSESSIVE[kind]
    if key in lists["determiners"]:
        return -_ARTICLE[kind]
    if kind in {EITHER, FIRST} and sheet.shapes[i] == LOWER and key in lists["personal"]:
        return 2.0
    if sheet.shapes[i] == LOWER and kind == EITHER:
        if (
            key in {"heeft", "had", "heb", "hebben", "is", "was", "ga", "gaat", "moet", "wil"}
            and _next(sheet, i) in lists["personal"]
        ):
            return 2.0
        if key in {"met", "volgens", "namens", "tegen", "with"}:
            return 2.0
        if key in lists["people_prepositions"] or key in {"dat", "of", "als", "toen", "omdat"}:
            return 1.0
    return 0.0


def _next(sheet: Sheet, i: int) -> str:
    return sheet.keys[i + 1] if i + 1 < len(sheet) and sheet.touching(i + 1) else ""


def _apposed(sheet: Sheet, i: int) -> float:
    """What a word of kinship before a comma or a bracket says: 'zijn ex, Nathalie', 'moeder (Antonius)'."""
    gap = sheet.gaps[i].strip()
    if gap in {",", "(", ":", "-", "–"} and i > 0 and function(sheet, i - 1):
        return 2.0
    return 0.0


def _behind(sheet: Sheet, i: int, kind: str) -> float:
    """What the words behind `i` say."""
    j = i + 1
    if j >= len(sheet) or kind in {HARMLESS}:
        return 0.0
    lists = sheet.lists
    key = sheet.keys[j]
    gap = sheet.gaps[j].strip()
    if gap[:1] == ":" and len(gap) > 1 and gap[-1] in "\"“‘'„«":
        # Smit: "Wij hebben niets te verbergen."
        return 3.0 if kind != WORD else 0.0
    if gap in {",", "(", "-", "–"}:
        return _described(sheet, j)
    if not sheet.touching(j) or sheet.capital(j):
        return 0.0
    if key in lists.verbs and _next(sheet, j) in _SUBJECTS:
        # 'Bink wilde hij zijn': somebody else does it.
        return 0.0
    if kind in {WORD, COMPOUND} and sheet.places[i] == START:
        sure = key in lists["speech"] and key not in lists["weak_verbs"]
        return 5.0 if sure and sheet.capital(i) and farmed(sheet, i) else 0.0
    if key in lists["speech"] and kind != WORD:
        return _verb(sheet, j, kind)
    if key in {"noemen", "noemden"}:
        return 2.0
    if key in lists["personal"] and key.endswith("en") and kind in {EITHER, FIRST} and sheet.places[i] == START:
        return 2.2
    if key in lists.verbs and kind == SELDOM:
        return 2.2
    if key in lists.verbs and kind in {FIRST, LAST, EITHER, UNKNOWN}:
        return 1.2
    if key in lists["possessives"] and key in {"haar", "zijn", "zn"} and kind in {EITHER, TRADE, SELDOM}:
        return 0.5
    return 0.0


def _verb(sheet: Sheet, j: int, kind: str) -> float:
    """What a verb at `j` says: 'Roos vindt' is a person, 'Storm is een beeld' is not."""
    lists = sheet.lists
    weak = sheet.keys[j] in lists["weak_verbs"]
    if kind == TRADE:
        return 1.0 if weak else 3.0
    if kind == SELDOM:
        return 1.6 if weak else 3.0
    if kind == UNKNOWN:
        return 1.0 if weak else 1.8
    if kind == RARE:
        return 0.5 if weak else 2.0
    if not weak:
        return 2.2
    further = sheet.keys[j + 1] if j + 1 < len(sheet) and sheet.touching(j + 1) else ""
    if further in {"not", "no"}:
        return 0.2
    if further in lists["determiners"] and sheet.keys[j] in {"is", "was", "wordt", "werd", "blijft", "lijkt"}:
        return 0.2
    return 1.2


def _described(sheet: Sheet, j: int) -> float:
    """What an apposition says: 'Vos, mijn manager', 'Lente (de oudste)'."""
    lists = sheet.lists
    for k in range(j, min(j + 3, len(sheet))):
        if k > j and not sheet.touching(k):
            break
        key = sheet.keys[k]
        if function(sheet, k):
            return 2.0
        if key not in lists["possessives"] and key not in lists["determiners"]:
            break
    return 0.0


def _company(sheet: Sheet, i: int, certain: set[int]) -> float:
    """What a name beside 'en' or a comma says: 'Daan en Puk'."""
    for k, step in ((i - 1, -1), (i + 1, 1)):
        if not 0 <= k < len(sheet):
            continue
        gap = sheet.gaps[max(k, i)]
        other = k + step
        if gap.strip() in {",", "&", "/", "+"} and (k in certain or _named(sheet, k)):
            return 2.0
        if (
            sheet.keys[k] in _AND
            and gap == " "
            and 0 <= other < len(sheet)
            and (other in certain or _named(sheet, other))
        ):
            return 2.0
    return 0.0


def _named(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is part of a name that was found before."""
    return sheet.taken[i] == PERSON
