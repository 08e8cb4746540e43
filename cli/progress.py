"""A progress bar on the terminal for work that takes longer than half a second; nothing in a pipe."""

from __future__ import annotations

import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Self

_AFTER = 0.5
"""Seconds of silence before a bar appears."""
_EVERY = 0.1
"""Seconds between two drawings."""
_WIDTH = 24


class Bar:
    """Call it with (done, total); it is a vault.service.Progress. As a context manager it cleans up after itself."""

    def __init__(self, label: str, show: bool = True) -> None:
        self._label = label
        self._show = show and sys.stderr.isatty()
        self._next = time.monotonic() + _AFTER
        self._drawn = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        if self._drawn:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()

    def __call__(self, done: int, total: int) -> None:
        """Draws the bar if it is time to."""
        now = time.monotonic()
        if not self._show or now < self._next or total <= 0:
            return
        self._next = now + _EVERY
        self._drawn = True
        filled = _WIDTH * done // total
        sys.stderr.write(f"\r{self._label} {'█' * filled}{'░' * (_WIDTH - filled)} {100 * done // total:3d}%\x1b[K")
        sys.stderr.flush()
