"""An account's pools and pages in PostgreSQL (sync §8.4 to §8.7). Each function works in a transaction of its caller's.

Who changes anything of an account holds its row locked, on whichever node.
"""

import secrets
from collections.abc import Sequence
from typing import Any, NamedTuple

from sync import protocol
from sync.server.storage import rules
from sync.server.storage.contract import Commit, Damaged, Missing, Snapshot
from sync.server.storage.postgresql_pool import Connection
from sync.server.storage.postgresql_schema import PLACE_BITS
from sync.server.storage.rules import Present

_PRESENT = """SELECT head, coalesce(version, 0), coalesce(generation, ''), coalesce(pool, 0), coalesce(quota, %s)
    FROM account WHERE id = %s"""
_PRESENT_LOCKED = f"{_PRESENT} FOR UPDATE"


class Pool(NamedTuple):
    """A pool's place and size, and how many of its slots are there."""

    place: int
    pool: int
    held: int


def rows(c: Connection, query: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """What the query finds; bytes come as they are, not as hexadecimal text."""
    return c.execute(query, parameters, binary=True).fetchall()


def present(c: Connection, account: bytes, *, lock: bool = False) -> Present:
    """The account's present state; with `lock`, nobody else changes it before the transaction ends. Raises Missing."""
    found = rows(c, _PRESENT_LOCKED if lock else _PRESENT, (protocol.QUOTA, account))
    if not found:
        raise Missing
    return Present(*found[0])


def share_months(c: Connection, account: bytes) -> list[int]:
    """The months of the account's shares."""
    return [month for (month,) in rows(c, "SELECT month FROM share WHERE account = %s", (account,))]


def put_shares(c: Connection, account: bytes, shares: Sequence[tuple[int, bytes]]) -> None:
    """Adds shares."""
    c.execute(
        "INSERT INTO share SELECT %b, * FROM unnest(%b::int[], %b::bytea[])",
        (account, [month for month, _ in shares], [share for _, share in shares]),
    )


def snapshot(c: Connection, account: bytes, generation: bytes, known: Sequence[bytes], *, month: int) -> Snapshot:
    """The account as it is, with the shares in reach in `month`. Raises Missing."""
    now = present(c, account)
    reach = rules.in_reach(month)
    found = rows(
        c,
        "SELECT month, share FROM share WHERE account = %s AND month BETWEEN %s AND %s ORDER BY month",
        (account, reach[0], reach[-1]),
    )
    shares = tuple((held, share) for held, share in found)
    if now.head is None:
        return Snapshot(None, (), (), shares)
    place = _present_place(c, account, now)
    hashes = tuple(digest for (digest,) in rows(c, "SELECT hash FROM page WHERE place = %s ORDER BY n", (place,)))
    if len(hashes) != rules.pages_of(now.pool):
        raise Damaged
    wanted = rules.differing(hashes, known, same_generation=generation == now.generation)
    boxes = _boxes(c, "page", place, wanted)
    return Snapshot(now.head, hashes, tuple((number, boxes[number]) for number in wanted), shares)


def read_slots(c: Connection, account: bytes, version: int, slots: Sequence[int]) -> list[bytes]:
    """Their boxes. Raises Missing, Conflict, Incomplete."""
    now = present(c, account)
    rules.check_read(now, version, slots)
    found = _boxes(c, "slot", _present_place(c, account, now), slots)
    return [found[number] for number in slots]


def stage(c: Connection, account: bytes, generation: bytes, pool: int, start: int, boxes: Sequence[bytes]) -> None:
    """As Storage.stage."""
    now = present(c, account, lock=True)
    rules.check_stage(now, generation, pool, start, len(boxes))
    for (place,) in rows(
        c,
        "SELECT place FROM pool WHERE account = %s AND generation != %s AND (generation, pool) != (%s, %s)",
        (account, now.generation, generation, pool),
    ):
        _drop_pool(c, place)
    place, _, held = _pool(c, account, generation) or _new_pool(c, account, generation, pool)
    numbers = range(start, start + len(boxes))
    there = rows(c, "SELECT count(*) FROM slot WHERE place = %s AND n >= %s AND n < %s", (place, start, numbers.stop))
    held += len(boxes) - there[0][0]
    rules.check_room(now, held)
    _put_slots(c, place, list(zip(numbers, boxes, strict=True)))
    c.execute("UPDATE pool SET held = %s WHERE place = %s", (held, place))


def commit(c: Connection, account: bytes, commit: Commit) -> None:
    """As Storage.commit."""
    now = present(c, account, lock=True)
    if rules.check_commit(now, commit):
        staged = _pool(c, account, commit.generation)
        rules.check_whole(now, commit, staged and (staged.pool, staged.held))
        if now.head is not None:
            _drop_pool(c, _present_place(c, account, now))
        now = now._replace(generation=commit.generation)
    place = _present_place(c, account, now)
    c.execute(
        "INSERT INTO page SELECT %b, * FROM unnest(%b::int[], %b::bytea[], %b::bytea[])"
        " ON CONFLICT (place, n) DO UPDATE SET hash = excluded.hash, box = excluded.box",
        (
            place,
            [number for number, _, _ in commit.pages],
            [digest for _, _, digest in commit.pages],
            [box for _, box, _ in commit.pages],
        ),
    )
    _put_slots(c, place, commit.slots)
    c.execute(
        "UPDATE account SET month = %s, version = %s, generation = %s, pool = %s, head = %s WHERE id = %s",
        (commit.month, commit.version, commit.generation, commit.pool, commit.head, account),
    )


def forget(c: Connection, account: bytes) -> None:
    """Drops everything of the account, whose row is locked."""
    for (place,) in rows(c, "SELECT place FROM pool WHERE account = %s", (account,)):
        _drop_pool(c, place)
    c.execute("DELETE FROM nonce WHERE device IN (SELECT id FROM device WHERE account = %s)", (account,))
    c.execute("DELETE FROM share WHERE account = %s", (account,))
    c.execute("DELETE FROM device WHERE account = %s", (account,))
    c.execute("DELETE FROM account WHERE id = %s", (account,))


def _present_place(c: Connection, account: bytes, now: Present) -> int:
    found = _pool(c, account, now.generation)
    if found is None:
        raise Damaged
    return found.place


def _pool(c: Connection, account: bytes, generation: bytes) -> Pool | None:
    found = rows(c, "SELECT place, pool, held FROM pool WHERE account = %s AND generation = %s", (account, generation))
    return Pool(*found[0]) if found else None


def _new_pool(c: Connection, account: bytes, generation: bytes, pool: int) -> Pool:
    while True:
        place = secrets.randbits(PLACE_BITS)
        added = c.execute(
            "INSERT INTO pool VALUES (%s, %s, %s, %s, 0) ON CONFLICT (place) DO NOTHING",
            (place, account, generation, pool),
        )
        if added.rowcount:
            return Pool(place, pool, 0)


def _drop_pool(c: Connection, place: int) -> None:
    c.execute("DELETE FROM slot WHERE place = %s", (place,))
    c.execute("DELETE FROM page WHERE place = %s", (place,))
    c.execute("DELETE FROM pool WHERE place = %s", (place,))


def _put_slots(c: Connection, place: int, slots: Sequence[tuple[int, bytes]]) -> None:
    c.execute(
        "INSERT INTO slot SELECT %b, * FROM unnest(%b::int[], %b::bytea[])"
        " ON CONFLICT (place, n) DO UPDATE SET box = excluded.box",
        (place, [number for number, _ in slots], [box for _, box in slots]),
    )


def _boxes(c: Connection, table: str, place: int, numbers: Sequence[int]) -> dict[int, bytes]:
    """The boxes with these numbers. Raises Damaged if one isn't there."""
    found = dict(
        rows(
            c,
            f"SELECT n, box FROM {table} WHERE place = %s AND n = ANY(%s)",  # noqa: S608 (the name is ours)
            (place, list(numbers)),
        )
    )
    if len(found) != len(set(numbers)):
        raise Damaged
    return found
