"""The session that the program runs by itself once a day while the vault is open, and what the coach sees of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from cli import sticks, synced, words
from cli.i18n import _, ngettext
from cli.shell.beside import Beside, Call, GivenUp
from cli.shell.frame import sentence
from vault.errors import ClockUnsure, DeviceRevoked, ServerMisbehaved, StorageFailed, VaultError
from vault.schedule import day_number

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.service import Vault
    from vault.service.session import Report

AFTER_BREAK = 60.0
"""Seconds until a session that was given up is tried again."""
AFTER_FAILURE = 900.0
"""Seconds until a server that was out of reach is asked again."""


class Host(Protocol):
    """Where the vault is open."""

    vault: Vault

    def turn_month(self) -> None:
        """Destroys what is due, if a new month has begun."""

    def news(self, text: str) -> None:
        """Tells what came of a session; the vault holds something else now."""

    def orders(self) -> int | None:
        """How many things were done with the vault so far; None while something is being done."""


class Regular:
    """Begins the session when its moment has come and nothing else is being done."""

    def __init__(
        self, host: Host, call: Call, *, now: Callable[[], datetime] | None, ticking: Callable[[], float]
    ) -> None:
        """`call` has something done in the main thread. `ticking` gives seconds. Without `now` it never begins."""
        self._host, self._call, self._now, self._ticking = host, call, now, ticking
        self._running: Beside | None = None
        self._not_before = ticking()
        self._orders = 0
        self.trouble = ""
        """What is wrong with the server, in a few words for a status line."""

    def look(self) -> None:
        """Begins a session if it is time for one. Costs next to nothing if it is not."""
        orders = self._host.orders()
        if self._now is None or self._running is not None or orders is None or self._ticking() < self._not_before:
            return
        now = self._now()
        if not self._host.vault.is_time_to_sync(now):
            return
        self._host.turn_month()
        self._orders = self._host.orders() or 0
        try:
            day = day_number(now.date())
            self._running = Beside(self._host.vault, day, call=self._call, still=self._still, ended=self._ended)
        except (VaultError, RuntimeError) as error:
            self._ended(error)

    def stop(self) -> None:
        """The vault is about to be closed."""
        running, self._running = self._running, None
        if running is not None:
            running.stop()

    def _still(self) -> bool:
        return self._host.orders() == self._orders

    def _ended(self, outcome: Report | Exception) -> None:
        self._running = None
        if not isinstance(outcome, Exception):
            self.trouble = ""
            self._not_before = self._ticking() + AFTER_BREAK
            news = [told(outcome)]
            if complete := self._host.vault.complete_receipts():
                news.append(words.receipts_complete(complete))
            self._host.news(" ".join(filter(None, news)))
            return
        self._not_before = self._ticking() + (AFTER_BREAK if isinstance(outcome, GivenUp) else AFTER_FAILURE)
        if isinstance(outcome, GivenUp):
            return
        if _out_of_reach(outcome):
            self.trouble = _("server out of reach")
            self._host.news("")
            return
        if not isinstance(outcome, ClockUnsure | StorageFailed | DeviceRevoked):
            # it would be the same again, and each time it would be told
            self._now = None
            self.trouble = _("not syncing")
        if isinstance(outcome, ServerMisbehaved):
            self.trouble = _("server refused")
        self._host.news(sentence(outcome))


def _out_of_reach(error: Exception) -> bool:
    return type(error).__name__ in ("ServerOutOfReach", "ServerBusy")


def told(report: Report) -> str:
    """What a coach has to know of a session that ran by itself: nothing, if nothing is other than before."""
    if report.received or report.destroyed or report.lost_edits or report.renamed:
        return " ".join(synced.report_lines(report))
    return ""


def places_told(vault: Vault, trouble: str) -> str:
    """Where the notes are, for a status line; empty for a vault that is on no server and has no sticks."""
    status = vault.sync_status()
    there = sticks.few_words(vault.places())
    if status is None:
        return there
    line = synced.places_line(status, vault.moment().now)
    return "; ".join(filter(None, (line, there, trouble)))


def places_briefly(vault: Vault, trouble: str) -> str:
    """The same where there is little room: how many are behind, and not which; empty if none is."""
    status = vault.sync_status()
    behind = sum(each.owes or each.lacks for each in vault.places())
    if status is not None:
        behind += sum(each.active and each.behind for each in status.devices)
        behind += not status.version or bool(status.unsynced)
    if not behind:
        return trouble
    told = ngettext("{n} place is behind", "{n} places are behind", behind).format(n=behind)
    return "; ".join(filter(None, (told, trouble)))
