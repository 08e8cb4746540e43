"""Employers, schools and clubs that a list has. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import NEAR, at, led_by, next_to
from vault.guard.sets import words
from vault.guard.sheet import CAPITALS, LOWER, MIDDLE, MIXED, OTHER, START, Sheet

_EMPLOYING = words("werkgever werkgeefster bedrijf opdrachtgever klant organisatie concern")
_PARTICLES = words("van ten ter")
_VISITED = words("naar bij van in uit")
_PAPERS = words(
    "volkskrant telegraaf trouw nrc parool dagblad fd stentor tubantia limburger gelderlander nieuwsblad knack"
)
_READ = words("leest las lezen gelezen krant kranten abonnement stond artikel interview stuk column")
_INSIDE = words("de het in en")


def find(sheet: Sheet) -> Iterator[Span]:
    """'Bol.com', 'Albert Heijn', 'bij philips', 'de ING'."""
    employers = sheet.lists.employers
    for i in sorted(sheet.where(employers.firsts, employers.single)):
        length = 0 if sheet.taken[i] else _length(sheet, i)
        if length:
            yield Span(sheet.starts[i], sheet.ends[i + length - 1], "organisatie")
            sheet.claim(i, i + length, OTHER)


def _length(sheet: Sheet, i: int) -> int:
    """How many words from `i` on are an employer here; 0 if none."""
    employers = sheet.lists.employers
    length = employers.length(sheet.keys, sheet.gaps, i)
    if length and sheet.keys[i + length - 1] in _PAPERS and sheet.around(i, _READ, 6):
        return 0
    if length == 2 and sheet.keys[i] in _PARTICLES and not at(sheet, i):
        # 'volgens Ten Cate' is somebody, 'bij Ten Cate' is the mill.
        return 0
    if length and (any(map(sheet.capital, range(i, i + length))) or _unmistakable(sheet, i, length)):
        return length
    if i and sheet.keys[i - 1] in {"een", "n"} and sheet.touching(i):
        # 'een Heineken' is a drink.
        return 0
    if sheet.keys[i] in _PAPERS and sheet.around(i, _READ, 6):
        return 0
    return int(sheet.keys[i] in employers.single and _employs(sheet, i))


def _unmistakable(sheet: Sheet, i: int, length: int) -> bool:
    """Whether a phrase in lower case can be nothing but the employer."""
    if length > 2 or not all(sheet.lists.word(sheet.keys[j]) for j in range(i, i + length)):
        return True
    return next_to(sheet, i) and sheet.keys[i - 1] in NEAR


def _employs(sheet: Sheet, i: int) -> bool:
    """Whether one word that a list has is the employer here."""
    lists = sheet.lists
    key, shape = sheet.keys[i], sheet.shapes[i]
    if len(key) > 3 and key not in lists.first and key not in lists.last and not lists.word(key):
        return True
    if shape == CAPITALS and len(key) > 2 and key not in lists.innocent:
        return sheet.places[i] != START or _subject(sheet, i)
    near = led_by(sheet, i, NEAR) or _joined(sheet, i) or _apposed(sheet, i)
    if key in lists.innocent and not at(sheet, i):
        return shape != LOWER and _apposed(sheet, i)
    if shape == LOWER:
        return _worked_for(sheet, i)
    if shape in {CAPITALS, MIXED}:
        inside = sheet.places[i] != START and sheet.touching(i) and sheet.keys[i - 1] in _INSIDE
        middle = sheet.places[i] == MIDDLE and key in lists["more_employers"]
        return near or inside or middle or _acts(sheet, i)
    if key in lists.last or key in lists.first:
        return not _surnamed(sheet, i) and _not_person(sheet, i, near)
    return (near and sheet.places[i] != START) or _well_known(sheet, i)


def _well_known(sheet: Sheet, i: int) -> bool:
    """Whether a word with a capital is the employer everybody thinks of: 'Shell wil', 'verlaat Action'."""
    lists = sheet.lists
    key = sheet.keys[i]
    if key not in lists["more_employers"] or key in lists.common:
        return False
    if sheet.places[i] == START:
        return _acts(sheet, i)
    governed = sheet.keys[i - 1] in lists["determiners"] or sheet.keys[i - 1] in lists["possessives"]
    return sheet.places[i] == MIDDLE and not governed


def _acts(sheet: Sheet, i: int) -> bool:
    """Whether a verb stands right behind word `i`."""
    return next_to(sheet, i + 1) and sheet.keys[i + 1] in sheet.lists.verbs


def _apposed(sheet: Sheet, i: int) -> bool:
    """'haar werkgever, Shell,'"""
    if i > 1 and next_to(sheet, i) and sheet.keys[i - 1] in {"is", "was", "wordt"}:
        return sheet.keys[i - 2] in _EMPLOYING
    return i > 0 and sheet.gaps[i].strip() in {",", "(", ":"} and sheet.keys[i - 1] in _EMPLOYING


def _worked_for(sheet: Sheet, i: int) -> bool:
    """Whether a word in lower case, that may be something else, is worked for."""
    lists = sheet.lists
    if next_to(sheet, i) and sheet.keys[i - 1] == "en" and i > 1 and sheet.keys[i - 2] in lists.employers.single:
        return bool(sheet.taken[i - 2])
    if _shop(sheet, i):
        return True
    if len(sheet.keys[i]) == 3 and led_by(sheet, i, NEAR) and not lists.word(sheet.keys[i]):
        # 'de overstap van pwc naar het onderwijs'
        return sheet.keys[i] in lists["more_employers"] and sheet.keys[i] not in lists.first
    return (
        at(sheet, i)
        and (sheet.around(i, lists["work"]) or len(sheet.keys[i]) > 4)
        and sheet.keys[i] not in lists["stops"]
    )


def _shop(sheet: Sheet, i: int) -> bool:
    """'naar de ah', 'van de jumbo': what everybody knows by that name, though in lower case."""
    key = sheet.keys[i]
    if i < 2 or not next_to(sheet, i) or sheet.keys[i - 1] != "de" or not next_to(sheet, i - 1):
        return False
    known = key in sheet.lists["more_employers"] and (len(key) < 3 or not sheet.lists.word(key))
    ends = not sheet.touching(i + 1) or sheet.keys[i + 1] in sheet.lists["stops"]
    return known and ends and sheet.keys[i - 2] in _VISITED


def _not_person(sheet: Sheet, i: int, near: bool) -> bool:
    """Whether an employer who is called as people are is meant: Philips, Sparta."""
    lists = sheet.lists
    key = sheet.keys[i]
    well_known = key in lists["more_employers"]
    if key in lists.first:
        named = key in lists.sure or key in lists.both or key in lists["names"]
        return (well_known and near and not named) or (at(sheet, i) and sheet.around(i, lists["work"]))
    placed = sheet.places[i] == MIDDLE or _subject(sheet, i)
    return (near or (well_known and not lists.word(key) and placed)) and not _named(sheet, i)


def _subject(sheet: Sheet, i: int) -> bool:
    return next_to(sheet, i + 1) and not sheet.capital(i + 1)


def _surnamed(sheet: Sheet, i: int) -> bool:
    return next_to(sheet, i + 1) and (sheet.capital(i + 1) or sheet.keys[i + 1] in {"van", "de"})


def _named(sheet: Sheet, i: int) -> bool:
    """Whether a title, an initial or a first name stands before word `i`."""
    if i == 0 or sheet.places[i] == START or not sheet.near(i - 1, i):
        return False
    key = sheet.keys[i - 1]
    return (sheet.capital(i - 1) and key in sheet.lists.first) or key in sheet.lists["titles"] or len(key) == 1


def _joined(sheet: Sheet, i: int) -> bool:
    """'thales en damen'"""
    return (
        next_to(sheet, i) and sheet.keys[i - 1] == "en" and i > 1 and sheet.keys[i - 2] in sheet.lists.employers.single
    )
