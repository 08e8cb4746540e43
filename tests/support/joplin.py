"""Writes what Joplin writes: items with all their properties, RAW folders and JEX archives. Nothing of ours is used."""

import io
import tarfile
from collections.abc import Iterable
from pathlib import Path

NOTE, NOTEBOOK, RESOURCE, TAG, NOTE_TAG = 1, 2, 4, 5, 6
WHEN = "2026-11-25T09:41:07.123Z"
_COMMON = {"created_time": WHEN, "updated_time": WHEN}
_NOTE = {
    **_COMMON, "is_conflict": 0, "latitude": "52.37021570", "longitude": "4.89516790", "altitude": "0.0000",
    "author": "Sanne de Boer", "source_url": "https://voorbeeld.nl/sanne", "is_todo": 0, "todo_due": 0,
    "todo_completed": 0, "source": "joplin-desktop", "source_application": "net.cozic.joplin-desktop",
    "application_data": "", "order": 1795599667123, "user_created_time": WHEN, "user_updated_time": WHEN,
    "encryption_cipher_text": "", "encryption_applied": 0, "markup_language": 1, "is_shared": 0, "share_id": "",
    "conflict_original_id": "", "master_key_id": "", "user_data": "", "deleted_time": 0,
}  # fmt: skip


def number(count: int) -> str:
    """An id."""
    return f"{count:032x}"


def _item(parts: list[str], properties: dict[str, object]) -> bytes:
    return "\n\n".join([*parts, "\n".join(f"{key}: {value}" for key, value in properties.items())]).encode()


def note(count: int, title: str, body: str, **properties: object) -> tuple[str, bytes]:
    """Name and bytes of a note; an empty body leaves no place for itself, as in Joplin."""
    fields = {"id": number(count), "parent_id": number(900), **_NOTE, **properties, "type_": NOTE}
    return f"{number(count)}.md", _item([title, body] if body else [title], fields)


def encrypted(count: int) -> tuple[str, bytes]:
    """A note as it stands where Joplin syncs to with encryption: no title, no body."""
    fields = {"id": number(count), "parent_id": number(900), "updated_time": WHEN}
    sealed = {"encryption_cipher_text": "JED01" * 9, "encryption_applied": 1}
    return f"{number(count)}.md", _item([], {**fields, **sealed, "type_": NOTE})


def notebook(count: int, title: str) -> tuple[str, bytes]:
    """A notebook."""
    return f"{number(count)}.md", _item([title], {"id": number(count), **_COMMON, "parent_id": "", "type_": NOTEBOOK})


def tag(count: int, title: str, of: int) -> list[tuple[str, bytes]]:
    """A tag, and its use."""
    use = {"id": number(count + 1), "note_id": number(of), "tag_id": number(count), **_COMMON, "type_": NOTE_TAG}
    name = _item([title], {"id": number(count), **_COMMON, "type_": TAG})
    return [(f"{number(count)}.md", name), (f"{number(count + 1)}.md", _item([], use))]


def resource(count: int, title: str, data: bytes = b"%PDF-1.7 ") -> list[tuple[str, bytes]]:
    """An attachment: its item, and its file."""
    fields = {"id": number(count), "mime": "application/pdf", "filename": "", **_COMMON, "file_extension": "pdf"}
    item = _item([title], {**fields, "size": len(data), "type_": RESOURCE})
    return [(f"{number(count)}.md", item), (f"resources/{number(count)}.pdf", data)]


Member = tuple[tarfile.TarInfo, bytes]


def member(name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "") -> Member:
    """A member of an archive, as node-tar writes it."""
    info = tarfile.TarInfo(name)
    info.size, info.mtime, info.mode, info.type, info.linkname = len(data), 1795599667, 0o644, kind, link
    return info, data


def archive(members: Iterable[Member], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """A tar archive."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:", format=form) as tar:
        for info, data in members:
            tar.addfile(info, io.BytesIO(data) if data else None)
    return out.getvalue()


def jex(items: Iterable[tuple[str, bytes]], form: int = tarfile.USTAR_FORMAT) -> bytes:
    """A JEX archive."""
    return archive((member(name, data) for name, data in items), form)


def raw(folder: Path, items: Iterable[tuple[str, bytes]]) -> Path:
    """A RAW folder."""
    (folder / "resources").mkdir(parents=True)
    for name, data in items:
        (folder / name).write_bytes(data)
    return folder
