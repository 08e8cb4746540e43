"""Feast days where they tell when something happened. Pure."""

import re
from collections.abc import Iterator
from itertools import pairwise

from vault.guard.detectors.context import before
from vault.guard.find import Span
from vault.guard.phrases import Phrases
from vault.guard.sets import words
from vault.guard.sheet import START, Sheet

_FEASTS = words(
    "kerst kerstmis kerstavond kerstnacht kerstdag kerstochtend kerstdagen pasen paasdag paaszondag paasmaandag "
    "paasweekend pinksteren pinksterdag pinksterzondag pinkstermaandag pinksterweekend hemelvaart hemelvaartsdag "
    "palmzondag aswoensdag koningsdag koningsnacht koninginnedag bevrijdingsdag dodenherdenking sinterklaas "
    "sinterklaasavond pakjesavond sint-maarten sint-nicolaas suikerfeest offerfeest ramadan eid carnaval "
    "oudejaarsavond oudejaarsdag oudejaarsnacht nieuwjaarsdag nieuwjaarsnacht nieuwjaarsochtend nieuwjaar oudjaar "
    "moederdag vaderdag valentijnsdag valentijn halloween prinsjesdag driekoningen allerzielen allerheiligen "
    "dierendag vrouwendag holi diwali divali chanoeka pesach poerim newroz noroez nowruz srefidensi thanksgiving "
    "christmas easter vierdaagse elfstedentocht luilak hartjesdag bloemencorso"
)
_ORDINALS = words("eerste tweede derde 1e 2e 3e 1ste 2de 3de")
_PHRASES = Phrases(
    [
        "oud en nieuw",
        "oud & nieuw",
        "goede vrijdag",
        "witte donderdag",
        "stille zaterdag",
        "sint maarten",
        "sint nicolaas",
        "eid al fitr",
        "eid al adha",
        "jom kippoer",
        "chinees nieuwjaar",
        "keti koti",
        "bigi bigi",
        "dag van de arbeid",
        "dag van de leraar",
        "christmas day",
        "christmas eve",
        "easter sunday",
        "boxing day",
        "black friday",
        "leids ontzet",
        "gronings ontzet",
        "zwarte cross",
        "eerste kerst",
        "tweede kerst",
        "pride amsterdam",
        "3 oktober",
    ]
)
_LED = re.compile(
    r"\b(?:op|met|sinds|vanaf|voor|vóór|na|rond|tot|tijdens|per|tussen|afgelopen|komende|vorige|volgende|aankomende|deze|"
    r"dit jaar|vorig jaar|until|since|after|before|on|at) (?:de |het )?$"
)
_ONCE = {("dit", "keer"), ("deze", "keer")}
_LIKED = re.compile(
    r"\b(?:als|wanneer|zoals|houdt van|hekel aan|dol op|bang voor|gek op|zin in|ziet op tegen) (?:de |het )?$"
)


def _once(sheet: Sheet, i: int, after: int) -> bool:
    """'Moederdag bleef ze dit keer in bed': at the start, of one time only."""
    if sheet.places[i] != START or after >= sheet.size or sheet.keys[after] not in sheet.lists.verbs:
        return False
    words_behind = sheet.keys[after : after + 6]
    return any(pair in _ONCE for pair in pairwise(words_behind))


def find(sheet: Sheet) -> Iterator[Span]:
    """A feast day behind a word for time, unless the sentence is about every year."""
    habits = sheet.lists["time_words"]
    done = 0
    for i in sorted({*sheet.where(_FEASTS, _PHRASES.firsts)}):
        if i < done:
            continue
        length = int(sheet.keys[i] in _FEASTS) or _PHRASES.length(sheet.keys, sheet.gaps, i)
        if length:
            first = i - 1 if i and sheet.keys[i - 1] in _ORDINALS and sheet.touching(i) else i
            behind = before(sheet, sheet.starts[first], 30)
            led = _LED.search(behind) and not _LIKED.search(behind)
            if (led or _once(sheet, i, i + length)) and not sheet.around(i, habits, 10):
                yield Span(sheet.starts[first], sheet.ends[i + length - 1], "datum")
        done = i + length
