"""An unlocked vault's state in memory, and reading it from a store with every check (docs/spec/vault.md section 5)."""

from collections.abc import Callable
from typing import NamedTuple

from vault import errors, limits
from vault.anchor.home import AnchorHome
from vault.crypto import aead
from vault.formats import head as head_format
from vault.formats import settings as settings_format
from vault.formats.head import Head
from vault.formats.header import Header
from vault.formats.reader import FormatError, UnknownVersion
from vault.formats.settings import Settings
from vault.ledger import Ledger, decode_pages, pages_in
from vault.store.contract import NewStore, Store


class Unlocked(NamedTuple):
    """What unlocking yields: the header and its bytes, the static secret and the epoch key (32 bytes each), the open
    store and how to begin a new one beside it, and the anchor."""

    header: Header
    header_bytes: bytes
    static: bytes
    epoch_key: bytes
    store: Store
    new_store: Callable[[], NewStore]
    anchor: AnchorHome


class State:
    """Everything an unlocked vault knows. Only service.change replaces parts of it, after a commit."""

    def __init__(self, unlocked: Unlocked) -> None:
        """A state without its ledger yet; `load` fills it."""
        self.header = unlocked.header
        self.header_bytes = unlocked.header_bytes
        self.static = unlocked.static
        self.store = unlocked.store
        self.new_store = unlocked.new_store
        self.anchor = unlocked.anchor
        self.epoch_key = unlocked.epoch_key
        self.head = Head(0, bytes(16), 0, bytes(32), bytes(32))
        self.head_hash = bytes(32)
        self.page_hashes: list[bytes] = []
        self.ledger = Ledger(0)
        self.settings: Settings
        self.outdated = False
        """Whether the settings on disk are of an older version: then the next commit writes them."""

    @property
    def vault_id(self) -> bytes:
        """The vault's id, 16 bytes."""
        return self.header.vault_id

    @property
    def origin(self) -> bytes:
        """The id of the vault that claim codes are salted with (16 bytes): this one's or the account's first."""
        return self.vault_id if self.settings.origin == settings_format.NO_ORIGIN else self.settings.origin

    def load(self, epoch: bytes) -> None:
        """Reads head and ledger and checks each against what names it.

        Raises LedgerTampered, VersionUnknown, RolledBack, DatabaseDamaged, StorageFailed.
        """
        box = self.store.read_head()
        try:
            self.head = head_format.decode(self._open(aead.HEAD, 0, box))
        except FormatError:
            raise errors.LedgerTampered from None
        pool = self.head.pool
        if self.head.epoch != epoch or not limits.POOL_LEAST <= pool <= limits.POOL_MOST or pool & (pool - 1):
            raise errors.LedgerTampered
        self.head_hash = head_format.head_hash(box)
        if not self.anchor.is_newest(self.head_hash):
            raise errors.RolledBack
        self._load_pages(pool)

    def _load_pages(self, pool: int) -> None:
        boxes = self.store.read_pages()
        self.page_hashes = [head_format.page_hash(box) for box in boxes]
        count = limits.SETTINGS_PAGES + pages_in(pool)
        if len(boxes) != count or head_format.root_hash(self.page_hashes) != self.head.root:
            raise errors.LedgerTampered
        payloads = [self._open(aead.PAGE, number, box) for number, box in enumerate(boxes)]
        try:
            self.settings = settings_format.decode(payloads[: limits.SETTINGS_PAGES])
            self.outdated = payloads[0][0] != settings_format.VERSION
            self.ledger = decode_pages(payloads[limits.SETTINGS_PAGES :], pool)
        except UnknownVersion:
            raise errors.VersionUnknown from None
        except FormatError:
            raise errors.LedgerTampered from None

    def _open(self, kind: bytes, index: int, box: bytes) -> bytes:
        try:
            return aead.open_box(self.epoch_key, self.vault_id, kind, index, box)
        except aead.BoxRefused:
            raise errors.LedgerTampered from None
