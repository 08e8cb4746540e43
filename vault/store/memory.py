"""The store in memory: the same contract without a disk, for tests, models and scratch vaults."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from vault import errors, limits
from vault.store.contract import Rest


class MemoryStore:
    """Rows in dictionaries. See contract.Store."""

    def __init__(self, slots: Iterable[bytes], pages: Iterable[bytes], lock: bytes, head: bytes) -> None:
        """A store with these rows."""
        self._slots = list(slots)
        self._pages = list(pages)
        self._lock = lock
        self._head = head
        self._open = True

    def read_lock(self) -> bytes:
        """See contract.Store."""
        self._check()
        return self._lock

    def read_head(self) -> bytes:
        """See contract.Store."""
        self._check()
        return self._head

    def read_pages(self) -> list[bytes]:
        """See contract.Store."""
        self._check()
        return list(self._pages)

    def read_slot(self, number: int) -> bytes:
        """See contract.Store."""
        self._check()
        if not 0 <= number < len(self._slots):
            raise errors.DatabaseDamaged
        return self._slots[number]

    def scan_slots(self) -> Iterator[tuple[int, bytes]]:
        """See contract.Store."""
        self._check()
        return iter(list(enumerate(self._slots)))

    @contextmanager
    def transaction(self) -> Iterator["_Transaction"]:
        """See contract.Store."""
        self._check()
        change = _Transaction(len(self._slots), len(self._pages))
        yield change
        for number, box in change.slots.items():
            self._slots[number] = box
        for number, box in change.pages.items():
            self._pages[number] = box
        self._lock = change.lock or self._lock
        self._head = change.head or self._head

    def settle(self) -> None:
        """See contract.Store."""

    def close(self) -> None:
        """See contract.Store."""
        self._open = False

    def _check(self) -> None:
        if not self._open:
            raise errors.StorageFailed


class _Transaction:
    def __init__(self, slots: int, pages: int) -> None:
        self._most_slots = slots
        self._most_pages = pages
        self.slots: dict[int, bytes] = {}
        self.pages: dict[int, bytes] = {}
        self.lock = b""
        self.head = b""

    def put_slot(self, number: int, box: bytes) -> None:
        self.slots[_checked(number, self._most_slots)] = _sized(box, limits.SLOT_BOX)

    def put_page(self, number: int, box: bytes) -> None:
        self.pages[_checked(number, self._most_pages)] = _sized(box, limits.PAGE_BOX)

    def put_lock(self, row: bytes) -> None:
        self.lock = _sized(row, limits.LOCK_ROW)

    def put_head(self, box: bytes) -> None:
        self.head = _sized(box, limits.HEAD_BOX)


class NewMemoryStore:
    """A memory store in the making. See contract.NewStore."""

    def __init__(self) -> None:
        """Nothing in it yet."""
        self._store: MemoryStore | None = None

    def fill(self, slots: Iterable[bytes], rest: Callable[[], Rest]) -> None:
        """See contract.NewStore."""
        boxes = list(slots)
        self._store = MemoryStore(boxes, *rest())

    def publish(self) -> MemoryStore:
        """See contract.NewStore."""
        if self._store is None:
            raise errors.StorageFailed
        return self._store

    def settle(self) -> None:
        """See contract.NewStore."""

    def discard(self) -> None:
        """See contract.NewStore."""
        self._store = None


def _checked(number: int, most: int) -> int:
    if not 0 <= number < most:
        raise errors.DatabaseDamaged
    return number


def _sized(box: bytes, size: int) -> bytes:
    if len(box) != size:
        raise ValueError("a row keeps its size")
    return box
