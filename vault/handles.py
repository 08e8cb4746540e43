"""Handles: six letters that name a note and say nothing else (docs/spec/vault.md section 4.3). Pure.

Consonant, vowel, three times: easy to say and to type. A handle is drawn at random and never follows from anything.
"""

from vault import errors

_CONSONANTS = "bdfghjklmnprstvwz"
_VOWELS = "aeiou"
_PAIR = len(_CONSONANTS) * len(_VOWELS)
COUNT = _PAIR**3
"""Handles there are: 614,125, far more than a career's notes."""
LETTERS = 6


def spell(number: int) -> str:
    """The letters of handle `number`, 0 ≤ number < COUNT."""
    out = ""
    for _ in range(3):
        number, pair = divmod(number, _PAIR)
        out += _CONSONANTS[pair // len(_VOWELS)] + _VOWELS[pair % len(_VOWELS)]
    return out


def number_of(handle: str) -> int:
    """The number that `spell` wrote as these six letters, which `clean` has let pass."""
    number = 0
    for at in (4, 2, 0):
        number = number * _PAIR + _CONSONANTS.index(handle[at]) * len(_VOWELS) + _VOWELS.index(handle[at + 1])
    return number


def clean(typed: str) -> str:
    """The handle, or start of one, as somebody typed it. Raises HandleMalformed."""
    letters = typed.strip().lower()
    fits = all(letter in (_VOWELS if place % 2 else _CONSONANTS) for place, letter in enumerate(letters))
    if not letters or len(letters) > LETTERS or not fits:
        raise errors.HandleMalformed
    return letters
