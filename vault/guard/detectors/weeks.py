"""Week numbers, weekdays with a day, days by their ordinal, seasons with a year, decades. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors import numerals
from vault.guard.detectors.context import after
from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import Sheet

_WEEK = words("week wk weeknummer weeknr kw")
_LONG_DAYS = words(
    "maandag dinsdag woensdag donderdag vrijdag zaterdag zondag monday tuesday wednesday thursday friday saturday "
    "sunday"
)
_SHORT_DAYS = words("ma di wo do vr za zo")
_SEASONS = words(
    "voorjaar najaar zomer winter herfst lente zomervakantie kerstvakantie herfstvakantie meivakantie "
    "voorjaarsvakantie schooljaar seizoen kwartaal q1 q2 q3 q4 helft summer spring autumn kerst pasen"
)
_DECADES = words("nineties eighties seventies sixties fifties")
_COURSE = re.compile(
    r"\s*(?:van (?:de|het|haar|zijn|mijn|een) (?:training|programma|cursus|traject|opleiding|oefening|boek|schema|"
    r"opbouw|dieet|re-?integratie)|weken)"
)
_YEAR = re.compile(r"(?: van)? (?:(?:19|20)\d\d|['’‘`]\d\d)(?:[/-](?:(?:19|20)?\d\d))?(?!\d)")
_TIME = re.compile(r"\s*(?:uur|tot|u\b|h\b|keer|x\b|minuten|[:.]\d\d)")
_JOINING = words("jaren de")
_BEFORE_DAY = words("op vanaf tot voor na per sinds rond tegen van")
_GOES_ON = words(
    "is was wordt werd gaat ging heeft had en of al nog weer naar met bij in om toe moet moest kan komt kwam begint "
    "begon start startte hoort krijgt wil zou zal vertrekt ga zij hij ze dan"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """'week 14', 'vrijdag de 13e', 'op de veertiende', 'zomer 2019', 'jaren negentig'."""
    named = sheet.where(_WEEK, _LONG_DAYS, _SHORT_DAYS, _SEASONS, _DECADES, _JOINING)
    for i in sorted({*sheet.figures, *named}):
        key = sheet.keys[i]
        end: int | None = None
        if key in _WEEK:
            end = _week(sheet, i)
        elif key in _LONG_DAYS or key in _SHORT_DAYS:
            end = _weekday(sheet, i)
        elif key in _SEASONS:
            match = _YEAR.match(sheet.text, sheet.ends[i])
            end = match.end() if match is not None else None
        elif key == "jaren":
            end = _decade(sheet, i)
        elif key in _DECADES or re.fullmatch(r"(?:19|20)\d0(?:'?s|er)", key):
            end = sheet.ends[i]
        elif key == "de" and i and sheet.keys[i - 1] in _BEFORE_DAY:
            end = _ordinal(sheet, i)
        if end is not None:
            yield Span(sheet.starts[i], end, "datum")


def _week(sheet: Sheet, i: int) -> int | None:
    """'wk. 36', 'week nr 14'; neither 'week een' nor 'week 3 van de training'."""
    j = i + 1
    if j < sheet.size and sheet.keys[j] in {"nr", "nummer"}:
        j += 1
    if j >= sheet.size or sheet.gaps[j].strip(" .") or "\n" in sheet.gaps[j] or sheet.keys[j] in {"een", "nul"}:
        return None
    if not 1 <= numerals.cardinal(sheet.keys[j]) <= 53 or _COURSE.match(after(sheet, sheet.ends[j])):
        return None
    return sheet.ends[j]


def _weekday(sheet: Sheet, i: int) -> int | None:
    """'vrijdag de 13e', 'dinsdag 4', 'do. 9'; not 'maandag 9 uur', 'zo 10 keer'."""
    j = i + 1
    if j >= sheet.size or "\n" in sheet.gaps[j]:
        return None
    short = sheet.keys[i] in _SHORT_DAYS
    if sheet.gaps[j].strip() not in ({"."} if short else {"", ","}):
        return None
    if sheet.keys[j] in {"de", "den", "the"} and j + 1 < sheet.size and sheet.touching(j + 1):
        j += 1
    key = sheet.keys[j]
    day = numerals.ordinal(key)
    if day < 0 and key.isdigit():
        day = numerals.cardinal(key)
    if (
        not 1 <= day <= 31
        or _TIME.match(after(sheet, sheet.ends[j]))
        or sheet.text[sheet.ends[j] : sheet.ends[j] + 1] == ":"
    ):
        return None
    if not key[0].isdigit() and not _closes(sheet, j):
        return None
    return sheet.ends[j]


def _ordinal(sheet: Sheet, i: int) -> int | None:
    """'op de 14e', 'vanaf de eerste' where no noun follows."""
    j = i + 1
    if (
        j >= sheet.size
        or not sheet.touching(j)
        or not sheet.touching(i)
        or not 1 <= numerals.ordinal(sheet.keys[j]) <= 31
    ):
        return None
    if sheet.keys[j] in {"eerste", "tweede", "derde"} and sheet.keys[i - 1] not in {"per", "vanaf"}:
        return None
    return sheet.ends[j] if _closes(sheet, j) else None


def _closes(sheet: Sheet, j: int) -> bool:
    """Whether no noun can follow word `j`: the sentence ends, or goes on with a verb or the like."""
    k = j + 1
    return k >= sheet.size or not sheet.touching(k) or sheet.keys[k] in _GOES_ON or sheet.keys[k] in sheet.lists.verbs


def _decade(sheet: Sheet, i: int) -> int | None:
    j = i + 1
    if j >= sheet.size or sheet.gaps[j].strip(" -'’‘`") or "\n" in sheet.gaps[j]:
        return None
    if sheet.keys[j] in numerals.TENS or re.fullmatch(r"(?:19|20)?[1-9]0", sheet.keys[j]) or sheet.keys[j] == "nul":
        return sheet.ends[j]
    return None
