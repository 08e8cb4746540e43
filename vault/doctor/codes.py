"""Telling by its form that a text holds a code of ours: recovery code, invitation, pairing code, spoken words."""

import re
from collections.abc import Callable, Iterator

from vault import limits, words

_GROUP = 5
_KIT_GROUPS = 6
_INVITATION = 56
"""Letters of the shortest invitation, dashes left out."""
_LEAST_GROUPS, _MOST_GROUPS = 11, 76
"""Whole groups of the shortest invitation and of the longest pairing code."""
_LIKELY = re.compile(r"[0-9A-Za-z]{30}|(?:[0-9A-Za-z]{5}[^0-9A-Za-z]+){5}[0-9A-Za-z]{5}")
_PHRASE = re.compile(rf"(?:[a-z]{{3,}}[^a-z]+){{{limits.EXPORT_CODE_WORDS - 1}}}[a-z]{{3,}}")
_PIECES = re.compile(r"[0-9A-Za-z]+")
_WORDS = re.compile(r"[a-z]+")


def holds_code(text: str, is_invitation: Callable[[str], bool]) -> bool:
    """Whether a code stands somewhere in the text. A code with a slip of the pen is no code."""
    if _LIKELY.search(text) and _holds_letters(text, is_invitation):
        return True
    folded = text.lower()
    return bool(_PHRASE.search(folded)) and holds_words(folded)


def holds_words(text: str) -> bool:
    """Whether so many words of one list as the shortest code has follow each other."""
    for lang in words.LANGUAGES:
        listed, run = _listed(lang), 0
        for word in _WORDS.findall(text.lower()):
            run = run + 1 if word in listed else 0
            if run >= limits.EXPORT_CODE_WORDS:
                return True
    return False


_known: dict[str, frozenset[str]] = {}


def _listed(lang: str) -> frozenset[str]:
    if lang not in _known:
        _known[lang] = frozenset(words.load(lang))
    return _known[lang]


def _holds_letters(text: str, is_invitation: Callable[[str], bool]) -> bool:
    # it loads the cryptography, and few lines get here
    from vault.crypto.recovery import normalise

    for candidate in _candidates(_PIECES.findall(text)):
        if normalise(candidate) is not None or (len(candidate) >= _INVITATION and is_invitation(candidate)):
            return True
    return False


def _candidates(pieces: list[str]) -> Iterator[str]:
    """What could be a code in one piece or in groups of five, the groups put together."""
    at = 0
    while at < len(pieces):
        end = at
        while end < len(pieces) and len(pieces[end]) == _GROUP:
            end += 1
        run = pieces[at:end]
        for start in range(len(run)):
            if len(run) - start >= _KIT_GROUPS:
                yield "".join(run[start : start + _KIT_GROUPS])
            if _LEAST_GROUPS <= len(run) - start <= _MOST_GROUPS:
                whole = "".join(run[start:])
                yield whole
                # the last group of an invitation is shorter
                if end < len(pieces) and len(pieces[end]) < _GROUP:
                    yield whole + pieces[end]
        if end == at:
            yield pieces[at]
            end += 1
        at = end
