"""jrnl's export to JSON: all entries in one file, or one file for each entry. Pure."""

import json
from collections.abc import Iterator

from cli.importers import faults, jrnl, limits
from cli.importers.taken import Taken

FORMAT = "jrnl"
_FIELDS = {"title", "body", "date", "time"}


def claims(path: str, text: str) -> bool:
    """Whether the file is such an export: one damaged entry does not make it anything else."""
    if not path.lower().endswith(".json"):
        return False
    entries = _list(text)
    return entries is not None and (not entries or any(_is_entry(entry) for entry in entries))


def read(text: str) -> Taken:
    """Every entry a note. Raises Damaged, NotText, HoldsNul, NoteTooLong, TooMuch."""
    if _is_too_much(text):
        raise faults.TooMuch
    entries = _list(text)
    if entries is None:
        raise faults.Damaged
    return jrnl.taken(_entries(entries))


def _is_too_much(text: str) -> bool:
    """Whether the text would become so many values that they fill the memory: a bracket is two bytes, a list sixty."""
    return sum(map(text.count, ',[{"')) > limits.JSON_VALUES


def _list(text: str) -> list[object] | None:
    if _is_too_much(text):
        return None
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        return None
    entries = document.get("entries", [document]) if isinstance(document, dict) else None
    return entries if isinstance(entries, list) else None


def _is_entry(entry: object) -> bool:
    return (
        isinstance(entry, dict)
        and entry.keys() >= _FIELDS
        and isinstance(entry["title"], str)
        and isinstance(entry["body"], str)
    )


def _entries(entries: list[object]) -> Iterator[str]:
    for entry in entries:
        if not isinstance(entry, dict) or not _is_entry(entry):
            raise faults.Damaged
        yield f"{entry['title'].strip()}\n{entry['body']}"
