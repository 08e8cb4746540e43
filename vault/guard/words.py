"""The lists the guard looks words up in, and what can be asked of them. Pure: vault.guard.lists reads them."""

import unicodedata
from array import array
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from zlib import crc32

from vault.guard.phrases import Phrases

_LONGEST = 40
"""Letters of the longest word that is taken apart; Dutch compounds in notes end well before."""
_SIGNS = 28
"""Letters in the table of shapes: the start of a word, a to z, its end."""
_LINKS = ("", "s", "e", "en", "-")
"""What stands between the parts of a compound."""


def plain(word: str) -> str:
    """`word` in lower case and without accents, as lists hold it and as people type it."""
    low = word.lower()
    if low.isascii():
        return low
    parts = unicodedata.normalize("NFKD", low.replace("’", "'").replace("ı", "i").replace("ø", "o").replace("ł", "l"))
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


class Lists:
    """Names, places, employers and common words. One instance serves any number of scans; it holds no text of notes."""

    def __init__(self, sections: Mapping[str, Iterable[str]], digests: "array[int]", shape: "array[int]") -> None:
        self._digests = digests
        self._shape = shape
        self._sections = {name: frozenset(words) for name, words in sections.items()}
        own = self._sections
        self.sure = own["sure"]
        self.both = own["both"]
        self.common = own["common"]
        # OpenTaal has firms among its names; who is called so all the same stands in our own list.
        firms = own["employers"] | own["more_employers"]
        self.first = (own["first"] - firms) | own["names"] | self.sure | self.both
        self.last = own["last"] | own["surnames"] | own["trades"]
        self.verbs = ((own["verbs"] | own["strong_verbs"]) - own["stops"] - own["roles"]) | own["speech"]
        self.towns = Phrases((own["places"] | own["more_places"]) - own["not_places"])
        """Places by their words."""
        self.employers = Phrases((own["employers"] | own["more_employers"]) - own["not_employers"])
        """Employers, schools and clubs by their words."""
        self.harmless = Phrases(own["phrases"])
        """Sayings, methods and their authors by their words."""
        self.innocent = own["innocent"] | (own["peoples"] - self.first - self.last - own["more_places"])

    def __getitem__(self, section: str) -> frozenset[str]:
        """The words of one section, as they stand in the files."""
        return self._sections[section]

    def word(self, low: str) -> bool:
        """Whether a dictionary has `low` as a word written without a capital."""
        digest = crc32(low.encode("utf-8", "surrogatepass"))
        place = bisect_left(self._digests, digest)
        return place < len(self._digests) and self._digests[place] == digest

    def likeness(self, key: str) -> float:
        """How much an unknown word looks like a first name: above 0 rather like one, below 0 rather like a word."""
        if not key.isascii() or not key.isalpha() or not 3 < len(key) < 15:
            return 0.0
        row = [0, *(ord(sign) - 96 for sign in key), _SIGNS - 1]
        shape = self._shape
        return sum(shape[(a * _SIGNS + b) * _SIGNS + c] for a, b, c in zip(row, row[1:], row[2:], strict=False)) / 16

    def compound(self, low: str) -> bool:
        """Whether `low` is put together from two or three words, as Dutch does without end."""
        return 7 <= len(low) <= _LONGEST and self._split(low, 2)

    def _split(self, low: str, more: int) -> bool:
        for cut in range(len(low) - 3, 2, -1):
            if not self._part(low[:cut]):
                continue
            for link in _LINKS:
                rest = low[cut + len(link) :]
                if len(rest) < 3 or not low.startswith(link, cut):
                    continue
                if self._part(rest) or (more > 1 and self._split(rest, more - 1)):
                    return True
        return False

    def _part(self, low: str) -> bool:
        # Nearly every three letters are a word somewhere: short parts must be usual ones.
        return low in self.common if len(low) < 4 else self.word(low)
