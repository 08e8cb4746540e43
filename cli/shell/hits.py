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
    """About `room` characters of `text` on one line, so that the first hit stands in them."""
    line = " ".join(text.split())
    found = hits(line, words)
    if len(line) <= room or not found or found[0].end < room * 2 // 3:
        return line[: room * 2]
    start = line.rfind(" ", 0, max(0, found[0].start - room // 3)) + 1
    return "…" + line[start : start + room * 2]
