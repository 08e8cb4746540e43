"""Single names: how a word is written, where it stands, and what stands around it, added up. Pure.

Dutch writes common nouns in lower case, so a capital in mid-sentence is nearly always a name; at the start of a
sentence it says nothing, and a tired coach leaves it out. What the lists say of the word (vault.guard.tiers) gives a
start, what stands around it (vault.guard.evidence) adds to that or takes away, and from `_ENOUGH` on it is a name.
"""

from collections.abc import Iterator

from vault.guard.evidence import BEFORE, BEHIND, SORTS, apposed, fragile, weigh
from vault.guard.find import Span
from vault.guard.sets import endings, words
from vault.guard.sheet import CAPITAL, CAPITALS, LOWER, MIDDLE, PERSON, SOFT, START, Sheet
from vault.guard.stands import stands
from vault.guard.tiers import (
    COMPOUND,
    EITHER,
    FIRST,
    FUNCTIONS,
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
    seldom,
    tier,
)
from vault.guard.words import Lists

_ENOUGH = 1.0
# What a word weighs by its tier: with a capital in the middle, after a colon or quote, at the start; in lower case.
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
_COLUMNS = {MIDDLE: 0, SOFT: 1, START: 2}
_NEVER = -9.0
_THING = -1.6
"""What the words before a word say that make it a thing."""
_ACTING = 2.0
"""What a verb says that only somebody can go with."""
_GRAMMAR = -0.2
"""A word of grammar at the start, such as Wil or Ben: only with a verb behind it."""
_DOUBTFUL = frozenset((EITHER, RARE, TRADE, SELDOM, UNKNOWN))
_NO_FIRST = frozenset((UNKNOWN, SELDOM, TRADE, RARE, LAST))
_OWNED = ("'s",)
_RULES = endings("wet akkoord regeling besluit verdrag richtlijn fonds plan")
_LAW = 7
"""Letters that a law has more than."""
_CRAFTS = words("beroep vak ambacht beroepen")
_AND = words("en of and or & en/of")


def find(sheet: Sheet) -> Iterator[Span]:
    """Words that are a person's name by themselves."""
    certain = _certain(sheet)
    for i in sorted(certain):
        if sheet.taken[i]:
            continue
        after = i + 1
        while _goes_on(sheet, after, certain):
            after += 1
        sheet.claim(i, after, PERSON)
        yield Span(sheet.starts[i], sheet.ends[after - 1], "naam")


def _certain(sheet: Sheet) -> set[int]:
    """The words that are names, by themselves or in the company of others."""
    certain: set[int] = set()
    waiting: dict[int, float] = {}
    enclosed: list[int] = []
    for i in _candidates(sheet):
        if sheet.taken[i]:
            continue
        kind = tier(sheet, i)
        if kind == NOTHING:
            continue
        weight = _weigh(sheet, i, kind)
        if weight >= _ENOUGH:
            certain.add(i)
        elif weight > _ENOUGH - 3.2 and kind in _DOUBTFUL and sheet.shapes[i] != CAPITALS:
            waiting[i] = weight
        elif kind in {WORD, COMPOUND} and sheet.shapes[i] == CAPITAL and sheet.places[i] != SOFT:
            enclosed.append(i)
    for i in enclosed + enclosed[::-1]:
        # There and back: each that is found makes its neighbours likelier.
        if i not in certain and (_between(sheet, i, certain) or _beside(sheet, i, certain)):
            certain.add(i)
    return certain | {i for i, weight in waiting.items() if weight + _company(sheet, i, certain, waiting) >= _ENOUGH}


def _goes_on(sheet: Sheet, j: int, certain: set[int]) -> bool:
    """Whether the capital at `j` belongs to the name right before it: 'premier Han Seung-woo'."""
    if j >= sheet.size or sheet.taken[j] or not sheet.touching(j) or sheet.shapes[j] != CAPITAL or j in certain:
        return False
    return function(sheet, j - 2) and tier(sheet, j) == WORD and "-" in sheet.keys[j] if j > 1 else False


def _candidates(sheet: Sheet) -> list[int]:
    """The words that are worth a look: most words of a note are not."""
    lists = sheet.lists
    owned = [i for i in sheet.ending(_OWNED) if _listed(lists, sheet.keys[i][:-2])]
    functions = sheet.where(lists["roles"]) + sheet.ending(FUNCTIONS, 7)
    introduced = [i + 1 for i in functions if i + 1 < sheet.size]
    # 'noemt hem dikkie', 'hoop is haar achternaam'
    called = [i + 2 for i in sheet.where(lists["named"]) if i + 2 < sheet.size]
    called += [i - 3 for i in sheet.where(SORTS) if i > 2]
    return sorted({*sheet.raised, *sheet.where(lists.first, lists.last), *owned, *introduced, *called})


def _listed(lists: Lists, key: str) -> bool:
    return key in lists.first or key in lists.last


def _weigh(sheet: Sheet, i: int, kind: str) -> float:
    place = sheet.places[i]
    weight = _written(sheet, i, kind)
    if sheet.keys[i] == "frans" and sheet.around(i, sheet.lists["languages"], 5):
        return _NEVER
    inside = place == MIDDLE or sheet.shapes[i] == LOWER
    before = 0.0
    if inside and i > 0 and place != START:
        before = weigh(BEFORE, sheet, i, kind)
    elif place == SOFT:
        before = apposed(sheet, i) or 0.0
    weight += before
    behind = weigh(BEHIND, sheet, i, kind)
    if _anything(sheet, i, kind, before):
        behind = min(behind, 0.0)
    if kind == UNKNOWN and (place != MIDDLE or sheet.shapes[i] == LOWER):
        weight += _looks(sheet, i, behind)
    if kind == WORD and place == MIDDLE and sheet.shapes[i] == CAPITAL:
        weight += stands(sheet, i)
    return weight + behind - _against(sheet, i, kind)


def _looks(sheet: Sheet, i: int, behind: float) -> float:
    """What the spelling of the unknown word `i` adds, where the words behind it say `behind`."""
    likeness = sheet.lists.likeness(sheet.keys[i]) / 4
    if sheet.shapes[i] != LOWER and old_spelling(sheet.keys[i]):
        return max(0.4, min(1.2, likeness))
    # Last names are less like first names than the verb behind them says.
    least = -1.5 if behind < _ACTING or sheet.shapes[i] == LOWER else -0.6
    return max(least, min(1.0, likeness))


def _against(sheet: Sheet, i: int, kind: str) -> float:
    """What is taken away from what looks like a name but is a law, a trade or a title."""
    if kind in {COMPOUND, UNKNOWN, LAST} and len(sheet.keys[i]) > _LAW and sheet.keys[i].endswith(_RULES):
        return 3.0
    place = sheet.places[i]
    if kind in {TRADE, SELDOM} and place == START and sheet.around(i, _CRAFTS):
        # 'Smit was het beroep van zijn hele familie'
        return 3.0 if i + 1 < sheet.size and sheet.keys[i + 1] in {"is", "was", "werd", "blijft"} else 0.0
    return 2.0 if place == MIDDLE and kind in {TRADE, SELDOM, RARE, EITHER} and _titled(sheet, i, kind) else 0.0


def _anything(sheet: Sheet, i: int, kind: str, before: float) -> bool:
    """Whether word `i` is a thing that may do what only people do: 'De Boeing landde', 'het team Reggeborgh is'."""
    if kind == UNKNOWN and sheet.shapes[i] == CAPITALS:
        return True
    if before <= _THING and kind in {UNKNOWN, COMPOUND, LAST}:
        return True
    if sheet.places[i] != MIDDLE or not sheet.touching(i) or sheet.keys[i - 1] not in sheet.lists["determiners"]:
        return False
    return kind in _NO_FIRST or (kind == EITHER and sheet.keys[i - 1] in {"de", "het"})


def _written(sheet: Sheet, i: int, kind: str) -> float:
    """What word `i` weighs by how it is written and where it stands."""
    key, shape, place = sheet.keys[i], sheet.shapes[i], sheet.places[i]
    lists = sheet.lists
    grammar = kind in {EITHER, FIRST} and key in lists["grammar"]
    if shape == LOWER:
        if grammar:
            return _NEVER
        # Any three letters are somebody's name somewhere.
        short = len(key) < 4 and kind in {FIRST, LAST} and key not in lists.sure
        return _WEIGHTS[kind][3] - (2.0 if short else 0.0)
    if grammar and place != MIDDLE:
        return _GRAMMAR if shape != CAPITALS else _NEVER
    weight = _WEIGHTS[kind][_COLUMNS[place]]
    if place != MIDDLE and key in lists["fragile"]:
        weight -= fragile(sheet, i)
    if shape == CAPITALS:
        weight -= 1.0 if kind in {FIRST, LAST} else 2.5
    return weight


def _titled(sheet: Sheet, i: int, kind: str) -> bool:
    """Whether word `i` stands among other capitals, as in a title: 'Gewoon Goed Genoeg', 'een Range Rover'."""
    if kind == EITHER and (i < 2 or sheet.keys[i - 2] not in sheet.lists["determiners"]):
        return False
    for k, gap in ((i - 1, i), (i + 1, i + 1)):
        if 0 <= k < sheet.size and sheet.touching(gap) and sheet.shapes[k] == CAPITAL and sheet.places[k] == MIDDLE:
            particle = sheet.keys[k] in sheet.lists["particles"] or function(sheet, k)
            unknown = tier(sheet, k) == UNKNOWN and k < i and sheet.keys[k - 1] in sheet.lists["determiners"]
            if (tier(sheet, k) == WORD and not particle) or unknown:
                return True
    return False


def _between(sheet: Sheet, i: int, certain: set[int]) -> bool:
    """Whether word `i` stands in a row of names: 'Frapporti, Bak, Matzka', or opens one: 'Roest, Bosker en'."""
    if sheet.places[i] == START:
        behind = i + 1 in certain and sheet.gaps[i + 1] == ", "
        last = i + 3 if sheet.keys[min(i + 2, sheet.size - 1)] == "en" else i + 2
        return behind and last in certain
    for k in (i - 1, i + 1):
        if not 0 <= k < sheet.size or not (k in certain or sheet.taken[k] == PERSON):
            return False
        if sheet.gaps[max(k, i)].strip() != ",":
            return False
    return True


def _beside(sheet: Sheet, i: int, certain: set[int]) -> bool:
    """Whether a word that is not usual stands in a row with a name: 'Naber en Trommel', 'Schelvis, Goudsmit, Vlam'."""
    lists = sheet.lists
    if sheet.keys[i] in lists.common or function(sheet, i) or not (seldom(sheet, i) or sheet.places[i] == MIDDLE):
        return False
    for step in (-1, 1):
        k = i + step
        if not 0 <= k < sheet.size:
            continue
        joined = sheet.gaps[max(i, k)] == ", "
        if not joined and sheet.keys[k] in {"en", "of"} and sheet.touching(max(i, k)):
            joined, k = sheet.touching(max(k, k + step)) if k + step < sheet.size else False, k + step
        if joined and 0 <= k < sheet.size and (k in certain or sheet.taken[k] == PERSON) and _alone(sheet, i, step):
            return True
    return False


def _alone(sheet: Sheet, i: int, step: int) -> bool:
    """Whether no other capital is tied to word `i` on the side away from its neighbour: 'Sanne en Gouden Bergen'."""
    other = i - step
    if not 0 <= other < sheet.size or not sheet.touching(max(i, other)):
        return True
    return sheet.shapes[other] == LOWER


def _company(sheet: Sheet, i: int, certain: set[int], waiting: dict[int, float]) -> float:
    """What a name beside 'en' or a comma says: 'Daan en Puk', and 'roos en mark' who both may be words."""
    for k, step in ((i - 1, -1), (i + 1, 1)):
        if not 0 <= k < sheet.size:
            continue
        gap = sheet.gaps[max(k, i)].strip()
        other = k + step
        if gap in {",", "&", "/", "+"}:
            if k in certain or sheet.taken[k] == PERSON:
                return 3.2 if other in certain and sheet.gaps[max(other, k)].strip() == "," else 2.0
        elif sheet.keys[k] in _AND and not gap and 0 <= other < sheet.size:
            if other in certain or sheet.taken[other] == PERSON:
                return 3.2 if step == 1 and tier(sheet, i) in {UNKNOWN, SELDOM} else 2.0
            if other in waiting and tier(sheet, other) == EITHER and tier(sheet, i) == EITHER:
                return 2.0
    return 0.0
