"""Copies in the formats of vault.export, for `hand_over` and `shred_for_client` (docs/spec/export.md)."""

from collections.abc import Sequence
from os import urandom

from vault import limits, spoken
from vault.service.rights import Copy
from vault.service.views import Note


def export_code(kind: str, lang: str) -> str:
    """A fresh spoken code for a copy of this format; empty if the format is not sealed. It is kept nowhere."""
    from vault import export

    return " ".join(spoken.phrase(lang, limits.EXPORT_CODE_WORDS, urandom)) if kind in export.SEALED else ""


def export_copy(kind: str, target: str, *, lang: str, code: str, kept: bool) -> Copy:
    """The copy of this format that will be made in the file `target`.

    `kept`: the notes stay in the vault, so it tells for how long. Making it raises NoteNotText, ExportTooLarge,
    ExportNeeds and ExportFailed, verifying it ExportNotVerified.
    """
    from vault import export

    def taken(notes: Sequence[Note]) -> list[export.Note]:
        return [export.Note(note.text, note.months_left if kept else None) for note in notes]

    def make(notes: Sequence[Note]) -> bytes:
        return export.export(kind, taken(notes), lang=lang, code=code, draw=urandom)

    def verify(data: bytes, notes: Sequence[Note]) -> None:
        export.verify(kind, data, taken(notes), code)

    return Copy(target, make, verify)
