"""Rows of capitals, and the words that lead to an organisation. Shared by the detectors of organisations. Pure."""

from vault.guard.sets import endings, words
from vault.guard.sheet import NUMBER, START, Sheet
from vault.guard.tiers import FIRST, LAST, tier

AT = words("bij at")
"""Words behind which somebody works."""
NEAR = words("bij van voor naar door vanuit tegen met at by for from")
"""Words behind which an employer is worked for, left or joined."""
ARTICLES = words("de het the t")
"""Words that may stand between those and the employer."""
OWNED = words(
    "directie personeel werknemers medewerkers arbeiders bedienden fabriek fabrieken vestiging vestigingen filiaal "
    "filialen aandelen aandeelhouders omzet topman topvrouw ceo hoofdkantoor hoofdzetel klanten vakbonden overname "
    "beursgang dochterbedrijf moederbedrijf speler spelers spits doelman keeper verdediger middenvelder supporters "
    "fans selectie productie bestuur leden ledenvergadering thuisduel uitduel franchise vrachtwagens winkels"
)
"""What belongs to a firm or a club: 'de directie van X'."""
LABOUR = words("banen arbeidsplaatsen ontslagen ontslagronde staking stakingen stakers staken staakt gestaakt staakten")
"""What there is with a firm and with nobody else."""
BUILT = endings(
    "brug tunnel toren plein laan straat gracht park prijs stadion arena bokaal beker sluis haven kade school"
)
"""How things end that are built or won, and often called after somebody."""
_INNER = words("de het van der den voor in op t")
_LINKS = words("van aan op in")
_SIGNS = frozenset(("&", "+", ".", "-"))
_DIGNITIES = words(
    "koning koningin prins prinses keizer graaf hertog president generaal admiraal paus sint st dokter dr"
)
_LONGEST = 5
"""Words of the longest name that something is called after."""
_MOST = 6
"""Words of the longest name that is put together from capitals."""


def next_to(sheet: Sheet, i: int) -> bool:
    """Whether there is a word `i` and it stands right behind the one before it."""
    return 0 < i < sheet.size and sheet.touching(i)


def led_by(sheet: Sheet, i: int, leading: frozenset[str]) -> bool:
    """Whether one of `leading` stands before word `i`, with or without an article."""
    if not next_to(sheet, i):
        return False
    if sheet.keys[i - 1] in leading:
        return True
    return sheet.keys[i - 1] in ARTICLES and next_to(sheet, i - 1) and sheet.keys[i - 2] in leading


def at(sheet: Sheet, i: int) -> bool:
    """Whether 'bij' stands before word `i`."""
    return led_by(sheet, i, AT)


def row(sheet: Sheet, i: int, *, inner: bool) -> int:
    """The word after a row of capitals that begins at `i`; with `inner` also over 'van de' and the like."""
    j = i
    while j < sheet.size and j - i < _MOST and not sheet.taken[j]:
        if j > i and (sheet.places[j] == START or not (sheet.touching(j) or sheet.gaps[j].strip() in _SIGNS)):
            break
        step = _step(sheet, j, first=j == i, inner=inner)
        if not step:
            break
        j += step
    return j


def _step(sheet: Sheet, j: int, *, first: bool, inner: bool) -> int:
    """How many words from `j` on go on with a row; 0 if none."""
    if sheet.capital(j) or (sheet.shapes[j] == NUMBER and not first and len(sheet.words[j]) < 5):
        return 1
    if not inner or not next_to(sheet, j + 1):
        return 0
    if sheet.keys[j] in _INNER and sheet.capital(j + 1):
        return 1
    further = next_to(sheet, j + 2) and sheet.capital(j + 2)
    return 2 if sheet.keys[j] in _LINKS and sheet.keys[j + 1] in _INNER and further else 0


def named_after(sheet: Sheet, i: int) -> int:
    """The first word of the person's name that the thing at word `i` is called after; `i` if it is none."""
    j = i
    while j > 0 and i - j < _LONGEST and sheet.touching(j) and not sheet.taken[j - 1] and sheet.shapes[j - 1] != NUMBER:
        back = j - 1
        while j == i and back > 0 and sheet.keys[back] in sheet.lists["particles"] and not sheet.capital(back):
            if not sheet.touching(back):
                return j
            back -= 1
        if back < j - 2 and sheet.lists.word(sheet.keys[i]):
            # 'Wiebe Terpstra van de Rijksuniversiteit': where somebody works
            return j
        if not _part(sheet, back, j):
            break
        j = back
    return j


def _part(sheet: Sheet, back: int, j: int) -> bool:
    """Whether word `back` is the part of a name that goes on at `j`."""
    if not sheet.capital(back) or sheet.keys[back] in sheet.lists["stops"] - sheet.lists["particles"]:
        return False
    key = sheet.keys[back]
    listed = tier(sheet, back) in {FIRST, LAST} or key in _DIGNITIES or key in sheet.lists.first
    if back < j - 1:
        # 'Willem de Zwijgerlaan', neither 'Jan van de Anne Frankschool' nor 'Terpstra van de Rijksuniversiteit'
        surname = tier(sheet, back) == LAST and back > 0 and sheet.touching(back) and sheet.capital(back - 1)
        return listed and not surname and sheet.places[back] != START
    if sheet.keys[back] in sheet.lists["particles"]:
        return sheet.places[back] != START
    return sheet.places[back] != START or listed
