"""Dates in figures: 14-05-2024, 2025-03-18, do. 9/1, 19840312 where a date is announced. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, announced, before, numeric
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_DAY = r"(?:0?[1-9]|[12]\d|3[01])"
_MONTH = r"(?:1[0-2]|0?[1-9])"
_FULL = re.compile(
    rf"(?<![\w,.€/-])(?:{_DAY}([-/.]) ?{_MONTH}\1 ?(?:(?:19|20)\d\d|['’]?\d\d)|{_DAY} {_MONTH} (?:19|20)\d\d|"
    rf"(?:19|20)\d\d([-/.])(?:0?[1-9]|1[0-2])\2{_DAY})(?:t\d\d:\d\d)?(?![\w%]|[-/.,]\d)",
    re.IGNORECASE,
)
_SHORT = re.compile(rf"(?<![\w,.€/:+-]){_DAY}([-/.]){_MONTH}(?![\w%€:]|[-/.,]\d)")
_COMPACT = re.compile(
    r"(?<!\w)(?:(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])|(?:0[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d)(?!\w)"
)
_COMPACT_WORD = re.compile(r"geb|datum|d\.?d\.?\b|birth|\bdob\b")
_WEEKDAY = r"(?:\w{2,6}dag|ma|di|wo|do|vr|za|zo)\.?"
_LED = re.compile(
    rf"(?:\b(?:op|van|vanaf|tot|per|d\.?d\.?|sinds|na|voor|datum|afspraak|gesprek|sessie|intake|komt|is|uiterlijk|"
    rf"gepland|gesproken|t/m|naar|start|begin|eind|ziek|"
    rf"weer|terug|{_WEEKDAY})[:,]? *|^[-*•# ]*)$"
)
_DAY_NAME = re.compile(r"\b(?:maan|dins|woens|donder|vrij|zater|zon)dag,? $|\b(?:ma|di|wo|do|vr|za|zo)\. ?$")
_DOTTED = re.compile(rf"(?:d\.?d\.?|{_WEEKDAY}|\bop) *$")
_SCALE = re.compile(
    r"schaal|score|cijfer|tussen|range|verhouding|stand|gewonnen|versie|hoofdstuk|paragraaf|verloor|won\b|wint"
)
_COUNTED = re.compile(
    r"\s*(?:keer|uur|dag|dagen|week|weken|maand|jaar|x\b|%|mensen|minuten|punten|gewonnen|verloren|procent|sterren|sets?\b|"
    r"wedstrijd|werkdag|sessies|gesprekken|stappen|kinderen|glazen|voor\b|tegen\b|van de\b|achter\b)"
)
_NEAR = 40
"""Letters between two short dates of which one speaks for the other."""


def find(sheet: Sheet) -> Iterator[Span]:
    """Whole dates anywhere; day and month only where something says that they are no score and no fraction."""
    for match in numeric(_FULL, sheet):
        weekday = _DAY_NAME.search(before(sheet, match.start(), 12))
        yield Span(match.start() - (len(weekday.group()) if weekday else 0), match.end(), "datum")
    last = -_NEAR
    for match in numeric(_SHORT, sheet):
        behind = before(sheet, match.start(), 30)
        ahead = after(sheet, match.end())
        scored = match.group(1) == "-" and "uitslag" in behind
        if scored or _COUNTED.match(ahead) or _SCALE.search(behind):
            continue
        if match.group(1) == "." and (not _DOTTED.search(behind) or "uur" in ahead):
            continue
        if _LED.search(behind) or match.start() - last < _NEAR:
            last = match.end()
            weekday = _DAY_NAME.search(behind)
            yield Span(match.start() - (len(behind) - weekday.start() if weekday else 0), match.end(), "datum")
    for match in numeric(_COMPACT, sheet):
        if announced(_COMPACT_WORD, sheet, match.start(), 30):
            yield Span(match.start(), match.end(), "datum")
