"""Finds that follow a text while it is being written: only what changed is looked at again. Pure."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Sequence
from itertools import accumulate

from cli.shell.rows import Mark, common

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.guard import Find

_BEFORE, _BEHIND = 600, 240
"""Characters around a change that are looked at again at most, however long the line is."""
_MOST = 2000
"""A larger change (a paste) is left to the scan of the whole note."""
STYLE = "class:guard"


def followed(
    old: str, new: str, finds: Sequence[Find], cursor: int, scan: Callable[[str], Iterable[Find]]
) -> list[Find]:
    """The finds in `new`, from those in `old`: moved along, and found anew around what changed.

    A word that ends at the cursor is still being typed, and is left out until it is done.
    """
    start, end = common(old, new)
    shift = len(new) - len(old)
    before = [find for find in finds if _untouched(find, old, new, start, len(old) - end)]
    kept = [find if find.end <= start else _moved(find, shift) for find in before]
    if len(new) - end - start > _MOST:
        return kept
    first, last = _around(new, start, len(new) - end)
    fresh = [_moved(find, first) for find in scan(new[first:last])]
    fresh = [find for find in fresh if not (find.end == cursor and shift > 0)]
    return sorted([*kept, *(find for find in fresh if not _overlaps(find, kept))])


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


def _around(text: str, start: int, end: int) -> tuple[int, int]:
    """The line or lines around a change; of a very long line only what is near."""
    first = text.rfind("\n", 0, start) + 1
    last = text.find("\n", end)
    last = len(text) if last < 0 else last
    if start - first > _BEFORE:
        stop = text.find(" ", start - _BEFORE, start)
        first = stop + 1 if stop >= 0 else start
    if last - end > _BEHIND:
        stop = text.rfind(" ", end, end + _BEHIND)
        last = stop if stop >= 0 else end
    return first, last


def _overlaps(find: Find, others: Sequence[Find]) -> bool:
    at = bisect_left(others, find.start, key=lambda other: other.start)
    near = others[max(0, at - 1) : at + 1]
    return any(other.start < find.end and find.start < other.end for other in near)


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
