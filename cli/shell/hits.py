"""Where the sought words stand in a text, in the way the vault searches: case and accents ignored."""

from collections.abc import Sequence

from cli.shell.rows import Mark
from vault.service.texts import fold

_STYLE = "class:hit"


def hits(line: str, words: Sequence[str]) -> list[Mark]:
    """A mark for each place in `line` where one of `words` stands, in order."""
    folded, origin = _fold(line)
    found = []
    for word in filter(None, map(fold, words)):
        at = folded.find(word)
        while at >= 0:
            last = at + len(word)
            found.append(Mark(origin[at], origin[last - 1] + 1, _STYLE))
            at = folded.find(word, last)
    return sorted(found)


def _fold(line: str) -> tuple[str, Sequence[int]]:
    """The folded line, and for each of its characters the place of the one it comes from."""
    if line.isascii():
        return fold(line), range(len(line))
    letters, origin = [], []
    for at, char in enumerate(line):
        piece = fold(char)
        letters.append(piece)
        origin += [at] * len(piece)
    return "".join(letters), origin


def around(text: str, words: Sequence[str], room: int) -> str:
    """About `room` characters of `text` on one line, so that a hit stands in them."""
    # the folded text is as long as the text but for rare letters, which is near enough to choose a place
    folded = fold(text)
    first = min((at for word in words if (at := folded.find(fold(word))) >= 0), default=0)
    start = 0
    if first > room * 2 // 3:
        start = text.rfind(" ", 0, first - room // 3) + 1
    cut = " ".join(text[start : start + 2 * room].split())
    return f"…{cut}" if start else cut
