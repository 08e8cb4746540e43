"""What all requests of one server process share: storage and threads, keys, limits, and whether it is stopping."""

import asyncio
import traceback
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import ParamSpec, TypeVar

from sync import protocol
from sync.server import calendar
from sync.server.buckets import Bucket, Buckets, Monotonic
from sync.server.keys import ReceiptKey
from sync.server.receiving import Room
from sync.server.refusals import Refusal
from sync.server.storage.contract import Storage

THREADS = 16
"""Storage calls at a time."""
DEVICES_AT_ONCE = 256
STRANGERS_AT_ONCE = 64
"""Requests under way in one process, signed ones and others; who comes then is told to come back. Apart, so that
strangers who send slowly keep no device out."""
ROOM = 64 << 20
"""Bytes of large bodies that are held at a time."""
_FAULTS_TOLD = 16

P = ParamSpec("P")
Result = TypeVar("Result")


class Places:
    """So many requests at a time."""

    def __init__(self, most: int) -> None:
        """All places free."""
        self._free = most

    @contextmanager
    def one(self) -> Iterator[None]:
        """A place while a request is under way. Raises Refusal when there is none."""
        if not self._free:
            raise Refusal("stopping", retry=1)
        self._free -= 1
        try:
            yield
        finally:
            self._free += 1


class Service:
    """One process's state. `tell` gets one line for each kind of fault of ours, which says where and nothing else."""

    def __init__(
        self,
        storage: Storage,
        receipts: ReceiptKey,
        today: calendar.Today,
        monotonic: Monotonic,
        tell: Callable[[str], None],
    ) -> None:
        """`today` gives the day, `monotonic` seconds; nothing here reads a clock itself."""
        self.storage, self.receipts, self.today, self.monotonic = storage, receipts, today, monotonic
        self.device_buckets = Buckets(protocol.BUCKET, protocol.REFILL, monotonic)
        self.open_bucket = Bucket(protocol.OPEN_BUCKET, protocol.OPEN_REFILL, monotonic)
        self.room = Room(ROOM)
        self.devices, self.strangers = Places(DEVICES_AT_ONCE), Places(STRANGERS_AT_ONCE)
        self.stopping = False
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="storage")
        self._tell = tell
        self._faults: set[str] = set()

    @property
    def month(self) -> int:
        """The present month."""
        return calendar.month_of(self.today())

    @property
    def day(self) -> int:
        """The present day."""
        return calendar.day_of(self.today())

    def check_stopping(self) -> None:
        """Raises Refusal from the moment when the server was told to stop."""
        if self.stopping:
            raise Refusal("stopping", retry=1, close=True)

    async def in_thread(self, call: Callable[P, Result], *args: P.args, **kwargs: P.kwargs) -> Result:
        """The result of a call that blocks."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, lambda: call(*args, **kwargs))

    def fault(self, error: BaseException) -> None:
        """Tells the keeper once of each kind of fault: its type and place, nothing of what it was about."""
        frames = traceback.extract_tb(error.__traceback__)
        place = f"{Path(frames[-1].filename).name}:{frames[-1].lineno}" if frames else ""
        line = f"{type(error).__name__} {place}"
        if line not in self._faults and len(self._faults) < _FAULTS_TOLD:
            self._faults.add(line)
            self._tell(line)

    def close(self) -> None:
        """Waits for storage calls under way, and ends the storage."""
        self._threads.shutdown(wait=True)
        self.storage.close()
