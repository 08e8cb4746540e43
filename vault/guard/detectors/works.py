"""Works, ships, storms and towers that bear a person's name: de roman Eline Vere, De Rembrandt Tower. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import row
from vault.guard.sets import endings, words
from vault.guard.sheet import CAPITAL, HARMLESS_PHRASE, LOWER, Sheet
from vault.guard.surnames import blank
from vault.guard.tiers import COMPOUND, EITHER, FIRST, LAST, WORD, tier

_MADE = words(
    "roman romans film films boek boeken thriller bestseller bundel novelle musical opera operette toneelstuk stuk "
    "voorstelling serie soap sitcom documentaire reeks podcast album plaat single nummer lied liedje hit song cd strip "
    "game spel schilderij doek sculptuur schip boot pont jacht fregat kotter botter tjalk sleepboot onderzeeer trein "
    "vliegtuig molen orkaan storm tyfoon cycloon merk aardappelras appelras programma talkshow quiz tijdschrift "
    "magazine weekblad band popgroep rockband circus krant kunstwerk muziekstuk zomerhit carnavalskraker hitserie "
    "satelliet ruimtesonde raket robot chatbot app komeet ras peer"
)
_MADE_ENDS = endings(
    "roman film boek serie musical opera bundel album schip boot molen orkaan storm thriller komedie klassieker "
    "documentaire programma tijdschrift magazine lied vliegtuig"
)
_DUTCH = words("de het")


def find(sheet: Sheet) -> Iterator[Span]:
    """Finds nothing itself: keeps what is called so from the detectors of persons."""
    for i in sorted({*sheet.where(_MADE), *sheet.ending(_MADE_ENDS, 7)}):
        if sheet.shapes[i] != LOWER or not blank(sheet, i + 1) or not sheet.capital(i + 1):
            continue
        sheet.claim(i + 1, row(sheet, i + 1, inner=True), HARMLESS_PHRASE)
    for i in sheet.where(_DUTCH):
        if _landmark(sheet, i):
            sheet.claim(i, i + 3, HARMLESS_PHRASE)
    yield from ()


def _landmark(sheet: Sheet, i: int) -> bool:
    """Whether an article, a first name and a word that is no last name follow: 'De Rembrandt Tower'."""
    j = i + 2
    if not (blank(sheet, i + 1) and blank(sheet, j)) or sheet.taken[i]:
        return False
    if sheet.shapes[i + 1] != CAPITAL or sheet.shapes[j] != CAPITAL:
        return False
    kind, key = tier(sheet, j), sheet.keys[j]
    if tier(sheet, i + 1) not in {FIRST, EITHER, LAST} or key in sheet.lists["particles"] or key in sheet.lists.last:
        return False
    # Who has a word for a last name has no article before it.
    return kind in {WORD, COMPOUND}
