"""Notes as lines that fit the terminal: handle, time left, first words."""

from __future__ import annotations

import os
import sys

from cli import failures, output, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from vault.expiry import Moment
    from vault.service import Note

FIRST_WORDS = 60
"""Columns of first words in JSON and in a pipe."""
_LETTERS = 6
"""Columns of a handle."""
_LEAST = 12
"""Columns of first words on the narrowest terminal."""
_LOOKED_AT = 4
"""So many times as many characters are looked at as may be shown: white space folds."""
_GAP = "  "


def columns(letter: str) -> int:
    """How many columns of a terminal a character takes: 0, 1 or 2."""
    if letter.isascii():
        return 1
    import unicodedata

    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in ("W", "F") else 1


def first_words(text: str, width: int = FIRST_WORDS) -> str:
    """The start of the text on one line of at most `width` columns, "…" at the end when there is more."""
    # a note can be a megabyte; its start is enough
    start = text[: _LOOKED_AT * width]
    line = " ".join(output.harmless(start).split())
    if len(start) == len(text) and _fitting(line, width) == len(line):
        return line
    fits = _fitting(line, width - 1)
    cut = line[:fits]
    at = cut.rfind(" ")
    # between words, unless that would leave next to nothing
    if line[fits : fits + 1] != " " and fits < len(line) and at > fits // 2:
        cut = cut[:at]
    return cut.rstrip() + "…"


def _fitting(line: str, width: int) -> int:
    """How many characters of the line fit into so many columns."""
    if line[: width + 1].isascii():
        return min(len(line), width)
    used = 0
    for at, letter in enumerate(line):
        used += columns(letter)
        if used > width:
            return at
    return len(line)


def lines(notes: Sequence[Note], moment: Moment) -> list[str]:
    """One line for each note."""
    months = {note.months_left for note in notes}
    left = {month: words.left(words.days_left(moment, month)) for month in months}
    middle = max(map(len, left.values()), default=0)
    width = max(_LEAST, terminal_width() - _LETTERS - middle - 2 * len(_GAP))
    return [
        f"{note.handle}{_GAP}{left[note.months_left].ljust(middle)}{_GAP}{first_words(note.text, width)}"
        for note in notes
    ]


def rows(notes: Sequence[Note]) -> list[dict[str, object]]:
    """The notes as JSON rows."""
    return [
        {"handle": note.handle, "months_left": note.months_left, "first_words": first_words(note.text)}
        for note in notes
    ]


def told_unreadable(count: int) -> int:
    """Tells how many notes can't be read, if any; the exit code."""
    if not count:
        return failures.DONE
    output.tell(words.unreadable(count))
    return failures.DAMAGED


def terminal_width() -> int:
    """Columns of the terminal that the answer goes to; in a pipe as many as read well."""
    if not sys.stdout.isatty():
        return 100
    return os.get_terminal_size(sys.stdout.fileno()).columns or 80
