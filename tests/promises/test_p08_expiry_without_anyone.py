"""P8: no device ever comes back, and what is due is unreadable from what the server holds, with every key that the
devices had; what is not due still opens. And the server can't tell which slot ends when.

Seen to fail: with a server that destroys no shares, and with slots that are sealed without one (built in below).
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from sync.server.storage.sqlite import SqliteStorage
from tests.support.fleet import Fleet, fleet, shown
from tests.support.hostile_server import Loot, Past, past_of
from tests.support.memory_storage import Account
from tests.support.server_attacker import ServerAttacker, secrets_of
from vault.crypto import wire
from vault.ledger import Ledger
from vault.months import Period, month_of

KEEPS = tuple(Period(months, "m") for months in (2, 3, 4, 6, 9, 12, 24, 120))


class Left:
    """Devices that wrote notes for many months, synced and went. What they knew is `keys` and `ledger`."""

    def __init__(self, found: Fleet) -> None:
        self.fleet = found
        vault = found.devices["a"].vault
        self.ends = dict(shown(vault).values())
        assert vault._remembered is not None
        self.ledger: Ledger = vault._remembered.ledger
        self.keys = {*secrets_of(vault), vault._remembered.t}

    def held(self) -> Past:
        """What the server holds now."""
        return past_of(self.fleet.server.storage.books[self.fleet.account])

    def readable(self) -> set[str]:
        """The texts that what the server holds now yields to somebody with all the devices knew."""
        loot, held = Loot(), self.held()
        loot.heads = {held.head or b""}
        loot.pages = {number: {box} for number, box in enumerate(held.pages)}
        loot.slots = {number: {box} for number, box in enumerate(held.slots)}
        loot.keep(held)
        attacker = ServerAttacker(self.fleet.account, loot, self.keys, [self.ledger])
        return {text for text in self.ends if any(text.encode() in payload for payload in attacker.reads)}


def write_and_sync(found: Fleet) -> None:
    vault = found.first("a").vault
    for keep in KEEPS:
        vault.add_many([f"kanarie {keep} {at}." for at in range(3)], keep)
    found.devices["a"].sync(shaped=True)


@pytest.fixture
def left() -> Iterator[Left]:
    """An account whose devices are gone."""
    with fleet() as found:
        write_and_sync(found)
        yield Left(found)


def test_month_after_month_what_is_due_becomes_unreadable_and_the_rest_does_not(left: Left) -> None:
    assert left.readable() == left.ends.keys()
    start = month_of(left.fleet.day)
    for month in range(start + 1, start + 26):
        left.fleet.to_month(month)
        assert left.readable() == {text for text, expiry in left.ends.items() if expiry >= month}
    assert 0 < len(left.readable()) < len(left.ends)


def test_years_in_which_nobody_looks_are_as_good(left: Left) -> None:
    left.fleet.to_month(max(left.ends.values()) + 1)
    assert left.readable() == set()


def test_a_server_that_kept_the_shares_would_be_seen(left: Left, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.support.memory_storage._destroy_past", lambda *_: None)
    month = month_of(left.fleet.day) + 6
    assert any(expiry < month for expiry in left.ends.values())
    left.fleet.to_month(month)
    assert left.readable() == left.ends.keys()


def test_slots_sealed_without_a_share_would_be_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "slot_key", lambda key, *_: key)
    with fleet() as found:
        write_and_sync(found)
        left = Left(found)
        found.to_month(max(left.ends.values()) + 1)
        assert left.readable() == left.ends.keys()


# -- the server can't tell


def test_when_a_month_ends_nothing_changes_but_the_shares(left: Left) -> None:
    before = left.held()
    due = min(left.ends.values()) + 1
    left.fleet.to_month(due)
    after = left.held()
    assert (after.head, after.pages, after.slots) == (before.head, before.pages, before.slots)
    assert after.shares == tuple((month, share) for month, share in before.shares if month >= due)
    assert len(after.shares) < len(before.shares)


def shape(book: Account) -> tuple[object, ...]:
    """All that an account is on the server, but for what is random."""
    months = sorted(book.shares)
    return book.month, months, book.version, len(book.head or b""), [len(box) for box in book.slots], len(book.pages)


def test_notes_kept_for_two_months_and_for_ten_years_look_the_same() -> None:
    shapes = []
    for keep in (KEEPS[0], KEEPS[-1]):
        with fleet() as found:
            device = found.first("a")
            device.sync()
            for at in range(3):
                device.vault.add(f"kanarie {at}", keep)
                device.sync(shaped=True)
            traffic = [request.split("/pools")[0] for request in found.server.requests]
            shapes.append((traffic, shape(found.server.storage.books[found.account])))
    assert shapes[0] == shapes[1]


def test_no_table_has_a_month_beside_a_slot_or_page(tmp_path: Path) -> None:
    SqliteStorage(tmp_path / "server.db").close()
    with closing(sqlite3.connect(tmp_path / "server.db")) as connection:
        tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        columns = {name: [row[1] for row in connection.execute(f"PRAGMA table_info({name})")] for name in tables}
    assert columns["slot"] == ["n", "box"]
    assert columns["page"] == ["n", "hash", "box"]
    assert sorted(name for name, found in columns.items() if "month" in found) == ["account", "share"]
