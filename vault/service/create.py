"""Making a new vault (docs/spec/vault.md section 8.1)."""

from collections.abc import Iterable, Iterator
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
from vault.service import inboxfolder
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
        clear_unfinished(paths)
        new = _drawn(secret, code, cost, start._replace(seen=now.now))
        write_fresh(paths, new)
        return _entered(paths, new)
    finally:
        lock.release()


class Fresh:
    """A vault, or a place of one, before anything of it is written: an epoch and an anchor of its own.

    `settings` have the stretched secret of every method of the header. `ledger`: what lives in the first pool, nothing
    unless it is given. `version`: of the first head.
    """

    def __init__(
        self,
        header: Header,
        header_bytes: bytes,
        static: bytes,
        settings: Settings,
        ledger: Ledger | None = None,
        version: int = 1,
    ) -> None:
        self.header, self.header_bytes, self.static, self.settings = header, header_bytes, static, settings
        self.ledger = ledger or Ledger(limits.POOL_LEAST)
        self.key, self.anchor = urandom(32), Anchor(urandom(16), urandom(32))
        self.head_hash = bytes(32)
        self._version = version

    def noise(self) -> Iterator[bytes]:
        """The boxes of a pool in which nothing lives."""
        return (aead.noise(limits.SLOT_BOX) for _ in range(self.ledger.pool))

    def rest(self) -> Rest:
        """Ledger pages, lock row and head."""
        head = Head(self._version, self.anchor.epoch, self.ledger.pool, bytes(32), bytes(32))
        pages, box, _, _ = first_boxes(self.header.vault_id, self.key, head, self.ledger, self.settings)
        stretched = self.settings.stretched
        row = lock_row(self.header, self.header_bytes, stretched, self.anchor.epoch, self.anchor.secret, self.key)
        self.head_hash = head_format.head_hash(box)
        return Rest(pages, lockrow.encode(row), box)


def _drawn(secret: bytes, code: str, cost_name: str, settings: Settings) -> Fresh:
    """A new vault: id, secrets and unlock methods of its own."""
    vault_id, static = urandom(16), urandom(32)
    cost = stretch.POLICY.presets[cost_name]
    public, inbox = sodium.key_pair()
    made = [
        new_method(kind, data, cost, vault_id, static)
        for kind, data in ((PASSPHRASE, secret), (RECOVERY_KIT, code.encode()))
    ]
    header = Header(vault_id, public, tuple(method for method, _ in made))
    settings = settings._replace(stretched={method.id: value for method, value in made}, inbox=inbox)
    return Fresh(header, header_format.encode(header), static, settings)


def _entered(paths: Paths, new: Fresh) -> Entered:
    """What the passphrase will unlock, known without another key derivation."""
    method = new.header.methods[0]
    candidate = Candidate(paths.header(), new.header_bytes, new.header)
    return Entered(candidate, method, new.settings.stretched[method.id], new.static)


def write_fresh(paths: Paths, new: Fresh, slots: Iterable[bytes] | None = None) -> None:
    """Writes it with these boxes, one for each slot of its pool, or noise. The caller holds the lock, and has cleared
    what an earlier one left (`clear_unfinished`).

    Raises StorageFailed, and what `slots` raises: then nothing is left behind.
    """
    # the header comes last: a vault exists from the moment it has its name
    anchor = FileAnchor(paths.anchor(new.header.vault_id))
    store = NewSqlcipherStore(paths.data, partial(database_key, new.static))
    try:
        files.write_new(paths.begun(), new.anchor.epoch)
        files.write_new(paths.next_header(), new.header_bytes)
        # durable before the anchor is made: they lead whoever clears up to it, and to no other one with this id
        files.sync_folder(paths.data)
        store.fill(new.noise() if slots is None else slots, new.rest)
        anchor.create(new.anchor, new.head_hash)
        store.publish().close()
        files.rename(paths.next_header(), paths.header())
        files.sync_folder(paths.data)
        files.remove(paths.begun())
    except BaseException:
        _undo(paths, new.header.vault_id, anchor, new.anchor.epoch)
        raise
    files.still(paths.header(), paths.data)


def take_back(paths: Paths, vault_id: bytes) -> None:
    """Removes a vault that was written but could not be opened: nobody was given its recovery code. Never raises."""
    try:
        lock = ProcessLock(paths.data)
    except (errors.StorageFailed, errors.VaultBusy):
        return
    try:
        anchor = FileAnchor(paths.anchor(vault_id))
        _undo(paths, vault_id, anchor, None)
    finally:
        lock.release()


def _undo(paths: Paths, vault_id: bytes, anchor: FileAnchor, epoch: bytes | None) -> None:
    """Takes it back; of an anchor only that of this epoch, or whatever is there if None."""
    try:
        # backwards, so that a kill on the way leaves a vault or none; the header goes last: it leads to the anchor
        if files.is_there(paths.header()):
            files.rename(paths.header(), paths.next_header())
        files.remove(paths.database())
        remove_unfinished(paths.data)
        inboxfolder.forget_keys(paths, vault_id)
        if epoch is None or not anchor.holds_another(epoch):
            anchor.discard()
        files.remove(paths.next_header())
        files.remove(paths.begun())
    except errors.StorageFailed:
        # what stays is an empty vault that nobody was given a recovery code for; the first failure is the one to tell
        return


def clear_unfinished(paths: Paths) -> None:
    """Removes what an interrupted `write_vault` or `write_fresh` left; it never held a note. Raises StorageFailed."""
    begun = files.read(paths.begun(), limits.EPOCH_BYTES)
    raw = files.read(paths.next_header(), limits.HEADER_BYTES)
    if raw is not None:
        try:
            anchor = FileAnchor(paths.anchor(header_format.decode(raw).vault_id))
            # the same vault may have been restored elsewhere since: then the anchor is that one's; a new one was not
            if begun is None or not anchor.holds_another(begun):
                anchor.discard()
        except FormatError:
            # torn before the anchor was made, so there is none
            pass
        files.remove(paths.next_header())
    remove_unfinished(paths.data)
    files.remove(paths.begun())
