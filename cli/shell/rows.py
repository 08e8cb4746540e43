"""Word wrap: where a line of text breaks into rows on the screen. Pure.

prompt_toolkit breaks lines in the middle of words; the page and the editor lay their text out with this instead.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from prompt_toolkit.layout.screen import Char

TAB = "    "
# Marks that turn the direction of writing around can make a line read as something else.
_DRAWN = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029], "�") | {9: TAB}
_PIECE = re.compile(r"[^ \t]+ ?|[ \t]")


class Mark(NamedTuple):
    """A stretch of a line, in characters, that is drawn in a style of its own."""

    start: int
    end: int
    style: str


class Row(NamedTuple):
    """The characters of a line that stand on one row of the screen."""

    start: int
    end: int


@lru_cache(maxsize=2048)
def _width(char: str) -> int:
    return sum(Char(drawn).width for drawn in shown(char))


def cells(text: str) -> int:
    """The width of `text` on the screen; control characters are shown as ^X, so they have a width."""
    if text.isascii() and text.isprintable():
        return len(text)
    return sum(map(_width, text))


def wrap(line: str, width: int) -> list[Row]:
    """The rows of `line`, at least one. The last column stays free for the cursor or the space that ends a row."""
    usable = max(1, width - 1)
    if len(line) <= usable and line.isascii() and line.isprintable():
        return [Row(0, len(line))]
    return list(_rows(line, usable, 0))


def wrap_again(line: str, width: int, old: str, rows: Sequence[Row]) -> list[Row]:
    """`wrap`, for a line that was `old` and had these rows at the same width: only rows near the change are made anew.

    A paragraph of many screens would else be wrapped anew at every key.
    """
    start, same = common(old, line)
    shift = len(line) - len(old)
    # a word that has become shorter may move up to the row before its own
    word = max(line.rfind(" ", 0, start), line.rfind("\t", 0, start)) + 1
    first = max(0, row_of(rows, word) - 1)
    result = list(rows[:first])
    old_starts = [row.start for row in rows]
    for row in _rows(line, max(1, width - 1), rows[first].start):
        if row.start > len(line) - same:
            at = bisect_right(old_starts, row.start - shift) - 1
            if old_starts[at] == row.start - shift:
                return result + [Row(each.start + shift, each.end + shift) for each in rows[at:]]
        result.append(row)
    return result


def common(old: str, new: str) -> tuple[int, int]:
    """How many characters two texts have in common at the start, and how many behind that at the end."""
    most = min(len(old), len(new))
    start = _reach(most, lambda count: old[:count] == new[:count])
    end = _reach(most - start, lambda count: old[len(old) - count :] == new[len(new) - count :])
    return start, end


def _reach(most: int, holds: Callable[[int], bool]) -> int:
    """The largest number up to `most` for which `holds`, which holds for every smaller one as well."""
    return bisect_left(range(1, most + 1), True, key=lambda count: not holds(count))


def _rows(line: str, usable: int, start: int) -> Iterator[Row]:
    """The rows of `line` from `start` on, where one begins."""
    x = 0
    for piece in _PIECE.finditer(line, start):
        begin = piece.start()
        body = piece.group().rstrip(" ")
        wide = cells(body)
        if x and x + wide > usable:
            yield Row(start, begin)
            start, x = begin, 0
        if wide > usable:
            for cut in _cuts(body, usable):
                yield Row(start, begin + cut)
                start = begin + cut
            wide = cells(line[start : begin + len(body)])
        x += wide + piece.end() - begin - len(body)
    yield Row(start, len(line))
    if x > usable:
        yield Row(len(line), len(line))


def _cuts(word: str, usable: int) -> Iterator[int]:
    """Where a word that is wider than a row is cut."""
    x = 0
    for at, char in enumerate(word):
        wide = _width(char)
        if x and x + wide > usable:
            yield at
            x = 0
        x += wide


def row_of(rows: Sequence[Row], index: int) -> int:
    """Which row the character `index` of the line stands on; just behind a row is the start of the next."""
    return bisect_right(rows, index, key=lambda row: row.start) - 1


def index_at(line: str, row: Row, x: int, last: bool) -> int:
    """The character of `line` nearest to column `x` of `row`. `last` says that the line has no further row."""
    index, passed = row.start, 0
    stop = row.end if last else max(row.start, row.end - 1)
    while index < stop and passed + _width(line[index]) <= x:
        passed += _width(line[index])
        index += 1
    return index


def shown(text: str) -> str:
    """`text` as it is drawn: tabs as spaces, and � for what could mislead the eye."""
    return text if text.isascii() and "\t" not in text else text.translate(_DRAWN)


def cut(text: str, width: int) -> str:
    """`text` on one row: if it is too wide, its beginning and an ellipsis."""
    if cells(text) <= width:
        return text
    x = 0
    for at, char in enumerate(text):
        x += _width(char)
        if x > width - 1:
            return text[:at].rstrip() + "…"
    return text


def paint(line: str, row: Row, style: str, marks: Iterable[Mark]) -> list[tuple[str, str]]:
    """The fragments of a row: `style` everywhere, and the style of each mark on top of it where it lies."""
    inside = [mark for mark in marks if mark.start < row.end and mark.end > row.start]
    if not inside:
        return [(style, shown(line[row.start : row.end]))]
    edges = {row.start, row.end}
    for mark in inside:
        edges |= {max(mark.start, row.start), min(mark.end, row.end)}
    points = sorted(edges)
    fragments = []
    for start, end in pairwise(points):
        styles = [style, *(mark.style for mark in inside if mark.start <= start and end <= mark.end)]
        fragments.append((" ".join(filter(None, styles)), shown(line[start:end])))
    return fragments
