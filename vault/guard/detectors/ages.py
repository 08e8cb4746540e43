"""Ages, told apart from durations, scores and amounts. Pure."""

import re
from collections.abc import Iterator

from vault.guard.detectors.context import after, before
from vault.guard.detectors.numerals import CARDINAL, ORDINAL
from vault.guard.find import Span
from vault.guard.sheet import Sheet

_NUMBER = rf"(?:1?\d{{1,2}}(?!\d)|{CARDINAL})"
_PERSON = (
    r"(?:man|vrouw|jongen|meisje|meid|kind|kinderen|zoon|zoontje|dochter|dochtertje|baby|peuter|kleuter|puber|tiener|cliënt|client|cliënte|cl|broer|broertje|zus|zusje|vader|moeder|opa|oma|partner|"
    r"vriend|vriendin|collega|leidinggevende|manager|directeur|oudste|jongste|middelste|tweeling|kleinzoon|kleindochter|neef|neefje|nicht|nichtje|buurman|buurvrouw|deelnemer|deelneemster|leerling|student|studente|"
    r"coachee|persoon|iemand|mens|weduwe|weduwnaar|medewerker|medewerkster|ex|schoonmoeder|schoonvader|jongens|meisjes|mannen|vrouwen|dochters|zonen|zoons|tante|oom|stagiair|stagiaire|bewoner|bewoonster|slachtoffer|verdachte|"
    r"automobilist|fietser|ondernemer|boer|boerin|docent|verpleegkundige|woman|girl|boy|son|daughter)"
)
_ALWAYS = re.compile(
    rf"(?<![\w.,])(?:(?:{_NUMBER})[- ]?jarigen?|{_NUMBER} (?:jaar|maanden|weken) (?:oud|jong)|{_NUMBER} (?:years|months) old|leeftijd(?: van)?:? {_NUMBER}(?: jaar)?|aged {_NUMBER}|"
    rf"{_NUMBER} lentes|(?:net |pas |bijna |ruim |nog geen )?(?:op|rond|na|voor|sinds|tot|vanaf) (?:mijn|zijn|haar|hun|je|m'n|z'n|mn|zn|d'r) (?:\d{{1,2}}(?:e|de|ste)|{ORDINAL}|{CARDINAL}(?:ste|de)))(?!\w)",
    re.IGNORECASE,
)
_JUBILEE = re.compile(r"\s*(?:jubileum|bestaan|huwelijk|contract|dienstverband|relatie|ervaring|loopbaan|carrière|oorlog|plan|traject|opleiding|ambtsjubileum|termijn|samenwerking)")
_YEARS = re.compile(rf"(?<![\w.,-]){_NUMBER} ?(?:jaar|jr\.?|jrs|j\.|years|yr)(?!\w)", re.IGNORECASE)
_NOT_AGE = re.compile(
    r"\s*(?:geleden|lang|later|eerder|werk|in dienst|getrouwd|samen|gewerkt|ervaring|weg|thuis|ziek|bij |als |gescheiden|garantie|terug|eerst|gevangenis|cel|ago|gelopen|bezig|actief|schoon|clean|nuchter|vooruit|durend|op rij|"
    r"achter|aan de|in de |met pensioen|voor de|voor een|na de|na het|alleen|zonder|leidinggevend|lid|directeur|docent|manager|coach|hetzelfde|niet|geen|met |on)"
)
_AGE_LED = re.compile(
    rf"(?:\b(?:{_PERSON}(?: van| is| was| wordt| werd|,)?|is(?: nu| pas| net| bijna| al)?|ben(?: nu| pas)?|wordt(?: dit jaar| binnenkort| nu)?|werd|was(?: toen| pas| nog)?|worden|geworden|nu|pas|leeftijd:?|toen (?:ik|hij|ze|zij|je)|vanaf|met haar|met zijn|met mijn|met mn|met zn|"
    rf"als)|^[-*•# ]*|[(,;/]|\b[vmVM]) ?$"
)
_DURATION_LED = re.compile(r"\b(?:al|sinds|na|over|voor|gedurende|binnen|elke|ruim|contract|relatie|huwelijk|dienstverband|ervaring|periode|traject|loopbaan|laatste|afgelopen|komende|eerste|tijd|straf|garantie) (?:van )?(?:ruim |bijna |meer dan |zo'n |ongeveer )?$")
_BARE = re.compile(rf"(?<![\w.,:/€-])(?:{_NUMBER})(?![\w%€]|[.,:/-]\d|-)", re.IGNORECASE)
_BARE_LED = re.compile(
    rf"(?:\b(?:wordt|werd|worden|geworden)(?: dit jaar| binnenkort| morgen| volgende maand| zaterdag| bijna| in \w+| net)? |"
    rf"\b(?:hij|zij|ze|ik|cl|cliënt|cliënte|client|oudste|jongste|middelste|zoon|dochter|zus|broer|vader|moeder|partner|man|vrouw|kind|zoontje|dochtertje|vriendin|vriend|baby|[A-Z][a-zë]+) "
    rf"(?:is|was|wordt|ben)(?: nu| pas| net| bijna| inmiddels| toen| ook| nog maar| al| ruim| rond de| in de)? |\bik ben |\bben ik |\btoen (?:ik|hij|ze|zij|je) (?:nog )?(?:pas )?|"
    rf"\b{_PERSON}(?: van|,| \()? ?|\b(?:bijna|net|pas|nog geen|ruim) |^[vmVM][ ,:/]*|\b[vVmM] ?[,/(]? ?|(?:\bvanaf|\btot|\bvoor) (?:zijn|haar|mijn|m'n) )$"
)
_BARE_TAIL = re.compile(r"\s*(?:$|[.,;:!?)\n]|en\b|maar\b|geworden|toen\b|was\b|is\b|wordt\b|werd\b|dus\b|of\b|als\b|met\b|gelukkig|inmiddels|, )")
_DECADES = re.compile(
    rf"(?<!\w)(?:(?:begin|midden|eind|einde|ver in de|diep in de|halverwege de|in de|achter in de|voor in de|ergens in de|rond de|boven de|onder de|tegen de|net geen|early|late|mid) ?-?(?:\d0|twintig|dertig|veertig|vijftig|zestig|zeventig|tachtig|negentig)(?:er|s)?"
    r"|(?:een )?(?:twintiger|dertiger|veertiger|vijftiger|zestiger|zeventiger|tachtiger|negentiger)s?)(?!\w)(?!-)",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(rf"(?<=\w) ?\(({_NUMBER})(?: ?(?:jr\.?|jaar|j\.?))?\)|(?<=\w), ({_NUMBER})(?=,)", re.IGNORECASE)
_SEX = re.compile(rf"(?<!\w)(?:[VMvm]|man|vrouw|Man|Vrouw)[ ,/-]{{0,2}}(\d{{2}})(?=[ ,.;)/\n]|$)")


def find(sheet: Sheet) -> Iterator[Span]:
    """'43 jaar', '44-jarige', 'zoon (8)', 'wordt vijftig', 'eind zestig', 'V 58'; not '25 jaar getrouwd' or 'een 8 voor plezier'."""
    text = sheet.text
    for match in _ALWAYS.finditer(text):
        if _JUBILEE.match(after(sheet, match.end())) is None:
            yield Span(match.start(), match.end(), "leeftijd")
    for match in _YEARS.finditer(text):
        if _aged(sheet, match):
            yield Span(match.start(), match.end(), "leeftijd")
    for match in _DECADES.finditer(text):
        if re.match(r"\s*(?:graden|procent|km|euro|uur|minuten|mensen|keer|meter|dagen|jaren)", after(sheet, match.end())) is None:
            yield Span(match.start(), match.end(), "leeftijd")
    for match in _SEX.finditer(text):
        yield Span(match.start(1), match.end(1), "leeftijd")
    for match in _IN_BRACKETS.finditer(text):
        group = 1 if match.group(1) else 2
        if _named(sheet, match.start(), bracket=group == 1):
            yield Span(match.start(group), match.end(group), "leeftijd")
    for match in _BARE.finditer(text):
        if _bare(sheet, match):
            yield Span(match.start(), match.end(), "leeftijd")


def _aged(sheet: Sheet, match: re.Match[str]) -> bool:
    behind = before(sheet, match.start(), 30)
    if _DURATION_LED.search(behind):
        return False
    if _NOT_AGE.match(after(sheet, match.end())) and not re.search(rf"\b{_PERSON} van $", behind):
        return False
    return _AGE_LED.search(behind) is not None or re.search(rf"\b{_PERSON}[^.;]{{0,15}}\bvan $", behind) is not None or behind.endswith(" van ")


def _named(sheet: Sheet, start: int, *, bracket: bool) -> bool:
    """Whether a person stands before a number between brackets or commas."""
    behind = sheet.text[max(0, start - 30) : start + 1].rstrip(" (,")
    word = re.search(r"[^\W\d_][\w'’-]*\Z", behind)
    if word is None:
        return False
    if re.search(rf"\b{_PERSON}\Z", behind, re.IGNORECASE):
        return True
    return word.group()[0].isupper() and len(word.group()) > 1 and not word.group().isupper() and (bracket or len(behind.split()) > 1)


def _bare(sheet: Sheet, match: re.Match[str]) -> bool:
    behind = sheet.text[max(0, match.start() - 40) : match.start()].rpartition("\n")[2]
    if _BARE_TAIL.match(sheet.text[match.end() : match.end() + 25]) is None:
        return False
    if re.search(r"(?:score|cijfer|schaal|energie|stress|spanning|plezier|slaap|rating|gemiddeld|temperatuur|maat)\b.{0,20}$", behind, re.IGNORECASE):
        return False
    found = _BARE_LED.search(behind)
    if found is None:
        return False
    small = match.group().isdigit() and int(match.group()) < 16 or match.group().lower() in {"een", "één", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen", "tien", "nul"}
    strong = re.search(rf"\b(?:wordt|werd|geworden|toen (?:ik|hij|ze|zij|je)|oudste|jongste|middelste|zoon|dochter|zoontje|dochtertje|kind|baby|{_PERSON} van|{_PERSON},)\b", found.group(), re.IGNORECASE)
    if small and match.group().lower() in {"een", "één", "nul"}:
        return strong is not None and "kind" not in found.group() and re.search(r"wordt|werd|jongste", found.group()) is not None and re.match(r"\s*(?:$|[.,;])", after(sheet, match.end())) is not None
    return strong is not None or not small
