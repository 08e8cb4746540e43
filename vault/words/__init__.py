"""Two lists of 2,048 spoken words, for codes on paper and generated passphrases; and what guessers try first in Dutch.

Where the words come from: LICENCES.txt; by which rules they were chosen: tools/spoken_words.py, tools/usual_words.py.
The spoken words never change once a code on paper stands on them.
"""

from functools import cache
from pathlib import Path

LANGUAGES = ("nl", "en")


@cache
def load(lang: str) -> tuple[str, ...]:
    """The words of one of LANGUAGES, in alphabetical order; read once, on the first call, never at import."""
    if lang not in LANGUAGES:
        raise ValueError(lang)
    return tuple((Path(__file__).parent / f"{lang}.txt").read_text("ascii").split())


@cache
def usual() -> tuple[str, ...]:
    """Ten thousand Dutch words and names without accents, the likeliest first."""
    return tuple((Path(__file__).parent / "usual_nl.txt").read_text("ascii").split())
