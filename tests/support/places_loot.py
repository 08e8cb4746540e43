"""What somebody reads who has older databases of a vault or stick, every secret there ever was, and the anchor that is
there now (P6). `tests.support.attacker` is the thorough one; this one is quick enough for a thousand runs."""

import tempfile
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from vault import errors, limits
from vault.anchor.file import CURRENT, NEXT
from vault.crypto import aead
from vault.crypto.derive import database_key, epoch_wrap_key
from vault.formats import anchorfile, lockrow
from vault.formats import note as note_format
from vault.formats.reader import FormatError
from vault.ledger import DRAFT, FIRST, Ledger, decode_pages
from vault.service.state import State
from vault.store.names import DATABASE
from vault.store.sqlcipher import SqlcipherStore


class Loot:
    """Images of databases by the name of what they were taken from, and what methods stretched to at those times."""

    def __init__(self) -> None:
        self.images: dict[str, dict[bytes, int]] = {}
        """Owner → each image, and of a stick of which refresh it is."""
        self._stretched: set[tuple[bytes, bytes]] = set()
        self._static, self._vault_id = b"", b""

    def take(self, owner: str, database: Path, state: State, tick: int = 0) -> None:
        """One more image, and the secrets of now."""
        self.images.setdefault(owner, {}).setdefault(database.read_bytes(), tick)
        self.know(state)

    def know(self, state: State) -> None:
        """The secrets of now."""
        self._stretched |= set(state.settings.stretched.items())
        self._static, self._vault_id = state.static, state.vault_id

    def reads(self, owner: str, anchors: Path) -> set[str]:
        """The texts, of notes and drafts, in all images of this one that open with an anchor of this folder."""
        secrets = []
        for name in (CURRENT, NEXT):
            path = anchors / self._vault_id.hex() / name
            if path.exists():
                secrets.append(anchorfile.decode(path.read_bytes()).secret)
        return {text for raw in self.images.get(owner, {}) for text in self._read(raw, secrets)}

    def _read(self, raw: bytes, anchors: list[bytes]) -> Iterator[str]:
        with tempfile.TemporaryDirectory(prefix="loot-", dir="/dev/shm") as folder:
            Path(folder, DATABASE).write_bytes(raw)
            store = SqlcipherStore(folder, partial(database_key, self._static))
            try:
                key = self._epoch_key(lockrow.decode(store.read_lock()), anchors)
                if key is not None:
                    yield from self._texts(store, key)
            finally:
                store.close()

    def _epoch_key(self, row: lockrow.LockRow, anchors: list[bytes]) -> bytes | None:
        for method, stretched in self._stretched:
            for anchor in anchors:
                wrap = row.wraps.get(method)
                key = epoch_wrap_key(stretched, anchor, row.header_hash, row.epoch, method)
                try:
                    if wrap is not None:
                        return aead.open_box(key, self._vault_id, aead.EPOCH_WRAP, 0, wrap)
                except aead.BoxRefused:
                    continue
        return None

    def _texts(self, store: SqlcipherStore, key: bytes) -> Iterator[str]:
        boxes = enumerate(store.read_pages())
        pages = [aead.open_box(key, self._vault_id, aead.PAGE, number, box) for number, box in boxes]
        pages = pages[limits.SETTINGS_PAGES :]
        ledger = decode_pages(pages, len(pages) * limits.PAGE_ENTRIES)
        for first in (*ledger.firsts(FIRST), *ledger.firsts(DRAFT)):
            try:
                yield note_format.text_bytes([self._part(store, ledger, slot) for slot in ledger.chain(first)]).decode()
            except (aead.BoxRefused, FormatError, errors.DatabaseDamaged):
                # what is lost is lost to everybody
                continue

    def _part(self, store: SqlcipherStore, ledger: Ledger, slot: int) -> bytes:
        return aead.open_box(ledger.entry(slot).key, self._vault_id, aead.SLOT, slot, store.read_slot(slot))
