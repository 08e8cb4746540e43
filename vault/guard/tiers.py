"""How likely a word is to be part of a person's name, by the lists alone. Pure."""

import re

from vault.guard.sets import endings, words
from vault.guard.sheet import MIXED, Sheet
from vault.guard.words import Lists

FIRST = "F"
"""A first name and nothing else."""
EITHER = "f"
"""A first name that is a word as well: Roos, Mark, Wil."""
RARE = "r"
"""A word that somebody is called after, somewhere."""
LAST = "L"
"""A last name and nothing else."""
TRADE = "l"
"""A last name that is a usual word as well: Bakker, Vos."""
SELDOM = "s"
"""A last name that is a seldom word as well: Kuipers."""
UNKNOWN = "u"
"""No list and no dictionary has it."""
WORD = "w"
"""A common word."""
HARMLESS = "i"
"""Known to be nobody's: months, methods, tools, peoples."""
NOTHING = "-"
"""No word at all."""


COMPOUND = "c"
"""No dictionary has it, but it is put together from words that one has."""


def tier(sheet: Sheet, i: int) -> str:
    """The tier of word `i`."""
    found = sheet.tiers[i]
    if not found:
        found = sheet.tiers[i] = _tier(sheet, i)
    return found


_FARMS = endings(
    "huis hof berg kamp veld dijk broek horst man mans meijer meyer stra sma stein bach boom brink steen bosch "
    "linden daal hoven burg geest bouwer voort schot donk stens kens hulst laar eren rode dael horst wijk"
)


def farmed(sheet: Sheet, i: int) -> bool:
    """Whether a seldom word ends as last names do: Berghuis, Spijkerman."""
    key = sheet.keys[i]
    return len(key) > 6 and key.endswith(_FARMS) and key not in sheet.lists.common and not function(sheet, i)


_OLD = re.compile(
    r"ck[sx]?\Z|c?x\Z|ae|gh|uy|[aeo]ij[aeo]|[oe]+ij|dt\Z|^van(?:de|der|den)?[^aeiou]|tz\Z|q|[^aeiou]ck|thys\Z|oey|eyn|eyns|"
    r"(?:st|sm|jk|ing|nj|ts)[rm]a\Z|inga\Z|ema\Z"
)


def old_spelling(key: str) -> bool:
    """Whether an unknown word is spelt as only last names still are: Claerhoudt, Hoeckx, Vandewaetere, Tjeerdema."""
    return len(key) > 4 and _OLD.search(key) is not None


_SHORTEST, _LONGEST = 3, 9
_THINGS = endings("je jes en ing heid tie isme iteit schap sel s te de er aar eur")


def seldom(sheet: Sheet, i: int) -> bool:
    """Whether a dictionary has a short word that hardly anybody uses: Dost, Nuis. Without an article it is a name."""
    key = sheet.keys[i]
    if not _SHORTEST < len(key) < _LONGEST or key in sheet.lists.common or key.endswith(_THINGS):
        return False
    return not sheet.lists.compound(key) and not function(sheet, i)


_PEOPLES = ("isch", "ische", "ees", "ese", "aans", "aanse", "talig", "talige", "taligen")
_FROM = ("se", "er", "ers", "naar", "enaar", "s")
_FORMER = words("oud ex anti pro niet non pseudo semi post")
"""What stands before a hyphen and makes a word of a name: oud-Ajacied, anti-Koerdisch."""
_NO_OWNERS = words("wet orkaan storm operatie project virus gen type model merk")
"""What is never called after who leads it: wet-Bibob."""
_INSIDE = str.maketrans("", "", "-'’")


def _tier(sheet: Sheet, i: int) -> str:
    key = sheet.keys[i]
    if len(key) < 2 or not key.translate(_INSIDE).isalpha():
        return NOTHING
    found = _listed(sheet, key, sheet.words[i].lower())
    if found is not None:
        return found
    if "-" in key:
        found = _hyphened(sheet, i)
    if found is None:
        found = _derived(sheet, i)
    if found is not None:
        return found
    if (key.endswith(_PEOPLES) and len(key) > 6) or _of_town(sheet, key):
        return HARMLESS
    if sheet.lists.word(key) or sheet.lists.word(sheet.words[i].lower()):
        return WORD
    return COMPOUND if sheet.known(i) else UNKNOWN


def _of_town(sheet: Sheet, key: str) -> bool:
    """Overveense, Deventenaar: what comes from a town, or who does."""
    towns = sheet.lists.towns.single
    bases = [key.removesuffix(end) for end in _FROM if key.endswith(end)]
    # 'Antwerps', 'Brugse', 'Mechelaar'
    return any(base in towns or (len(base) > 3 and (base + "en" in towns or base + "e" in towns)) for base in bases)


def _listed(sheet: Sheet, key: str, low: str) -> str | None:
    lists = sheet.lists
    if key in lists.sure:
        return FIRST
    if key in lists.both:
        return EITHER
    if key in lists.innocent:
        return HARMLESS
    first, last = key in lists.first, key in lists.last
    if not first and not last:
        return None
    if not lists.word(low) and not lists.word(key):
        return FIRST if first else LAST
    if key in lists["roles"] or key in lists["particles"]:
        return TRADE if key in lists["trades"] else WORD
    if key in lists.common:
        return TRADE if last and key in lists["trades"] else WORD
    return SELDOM if last else RARE


_DIMINUTIVES = ("etje", "tje", "pje", "je", "ke", "ie")


def _derived(sheet: Sheet, i: int) -> str | None:
    """The tier of the name in a genitive or a diminutive: hanna's, Marks, Kareltje."""
    key = sheet.keys[i]
    lists = sheet.lists
    if key.endswith(("'s", "’s")):
        base = key[:-2]
        found = _listed(sheet, base, base)
        return found if found in {FIRST, LAST} or (sheet.capital(i) and found in {EITHER, RARE, TRADE}) else None
    if sheet.capital(i) and len(key) > 6 and _owned(lists, key):
        return LAST
    if not sheet.capital(i) or len(key) < 4 or sheet.known(i):
        return None
    if key.endswith("s"):
        if key[:-1] in lists.towns.single:
            # 'Vlaanderens mooiste'
            return HARMLESS
        found = _listed(sheet, key[:-1], key[:-1])
        if found in {FIRST, LAST, EITHER}:
            return found
    for end in _DIMINUTIVES:
        if key.endswith(end) and (key[: -len(end)] in lists.first or key[: -len(end)] + "e" in lists.first):
            return FIRST
    return None


def _owned(lists: Lists, key: str) -> bool:
    """'Zandbergens kelder', though it could be put together from words."""
    base = key[:-1]
    listed = key.endswith("s") and base in lists.last and not lists.word(key)
    return listed and base not in lists.common and base not in lists.towns.single


def _hyphened(sheet: Sheet, i: int) -> str | None:
    """Anne-Sophie and Bakker-Oosterhuis are names, Belbin-rol is not."""
    parts = sheet.words[i].split("-")
    written = [part[:1].isupper() for part in parts]
    keys = sheet.keys[i].split("-")
    lists = sheet.lists
    former = keys[0] in _FORMER and not written[0]
    firm = all(written) and any(key in lists.employers.single and key not in lists.first for key in keys)
    if former or firm or (keys[-1] in lists.innocent and len(keys[-1]) > 3):
        # Oost-Europees, Noord-Hollandse, oud-Ajacied, Lotto-Jumbo
        return HARMLESS
    if sheet.shapes[i] != MIXED and all(written) and all(len(part) > 1 for part in parts):
        if keys[-1] not in lists.first and keys[-1] not in lists.last and lists.word(keys[-1]):
            # Matthäus-Passion
            return WORD
        if keys[0] in lists.first or keys[-1] in lists.first:
            return FIRST
        if any(key in lists.last for key in keys):
            return LAST
    if keys[-1] in lists["particles"] and written[0] and len(keys[0]) > 2:
        return LAST
    return _half_high(sheet, i, keys, written)


def _half_high(sheet: Sheet, i: int, keys: list[str], written: list[bool]) -> str | None:
    """What a word with hyphens is that is not written as a name throughout."""
    lists = sheet.lists
    if not written[-1] and (
        lists.word(keys[-1]) or keys[-1] in {"achtig", "achtige", "gewijs", "vrij", "proof", "like"}
    ):
        return WORD
    if not written[0] and written[-1] and len(keys[0]) > 2 and not lists.word(keys[-1]):
        # kabinet-Terlouw: as good as a first name, since the article before it is that of the cabinet
        known = (
            keys[0] in _NO_OWNERS
            or keys[-1] in lists.innocent
            or keys[-1] in lists.towns.single
            or keys[-1] in lists.employers.single
        )
        return HARMLESS if known else FIRST
    if not written[0] and keys[0] in lists.first and keys[-1] in lists.first and not lists.word(sheet.keys[i]):
        return FIRST
    return None


FUNCTIONS = endings(
    "leider leidster voorzitter voorzitster minister directeur directrice manager trainer coach agent agente "
    "meester speler speelster lid arts loog loge baas chef hoofd adviseur adviseuse docent docente leraar lerares "
    "kundige schrijver schrijfster zanger zangeres kampioen kampioene rechter officier voerder voerster vriend "
    "vriendin genoot genote zusje broertje zoon dochter moeder vader oom tante verpleger verpleegster journalist "
    "journaliste therapeut therapeute bestuurder eigenaar eigenaresse consulent consulente medewerker medewerkster "
    "begeleider begeleidster assistent assistente secretaris secretaresse presentator presentatrice acteur actrice "
    "rijder rijdster loper loopster president premier kanselier commissaris hoogleraar onderzoeker onderzoekster "
    "deskundige winnaar winnares vrouw monteur werker werkster houder houdster verzorger verzorgster collega maat "
    "maatje specialist specialiste kandidaat kandidate"
)
"""Endings of words for what somebody is."""


def function(sheet: Sheet, i: int) -> bool:
    """Whether word `i` is what somebody is: teamleider, oud-minister, studievriendin."""
    key = sheet.keys[i]
    return key in sheet.lists["roles"] or (len(key) > 6 and key.endswith(FUNCTIONS))
