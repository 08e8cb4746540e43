"""What is typed to find notes: words, `#theme`, and `<3m` for what ends within so many months. Pure."""

import re
from typing import NamedTuple

from vault.themes import label

_WITHIN = re.compile(r"<(\d{1,3})([my])")
_MONTHS = {"m": 1, "y": 12}


class Sought(NamedTuple):
    """What a note must have: all words in its text, all themes (their first letters do), fewer months left.

    `months` of None means any time.
    """

    words: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    months: int | None = None

    def __bool__(self) -> bool:
        return bool(self.words or self.themes) or self.months is not None

    def narrows(self, other: "Sought") -> bool:
        """Whether whatever fits this fits `other` as well, so that only what was found before need be looked at."""
        within = other.months is None or (self.months is not None and self.months <= other.months)
        return within and _covered(other.words, self.words) and _covered(other.themes, self.themes, at_start=True)

    def fits_themes(self, themes: tuple[str, ...]) -> bool:
        """Whether a note with these themes has all that are sought."""
        return all(any(theme.startswith(wanted) for theme in themes) for wanted in self.themes)


def _covered(less: tuple[str, ...], more: tuple[str, ...], at_start: bool = False) -> bool:
    """Whether each of `less` is part of one of `more`."""
    return all(any(other.startswith(one) if at_start else one in other for other in more) for one in less)


def sought(typed: str) -> Sought:
    """What somebody who typed this looks for. A sign without anything behind it is still being typed: left out."""
    words, themes, months = [], [], None
    for token in typed.split():
        within = _WITHIN.fullmatch(token.lower())
        if within:
            months = int(within[1]) * _MONTHS[within[2]]
        elif token.startswith("#"):
            themes.append(label(token))
        elif not token.startswith("<"):
            words.append(token)
    return Sought(tuple(words), tuple(filter(None, themes)), months)
