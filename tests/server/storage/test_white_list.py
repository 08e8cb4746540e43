"""P2, lesson 22: the server's tables hold what the specification lists, with its reasons, and nothing else."""

import os
import sqlite3
from collections.abc import Callable, Mapping
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from sync import protocol
from sync.server.storage import postgresql_schema, sqlite_schema
from sync.server.storage.contract import Storage
from sync.server.storage.postgresql import PostgresqlStorage
from sync.server.storage.sqlite import SqliteStorage
from tests.server.storage.making import (
    DAY,
    MONTH,
    commit_on,
    enrol,
    pages,
    slot_box,
    slots,
    write_pool,
)
from tests.server.storage.white_list import POSTGRESQL, SQLITE, findings

Tables = Mapping[str, Mapping[str, list[object]]]


def use(storage: Storage) -> None:
    """Some months of everything that devices and keeper do, so that every column has had reason to be filled."""
    storage.invite(os.urandom(32), 3, DAY + 5)
    everyone = [enrol(storage) for _ in range(3)]
    for number, one in enumerate(everyone):
        made = write_pool(storage, one.account, month=MONTH + number)
        storage.commit(one.account, commit_on(made.head, one.account, pages([1], "b"), slots([7], "b")))
        storage.put_nonces(one.device, [os.urandom(16) for _ in range(4)])
        storage.add_device(one.account, os.urandom(32), os.urandom(16), bytes(protocol.OFFER_BOX), DAY + 1)
    first = everyone[0]
    storage.stage(first.account, os.urandom(8), 512, 0, [slot_box(0)] * 20)
    storage.set_quota(first.account, 5 << 20)
    second = os.urandom(protocol.KEY)
    storage.add_device(first.account, second, os.urandom(16), bytes(protocol.OFFER_BOX), DAY)
    storage.remove_device(first.account, protocol.device_id(second), bytes(protocol.NOTICE))
    storage.leave(everyone[2].account, everyone[2].device)
    storage.purge(month=MONTH + 2, day=DAY + 1, dormant_months=6)
    for one in everyone[:2]:
        storage.snapshot(one.account, bytes(8), (), month=MONTH + 3)


def sqlite_tables(path: Path) -> Tables:
    with closing(sqlite3.connect(path)) as c:
        names = [name for (name,) in c.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        found = {}
        for name in names:
            columns = [row[1] for row in c.execute(f"PRAGMA table_xinfo({name})")]
            found[name] = {column: [row[0] for row in c.execute(f"SELECT {column} FROM {name}")] for column in columns}
        return found


def postgresql_tables(address: str) -> Tables:
    with psycopg.connect(address) as c:
        query = "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema()"
        found: dict[str, dict[str, list[object]]] = {}
        for table, column in c.execute(query).fetchall():
            rows = c.execute(f'SELECT "{column}" FROM "{table}"', binary=True).fetchall()
            found.setdefault(table, {})[column] = [row[0] for row in rows]
        return found


def test_sqlite_holds_what_is_listed_and_no_more(tmp_path: Path) -> None:
    path = tmp_path / "server.db"
    storage = SqliteStorage(path)
    use(storage)
    storage.close()
    tables = sqlite_tables(path)
    assert findings(tables, SQLITE) == []
    assert all(values for columns in tables.values() for values in columns.values()), "every column was filled"


def test_postgresql_holds_what_is_listed_and_no_more(postgres_address: str) -> None:
    storage = PostgresqlStorage(postgres_address)
    use(storage)
    tables = postgresql_tables(postgres_address)
    storage.close()
    assert findings(tables, POSTGRESQL) == []
    assert all(values for columns in tables.values() for values in columns.values()), "every column was filled"


@pytest.mark.parametrize(
    ("statement", "told"),
    [
        ("ALTER TABLE account ADD COLUMN seen bigint", "account.seen: not listed"),
        ("CREATE TABLE log (line text)", "log: not listed"),
        ("UPDATE account SET month = 9000", "account.month: not as listed"),
    ],
)
def test_what_is_not_listed_is_found(statement: str, told: str, tmp_path: Path, postgres_address: str) -> None:
    more = ((statement,),)
    path = tmp_path / "server.db"
    stores: list[tuple[Callable[[], Storage], Callable[[], Storage], Callable[[], Tables], object]] = [
        (
            lambda: SqliteStorage(path),
            lambda: SqliteStorage(path, sqlite_schema.STEPS + more),
            lambda: sqlite_tables(path),
            SQLITE,
        ),
        (
            lambda: PostgresqlStorage(postgres_address),
            lambda: PostgresqlStorage(postgres_address, postgresql_schema.STEPS + more),
            lambda: postgresql_tables(postgres_address),
            POSTGRESQL,
        ),
    ]
    for opened, changed, tables, listed in stores:
        storage = opened()
        use(storage)
        storage.close()
        changed().close()
        assert findings(tables(), listed) == [told]  # type: ignore[arg-type]


def test_sqlite_numbers_no_rows_of_itself(tmp_path: Path) -> None:
    path = tmp_path / "server.db"
    storage = SqliteStorage(path)
    use(storage)
    storage.close()
    with closing(sqlite3.connect(path)) as c:
        kinds = {kind for (kind,) in c.execute("SELECT type FROM sqlite_schema")}
        assert kinds == {"table", "index"}
        for name in SQLITE:
            try:
                numbers = c.execute(f"SELECT rowid FROM {name}").fetchall()
            except sqlite3.OperationalError:
                continue
            key = next(row[1] for row in c.execute(f"PRAGMA table_info({name})") if row[5])
            assert numbers == c.execute(f"SELECT {key} FROM {name}").fetchall()


def test_postgresql_has_no_counters_and_logs_no_nonces(postgres_address: str) -> None:
    PostgresqlStorage(postgres_address).close()
    with psycopg.connect(postgres_address) as c:
        kinds = c.execute(
            "SELECT relname, relkind, relpersistence FROM pg_class WHERE relnamespace = current_schema()::regnamespace"
        ).fetchall()
    assert {kind for _, kind, _ in kinds} == {"r", "i"}
    fleeting = {name for name, _, persistence in kinds if persistence == "u"}
    assert fleeting == {"nonce", "nonce_pkey"}


def test_rows_do_not_tell_in_which_order_they_came(tmp_path: Path) -> None:
    path = tmp_path / "server.db"
    storage = SqliteStorage(path)
    came = [enrol(storage).account for _ in range(20)]
    storage.close()
    with closing(sqlite3.connect(path)) as c:
        there = [account for (account,) in c.execute("SELECT id FROM account")]
        devices = [device for device, _ in c.execute("SELECT id, signing_key FROM device")]
    assert there == sorted(came) != came
    assert devices == sorted(devices)


def test_postgresql_forgets_the_order_of_rows_at_the_first_purge_of_a_month(postgres_address: str) -> None:
    storage = PostgresqlStorage(postgres_address)
    came = [enrol(storage).account for _ in range(20)]

    def laid_out() -> list[bytes]:
        with psycopg.connect(postgres_address) as c:
            return [account for (account,) in c.execute("SELECT id FROM account ORDER BY ctid", binary=True).fetchall()]

    assert laid_out() == came
    storage.purge(month=MONTH, day=DAY, dormant_months=6)
    storage.close()
    assert laid_out() == sorted(came)
