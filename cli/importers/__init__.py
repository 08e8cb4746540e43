"""What other programs' files hold, as notes: one reader for each format.

The readers are pure: bytes in, texts out. They drop titles, dates and everything else that is no text of a note.
`gather` reads the files. docs/import.md says what is taken from which format.
"""

from __future__ import annotations

from cli.importers import jrnl, jrnl_json, jrnl_md, md, txt

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import ModuleType

FORMATS = MD, TXT, JRNL, JOPLIN = "md", "txt", "jrnl", "joplin"
"""What `--from` takes."""

READERS: tuple[ModuleType, ...] = (jrnl_json, jrnl_md, jrnl, md, txt)
"""A file of text goes to the first reader that claims it; what is Joplin's goes to joplin.py, item by item.

A reader has FORMAT, `claims(path, text)` and `read(text)`, which gives a Taken and raises Fault.
"""
