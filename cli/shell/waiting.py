"""Waiting on the screen: seconds in which a destruction can be called off, and a sign of life during long work."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from vault.service import Progress

    Result = TypeVar("Result")

_EVERY = 0.1
"""Seconds between two pictures of the sign of life."""
_PATIENCE = 0.15
"""Seconds that work may take before there is a sign of life at all."""
_BAR = 16
_RUNNER = 4


class Grace:
    """Seconds between the yes and the destruction. Enter ends them at once, any other key calls it off."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._answer: asyncio.Future[bool] | None = None
        self._keys = self._made_keys()

    @property
    def keys(self) -> KeyBindings | None:
        """The keys that count now; none while no grace runs."""
        return self._keys if self._answer is not None else None

    async def lets(self, tell: Callable[[int], None]) -> bool:
        """Whether it is to happen. `tell` is called with the whole seconds that are left."""
        self._answer = asyncio.get_running_loop().create_future()
        left = self._seconds
        try:
            while left > 0:
                tell(math.ceil(left))
                step = min(1.0, left)
                done, _pending = await asyncio.wait({self._answer}, timeout=step)
                if done:
                    return self._answer.result()
                left -= step
            return True
        finally:
            self._answer = None

    def _say(self, go_on: bool) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_result(go_on)

    def _made_keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("enter")
        def _(_event: KeyPressEvent) -> None:
            self._say(True)

        for key in ("escape", "c-c", "c-d", "c-q", "<sigint>", "up", "down", "tab", Keys.Any):

            @keys.add(key)
            def _(_event: KeyPressEvent) -> None:
                self._say(False)

        return keys


async def sign_of_life(text: str, work: Callable[[Progress], Result], tell: Callable[[str], None]) -> Result:
    """What `work` returns, done in a thread while `tell` shows a bar that moves. Raises what it raises."""
    far = [0, 0]

    def progress(done: int, total: int) -> None:
        far[:] = done, total

    working = asyncio.get_running_loop().run_in_executor(None, work, progress)
    step = 0
    tell(text)
    await asyncio.wait({working}, timeout=_PATIENCE)
    while not working.done():
        tell(f"{text}  {_bar(step, far[0], far[1])}")
        step += 1
        await asyncio.wait({working}, timeout=_EVERY)
    return await working


def _bar(step: int, done: int, total: int) -> str:
    """How far it is, or that it goes on at all."""
    if total:
        full = _BAR * min(done, total) // total
        return "█" * full + "░" * (_BAR - full)
    at = step % (_BAR - _RUNNER)
    return "░" * at + "█" * _RUNNER + "░" * (_BAR - _RUNNER - at)
