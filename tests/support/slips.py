"""Slips of the finger in the words of a claim slip, in a word where they leave no doubt which one is meant."""

from collections.abc import Callable, Sequence
from pathlib import Path

LISTS = Path(__file__).parents[2] / "vault" / "words"
_SHORT = 4


def mistyped(words: Sequence[str], lang: str, slip: Callable[[str], str]) -> list[str]:
    """The words with a slip in the first one that no other word of the list is as near to.

    Which those are is reckoned here and not by the program, for which it is a test.
    """
    listed = (LISTS / f"{lang}.txt").read_text(encoding="utf-8").split()
    for at, word in enumerate(words):
        typed = slip(word)
        begun = len(typed) >= _SHORT
        near = [each for each in listed if _errors(each, typed) <= 1 or (begun and each.startswith(typed))]
        if near == [word] and typed != word:
            return [*words[:at], typed, *words[at + 1 :]]
    raise AssertionError(words)


def _errors(one: str, other: str) -> int:
    """Letters wrong, missing, too many or swapped (optimal string alignment)."""
    rows = [list(range(len(other) + 1))]
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(rows[-1][j] + 1, row[-1] + 1, rows[-1][j - 1] + (a != b)))
            if i > 1 and j > 1 and a == other[j - 2] and one[i - 2] == b:
                row[-1] = min(row[-1], rows[-2][j - 2] + 1)
        rows.append(row)
    return rows[-1][-1]
