"""How likely a word is to be part of a person's name, by the lists alone. Pure."""

from vault.guard.sheet import MIXED, NUMBER, Sheet

FIRST = "F"
"""A first name and nothing else."""
EITHER = "f"
"""A first name that is a word as well: Roos, Mark, Wil."""
RARE = "r"
"""A word that somebody is called after, somewhere."""
LAST = "L"
"""A last name and nothing else."""
TRADE = "l"
"""A last name that is a word as well: Bakker, Vos."""
UNKNOWN = "u"
"""No list and no dictionary has it."""
WORD = "w"
"""A common word."""
HARMLESS = "i"
"""Known to be nobody's: months, methods, tools, peoples."""
NOTHING = "-"
"""No word at all."""


def tier(sheet: Sheet, i: int) -> str:
    """The tier of word `i`."""
    key = sheet.keys[i]
    if len(key) < 2 or sheet.shapes[i] == NUMBER:
        return NOTHING
    found = _listed(sheet, key, sheet.words[i].lower())
    if found is None:
        base = _base(key)
        if base and sheet.capital(i):
            found = _listed(sheet, base, base)
            if found in {WORD, HARMLESS}:
                found = None
    if found is None and "-" in key:
        found = _hyphened(sheet, i)
    if found is None:
        found = WORD if sheet.known(i) else UNKNOWN
    return found


def _listed(sheet: Sheet, key: str, low: str) -> str | None:
    lists = sheet.lists
    if key in lists.innocent:
        return EITHER if key in lists.both else HARMLESS
    if key in lists.sure:
        return FIRST
    if key in lists.both:
        return EITHER
    first, last = key in lists.first, key in lists.last
    if not first and not last:
        return None
    if not lists.word(low) and not lists.word(key):
        return FIRST if first else LAST
    if key in lists["roles"] or key in lists["particles"]:
        return WORD
    if key in lists.common:
        return TRADE if last and key in lists["trades"] else WORD
    return TRADE if last else RARE


def _base(key: str) -> str:
    """The name in a genitive or a plural: Lisa's, Marks, Jansens."""
    if key.endswith("'s") or key.endswith("s'"):
        return key[:-2] if key.endswith("'s") else key[:-1]
    if key.endswith("s") and len(key) > 4:
        return key[:-1]
    return ""


def _hyphened(sheet: Sheet, i: int) -> str | None:
    """Anne-Sophie and Bakker-Oosterhuis are names, Belbin-rol is not."""
    parts = sheet.words[i].split("-")
    written = [part[:1].isupper() for part in parts]
    keys = sheet.keys[i].split("-")
    lists = sheet.lists
    if sheet.shapes[i] != MIXED and all(written) and all(len(part) > 1 for part in parts):
        if keys[0] in lists.first or keys[-1] in lists.first:
            return FIRST
        if any(key in lists.last for key in keys):
            return LAST
    if keys[-1] in lists["particles"] and written[0] and len(keys[0]) > 2:
        return LAST
    if not written[-1] and lists.word(keys[-1]):
        return WORD
    if not written[0] and keys[0] in lists.first and keys[-1] in lists.first and not lists.word(sheet.keys[i]):
        return FIRST
    return None
