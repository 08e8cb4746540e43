"""Years by themselves. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors import numerals
from vault.guard.detectors.context import after, before, numeric
from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import Sheet

_YEAR = re.compile(r"(?<![\w.,€$£:/+-])(?:19[0-9]{2}|20[0-4]\d)(?![\w%€]|[.,:]\d|-\w)")
_SPAN = re.compile(r"(?<![\w.,€$£:/+-])(?:19[0-9]{2}|20[0-4]\d) ?[-–/] ?(?:(?:19|20)\d\d|\d\d)(?![\w%]|[.,:]\d|-\w)")
_SHORT = re.compile(r"(?<!\w)['’‘`]\d\d(?!\w)")
_PART = re.compile(r"\b(?:begin|eind|einde|medio|half|midden|anno) \Z", re.IGNORECASE)
_CENTURIES = ("negentien", "tweeduizend", "twintig")
_BEFORE = words("in sinds uit vanaf tot na voor rond")
_LED = re.compile(
    r"\b(?:in|sinds|vanaf|uit|van|tot|na|voor|rond|omstreeks|begin|eind|einde|medio|half|per|jaar|anno|zomer|"
    r"winter|voorjaar|najaar|herfst|lente|geboren|geb\.?|since|from|until|born|t/m|tussen|of|en|dateert|bouwjaar|"
    r"lichting|diploma|examen|afgestudeerd|gestart|start|overleden|getrouwd|gescheiden|verhuisd|al|pas|"
    r"eerst)[:,]? *$|\($|^[-*•# ]*$"
)
_UNIT = re.compile(
    r"\s*(?:euro|uur|mensen|keer|km|kilometer|woorden|stappen|kcal|calorie|meter|m2|m²|%|procent|mails|leden|"
    r"inwoners|stuks|dagen|weken|minuten|woningen|banen|werknemers|medewerkers|huishoudens|bezoekers|deelnemers|"
    r"patiënten|leerlingen|studenten|kilo|gram|liter|ton|volt|watt|pagina|jaar|soldaten|doden|slachtoffers|auto|"
    r"fietsen|bomen|vierkante|gulden|dollar|pond|man\b|vrijwilligers|handtekeningen|steden|aandelen|punten|per\b|"
    r"[a-zë]*en\b)"
)
_FOLLOWED = re.compile(
    r"\s*(?:[.,;:!?)\]\n]|$|(?:is|was|wordt|werd|heeft|had|en|of|tot|t/m|al|nog|weer|naar|met|bij|in|om|toen|niet|"
    r"een|de|het|zijn|haar|ze|hij|zij|ik|op|door|uit|voor|geen|kreeg|ging|kwam|begon|overleed|verloor|verhuisde|"
    r"trouwde|werkt|werkte|woont|leidt|gescheiden|getrouwd|afgestudeerd|overleden|gestopt|begonnen|gestart|"
    r"ontslagen|ziek|burn)\b)"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """Years of four figures where no amount is meant, spans of years, short ones ('98) and years in words."""
    for match in numeric(_SPAN, sheet, 0, "12"):
        yield Span(match.start(), match.end(), "datum")
    for match in numeric(_YEAR, sheet, 0, "12"):
        if _meant(sheet, match.start(), match.end()):
            part = _PART.search(sheet.text[max(0, match.start() - 8) : match.start()])
            yield Span(match.start() - (part.end() - part.start() if part else 0), match.end(), "datum")
    for match in numeric(_SHORT, sheet, 1, "'’‘`"):
        yield Span(match.start(), match.end(), "datum")
    for i in sheet.starting(_CENTURIES):
        spelled = i and sheet.keys[i - 1] in _BEFORE and numerals.year(sheet.keys[i])
        if spelled and _meant(sheet, sheet.starts[i], sheet.ends[i]):
            yield Span(sheet.starts[i], sheet.ends[i], "datum")


def _meant(sheet: Sheet, start: int, end: int) -> bool:
    """Whether a year is meant: what is before or behind it says so, and it counts nothing."""
    ahead = after(sheet, end)
    follows = _FOLLOWED.match(ahead) is not None
    counts = _UNIT.match(ahead) is not None
    if _LED.search(before(sheet, start, 20)):
        return follows or not counts
    return follows and not counts
