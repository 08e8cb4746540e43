"""Things that are called after a person: Anne Frankschool, Johan Cruijff Arena, Willem de Zwijgerlaan. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.rows import named_after
from vault.guard.sets import endings, words
from vault.guard.sheet import HARMLESS_PHRASE, MIDDLE, OTHER, Sheet
from vault.guard.tiers import FIRST, LAST, tier

_STREETS = endings("straat laan allee plein gracht kade singel steeg dreef plantsoen boulevard lei steenweg")
_HOUSES = endings(
    "school college lyceum atheneum ziekenhuis kliniek stichting fonds universiteit academie museum instituut huis "
    "bank club fonds zaal klooster abdij hospitaal"
)
_THINGS = endings(
    "stadion arena brug tunnel toren park prijs wedstrijd concours festival cup bokaal beker trofee memorial "
    "toernooi loop race lezing biënnale medaille hal poort sluis dok luchthaven airport kazerne monument"
)
_WHOLE = words(
    "arena huis cup museum college fonds stichting stadion prijs award airport instituut school park hal zaal"
)
"""Those that may be a word of their own behind the name."""
_TAILS = words("fc united city rovers wanderers hotspur cf sc afc athletic")
_SURNAMES = endings("ver ter van onder")
"""How last names begin that end as a street does: Verlaan."""


def find(sheet: Sheet) -> Iterator[Span]:
    """Streets and organisations that are called after somebody; other things are only kept from other detectors."""
    for i in sheet.raised:
        kind = _thing(sheet, i)
        first = named_after(sheet, i) if kind else i
        if first == i:
            continue
        owner = HARMLESS_PHRASE if kind == "-" else OTHER
        if kind != "-":
            yield Span(sheet.starts[first], sheet.ends[i], kind)
        sheet.claim(first, i + 1, owner)


def _thing(sheet: Sheet, i: int) -> str:
    """The kind of what word `i` says the words before it are called after; '-' for none that counts, empty for no."""
    key = sheet.keys[i]
    if sheet.taken[i] or not sheet.touching(i):
        return ""
    if not sheet.capital(i - 1) and sheet.keys[i - 1] not in sheet.lists["particles"]:
        return ""
    if key in _TAILS:
        return "organisatie" if sheet.places[i - 1] == MIDDLE or tier(sheet, i - 1) not in {FIRST, LAST} else ""
    whole = key in _WHOLE
    if (key in sheet.lists.last or key.startswith(_SURNAMES)) and not whole:
        return ""
    for kind, ends in (("adres", _STREETS), ("organisatie", _HOUSES), ("-", _THINGS)):
        end = next((end for end in ends if key.endswith(end)), "")
        if end and (whole or len(key) > len(end) + 2):
            return kind
    return ""
