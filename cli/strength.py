"""How hard a typed passphrase is to guess, in five levels and plain words, with one tip.

Guesses are counted by zxcvbn, which is told the usual Dutch words and names; and, since people make sentences and know
rarer words, word by word as well. The lower count holds. A guess costs an attacker what it costs this program, so ten
thousand a second are many computers at work.
"""

from __future__ import annotations

import math
import re
import unicodedata
from functools import cache
from typing import NamedTuple

from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from zxcvbn_rs_py import Warning as Pattern


class Strength(NamedTuple):
    """`level` from 0 to 4, the power of ten of the `guesses`, and what to say."""

    level: int
    guesses: float
    verdict: str
    tip: str


HIGHEST = 4
_LEVELS = (7.5, 10.4, 13.0, 15.0)
"""Powers of ten of the guesses below which the levels 0 to 3 end: an hour, a month, thirty years and three thousand,
at ten thousand guesses a second."""
_MOST = 256
"""Characters that are looked at; more of them make no passphrase weaker."""
_LONGEST = 24
"""Letters of the longest usual word."""
_SENTENCE_WORD = 2.1
"""Power of ten of the guesses for the next word of running text: about as many are likely there."""
_LETTER, _FIGURE = math.log10(26), 1.0
"""The same for a letter and a figure that belong to no word."""
_YEAR = re.compile("(?:19|20)[0-9]{2}")
_RARE_WORD = 5.6
"""Power of ten of the words in the dictionaries."""
_RARE_LETTERS = 5
"""Letters of the shortest part that is looked up in the dictionaries: shorter ones are words by chance."""
_LITTLE = frozenset(
    "de het een en van in is op dat die dit ik je jij hij zij ze wij we met voor niet geen er aan te om als maar mijn "  # noqa: SIM905 - a list of them fills a screen
    "jouw zijn haar naar bij was heb heeft hebben ga ben wil kan moet ook nog wel uit over zo dan of onze hou".split()
)
"""Little words, some of which every sentence has."""


def strength(typed: str) -> Strength:
    """The strength of a passphrase as far as it is typed."""
    typed = typed[:_MOST].encode(errors="replace").decode()
    guesses, wordy, pattern = _guesses(typed)
    guesses = max(0.0, guesses)
    level = sum(guesses >= limit for limit in _LEVELS)
    return Strength(level, guesses, _verdict(level), _tip(typed, level, wordy, pattern))


def _guesses(typed: str) -> tuple[float, bool, Pattern | None]:
    """The power of ten of the guesses, whether words make up most of it, and the pattern that stood out."""
    from zxcvbn_rs_py import zxcvbn

    from vault.words import usual

    if not typed:
        return 0.0, False, None
    inputs = list(usual())
    found = zxcvbn(typed, inputs)
    guesses = found.guesses_log10
    if abs(guesses - len(typed)) < 0.01 and not re.search(r"[^\W\d_]{3}", typed):
        # nothing in it looks like a word: zxcvbn then says ten guesses for a character, whatever the character
        guesses = len(typed) * math.log10(_alphabet(typed))
    parts = re.findall(r"[^\W_]+", _plain(typed))
    by_word, wordy = _by_word(parts)
    if wordy:
        guesses = min(guesses, by_word)
    if wordy or all(map(str.isalpha, parts)):
        guesses = min(guesses, zxcvbn("".join(parts), inputs).guesses_log10)
    return guesses, wordy, found.feedback.warning if found.feedback else None


def _alphabet(typed: str) -> int:
    """How many signs there are of the kinds that were typed."""
    kinds = (("[a-z]", 26), ("[A-Z]", 26), ("[0-9]", 10), ("[^A-Za-z0-9]", 32))
    return sum(count for pattern, count in kinds if re.search(pattern, typed))


def _plain(typed: str) -> str:
    parts = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


@cache
def _places() -> Mapping[str, int]:
    from vault.words import usual

    return {word: place for place, word in enumerate(usual(), 2)}


def _by_word(parts: list[str]) -> tuple[float, bool]:
    """The power of ten of the guesses when words are tried in a row, and whether words make up most of the letters."""
    found = [_easiest(part) for part in parts]
    guesses = sum(one.guesses for one in found)
    inside = sum(one.inside for one in found)
    letters = sum(map(len, parts))
    words, little = sum(one.words for one in found), sum(one.little for one in found)
    if len(parts) > 1:
        # written apart, a word is not made of little ones
        words, little = len(parts), len(_LITTLE.intersection(parts))
    if words > 2 and little * 4 >= words:
        guesses = min(guesses, words * _SENTENCE_WORD + (letters - inside) * _LETTER)
    return guesses, inside * 2 >= letters


class _Row(NamedTuple):
    """Words in a row: guesses as a power of ten, letters within words, words, little words among them."""

    guesses: float
    inside: int
    words: int
    little: int


def _easiest(part: str) -> _Row:
    """The words in which what is written without a space takes the fewest guesses."""
    from vault import guard

    places, known = _places(), guard.load().word
    best = [_Row(0.0, 0, 0, 0)]
    for end in range(1, len(part) + 1):
        before = best[end - 1]
        ways = [before._replace(guesses=before.guesses + (_FIGURE if part[end - 1].isdigit() else _LETTER))]
        for start in range(max(0, end - _LONGEST), end - 1):
            word = part[start:end]
            if _YEAR.fullmatch(word):
                ways.append(_Row(best[start].guesses + _SENTENCE_WORD, best[start].inside + 4, *best[start][2:]))
            if word in places or (len(word) >= _RARE_LETTERS and known(word)):
                before = best[start]
                costs = math.log10(places[word]) if word in places else _RARE_WORD
                ways.append(
                    _Row(
                        before.guesses + costs,
                        before.inside + len(word),
                        before.words + 1,
                        before.little + (word in _LITTLE),
                    )
                )
        best.append(min(ways))
    return best[-1]


def _verdict(level: int) -> str:
    return (
        _("guessed within an hour"),
        _("guessed within a month"),
        _("guessed within years"),
        _("hard to guess"),
        _("not to be guessed"),
    )[level]


def _tip(typed: str, level: int, wordy: bool, pattern: Pattern | None) -> str:
    if level == HIGHEST:
        return ""
    if level < HIGHEST - 1:
        told = _of_the_pattern(pattern)
        if told:
            return told
        if wordy and len(typed.split()) > 2:
            return _("Sayings and sentences are tried early. Take words that do not belong together.")
        if wordy and re.search(r"[a-z][\W\d_]+$", typed, re.IGNORECASE):
            return _("Figures and signs at the end help little. Another word helps a lot.")
    return _("Add a word that has nothing to do with the others.")


def _of_the_pattern(pattern: Pattern | None) -> str:
    from zxcvbn_rs_py import Warning as Pattern

    if pattern in (Pattern.DatesAreOftenEasyToGuess, Pattern.RecentYearsAreEasyToGuess):
        return _("Years and dates are tried first.")
    if pattern in (
        Pattern.StraightRowsOfKeysAreEasyToGuess,
        Pattern.ShortKeyboardPatternsAreEasyToGuess,
        Pattern.RepeatsLikeAaaAreEasyToGuess,
        Pattern.RepeatsLikeAbcAbcAreOnlySlightlyHarderToGuess,
        Pattern.SequencesLikeAbcAreEasyToGuess,
    ):
        return _("Rows of keys and repeats are tried first.")
    return ""
