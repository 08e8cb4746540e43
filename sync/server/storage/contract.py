"""What a storage backend does (docs/spec/sync-protocol.md sections 6.4, 8 and 9).

Calls block and are made from threads, several at once. Every writing call is one transaction and durable when it
returns. Months and days are numbers (months since January 2000, days since 1 January 2000); the caller reads the clock.

Besides what is said there, every call that names an account raises Missing when there is no such account (`leave`
returns), and every call may raise Unavailable or Damaged.
"""

from collections.abc import Sequence
from typing import NamedTuple, Protocol


class StorageError(Exception):
    """Base of what a backend raises on purpose."""


class Missing(StorageError):
    """No such invitation, account, device or offer."""


class Exists(StorageError):
    """An account, device or offer with that id is there already, or the account has as many devices as it may: 12, and
    64 with the removed ones."""


class Conflict(StorageError):
    """Another version or generation than the present one."""


class Incomplete(StorageError):
    """The new generation was not uploaded whole, or comes without all its pages; or a number beyond the pool."""


class Full(StorageError):
    """The account's quota, or the disk."""


class Unavailable(StorageError):
    """The database can't be reached or doesn't answer now. What was asked may or may not have been done. Carries at
    most the database's own code for it."""


class Damaged(StorageError):
    """The database is not what was written. Carries at most the database's own code for it."""


class Newer(StorageError):
    """The database was made or changed by a newer version of the server."""


class Device(NamedTuple):
    """A device: its account, signing key, and the notice for it if it was removed."""

    account: bytes
    signing_key: bytes
    notice: bytes | None


class Snapshot(NamedTuple):
    """An account at one moment: the head's bytes (None while empty), all page hashes in order, the pages asked for,
    and the shares as (month, share), ascending."""

    head: bytes | None
    hashes: tuple[bytes, ...]
    pages: tuple[tuple[int, bytes], ...]
    shares: tuple[tuple[int, bytes], ...]


class Commit(NamedTuple):
    """A new head, its version, the hash of the one before, generation and pool, with page boxes (and their hashes) and
    slot boxes by number."""

    head: bytes
    version: int
    previous: bytes
    generation: bytes
    pool: int
    pages: Sequence[tuple[int, bytes, bytes]]
    slots: Sequence[tuple[int, bytes]]
    month: int


class Numbers(NamedTuple):
    """What the glass page shows: accounts by pool size (0 for empty ones), devices, the months of shares left."""

    pools: dict[int, int]
    devices: int
    first_share: int
    last_share: int
    bytes_held: int


class AccountLine(NamedTuple):
    """An account as its keeper sees it."""

    account: bytes
    pool: int
    devices: int
    month: int
    quota: int


class Storage(Protocol):
    """One server's storage."""

    def close(self) -> None:
        """Ends it. Nothing is lost that was acknowledged."""

    # -- letting in

    def invite(self, digest: bytes, uses: int, last_day: int) -> None:
        """Keeps an invitation by SHA-256 of its secret."""

    def enrol(self, digest: bytes, account: bytes, signing_key: bytes, *, day: int, month: int) -> None:
        """Takes one use off the invitation and makes an empty account with its first device and its shares
        (`month` to `month` + 120, drawn here). Raises Missing (unknown, used up or past), Exists."""

    def device(self, device: bytes) -> Device | None:
        """The device with this id (8 bytes)."""

    def add_device(self, account: bytes, signing_key: bytes, offer_id: bytes, offer: bytes, last_day: int) -> None:
        """Adds a device and its offer. Raises Exists."""

    def take_offer(self, offer_id: bytes, *, day: int) -> bytes:
        """The offer, and it is gone. Raises Missing."""

    def remove_device(self, account: bytes, device: bytes, notice: bytes) -> None:
        """From now on the device gets its notice and nothing else. Raises Missing (also: of another account)."""

    def leave(self, account: bytes, device: bytes) -> None:
        """Forgets the device, and with the last one that was not removed the whole account."""

    # -- nonces: good once, for one device; memory will do for one process

    def put_nonces(self, device: bytes, nonces: Sequence[bytes]) -> None:
        """Keeps them; of one device at most 64, the oldest go first."""

    def use_nonce(self, device: bytes, nonce: bytes, fresh: bytes) -> bool:
        """Whether it was there; it is gone now, and `fresh` takes its place if it was."""

    # -- the mirror

    def snapshot(self, account: bytes, generation: bytes, known: Sequence[bytes], *, month: int) -> Snapshot:
        """The account with the pages that differ from `known` (starts of hashes): all if the generation or their
        number differs. Shares of months before `month` are destroyed first, those that come into reach drawn."""

    def read_slots(self, account: bytes, version: int, slots: Sequence[int]) -> list[bytes]:
        """Their boxes. Raises Conflict for another version, Incomplete for a number beyond the pool."""

    def stage(self, account: bytes, generation: bytes, pool: int, start: int, boxes: Sequence[bytes]) -> None:
        """Consecutive slots of a generation that is to come; another unfinished one of the account goes. Raises Full,
        Incomplete (beyond the pool), Conflict (the generation is the present one)."""

    def commit(self, account: bytes, commit: Commit) -> None:
        """Everything or nothing. The version must be one more than the present one and `previous` the present head's
        hash (as sync.protocol.head_hash). Raises Conflict, Incomplete, Full."""

    # -- the keeper's

    def accounts(self) -> list[AccountLine]:
        """All accounts, in the order of their ids."""

    def purge_account(self, account: bytes) -> None:
        """Forgets it with everything. Raises Missing."""

    def set_quota(self, account: bytes, size: int) -> None:
        """Bytes that it may hold. Raises Missing."""

    def purge(self, *, month: int, day: int, dormant_months: int) -> int:
        """Drops shares whose month has ended, invitations and offers past their day, accounts without a commit for
        more than so many months. How many accounts went."""

    def numbers(self, *, month: int) -> Numbers:
        """For the glass page."""
