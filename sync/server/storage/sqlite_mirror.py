"""An account's pools and pages in SQLite (sync §8.4 to §8.7). Each function works in a transaction of its caller's."""

import json
import secrets
import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from sync import protocol
from sync.server.storage import rules
from sync.server.storage.contract import Commit, Damaged, Missing, Snapshot
from sync.server.storage.rules import Present
from sync.server.storage.sqlite_file import put_rows
from sync.server.storage.sqlite_schema import NUMBER_BITS, PLACE_BITS


class Pool(NamedTuple):
    """A pool's place and size, and how many of its slots are there."""

    place: int
    pool: int
    held: int


def present(c: sqlite3.Connection, account: bytes) -> Present:
    """The account's present state. Raises Missing."""
    row = c.execute(
        "SELECT head, coalesce(version, 0), coalesce(generation, x''), coalesce(pool, 0), coalesce(quota, ?)"
        " FROM account WHERE id = ?",
        (protocol.QUOTA, account),
    ).fetchone()
    if row is None:
        raise Missing
    return Present(*row)


def share_months(c: sqlite3.Connection, account: bytes) -> list[int]:
    """The months of the account's shares."""
    return [row[0] for row in c.execute("SELECT month FROM share WHERE account = ?", (account,))]


def snapshot(
    c: sqlite3.Connection, account: bytes, generation: bytes, known: Sequence[bytes], *, month: int
) -> Snapshot:
    """The account as it is, with the shares in reach in `month`. Raises Missing."""
    now = present(c, account)
    reach = rules.in_reach(month)
    shares = c.execute(
        "SELECT month, share FROM share WHERE account = ? AND month BETWEEN ? AND ? ORDER BY month",
        (account, reach[0], reach[-1]),
    ).fetchall()
    if now.head is None:
        return Snapshot(None, (), (), tuple(shares))
    place = _present_place(c, account, now)
    first, last = _keys(place, rules.pages_of(now.pool))
    rows = c.execute("SELECT hash FROM page WHERE n BETWEEN ? AND ? ORDER BY n", (first, last))
    hashes = tuple(row[0] for row in rows)
    if len(hashes) != last - first + 1:
        raise Damaged
    wanted = rules.differing(hashes, known, same_generation=generation == now.generation)
    found = _boxes(c, "page", place, wanted)
    return Snapshot(now.head, hashes, tuple((number, found[number]) for number in wanted), tuple(shares))


def read_slots(c: sqlite3.Connection, account: bytes, version: int, slots: Sequence[int]) -> list[bytes]:
    """Their boxes. Raises Missing, Conflict, Incomplete."""
    now = present(c, account)
    rules.check_read(now, version, slots)
    found = _boxes(c, "slot", _present_place(c, account, now), slots)
    return [found[number] for number in slots]


def stage(
    c: sqlite3.Connection, account: bytes, generation: bytes, pool: int, start: int, boxes: Sequence[bytes]
) -> None:
    """As Storage.stage."""
    now = present(c, account)
    rules.check_stage(now, generation, pool, start, len(boxes))
    for place, other, other_pool in c.execute(
        "SELECT place, generation, pool FROM pool WHERE account = ? AND generation != ?", (account, now.generation)
    ).fetchall():
        if (other, other_pool) != (generation, pool):
            _drop_pool(c, place)
    place, _, held = _pool(c, account, generation) or _new_pool(c, account, generation, pool)
    first = _key(place, start)
    there = c.execute("SELECT count(*) FROM slot WHERE n >= ? AND n < ?", (first, first + len(boxes))).fetchone()[0]
    held += len(boxes) - there
    rules.check_room(now, held)
    put_rows(c, "slot", [(first + at, box) for at, box in enumerate(boxes)])
    c.execute("UPDATE pool SET held = ? WHERE place = ?", (held, place))


def commit(c: sqlite3.Connection, account: bytes, commit: Commit) -> None:
    """As Storage.commit."""
    now = present(c, account)
    if rules.check_commit(now, commit):
        staged = _pool(c, account, commit.generation)
        rules.check_whole(now, commit, staged and (staged.pool, staged.held))
        if now.head is not None:
            _drop_pool(c, _present_place(c, account, now))
        now = now._replace(generation=commit.generation)
    place = _present_place(c, account, now)
    put_rows(c, "page", [(_key(place, number), digest, box) for number, box, digest in commit.pages])
    put_rows(c, "slot", [(_key(place, number), box) for number, box in commit.slots])
    c.execute(
        "UPDATE account SET month = ?, version = ?, generation = ?, pool = ?, head = ? WHERE id = ?",
        (commit.month, commit.version, commit.generation, commit.pool, commit.head, account),
    )


def forget(c: sqlite3.Connection, account: bytes) -> None:
    """Drops everything of the account."""
    for (place,) in c.execute("SELECT place FROM pool WHERE account = ?", (account,)).fetchall():
        _drop_pool(c, place)
    c.execute("DELETE FROM share WHERE account = ?", (account,))
    c.execute("DELETE FROM device WHERE account = ?", (account,))
    c.execute("DELETE FROM account WHERE id = ?", (account,))


def _present_place(c: sqlite3.Connection, account: bytes, now: Present) -> int:
    found = _pool(c, account, now.generation)
    if found is None:
        raise Damaged
    return found.place


def _pool(c: sqlite3.Connection, account: bytes, generation: bytes) -> Pool | None:
    row = c.execute(
        "SELECT place, pool, held FROM pool WHERE account = ? AND generation = ?", (account, generation)
    ).fetchone()
    return None if row is None else Pool(*row)


def _new_pool(c: sqlite3.Connection, account: bytes, generation: bytes, pool: int) -> Pool:
    place = secrets.randbits(PLACE_BITS)
    while c.execute("SELECT 1 FROM pool WHERE place = ?", (place,)).fetchone():
        place = secrets.randbits(PLACE_BITS)
    c.execute("INSERT INTO pool VALUES (?, ?, ?, ?, 0)", (place, account, generation, pool))
    return Pool(place, pool, 0)


def _drop_pool(c: sqlite3.Connection, place: int) -> None:
    first, last = _keys(place, 1 << NUMBER_BITS)
    c.execute("DELETE FROM slot WHERE n BETWEEN ? AND ?", (first, last))
    c.execute("DELETE FROM page WHERE n BETWEEN ? AND ?", (first, last))
    c.execute("DELETE FROM pool WHERE place = ?", (place,))


def _key(place: int, number: int) -> int:
    return place << NUMBER_BITS | number


def _keys(place: int, count: int) -> tuple[int, int]:
    """The first and the last key of so many rows."""
    return _key(place, 0), _key(place, count - 1)


def _boxes(c: sqlite3.Connection, table: str, place: int, numbers: Sequence[int]) -> dict[int, bytes]:
    """The boxes with these numbers. Raises Damaged if one isn't there."""
    rows = c.execute(
        f"SELECT n, box FROM {table} JOIN json_each(?) ON n = value",  # noqa: S608 (the name is ours)
        (json.dumps([_key(place, number) for number in numbers]),),
    )
    found = {n & ((1 << NUMBER_BITS) - 1): box for n, box in rows}
    if len(found) != len(set(numbers)):
        raise Damaged
    return found
