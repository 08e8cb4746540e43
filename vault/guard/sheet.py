"""A note cut into words, with what stands between them and how each is written. Pure."""

import re
from collections.abc import Collection
from functools import cached_property
from itertools import pairwise

from vault.guard.phrases import WORD
from vault.guard.words import Lists, plain

# How a word stands in its sentence: a capital says much in the middle and little at the start.
MIDDLE, SOFT, START = 0, 1, 2
# How a word is written.
LOWER, CAPITAL, CAPITALS, MIXED, NUMBER = 0, 1, 2, 3, 4
_FLAT = frozenset((LOWER, NUMBER))
# Who has claimed a word.
PERSON, OTHER, HARMLESS_PHRASE = 1, 2, 3

_OPENING = frozenset(':;"“”„‘«»(*•·–—>=|[{/\\#~!?…') | {"- ", " -"}
_ENDING = re.compile(r"[.!?…]")
_DIGITS = re.compile(r"\d+")
_QUOTED = re.compile(r"['’]")
WRAPPED = 45
"""Letters of a line that is broken only because it was full."""
_LONGEST = 60
"""Longer words are nobody's name."""
_SHOUTED = 0.7
"""Share of a line's words in capitals from which capitals say nothing."""


class Sheet:
    """The words of a text and their surroundings; word `i` is `text[starts[i]:ends[i]]`."""

    def __init__(self, text: str, lists: Lists) -> None:
        self.text = text
        self.lists = lists
        self.words: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in WORD.finditer(text):
            self.words.append(match.group())
            self.starts.append(match.start())
            self.ends.append(match.end())
        self.keys = [plain(word) if len(word) <= _LONGEST else "" for word in self.words]
        self.size = len(self.words)
        self.gaps = self._gaps()
        self._blank = [gap == " " or (gap.isspace() and "\n" not in gap) for gap in self.gaps]
        self.shapes = [_shape(word) for word in self.words]
        self.places = self._places()
        self._quiet_shouting()
        self.taken = bytearray(len(self.words))
        """Who has claimed each word: 0 nobody yet, otherwise PERSON, OTHER or HARMLESS_PHRASE."""
        self.tiers = [""] * len(self.words)
        """What vault.guard.tiers has found out about each word."""
        self._known: dict[str, bool] = {}

    def _gaps(self) -> list[str]:
        gaps = []
        end = 0
        for start, next_end in zip(self.starts, self.ends, strict=True):
            gaps.append(
                self.text[end:start]
                if start - end <= 12
                else self.text[end : end + 6] + "\n" + self.text[start - 5 : start]
            )
            end = next_end
        return gaps

    def _places(self) -> list[int]:
        """Where each word stands: in the middle of a sentence, after a sign that may open one, or at its start."""
        classes: dict[str, int] = {" ": MIDDLE, ", ": MIDDLE, "": MIDDLE}
        places = []
        abbreviations = self.lists["abbreviations"]
        for i, gap in enumerate(self.gaps):
            place = classes.get(gap)
            if place is None:
                place = classes[gap] = _place(gap)
            if i == 0:
                place = START
            elif place == START:
                before = self.words[i - 1]
                if (gap == ". " and (before.lower() in abbreviations or (len(before) == 1 and before != "I"))) or (
                    gap == "\n" and self._full_line(i)
                ):
                    place = MIDDLE
            places.append(place)
        return places

    def _full_line(self, i: int) -> bool:
        end = self.ends[i - 1]
        return "\n" not in self.text[max(0, end - WRAPPED) : end] and end >= WRAPPED

    def _quiet_shouting(self) -> None:
        """Takes words in capitals for lower case where the whole line is in capitals."""
        if CAPITALS not in self.shapes:
            return
        first = 0
        size = len(self.words)
        while first < size:
            last = first + 1
            while last < size and "\n" not in self.gaps[last]:
                last += 1
            written = [i for i in range(first, last) if self.shapes[i] != NUMBER and len(self.words[i]) > 1]
            loud = [i for i in written if self.shapes[i] == CAPITALS]
            if len(written) > 2 and len(loud) > _SHOUTED * len(written):
                for i in loud:
                    self.shapes[i] = LOWER
            first = last

    def near(self, i: int, j: int) -> bool:
        """Whether words `i` and `j` (the next one) have only blanks between them, or the stop of an abbreviation."""
        return j < self.size and self.gaps[j].strip(" .") == "" and "\n" not in self.gaps[j] and j == i + 1

    def touching(self, j: int) -> bool:
        """Whether only blanks stand between word `j` and the one before it."""
        return 0 < j < self.size and self._blank[j]

    def known(self, i: int) -> bool:
        """Whether word `i` is a Dutch or English word, or put together from such words."""
        low = self.words[i].lower()
        found = self._known.get(low)
        if found is None:
            lists = self.lists
            found = lists.word(low) or lists.word(self.keys[i]) or _pieces(low, lists) or lists.compound(low)
            self._known[low] = found
        return found

    def claim(self, first: int, after: int, owner: int) -> None:
        """Claims the words from `first` up to `after`."""
        for i in range(first, after):
            self.taken[i] = owner

    def capital(self, i: int) -> bool:
        """Whether word `i` begins with a capital that means something."""
        return self.shapes[i] in {CAPITAL, CAPITALS, MIXED}

    @cached_property
    def sentences(self) -> list[tuple[int, int]]:
        """For each word, the first word of its sentence and the one after its last."""
        bounds = [i for i, place in enumerate(self.places) if place == START] + [len(self.words)]
        result: list[tuple[int, int]] = []
        for first, after in pairwise(bounds):
            result.extend([(first, after)] * (after - first))
        return result

    @cached_property
    def raised(self) -> list[int]:
        """The words that begin with a capital that means something."""
        return [i for i, shape in enumerate(self.shapes) if shape not in _FLAT]

    @cached_property
    def figures(self) -> list[int]:
        """The words that begin with a digit."""
        return [i for i, shape in enumerate(self.shapes) if shape == NUMBER]

    @cached_property
    def _index(self) -> dict[str, list[int]]:
        """Where each word stands."""
        index: dict[str, list[int]] = {}
        for i, key in enumerate(self.keys):
            if key in index:
                index[key].append(i)
            else:
                index[key] = [i]
        return index

    def where(self, *sets: Collection[str]) -> list[int]:
        """Where a word of one of `sets` stands, set after set."""
        index = self._index
        found: list[int] = []
        for words in sets:
            # A list of names is far longer than a note.
            fewer, more = (index, words) if len(words) > len(index) else (words, index)
            for key in fewer:
                if key in more:
                    found += index[key]
        return found

    def ending(self, ends: tuple[str, ...], least: int = 0) -> list[int]:
        """Where a word of at least `least` letters stands that ends so."""
        return [i for key, places in self._index.items() if len(key) >= least and key.endswith(ends) for i in places]

    def starting(self, starts: tuple[str, ...]) -> list[int]:
        """Where a word stands that begins so."""
        return [i for key, places in self._index.items() if key.startswith(starts) for i in places]

    @cached_property
    def numbers(self) -> list[int]:
        """Where a row of digits begins: numbers are rare in notes, so their patterns are tried nowhere else."""
        return [match.start() for match in _DIGITS.finditer(self.text)]

    def around(self, i: int, words: frozenset[str], reach: int = 12) -> bool:
        """Whether one of `words` stands in the sentence of word `i`, at most `reach` words away."""
        first, after = self.sentences[i]
        return not words.isdisjoint(self.keys[max(first, i - reach) : min(after, i + reach + 1)])


def _shape(word: str) -> int:
    if word[0].isdigit():
        return NUMBER
    if word.islower():
        return LOWER
    if word.isupper():
        return CAPITALS if len(word) > 1 else CAPITAL
    if word[0].isupper() and (word[1:].islower() or word.istitle()):
        return CAPITAL
    if not word[0].isupper() and not word[0].islower():
        return LOWER
    return MIXED


def _place(gap: str) -> int:
    if "\n" in gap or "\r" in gap or "\t" in gap:
        return START
    ending = _ENDING.search(gap)
    if ending is not None and len(gap) > ending.end():
        return START
    if any(sign in gap for sign in _OPENING) or (_QUOTED.search(gap) and len(gap) > 1):
        return SOFT
    return MIDDLE


def _pieces(low: str, lists: Lists) -> bool:
    """Whether `low` has hyphens and ends in a word: GROW-vragen, Belbin-rol."""
    return "-" in low and lists.word(low.rpartition("-")[2])
