"""Where the server stands, by its rule and the data that ship with the program."""

from vault.doctor.contract import INFO, SERIOUS, UNKNOWN, UNLOCKED, WARNING, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine

ID = "server-country"
_STALE_MONTHS = 18
"""Data older than this are worth a word; six months later they tell no country any more (sync §8.1)."""


def look(machine: Machine) -> list[Finding]:
    """Whether the server is where it may not be, may be anywhere, or can't be told to be somewhere."""
    assert machine.opened is not None
    server = machine.opened.server
    if server is None:
        return [clear(ID, SERIOUS)]
    age = machine.month - server.data_month if server.data_month else 0
    facts = {
        "rule": server.rule,
        "allowed": server.allowed,
        "place": server.kind,
        "countries": list(server.countries),
        "data_month": server.data_month,
        "stale": age > _STALE_MONTHS,
    }
    if not server.allowed:
        return [found(ID, SERIOUS, **facts)]
    if server.rule == "any" or facts["stale"]:
        return [found(ID, WARNING, **facts)]
    return [found(ID, INFO, **facts) if server.kind else unchecked(ID, SERIOUS, UNKNOWN, **facts)]


DETECTOR = Detector({ID: SERIOUS}, UNLOCKED, look)
