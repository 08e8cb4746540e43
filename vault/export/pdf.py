"""The pdf export (docs/spec/export.md section 7): typeset by typst, read back by PDFium; both are the extra `pdf`."""

import json
import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

from vault import errors
from vault.export.note import Note
from vault.export.wording import WORDING, Wording

EXTRA = "pdf"
_LINES = re.compile(r"\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_PLAIN = frozenset(map(chr, [*range(0x20, 0x7F), *range(0xA0, 0x180), 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D]))
"""What the typesetter's own font is known to show; any other character is tried."""
_PROBES = 200
"""A look takes 3 to 30 ms: enough for 30 strange signs among many, and some seconds at worst."""
_LONG = re.compile(r"\S{40}(?=\S)")
"""Wider than a line if it is all capitals; a line can break after it."""
_BREAK = "\u200b"


@cache
def _template() -> bytes:
    return (Path(__file__).parent / "notes.typ").read_bytes()


def write(notes: Sequence[Note], lang: str, code: str, draw: Callable[[int], bytes]) -> bytes:  # noqa: ARG001
    """The pdf export. Raises ExportNeeds, ExportFailed."""
    unshown = names_of_unshown(line for note in notes for line in lines(note.text))
    words = WORDING[lang]
    data = {
        "language": lang,
        "title": words.title,
        "told": words.told(len(notes)),
        "closing": words.closing,
        "page": words.page,
        "notes": [
            {"heading": words.note.format(n=at), "lines": [line.translate(unshown) for line in lines(note.text)]}
            | ({} if note.months_left is None else {"left": words.left(note.months_left)})
            for at, note in enumerate(notes, 1)
        ],
    }
    return typeset(_template(), data)


def typeset(template: bytes, data: dict[str, Any]) -> bytes:
    """What the template makes of the data, which never get into its text: PDF/UA. Raises ExportNeeds, ExportFailed."""
    made = _compiled(template, data)
    if made is None:
        raise errors.ExportFailed
    return made


def names_of_unshown(texts: Iterable[str]) -> dict[int, str]:
    """For `str.translate`: what stands for each character of these lines that no font shows."""
    return str.maketrans({sign: stand_in(sign) for sign in _unshown(_strange(texts))})


def lines(text: str) -> list[str]:
    """The lines of a note, tabs as spaces, which is what a PDF knows; no word runs off the page."""
    return [_LONG.sub(rf"\g<0>{_BREAK}", line.expandtabs(4)) for line in _LINES.split(text)]


def stand_in(sign: str) -> str:
    """What stands for a character that no font shows."""
    return f"‹{unicodedata.name(sign, f'U+{ord(sign):04X}').lower()}›"


def _compiled(template: bytes, data: dict[str, Any]) -> bytes | None:
    """The PDF; None when a character has no glyph, or the typesetter refuses for another reason."""
    try:
        import typst
    except ImportError:
        raise errors.ExportNeeds(EXTRA) from None
    try:
        return typst.compile(template, format="pdf", pdf_standards="ua-1", sys_inputs={"data": json.dumps(data)})
    except typst.TypstError:
        # its message quotes the text
        return None


def _unusual(notes: Iterable[Note]) -> list[str]:
    return _strange(line for note in notes for line in lines(note.text))


def _strange(texts: Iterable[str]) -> list[str]:
    return sorted(set().union(*texts) - _PLAIN - {_BREAK})


_PROBE = b"""#set document(title: "x", date: none)
#set text(font: ("Libertinus Serif", "New Computer Modern", "DejaVu Sans Mono"))
#for sign in json(bytes(sys.inputs.data)).signs { par("x" + sign) }"""


def _unshown(signs: list[str]) -> set[str]:
    """Those of `signs` that no font shows, found by halving: the typesetter itself says so, for PDF/UA forbids them.

    What is not decided after _PROBES looks counts as not shown: a text in another script for which no font is here.
    """
    shown: set[str] = set()
    waiting = [signs]
    for _ in range(_PROBES):
        if not waiting:
            break
        some = waiting.pop()
        if not some or _compiled(_PROBE, {"signs": some}) is not None:
            shown.update(some)
        elif len(some) > 1:
            half = len(some) // 2
            waiting += [some[half:], some[:half]]
    return set(signs) - shown


# -- reading back ------------------------------------------------------------------------------------------------------


def verify(data: bytes, notes: Sequence[Note], code: str) -> None:  # noqa: ARG001
    """Raises ExportNotVerified unless PDFium finds all that stands on the pages, in its order, and nothing else.

    A text that PDFium gives back in another order of letters (it runs from right to left, say) is looked at letter by
    letter: each at least as often as it occurs.
    """
    words, rest = _without_footers(extract(data))
    unshown = _stood_in_for(rest, notes)
    reordered, passed = Counter[str](), 0
    for piece, is_text in _expected(words, notes):
        printed = _printed(piece.translate(unshown) if is_text else piece)
        at = rest.find(printed, passed)
        if at >= 0:
            rest, passed = rest[:at] + rest[at + len(printed) :], at
        elif is_text:
            reordered.update(printed)
        else:
            raise errors.ExportNotVerified
    # of joined emoji PDFium gives some signs twice, so more of them than there should be is no fault
    if not reordered <= Counter(rest) or (rest and not reordered):
        raise errors.ExportNotVerified


def _stood_in_for(rest: str, notes: Sequence[Note]) -> dict[int, str]:
    """The signs of the notes for which their names stand on the pages."""
    return {ord(sign): stand_in(sign) for sign in _unusual(notes) if _printed(stand_in(sign)) in rest}


def _expected(words: Wording, notes: Sequence[Note]) -> Iterator[tuple[str, bool]]:
    """What stands on the pages in its order, and whether it is a note's own text."""
    yield words.title, False
    yield words.told(len(notes)), False
    for at, note in enumerate(notes, 1):
        yield words.note.format(n=at), False
        yield note.text, True
        if note.months_left is not None:
            yield words.left(note.months_left), False
    yield words.closing, False


def extract(data: bytes) -> list[str]:
    """The printed signs of each page. Raises ExportNeeds, ExportNotVerified."""
    try:
        import pypdfium2
    except ImportError:
        raise errors.ExportNeeds(EXTRA) from None
    try:
        with pypdfium2.PdfDocument(data) as document:
            return [_printed(page.get_textpage().get_text_bounded()) for page in document]
    except pypdfium2.PdfiumError:
        raise errors.ExportNotVerified from None


def _without_footers(pages: list[str]) -> tuple[Wording, str]:
    """The language, and all pages in one; each must say which it is, and of how many."""
    for words in WORDING.values():
        footers = [_printed(words.page.format(n=at, m=len(pages))) for at in range(1, len(pages) + 1)]
        if pages and all(page.endswith(footer) for page, footer in zip(pages, footers, strict=True)):
            return words, "".join(page.removesuffix(footer) for page, footer in zip(pages, footers, strict=True))
    raise errors.ExportNotVerified


def _printed(text: str) -> str:
    """What is seen of a text: no white space, no invisible signs of direction and joining, ligatures taken apart."""
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if _counts(sign))


def _counts(sign: str) -> bool:
    # PDFium takes hyphens at the end of a line for a word broken off, and gives back one U+0002 or none: not counted
    if sign.isspace() or sign in "-\u2010" or 0xE0000 <= ord(sign) < 0xE1000:
        return False
    return unicodedata.category(sign) not in {"Cf", "Cc", "Mn", "Me"}
