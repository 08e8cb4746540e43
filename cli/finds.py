"""A find of the guard on one line: where it stands, among which words, and what would stand there instead."""

from __future__ import annotations

from cli.i18n import _
from cli.output import harmless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from vault.guard import Find

OPEN, CLOSE = "«", "»"
"""Around a find: marks that need no colour."""
_CUT = "…"
_LEAST = 24
"""Characters of context on the narrowest terminal."""


def context(text: str, find: Find, room: int) -> str:
    """The find between marks, with as much of its line around it as fits into `room` characters."""
    start = text.rfind("\n", 0, find.start) + 1
    end = text.find("\n", find.end)
    # of a line without end only what can be shown is looked at
    before = _flat(text[max(start, find.start - 2 * room) : find.start])
    after = _flat(text[find.end : len(text) if end < 0 else min(end, find.end + 2 * room)])
    middle = OPEN + _shortened(" ".join(harmless(find.text).split()), room - 2) + CLOSE
    left = max(room - len(middle), 0)
    behind = _start(after, max(left - len(before), left // 2))
    return _end(before, left - len(behind)) + middle + behind


def _flat(text: str) -> str:
    """On one line, a blank at either end kept."""
    flat = " ".join(harmless(text).split())
    return (" " if text[:1].isspace() and flat else "") + flat + (" " if text[-1:].isspace() else "")


def _shortened(text: str, room: int) -> str:
    return text if len(text) <= room else text[: max(room - 1, 1)] + _CUT


def _start(text: str, room: int) -> str:
    """The start of the text, cut between words if it is longer."""
    if len(text) <= room:
        return text.rstrip()
    at = text.rfind(" ", 0, max(room - 1, 0))
    return f"{text[:at]} {_CUT}" if at > 0 else _CUT[: max(room, 0)]


def _end(text: str, room: int) -> str:
    """The end of the text, cut between words if it is longer."""
    if len(text) <= room:
        return text.lstrip()
    at = text.find(" ", len(text) - room + 1)
    return _CUT + text[at:] if at >= 0 and room > 2 else _CUT[: max(room, 0)]


def instead(word: str) -> str:
    """The neutral word, or that nothing comes in its place."""
    return word or _("(left out)")


def rows(text: str, finds: Sequence[Find], width: int) -> list[str]:
    """A line for each find: the number of its line, its kind, its context and its neutral word."""
    from cli.shell.kinds import named
    from vault.guard import replacements

    words = [instead(word) for word in replacements(text, finds)]
    lines = [str(text.count("\n", 0, find.start) + 1) for find in finds]
    kinds = [named(find.kind) for find in finds]
    first, second, last = (max(map(len, column), default=0) for column in (lines, kinds, words))
    # a terminal's last column stays free: some break the line there
    room = max(width - 1 - len(f"{'':{first}}  {'':{second}}    → {'':{last}}"), _LEAST)
    return [
        f"{line:>{first}}  {kind:<{second}}  {context(text, find, room):<{room}}  → {word}"
        for line, kind, find, word in zip(lines, kinds, finds, words, strict=True)
    ]
