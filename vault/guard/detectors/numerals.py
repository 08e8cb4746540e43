"""Numbers written as words, without accents, in Dutch. Pure."""

_UNITS = {
    "nul": 0, "een": 1, "twee": 2, "drie": 3, "vier": 4, "vijf": 5, "zes": 6, "zeven": 7,
    "acht": 8, "negen": 9, "tien": 10, "elf": 11, "twaalf": 12, "dertien": 13, "veertien": 14, "vijftien": 15,
    "zestien": 16, "zeventien": 17, "achttien": 18, "negentien": 19,
}  # fmt: skip
TENS = {
    "twintig": 20, "dertig": 30, "veertig": 40, "vijftig": 50, "zestig": 60,
    "zeventig": 70, "tachtig": 80, "negentig": 90,
}  # fmt: skip
"""Round numbers, which are also decades of a life."""
_IRREGULAR = {"eerste": 1, "derde": 3, "achtste": 8}


def _cardinals() -> dict[str, int]:
    words = {**_UNITS, **TENS, "honderd": 100}
    for ten, value in TENS.items():
        words |= {f"{unit}en{ten}": value + number for unit, number in _UNITS.items() if 0 < number < 10}
    return words


CARDINALS = _cardinals()
"""Number words up to a hundred."""
ORDINALS = _IRREGULAR | {
    word + ("ste" if value >= 20 else "de"): value
    for word, value in CARDINALS.items()
    if 1 < value < 100 and value not in {3, 8}
}
"""Ordinal words up to ninety-ninth."""
_CENTURIES = ("tweeduizenden", "tweeduizend", "negentienhonderden", "negentienhonderd", "negentien", "twintig")


def cardinal(key: str) -> int:
    """The number that `key` says in digits or in words; -1 if none."""
    if key.isascii() and key.isdigit() and len(key) < 5:
        return int(key)
    return CARDINALS.get(key, -1)


def ordinal(key: str) -> int:
    """The number that `key` says as an ordinal: 14e, 3de, 5den, veertiende; -1 if none."""
    for end in ("ste", "de", "den", "e", "st", "nd", "rd", "th"):
        if key.endswith(end) and key[: -len(end)].isascii() and key[: -len(end)].isdigit() and len(key) < 7:
            return int(key[: -len(end)])
    return ORDINALS.get(key, -1)


def year(key: str) -> bool:
    """Whether `key` is a year in words: tweeduizendvijf, negentienachtennegentig."""
    for century in _CENTURIES:
        if key.startswith(century):
            rest = key[len(century) :]
            return (not rest and century == "tweeduizend") or 0 < CARDINALS.get(rest, 0) < 100
    return False
