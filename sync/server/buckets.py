"""Rate limits: token buckets in memory, by a clock that only runs forward (docs/spec/sync-protocol.md section 8.10)."""

from collections import OrderedDict
from collections.abc import Callable
from math import ceil

from sync.server.refusals import Refusal

Monotonic = Callable[[], float]
_KEPT = 4096
"""Buckets of devices: beyond it the one that was idle longest goes. An idle one is full again after a minute."""


class Bucket:
    """So many requests at once, and so many a second."""

    def __init__(self, size: int, refill: float, monotonic: Monotonic) -> None:
        """A full bucket. `refill` is in requests a second; `monotonic` gives seconds."""
        self._size, self._refill, self._monotonic = size, refill, monotonic
        self._left = float(size)
        self._at = monotonic()

    def take(self) -> None:
        """Takes one. Raises Refusal when it is empty."""
        now = self._monotonic()
        self._left = min(self._size, self._left + (now - self._at) * self._refill)
        self._at = now
        if self._left < 1:
            raise Refusal("slow-down", retry=max(1, ceil((1 - self._left) / self._refill)))
        self._left -= 1


class Buckets:
    """One bucket for each device that has proved itself."""

    def __init__(self, size: int, refill: float, monotonic: Monotonic) -> None:
        """No bucket yet; each begins full."""
        self._size, self._refill, self._monotonic = size, refill, monotonic
        self._buckets: OrderedDict[bytes, Bucket] = OrderedDict()

    def take(self, device: bytes) -> None:
        """Takes one from the device's bucket. Raises Refusal when it is empty."""
        bucket = self._buckets.get(device)
        if bucket is None:
            bucket = self._buckets[device] = Bucket(self._size, self._refill, self._monotonic)
            if len(self._buckets) > _KEPT:
                self._buckets.popitem(last=False)
        self._buckets.move_to_end(device)
        bucket.take()
