"""Numbers written as words, in Dutch and a little English. Pure."""

_UNITS = {
    "nul": 0, "een": 1, "één": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7, "acht": 8, "negen": 9,
    "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15, "zestien": 16, "zeventien": 17,
    "achttien": 18, "negentien": 19,
}  # fmt: skip
_TENS = {
    "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60, "zeventig": 70, "tachtig": 80, "negentig": 90,
}  # fmt: skip
_IRREGULAR = {"eerste": 1, "derde": 3, "achtste": 8}


def _cardinals() -> dict[str, int]:
    words = {**_UNITS, **_TENS, "honderd": 100}
    for ten, value in _TENS.items():
        for unit in ("een", "twee", "drie", "vier", "vijf", "zes", "zeven", "acht", "negen"):
            joint = "ën" if unit.endswith("e") else "en"
            words[unit + joint + ten] = _UNITS[unit] + value
            words[unit + "en" + ten] = _UNITS[unit] + value
    return words


CARDINALS = _cardinals()
"""Number words up to a hundred, with and without the dots on the e."""


def _ordinals() -> dict[str, int]:
    words = dict(_IRREGULAR)
    for word, value in CARDINALS.items():
        if 1 < value <= 31 and value not in {3, 8}:
            words[word + ("ste" if value >= 20 else "de")] = value
    return words


ORDINALS = _ordinals()
"""Ordinal words up to thirty-first."""

CARDINAL = "|".join(sorted(CARDINALS, key=lambda word: (-len(word), word)))
ORDINAL = "|".join(sorted(ORDINALS, key=lambda word: (-len(word), word)))
DAY = "|".join(
    sorted((word for word, value in CARDINALS.items() if 1 <= value <= 31), key=lambda word: (-len(word), word))
)
"""Number words that can be the day of a month."""
