"""Dates with the name of a month: 3 maart, de derde van mei, begin juni, oktober 2021, 'in augustus verhuisd'. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors import numerals
from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import Sheet

_DUTCH = words("januari februari maart april mei juni juli augustus september oktober november december")
_ENGLISH = words("january february march may june july august october") | words("april september november december")
_SHORT = words("jan febr feb mrt mar apr jun jul aug sept sep okt oct nov dec")
_MONTHS = _DUTCH | _ENGLISH | _SHORT
_WEEKDAYS = words(
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag ma di wo do vr za zo monday tuesday wednesday "
    "thursday friday saturday sunday maandagochtend maandagmiddag maandagavond dinsdagochtend dinsdagmiddag "
    "dinsdagavond woensdagochtend woensdagmiddag woensdagavond donderdagochtend donderdagmiddag donderdagavond "
    "vrijdagochtend vrijdagmiddag vrijdagavond zaterdagochtend zaterdagmiddag zaterdagavond zondagochtend "
    "zondagmiddag zondagavond"
)
_PARTS = words("begin half medio eind einde midden mid early late")
_STRETCHES = words("helft week weekend dagen maandag dinsdag woensdag donderdag vrijdag zaterdag zondag")
_COUNTS = words("eerste tweede derde vierde laatste 1e 2e 3e")
_BETWEEN = words("en op of tot tm t m met")
_LED = words(
    "in sinds vanaf tot per rond na voor tegen van afgelopen vorige komende volgende until since eind met deze"
)
_YEAR = re.compile(r"\.?,?(?: van)? ?(?:(?:19|20)\d\d|['’‘`]\d\d)(?!\d)")
_RANGE = re.compile(r"\d{1,2}[-–]\d{1,2}")
_GLUED = re.compile(
    r"(\d{1,2})(januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|jan|feb|mrt|apr|jun|jul|aug|sept|sep|okt|nov|dec)"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """What stands around the name of a month decides whether it is a date."""
    for i in sorted({*sheet.figures, *sheet.where(_MONTHS)}):
        key = sheet.keys[i]
        if key in _MONTHS:
            span = _dated(sheet, i)
            if span is not None:
                yield span
        elif key[:1].isdigit() and _GLUED.fullmatch(key):
            yield Span(sheet.starts[i], _year_end(sheet, i), "datum")


def _dated(sheet: Sheet, i: int) -> Span | None:
    end = _year_end(sheet, i)
    first = _day_before(sheet, i)
    short = sheet.keys[i] in _SHORT
    if first is not None:
        return Span(sheet.starts[first], max(end, _stop(sheet, i) if short else 0), "datum")
    if end > sheet.ends[i]:
        begin = i - 1 if _follows(sheet, i) and sheet.keys[i - 1] in _PARTS else i
        return Span(sheet.starts[begin], end, "datum")
    if sheet.keys[i] in _ENGLISH or (short and sheet.capital(i)):
        day = _day_behind(sheet, i)
        if day is not None:
            return Span(sheet.starts[i], day, "datum")
    return None if short else _month(sheet, i)


def _follows(sheet: Sheet, i: int) -> bool:
    """Whether word `i` stands right behind the one before it."""
    return i > 0 and (sheet.touching(i) or sheet.gaps[i] in {". ", ".", ", ", "-", " - "}) and "\n" not in sheet.gaps[i]


def _stop(sheet: Sheet, i: int) -> int:
    end = sheet.ends[i]
    return end + 1 if sheet.text.startswith(".", end) and end + 1 < len(sheet.text) else end


def _year_end(sheet: Sheet, i: int) -> int:
    """Where the date ends: behind the year, if there is one."""
    match = _YEAR.match(sheet.text, sheet.ends[i])
    if match is not None:
        return match.end()
    j = i + 1
    if j < sheet.size and sheet.touching(j):
        if numerals.year(sheet.keys[j]):
            return sheet.ends[j]
        if sheet.keys[j] == "tweeduizend" and j + 1 < sheet.size and 0 < numerals.cardinal(sheet.keys[j + 1]) < 100:
            return sheet.ends[j + 1]
    return sheet.ends[i]


def _is_day(sheet: Sheet, i: int) -> bool:
    key = sheet.keys[i]
    if key == "een":
        return False
    return 1 <= numerals.cardinal(key) <= 31 or 1 <= numerals.ordinal(key) <= 31 or _RANGE.fullmatch(key) is not None


def _day_before(sheet: Sheet, i: int) -> int | None:
    """The first word of the day, or the days, that stand before the month."""
    if not _follows(sheet, i):
        return None
    j = i - 1
    if sheet.keys[j] in {"van", "of", "dag"} and j > 0 and sheet.touching(j):
        j -= 1
    if not _is_day(sheet, j) or (sheet.keys[i] in _SHORT and not sheet.keys[j][:1].isdigit()):
        return None
    for _ in range(3):
        k = j
        while k > 0 and j - k < 3 and sheet.keys[k - 1] in _BETWEEN and "\n" not in sheet.gaps[k]:
            k -= 1
        if (
            k == 0
            or not _is_day(sheet, k - 1)
            or "\n" in sheet.gaps[k]
            or (k == j and sheet.gaps[k].strip() not in {",", "/", "-", "–"})
        ):
            break
        j = k - 1
    if j > 0 and sheet.keys[j - 1] in {"de", "den", "the"} and sheet.touching(j):
        j -= 1
    if (
        j > 0
        and sheet.keys[j - 1] in _WEEKDAYS
        and sheet.gaps[j].strip() in {"", ",", "."}
        and "\n" not in sheet.gaps[j]
    ):
        j -= 1
    return j


def _day_behind(sheet: Sheet, i: int) -> int | None:
    """Where an English date ends: 'March 3rd, 2024'."""
    j = i + 1
    if j < sheet.size and sheet.keys[j] == "the":
        j += 1
    if j >= sheet.size or not sheet.touching(j) or not _is_day(sheet, j) or not sheet.words[j][0].isdigit():
        return None
    if sheet.text[sheet.ends[j] : sheet.ends[j] + 1] in {":", "%"}:
        return None
    return _year_end(sheet, j)


def _month(sheet: Sheet, i: int) -> Span | None:
    """A month by itself: part of one, or one that tells when a single thing happened."""
    if not _follows(sheet, i):
        return None
    key = sheet.keys[i - 1]
    if key in _PARTS:
        return Span(sheet.starts[i - 1], sheet.ends[i], "datum")
    j = i - 2 if key == "van" else i - 1
    if j > 0 and sheet.keys[j] in _STRETCHES and sheet.keys[j - 1] in _COUNTS:
        return Span(sheet.starts[j - 1], sheet.ends[i], "datum")
    if key not in _LED or not sheet.touching(i) or sheet.around(i, sheet.lists["time_words"], 10):
        return None
    # 'in mei of juni'
    both = i + 2 < sheet.size and sheet.keys[i + 1] in {"of", "en"} and sheet.keys[i + 2] in _MONTHS
    return Span(sheet.starts[i], sheet.ends[i + 2 if both else i], "datum")
