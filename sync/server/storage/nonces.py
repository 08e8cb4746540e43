"""One-time nonces in memory, for a server of one process (docs/spec/sync-protocol.md section 8.2)."""

import threading
from collections import OrderedDict
from collections.abc import Sequence

PER_DEVICE = 64
TOTAL = 1 << 15
"""Of all devices together: at most some 5 MB."""


class Nonces:
    """Nonces by device. What is beyond a bound goes, the oldest first: of the device, or of the device that was idle
    longest. Safe to be used by several threads."""

    def __init__(self, per_device: int = PER_DEVICE, total: int = TOTAL) -> None:
        """Holds none."""
        self._per_device, self._total = per_device, total
        self._held: OrderedDict[bytes, dict[bytes, None]] = OrderedDict()
        self._count = 0
        self._lock = threading.Lock()

    def put(self, device: bytes, nonces: Sequence[bytes]) -> None:
        """Adds some for a device."""
        with self._lock:
            self._put(device, nonces)

    def use(self, device: bytes, nonce: bytes, fresh: bytes) -> bool:
        """Whether it was there; then it is gone, and `fresh` is there."""
        with self._lock:
            held = self._held.get(device)
            if held is None or nonce not in held:
                return False
            del held[nonce]
            self._count -= 1
            self._put(device, [fresh])
            return True

    def forget(self, device: bytes) -> None:
        """Drops all of a device."""
        with self._lock:
            self._count -= len(self._held.pop(device, ()))

    def _put(self, device: bytes, nonces: Sequence[bytes]) -> None:
        held = self._held.setdefault(device, {})
        self._held.move_to_end(device)
        before = len(held)
        held.update(dict.fromkeys(nonces))
        while len(held) > self._per_device:
            del held[next(iter(held))]
        self._count += len(held) - before
        while self._count > self._total and len(self._held) > 1:
            self._count -= len(self._held.popitem(last=False)[1])
