"""The json export: the document that programs read and that the page carries (docs/spec/export.md section 2)."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from vault import errors, limits
from vault.export.note import Note
from vault.formats.reader import FormatError, UnknownVersion
from vault.themes import themes

FORMAT = "ongemerkt export"
VERSION = 1


def encode(notes: Sequence[Note], lang: str, *, indent: int | None = None) -> bytes:
    """The document. Raises ExportTooLarge."""
    document = {"format": FORMAT, "version": VERSION, "language": lang, "notes": [_member(note) for note in notes]}
    data = json.dumps(document, ensure_ascii=False, indent=indent).encode()
    if len(data) > limits.EXPORT_BYTES:
        raise errors.ExportTooLarge
    return data


def _member(note: Note) -> dict[str, Any]:
    member: dict[str, Any] = {"text": note.text, "themes": list(themes(note.text))}
    return member if note.months_left is None else member | {"months_left": note.months_left}


def decode(data: bytes) -> tuple[str, list[Note]]:
    """Language and notes of a document. Raises FormatError, UnknownVersion."""
    try:
        found = json.loads(data.decode())
    except (ValueError, RecursionError):
        # ValueError: also bytes that are not UTF-8, and numbers too long to read
        raise FormatError("json") from None
    if not isinstance(found, dict) or found.get("format") != FORMAT or type(found.get("version")) is not int:
        raise FormatError("document")
    if found["version"] > VERSION:
        raise UnknownVersion("version")
    if found.keys() != {"format", "version", "language", "notes"} or found["version"] != VERSION:
        raise FormatError("document")
    if found["language"] not in ("nl", "en") or not isinstance(found["notes"], list):
        raise FormatError("document")
    return found["language"], [_note(member) for member in found["notes"]]


def _note(member: object) -> Note:
    if not isinstance(member, dict) or not {"text", "themes"} <= member.keys() <= {"text", "themes", "months_left"}:
        raise FormatError("note")
    text, left = member["text"], member.get("months_left")
    if not isinstance(text, str) or ("months_left" in member and type(left) is not int):
        raise FormatError("note")
    if member["themes"] != list(themes(text)):
        raise FormatError("themes")
    return Note(text, left)


def write(notes: Sequence[Note], lang: str, code: str, draw: Callable[[int], bytes]) -> bytes:  # noqa: ARG001
    """The json export: the document, laid out for people as well."""
    return encode(notes, lang, indent=2) + b"\n"


def verify(data: bytes, notes: Sequence[Note], code: str) -> None:  # noqa: ARG001
    """Raises ExportNotVerified unless `data` is the json export of these notes."""
    try:
        _, found = decode(data)
    except FormatError:
        raise errors.ExportNotVerified from None
    if found != list(notes):
        raise errors.ExportNotVerified
