"""Asking the server for a command: where it stands, one session, and the requests about accounts and devices.

Only the commands about servers and devices load this, and with it the network.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import NamedTuple

from cli.synced import RULES
from sync import address, country
from sync.client import Session
from sync.country import Rule
from sync.engine import Effect, Fetch
from sync.transport import Transport
from vault.service.session import NO_CHANGE, Change

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator

    from vault.service import Progress, Vault
    from vault.service.session import Report


LOOK_SECONDS = 3.0
"""How long the name of a server is looked up, where only its country is to be told."""


class Place(NamedTuple):
    """Where a server stands: `kind` "loopback", "private" or "country"; with the last the codes of its countries (None:
    the data do not say), and name and month of the data."""

    kind: str
    countries: tuple[str | None, ...] = ()
    data: str = ""
    data_month: int = 0


def rule_of(name: str) -> Rule:
    """The rule with this name of RULES."""
    return Rule(RULES.index(name))


def look(url: str, rule: str, month: int) -> Place:
    """Where a server stands, by its name and the data that ship with the program; it is not connected to.

    Raises UrlRefused, ServerOutOfReach (no such name), ServerAbroad, CountryUnknown, CountryDataRefused.
    """
    endpoints = address.resolve(address.parse_url(url), LOOK_SECONDS)
    addresses = [each.address for each in endpoints]
    # also where every country will do, it is told which one it is
    data = country.load() if country.needs_data(addresses) else None
    verdicts = country.check(addresses, rule_of(rule), data, month)
    public = [each for each in verdicts if each.kind == "country"]
    if not public or data is None:
        return Place(verdicts[0].kind)
    return Place("country", tuple(dict.fromkeys(each.country for each in public)), data.name, data.month)


@contextmanager
def connected(vault: Vault) -> Iterator[Transport]:
    """The requests of this vault's device to its server; nothing is connected before the first. Raises NotEnrolled."""
    side = vault.sync_session(shaped=False)
    server = vault.server()
    wire = Transport(server.url, server.pin, rule_of(server.rule), side.device_id, side.sign, vault.moment().now)
    try:
        yield wire
    finally:
        wire.close()


def session(
    vault: Vault,
    wire: Transport,
    progress: Progress | None = None,
    *,
    shaped: bool = False,
    day: int = 0,
    change: Change = NO_CHANGE,
) -> Report:
    """One session from its beginning to its end. `progress` hears of the slots that are fetched or sent.

    Raises what the vault and sync.errors raise.
    """
    side = vault.sync_session(shaped=shaped, day=day, change=change)
    done = 0

    def watch(effect: Effect) -> None:
        nonlocal done
        if isinstance(effect, Fetch) and progress is not None:
            progress(done, side.wanted)
            done += len(effect.slots)

    try:
        Session(side, wire, progress).run(watch)
        return side.report
    finally:
        vault.end_session(side)
