"""What stands before and behind a number tells what it is. Pure."""

import re
from collections.abc import Iterator

from vault.guard.sheet import Sheet


def before(sheet: Sheet, start: int, reach: int = 40) -> str:
    """The text before `start` on the same line, at most `reach` letters, in lower case."""
    piece = sheet.text[max(0, start - reach) : start]
    return piece[piece.rfind("\n") + 1 :].lower()


def after(sheet: Sheet, end: int, reach: int = 25) -> str:
    """The text behind `end` on the same line, at most `reach` letters, in lower case."""
    return sheet.text[end : end + reach].partition("\n")[0].lower()


def announced(pattern: re.Pattern[str], sheet: Sheet, start: int, reach: int = 40) -> bool:
    """Whether `pattern` occurs shortly before `start`."""
    return pattern.search(before(sheet, start, reach)) is not None


def numeric(pattern: re.Pattern[str], sheet: Sheet, back: int = 0, signs: str = "") -> Iterator[re.Match[str]]:
    """Where `pattern` fits at a row of digits, or up to `back` signs before one; what is inside a fit is skipped.

    With `signs` it is tried only where one of them stands, which is most of the time of a page full of numbers.
    """
    text = sheet.text
    done = 0
    for number in sheet.numbers:
        for start in range(max(done, number - back), number + 1):
            match = pattern.match(text, start) if not signs or text[start] in signs else None
            if match is not None:
                yield match
                done = match.end()
                break


def digits(text: str) -> str:
    """The digits 0 to 9 in `text`."""
    return "".join(sign for sign in text if sign in "0123456789")
