"""The TPM anchor: files beside those of the file anchor, that only this TPM opens, and only up to a count
(docs/spec/vault.md section 6.3). What is destroyed here is destroyed, whatever the disk keeps."""

import os
from typing import TYPE_CHECKING, NamedTuple

from vault import errors, files
from vault.formats import anchorfile, tpmfile
from vault.formats.anchorfile import SECTOR, Anchor, Record
from vault.formats.reader import FormatError
from vault.formats.tpmfile import Seat, TpmFile

if TYPE_CHECKING:
    from vault.anchor.chip import Chip

CURRENT = "anchor.tpm"
NEXT = "anchor.tpm.next"


class _Held(NamedTuple):
    """A file of the anchor as it was found or written: its name, what it says, its witness records."""

    path: str
    file: TpmFile
    records: list[Record | None]


class TpmAnchor:
    """The anchor of one vault in a TPM. See contract.Backend."""

    kind = "tpm"

    def __init__(self, folder: str, tcti: str) -> None:
        """Works in `folder`, which is there, with the TPM at `tcti`, which is not touched before it is needed."""
        self._folder = folder
        self._tcti = tcti
        self._current = os.path.join(folder, CURRENT)
        self._next = os.path.join(folder, NEXT)
        # what is in force, under whatever name, and what was prepared to follow it
        self._found: _Held | None = None
        self._prepared: _Held | None = None

    def is_there(self) -> bool:
        """See contract.Backend."""
        return files.is_there(self._current) or files.is_there(self._next)

    def find(self, epoch: bytes) -> Anchor:
        """See contract.AnchorPlace. Also raises AnchorLost, AnchorSpent and TpmUnreachable."""
        found = self._read()
        if not found:
            raise errors.AnchorMissing
        for path, raw, file in found:
            if file is not None and file.epoch == epoch:
                if file.sealed is None:
                    raise errors.AnchorDamaged
                with self._chip(file.seat) as chip:
                    secret = chip.unseal(file.seat, file.sealed)
                if len(secret) != tpmfile.SECRET_BYTES:
                    raise errors.AnchorDamaged
                self._found = _Held(path, file, anchorfile.decode_records(raw, tpmfile.RECORDS_AT))
                return Anchor(epoch, secret)
        raise errors.AnchorDamaged if any(file is None for _, _, file in found) else errors.AnchorMismatch

    def settle(self) -> None:
        """See contract.AnchorPlace."""
        if self._found is None:
            if self.is_there():
                self.destroy()
        elif self._found.path == self._next:
            self.advance()
        elif files.is_there(self._next):
            self.abandon()

    def prepare(self, anchor: Anchor, head: bytes) -> None:
        """See contract.AnchorPlace. Where no anchor is yet, a counter is made for it."""
        self.settle()
        record = Record(bytes(32), head, False)
        if self._found is None:
            file = self._first(anchor, record)
        else:
            file = self._following(self._found, anchor, record)
        self._prepared = _Held(self._next, file, [record, None])

    def _first(self, anchor: Anchor, record: Record) -> TpmFile:
        with self._chip() as chip:
            seat = chip.free_seat()
            # written down before it is made, so that a crash leaves no counter that nobody knows of
            files.write_new(self._next, tpmfile.encode(anchor.epoch, seat, None, record))
            files.sync_folder(self._folder)
            bound = chip.define(seat)
            sealed = chip.seal(seat, bound, anchor.secret)
        sector = tpmfile.encode_sealed(sealed)
        files.write_at(self._next, sector, SECTOR, durable=True)
        return TpmFile(anchor.epoch, seat, sealed, bound)

    def _following(self, held: _Held, anchor: Anchor, record: Record) -> TpmFile:
        seat = held.file.seat
        with self._chip(seat) as chip:
            bound = self._give_out(held)
            sealed = chip.seal(seat, bound, anchor.secret)
        files.write_new(self._next, tpmfile.encode(anchor.epoch, seat, sealed, record))
        files.sync_folder(self._folder)
        return TpmFile(anchor.epoch, seat, sealed, bound)

    def _give_out(self, held: _Held) -> int:
        """The next bound, durably remembered: it is never used for a second blob."""
        raw = files.read(held.path, tpmfile.FILE_BYTES)
        try:
            file = tpmfile.decode(raw or b"")
        except FormatError:
            raise errors.StorageFailed from None
        slots = [each or 0 for each in tpmfile.decode_given(raw or b"")]
        sector = tpmfile.GIVEN_AT + (0 if slots[0] < slots[1] else 1)
        bound = file.given + 1
        files.write_at(held.path, tpmfile.encode_given(bound), sector * SECTOR, durable=True)
        return bound

    def abandon(self) -> None:
        """See contract.AnchorPlace."""
        self._prepared = None
        if self._found is None:
            # the counter was made for it
            self.destroy()
            return
        if self._found.path == self._next:
            return
        files.destroy(self._next, tpmfile.FILE_BYTES)
        files.sync_folder(self._folder)
        files.still(self._folder)

    def advance(self) -> None:
        """See contract.AnchorPlace. From the increment on the old blob opens in no TPM."""
        if self._prepared is not None:
            # first of all: whatever fails below, the next anchor is the one in force
            self._found, self._prepared = self._prepared, None
        held = self._found
        if held is not None and files.is_there(self._next):
            self._step(held.file)
            files.destroy(self._current, tpmfile.FILE_BYTES)
            files.rename(self._next, self._current)
        if held is not None:
            self._found = held._replace(path=self._current)
        files.sync_folder(self._folder)
        self.still()

    def _step(self, file: TpmFile) -> None:
        assert file.sealed is not None
        try:
            with self._chip(file.seat) as chip:
                chip.raise_to(file.seat, file.sealed.bound)
        except errors.AnchorLost:
            # cleared or replaced since: then the old blob is dead already, and the next unlock tells of the new one
            return

    def destroy(self) -> None:
        """See contract.Backend. The counter goes past every bound, and away."""
        held = [file for _, _, file in self._read() if file is not None]
        highest = max((file.given for file in held), default=0)
        for seat in {file.seat for file in held}:
            try:
                with self._chip(seat) as chip:
                    chip.remove(seat, highest)
            except errors.AnchorLost:
                # no such counter in this TPM: what it guarded opens no more
                continue
        self.wipe()

    def wipe(self) -> None:
        """See contract.Backend."""
        self._found = self._prepared = None
        for path in (self._next, self._current):
            files.destroy(path, tpmfile.FILE_BYTES)
        files.sync_folder(self._folder)
        files.still(self._folder)

    def witness(self, before: bytes, after: bytes) -> None:
        """See contract.AnchorPlace."""
        self.settle()
        held = self._in_force()
        sector = anchorfile.free_record(held.records, before)
        self._put(held, sector, Record(before, after, False), durable=True)

    def confirm(self, after: bytes) -> None:
        """See contract.AnchorPlace."""
        held = self._in_force()
        for sector, record in enumerate(held.records):
            if record is not None and record.after == after:
                try:
                    self._put(held, sector, Record(record.before, after, True), durable=False)
                except errors.StorageFailed:
                    # as in the file anchor: it only lets one step back pass unnoticed
                    return

    def still(self) -> None:
        """See contract.AnchorPlace."""
        files.still(self._current, self._folder, os.path.dirname(self._folder))

    def is_newest(self, head: bytes) -> bool:
        """See contract.AnchorPlace."""
        return anchorfile.accepts(self._in_force().records, head)

    def _in_force(self) -> _Held:
        assert self._found is not None, "found or made before it is used"
        return self._found

    def _put(self, held: _Held, sector: int, record: Record, *, durable: bool) -> None:
        offset = (tpmfile.RECORDS_AT + sector) * SECTOR
        files.write_at(held.path, anchorfile.encode_record(record), offset, durable=durable)
        held.records[sector] = record

    def _read(self) -> list[tuple[str, bytes, TpmFile | None]]:
        found = []
        for path in (self._current, self._next):
            raw = files.read(path, tpmfile.FILE_BYTES)
            if raw is not None:
                found.append((path, raw, _parse(raw)))
        return found

    def _chip(self, seat: Seat | None = None) -> "Chip":
        return connect(self._tcti, seat.parent if seat else b"")


def connect(tcti: str, parent: bytes = b"") -> "Chip":
    """A conversation with the TPM. Raises TpmUnreachable; AnchorLost when its parent key has another name."""
    # read by the library when it is loaded: it would write to the terminal itself
    os.environ.setdefault("TSS2_LOG", "all+none")
    try:
        from vault.anchor.chip import Chip
    except (ImportError, NotImplementedError):
        raise errors.TpmUnreachable("library") from None
    return Chip(tcti, parent)


def _parse(raw: bytes) -> TpmFile | None:
    try:
        return tpmfile.decode(raw)
    except FormatError:
        return None
