"""Ages, told apart from durations, scores and amounts. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors import numerals
from vault.guard.find import Span
from vault.guard.sets import endings, words
from vault.guard.sheet import START, Sheet

_OLDEST = 115
_CHILD = 15
"""Up to here a number without a unit is rather a mark or an amount."""
_SCALE = 3
_GRADES = words("cijfer score schaal")
_ENDINGS = endings("jarige jarigen plusser plussers")
_PERSONS = words(
    "jongen jongens meisje meisjes meid kind kinderen zoon zoontje zoons dochter dochtertje dochters baby peuter "
    "kleuter puber tiener man mannen vrouw vrouwen client cliente cl broer broertje zus zusje vader moeder opa oma "
    "partner vriend vriendin collega leidinggevende manager directeur oudste jongste middelste tweeling kleinzoon "
    "kleindochter kleinkind neef neefje nicht nichtje buurman buurvrouw deelnemer deelneemster leerling student "
    "studente coachee persoon iemand mens weduwe weduwnaar medewerker medewerkster ex schoonmoeder schoonvader tante "
    "oom stagiair stagiaire bewoner bewoonster slachtoffer verdachte automobilist fietser ondernemer boer boerin "
    "docent verpleegkundige woman girl boy son daughter stiefzoon stiefdochter pleegkind pleegzoon pleegdochter "
    "zusjes broertjes kinders puberzoon puberdochter"
)
_CHILDREN = words(
    "kinderen dochters zoons zonen meiden meisjes jongens kids zusjes broertjes kleinkinderen tweeling pubers "
    "dochtertjes zoontjes stiefkinderen"
)
_PARENTS = words("moeder vader ouders ouder oma opa papa mama baas eigenaar mother father")
_YOUNG = words(
    "oudste jongste middelste zoon dochter zoontje dochtertje kind baby peuter kleuter kleinkind neefje nichtje"
)
_YEARS = words("jaar jr jrs j years yr jaren")
_BECOMES = words("wordt werd worden geworden turns turned")
_WHEN = words("in deze dit komende komend volgende volgend")
_IS = words("is was ben wordt werd worden nu pas net bijna leeftijd inmiddels zijn")
_SOFTENERS = words(
    "bijna net pas nog maar ruim inmiddels nu toen al ongeveer zo'n rond geen dit jaar binnenkort morgen volgende "
    "maand week"
)
_CENTURY = 100
_LIVING = words("en geen maar nog nu nooit al zonder met ze zij hij ik pas wil wilde")
_NEARLY = words("bijna net ruim inmiddels")
_SUBJECTS = words("hij zij ze ik je jij we u he she i")
_DURING = words(
    "al sinds na over gedurende binnen elke ruim contract relatie huwelijk dienstverband ervaring periode traject "
    "loopbaan laatste afgelopen komende eerste tijd straf garantie duurde duurt om per tot"
)
_DURATION = words(
    "geleden lang later eerder werk werkzaam werkt getrouwd samen gewerkt ervaring weg thuis ziek gescheiden "
    "garantie terug gevangenis cel ago gelopen bezig actief schoon clean nuchter vooruit durend achter alleen "
    "leidinggevend lid hetzelfde verder aaneen getrouwde huwelijk bij als in aan op voor na zonder geen niet niets "
    "tegen tussen onder met on for"
)
_PARTS = words("begin midden eind einde halverwege ver diep early late mid")
_ROUND = words("dertiger veertiger vijftiger zestiger zeventiger tachtiger negentiger twintiger")
_ROUNDS = frozenset(word + "s" for word in _ROUND)
_MEASURES = words(
    "graden procent km euro uur minuten mensen keer meter dagen jaren seconden kilo weken maanden punten stuks "
    "pagina's cent collega's kinderen"
)
_SCORES = words(
    "score cijfer schaal energie stress spanning plezier slaap rating gemiddeld temperatuur maat punten stemming "
    "pijn gaf geeft een"
)
_OWN = words("mijn zijn haar hun je m'n z'n mn zn d'r jouw his her my")
_AT = words("op rond na voor sinds tot vanaf tegen")
_JUBILEES = words(
    "jubileum bestaan huwelijk contract dienstverband relatie ervaring loopbaan carriere oorlog plan traject "
    "opleiding ambtsjubileum termijn samenwerking"
)
_TAIL = words("en maar geworden toen was is wordt werd dus of als met gelukkig inmiddels die dat heeft kwam gaat")


def find(sheet: Sheet) -> Iterator[Span]:
    """'43 jaar', '44-jarige', 'zoon (8)', 'wordt vijftig', 'eind zestig'; not '25 jaar samen', 'een 8 voor plezier'."""
    spelled = sheet.where(numerals.CARDINALS.keys(), _ROUND, _ROUNDS) + sheet.ending(_ENDINGS)
    owned = (i + 1 for i in sheet.where(_OWN))
    for i in sorted({*sheet.figures, *spelled, *owned}):
        if i >= sheet.size:
            break
        key = sheet.keys[i]
        number = numerals.cardinal(key)
        span: tuple[int, int] | None = None
        if 0 <= number <= _OLDEST:
            span = _number(sheet, i, number)
        elif key.endswith(("jarige", "jarigen")):
            span = _jarige(sheet, i)
        elif key.rstrip("s") in _ROUND:
            span = (i, i + 1)
        elif i > 1 and sheet.keys[i - 1] in _OWN and sheet.keys[i - 2] in _AT and 3 < numerals.ordinal(key) < 100:
            span = (i - 2, i + 1)
        elif key.endswith(("plusser", "plussers")) and numerals.cardinal(key.rpartition("plus")[0].rstrip("-")) > 0:
            span = (i, i + 1)
        elif key[:1].isdigit() and re.fullmatch(r"\d{1,2}(?:jr|jaar|j|jarige)", key):
            span = (i, i + 1) if key.endswith(("jr", "jarige")) or _aged(sheet, i, i + 1) else None
        if span is not None:
            yield Span(sheet.starts[span[0]], sheet.ends[span[1] - 1], "leeftijd")


def _key(sheet: Sheet, i: int) -> str:
    return sheet.keys[i] if 0 <= i < sheet.size else ""


def _jarige(sheet: Sheet, i: int) -> tuple[int, int] | None:
    """'44-jarige', 'veertigjarige', '44 jarige'; not 'twintigjarig bestaan'."""
    key = sheet.keys[i]
    number = key.removesuffix("n").removesuffix("jarige").rstrip("-")
    if _key(sheet, i + 1) in _JUBILEES:
        return None
    if not number:
        return (i - 1, i + 1) if i and numerals.cardinal(sheet.keys[i - 1]) >= 0 else None
    return (i, i + 1) if numerals.cardinal(number) >= 0 else None


def _number(sheet: Sheet, i: int, number: int) -> tuple[int, int] | None:
    """The words of the age that word `i` is the number of."""
    ahead = _key(sheet, i + 1) if i + 1 < sheet.size and (sheet.touching(i + 1)) else ""
    if ahead in {"jaar", "maanden", "weken", "years", "months", "jr"} and _key(sheet, i + 2) in {"oud", "jong", "old"}:
        return i, i + 3
    if ahead in {"lentes", "jarige", "jarigen"}:
        return (i, i + 2) if _key(sheet, i + 2) not in _JUBILEES else None
    if ahead in _YEARS:
        return (i, i + 2) if _aged(sheet, i, i + 2) else None
    if number in range(20, 100, 10):
        first = _decade(sheet, i)
        if first is not None and ahead not in _MEASURES:
            return first, i + 1
    if ahead in _MEASURES or sheet.text[sheet.ends[i] : sheet.ends[i] + 1] in {"%", "€", ":"}:
        return None
    return (i, i + 1) if _bracketed(sheet, i) or _sexed(sheet, i) or _bare(sheet, i, number) else None


def _decade(sheet: Sheet, i: int) -> int | None:
    """The first word of 'eind zestig', 'in de veertig', 'begin 40'."""
    if not i or not sheet.touching(i):
        return None
    if sheet.keys[i - 1] in _PARTS:
        return i - 1
    if sheet.keys[i - 1] == "de" and _key(sheet, i - 2) in _PARTS:
        return i - 2
    if (
        sheet.keys[i - 1] == "de"
        and i > 1
        and (
            _key(sheet, i - 2) in {"boven", "onder", "tegen", "richting", "rond"}
            or _key(sheet, i - 3) in {"ver", "diep", "achter", "voor", "ergens"}
        )
    ):
        return i - 2
    if sheet.keys[i - 1] == "de" and _key(sheet, i - 2) == "in" and sheet.words[i].isalpha():
        return i - 2 if not sheet.touching(i + 1) or _key(sheet, i + 1) in _TAIL else None
    return None


def _aged(sheet: Sheet, first: int, behind: int) -> bool:
    """Whether 'N jaar' is an age: a person has it or is it, and nothing has lasted so long."""
    k = first - 1
    while (
        k >= 0
        and sheet.keys[k] in {"bijna", "ruim", "ongeveer", "net", "pas", "nu", "al", "dit", "jaar"}
        and sheet.touching(k + 1)
    ):
        k -= 1
    before = _key(sheet, k) if first and sheet.gaps[first].strip() in {"", ",", "(", ":", ";"} else ""
    ahead = _key(sheet, behind) if behind < sheet.size and sheet.touching(behind) else ""
    owner = _key(sheet, k - 1) if before == "van" else ""
    if before == "en" and numerals.cardinal(_key(sheet, k - 1)) >= 0 and _key(sheet, k - 2) == "van":
        # 'kinderen van 4 en 7 jaar'
        return _key(sheet, k - 3) in _PERSONS or _key(sheet, k - 3) in _CHILDREN
    if owner in _PERSONS or (before == "van" and _key(sheet, k - 2) in _PERSONS):
        return True
    if ahead in _DURATION or before in _DURING or _key(sheet, first - 1) in {"al", "ruim"}:
        return False
    if before in _OWN and _key(sheet, k - 1) in {"met", "op"}:
        return True
    if before in _IS or before in _PERSONS or before in {"toen", "leeftijd"}:
        return True
    if first == 0 or "\n" in sheet.gaps[first] or sheet.gaps[first].strip() in {",", "(", ";"}:
        return not ahead or ahead in {"en", "uit", "man", "vrouw"}
    return before in {"van", "v", "m"} and owner not in _DURING


def _bracketed(sheet: Sheet, i: int) -> bool:
    """'zoon (8)', 'Fietser Wout (16)', 'Sanne, 34, werkt': a person stands before."""
    if not i or i >= sheet.size:
        return False
    gap = sheet.gaps[i].strip()
    closing = sheet.text[sheet.ends[i] : sheet.ends[i] + 1]
    if not ((gap == "(" and closing == ")") or (gap == "," and closing in {",", ".", ")", ""})):
        return False
    if sheet.keys[i - 1] in _PERSONS or (i > 1 and sheet.keys[i - 2] in sheet.lists["titles"]):
        return True
    if not sheet.words[i - 1][:1].isupper() or sheet.shapes[i - 1] == 2 or len(sheet.keys[i - 1]) < 2:
        return False
    return gap == "(" or (sheet.keys[i - 1] in sheet.lists.first or sheet.keys[i - 1] in sheet.lists.last)


def _sexed(sheet: Sheet, i: int) -> bool:
    """'V 58', 'man, 46', 'm/34'."""
    if (
        not i
        or sheet.gaps[i].strip() not in {"", ",", "/", "-", "("}
        or not sheet.words[i].isdigit()
        or len(sheet.words[i]) != 2
    ):
        return False
    before = sheet.words[i - 1]
    if before in {"V", "M", "v", "m"}:
        return i == 1 or sheet.gaps[i - 1].strip() in {"", ",", "(", ";", "-"} or "\n" in sheet.gaps[i - 1]
    return before.lower() in {"man", "vrouw"} and sheet.gaps[i].strip() in {",", ""} and _closes(sheet, i)


def _closes(sheet: Sheet, i: int) -> bool:
    """Whether nothing follows that the number could count."""
    j = i + 1
    return j >= sheet.size or not sheet.touching(j) or sheet.keys[j] in _TAIL


def _bare(sheet: Sheet, i: int, number: int) -> bool:
    """'wordt vijftig', 'is net dertig geworden', 'de oudste is 12', 'een jongen van twaalf die', 'toen ze 8 was'."""
    if not i or not sheet.touching(i):
        return _opening(sheet, i, number)
    k = i - 1
    while k > 0 and sheet.keys[k] in _SOFTENERS and sheet.touching(k):
        k -= 1
    key, owner = sheet.keys[k], _key(sheet, k - 1)
    if key == "van" and owner in _PERSONS and k == i - 1:
        return (owner not in _PARENTS or number > _CHILD) and _goes_on(sheet, i)
    if sheet.places[k] == START and key in _NEARLY and number > _CHILD and not sheet.touching(i + 1):
        # 'Bijna veertig, en nog geen kinderen'
        return i + 1 < sheet.size and sheet.gaps[i + 1] == ", " and sheet.keys[i + 1] in _LIVING and number < _CENTURY
    if key in _SUBJECTS and owner == "toen":
        return _key(sheet, i + 1) in {"was", "werd", "waren"}
    if not _closes(sheet, i) or number == 1 or owner in _SCORES:
        return False
    return _told(sheet, i, k, number)


def _told(sheet: Sheet, i: int, k: int, number: int) -> bool:
    """Whether word `k` says that the number at `i`, which counts nothing, is an age."""
    key, owner = sheet.keys[k], _key(sheet, k - 1)
    if key in _BECOMES:
        return number > _SCALE and (_key(sheet, i + 1) == "geworden" or not sheet.around(i, _GRADES, 6))
    if key in _YOUNG or (_key(sheet, i + 1) == "geworden" and number > _SCALE):
        return True
    # 'wordt in mei vijftig', 'wordt deze zomer vijftig'; 'zijn elf en veertien'
    later = owner in _WHEN and _key(sheet, k - 2) in _BECOMES and number > _SCALE
    several = (key == "zijn" and owner in _CHILDREN) or (key == "en" and _listed(sheet, k - 1))
    return later or several or _is(sheet, k, number)


def _listed(sheet: Sheet, k: int) -> bool:
    """Whether the number at word `k` is the age of the first of several children."""
    return (
        k > 1
        and numerals.cardinal(sheet.keys[k]) >= 0
        and sheet.keys[k - 1] == "zijn"
        and sheet.keys[k - 2] in _CHILDREN
    )


def _opening(sheet: Sheet, i: int, number: int) -> bool:
    """'34 is ze pas'"""
    return number > _CHILD and _key(sheet, i + 1) in {"is", "was", "ben"} and _key(sheet, i + 2) in _SUBJECTS


def _goes_on(sheet: Sheet, i: int) -> bool:
    """Whether no noun can follow the number at `i`."""
    lists = sheet.lists
    return _closes(sheet, i) or sheet.keys[i + 1] in lists["stops"] or sheet.keys[i + 1] in lists.verbs


def _is(sheet: Sheet, k: int, number: int) -> bool:
    """Whether somebody is as old as `number`, where `k` is the verb: small numbers may be marks."""
    key, owner = sheet.keys[k], _key(sheet, k - 1)
    if key in {"is", "was", "ben"}:
        if owner in _YOUNG or owner in _PERSONS:
            return True
        named = k > 0 and sheet.words[k - 1][:1].isupper() and owner in sheet.lists.first and sheet.touching(k)
        return number > _CHILD and (owner in _SUBJECTS or named or _key(sheet, k + 1) == "ik")
    return number > _CHILD and (key == "leeftijd" or (key == "ik" and owner == "ben"))
