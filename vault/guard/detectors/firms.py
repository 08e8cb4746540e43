"""Organisations by the words that make one of a name: gemeente Zutphen, Jansen & Zn. Techniek, Sint Janskerk. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import ARTICLES, at, next_to, row
from vault.guard.sets import endings, words
from vault.guard.sheet import LOWER, MIDDLE, OTHER, START, Sheet
from vault.guard.tiers import EITHER, FIRST, HARMLESS, LAST, NOTHING, SELDOM, TRADE, WORD, tier

# Heads that are common words in a note: the name behind them must not be a person or a word.
_LOOSE = words(
    "college academie bank bureau groep school kerk museum theater hotel winkel bedrijf aannemer praktijk centrum "
    "partij fonds instituut firma krant omroep apotheek kliniek restaurant bibliotheek koor garage company church "
    "lijst camping zwembad provincie vereniging politie brandweer studio salon galerie atelier tuincentrum speeltuin "
    "kringloop juwelier opticien drogist"
)
_CLUBS = words(
    "vv sv fc sc kv fk rc krc kaa aa rsc rfc as ac afc cf sk vfb vfl tsv nt voetbalclub voetbalvereniging "
    "sportvereniging hockeyclub"
)
_LEGAL = words("bv nv vof b.v n.v gmbh ltd inc llc zn zonen")
_JOINING = _LEGAL | {"en"}
_FAMILY = words("zonen zoon zn partners co dochters")
_SHORT = words("gem st fa")
_LED_BY = words("team groep partij lijst bureau praktijk kantoor garage winkel bedrijf")
_OF = words("ministerie universiteit university")
_QUARTERS = words("oost west noord zuid")
_HEADS = endings(
    "fabriek bedrijf bureau praktijk school vereniging stichting kwekerij bakkerij kantoor corporatie handel "
    "makelaardij uitgeverij drukkerij garage centrum keten concern gigant maatschappij brouwerij zender fabrikant"
)
_SAINTS = words("sint st")
_SCHOOLS = words("college lyceum gymnasium academie")
_BUILDINGS = endings("kerk school college lyceum ziekenhuis kliniek gasthuis huis stichting klooster")


def find(sheet: Sheet) -> Iterator[Span]:
    """Names with a word before them or behind them that makes them an organisation."""
    places = sheet.raised + sheet.where(_SAINTS, sheet.lists["organisation_heads"]) + sheet.ending(_HEADS)
    for i in sorted(set(places)):
        after = 0
        if not sheet.taken[i]:
            after = _consecrated(sheet, i) or _headed(sheet, i) or _tailed(sheet, i) or _called(sheet, i)
        if after:
            yield Span(sheet.starts[i], sheet.ends[after - 1], "organisatie")
            sheet.claim(i, after, OTHER)


def _consecrated(sheet: Sheet, i: int) -> int:
    """The word after 'Sint Janskerk'."""
    if sheet.keys[i] not in _SAINTS or i + 1 >= sheet.size or not sheet.capital(i + 1):
        return 0
    return i + 2 if sheet.keys[i + 1].endswith(_BUILDINGS) else 0


def _called(sheet: Sheet, i: int) -> int:
    """The word after 'bij De Lichtenvoorde', where no last name follows the article."""
    if sheet.keys[i] not in ARTICLES or not sheet.capital(i) or not at(sheet, i) or not next_to(sheet, i + 1):
        return 0
    kind = tier(sheet, i + 1)
    fits = sheet.capital(i + 1) and kind not in {FIRST, LAST, TRADE, SELDOM, HARMLESS, NOTHING}
    return row(sheet, i, inner=True) if fits else 0


def _headed(sheet: Sheet, i: int) -> int:
    """The word after a head and its name: stichting Trajectum, basisschool de Regenboog; 0 if there is none."""
    key = sheet.keys[i]
    if i + 1 >= sheet.size or not (key in sheet.lists["organisation_heads"] or key.endswith(_HEADS)):
        return 0
    if key == "jong":
        # 'Jong Ambon'
        young = sheet.capital(i) and next_to(sheet, i + 1) and sheet.capital(i + 1) and sheet.places[i] == MIDDLE
        return i + 2 if young and tier(sheet, i + 1) != FIRST else 0
    if not sheet.touching(i + 1) and not (key in _SHORT and sheet.gaps[i + 1] == ". "):
        return 0
    j = i + 1
    if key in _OF and sheet.keys[j] in {"van", "of"} and next_to(sheet, j + 1):
        j += 1
    if sheet.capital(j):
        return row(sheet, j, inner=True) if _names(sheet, i, j) else 0
    if sheet.keys[j] in sheet.lists.towns.single and key not in _LOOSE - {"politie", "brandweer"}:
        return j + 1 if not sheet.lists.word(sheet.keys[j]) else 0
    if key in {"politie", "brandweer", "voedselbank"} and sheet.keys[j] in sheet.lists["more_places"]:
        return j + 1
    if key not in sheet.lists["organisation_heads"]:
        return 0
    return _articled(sheet, i, j) if sheet.keys[j] in ARTICLES or sheet.keys[j] in {"den", "van"} else 0


def _names(sheet: Sheet, i: int, j: int) -> bool:
    """Whether the capital at `j` is the name that goes with the head at `i`."""
    head, key = sheet.keys[i], sheet.keys[j]
    kind = tier(sheet, j)
    if key in ARTICLES and next_to(sheet, j + 1) and sheet.capital(j + 1):
        return True
    if key in sheet.lists.towns.single:
        return key not in sheet.lists["stops"]
    if kind in {HARMLESS, NOTHING}:
        if key in {"sint", "st"} and next_to(sheet, j + 1):
            return sheet.capital(j + 1)
        return head in _CLUBS or key in _QUARTERS
    # 'Studio Bliksem', but neither 'de school Anna' nor 'Kerk En Staat'
    written = sheet.capital(i) and sheet.places[i] == MIDDLE
    if (
        (head in _LOOSE or head not in sheet.lists["organisation_heads"])
        and kind in {FIRST, WORD, EITHER}
        and not written
    ):
        return False
    return key not in sheet.lists["stops"] or (next_to(sheet, j + 1) and sheet.capital(j + 1))


def _articled(sheet: Sheet, i: int, j: int) -> int:
    """The word after 'popkoor de noot', 'school De Klimop', 'stichting van Wee'."""
    if not next_to(sheet, j + 1):
        return 0
    if sheet.capital(j + 1):
        barred = {HARMLESS, FIRST} if sheet.keys[j] == "van" else {HARMLESS}
        if sheet.keys[j] == "van" and sheet.keys[i] in _LED_BY:
            # 'het team van Hakvoort' is somebody's, 'de stichting van Wee' is called so
            return 0
        return row(sheet, j + 1, inner=True) if tier(sheet, j + 1) not in barred else 0
    lists = sheet.lists
    head = sheet.keys[i]
    if sheet.keys[j] == "van" or head in _LOOSE or len(head) < 4 or sheet.places[i] == START:
        return 0
    before = sheet.keys[i - 1] if i else ""
    return j + 2 if before not in lists["determiners"] and before not in lists["possessives"] else 0


def _tailed(sheet: Sheet, i: int) -> int:
    """The word after a row of capitals that ends in a tail: Jansen Bouw BV, Bakker & Zoon; 0 if there is none."""
    key = sheet.keys[i]
    particle = key in sheet.lists["particles"]
    alone = i + 1 == sheet.size or (sheet.shapes[i + 1] == LOWER and sheet.keys[i + 1] not in _JOINING)
    if not sheet.capital(i) or (alone and not particle):
        return 0
    kind = tier(sheet, i)
    if kind in {NOTHING, HARMLESS} and key not in sheet.lists.towns.single:
        return 0
    usual = key in sheet.lists.common or key in sheet.lists.verbs
    if sheet.places[i] == START and kind == WORD and usual and not particle:
        return 0
    tails = sheet.lists["organisation_tails"]
    after = row(sheet, i, inner=particle)
    for j in range(after - 1, i, -1):
        if sheet.keys[j] in _SCHOOLS:
            return after
        if sheet.keys[j] in tails and (sheet.keys[j] not in sheet.lists.innocent or sheet.keys[j] in _LEGAL):
            return j + 1
        if sheet.gaps[j].strip() in {"&", "+"}:
            return after
    # 'Jansen bv', 'Bakker en zonen'
    if next_to(sheet, after) and sheet.keys[after] in _LEGAL:
        return after + 1
    joined = next_to(sheet, after + 1) and sheet.keys[after] == "en" and sheet.keys[after + 1] in _FAMILY
    return after + 2 if joined else 0
