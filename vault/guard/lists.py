"""Reads the guard's lists from the package. The only input of the guard; everything else in it is pure.

What the files hold and where they come from: vault/guard/data/LICENCES.txt and tools/guard_lists.py.
"""

import sys
from array import array
from functools import cache
from pathlib import Path

from vault.guard.words import Lists, plain

_DATA = Path(__file__).parent / "data"
_GENERATED = ("first", "last", "places", "peoples", "employers", "verbs", "common", "last_full")
# In own.txt the same heads as in the generated files would hide these.
_OWN = {"places": "more_places", "employers": "more_employers"}


def _own(text: str) -> dict[str, list[str]]:
    sections: dict[str, list[str]] = {}
    entries: list[str] = []
    for line in text.splitlines():
        if line.startswith("["):
            head = line.strip("[]")
            entries = sections.setdefault(_OWN.get(head, head), [])
        elif line and not line.startswith("#"):
            entries.extend(entry.strip() for entry in plain(line).split(",") if entry.strip())
    return sections


@cache
def load() -> Lists:
    """The lists; read once, on the first call, never at import."""
    sections = _own((_DATA / "own.txt").read_text("utf-8"))
    for name in _GENERATED:
        sections[name] = plain((_DATA / f"{name}.txt").read_text("utf-8")).split("\n")[:-1]
    sections["full_last"] = sections.pop("last_full")
    digests = array("I")
    digests.frombytes((_DATA / "words.bin").read_bytes())
    if sys.byteorder == "big":
        digests.byteswap()
    return Lists(sections, digests, array("b", (_DATA / "shape.bin").read_bytes()))
