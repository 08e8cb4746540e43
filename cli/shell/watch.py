"""The idle watch: calls back when no key was pressed for a while. The clock comes in from outside."""

import asyncio
import time
from collections.abc import Callable

_TICK = 1.0
"""Longest sleep, seconds: after a laptop wakes up, the screen must not stay readable for what was left to wait."""


def ticking() -> float:
    """Seconds that also pass while the computer sleeps, where the system can tell."""
    if hasattr(time, "CLOCK_BOOTTIME"):
        return time.clock_gettime(time.CLOCK_BOOTTIME)
    return time.monotonic()


class Idle:
    """Calls `act` after `seconds` without `touch`, and again after each further such time."""

    def __init__(self, seconds: float, act: Callable[[], None], clock: Callable[[], float] = ticking) -> None:
        self._seconds = seconds
        self._act = act
        self._clock = clock
        self._since = clock()

    def touch(self, _: object = None) -> None:
        """Somebody is here."""
        self._since = self._clock()

    def still(self) -> float:
        """Seconds since somebody was here."""
        return self._clock() - self._since

    async def watch(self) -> None:
        """Runs until it is cancelled."""
        self.touch()
        while True:
            left = self._since + self._seconds - self._clock()
            if left <= 0:
                self.touch()
                self._act()
            else:
                await asyncio.sleep(min(left, _TICK))
