"""Notes as lines that fit the terminal: handle, time left, first words."""

from __future__ import annotations

import os
import sys

from cli import output, words

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from vault.expiry import Moment
    from vault.service import Note

FIRST_WORDS = 60
"""Columns of first words in JSON and in a pipe."""
_LEAST = 12
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
    # a note can be a megabyte; its first lines are enough
    line = " ".join(output.harmless(text[: 8 * width]).split())
    whole = len(text) <= 8 * width
    used, end = 0, 0
    fits = 0
    for end, letter in enumerate(line):
        used += columns(letter)
        if used <= width - 1:
            fits = end + 1
        if used > width:
            break
    else:
        return line if whole else line[:fits].rstrip() + "…"
    cut = line[:fits]
    at = cut.rfind(" ")
    # cut between words, unless that would leave next to nothing
    if line[fits : fits + 1] != " " and at > fits // 2:
        cut = cut[:at]
    return cut.rstrip() + "…"


def lines(notes: Sequence[Note], moment: Moment) -> list[str]:
    """One line for each note."""
    left = [words.left(words.days_left(moment, note.months_left)) for note in notes]
    middle = max(map(len, left), default=0)
    width = max(_LEAST, _terminal_width() - 6 - middle - 2 * len(_GAP))
    return [
        f"{note.handle}{_GAP}{time.ljust(middle)}{_GAP}{first_words(note.text, width)}"
        for note, time in zip(notes, left, strict=True)
    ]


def rows(notes: Sequence[Note]) -> list[dict[str, object]]:
    """The notes as JSON rows."""
    return [
        {"handle": note.handle, "months_left": note.months_left, "first_words": first_words(note.text)}
        for note in notes
    ]


def _terminal_width() -> int:
    if not sys.stdout.isatty():
        return 100
    return os.get_terminal_size(sys.stdout.fileno()).columns or 80
