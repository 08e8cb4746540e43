"""A paper as structured text: sections of paragraphs, points, rows and tables. Pure."""

import unicodedata
from typing import NamedTuple

LANGUAGES = ("nl", "en")

_KEPT = "\n"
_BIDI = frozenset(map(chr, (*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x200E, 0x200F, 0x061C)))


class Points(NamedTuple):
    """A list of sentences."""

    items: tuple[str, ...]


class Rows(NamedTuple):
    """What is called so, and what it is. An empty value is a line to write on."""

    rows: tuple[tuple[str, str], ...]


class Table(NamedTuple):
    """Rows of cells under their heads."""

    heads: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


Block = str | Points | Rows | Table


class Section(NamedTuple):
    """A heading and what stands under it."""

    heading: str
    blocks: tuple[Block, ...]


class Document(NamedTuple):
    """A whole paper. `fill`: what is written at a line that somebody has to fill in; `page`: "{n} of {m}"."""

    lang: str
    title: str
    lead: str
    sections: tuple[Section, ...]
    fill: str
    page: str


class Say:
    """Chooses between the two languages. What they say stands side by side, so that they can't drift apart."""

    def __init__(self, lang: str) -> None:
        """`lang` is one of LANGUAGES."""
        self.lang = lang

    def __call__(self, nl: str, en: str) -> str:
        """The text in the chosen language."""
        return nl if self.lang == "nl" else en

    def number(self, count: int, nl: tuple[str, str], en: tuple[str, str]) -> str:
        """A count with its noun: singular for 1, else plural."""
        one, many = nl if self.lang == "nl" else en
        return f"{count} {one if count == 1 else many}"

    def period(self, text: str) -> str:
        """A period such as "6m" in words."""
        units = {
            "d": (("dag", "dagen"), ("day", "days")),
            "m": (("maand", "maanden"), ("month", "months")),
            "y": (("jaar", "jaar"), ("year", "years")),
        }
        nl, en = units[text[-1]]
        return self.number(int(text[:-1]), nl, en)

    def document(self, title: str, lead: str, sections: tuple[Section, ...]) -> Document:
        """The document, with what every one of them has."""
        fill, page = self("zelf invullen", "fill in yourself"), self("{n} van {m}", "{n} of {m}")
        return Document(self.lang, title, lead, sections, fill, page)


def cleaned(document: Document) -> Document:
    """The same with every control character made visible, so that no text drives a terminal or hides another."""

    def block(found: Block) -> Block:
        if isinstance(found, str):
            return clean(found)
        if isinstance(found, Points):
            return Points(tuple(map(clean, found.items)))
        if isinstance(found, Rows):
            return Rows(tuple((clean(name), clean(value)) for name, value in found.rows))
        return Table(tuple(map(clean, found.heads)), tuple(tuple(map(clean, row)) for row in found.rows))

    sections = tuple(
        Section(clean(section.heading), tuple(map(block, section.blocks))) for section in document.sections
    )
    return document._replace(title=clean(document.title), lead=clean(document.lead), sections=sections)


def clean(text: str) -> str:
    """The text: its lines end in a line feed, tabs are spaces, and what can't be seen is shown as what it is."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n")
    return "".join(map(_visible, lines.expandtabs(4).strip("\n")))


def _visible(sign: str) -> str:
    if sign == _KEPT:
        return sign
    code = ord(sign)
    if code < 0x20:
        return chr(0x2400 + code)
    if code == 0x7F:
        return "\u2421"
    if sign in _BIDI or unicodedata.category(sign) in ("Cc", "Cs", "Cn", "Co"):
        return "\ufffd"
    return sign
