"""An item of Joplin, as it stands in an archive (JEX), a RAW folder or a folder that Joplin syncs with. Pure.

An item is title, blank line, body, blank line, and properties `key: value`, the last of which is `type_`. Of all this
only a note's body becomes text: titles, names of notebooks, tags, dates, places, addresses and ids are dropped.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from cli.importers import faults, limits, markup
from cli.importers.taken import Taken, text_of, tidied
from cli.stripping import strip

FORMAT = "joplin"
NOTE, NOTEBOOK, ATTACHMENT, TAG, TAG_USE, KEY = 1, 2, 4, 5, 6, 9
_FILE_NAME = re.compile(r"[0-9a-fA-F]{32}\.md")
_PROPERTY = re.compile(r"([a-z][a-z0-9_]*):(?: ?(.*))?")
_MARKS = " \t#*_`>~"


class Item(NamedTuple):
    """What an item is, and of a note that can be read its title and body."""

    kind: int
    encrypted: bool = False
    trashed: bool = False
    html: bool = False
    title: str = ""
    body: str = ""


class Left(NamedTuple):
    """What was not taken in: counted, and told."""

    attachments: int = 0
    encrypted: int = 0
    trashed: int = 0


def is_name(name: str) -> bool:
    """Whether a file of this name is an item."""
    return _FILE_NAME.fullmatch(name) is not None


def item(data: bytes) -> Item:
    """The item in a file's bytes. Raises Damaged, NotText, HoldsNul."""
    text = text_of(data).rstrip("\n")
    head, _blank, last = text.rpartition("\n\n")
    if last.count("\n") >= limits.PROPERTIES:
        raise faults.Damaged
    properties = {}
    for line in last.split("\n"):
        found = _PROPERTY.fullmatch(line.strip())
        if found is None:
            raise faults.Damaged
        properties[found.group(1)] = (found.group(2) or "").strip()
    kind = properties.get("type_", "")
    if not kind.isdecimal() or not kind.isascii() or len(kind) > 3:
        raise faults.Damaged
    encrypted = properties.get("encryption_applied", "0") == "1"
    if int(kind) != NOTE or encrypted:
        return Item(int(kind), encrypted)
    title, _newline, body = head.partition("\n")
    return Item(
        NOTE,
        trashed=properties.get("deleted_time", "0") not in ("", "0"),
        html=properties.get("markup_language", "1") == "2",
        title=title.strip(),
        body=body,
    )


def taken(items: Iterable[Item], word: str) -> tuple[Taken, Left]:
    """The notes among items, with `word` where an attachment or another note was linked to; and what was left out.

    Raises NotText, HoldsNul, NoteTooLong.
    """
    texts, titles, sentences, empty = [], 0, 0, 0
    attachments = encrypted = trashed = 0
    for each in items:
        attachments += each.kind == ATTACHMENT
        if each.kind != NOTE:
            continue
        encrypted += each.encrypted
        trashed += each.trashed
        if each.encrypted or each.trashed:
            continue
        text, kept = _text(each, word)
        titles += bool(each.title) and not kept
        sentences += kept
        if text:
            texts.append(text)
        else:
            empty += 1
    return Taken(texts, titles, sentences, empty), Left(attachments, encrypted, trashed)


def _text(note: Item, word: str) -> tuple[str, bool]:
    """A note's text; whether the title stayed, since the note is nothing else."""
    body = markup.plain(note.body) if note.html else markup.neutral(note.body)
    left = strip(body, markdown=not note.html)[0].strip()
    first, _newline, rest = left.partition("\n")
    kept = False
    # without a title of its own a note has its first line for one
    if note.title and first.strip(_MARKS) == note.title.strip(_MARKS):
        kept = not rest.strip()
        left = left if kept else strip(rest, markdown=False)[0]
    return tidied(markup.worded(left, word)), kept
