"""Where finds stand in a text that is being written: they move along with it, and are drawn line by line. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate

from cli.shell.rows import Mark, common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.guard import Find

STYLE = "class:guard"


def shifted(old: str, new: str, finds: Sequence[Find]) -> list[Find]:
    """Those of the finds in `old` that stand in `new` as well, where they stand there."""
    start, end = common(old, new)
    shift = len(new) - len(old)
    kept = [find for find in finds if _untouched(find, old, new, start, len(old) - end)]
    return [find if find.end <= start else _moved(find, shift) for find in kept]


def _moved(find: Find, by: int) -> Find:
    return find._replace(start=find.start + by, end=find.end + by)


def _untouched(find: Find, old: str, new: str, start: int, end: int) -> bool:
    """Whether the find still stands as it stood: the change `start`..`end` of `old` neither cuts nor lengthens it."""
    if find.end < start or find.start > end:
        return True
    if find.end == start:
        return not _joins(new[start : start + 1])
    if find.start == end:
        shift = len(new) - len(old)
        return end + shift == 0 or not _joins(new[end + shift - 1])
    return False


def _joins(char: str) -> bool:
    return char.isalnum() or char in {"-", "@", "_", "'", "’"}


class ByLine:
    """Where finds lie within the lines of a text."""

    def __init__(self, lines: Sequence[str], finds: Sequence[Find], chosen: Find | None = None) -> None:
        """`chosen` is the find that the coach is looking at; it is drawn as selected too."""
        self._starts = [0, *accumulate(len(line) + 1 for line in lines)]
        self._finds = finds
        self._ends = [find.end for find in finds]
        self._chosen = chosen

    def __call__(self, line: int) -> list[Mark]:
        """The marks of a line, by its number."""
        start, behind = self._starts[line], self._starts[line + 1]
        marks = []
        for find in self._finds[bisect_left(self._ends, start + 1) :]:
            if find.start >= behind:
                break
            style = f"{STYLE} class:selected" if find == self._chosen else STYLE
            marks.append(Mark(max(find.start - start, 0), min(find.end, behind - 1) - start, style))
        return marks
