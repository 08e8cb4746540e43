"""What a storage must answer, by the dumbest means: dictionaries, copied whole. Shares are left to who compares."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from sync import protocol
from sync.server.storage.contract import (
    AccountLine,
    Commit,
    Conflict,
    Device,
    Exists,
    Full,
    Incomplete,
    Missing,
    Numbers,
)


@dataclass
class Book:
    month: int
    first_share: int
    last_share: int
    quota: int = protocol.QUOTA
    head: bytes | None = None
    version: int = 0
    generation: bytes = b""
    pool: int = 0
    slots: dict[int, bytes] = field(default_factory=dict)
    pages: dict[int, bytes] = field(default_factory=dict)
    coming: tuple[bytes, int] = (b"", 0)
    staged: dict[int, bytes] = field(default_factory=dict)


@dataclass
class Model:
    """The contract's calls, as far as their answers follow from what was asked."""

    invitations: dict[bytes, tuple[int, int]] = field(default_factory=dict)
    books: dict[bytes, Book] = field(default_factory=dict)
    devices: dict[bytes, Device] = field(default_factory=dict)
    offers: dict[bytes, tuple[bytes, int]] = field(default_factory=dict)
    nonces: dict[bytes, list[bytes]] = field(default_factory=dict)

    def invite(self, digest: bytes, uses: int, last_day: int) -> None:
        self.invitations[digest] = (uses, last_day)

    def enrol(self, digest: bytes, account: bytes, signing_key: bytes, *, day: int, month: int) -> None:
        uses, last_day = self.invitations.get(digest, (0, 0))
        if not uses or last_day < day:
            raise Missing
        if account in self.books or protocol.device_id(signing_key) in self.devices:
            raise Exists
        self.invitations[digest] = (uses - 1, last_day)
        self.books[account] = Book(month, month, month + 120)
        self.devices[protocol.device_id(signing_key)] = Device(account, signing_key, None)

    def device(self, device: bytes) -> Device | None:
        return self.devices.get(device)

    def add_device(self, account: bytes, signing_key: bytes, offer_id: bytes, offer: bytes, last_day: int) -> None:
        self._book(account)
        active = [one for one in self.devices.values() if one.account == account and one.notice is None]
        if len(active) >= 12 or offer_id in self.offers or protocol.device_id(signing_key) in self.devices:
            raise Exists
        self.devices[protocol.device_id(signing_key)] = Device(account, signing_key, None)
        self.offers[offer_id] = (offer, last_day)

    def take_offer(self, offer_id: bytes, *, day: int) -> bytes:
        offer, last_day = self.offers.get(offer_id, (b"", 0))
        if last_day < day:
            raise Missing
        del self.offers[offer_id]
        return offer

    def remove_device(self, account: bytes, device: bytes, notice: bytes) -> None:
        if device not in self.devices or self.devices[device].account != account:
            raise Missing
        self.devices[device] = self.devices[device]._replace(notice=notice)
        self.nonces.pop(device, None)

    def leave(self, account: bytes, device: bytes) -> None:
        if device not in self.devices or self.devices[device].account != account:
            return
        del self.devices[device]
        self.nonces.pop(device, None)
        if not any(one.account == account and one.notice is None for one in self.devices.values()):
            self.purge_account(account)

    def put_nonces(self, device: bytes, nonces: Sequence[bytes]) -> None:
        self.nonces[device] = [*self.nonces.get(device, []), *nonces][-64:]

    def use_nonce(self, device: bytes, nonce: bytes, fresh: bytes) -> bool:
        if nonce not in self.nonces.get(device, []):
            return False
        self.nonces[device].remove(nonce)
        self.nonces[device].append(fresh)
        return True

    def mirror(self, account: bytes, *, month: int) -> tuple[bytes | None, dict[int, bytes], range]:
        """Head, page boxes, and the months of the shares that are handed out."""
        book = self._book(account)
        book.first_share = max(book.first_share, month)
        book.last_share = max(book.last_share, month + 120)
        return book.head, book.pages, range(book.first_share, month + 121)

    def read_slots(self, account: bytes, version: int, slots: Sequence[int]) -> list[bytes]:
        book = self._book(account)
        if book.head is None or book.version != version:
            raise Conflict
        if any(number >= book.pool for number in slots):
            raise Incomplete
        return [book.slots[number] for number in slots]

    def stage(self, account: bytes, generation: bytes, pool: int, start: int, boxes: Sequence[bytes]) -> None:
        book = self._book(account)
        if book.head is not None and generation == book.generation:
            raise Conflict
        if start + len(boxes) > pool:
            raise Incomplete
        staged = dict(book.staged) if book.coming == (generation, pool) else {}
        staged.update(enumerate(boxes, start))
        held = len(book.slots) + len(staged)
        if held * protocol.SLOT_BOX + len(book.pages) * protocol.PAGE_BOX > book.quota:
            raise Full
        book.coming, book.staged = (generation, pool), staged

    def commit(self, account: bytes, commit: Commit) -> None:
        book = self._book(account)
        if commit.version != book.version + 1:
            raise Conflict
        if commit.previous != (bytes(32) if book.head is None else protocol.head_hash(book.head)):
            raise Conflict
        pages = {number: box for number, box, _ in commit.pages}
        size = 10 + commit.pool // 64
        if any(number >= size for number in pages) or any(number >= commit.pool for number, _ in commit.slots):
            raise Incomplete
        if book.head is not None and commit.generation == book.generation:
            if commit.pool != book.pool:
                raise Incomplete
            slots, pages = dict(book.slots), {**book.pages, **pages}
        else:
            if book.coming != (commit.generation, commit.pool):
                raise Incomplete
            if len(book.staged) < commit.pool or len(pages) < size:
                raise Incomplete
            if commit.pool * protocol.SLOT_BOX + size * protocol.PAGE_BOX > book.quota:
                raise Full
            slots, book.coming, book.staged = book.staged, (b"", 0), {}
        book.slots, book.pages = {**slots, **dict(commit.slots)}, pages
        book.head, book.version, book.month = commit.head, commit.version, commit.month
        book.generation, book.pool = commit.generation, commit.pool

    def accounts(self) -> list[AccountLine]:
        found = sorted(self.books.items())
        counts = {account: sum(one.account == account for one in self.devices.values()) for account, _ in found}
        return [AccountLine(account, book.pool, counts[account], book.month, book.quota) for account, book in found]

    def purge_account(self, account: bytes) -> None:
        self._book(account)
        del self.books[account]
        for device in [device for device, one in self.devices.items() if one.account == account]:
            del self.devices[device]
            self.nonces.pop(device, None)

    def set_quota(self, account: bytes, size: int) -> None:
        self._book(account).quota = size

    def purge(self, *, month: int, day: int, dormant_months: int) -> int:
        self.invitations = {digest: one for digest, one in self.invitations.items() if one[1] >= day}
        self.offers = {offer_id: one for offer_id, one in self.offers.items() if one[1] >= day}
        dormant = [account for account, book in self.books.items() if month - book.month > dormant_months]
        for account in dormant:
            self.purge_account(account)
        for book in self.books.values():
            book.first_share = max(book.first_share, month)
        return len(dormant)

    def numbers(self, *, month: int) -> Numbers:
        pools: dict[int, int] = {}
        slots = pages = 0
        for book in self.books.values():
            pools[book.pool] = pools.get(book.pool, 0) + 1
            slots += len(book.slots) + len(book.staged)
            pages += len(book.pages)
        first = min((book.first_share for book in self.books.values()), default=0)
        last = max((book.last_share for book in self.books.values()), default=0)
        active = sum(one.notice is None for one in self.devices.values())
        held = slots * protocol.SLOT_BOX + pages * protocol.PAGE_BOX
        return Numbers(pools, active, max(first, month) if self.books else 0, last, held)

    def _book(self, account: bytes) -> Book:
        if account not in self.books:
            raise Missing
        return self.books[account]
