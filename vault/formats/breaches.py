"""The register of breaches as it is kept in the vault (docs/spec/places.md section 9.1). Pure.

One form only for each register: what would be written otherwise is refused, so that nothing hides in blanks, in fields
that nobody knows or in numbers written in another way.
"""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from vault import limits
from vault.formats.reader import FormatError, UnknownVersion

VERSION = 1
UNDECIDED, UNLIKELY, RISK, HIGH = 0, 1, 2, 3
"""The risk for the people concerned, as the coach sees it: not decided yet; none that is likely (art. 33 (1)); a risk;
a high risk (art. 34)."""
NOT_YET = 0
"""In the place of a minute: it has not happened."""
FIRST_MINUTE, LAST_MINUTE = 15_778_080, 120_968_639
"""Minutes since 1 January 1970 00:00 UTC: the years 2000 to 2199, within which every calendar reckons."""
TEXTS = ("happened", "data", "people", "consequences", "measures", "reasons")


class Breach(NamedTuple):
    """An entry of the register (art. 33 (5)).

    `number`: what it is called by. `discovered`, `reported`, `informed`: minutes since 1970 (UTC) at which the coach
    came to know of it, told the authority, told the people concerned; NOT_YET. `risk`: one of the four above. The
    texts: what happened, which kinds of data, which people and roughly how many, what follows from it, what was done
    about it, and why it was or was not reported.
    """

    number: int
    discovered: int
    happened: str
    data: str = ""
    people: str = ""
    consequences: str = ""
    measures: str = ""
    risk: int = UNDECIDED
    reported: int = NOT_YET
    informed: int = NOT_YET
    reasons: str = ""


def encode(breaches: Sequence[Breach]) -> str:
    """The register as canonical JSON. Raises FormatError for what `decode` would refuse: it must never be written."""
    _check(breaches)
    return _json(breaches)


def decode(text: str) -> tuple[Breach, ...]:
    """The register in `text`. Raises FormatError, UnknownVersion."""
    if len(text) > limits.RECORD_BYTES:
        raise FormatError("length")
    found = _parsed(text)
    if not isinstance(found, dict) or type(found.get("version")) is not int:
        raise FormatError("register")
    if found["version"] > VERSION:
        raise UnknownVersion("version")
    rows = found.get("breaches")
    if not isinstance(rows, list) or not all(isinstance(row, dict) and set(row) == set(Breach._fields) for row in rows):
        raise FormatError("breaches")
    breaches = tuple(Breach(**row) for row in rows)
    _check(breaches)
    if _json(breaches) != text:
        raise FormatError("form")
    return breaches


def _parsed(text: str) -> Any:
    # told by a function of its own, since Python's error would hold the text (lesson 25)
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        pass
    raise FormatError("json")


def _json(breaches: Sequence[Breach]) -> str:
    content = {"version": VERSION, "breaches": [breach._asdict() for breach in breaches]}
    return json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _check(breaches: Sequence[Breach]) -> None:
    if len(breaches) > limits.BREACHES:
        raise FormatError("breaches")
    for breach in breaches:
        _check_one(breach)
    numbers = [breach.number for breach in breaches]
    if numbers != sorted(set(numbers)):
        raise FormatError("numbers")
    if len(_json(breaches).encode()) > limits.RECORD_BYTES:
        raise FormatError("length")


def _check_one(breach: Breach) -> None:
    if any(type(getattr(breach, name)) is not str for name in TEXTS):
        raise FormatError("text")
    # a bool is an int to Python, and 1.0 equals 1: neither is a number here
    if any(type(getattr(breach, name)) is not int for name in Breach._fields if name not in TEXTS):
        raise FormatError("number")
    if not 1 <= breach.number <= limits.BREACH_NUMBER_MOST or not UNDECIDED <= breach.risk <= HIGH:
        raise FormatError("number")
    if not is_minute(breach.discovered) or not all(
        at == NOT_YET or is_minute(at) for at in (breach.reported, breach.informed)
    ):
        raise FormatError("minute")
    if not breach.happened.strip() or not all(is_text(getattr(breach, name)) for name in TEXTS):
        raise FormatError("text")


def is_minute(at: int) -> bool:
    """Whether `at` is a minute that can stand in a register."""
    return FIRST_MINUTE <= at <= LAST_MINUTE


def is_text(text: str) -> bool:
    """Whether `text` can stand in a register: no NUL, no half of a pair of code units, not too long."""
    if "\0" in text:
        return False
    try:
        return len(text.encode()) <= limits.BREACH_TEXT_BYTES
    except UnicodeEncodeError:
        return False
