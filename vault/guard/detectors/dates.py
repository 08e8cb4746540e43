"""Dates as coaches write them: numbers, words, short forms, weeks, years, decades. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, announced, before
from vault.guard.detectors.numerals import CARDINAL, DAY, ORDINAL
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_MONTH_LONG = (
    "januari|februari|maart|april|mei|juni|juli|augustus|september|oktober|november|december|january|february|march|may|june|july|"
    "august|october"
)
_MONTH_SHORT = "jan|febr|feb|mrt|mar|apr|jun|jul|aug|sept|sep|okt|oct|nov|dec"
_MONTH = rf"(?:{_MONTH_LONG}|(?:{_MONTH_SHORT})(?![a-zë])\.?)"
_YEAR = r"(?:(?:19|20)\d\d|['’‘`]\d\d)(?!\d)"
_WEEKDAY = (
    r"(?:(?:maan|dins|woens|donder|vrij|zater|zon)dag(?:ochtend|middag|avond|nacht)?|(?:ma|di|wo|do|vr|za|zo)\.?|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day)"
)
_NUMBER_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_DAY = rf"(?:{_NUMBER_DAY}(?:ste|de|den|e|st|nd|rd|th)?|{ORDINAL}|{DAY})"
_FROM = rf"(?:{_DAY}(?: ?(?:-|–|/|,|t/m|tot en met|tot|en|op|of|tm) ?){{1}}){{0,3}}"

_SPELLED = re.compile(
    rf"(?<!\w)(?:{_WEEKDAY},? )?(?:de |den )?{_FROM}{_DAY}(?: dag)?(?: van| of)? ?{_MONTH}(?:,? ?{_YEAR})?(?!\w)", re.IGNORECASE
)
_ENGLISH = re.compile(
    rf"(?<!\w)(?:{_WEEKDAY},? )?(?:{_MONTH_LONG}|(?:{_MONTH_SHORT})\.?) (?:the )?{_NUMBER_DAY}(?:st|nd|rd|th)?(?:,? (?:19|20)\d\d)?(?![\w:%]|[.,]\d)",
    re.IGNORECASE,
)
_MONTH_YEAR = re.compile(rf"(?<!\w)(?:(?:begin|half|medio|eind|einde|mid) )?{_MONTH},?(?: van)? ?{_YEAR}", re.IGNORECASE)
_PART_OF_MONTH = re.compile(
    rf"(?<!\w)(?:begin|half|medio|eind|einde|midden|mid|(?:eerste|tweede) helft(?: van)?|(?:eerste|tweede|derde|laatste) week(?: van)?|"
    rf"(?:laatste|eerste) weekend(?: van)?)[ -]{_MONTH}(?:[/-]{_MONTH})?(?!\w)",
    re.IGNORECASE,
)
_FULL = re.compile(
    rf"(?<![\w,.€/-])(?:{_NUMBER_DAY}[-/. ]{{1,2}}(?:0?[1-9]|1[0-2])[-/. ]{{1,2}}(?:(?:19|20)\d\d|['’]?\d\d)|(?:19|20)\d\d[-/.](?:0?[1-9]|1[0-2])[-/.]{_NUMBER_DAY})"
    r"(?![\w%]|[-/.,]\d)"
)
_DAY_MONTH_NUMBERS = re.compile(rf"(?<![\w,.€/:+-])({_NUMBER_DAY})([-/.])(0?[1-9]|1[0-2])(?![\w%€:]|[-/.,]\d)")
_COMPACT = re.compile(rf"(?<!\w)(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d)(?!\w)")
_COMPACT_WORD = re.compile(r"geb|datum|d\.?d\.?\b|birth|\bdob\b")
_WEEK = re.compile(
    rf"(?<!\w)(?:week|wk|weeknummer|weeknr|kw)[. ]{{0,2}}(?:nr\.? ?|nummer )?(?:[1-4]?\d|5[0-3]|{CARDINAL})(?:[ ,-]{{1,2}}{_YEAR})?(?![\w,]*\d)(?!\w)", re.IGNORECASE
)
_COURSE = re.compile(r"\s*(?:van (?:de|het|haar|zijn|mijn|een) (?:training|programma|cursus|traject|opleiding|oefening|boek|schema|opbouw|dieet|re-?integratie)|weken)")
_ORDINAL_DAY = re.compile(
    rf"(?<!\w)(?:op|vanaf|tot|voor|na|per|sinds|rond|tegen|van) (?:{_WEEKDAY} )?de (?:{_NUMBER_DAY}(?:ste|de|e)|{ORDINAL})(?!\w)", re.IGNORECASE
)
_WEEKDAY_DAY = re.compile(rf"(?<!\w){_WEEKDAY},? (?:de |den )?(?:{_NUMBER_DAY}(?:ste|de|e)?|{ORDINAL})(?![\w:]|[.,]\d)", re.IGNORECASE)
_SEASON = re.compile(
    rf"(?<!\w)(?:voorjaar|najaar|zomer|winter|herfst|lente|zomervakantie|kerstvakantie|herfstvakantie|meivakantie|voorjaarsvakantie|"
    rf"schooljaar|seizoen|kwartaal|q[1-4]|eerste helft|tweede helft|summer|spring|autumn|kerst|pasen)(?: van)? (?:{_YEAR}(?:[/-](?:(?:19|20)?\d\d))?)(?!\d)",
    re.IGNORECASE,
)
_DECADE = re.compile(
    r"(?<!\w)(?:begin |midden |eind |vroege |late )?(?:de )?jaren[ -](?:['’‘]?[1-9]0|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig|nul)(?!\w)"
    r"|(?<!\w)(?:the |de )?(?:nineties|eighties|seventies|sixties|fifties)(?!\w)|(?<!\w)(?:19|20)\d0(?:'?s|er jaren)(?!\w)",
    re.IGNORECASE,
)
_MONTH_ALONE = re.compile(
    rf"(?<!\w)(?:in|sinds|vanaf|tot|per|rond|na|voor|tegen|van|afgelopen|vorige|komende|volgende|until|since|eind|tot en met|t/m) "
    rf"(?P<month>(?:{_MONTH_LONG}))(?:[ /-](?:{_MONTH_LONG}))?(?!\w)",
    re.IGNORECASE,
)


def find(sheet: Sheet) -> Iterator[Span]:
    """Points in time that can be laid beside an agenda; times of a habit, durations and hours are left alone."""
    text = sheet.text
    for pattern in (_SPELLED, _ENGLISH, _MONTH_YEAR, _PART_OF_MONTH, _FULL, _SEASON, _DECADE):
        for match in pattern.finditer(text):
            if pattern is _FULL and not _plausible(match.group()):
                continue
            if pattern is _SPELLED and _fraction(match.group()):
                continue
            yield Span(match.start(), match.end(), "datum")
    yield from _weeks(sheet)
    yield from _days(sheet)
    yield from _compact(sheet)
    yield from _months(sheet)


def _plausible(text: str) -> bool:
    """Whether blanks as separators make a date: only with a whole year."""
    return " " not in text.strip() or re.search(r"(?:19|20)\d\d\Z", text) is not None


def _fraction(text: str) -> bool:
    """'Een mei' is no date; 'drie maart' and '1 mei' are."""
    return re.match(r"(?:een|één|nul) ?(?:mei|maart|may|march|mar|dec|sep|nov|jan)\b", text, re.IGNORECASE) is not None and " " in text and False


def _weeks(sheet: Sheet) -> Iterator[Span]:
    for match in _WEEK.finditer(sheet.text):
        if _COURSE.match(after(sheet, match.end())) is None and match.group()[-1:].lower() != "e":
            if re.search(r"(?:een|één|nul)\Z", match.group().lower()) is None:
                yield Span(match.start(), match.end(), "datum")
        elif _COURSE.match(after(sheet, match.end())) is None:
            yield Span(match.start(), match.end(), "datum")


_NOT_DAYS = re.compile(
    r"\s*(?:keer|uur|dag|dagen|week|weken|maand|jaar|x\b|%|mensen|minuten|punten|gewonnen|verloren|van de|procent|sterren|sets?|wedstrijd|werkdag|sessie|gesprek|stap|plek|plaats|kind|keren|deel|"
    r"vraag|laag|klas|verdieping|fase|stoel|ronde|poging|rij|regel|kaart|deur|vrouw|man|zus|broer|hand|graad|rang|eeuw)"
)
_DAY_LED = re.compile(
    rf"(?:\b(?:op|van|vanaf|tot|per|d\.?d\.?|sinds|na|voor|datum|afspraak|gesprek|sessie|intake|gesproken|t/m|verzet naar|naar|{_WEEKDAY})[:,]? *|^[-*•# ]*)$", re.IGNORECASE
)
_SCALE = re.compile(r"schaal|score|cijfer|tussen|range|verhouding|stand|uitslag|gewonnen|versie|hoofdstuk|paragraaf")
_FUNCTION = re.compile(
    r"\s*(?:[.,;:!?)\n]|$|(?:is|was|wordt|werd|gaat|ging|heeft|had|en|of|al|nog|weer|naar|met|bij|in|om|toe|moet|moest|kan|komt|kwam|begint|begon|start|startte|hoort|krijgt|wil|zou|zal|vertrekt|ga|zij|hij|ze|dan)\b)"
)


def _days(sheet: Sheet) -> Iterator[Span]:
    """'14-5', 'do. 9/1', 'op de 14e', 'vrijdag de 13e'."""
    for match in _DAY_MONTH_NUMBERS.finditer(sheet.text):
        ahead = after(sheet, match.end())
        behind = before(sheet, match.start(), 30)
        if _NOT_DAYS.match(ahead) or _SCALE.search(behind) or not _DAY_LED.search(behind):
            continue
        if match.group(2) == "." and not re.search(rf"(?:d\.?d\.?|{_WEEKDAY}|op) *$", behind, re.IGNORECASE):
            continue
        if match.group(2) == "." and re.match(r"\s*uur", ahead):
            continue
        yield Span(match.start(), match.end(), "datum")
    for match in _WEEKDAY_DAY.finditer(sheet.text):
        if _NOT_DAYS.match(after(sheet, match.end())) is None and not _time(sheet, match):
            yield Span(match.start(), match.end(), "datum")
    for match in _ORDINAL_DAY.finditer(sheet.text):
        if _FUNCTION.match(sheet.text[match.end() : match.end() + 25].lower()):
            yield Span(match.start(), match.end(), "datum")


def _time(sheet: Sheet, match: re.Match[str]) -> bool:
    """Whether what looks like a weekday and a day is something else: 'do 5 keer', 'zo 10 minuten', 'za 3 tot 5 uur'."""
    head = match.group().split()[0].lower().rstrip(".,")
    tail = match.group().split()[-1]
    if head in {"zo", "do", "ma", "di", "wo", "vr", "za"} and not match.group().split()[0].endswith("."):
        return not tail[-1:].isalnum() or head in {"zo", "do"} or not tail[0].isdigit()
    return tail[0].isdigit() and re.match(r"\s*(?:uur|tot|u\b|h\b)", after(sheet, match.end())) is not None


def _compact(sheet: Sheet) -> Iterator[Span]:
    for match in _COMPACT.finditer(sheet.text):
        if announced(_COMPACT_WORD, sheet, match.start(), 30):
            yield Span(match.start(), match.end(), "datum")


def _months(sheet: Sheet) -> Iterator[Span]:
    """A month that tells when one thing happened: 'in maart geopereerd'; not 'altijd in november'."""
    habits = sheet.lists["time_words"]
    for match in _MONTH_ALONE.finditer(sheet.text):
        if habitual(sheet, match.start(), habits):
            continue
        yield Span(match.start("month"), match.end(), "datum")


def habitual(sheet: Sheet, start: int, habits: frozenset[str]) -> bool:
    """Whether the sentence around `start` is about every year."""
    from bisect import bisect_right

    i = bisect_right(sheet.starts, start) - 1
    return i >= 0 and sheet.around(i, habits, 10)
