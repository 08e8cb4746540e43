"""A name found once is a name everywhere in the note. Pure."""

from collections.abc import Iterator

from vault.guard.find import Span
from vault.guard.sheet import LOWER, OTHER, PERSON, START, Sheet
from vault.guard.tiers import FIRST, HARMLESS, LAST, UNKNOWN, WORD, tier


def spread(sheet: Sheet, spans: list[Span]) -> Iterator[Span]:
    """Further finds: other occurrences of names, places and organisations that were found in `spans`."""
    seen = _seen(sheet, spans)
    if not seen:
        return
    for i in range(len(sheet)):
        if sheet.taken[i]:
            continue
        key = sheet.keys[i]
        found = seen.get(key) or seen.get(_owner(key))
        if found is None or not _again(sheet, i, found):
            continue
        kind = found[0]
        sheet.claim(i, i + 1, PERSON if kind == "naam" else OTHER)
        yield Span(sheet.starts[i], sheet.ends[i], kind)


def _seen(sheet: Sheet, spans: list[Span]) -> dict[str, tuple[str, bool]]:
    """The words of the finds, with their kind and whether the find had a capital."""
    by_start = {start: i for i, start in enumerate(sheet.starts)}
    lists = sheet.lists
    seen: dict[str, tuple[str, bool]] = {}
    for span in spans:
        if span.kind not in {"naam", "plaats", "organisatie"}:
            continue
        i = by_start.get(span.start, by_start.get(span.start + 1))
        single = True
        while i is not None and i < len(sheet) and sheet.ends[i] <= span.end:
            key = sheet.keys[i]
            single = single and sheet.starts[i] == span.start and sheet.ends[i] >= span.end - 1
            if len(key) > 1 and key not in lists["particles"] and key not in lists["titles"]:
                if span.kind == "naam" or single:
                    seen.setdefault(_owner(key) or key, (span.kind, sheet.shapes[i] != LOWER))
                    seen.setdefault(key, (span.kind, sheet.shapes[i] != LOWER))
            i += 1
    return seen


def _owner(key: str) -> str:
    return key[:-2] if key.endswith("'s") else ""


def _again(sheet: Sheet, i: int, found: tuple[str, bool]) -> bool:
    """Whether word `i` is the same name again: a word that is also common must be written as a name."""
    lists = sheet.lists
    key = sheet.keys[i]
    kind = tier(sheet, i)
    if kind == HARMLESS or key in lists["stops"] or key in lists["roles"]:
        return False
    behind_article = (
        i > 0
        and sheet.touching(i)
        and (sheet.keys[i - 1] in lists["determiners"] or sheet.keys[i - 1] in lists["possessives"])
    )
    if sheet.capital(i):
        return not (behind_article and kind == WORD)
    if kind in {FIRST, LAST, UNKNOWN}:
        return True
    return not found[1] and not behind_article and sheet.places[i] != START and key not in lists.common
