"""Two lists of 2,048 spoken words, for codes on paper and generated passphrases. The only input of vault.spoken.

Where the words come from: LICENCES.txt; by which rules they were chosen: tools/spoken_words.py. The lists never change
once a code on paper stands on them.
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
