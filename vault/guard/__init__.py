"""The privacy guard: finds names, dates and other personal data in Dutch and English notes (docs: design section 8).

Pure, but for `load`: what it is given is neither stored nor logged, and it reads no clock. Any text gives a list of
finds in bounded time.
"""

from collections.abc import Collection

from vault.guard.find import KINDS, Find
from vault.guard.lists import load
from vault.guard.live import Scanner
from vault.guard.roles import redact, replacements, splice
from vault.guard.sheet import Sheet
from vault.guard.spread import known_from, spread
from vault.guard.survey import survey
from vault.guard.words import Lists, plain

__all__ = ["KINDS", "Find", "Lists", "Scanner", "load", "redact", "replacements", "scan", "splice"]


def scan(text: str, lists: Lists, allow: Collection[str] = ()) -> list[Find]:
    """The personal data in `text`, in order and without overlap, but for what `allow` says (whatever its case)."""
    sheet = Sheet(text, lists)
    found = survey(sheet)
    spans = sorted([*found, *spread(sheet, known_from(sheet, found))])
    allowed = {_same(word) for word in allow}
    finds = [Find(span.start, span.end, span.kind, text[span.start : span.end]) for span in spans]
    return [find for find in finds if not allowed or _same(find.text) not in allowed]


def _same(word: str) -> str:
    """`word` as it is compared: a find may stand on two lines."""
    return " ".join(plain(word).split())
