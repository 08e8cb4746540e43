"""Names that begin with initials, and initials that stand for a person: J.P. de Wit, K. zegt, m. v.d. b. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import MIDDLE, START, Sheet
from vault.guard.surnames import announced, claimed, further, initial, joined, past_particles, surname

_MOST = 4
_COUNTED = words(
    "punt optie type groep team plan fase bijlage vraag deel vitamine hepatitis variant klasse categorie letter "
    "antwoord stap scenario rij blok niveau graad lijn route a b c d of van tot de het een"
)
"""What is told apart by letters."""
# In single letters with stops: i.p.v., m.b.t.
_SHORTENED = words(
    "ipv bv dwz oa mbt nav tav ivm tov mn ed enz evt aub nvt pm am tm zgn mi mbv dmv iov obv ovv tgv tzt zsm svp io "
    "ad dd vc ps nb pc us vs eu uk usa vn bv nv ddr tbv iha ihb eg ie na mw ia ma oid og iig zoz"
)


def find(sheet: Sheet) -> Iterator[Span]:
    """Initials with a last name, or by themselves where a person must stand."""
    ends, text = sheet.ends, sheet.text
    short = (i for i, word in enumerate(sheet.words) if len(word) < 4 and text.startswith(".", ends[i]))
    return claimed(sheet, short, _initialled)


def _initialled(sheet: Sheet, i: int) -> int:
    if not initial(sheet, i):
        return 0
    j = i + 1
    while initial(sheet, j) and joined(sheet, j) and j - i < _MOST:
        j += 1
    high = sheet.words[i].isupper()
    if joined(sheet, j) and (high or announced(sheet, i) or past_particles(sheet, j) > j):
        after = surname(sheet, j, lower=not high)
        named = sheet.capital(after - 1) or after > j + 1 or announced(sheet, i)
        if after and named and sheet.keys[after - 1] not in sheet.lists["stops"]:
            return further(sheet, after, lower=False)
    return j if _alone(sheet, i, j) else 0


def _alone(sheet: Sheet, i: int, after: int) -> bool:
    """Whether the initials from `i` on are a person by themselves."""
    if "".join(sheet.keys[i:after]) in _SHORTENED:
        return False
    if announced(sheet, i):
        return True
    if not sheet.words[i].isupper() or after >= sheet.size:
        return False
    if sheet.places[i] == MIDDLE and sheet.touching(i):
        before = sheet.keys[i - 1]
        counted = before in sheet.lists["method_words"] or before in _COUNTED
        followed = sheet.gaps[after] == ". (" or not sheet.capital(after)
        if not counted and followed and sheet.gaps[after].startswith((". ", ".,")):
            return True
    aged = sheet.gaps[after] == ". (" and sheet.words[after].isdigit()
    if after > i + 1 and aged and sheet.places[i] == MIDDLE:
        # As papers do, with the age behind it.
        return True
    if sheet.gaps[after] != ". ":
        return False
    # 'A. Doel B. Weg'
    listed = sheet.words[i] in {"A", "B"} and after == i + 1 and sheet.places[i] == START and sheet.capital(after)
    return not listed and sheet.keys[after] in sheet.lists.verbs and not sheet.capital(after)
