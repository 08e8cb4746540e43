"""Finds phrases of several words in a row of words, whatever the case. Pure."""

import re
from collections.abc import Iterable, Sequence

WORD = re.compile(r"[^\W_]+(?:[-'’][^\W_]+)*")
"""A word as the guard sees it: letters and digits, with single hyphens and apostrophes inside."""


class Phrases:
    """Phrases by their first word. Signs between the words (& . / +) must be the same, blanks may differ."""

    __slots__ = ("_by_first", "single")

    def __init__(self, phrases: Iterable[str]) -> None:
        self.single: set[str] = set()
        """The phrases of one word, which are looked up directly."""
        self._by_first: dict[str, list[tuple[tuple[str, ...], tuple[str, ...]]]] = {}
        for phrase in phrases:
            if phrase.isalnum():
                self.single.add(phrase)
                continue
            words = [match.group() for match in WORD.finditer(phrase)]
            if len(words) == 1:
                self.single.add(words[0])
            elif words:
                gaps, at = [], 0
                for word in words:
                    start = phrase.index(word, at)
                    gaps.append(phrase[at:start].strip())
                    at = start + len(word)
                self._by_first.setdefault(words[0], []).append((tuple(words), tuple(gaps[1:])))
        for entries in self._by_first.values():
            # The longest first: 'Bergen op Zoom' before 'Bergen'.
            entries.sort(key=lambda entry: (-len(entry[0]), entry))

    def length(self, keys: Sequence[str], gaps: Sequence[str], at: int) -> int:
        """How many words from `at` on are a phrase of two words or more; 0 if none is."""
        entries = self._by_first.get(keys[at])
        if entries is None:
            return 0
        for words, between in entries:
            size = len(words)
            if tuple(keys[at : at + size]) == words and all(
                gaps[at + place].strip() == sign for place, sign in enumerate(between, 1)
            ):
                return size
        return 0
