"""The file anchor: a file outside the data folder (docs/spec/vault.md section 6). Best effort on flash, and said so."""

import os

from vault import errors, files
from vault.formats import anchorfile
from vault.formats.anchorfile import Anchor, Record
from vault.formats.reader import FormatError

CURRENT = "anchor"
NEXT = "anchor.next"
_TAG = "CACHEDIR.TAG"
_TAG_TEXT = (
    b"Signature: 8a477f597d28d172789f06886806bc55\n"
    b"# ongemerkt keeps here what must not be in a backup: with a copy of it, what was shredded could come back.\n"
)
_NO_BACKUP = ".nobackup"


class FileAnchor:
    """The anchor of one vault in its own folder. See contract.Backend."""

    kind = "file"

    def __init__(self, folder: str) -> None:
        """Works in `folder`, which `create` makes."""
        self._folder = folder
        self._current = os.path.join(folder, CURRENT)
        self._next = os.path.join(folder, NEXT)
        # the file of the epoch in force, and its records; `_next` is that file when `advance` did not get to its end
        self._found = self._current
        self._records: list[Record | None] = []
        self._next_records: list[Record | None] = []

    def create(self, anchor: Anchor, head: bytes) -> None:
        """Makes the folder, marked as not for backups, and the first anchor. Raises StorageFailed."""
        files.make_folder(self._folder)
        files.write_new(os.path.join(self._folder, _TAG), _TAG_TEXT)
        files.write_new(os.path.join(self._folder, _NO_BACKUP), b"")
        self.prepare(anchor, head)
        self.advance()
        self.still()

    def discard(self) -> None:
        """Destroys whatever `create` made. Raises StorageFailed."""
        for name in (CURRENT, NEXT):
            files.destroy(os.path.join(self._folder, name), anchorfile.FILE_BYTES)
        for name in (_TAG, _NO_BACKUP):
            files.remove(os.path.join(self._folder, name))
        try:
            os.rmdir(self._folder)
        except OSError:
            # an empty folder gives nothing away, and one that is not empty is not ours to remove
            return

    def is_there(self) -> bool:
        """See contract.Backend."""
        return files.is_there(self._current) or files.is_there(self._next)

    def holds_another(self, epoch: bytes) -> bool:
        """Whether an anchor of another epoch than this is here. Raises StorageFailed."""
        found = [files.read(path, anchorfile.FILE_BYTES) for path in (self._current, self._next)]
        anchors = [_parse(raw) for raw in found if raw is not None]
        return any(anchor is not None and anchor.epoch != epoch for anchor in anchors)

    def find(self, epoch: bytes) -> Anchor:
        """See contract.AnchorPlace."""
        found = [(path, files.read(path, anchorfile.FILE_BYTES)) for path in (self._current, self._next)]
        parsed = [(path, raw, _parse(raw)) for path, raw in found if raw is not None]
        if not parsed:
            raise errors.AnchorMissing
        for path, raw, anchor in parsed:
            if anchor is not None and anchor.epoch == epoch:
                self._found = path
                self._records = anchorfile.decode_records(raw)
                return anchor
        damaged = any(anchor is None for _, _, anchor in parsed)
        raise errors.AnchorDamaged if damaged else errors.AnchorMismatch

    def settle(self) -> None:
        """See contract.AnchorPlace."""
        if self._found == self._next:
            self.advance()
        elif files.is_there(self._next):
            self.abandon()

    def prepare(self, anchor: Anchor, head: bytes) -> None:
        """See contract.AnchorPlace."""
        self.settle()
        record = Record(bytes(32), head, False)
        files.write_new(self._next, anchorfile.encode(anchor, record))
        files.sync_folder(self._folder)
        self._next_records = [record, None]

    def abandon(self) -> None:
        """See contract.AnchorPlace."""
        if self._found == self._next:
            return
        files.destroy(self._next, anchorfile.FILE_BYTES)
        files.sync_folder(self._folder)
        files.still(self._folder)

    def advance(self) -> None:
        """See contract.AnchorPlace."""
        if self._found == self._current:
            # first of all: whatever fails below, the next anchor is the one in force
            self._found, self._records = self._next, self._next_records
        if files.is_there(self._next):
            files.destroy(self._current, anchorfile.FILE_BYTES)
            files.rename(self._next, self._current)
        self._found = self._current
        files.sync_folder(self._folder)
        self.still()

    def destroy(self) -> None:
        """See contract.Backend."""
        self._found, self._records = self._current, []
        for path in (self._next, self._current):
            files.destroy(path, anchorfile.FILE_BYTES)
        files.sync_folder(self._folder)
        files.still(self._folder)

    def wipe(self) -> None:
        """See contract.Backend: a file can do no more."""
        self.destroy()

    def witness(self, before: bytes, after: bytes) -> None:
        """See contract.AnchorPlace."""
        self.settle()
        self._put(anchorfile.free_record(self._records, before), Record(before, after, False), durable=True)

    def confirm(self, after: bytes) -> None:
        """See contract.AnchorPlace."""
        for sector, record in enumerate(self._records):
            if record is not None and record.after == after:
                try:
                    self._put(sector, Record(record.before, after, True), durable=False)
                except errors.StorageFailed:
                    # the commit is done; an unconfirmed record only lets one step back pass unnoticed
                    return

    def still(self) -> None:
        """See contract.AnchorPlace."""
        names = (CURRENT, _TAG, _NO_BACKUP)
        files.still(*(os.path.join(self._folder, name) for name in names), self._folder, os.path.dirname(self._folder))

    def is_newest(self, head: bytes) -> bool:
        """See contract.AnchorPlace."""
        return anchorfile.accepts(self._records, head)

    def _put(self, sector: int, record: Record, *, durable: bool) -> None:
        offset = (sector + 1) * anchorfile.SECTOR
        files.write_at(self._found, anchorfile.encode_record(record), offset, durable=durable)
        self._records[sector] = record


def _parse(raw: bytes) -> Anchor | None:
    try:
        return anchorfile.decode(raw)
    except FormatError:
        return None
