"""Reads the files and folders that an import names. Everything is in memory before anything is stored."""

from __future__ import annotations

import os
import re
import stat
from typing import NamedTuple

from cli import failures, output, reading
from cli.i18n import _
from cli.importers import JOPLIN, JRNL, MD, READERS, TXT, faults, joplin, jrnl, jrnl_json, jrnl_md, limits, md, tar, txt
from cli.importers.sources import Source
from cli.importers.sources import reading as source_of
from cli.importers.taken import Taken, text_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import ModuleType

_ENDINGS = {None: (".md", ".txt", ".json", ".jex"), MD: (".md",), TXT: (".txt",), JRNL: (".txt", ".md", ".json")}
_ARCHIVE = ".jex"
_ATTACHMENTS = ("resources", ".resource")
_OF_SYNC = frozenset(("info.json", ".sync", ".resource", "locks", ".lock"))
"""What stands beside the items in a folder that Joplin syncs with, and not in an export."""
_LOOKS_LIKE_ITEM = re.compile(rb"\ntype_: \d+\s*$")
_REMOVABLE = (joplin.NOTE, joplin.NOTEBOOK, joplin.TAG, joplin.TAG_USE)


class Tally(NamedTuple):
    """What was dropped and left out, counted."""

    titles: int = 0
    sentences: int = 0
    empty: int = 0
    attachments: int = 0
    encrypted: int = 0
    trashed: int = 0


class Gathered(NamedTuple):
    """The texts, the file that each came from, the sources that may be removed, how many files were read."""

    texts: list[str]
    names: list[str]
    sources: list[Source]
    files: int
    tally: Tally


class _Gathering:
    def __init__(self, chosen: str | None, word: str, bar: Callable[[int, int], None]) -> None:
        self.texts: list[str] = []
        self.names: list[str] = []
        self.sources: list[Source] = []
        self.files = 0
        self.tally = Tally()
        self._bytes = 0
        self._chosen = chosen
        self._word = word
        self._bar = bar
        self._folders: dict[str, set[bool]] = {}
        self._synced: dict[str, bool] = {}

    def take(self, path: str, named: bool) -> None:
        """Reads one file; `named`: the command line names it. Raises Fault, Refused."""
        try:
            if self._is_archive(path):
                self._take_archive(path)
                return
            with source_of(path, limits.FILE_BYTES) as (source, stream):
                data = stream.read(limits.FILE_BYTES + 1)
            self._take_file(source, data, named)
        except faults.Fault as fault:
            fault.path = path
            raise

    def _is_archive(self, path: str) -> bool:
        ending = os.path.splitext(path)[1].lower()
        if ending != _ARCHIVE and (self._chosen != JOPLIN or ending == ".md"):
            return False
        if self._chosen not in (None, JOPLIN):
            return False
        return not os.path.exists(path) or stat.S_ISREG(os.stat(path).st_mode)

    def _take_archive(self, path: str) -> None:
        total = os.stat(path).st_size if os.path.exists(path) else 0
        items: list[joplin.Item] = []

        def wanted(name: str) -> bool:
            return joplin.is_name(name.removeprefix("./"))

        with source_of(path, limits.ARCHIVE_BYTES, lambda count: self._bar(count, total)) as (source, stream):
            for member in tar.members(stream.read, wanted):
                if not wanted(member.name):
                    continue
                if member.data is None:
                    raise faults.NoteTooLong
                self._count_bytes(len(member.data))
                items.append(joplin.item(member.data))
        if not items:
            raise faults.Damaged
        self._take_items(source, items)

    def _take_items(self, source: Source, items: list[joplin.Item]) -> None:
        taken, left = joplin.taken(items, self._word)
        source.held = any(item.encrypted for item in items)
        self._add(source, JOPLIN, taken, left)

    def _take_file(self, source: Source, data: bytes, named: bool) -> None:
        if (item := self._item(source.path, data)) is not None:
            self._folder(source.path).add(True)
            source.synced = self._is_synced(os.path.dirname(source.path))
            source.plain = source.plain and item.kind in _REMOVABLE
            self._count_bytes(len(data))
            self._take_items(source, [item])
            return
        if self._chosen in (None, JRNL):
            jrnl.check(data)
        reader = self._reader(source.path, data, named)
        if reader is None:
            return
        self._count_bytes(len(data))
        taken = reader.read(text_of(data))
        if reader in (md, txt):
            self._folder(source.path).add(False)
            if not taken.texts and self._chosen != JRNL:
                # raises: a file without a note in it is told by its name
                reading.tidy("", output.harmless(source.path))
        self._add(source, reader.FORMAT if self._chosen is None else self._chosen, taken, joplin.Left())

    def _item(self, path: str, data: bytes) -> joplin.Item | None:
        """The item of Joplin in a file, None if it is something else. Raises Damaged and what `joplin.item` raises."""
        if self._chosen == JOPLIN:
            return joplin.item(data)
        if self._chosen is None and joplin.is_name(os.path.basename(path)) and _LOOKS_LIKE_ITEM.search(data[-100:]):
            return joplin.item(data)
        return None

    def _reader(self, path: str, data: bytes, named: bool) -> ModuleType | None:
        """What reads the file; None for one that nobody named and that is something else. Raises Refused, NotText."""
        if self._chosen in (MD, TXT):
            return md if self._chosen == MD else txt
        if self._chosen == JRNL:
            return self._of_jrnl(path, text_of(data))
        ending = os.path.splitext(path)[1].lower()
        if ending not in (".md", ".txt") and not named:
            claimed = b"\0" not in data and jrnl_json.claims(path, data.decode(errors="replace"))
            return jrnl_json if claimed else None
        try:
            text = text_of(data)
        except faults.Fault:
            if ending in (".md", ".txt"):
                raise
            text = ""
        found = next((reader for reader in READERS if reader.claims(path, text)), None)
        if found is None:
            sentence = _("{name} is no file that is known here. Say what it is with --from.")
            raise failures.bad_input("FormatUnknown", sentence.format(name=output.harmless(path)))
        return found

    @staticmethod
    def _of_jrnl(path: str, text: str) -> ModuleType:
        ending = os.path.splitext(path)[1].lower()
        if ending == ".json":
            return jrnl_json
        return jrnl_md if ending == ".md" or jrnl_md.claims(path, text) else jrnl

    def _add(self, source: Source, format: str, taken: Taken, left: joplin.Left) -> None:  # noqa: A002
        source.format = format
        self.files += 1
        self.texts += taken.texts
        self.names += [source.path] * len(taken.texts)
        self.sources.append(source)
        if len(self.texts) > limits.NOTES:
            raise faults.TooMuch
        more = (taken.titles, taken.sentences, taken.empty, *left)
        self.tally = Tally(*(old + new for old, new in zip(self.tally, more, strict=True)))

    def _count_bytes(self, count: int) -> None:
        self._bytes += count
        if self._bytes > limits.TEXT_BYTES:
            raise faults.TooMuch

    def _folder(self, path: str) -> set[bool]:
        return self._folders.setdefault(os.path.dirname(path), set())

    def _is_synced(self, folder: str) -> bool:
        if folder not in self._synced:
            names = _OF_SYNC.intersection(os.listdir(folder or "."))
            self._synced[folder] = bool(names)
        return self._synced[folder]

    def check_folders(self) -> None:
        """Raises Refused when a folder holds items of Joplin beside other notes: whose they are can't be told."""
        for folder, kinds in self._folders.items():
            if self._chosen is None and len(kinds) > 1:
                sentence = _("{name} holds files of Joplin and others. Say with --from which of them you mean.")
                raise failures.bad_input("FormatUnknown", sentence.format(name=output.harmless(folder or ".")))


def gather(paths: list[str], chosen: str | None, word: str, bar: Callable[[int, int], None]) -> Gathered:
    """Everything in these files and folders. `word` stands where something was linked to. Raises Fault, Refused."""
    found = _files(paths, chosen)
    gathering = _Gathering(chosen, word, bar)
    for done, (path, named) in enumerate(found):
        gathering.take(path, named)
        bar(done + 1, len(found))
    gathering.check_folders()
    return Gathered(gathering.texts, gathering.names, gathering.sources, gathering.files, gathering.tally)


def _files(paths: list[str], chosen: str | None) -> list[tuple[str, bool]]:
    """(path, whether it was named) of every file, each once, in the order of their names. Raises Refused, TooMuch."""
    found: dict[str, tuple[str, bool]] = {}
    for path in paths:
        folder = os.path.isdir(path)
        for name in _inside(path, chosen) if folder else (path,):
            found.setdefault(os.path.realpath(name), (name, not folder))
            if len(found) > limits.FILES:
                fault = faults.TooMuch()
                fault.path = path
                raise fault
    return sorted(found.values())


def _inside(folder: str, chosen: str | None) -> Iterator[str]:
    """The files in a folder and below; hidden ones, links to folders and anything that is no file are left alone."""

    def failed(error: OSError) -> None:
        name = output.harmless(str(error.filename))
        raise failures.bad_input("InputUnreadable", _("{name} can't be read.").format(name=name))

    for place, folders, names in os.walk(folder, onerror=failed):
        of_joplin = chosen in (None, JOPLIN) and any(map(joplin.is_name, names))
        passed = _ATTACHMENTS if of_joplin else ()
        folders[:] = sorted(name for name in folders if not name.startswith(".") and name not in passed)
        for name in sorted(names):
            path = os.path.join(place, name)
            if name.startswith(".") or not _is_meant(name, chosen):
                continue
            if os.path.exists(path) and stat.S_ISREG(os.stat(path).st_mode):
                yield path


def _is_meant(name: str, chosen: str | None) -> bool:
    ending = os.path.splitext(name)[1].lower()
    if chosen == JOPLIN:
        return ending == _ARCHIVE or joplin.is_name(name)
    return ending in _ENDINGS[chosen]
