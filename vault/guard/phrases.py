"""Finds phrases of several words in a row of words, whatever the case. Pure."""

import re
from collections.abc import Iterable, Sequence
from itertools import pairwise

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
"""A word as the guard sees it: letters and digits, with single hyphens and apostrophes inside."""


class Phrases:
    """Phrases by their first two words. Signs between the words (& . / +) must be the same, blanks may differ."""

    __slots__ = ("_by_pair", "firsts", "single")

    def __init__(self, phrases: Iterable[str]) -> None:
        self.single: set[str] = set()
        """The phrases of one word, which are looked up directly."""
        self._by_pair: dict[tuple[str, str], list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for phrase in phrases:
            matches = [] if phrase.isalnum() else list(WORD.finditer(phrase))
            if len(matches) < 2:
                self.single.add(matches[0].group() if matches else phrase)
                continue
            words = tuple(match.group() for match in matches)
            gaps = tuple(phrase[one.end() : other.start()].strip() for one, other in pairwise(matches))
            self._by_pair.setdefault((words[0], words[1]), []).append((words, gaps))
        self.firsts = {first for first, _ in self._by_pair}
        """What the phrases of several words begin with."""
        for entries in self._by_pair.values():
            # The longest first: 'Alphen aan den Rijn' before 'Alphen aan'.
            entries.sort(key=lambda entry: (-len(entry[0]), entry))

    def length(self, keys: Sequence[str], gaps: Sequence[str], at: int) -> int:
        """How many words from `at` on are a phrase of two words or more; 0 if none is."""
        if keys[at] not in self.firsts or at + 1 == len(keys):
            return 0
        for words, between in self._by_pair.get((keys[at], keys[at + 1]), ()):
            size = len(words)
            if tuple(keys[at : at + size]) == words and all(
                gaps[at + place].strip() == sign for place, sign in enumerate(between, 1)
            ):
                return size
        return 0
