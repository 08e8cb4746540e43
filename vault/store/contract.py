"""Stores: rows of fixed numbers and sizes, changed together or not at all (docs/spec/vault.md section 4.1)."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import NamedTuple, Protocol


class Transaction(Protocol):
    """Rows that become true together when the transaction ends without an exception."""

    def put_slot(self, number: int, box: bytes) -> None:
        """Replaces one slot's box (limits.SLOT_BOX bytes)."""

    def put_page(self, number: int, box: bytes) -> None:
        """Replaces one ledger page's box (limits.PAGE_BOX bytes)."""

    def put_lock(self, row: bytes) -> None:
        """Replaces the lock row (limits.LOCK_ROW bytes)."""

    def put_head(self, box: bytes) -> None:
        """Replaces the head's box (limits.HEAD_BOX bytes)."""


class Store(Protocol):
    """Slots, ledger pages, the lock row and the head of one vault.

    Every method raises StorageFailed when the disk fails or the store is closed, and DatabaseDamaged when the rows are
    not what they must be.
    """

    def read_lock(self) -> bytes:
        """The lock row."""

    def read_head(self) -> bytes:
        """The head's box."""

    def read_pages(self) -> list[bytes]:
        """The boxes of all ledger pages, in order."""

    def read_slot(self, number: int) -> bytes:
        """One slot's box."""

    def scan_slots(self) -> Iterator[tuple[int, bytes]]:
        """Every slot with its box, in slot order."""

    def transaction(self) -> AbstractContextManager[Transaction]:
        """Begins a change; leaving the block commits it durably, an exception undoes it wholly."""

    def settle(self) -> None:
        """Makes what was committed durable when a commit was interrupted or failed, and removes its remains.

        To be called after reading: by then the database has undone what was to be undone. Raises StorageFailed.
        """

    def close(self) -> None:
        """Lets go of the file. May be called twice."""


class Rest(NamedTuple):
    """The rows of a new store besides its slots."""

    pages: list[bytes]
    lock: bytes
    head: bytes


class NewStore(Protocol):
    """A store being filled for the first time, beside the one that counts; it comes alive by `publish`."""

    def fill(self, slots: Iterable[bytes], rest: Callable[[], Rest]) -> None:
        """Writes every row and makes it durable; `rest` is asked when the last slot has been written."""

    def publish(self) -> Store:
        """Takes the place of the store that counted, in one step, and opens it."""

    def settle(self) -> None:
        """Makes `publish` durable."""

    def discard(self) -> None:
        """Removes what was not published. May be called twice."""
