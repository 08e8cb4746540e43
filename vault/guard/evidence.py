"""What the words around a word say of whether it is a person's name. Pure.

Each rule looks at one thing and gives a weight, or None if it has nothing to say; the first that speaks is heard.
"""

import re
from collections.abc import Callable

from vault.guard.sets import endings, words
from vault.guard.sheet import CAPITALS, LOWER, START, Sheet
from vault.guard.stands import opens
from vault.guard.tiers import (
    COMPOUND,
    EITHER,
    FIRST,
    HARMLESS,
    LAST,
    RARE,
    SELDOM,
    TRADE,
    UNKNOWN,
    WORD,
    farmed,
    function,
    old_spelling,
    seldom,
)

Rule = Callable[[Sheet, int, str], float | None]

# What is taken away behind an article, a possessive, and a word for a method.
_USUAL = {EITHER: 3.0, RARE: 3.0, TRADE: 3.0, SELDOM: 3.0, COMPOUND: 3.0, WORD: 3.0, HARMLESS: 3.0}
_NOBODY = 5.0
_ARTICLE = _USUAL | {FIRST: 1.0, LAST: 2.2, UNKNOWN: 1.6}
_POSSESSIVE = _USUAL | {FIRST: 0.5, LAST: 0.5, UNKNOWN: 1.2, EITHER: 1.2, RARE: 2.0, TRADE: 2.0, SELDOM: 2.0}
_METHOD = _USUAL | {FIRST: 0.5, LAST: 1.0, UNKNOWN: 2.0, EITHER: 2.5, RARE: 2.5, TRADE: 2.5, SELDOM: 2.5}

# What a verb behind a word adds: one that only persons do, one that things do as well, any other.
_PAST = endings("de te")
_STRONG = {TRADE: 3.0, SELDOM: 3.0, UNKNOWN: 2.4, RARE: 2.0}
_WEAK = {TRADE: 1.0, SELDOM: 1.6, UNKNOWN: 1.6, RARE: 0.5}
_ANY = {SELDOM: 2.2, FIRST: 1.2, LAST: 1.2, EITHER: 1.2, UNKNOWN: 2.2}
_THINGS = endings(
    "ing ings heid heden tie ties ment ments isme iteit schap sel sels logie iek jes tje pje ness ship cal en ers ance "
    "ence age ages apparaat app tool"
)
"""How unknown words end that are things rather than people."""
_ADJECTIVES = words(
    "ander andere eigen nieuwe oude grote kleine eerste tweede derde laatste volgende vorige hele halve echte goede"
)
"""What stands among the determiners and does not keep a name from following."""

_OBJECTS = words("haar hem me mij zich ze hij zij mn mijn zijn ik je jou ons hen")
_SUBJECTS = words("hij ik we wij jij jullie")
_AUXILIARIES = words("heeft had heb hebben hadden is was ga gaat moet wil zal ging kan mag wilde zou")
_PARTICIPLE = endings("ge be ver ont her er mis")
_CLAUSES = words("dat of toen omdat terwijl hoewel totdat zodat nadat voordat als")
_PERSONAL_PREPOSITIONS = words("met volgens namens tegen with")
_COPULAS = words("is was wordt werd blijft lijkt")
_STATES = words("op ik je jezelf jij lag die dat")
_PERSONAL = endings("er aar man mans ers s mit eester")
_UNSAID = re.compile(r"[^aeiouy]{4}|[aeiouy]{3}|^[^aeiouy]+$")
SORTS = words("achternaam voornaam roepnaam bijnaam koosnaam meisjesnaam doopnaam familienaam")
_NICKNAMES = words("bijnaam bijnamen koosnaam")
_TIMES = words(
    "dag week maand jaar keer uur ochtend middag avond nacht zomer winter minuut seizoen moment tijd eeuw weekend "
    "ander andere zelf niet toen nu nog ook wel weer al maar dan daar hier er zo"
)
_BANDS = endings("team ploeg club kring concern orkest ensemble fonds festival magazine merk keten")
_PARTS_OF_VERBS = endings("en de te")
_LAWS = words("wet stelling schaal syndroom ziekte theorie principe paradox effect proef graad piramide kwadrant")
_QUOTES = "\"“‘'„«"


def key_at(sheet: Sheet, i: int) -> str:
    """The word `i` as lists have it, if it stands right behind the one before it; empty if not."""
    return sheet.keys[i] if 0 < i < sheet.size and sheet.touching(i) else ""


def weigh(rules: tuple[Rule, ...], sheet: Sheet, i: int, kind: str) -> float:
    """What the first of `rules` that has something to say gives."""
    for rule in rules:
        found = rule(sheet, i, kind)
        if found is not None:
            return found
    return 0.0


# -- before ---------------------------------------------------------------------------------------------------------


def apposed(sheet: Sheet, i: int, _kind: str = "") -> float | None:
    """'zijn ex, Nathalie', 'moeder (Antonius)', 'manager: Sanne'."""
    if i == 0 or sheet.touching(i) or sheet.places[i] == START:
        return None
    introduced = sheet.gaps[i].strip() in {",", "(", ":", "-", "–"} and function(sheet, i - 1)
    return 2.0 if introduced else 0.0


def _introduced(sheet: Sheet, i: int, kind: str) -> float | None:
    """'collega Sanne', 'oud-minister Zalm'."""
    if not function(sheet, i - 1):
        return None
    if kind == UNKNOWN and sheet.shapes[i] == CAPITALS and not _voiced(sheet.keys[i]):
        # 'toezichthouder FDA'
        return 0.0
    return 1.5 if kind == HARMLESS or (kind == WORD and sheet.shapes[i] != LOWER) else 3.0


def _voiced(key: str) -> bool:
    """Whether a word in capitals can be said as a name rather than letter by letter."""
    return len(key) > 3 and not _UNSAID.search(key)


def titled(sheet: Sheet, i: int) -> bool:
    """Whether word `i` begins what a thing is called: 'het boek heet De Kracht'."""
    return i > 1 and sheet.keys[i - 1] in sheet.lists["named"] and sheet.keys[i - 2] in sheet.lists["method_words"]


def _called(sheet: Sheet, i: int, kind: str) -> float | None:
    """'heet Joy', 'noemt hem Beer', 'haar bijnaam is Muis'."""
    named = sheet.lists["named"]
    if titled(sheet, i):
        return -_NOBODY
    key, further = sheet.keys[i - 1], sheet.keys[i - 2] if i > 1 else ""
    if key in {"is", "was", "luidt", "luidde"} and further.endswith("naam") and sheet.shapes[i] != LOWER:
        return 4.0
    if key in {"de", "het"} and further in {"is", "was"} and sheet.around(i, _NICKNAMES):
        # 'zijn bijnaam was de Lange'
        return 4.0
    if key in _OBJECTS and further in named and kind == UNKNOWN and sheet.shapes[i] == LOWER:
        # 'iedereen noemt hem dikkie'
        return 5.5
    return 3.0 if key in named or (key in _OBJECTS and further in named) else None


def _quoted(sheet: Sheet, i: int, _kind: str) -> float | None:
    """'volgens Hulshof', 'aldus Spijkerman'."""
    return 1.2 if sheet.shapes[i] != LOWER and sheet.keys[i - 1] in {"volgens", "aldus", "namens"} else None


def _governed(sheet: Sheet, i: int, kind: str) -> float | None:
    """'het model Rogers', 'mijn Criticus', 'de Roos'."""
    key = sheet.keys[i - 1]
    lists = sheet.lists
    if key in lists["method_words"]:
        return -_METHOD[kind]
    if key == "van" and i > 1 and sheet.keys[i - 2] in _LAWS and kind != FIRST:
        # 'de wet van Archimedes', 'de ziekte van Crohn'
        return -3.0
    if key in lists["possessives"]:
        return -_POSSESSIVE[kind]
    if key not in lists["determiners"]:
        return None
    if sheet.keys[i] in lists["peoples"] or sheet.keys[i] in lists["innocent"]:
        # 'een Noor'
        return -_NOBODY
    if key not in _ADJECTIVES or kind in _USUAL.keys() - {EITHER}:
        return -_ARTICLE[kind]
    return -1.0 if kind == EITHER else -0.6


def _object(sheet: Sheet, i: int, kind: str) -> float | None:
    """In lower case, where a thing would have an article: 'belde roos', 'met mark', 'heeft storm verlaten'."""
    if sheet.shapes[i] != LOWER or kind not in {EITHER, FIRST}:
        return None
    key = sheet.keys[i - 1]
    lists = sheet.lists
    if key in lists["personal"]:
        return 2.0
    if kind == FIRST:
        return 0.0
    if key in lists["people_prepositions"] or (key in _CLAUSES and key != "als"):
        return 1.0 if sheet.keys[i] in lists["mass"] and key not in _PERSONAL_PREPOSITIONS else 2.0
    behind = key_at(sheet, i + 1)
    if key in _AUXILIARIES and (behind in lists["personal"] or _participle(sheet, i + 1, behind)):
        return 2.0
    return 1.0 if key in _CLAUSES else 0.0


def _participle(sheet: Sheet, i: int, key: str) -> bool:
    return key.startswith(_PARTICIPLE) and key.endswith(("d", "t", "en")) and len(key) > 5 and sheet.known(i)


def _labelled(sheet: Sheet, i: int, kind: str) -> float | None:
    """'de heemkundekring Weerderheem', 'het album Goldband': a thing, by what it is."""
    if sheet.keys[i - 1].endswith(_BANDS) and sheet.shapes[i] != LOWER and kind in {UNKNOWN, COMPOUND, LAST}:
        return -2.5
    if kind not in {UNKNOWN, COMPOUND} or sheet.shapes[i] == LOWER or i < 2 or not sheet.touching(i - 1):
        return None
    key, before = sheet.keys[i - 1], sheet.keys[i - 2]
    lists = sheet.lists
    led = before in lists["determiners"] or before in lists["possessives"] or before.endswith(("e", "se"))
    if not led or sheet.shapes[i - 1] != LOWER or key in lists.verbs or key in lists["stops"] or key in _TIMES:
        return None
    return -1.6 if sheet.known(i - 1) and not key.endswith(_PARTS_OF_VERBS) else None


BEFORE: tuple[Rule, ...] = (apposed, _introduced, _called, _quoted, _governed, _labelled, _object)
"""Rules for the words before a word."""


# -- behind ---------------------------------------------------------------------------------------------------------


def _silent(sheet: Sheet, i: int, kind: str) -> float | None:
    return 0.0 if i + 1 >= sheet.size or kind == HARMLESS else None


def _speaker(sheet: Sheet, i: int, kind: str) -> float | None:
    """A colon and a quote, as in interviews."""
    gap = sheet.gaps[i + 1].strip()
    if gap == ":" and kind == EITHER and sheet.places[i] == START and sheet.shapes[i + 1] == LOWER:
        # The name as a heading of what was said.
        return 1.0 if sheet.keys[i] not in sheet.lists["mass"] else 0.0
    if gap[:1] == ":" and len(gap) > 1 and gap[-1] in _QUOTES:
        if kind == COMPOUND and farmed(sheet, i):
            return 5.0
        return 3.0 if kind != WORD else 0.0
    return None


def _described(sheet: Sheet, i: int, kind: str) -> float | None:
    """'Vos, mijn manager', 'Lente (de oudste)', 'Pip, 11,', 'Wende en haar vriendin'."""
    j = i + 1
    gap = sheet.gaps[j].strip()
    if gap in {",", "(", "-", "–"} and sheet.shapes[i] != CAPITALS:
        if (
            sheet.words[j].isdigit()
            and len(sheet.words[j]) < 3
            and sheet.text[sheet.ends[j] : sheet.ends[j] + 1] in {",", ")"}
        ):
            return 2.0
        if gap == "(" and _belongs(sheet, j):
            return 2.4
        if gap == "," and kind == UNKNOWN and sheet.keys[j] == "die" and old_spelling(sheet.keys[i]):
            return 1.6
        if gap == "," and kind in {UNKNOWN, COMPOUND} and _thing_by_name(sheet, j):
            return -1.6
        return 2.0 if _who(sheet, j) else 0.0
    if sheet.keys[j] == "en" and sheet.touching(j) and key_at(sheet, j + 1) in sheet.lists["possessives"]:
        return 2.0 if _who(sheet, j + 1) else 0.0
    return 0.0 if not sheet.touching(j) or sheet.capital(j) else None


def _thing_by_name(sheet: Sheet, j: int) -> bool:
    """'Schaduwkind, een requiem': whether what stands behind the comma says that it is a thing."""
    noun = key_at(sheet, j + 1)
    if sheet.keys[j] != "een" or not noun or noun.endswith(("e", "s")) or sheet.shapes[j + 1] != LOWER:
        return False
    return sheet.known(j + 1) and not any(function(sheet, k) for k in range(j + 1, min(j + 4, sheet.size)))


def _belongs(sheet: Sheet, j: int) -> bool:
    """Whether what stands in brackets from word `j` on is a club or a party, or a former one: '(N-VA)', '(ex-Genk)'."""
    key = sheet.keys[j]
    lists = sheet.lists
    if key.startswith(("ex-", "oud-")):
        return True
    length = lists.employers.length(sheet.keys, sheet.gaps, j) or int(key in lists.employers.single)
    return length > 0 and sheet.text.startswith(")", sheet.ends[j + length - 1])


def _who(sheet: Sheet, j: int) -> bool:
    """Whether the words from `j` on say what somebody is."""
    lists = sheet.lists
    for k in range(j, min(j + 3, sheet.size)):
        if k > j and not sheet.touching(k):
            return False
        if function(sheet, k):
            return True
        if sheet.keys[k] not in lists["possessives"] and sheet.keys[k] not in lists["determiners"]:
            return False
    return False


def _acting(sheet: Sheet, i: int, kind: str) -> float | None:
    """'Roos vindt' is a person; 'Storm is een beeld' is not, nor is 'Beer wilde hij zijn'."""
    lists = sheet.lists
    j = i + 1
    key = sheet.keys[j]
    if key not in lists.verbs:
        return None
    if key_at(sheet, j + 1) in _SUBJECTS:
        return 0.0
    if kind == UNKNOWN and sheet.places[i] == START and sheet.keys[i].endswith(_THINGS):
        return 1.0
    strong = key in lists["speech"] and key not in lists["weak_verbs"]
    if kind in {WORD, COMPOUND}:
        starts = strong and sheet.places[i] == START and sheet.capital(i)
        return 5.0 if (starts and (farmed(sheet, i) or seldom(sheet, i))) or opens(sheet, i) else 0.0
    if kind == TRADE and key.endswith(_PAST) and key not in lists["weak_verbs"]:
        return _STRONG[TRADE]
    if strong:
        return _STRONG.get(kind, 2.2)
    return _ANY.get(kind, 0.0) if key not in lists["speech"] else _weakly(sheet, i, kind)


def _weakly(sheet: Sheet, i: int, kind: str) -> float:
    """What a verb says that things do as well: is, heeft, gaat."""
    further = key_at(sheet, i + 2)
    vague = further in {"not", "no"} or (sheet.keys[i + 1] in _COPULAS and _defined(sheet, i + 2, further))
    # 'Visser heeft': who is named after a trade, since a mere fisher would have an article.
    if kind in {TRADE, SELDOM} and not vague and sheet.keys[i].endswith(_PERSONAL):
        return _STRONG[kind]
    if kind in _WEAK:
        return _WEAK[kind]
    if kind == EITHER and not vague and _plain_subject(sheet, i):
        return 2.0
    return 0.2 if vague else 1.2


def _defined(sheet: Sheet, j: int, key: str) -> bool:
    """Whether word `j` begins what a thing is: 'Zomer is zijn seizoen', but 'Roos is mijn zus'."""
    if key in sheet.lists["possessives"]:
        return not function(sheet, j + 1) if j + 1 < sheet.size else True
    return key in sheet.lists["determiners"]


def _plain_subject(sheet: Sheet, i: int) -> bool:
    """'mark is moe': in lower case, at the start, where a thing would have an article."""
    return sheet.shapes[i] == LOWER and sheet.places[i] == START and sheet.keys[i] not in sheet.lists["mass"]


def _telegram(sheet: Sheet, i: int, kind: str) -> float | None:
    """'Sjakie noemen ze hem', 'ROOS BELLEN', 'Roos haar werk'."""
    key = sheet.keys[i + 1]
    if key in {"noemen", "noemden"}:
        return 2.0
    starts = sheet.places[i] == START and kind in {EITHER, FIRST}
    if starts and key.endswith("en") and key in sheet.lists["personal"]:
        return 2.2
    if starts and sheet.keys[i] not in sheet.lists["both"] and sheet.keys[i][-1] == "s" and function(sheet, i + 1):
        # 'Tijns moeder'
        return 1.5
    return 0.5 if key in {"haar", "zijn", "zn"} and kind in {EITHER, TRADE, SELDOM} else None


def _belonging(sheet: Sheet, i: int, kind: str) -> float | None:
    """'Jet van de receptie had': somebody, by where they are."""
    if kind != EITHER or sheet.keys[i + 1] != "van" or key_at(sheet, i + 2) not in {"de", "het"}:
        return None
    verb = key_at(sheet, i + 4)
    return 1.5 if verb in sheet.lists.verbs and verb not in _COPULAS else None


def _own_name(sheet: Sheet, i: int, kind: str) -> float | None:
    """'hoop is haar achternaam'"""
    if sheet.keys[i + 1] not in {"is", "was"} or key_at(sheet, i + 2) not in sheet.lists["possessives"]:
        return None
    return 9.0 if key_at(sheet, i + 3) in SORTS and kind != HARMLESS else None


BEHIND: tuple[Rule, ...] = (_silent, _own_name, _speaker, _described, _belonging, _telegram, _acting)
"""Rules for the words behind a word."""


def fragile(sheet: Sheet, i: int) -> float:
    """How much less a name at the start says that may be a word: 'Fleur op', 'Rob ik mezelf', 'Iris van het oog'."""
    key = key_at(sheet, i + 1)
    further = key_at(sheet, i + 2)
    if key in {"en", "of"} and sheet.shapes[min(i + 2, sheet.size - 1)] == LOWER and _thing(sheet, i + 2, further):
        # 'Iris en pupil'
        return 3.0
    if key in _STATES or key in sheet.lists["determiners"]:
        return 3.0
    if key != "van" or further not in sheet.lists["determiners"]:
        return 0.0
    # 'Iris van het oog is', but 'Jet van de receptie had'
    verb = key_at(sheet, i + 4)
    return 0.0 if verb in sheet.lists.verbs and verb not in _COPULAS else 3.0


def _thing(sheet: Sheet, i: int, key: str) -> bool:
    """Whether word `i` is a thing: neither somebody nor a word of grammar."""
    lists = sheet.lists
    if not key or key in lists["stops"] or key in lists["possessives"] or key in lists.verbs or key in lists.first:
        return False
    return lists.word(key) and not function(sheet, i)
