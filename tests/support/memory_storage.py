"""The server's storage in dictionaries, after the contract: for tests that want no disk, or want to look into it."""

import secrets
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field

from sync import protocol
from sync.server.storage import rules
from sync.server.storage.contract import (
    AccountLine,
    Commit,
    Device,
    Exists,
    Missing,
    Numbers,
    Snapshot,
)

NONCES_KEPT = 64


@dataclass
class Staged:
    """A generation that is being uploaded."""

    generation: bytes
    pool: int
    slots: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Account:
    """All of one account."""

    month: int
    shares: dict[int, bytes]
    quota: int = protocol.QUOTA
    head: bytes | None = None
    version: int = 0
    generation: bytes = b""
    slots: list[bytes] = field(default_factory=list)
    pages: list[tuple[bytes, bytes]] = field(default_factory=list)
    staged: Staged | None = None

    @property
    def present(self) -> rules.Present:
        """As the rules want it."""
        return rules.Present(self.head, self.version, self.generation, len(self.slots), self.quota)

    @property
    def held(self) -> int:
        """Bytes of slots, those of an unfinished generation too, and of pages."""
        staged = len(self.staged.slots) if self.staged else 0
        return (len(self.slots) + staged) * protocol.SLOT_BOX + len(self.pages) * protocol.PAGE_BOX


@dataclass
class MemoryStorage:
    """A Storage. Its dictionaries are there to be looked at and tampered with."""

    invitations: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    books: dict[bytes, Account] = field(default_factory=dict)
    devices: dict[bytes, Device] = field(default_factory=dict)
    offers: dict[bytes, tuple[bytes, bytes, int]] = field(default_factory=dict)
    nonces: dict[bytes, list[bytes]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    closed: bool = False

    def close(self) -> None:
        self.closed = True

    def invite(self, digest: bytes, uses: int, last_day: int) -> None:
        with self.lock:
            self.invitations[digest] = (uses, last_day)

    def enrol(self, digest: bytes, account: bytes, signing_key: bytes, *, day: int, month: int) -> None:
        with self.lock:
            uses, last_day = self.invitations.get(digest, (0, 0))
            if uses < 1 or day > last_day:
                raise Missing
            device = protocol.device_id(signing_key)
            if account in self.books or device in self.devices:
                raise Exists
            del self.invitations[digest]
            if uses > 1:
                self.invitations[digest] = (uses - 1, last_day)
            self.books[account] = Account(month, {})
            _tidy_shares(self.books[account], month)
            self.devices[device] = Device(account, signing_key, None)

    def device(self, device: bytes) -> Device | None:
        return self.devices.get(device)

    def add_device(self, account: bytes, signing_key: bytes, offer_id: bytes, offer: bytes, last_day: int) -> None:
        with self.lock:
            self._book(account)
            device = protocol.device_id(signing_key)
            active = sum(found.account == account and found.notice is None for found in self.devices.values())
            rules.check_devices(active, self._count(account))
            if device in self.devices or offer_id in self.offers:
                raise Exists
            self.devices[device] = Device(account, signing_key, None)
            self.offers[offer_id] = (account, offer, last_day)

    def take_offer(self, offer_id: bytes, *, day: int) -> bytes:
        with self.lock:
            _account, offer, last_day = self.offers.get(offer_id, (b"", b"", -1))
            if day > last_day:
                raise Missing
            del self.offers[offer_id]
            return offer

    def remove_device(self, account: bytes, device: bytes, notice: bytes) -> None:
        with self.lock:
            found = self.devices.get(device)
            if found is None or found.account != account:
                raise Missing
            self.devices[device] = found._replace(notice=notice)
            self.nonces.pop(device, None)

    def leave(self, account: bytes, device: bytes) -> None:
        with self.lock:
            found = self.devices.get(device)
            if found is None or found.account != account:
                return
            del self.devices[device]
            self.nonces.pop(device, None)
            if not any(found.account == account and found.notice is None for found in self.devices.values()):
                self._forget(account)

    def put_nonces(self, device: bytes, nonces: Sequence[bytes]) -> None:
        with self.lock:
            self.nonces[device] = [*self.nonces.get(device, []), *nonces][-NONCES_KEPT:]

    def use_nonce(self, device: bytes, nonce: bytes, fresh: bytes) -> bool:
        with self.lock:
            held = self.nonces.get(device, [])
            if nonce not in held:
                return False
            held.remove(nonce)
            held.append(fresh)
            return True

    def snapshot(self, account: bytes, generation: bytes, known: Sequence[bytes], *, month: int) -> Snapshot:
        with self.lock:
            book = self._book(account)
            _tidy_shares(book, month)
            hashes = tuple(digest for _, digest in book.pages)
            wanted = rules.differing(hashes, known, same_generation=generation == book.generation)
            reach = rules.in_reach(month)
            shares = tuple((held, share) for held, share in sorted(book.shares.items()) if held in reach)
            return Snapshot(book.head, hashes, tuple((number, book.pages[number][0]) for number in wanted), shares)

    def read_slots(self, account: bytes, version: int, slots: Sequence[int]) -> list[bytes]:
        with self.lock:
            book = self._book(account)
            rules.check_read(book.present, version, slots)
            return [book.slots[number] for number in slots]

    def stage(self, account: bytes, generation: bytes, pool: int, start: int, boxes: Sequence[bytes]) -> None:
        with self.lock:
            book = self._book(account)
            rules.check_stage(book.present, generation, pool, start, len(boxes))
            same = book.staged is not None and (book.staged.generation, book.staged.pool) == (generation, pool)
            before = book.staged.slots if book.staged and same else {}
            slots = before | dict(enumerate(boxes, start))
            rules.check_room(book.present, len(slots))
            book.staged = Staged(generation, pool, slots)

    def commit(self, account: bytes, commit: Commit) -> None:
        with self.lock:
            book = self._book(account)
            given = {number: (box, digest) for number, box, digest in commit.pages}
            if rules.check_commit(book.present, commit):
                staged = book.staged if book.staged and book.staged.generation == commit.generation else None
                rules.check_whole(book.present, commit, (staged.pool, len(staged.slots)) if staged else None)
                assert staged is not None
                book.slots = [staged.slots[number] for number in range(commit.pool)]
                book.pages, book.staged = [given[number] for number in sorted(given)], None
            for number, page in given.items():
                book.pages[number] = page
            for number, box in commit.slots:
                book.slots[number] = box
            book.head, book.version, book.generation = commit.head, commit.version, commit.generation
            book.month = commit.month

    def accounts(self) -> list[AccountLine]:
        with self.lock:
            return [
                AccountLine(account, len(book.slots), self._count(account), book.month, book.quota)
                for account, book in sorted(self.books.items())
            ]

    def purge_account(self, account: bytes) -> None:
        with self.lock:
            self._book(account)
            self._forget(account)

    def set_quota(self, account: bytes, size: int) -> None:
        with self.lock:
            self._book(account).quota = size

    def purge(self, *, month: int, day: int, dormant_months: int) -> int:
        with self.lock:
            self.invitations = {digest: left for digest, left in self.invitations.items() if left[1] >= day}
            self.offers = {offer: kept for offer, kept in self.offers.items() if kept[2] >= day}
            dormant = [account for account, book in self.books.items() if month - book.month > dormant_months]
            for account in dormant:
                self._forget(account)
            for book in self.books.values():
                _destroy_past(book, month)
            return len(dormant)

    def numbers(self, *, month: int) -> Numbers:
        with self.lock:
            pools: dict[int, int] = {}
            for book in self.books.values():
                pools[len(book.slots)] = pools.get(len(book.slots), 0) + 1
            held = sum(book.held for book in self.books.values())
            devices = sum(found.notice is None for found in self.devices.values())
            months = [share for book in self.books.values() for share in book.shares if share >= month]
            return Numbers(pools, devices, min(months, default=0), max(months, default=0), held)

    def _book(self, account: bytes) -> Account:
        if account not in self.books:
            raise Missing
        return self.books[account]

    def _count(self, account: bytes) -> int:
        return sum(found.account == account for found in self.devices.values())

    def _forget(self, account: bytes) -> None:
        self.books.pop(account, None)
        gone = [device for device, found in self.devices.items() if found.account == account]
        for device in gone:
            del self.devices[device]
            self.nonces.pop(device, None)
        self.offers = {offer: kept for offer, kept in self.offers.items() if kept[0] != account}


def _tidy_shares(book: Account, month: int) -> None:
    """Destroys what is past, draws what comes into reach."""
    _destroy, draw = rules.share_changes(book.shares.keys(), month)
    _destroy_past(book, month)
    book.shares |= {coming: secrets.token_bytes(protocol.SHARE) for coming in draw}


def _destroy_past(book: Account, month: int) -> None:
    book.shares = {held: share for held, share in book.shares.items() if held >= month}
