"""What stands before a number tells what it is. Pure."""

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


def matches(pattern: re.Pattern[str], sheet: Sheet) -> Iterator[re.Match[str]]:
    """All places where `pattern` fits."""
    return pattern.finditer(sheet.text)


def digits(text: str) -> str:
    """The digits 0 to 9 in `text`."""
    return "".join(sign for sign in text if sign in "0123456789")
