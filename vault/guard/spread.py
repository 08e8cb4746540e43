"""A name found once is a name everywhere in the note. Pure."""

from collections.abc import Iterator, Sequence

from vault.guard.find import Span
from vault.guard.sets import words
from vault.guard.sheet import LOWER, MIDDLE, OTHER, PERSON, START, Sheet
from vault.guard.tiers import EITHER, FIRST, HARMLESS, LAST, UNKNOWN, WORD, tier

_PREPOSITIONS = words("bij met voor aan door van tegen over")
_OWNED = ("'s",)
_INITIAL, _INITIALS, _CUT = "initial", "initials", "cut"
_SHORTENED = frozenset((_INITIAL, _INITIALS, _CUT))
_JOINING = words("en maar dat want of dus omdat toen als wat waar")
_SPREADING = words("naam plaats organisatie")


Seen = dict[str, tuple[str, bool]]
"""Words of what was found in a note, with their kind and whether they had a capital."""


def spread(sheet: Sheet, seen: Seen) -> Iterator[Span]:
    """Further finds: what has been `seen`, where nobody has claimed it yet."""
    if not seen:
        return
    for i in sorted({*sheet.where(seen.keys()), *sheet.ending(_OWNED)}):
        if sheet.taken[i]:
            continue
        key = sheet.keys[i]
        found = seen.get(key) or seen.get(_owner(key))
        if found is None or not _again(sheet, i, found):
            continue
        kind = found[0] if found[0] not in _SHORTENED else "naam"
        sheet.claim(i, i + 1, PERSON if kind == "naam" else OTHER)
        stop = len(key) == 1 and sheet.text.startswith(".", sheet.ends[i])
        yield Span(sheet.starts[i], sheet.ends[i] + stop, kind)


def join(seen: Seen, more: Seen) -> None:
    """Adds to `seen` what was found elsewhere in the note: a whole name goes before a short one."""
    for key, found in more.items():
        if key not in seen or (seen[key][0] in _SHORTENED and found[0] not in _SHORTENED):
            seen[key] = found


def known_from(sheet: Sheet, spans: Sequence[Span]) -> Seen:
    """The words of `spans`, which were found in `sheet`, that say by themselves what they are."""
    by_start = {start: i for i, start in enumerate(sheet.starts)}
    seen: Seen = {}
    shortened: list[tuple[str, str]] = []
    for span in spans:
        if span.kind not in _SPREADING:
            continue
        first = by_start.get(span.start, by_start.get(span.start + 1, sheet.size))
        after = first
        while after < sheet.size and sheet.ends[after] <= span.end:
            after += 1
        # Of 'gemeente Zutphen' or 'Bergen op Zoom' no word says by itself what it was part of.
        if span.kind != "naam" and after - first > 1:
            continue
        for i in range(first, after):
            key = sheet.keys[i]
            if len(key) > 1 and key not in sheet.lists["particles"] and key not in sheet.lists["titles"]:
                found = (span.kind, sheet.shapes[i] != LOWER)
                seen.setdefault(key, found)
                seen.setdefault(_owner(key) or key, found)
                if span.kind == "naam" and i == first and tier(sheet, i) == FIRST:
                    shortened.extend(_short(key))
    for key, how in shortened:
        seen.setdefault(key, (how, False))
    return seen


def _short(key: str) -> Iterator[tuple[str, str]]:
    """How somebody called `key` is written in haste: the initial, those of Marie-Claire, the first letters."""
    yield key[0], _INITIAL
    one, dash, other = key.partition("-")
    if dash and one and other:
        yield one[0] + other[0], _INITIALS
    for length in range(3, len(key) - 1):
        yield key[:length], _CUT


def _hasty(sheet: Sheet, i: int, how: str) -> bool:
    """Whether word `i` is a name cut short: 'f. is nu', 'mc luistert', 'en kas liegt'."""
    lists = sheet.lists
    ahead = sheet.keys[i + 1] if i + 1 < sheet.size else ""
    acts = sheet.shapes[i + 1] == LOWER and (ahead in lists.verbs or ahead == "zelf") if ahead else False
    if how == _INITIAL:
        return acts and sheet.gaps[i + 1] == ". "
    if sheet.keys[i] in lists["stops"] or not acts or not sheet.touching(i + 1):
        return False
    if how == _INITIALS:
        return not lists.word(sheet.keys[i]) or sheet.places[i] != MIDDLE or sheet.gaps[i] != " "
    before = sheet.keys[i - 1] if i and sheet.touching(i) else ""
    return tier(sheet, i) == EITHER and (not before or before in _JOINING)


def _governed(sheet: Sheet, i: int) -> bool:
    before = sheet.keys[i - 1] if i and sheet.touching(i) else ""
    return before in _PREPOSITIONS and not (sheet.touching(i + 1) and sheet.keys[i + 1] == "en")


def _placed(sheet: Sheet, i: int) -> bool:
    """Whether word `i`, in lower case, stands where a thing would have an article: 'werd roos klein', 'bij mark'."""
    lists = sheet.lists
    if sheet.keys[i] in lists["mass"] or not i or not sheet.touching(i):
        return False
    before = sheet.keys[i - 1]
    return before in _PREPOSITIONS or (before in lists.verbs and before not in {"is", "was"})


def _owner(key: str) -> str:
    return key[:-2] if key.endswith("'s") else ""


def _again(sheet: Sheet, i: int, found: tuple[str, bool]) -> bool:
    """Whether word `i` is the same name again: a word that is also common must be written as a name."""
    if found[0] in _SHORTENED:
        return _hasty(sheet, i, found[0])
    lists = sheet.lists
    key = sheet.keys[i]
    kind = tier(sheet, i)
    if kind == HARMLESS or key in lists["roles"]:
        return False
    if key in lists["stops"]:
        # 'Bij wil zit de angst': a verb can't stand there.
        return key in lists["grammar"] and _governed(sheet, i)
    behind_article = (
        i > 0
        and sheet.touching(i)
        and (sheet.keys[i - 1] in lists["determiners"] or sheet.keys[i - 1] in lists["possessives"])
    )
    if sheet.capital(i):
        return not (behind_article and kind == WORD)
    if kind in {FIRST, LAST, UNKNOWN}:
        return True
    if kind == EITHER and not behind_article and _placed(sheet, i):
        return True
    return not found[1] and not behind_article and sheet.places[i] != START and key not in lists.common
