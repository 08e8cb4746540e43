"""Years by themselves. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, before
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_YEAR = re.compile(r"(?<![\w.,€$£:/+-])(?:(?:begin|eind|einde|medio|half|midden|anno) )?(?:19[0-9]{2}|20[0-4]\d)(?![\w%€]|[.,:]\d|-\w)", re.IGNORECASE)
_SPAN = re.compile(r"(?<![\w.,€$£:/+-])(?:19[0-9]{2}|20[0-4]\d) ?[-–/] ?(?:(?:19|20)\d\d|\d\d)(?![\w%]|[.,:]\d|-\w)")
_SHORT = re.compile(r"(?<!\w)['’‘`]\d\d(?!\w)")
_LED = re.compile(
    r"\b(?:in|sinds|vanaf|uit|van|tot|na|voor|rond|omstreeks|begin|eind|einde|medio|half|per|jaar|anno|zomer|winter|voorjaar|najaar|herfst|lente|geboren|geb\.?|"
    r"since|from|until|born|t/m|tussen|of|en|dateert|bouwjaar|lichting|diploma|examen|afgestudeerd|gestart|start|overleden|getrouwd|gescheiden|verhuisd|al|pas|eerst)[:,]? *$|\($|^[-*•# ]*$"
)
_UNIT = re.compile(
    r"\s*(?:euro|uur|mensen|keer|km|kilometer|woorden|stappen|kcal|calorie|meter|m2|m²|%|procent|mails|leden|inwoners|stuks|dagen|weken|minuten|woningen|banen|werknemers|medewerkers|"
    r"huishoudens|bezoekers|deelnemers|patiënten|leerlingen|studenten|kilo|gram|liter|ton|volt|watt|pagina|jaar|soldaten|doden|slachtoffers|auto|fietsen|bomen|vierkante|gulden|dollar|pond|man\b|vrijwilligers|handtekeningen|steden|aandelen|punten|per\b|[a-zë]*en\b)"
)
_FOLLOWED = re.compile(
    r"\s*(?:[.,;:!?)\]\n]|$|(?:is|was|wordt|werd|heeft|had|en|of|tot|t/m|al|nog|weer|naar|met|bij|in|om|toen|niet|een|de|het|zijn|haar|ze|hij|zij|ik|op|door|uit|voor|geen|kreeg|ging|kwam|begon|overleed|"
    r"verloor|verhuisde|trouwde|werkt|werkte|woont|leidt|gescheiden|getrouwd|afgestudeerd|overleden|gestopt|begonnen|gestart|ontslagen|ziek|burn)\b)"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """Years of four figures where no amount is meant, spans of years, and short ones ('98)."""
    text = sheet.text
    for match in _SPAN.finditer(text):
        yield Span(match.start(), match.end(), "datum")
    for match in _YEAR.finditer(text):
        ahead = after(sheet, match.end())
        led = _LED.search(before(sheet, match.start(), 20)) is not None or not match.group()[0].isdigit()
        if led and (_UNIT.match(ahead) is None or _FOLLOWED.match(ahead)):
            yield Span(match.start(), match.end(), "datum")
        elif _FOLLOWED.match(ahead) and _UNIT.match(ahead) is None:
            yield Span(match.start(), match.end(), "datum")
    for match in _SHORT.finditer(text):
        yield Span(match.start(), match.end(), "datum")
