"""Streets with a number, and streets by themselves where they tell where somebody is. Pure."""

import re
from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import named_after
from vault.guard.sets import endings, words
from vault.guard.sheet import NUMBER, START, Sheet

_SURE = endings(
    "straat laan allee plein gracht kade singel steeg dreef plantsoen straatje boulevard dwarsstraat weg dijk pad hof "
    "park baan wal markt ring erf brink meent burgwal allee stede haven oever veld kamp akker donk zoom berg horst "
    "poort singel veste vest waard heuvel esch hoek rade land gaarde kwartier brug slag zijde dam straat. str ln wg "
    "kd"
)
_ALWAYS = endings(
    "straat laan allee plein gracht kade singel steeg dreef plantsoen dwarsstraat boulevard burgwal straatje"
)
_BY_THEMSELVES = (*_ALWAYS, "weg", "dijk")
_ALONG = words("aan")
_OFTEN = endings("weg dijk pad hof park baan kamp wal markt burgwal erf brink meent")
_NO_STREETS = words(
    "onderweg halverwege omweg loopbaan snelweg landweg tussenweg middenweg uitweg weg straat laan plein dijk park "
    "hof pad baan markt ring land dam poort brug haven berg veld slag hoek rijbaan renbaan atletiekbaan fietspad "
    "voetpad wandelpad bospad spoorweg waterweg luchtweg hoofdweg zijweg pretpark attractiepark vakantiepark "
    "bungalowpark businesspark bedrijvenpark wagenpark machinepark speelplein schoolplein marktplein tuinpad "
    "werkveld speelveld voetbalveld sportveld voetbalkamp trainingskamp zomerkamp scoutingkamp vakantieland "
    "buitenland thuisland vaderland binnenland nederland platteland engeland duitsland rusland friesland zeeland "
    "ijsland finland thailand opslag aanslag verslag neerslag toeslag bijslag omslag doorslag uitslag afslag "
    "terugslag arbeidsmarkt huizenmarkt woningmarkt rommelmarkt kerstmarkt vrijmarkt supermarkt invalshoek "
    "huiswerkhoek gezichtshoek zithoek keukenhoek stilstaweg boekenring jaarring opruiming training winning ervaring "
    "herinnering verandering dring spring gerecht gang leerpad levenspad levensweg groeipad carrièrepad ontwikkelpad "
    "ijsberg kostenberg zandberg strafhof gerechtshof hoogstraat-"
)
_COMMON_STREETS = words("gracht weg straat laan kade dijk singel markt plein steeg haven hof voorhout kerkhof burgwal")
_BEFORE_NUMBER = words("nr nummer no n°")
_UNITS = words(
    "uur uren keer maal jaar jaren dag dagen week weken maand maanden minuten min kwartier km kilometer meter "
    "procent euro mensen mannen vrouwen kinderen collega's personen stuks x punten sessies gesprekken stappen vragen "
    "dingen redenen oefeningen kansen werkdagen"
)
_LIVING = words(
    "woont woonde wonen adres verhuisd verhuist verhuizen verhuisde huis flat kantoor gevestigd praktijk pand hoek "
    "winkel woning appartement bushalte"
)
_STANDING = words("aan in op van naar over uit hoek langs bij door")
_SUFFIX = re.compile(r"(?:[ -]?(?:[a-hA-H]|bis|hs|huis|rood|zw|[IVX]{1,4}|[1-9]\d{0,2}))?(?![\w])")
_CODE = re.compile(r"[ ,]{1,3}[1-9]\d{3} ?[A-Za-z]{2}(?!\w)")
_INSIDE = words("van de den der het 't t aan op in achter")
_POST_BOX = re.compile(r"\bpostbus \d{1,6}\b", re.IGNORECASE)
_PREFIXES = words(
    "eerste tweede derde 1e 2e 3e oude nieuwe lange korte grote kleine hoge lage burgemeester burg pastoor prins "
    "prinses koningin koning dr prof van der den de ter ten sint st graaf professor laan jan willem generaal "
    "admiraal het oud nieuw achter aan op in bij 't t jonkheer meester"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """'berkenweg 12 bis', 'Laan van Meerdervoort 100', 'aan de Meent 3', 'Postbus 12', 'aan de Herengracht'."""
    for match in _POST_BOX.finditer(sheet.text):
        yield Span(match.start(), match.end(), "adres")
    # First those with a number: a street by itself is only the part of one.
    for i in sheet.figures:
        span = _numbered(sheet, i)
        if span is not None:
            yield span
    for i in sorted({*sheet.ending(_BY_THEMSELVES, 7), *(i + 2 for i in sheet.where(_ALONG))}):
        span = _bare(sheet, i) if i < sheet.size else None
        if span is not None:
            yield span


def _numbered(sheet: Sheet, i: int) -> Span | None:
    """The street before the number at word `i`."""
    word = sheet.words[i]
    j = i - 1
    if not re.fullmatch(r"[1-9]\d{0,3}(?:-?[a-zA-Z]{1,3}|-\d{1,3})?", word) or j < 0 or not _close(sheet, i):
        return None
    if sheet.keys[j] in _BEFORE_NUMBER and j > 0 and _close(sheet, j):
        j -= 1
    if i + 1 < sheet.size and sheet.keys[i + 1] in _UNITS and sheet.touching(i + 1):
        return None
    end = sheet.ends[i]
    suffix = _SUFFIX.match(sheet.text, end)
    if suffix is not None and suffix.group():
        end = suffix.end()
    first = _street(sheet, j)
    if first is None and _CODE.match(sheet.text, end):
        first = _name(sheet, j)
    if first is None:
        return None
    return Span(sheet.starts[first], end, "adres")


def _name(sheet: Sheet, j: int) -> int:
    """The first word of a street that has no word for street in it: what follows says that it is one."""
    k = j
    while k > 0 and j - k < 4 and sheet.touching(k) and (sheet.capital(k - 1) or sheet.keys[k - 1] in _INSIDE):
        k -= 1
    return k


def _close(sheet: Sheet, i: int) -> bool:
    return sheet.gaps[i] in {" ", "  ", ", ", ". ", "\u00a0"} and i > 0


def _street(sheet: Sheet, j: int) -> int | None:
    """The first word of the street that ends in word `j`, if it is one."""
    key = sheet.keys[j]
    if key in _COMMON_STREETS and sheet.capital(j) and j and sheet.touching(j) and sheet.keys[j - 1] in _PREFIXES:
        return _back(sheet, j)
    if key in _NO_STREETS or sheet.shapes[j] == NUMBER:
        return _of_lane(sheet, j)
    word = sheet.lists.word(key)
    capital = sheet.capital(j) and not (word and sheet.places[j] == START)
    suffix = next((end for end in _SURE if key.endswith(end) and len(key) > len(end) + 1), None)
    if suffix is not None and (suffix in _ALWAYS or _led(sheet, j) or (not word and (capital or suffix in _OFTEN))):
        return _back(sheet, j)
    if suffix in _OFTEN and (capital or sheet.capital(j)):
        return _back(sheet, j)
    if suffix is not None and not word and j and sheet.keys[j - 1] in _STANDING and sheet.touching(j):
        return _back(sheet, j)
    found = _of_lane(sheet, j)
    if found is not None:
        return found
    if capital and _led(sheet, j) and key not in sheet.lists.innocent and len(key) > 2:
        return j
    return None


def _of_lane(sheet: Sheet, j: int) -> int | None:
    """'Laan van Meerdervoort', 'Plein 1944' and the like: the common word stands in front."""
    for back in (1, 2, 3):
        k = j - back
        if k < 0 or not sheet.touching(k + 1):
            break
        if (
            sheet.keys[k] in {"laan", "weg", "plein", "hof", "pad"}
            and sheet.capital(k)
            and sheet.capital(j)
            and back > 1
        ):
            return k
    return None


def _back(sheet: Sheet, j: int) -> int:
    """Takes in the words before a street that belong to it: 'Burgemeester Van der', 'Prins', 'Willem de'."""
    k = named_after(sheet, j) if sheet.capital(j) else j
    if k < j - 1:
        return k
    k = j
    while k > 0 and sheet.touching(k) and j - k < 4 and sheet.places[k] != START:
        key = sheet.keys[k - 1]
        if (
            (key in _PREFIXES and (sheet.capital(k - 1) or sheet.shapes[k - 1] == NUMBER))
            or (sheet.capital(k - 1) and sheet.capital(k) and sheet.places[k - 1] != START)
            or (key in {"lage", "hoge", "oude", "nieuwe", "lange", "korte", "grote", "kleine"} and not sheet.capital(j))
        ):
            k -= 1
        else:
            break
    return k


def _led(sheet: Sheet, j: int) -> bool:
    """Whether the words before say that something stands there: 'aan de', 'adres'."""
    if j == 0 or not sheet.touching(j):
        return j > 0 and sheet.keys[j - 1] == "adres"
    key = sheet.keys[j - 1]
    if key in {"de", "het", "t"} and j > 1:
        return sheet.keys[j - 2] in {"aan", "op"} and (sheet.keys[j - 2] == "aan" or sheet.around(j, _LIVING))
    return key in {"aan", "adres"}


def _bare(sheet: Sheet, i: int) -> Span | None:
    """A street without a number: only one that is written as a name, or where somebody lives."""
    key = sheet.keys[i]
    if i < 2 or not sheet.touching(i) or key in _NO_STREETS:
        return None
    if sheet.places[i - 1] == START:
        # 'De Kerkstraat was afgezet' tells of no one where they are.
        return None
    article = sheet.keys[i - 1] in {"de", "het", "t"} and sheet.touching(i - 1)
    if article and sheet.keys[i - 2] == "aan" and _in_town(sheet, i) and sheet.around(i, _LIVING):
        return Span(sheet.starts[i], sheet.ends[i], "adres")
    if len(key) < 7 or not key.endswith(_BY_THEMSELVES):
        return None
    led = article and sheet.keys[i - 2] in _STANDING
    if sheet.capital(i):
        named = sheet.places[i] != START and key.endswith(_ALWAYS)
        return Span(sheet.starts[_back(sheet, i)], sheet.ends[i], "adres") if led or named else None
    if led and not sheet.lists.word(key) and (key.endswith(_ALWAYS) or sheet.around(i, _LIVING)):
        return Span(sheet.starts[i], sheet.ends[i], "adres")
    return None


def _in_town(sheet: Sheet, i: int) -> bool:
    """Whether 'in' and a town come next."""
    j = i + 2
    if j >= sheet.size or sheet.keys[i + 1] not in {"in", "te"} or not sheet.touching(j):
        return False
    return sheet.keys[j] in sheet.lists.towns.single or bool(sheet.lists.towns.length(sheet.keys, sheet.gaps, j))
