"""Employers, schools, clubs: by list, by the words that make one of a name, by what people do there. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import CAPITAL, CAPITALS, LOWER, MIDDLE, MIXED, OTHER, SOFT, START, Sheet
from vault.guard.tiers import EITHER, FIRST, HARMLESS, LAST, NOTHING, RARE, SELDOM, TRADE, UNKNOWN, WORD, tier

_AT = words("bij at")
_NEAR = words("bij van voor naar door vanuit tegen met at by for from")
_MOST = 6
"""Words of the longest name that is put together from capitals."""
# Heads that are common words in a note: the name behind them must not be a person or a word.
_LOOSE = words(
    "college academie bank bureau groep school kerk museum theater hotel winkel bedrijf aannemer praktijk centrum "
    "team partij fonds instituut firma krant omroep festival apotheek kliniek restaurant bibliotheek koor garage "
    "company church church camping zwembad provincie vereniging politie brandweer"
)
_CLUBS = words("vv sv fc sc voetbalclub voetbalvereniging sportvereniging hockeyclub")
_LEGAL = words("bv nv vof b.v n.v gmbh ltd inc llc zn zonen")
_ENDINGS = (
    "bank",
    "zorg",
    "groep",
    "college",
    "lyceum",
    "umc",
    "tech",
    "soft",
    "bouw",
    "wonen",
    "net",
    "corp",
    "flex",
    "care",
)
_BUILDINGS = (
    "kerk",
    "school",
    "college",
    "lyceum",
    "ziekenhuis",
    "kliniek",
    "gasthuis",
    "huis",
    "stichting",
    "klooster",
)
_INNER = words("en & de het van der den voor in op 't")


def find_named(sheet: Sheet) -> Iterator[Span]:
    """Those that a list has, and those with a word that makes them one: gemeente Zutphen, Jansen & Zn. Techniek."""
    i = 0
    while i < len(sheet):
        after, first = 0, i
        if not sheet.taken[i]:
            after = _listed(sheet, i) or _headed(sheet, i) or _tailed(sheet, i)
        if after:
            yield Span(sheet.starts[first], sheet.ends[after - 1], "organisatie")
            sheet.claim(first, after, OTHER)
            i = after
        else:
            i += 1


def find_placed(sheet: Sheet) -> Iterator[Span]:
    """Those that are told by what people do there ('werkt bij Zorgvlied'), or by their form (ProRail)."""
    for i in range(len(sheet)):
        if sheet.taken[i]:
            continue
        after = _worked_at(sheet, i) or _formed(sheet, i)
        if after:
            yield Span(sheet.starts[i], sheet.ends[after - 1], "organisatie")
            sheet.claim(i, after, OTHER)


def _listed(sheet: Sheet, i: int) -> int:
    employers = sheet.lists.employers
    length = employers.length(sheet.keys, sheet.gaps, i)
    if length and (any(map(sheet.capital, range(i, i + length))) or _rare(sheet, i, length)):
        return i + length
    key = sheet.keys[i]
    if key not in employers.single:
        return 0
    return i + 1 if _employs(sheet, i, key) else 0


def _rare(sheet: Sheet, i: int, length: int) -> bool:
    """Whether a phrase in lower case can be nothing but the employer."""
    words = range(i, i + length)
    if any(not sheet.lists.word(sheet.keys[j]) for j in words) or length > 2:
        return True
    return bool(i) and sheet.touching(i) and sheet.keys[i - 1] in _NEAR


def _employs(sheet: Sheet, i: int, key: str) -> bool:
    """Whether one word that a list has is the employer here."""
    lists = sheet.lists
    shape = sheet.shapes[i]
    near = _near(sheet, i)
    sure = len(key) > 3 and key not in lists.first and not lists.word(key) and key not in lists.last
    if sure or (shape == CAPITALS and len(key) > 2 and key not in lists.innocent):
        return sheet.places[i] != START or sure or _subject(sheet, i)
    if key in lists.innocent and not near:
        return False
    if shape == LOWER and i > 1 and sheet.keys[i - 1] == "en" and sheet.keys[i - 2] in lists.employers.single:
        return bool(sheet.taken[i - 2])
    if shape == LOWER:
        return _at(sheet, i) and (sheet.around(i, lists["work"]) or len(key) > 4) and key not in lists["stops"]
    if shape in {CAPITALS, MIXED}:
        return near or (
            sheet.places[i] != START and sheet.touching(i) and sheet.keys[i - 1] in {"de", "het", "in", "en"}
        )
    if key in lists.last and key not in lists.first and shape != LOWER:
        loose = near or (
            key in lists["more_employers"] and not lists.word(key) and (sheet.places[i] == MIDDLE or _subject(sheet, i))
        )
        return loose and not _named_before(sheet, i) and not _surnamed(sheet, i)
    named = key in lists.sure or key in lists.both or key in lists["names"]
    if key in lists.first and key in lists["more_employers"] and near and not named and not _surnamed(sheet, i):
        return True
    if key in lists.last or key in lists.first:
        return (
            _at(sheet, i)
            and (sheet.around(i, lists["work"]) or key in {"philips", "laurens", "douglas", "janssen"})
            and not _surnamed(sheet, i)
        )
    return near and (sheet.places[i] != START)


def _subject(sheet: Sheet, i: int) -> bool:
    return i + 1 < len(sheet) and sheet.touching(i + 1) and not sheet.capital(i + 1)


def _surnamed(sheet: Sheet, i: int) -> bool:
    j = i + 1
    return j < len(sheet) and sheet.touching(j) and (sheet.capital(j) or sheet.keys[j] in {"van", "de"})


def _named_before(sheet: Sheet, i: int) -> bool:
    """Whether a title, an initial or a first name stands before word `i`."""
    if i == 0 or sheet.places[i] == START:
        return False
    key = sheet.keys[i - 1]
    return sheet.near(i - 1, i) and (
        (sheet.capital(i - 1) and key in sheet.lists.first) or key in sheet.lists["titles"] or len(key) == 1
    )


def _near(sheet: Sheet, i: int) -> bool:
    """Whether the words before say that something can be left, joined or worked for."""
    if i == 0 or not sheet.touching(i):
        return False
    key = sheet.keys[i - 1]
    if key in _NEAR or (key == "en" and i > 1 and sheet.keys[i - 2] in sheet.lists.employers.single):
        return True
    return key in {"de", "het", "the"} and i > 1 and sheet.touching(i - 1) and sheet.keys[i - 2] in _NEAR


def _at(sheet: Sheet, i: int) -> bool:
    if i == 0 or not sheet.touching(i):
        return False
    if sheet.keys[i - 1] in _AT:
        return True
    return sheet.keys[i - 1] in {"de", "het"} and i > 1 and sheet.touching(i - 1) and sheet.keys[i - 2] in _AT


def _run(sheet: Sheet, i: int, *, inner: bool) -> int:
    """The word after a row of capitals that begins at `i`."""
    j = i
    while j < len(sheet) and j - i < _MOST and not sheet.taken[j]:
        if j > i and not (sheet.touching(j) or sheet.gaps[j].strip() in {"&", "+", ".", "-"}):
            break
        if j > i and sheet.places[j] == START:
            break
        if (
            sheet.capital(j)
            or (sheet.shapes[j] == 4 and j > i and len(sheet.words[j]) < 5)
            or (
                inner
                and sheet.keys[j] in _INNER
                and j + 1 < len(sheet)
                and sheet.touching(j + 1)
                and sheet.capital(j + 1)
            )
        ):
            j += 1
        elif (
            inner
            and sheet.keys[j] in {"van", "aan", "op", "in"}
            and j + 2 < len(sheet)
            and sheet.keys[j + 1] in {"de", "den", "der", "het"}
            and sheet.capital(j + 2)
        ):
            j += 2
        else:
            break
    return j


def _headed(sheet: Sheet, i: int) -> int:
    """The word after a head and its name: stichting Trajectum, basisschool de Regenboog."""
    lists = sheet.lists
    key = sheet.keys[i]
    if key in {"sint", "st"} and i + 1 < len(sheet) and sheet.capital(i + 1) and sheet.keys[i + 1].endswith(_BUILDINGS):
        return i + 2
    if key not in lists["organisation_heads"] or i + 1 >= len(sheet):
        return 0
    if not sheet.touching(i + 1) and not (key in {"gem", "st", "fa"} and sheet.gaps[i + 1] == ". "):
        return 0
    j = i + 1
    if key in {"ministerie", "universiteit", "university"} and sheet.keys[j] in {"van", "of"} and j + 1 < len(sheet):
        j += 1
    kind = tier(sheet, j)
    town = sheet.keys[j] in lists.towns.single
    if sheet.capital(j):
        if (
            kind in {HARMLESS, NOTHING}
            and key not in _CLUBS
            and not (town or sheet.keys[j] in {"oost", "west", "noord", "zuid"})
        ):
            return 0
        if (
            sheet.keys[j] in {"de", "het", "t"}
            and j + 1 < len(sheet)
            and sheet.touching(j + 1)
            and sheet.capital(j + 1)
        ):
            return _run(sheet, j + 1, inner=True)
        if key in _LOOSE and kind in {FIRST, WORD, EITHER} and not town:
            return 0
        if sheet.keys[j] in lists["stops"] and not sheet.capital(j + 1 if j + 1 < len(sheet) else j):
            return 0
        return _run(sheet, j, inner=True)
    if town and key not in {"college", "bank", "kerk"} and not lists.word(sheet.keys[j]):
        return j + 1
    if sheet.keys[j] in {"de", "het", "t", "den", "van"} and j + 1 < len(sheet) and sheet.touching(j + 1):
        if sheet.capital(j + 1):
            barred = {HARMLESS, FIRST} if sheet.keys[j] == "van" else {HARMLESS}
            return _run(sheet, j + 1, inner=True) if tier(sheet, j + 1) not in barred else 0
        bare = i == 0 or (
            sheet.keys[i - 1] not in lists["determiners"] and sheet.keys[i - 1] not in lists["possessives"]
        )
        if bare and key not in _LOOSE and sheet.keys[j] != "van" and len(key) > 3 and sheet.places[i] != START:
            return j + 2
    return 0


def _tailed(sheet: Sheet, i: int) -> int:
    """The word after a row of capitals that ends in a tail: Jansen Bouw BV, Bakker & Zoon."""
    if not sheet.capital(i) or sheet.shapes[i] == 4:
        return 0
    kind = tier(sheet, i)
    if kind in {NOTHING, HARMLESS} and sheet.keys[i] not in sheet.lists.towns.single:
        return 0
    if sheet.places[i] == START and kind == WORD and sheet.keys[i] in sheet.lists.common:
        return 0
    tails = sheet.lists["organisation_tails"]
    after = _run(sheet, i, inner=False)
    for j in range(after - 1, i, -1):
        if sheet.keys[j] in tails and (sheet.keys[j] not in sheet.lists.innocent or sheet.keys[j] in _LEGAL):
            return j + 1
        if sheet.gaps[j].strip() in {"&", "+"}:
            return after
    # 'Jansen bv', 'Bakker en zonen'
    if after < len(sheet) and sheet.touching(after) and sheet.keys[after] in _LEGAL:
        return after + 1
    if (
        after + 1 < len(sheet)
        and sheet.keys[after] == "en"
        and sheet.keys[after + 1] in {"zonen", "zoon", "zn", "partners", "co", "dochters"}
    ):
        return after + 2
    return 0


def _worked_at(sheet: Sheet, i: int) -> int:
    """The word after 'bij X' where X is worked at."""
    if not _at(sheet, i):
        return 0
    lists = sheet.lists
    kind = tier(sheet, i)
    articled = sheet.keys[i - 1] in {"de", "het"}
    if kind in {FIRST, NOTHING, HARMLESS}:
        return 0
    work = sheet.around(i, lists["work"], 8)
    if sheet.shapes[i] == LOWER:
        return i + 1 if kind == UNKNOWN and work and len(sheet.keys[i]) > 3 else 0
    if kind in {UNKNOWN, WORD, RARE} and (work or (articled and kind != WORD)):
        return _run(sheet, i, inner=True)
    if kind in {LAST, TRADE, SELDOM, EITHER} and articled:
        return _run(sheet, i, inner=True)
    return (
        _run(sheet, i, inner=True) if kind in {LAST, TRADE, SELDOM} and sheet.around(i, lists["strong_work"], 6) else 0
    )


def _formed(sheet: Sheet, i: int) -> int:
    """The word after a name whose form is that of a firm: ProRail, PostNL, Zorgbank."""
    shape = sheet.shapes[i]
    key = sheet.keys[i]
    if shape == MIXED and len(key) > 3 and sheet.words[i].isalpha():
        word = sheet.words[i]
        inner = sum(sign.isupper() for sign in word[1:])
        if (
            word[0].isupper()
            and inner
            and not word.startswith(("Mc", "Mac", "De", "Van", "El", "Le", "O", "Di", "Fitz"))
        ):
            return i + 1 if tier(sheet, i) in {UNKNOWN, LAST} else 0
        return 0
    if shape == CAPITAL and key.endswith(_ENDINGS) and len(key) > 6 and sheet.places[i] in {MIDDLE, SOFT}:
        return _run(sheet, i, inner=False) if tier(sheet, i) == UNKNOWN else 0
    return 0
