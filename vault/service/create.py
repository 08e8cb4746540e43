"""Making a new vault (docs/spec/vault.md section 8.1)."""

from functools import partial
from os import urandom

from vault import errors, files, limits, sodium
from vault.anchor.file import FileAnchor
from vault.crypto import aead, stretch
from vault.crypto.derive import database_key
from vault.expiry import moment
from vault.formats import head as head_format
from vault.formats import header as header_format
from vault.formats import lockrow
from vault.formats.anchorfile import Anchor
from vault.formats.head import Head
from vault.formats.header import PASSPHRASE, RECOVERY_KIT, Header
from vault.formats.reader import FormatError
from vault.formats.settings import POLICIES, Settings
from vault.ledger import Ledger
from vault.months import Period
from vault.service.callbacks import Clock
from vault.service.change import first_boxes
from vault.service.entering import Candidate, Entered
from vault.service.methods import checked_passphrase, lock_row, new_method
from vault.service.paths import Paths, exists
from vault.store.contract import Rest
from vault.store.lock import ProcessLock
from vault.store.sqlcipher import NewSqlcipherStore, remove_unfinished

IDLE_MINUTES = 10


def first_settings(keep: Period, guard: str = POLICIES[0]) -> Settings:
    """What a new vault starts with; its secrets and its month are not in it yet."""
    return Settings({}, b"", 0, keep, IDLE_MINUTES, guard)


def write_vault(
    paths: Paths, passphrase: str, code: str, cost: str, start: Settings, clock: Clock, confirmed: bool
) -> Entered:
    """Writes a new vault with that recovery code (in plain form); it is closed. What unlocking would find out again.

    It starts with these settings, but for its secrets and the highest month seen, which are its own. Raises
    VaultExists, VaultBusy, PassphraseTooShort, PeriodTooShort, PeriodTooLong, ClockUnsure, MemoryRefused, StorageFailed
    (nothing is left behind).
    """
    secret = checked_passphrase(passphrase)
    now = moment(clock(), limits.RELEASE_MONTH, confirmed)
    start.keep.check(now.today)
    if now.months_ahead > limits.INIT_AHEAD_MONTHS and not confirmed:
        raise errors.ClockUnsure(now.months_ahead)
    if exists(paths):
        raise errors.VaultExists
    files.make_folder(paths.data)
    lock = ProcessLock(paths.data)
    try:
        if exists(paths):
            raise errors.VaultExists
        _clear_unfinished(paths)
        new = _New(secret, code, cost, start._replace(seen=now.now))
        _write(paths, new)
        return new.entered(paths)
    finally:
        lock.release()


class _New:
    """Everything of a new vault before anything is written."""

    def __init__(self, secret: bytes, code: str, cost_name: str, settings: Settings) -> None:
        self.vault_id, self.static, self.key = urandom(16), urandom(32), urandom(32)
        self.anchor = Anchor(urandom(16), urandom(32))
        cost = stretch.POLICY.presets[cost_name]
        public, inbox = sodium.key_pair()
        made = [
            new_method(kind, data, cost, self.vault_id, self.static)
            for kind, data in ((PASSPHRASE, secret), (RECOVERY_KIT, code.encode()))
        ]
        self.header = Header(self.vault_id, public, tuple(method for method, _ in made))
        self.header_bytes = header_format.encode(self.header)
        self.settings = settings._replace(stretched={method.id: value for method, value in made}, inbox=inbox)
        self.head_hash = bytes(32)

    def entered(self, paths: Paths) -> Entered:
        """What the passphrase will unlock, known without another key derivation."""
        method = self.header.methods[0]
        candidate = Candidate(paths.header(), self.header_bytes, self.header)
        return Entered(candidate, method, self.settings.stretched[method.id], self.static)

    def rest(self) -> Rest:
        """Ledger pages, lock row and head of an empty pool."""
        head = Head(1, self.anchor.epoch, limits.POOL_LEAST, bytes(32), bytes(32))
        pages, box, _, _ = first_boxes(self.vault_id, self.key, head, Ledger(limits.POOL_LEAST), self.settings)
        stretched = self.settings.stretched
        row = lock_row(self.header, self.header_bytes, stretched, self.anchor.epoch, self.anchor.secret, self.key)
        self.head_hash = head_format.head_hash(box)
        return Rest(pages, lockrow.encode(row), box)


def _write(paths: Paths, new: _New) -> None:
    # the header comes last: a vault exists from the moment it has its name
    anchor = FileAnchor(paths.anchor(new.vault_id))
    store = NewSqlcipherStore(paths.data, partial(database_key, new.static))
    try:
        files.write_new(paths.next_header(), new.header_bytes)
        # durable before the anchor is made: it leads whoever clears up to it
        files.sync_folder(paths.data)
        store.fill((aead.noise(limits.SLOT_BOX) for _ in range(limits.POOL_LEAST)), new.rest)
        anchor.create(new.anchor, new.head_hash)
        store.publish().close()
        files.rename(paths.next_header(), paths.header())
        files.sync_folder(paths.data)
    except BaseException:
        _undo(paths, anchor)
        raise
    files.still(paths.header(), paths.data)


def take_back(paths: Paths, vault_id: bytes) -> None:
    """Removes a vault that was written but could not be opened: nobody was given its recovery code. Never raises."""
    try:
        lock = ProcessLock(paths.data)
    except (errors.StorageFailed, errors.VaultBusy):
        return
    try:
        _undo(paths, FileAnchor(paths.anchor(vault_id)))
    finally:
        lock.release()


def _undo(paths: Paths, anchor: FileAnchor) -> None:
    try:
        # backwards, so that a kill on the way leaves a vault or none; the header goes last: it leads to the anchor
        if files.is_there(paths.header()):
            files.rename(paths.header(), paths.next_header())
        files.remove(paths.database())
        remove_unfinished(paths.data)
        anchor.discard()
        files.remove(paths.next_header())
    except errors.StorageFailed:
        # what stays is an empty vault that nobody was given a recovery code for; the first failure is the one to tell
        return


def _clear_unfinished(paths: Paths) -> None:
    """Removes what an interrupted `write_vault` left; it never held a note. Raises StorageFailed."""
    raw = files.read(paths.next_header(), limits.HEADER_BYTES)
    if raw is not None:
        try:
            FileAnchor(paths.anchor(header_format.decode(raw).vault_id)).discard()
        except FormatError:
            # torn before the anchor was made, so there is none
            pass
        files.remove(paths.next_header())
    remove_unfinished(paths.data)
