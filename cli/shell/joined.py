"""The part of the desk that joins it to the server: when its session runs, and what is told of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime

from cli.shell.questions import Questions
from cli.shell.regular import Regular, places_briefly, places_told

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.service import Vault

_EVERY = 1.0
"""Seconds between two looks at whether it is time for a session with the server."""


class Joined(Questions):
    """Base of cli.shell.desk.Desk, which counts in `done` what was begun with the vault, and says whether it is `doing`
    something."""

    vault: Vault
    regular: Regular
    doing = False
    done = 0
    places_told = ""
    """Where the notes are; empty for a vault that is on no server and has no sticks."""
    places_briefly = ""
    """The same in fewer words, empty for nothing to say."""

    def watch_server(self, now: Callable[[], datetime] | None, ticking: Callable[[], float]) -> None:
        """From now on sessions run by themselves, once `attend_server` does; without `now` none does."""
        self.regular = Regular(self, self._in_loop, now=now, ticking=ticking)

    async def attend_server(self) -> None:
        """Runs until it is cancelled."""
        while True:
            await asyncio.sleep(_EVERY)
            self.regular.look()

    def look_at_places(self) -> None:
        """Finds out anew where the notes are."""
        self.places_told = places_told(self.vault, self.regular.trouble)
        self.places_briefly = places_briefly(self.vault, self.regular.trouble)

    def _in_loop(self, work: Callable[[], None]) -> None:
        loop = self.app.loop
        if loop is None:
            raise RuntimeError
        loop.call_soon_threadsafe(work)

    def orders(self) -> int | None:
        """How many things were done with the vault so far; None while one is being done."""
        return None if self.doing else self.done

    def turn_month(self) -> None:
        """Destroys what is due, if a new month has begun."""
        raise NotImplementedError

    def look_again(self) -> None:
        """Takes over what the vault holds now."""
        raise NotImplementedError

    def news(self, text: str) -> None:
        """Tells what came of a session with the server, which may have changed everything that is shown."""
        self.look_again()
        if text:
            self.tell(f"{self.told} {text}".strip())
        self.app.invalidate()
