"""What an export is made of (docs/spec/export.md section 1). Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from vault import errors, limits


class Note(NamedTuple):
    """One note to hand over: its exact text and, if it is to be told, for how many whole months it is still kept."""

    text: str
    months_left: int | None = None


def checked(notes: Iterable[Note]) -> tuple[Note, ...]:
    """The notes, if an export can hold them. Raises NoteNotText, ExportTooLarge."""
    taken, size = tuple(notes), 0
    for note in taken:
        size += _size(note.text)
        if size > limits.EXPORT_BYTES:
            raise errors.ExportTooLarge
    return taken


def _size(text: str) -> int:
    # a function of its own, since Python's error would hold the text (lesson 25)
    if "\0" not in text:
        try:
            return len(text.encode())
        except UnicodeEncodeError:
            pass
    raise errors.NoteNotText


def same(found: Sequence[str], notes: Sequence[Note]) -> None:
    """Raises ExportNotVerified unless these are the texts of those notes, in their order."""
    if list(found) != [note.text for note in notes]:
        raise errors.ExportNotVerified
