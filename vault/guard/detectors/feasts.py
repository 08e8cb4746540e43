"""Feast days where they tell when something happened. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import before
from vault.guard.detectors.dates import habitual
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_FEAST = re.compile(
    r"(?<!\w)(?:(?:eerste|tweede|derde|1e|2e|3e) (?:kerst|paas|pinkster)dag|(?:eerste|tweede|1e|2e) (?:kerst|pasen)|kerst(?:mis|avond|nacht|dag|ochtend|dagen)?|"
    r"pasen|paas(?:dag|zondag|maandag|weekend)|pinkster(?:en|dag|maandag|weekend)|hemelvaart(?:sdag)?|goede vrijdag|witte donderdag|palmzondag|aswoensdag|stille zaterdag|"
    r"konings(?:dag|nacht)|koninginne(?:dag|nacht)|bevrijdingsdag|dodenherdenking|sinterklaas(?:avond)?|pakjesavond|sint[- ]maarten|sint[- ]nicolaas|"
    r"suikerfeest|offerfeest|ramadan|eid(?: al[- ](?:fitr|adha))?|carnaval|oudejaars(?:avond|dag|nacht)|oud en nieuw|nieuwjaars(?:dag|nacht|ochtend)|nieuwjaar|oudjaar|"
    r"moederdag|vaderdag|valentijns?(?:dag)?|halloween|prinsjesdag|driekoningen|allerzielen|allerheiligen|dierendag|dag van de arbeid|vrouwendag|internationale vrouwendag|"
    r"holi|diwali|divali|chanoeka|pesach|jom kippoer|poerim|newroz|noroez|nowruz|chinees nieuwjaar|keti koti|bigi bigi|srefidensi|thanksgiving|christmas(?: day| eve)?|easter(?: sunday| monday)?|"
    r"boxing day|new year's (?:eve|day)|blauwe maandag|blue monday|black friday|zomertijd|wintertijd|vierdaagse|elfstedentocht|drie oktober|drie oktoberfeest|leids ontzet|gronings ontzet|luilak|hartjesdag|boekenweek|"
    r"bloemencorso|zwarte cross|tt-nacht|pinkpop|lowlands)(?!\w)",
    re.IGNORECASE,
)
_LED = re.compile(
    r"\b(?:op|met|sinds|vanaf|voor|vóór|na|rond|tot|tijdens|per|tussen|afgelopen|komende|vorige|volgende|aankomende|deze|dit jaar|vorig jaar|until|since|after|before|on|at|over|naar|de dag na|de dag voor|de avond van|de week na|de week voor) "
    r"(?:de |het |in de )?$"
)
_TELLS = frozenset("eerste tweede derde 1e 2e 3e".split())
_STILL = re.compile(r"\b(?:als|wanneer|zoals|houdt van|hekel aan|dol op|bang voor|van) (?:de |het )?$")


def find(sheet: Sheet) -> Iterator[Span]:
    """A feast day behind a word for time, unless the sentence is about every year."""
    habits = sheet.lists["time_words"]
    for match in _FEAST.finditer(sheet.text):
        behind = before(sheet, match.start(), 30)
        if _STILL.search(behind) or habitual(sheet, match.start(), habits):
            continue
        if _LED.search(behind):
            yield Span(match.start(), match.end(), "datum")
