"""Towns, regions, countries. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sets import endings, words
from vault.guard.sheet import CAPITAL, LOWER, MIDDLE, OTHER, PERSON, START, Sheet
from vault.guard.stands import SAYING
from vault.guard.tiers import COMPOUND, EITHER, FIRST, HARMLESS, LAST, NOTHING, RARE, SELDOM, TRADE, UNKNOWN, WORD, tier

_STRICT = words("in uit naar te vanuit nabij vlakbij")
_HEADS = words(
    "wijk buurt dorp dorpje stad stadje plaats plaatsje gehucht buurtschap eiland gemeente kern streek havenstad "
    "hoofdstad kustplaats badplaats deelgemeente grensplaats provinciestad regio provincie"
)
_PRIZES = words(
    "zege prijs publieksprijs juryprijs titel goud zilver brons trui beker oscar hoofdrol eer stem stemmen tweestrijd "
    "voorzet winst overwinning bloemen medaille luisterde luistert kijkt keek"
)
_PARTS = words(
    "zuiden noorden oosten westen noordoosten noordwesten zuidoosten zuidwesten centrum hart rand grens kust haven "
    "binnenstad straten inwoners hoofdstad omgeving buitengebied"
)
_BEGINNINGS = words("den new sint san los")
_ARTICLES = words("de den der het")
_DWELLS = words("woont woonde wonen gewoond verhuisd verhuist verhuizen geboren opgegroeid werkt werkte studeert")
_ENDINGS = endings(
    "dam drecht hoven huizen wolde burg dijk zijl kerk oord wijk broek veen dorp stad loo berg bergen rade hem um "
    "ingen land stan ville"
)


def find_phrases(sheet: Sheet) -> Iterator[Span]:
    """Places of several words: Bergen op Zoom, Den Haag."""
    towns = sheet.lists.towns
    done = 0
    for i in sorted(sheet.where(towns.firsts)):
        length = 0 if sheet.taken[i] or i < done else towns.length(sheet.keys, sheet.gaps, i)
        done = max(done, i + length)
        if length and _fits(sheet, i, length):
            yield _span(sheet, i, i + length)
            sheet.claim(i, i + length, OTHER)


def _fits(sheet: Sheet, i: int, length: int) -> bool:
    """Whether a phrase is the place: 'de rijn' is, 'het gooi- en smijtwerk' is not."""
    last = i + length - 1
    if any(sheet.taken[j] for j in range(i, i + length)) or _surname(sheet, i):
        return False
    if sheet.capital(last):
        return True
    sure = not sheet.lists.word(sheet.keys[last]) or length > 2 or sheet.keys[i] in _BEGINNINGS
    return sure and sheet.keys[last] not in sheet.lists.common


def _surname(sheet: Sheet, i: int) -> bool:
    """Whether the phrase is part of a last name: Karel van den Bosch."""
    if not i or sheet.keys[i - 1] != "van" or not sheet.touching(i) or sheet.keys[i] not in _ARTICLES:
        return False
    return sheet.capital(i - 1) or (
        i > 1 and sheet.touching(i - 1) and sheet.capital(i - 2) and sheet.places[i - 2] != START
    )


def find(sheet: Sheet) -> Iterator[Span]:
    """Places of one word."""
    for i in sorted({*sheet.raised, *sheet.where(sheet.lists.towns.single)}):
        if not sheet.taken[i] and _place(sheet, i):
            yield _span(sheet, i, i + 1)
            sheet.claim(i, i + 1, OTHER)


def _span(sheet: Sheet, first: int, after: int) -> Span:
    start = sheet.starts[first]
    if start and sheet.text[start - 1] in "'’" and sheet.keys[first].startswith(("s-", "s ", "t ")):
        start -= 1
    return Span(start, sheet.ends[after - 1], "plaats")


def _place(sheet: Sheet, i: int) -> bool:
    key = sheet.keys[i]
    lists = sheet.lists
    listed = key in lists.towns.single
    if not listed and not sheet.capital(i):
        return False
    led, kind = _led(sheet, i), tier(sheet, i)
    if listed and key not in lists["stops"] and _addressed(sheet, i):
        return True
    if kind == NOTHING or (kind == HARMLESS and not (listed and led)):
        return False
    if not listed:
        return _unlisted(sheet, i, kind, led)
    if sheet.shapes[i] == LOWER:
        return _lower(sheet, i, led)
    people = (key in lists.last and _speaks(sheet, i)) or (key not in lists["more_places"] and _among_people(sheet, i))
    if not led and people:
        return False
    well_known = key in lists["more_places"] and key not in lists.sure and key not in lists.both
    if not well_known and kind in {FIRST, EITHER, LAST, TRADE, SELDOM, RARE}:
        return led and not _person_after(sheet, i)
    return _written(sheet, i, led)


def _written(sheet: Sheet, i: int, led: bool) -> bool:
    """Whether a town with a capital is meant, that may be a common word as well: Best, Goes, Haren."""
    key = sheet.keys[i]
    lists = sheet.lists
    if not lists.word(key) or (led and sheet.places[i] != START):
        return True
    if sheet.places[i] == START:
        return key in lists["more_places"] and key not in lists["hard_towns"] and _subject(sheet, i)
    if sheet.places[i] != MIDDLE or key in lists["stops"]:
        return False
    bare = sheet.keys[i - 1] not in lists["determiners"] and sheet.keys[i - 1] not in lists["possessives"]
    return key in lists["more_places"] or (bare and sheet.shapes[i] == CAPITAL)


def _subject(sheet: Sheet, i: int) -> bool:
    """Whether a verb stands right behind word `i`."""
    return sheet.touching(i + 1) and sheet.keys[i + 1] in sheet.lists.verbs


def _among_people(sheet: Sheet, i: int) -> bool:
    """'Simons, Wijnaldum en Haddouchi': a row of last names, one of which is a town as well."""
    if i == 0 or i + 2 >= sheet.size or sheet.gaps[i].strip() != "," or not sheet.capital(i - 1):
        return False
    j = i + 1 if sheet.gaps[i + 1].strip() == "," else i + 2
    if j == i + 2 and sheet.keys[i + 1] not in {"en", "of"}:
        return False
    towns = sheet.lists.towns.single
    return sheet.capital(j) and not any(sheet.keys[k] in towns and sheet.taken[k] != PERSON for k in (i - 1, j))


def _speaks(sheet: Sheet, i: int) -> bool:
    """Whether word `i` does what only people do, or is introduced as a person."""
    lists = sheet.lists
    before = sheet.keys[i - 1] if i and sheet.touching(i) else ""
    if before in {"aldus", "volgens"} or before in lists["titles"] or before in lists["roles"]:
        return True
    behind = sheet.keys[i + 1] if i + 1 < sheet.size and sheet.touching(i + 1) else ""
    known = sheet.keys[i] in lists["more_places"]
    # 'In het zuiden van Limburg viel hagel'
    return behind in (SAYING if known else lists["speech"] - lists["weak_verbs"])


def _addressed(sheet: Sheet, i: int) -> bool:
    """Whether a house number or a postcode stands right before word `i`."""
    if i == 0 or sheet.taken[i - 1] != OTHER or sheet.gaps[i] not in {" ", ", ", "  "}:
        return False
    return any(sign.isdigit() for word in sheet.words[max(0, i - 2) : i] for sign in word)


def _led(sheet: Sheet, i: int) -> bool:
    """Whether the word before leads to a place: 'naar Goes', 'regio Utrecht'."""
    if i == 0 or not (sheet.touching(i) or sheet.gaps[i] in {" '", " ’"}):
        # 'van Zwolle, Deventer en Zutphen'
        return i > 0 and sheet.gaps[i].strip() in {",", "/"} and sheet.taken[i - 1] == OTHER
    key = sheet.keys[i - 1]
    if key in {"en", "of"} and i > 1:
        return sheet.taken[i - 2] == OTHER and sheet.keys[i - 2] in sheet.lists.towns.single
    if key == "van" and i > 1 and sheet.touching(i - 1) and sheet.keys[i - 2] in _PARTS:
        # 'het zuiden van Limburg'
        return True
    return key in sheet.lists["place_prepositions"]


def _strictly(sheet: Sheet, i: int) -> bool:
    return i > 0 and sheet.touching(i) and sheet.keys[i - 1] in _STRICT


def _lower(sheet: Sheet, i: int, led: bool) -> bool:
    """A town in lower case: the lists must have it, and where it is a word as well the sentence must tell."""
    key = sheet.keys[i]
    lists = sheet.lists
    if not lists.word(key) and not lists.word(sheet.words[i].lower()):
        if key not in lists.first and key not in lists.last:
            return True
        return led or key in lists["more_places"]
    if key in lists["stops"] or key in lists.verbs:
        return False
    if not _strictly(sheet, i):
        return False
    settled = sheet.around(i, lists["settled"], 8)
    if key in lists["hard_towns"]:
        # 'woont in leiden en', but not 'woont in houten huizen'
        ends = not sheet.touching(i + 1) or sheet.keys[i + 1] in lists["stops"]
        return settled and ends and sheet.around(i, _DWELLS, 4)
    return settled or key in lists["more_places"]


def _unlisted(sheet: Sheet, i: int, kind: str, led: bool) -> bool:
    """A capital that no list has, behind a word that leads to a place."""
    if sheet.places[i] == MIDDLE and kind in {UNKNOWN, LAST, COMPOUND} and _headed(sheet, i):
        return True
    if kind not in {UNKNOWN, LAST, COMPOUND} or not led or sheet.places[i] == START:
        return False
    if sheet.keys[i - 1] == "naar" and _won(sheet, i):
        return False
    if _strictly(sheet, i):
        return kind == UNKNOWN or _outlandish(sheet, i) or sheet.keys[i].endswith(_ENDINGS)
    return sheet.keys[i].endswith(_ENDINGS) and sheet.keys[i - 1] not in {"tot", "rond", "binnen", "buiten"}


def _won(sheet: Sheet, i: int) -> bool:
    """'De trui ging naar Bramati', and 'Bramati, die': a place would have 'dat' or 'waar' behind it."""
    if i + 1 < sheet.size and sheet.gaps[i + 1] == ", " and sheet.keys[i + 1] in {"die", "wie"}:
        return True
    return sheet.around(i, _PRIZES, 8)


def _outlandish(sheet: Sheet, i: int) -> bool:
    """'uit Redmond': a last name, but nobody is 'uit' somebody."""
    key = sheet.keys[i]
    return (
        sheet.keys[i - 1] in {"uit", "te"} and key not in sheet.lists["surnames"] and key not in sheet.lists["trades"]
    )


def _headed(sheet: Sheet, i: int) -> bool:
    """'de wijk Kersenboogaard', 'het Poolse Pruszkow': a word before says that it is a place."""
    if not i or not sheet.touching(i):
        return False
    if sheet.keys[i - 1] in _HEADS:
        return True
    adjective = tier(sheet, i - 1) == HARMLESS and sheet.capital(i - 1) and sheet.keys[i - 1].endswith("e")
    return adjective and i > 1 and sheet.keys[i - 2] == "het" and sheet.touching(i - 1)


def _person_after(sheet: Sheet, i: int) -> bool:
    j = i + 1
    return j < sheet.size and sheet.touching(j) and sheet.capital(j) and tier(sheet, j) not in {HARMLESS, WORD}
