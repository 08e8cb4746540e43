"""Phrases of spoken words: drawn evenly, and read back as somebody typed them. Pure, but for vault.words.

Any two words of a list differ in their first four letters and in more than one typing error, so a word typed with one
error (a letter wrong, missing, too many, or two swapped) is never taken for another word: it is read right, or told.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Sequence

from vault import errors, words

BITS = 11
"""What one word adds to a phrase: a list has 2 ** 11 words."""
SHORT = 4
"""The first letters that tell a word from every other of its list."""
_ABBREVIATED = 4
"""Words from which a phrase of nothing but four letters counts as abbreviated. Four whole words that all happen to be
so short are one phrase in twenty thousand."""


def phrase(lang: str, count: int, draw: Callable[[int], bytes]) -> list[str]:
    """`count` words of the list, each equally likely. `draw(n)` gives n random bytes, as os.urandom does."""
    listed = words.load(lang)
    data = draw(2 * count)
    return [listed[int.from_bytes(data[at : at + 2], "big") % len(listed)] for at in range(0, 2 * count, 2)]


def read(lang: str, typed: str) -> list[str]:
    """The words that somebody typed, in any case and with spaces, hyphens, commas or points between them.

    A word may hold one typing error, or be broken off where no other word is meant; a phrase of four words or more may
    be given by first four letters only, and those must be right. Raises WordNotUnderstood.
    """
    listed = words.load(lang)
    tokens = [token for token in re.split(r"[\W\d_]+", _plain(typed)) if token]
    short = len(tokens) >= _ABBREVIATED and all(len(token) == SHORT for token in tokens)
    found = []
    for place, token in enumerate(tokens, 1):
        meant = _starting(listed, token) if short else _meant(listed, token)
        if len(meant) != 1:
            raise errors.WordNotUnderstood(place)
        found += meant
    return found


def _plain(typed: str) -> str:
    parts = unicodedata.normalize("NFKD", typed.casefold())
    return "".join(sign for sign in parts if not unicodedata.combining(sign))


def _meant(listed: Sequence[str], token: str) -> list[str]:
    """Every word that this token can stand for: one of them is right, several are too many."""
    if token in listed:
        return [token]
    near = {word for word in listed if _one_error(word, token)}
    if len(token) >= SHORT:
        near.update(_starting(listed, token))
    return list(near)


def _starting(listed: Sequence[str], start: str) -> list[str]:
    at = bisect_left(listed, start)
    return [word for word in listed[at : at + 2] if word.startswith(start)]


def _one_error(word: str, token: str) -> bool:
    """Whether one wrong, missing, surplus or swapped letter makes `token` of `word`. False when they are equal."""
    longer, shorter = (word, token) if len(word) > len(token) else (token, word)
    if len(longer) - len(shorter) > 1 or longer == shorter:
        return False
    at = next((at for at, (a, b) in enumerate(zip(longer, shorter, strict=False)) if a != b), len(shorter))
    if len(longer) > len(shorter):
        return longer[at + 1 :] == shorter[at:]
    wrong = longer[at + 1 :] == shorter[at + 1 :]
    swapped = longer[at : at + 2] == shorter[at : at + 2][::-1] and longer[at + 2 :] == shorter[at + 2 :]
    return wrong or swapped
