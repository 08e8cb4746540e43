"""Reading the notes of the desk ahead, so that finding is instant."""

from __future__ import annotations

import asyncio

from vault.errors import VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.desk import Desk

_AT_ONCE = 48
"""Notes that are read ahead between two keys: about five milliseconds of work."""
_MOST = 20_000
"""Notes that are kept in memory for finding; a career's worth, 60 MB. What is beyond is read when it is sought."""
_STILL = 0.3
"""Seconds without a key before notes are read ahead."""


async def read_ahead(desk: Desk) -> None:
    """Reads the notes while nobody types."""
    left = 1
    while left and len(desk.shelf.handles) <= _MOST:
        if desk.doing or desk.idle.still() < _STILL:
            await asyncio.sleep(_STILL)
            continue
        unreadable = desk.vault.unreadable()
        try:
            left = desk.vault.read_ahead(_AT_ONCE)
        except VaultError:
            # what is wrong with the vault as a whole is told when something is done with it
            break
        if desk.vault.unreadable() != unreadable:
            desk.app.invalidate()
        await asyncio.sleep(0)
    desk.aids.preload()
