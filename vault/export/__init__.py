"""Exports for clients (docs/spec/export.md). Pure: notes and randomness in, the bytes of one file out.

A new format is one file with `write` and `verify`, and one line in _EXPORTERS. The libraries behind the formats are
imported when they are used.
"""

import unicodedata
from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from vault import limits, words
from vault.export import age, document, html, md, pdf
from vault.export.note import Note, checked

__all__ = ["FORMATS", "SEALED", "Note", "canonical", "export", "verify"]


class _Exporter(NamedTuple):
    write: Callable[[Sequence[Note], str, str, Callable[[int], bytes]], bytes]
    verify: Callable[[bytes, Sequence[Note], str], None]


_EXPORTERS = {
    "html": _Exporter(html.write, html.verify),
    "age": _Exporter(age.write, age.verify),
    "pdf": _Exporter(pdf.write, pdf.verify),
    "md": _Exporter(md.write, md.verify),
    "json": _Exporter(document.write, document.verify),
}
FORMATS = tuple(_EXPORTERS)
"""All formats, the one that most clients want first."""
SEALED = frozenset({"html", "age"})
"""The formats that are sealed with a spoken code."""


def canonical(code: str) -> str:
    """The one form of a code that keys are made of (section 3.2). What was typed: vault.spoken.read first."""
    return " ".join(unicodedata.normalize("NFC", code).lower().split())


def export(kind: str, notes: Iterable[Note], *, lang: str, code: str | None, draw: Callable[[int], bytes]) -> bytes:
    """The notes as one file of a kind of FORMATS, in the order given, which must follow no time.

    `lang`: nl or en, the language of the words around them.
    `code`: for SEALED formats EXPORT_CODE_WORDS words of the list of `lang` (vault.spoken.phrase); else it is ignored.
    `draw(n)` gives n random bytes, as os.urandom does. Raises NoteNotText, ExportTooLarge, ExportNeeds, ExportFailed.
    """
    taken = checked(notes)
    return _EXPORTERS[kind].write(taken, lang, _code(kind, lang, code), draw)


def _code(kind: str, lang: str, code: str | None) -> str:
    if kind not in SEALED:
        return ""
    chosen = canonical(code or "")
    # the page reads nothing else (section 4.3), so anything else would be a file that nobody can open
    if len(chosen.split()) != limits.EXPORT_CODE_WORDS or not set(chosen.split()) <= set(words.load(lang)):
        raise ValueError("code")
    return chosen


def verify(kind: str, data: bytes, notes: Iterable[Note], code: str | None) -> None:
    """Raises ExportNotVerified unless `data`, as it was read back, is an export of exactly these notes (section 8).

    Raises ExportNeeds too.
    """
    _EXPORTERS[kind].verify(data, tuple(notes), canonical(code or ""))
