"""What the guard finds: a stretch of a note and the kind of personal data it is. Pure."""

from typing import NamedTuple


class Find(NamedTuple):
    """Personal data in a text: `text` is what stands between `start` and `end`. Never stored, never logged."""

    start: int
    end: int
    kind: str
    text: str


KINDS = (
    "naam",
    "datum",
    "telefoon",
    "email",
    "bsn",
    "iban",
    "postcode",
    "adres",
    "plaats",
    "organisatie",
    "leeftijd",
    "url",
    "kvk",
    "kenteken",
)
"""Every kind of find."""


class Span(NamedTuple):
    """A find before its text is cut out."""

    start: int
    end: int
    kind: str
