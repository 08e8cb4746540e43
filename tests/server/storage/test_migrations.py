"""A database of an older schema is brought up to the present one, once and wholly."""

import sqlite3
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from sync import protocol
from sync.server.storage import postgresql_schema, sqlite_schema
from sync.server.storage.contract import Damaged, Newer, Storage, StorageError
from sync.server.storage.postgresql import PostgresqlStorage
from sync.server.storage.sqlite import SqliteStorage
from tests.server.storage.making import DAY, MONTH, commit_on, enrol, pages, slots

Steps = tuple[tuple[str, ...], ...]
HERE = Path(__file__).parent
ACCOUNT, GENERATION, KEY, HEAD = b"\x11" * 16, b"\x22" * 8, b"\x33" * 32, b"\x44" * 1153
MORE: Steps = (
    ("CREATE TABLE more (n int)", "INSERT INTO more SELECT month FROM account"),
    ("ALTER TABLE more ADD COLUMN again int",),
)


class Database:
    """A database of either kind that a script made."""

    def __init__(self, script: Path, steps: Steps) -> None:
        self.script, self.steps = script.read_text(), steps

    def open(self, more: Steps = ()) -> Storage:
        raise NotImplementedError

    def make(self) -> None:
        raise NotImplementedError

    def rows(self, query: str) -> Sequence[Any]:
        raise NotImplementedError


class Sqlite(Database):
    def __init__(self, path: Path) -> None:
        super().__init__(HERE / "schema_1_sqlite.sql", sqlite_schema.STEPS)
        self.path = path

    def open(self, more: Steps = ()) -> Storage:
        return SqliteStorage(self.path, self.steps + more)

    def make(self) -> None:
        with closing(sqlite3.connect(self.path)) as c:
            c.executescript(self.script)

    def rows(self, query: str) -> Sequence[Any]:
        with closing(sqlite3.connect(self.path)) as c, c:
            return c.execute(query).fetchall()


class Postgresql(Database):
    def __init__(self, address: str) -> None:
        super().__init__(HERE / "schema_1_postgresql.sql", postgresql_schema.STEPS)
        self.address = address

    def open(self, more: Steps = ()) -> Storage:
        return PostgresqlStorage(self.address, self.steps + more)

    def make(self) -> None:
        with psycopg.connect(self.address) as c:
            c.execute(self.script.encode())

    def rows(self, query: str) -> Sequence[Any]:
        with psycopg.connect(self.address) as c:
            found = c.execute(query.encode())
            return found.fetchall() if found.description else []


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Database:
    if request.param == "sqlite":
        return Sqlite(tmp_path / "server.db")
    return Postgresql(request.getfixturevalue("postgres_address"))


@pytest.fixture
def old(empty: Database) -> Database:
    """As version 1 left it."""
    empty.make()
    return empty


def holds_all(storage: Storage) -> None:
    """What the script put there is there, and can be used."""
    found = storage.snapshot(ACCOUNT, GENERATION, [b"\x66" * 8] * 14, month=MONTH)
    assert (found.head, found.pages, len(found.shares)) == (HEAD, (), 121)
    assert storage.read_slots(ACCOUNT, 1, [0, 255]) == [b"\x55" * protocol.SLOT_BOX] * 2
    known = storage.device(protocol.device_id(KEY))
    assert known is not None
    assert known.account == ACCOUNT
    assert storage.take_offer(b"\xaa" * 16, day=DAY) == b"\x7b" * protocol.OFFER_BOX
    storage.enrol(b"\x99" * 32, bytes(16), bytes(32), day=DAY, month=MONTH)
    made = commit_on(None, ACCOUNT, pages([0]), slots([0]), generation=GENERATION)
    storage.commit(ACCOUNT, made._replace(version=2, previous=protocol.head_hash(HEAD)))


def test_a_database_of_the_first_schema_is_still_read(old: Database) -> None:
    storage = old.open()
    holds_all(storage)
    storage.close()
    assert old.rows("SELECT version FROM schema") == [(len(old.steps),)]


def test_a_new_step_is_taken_once_and_loses_nothing(old: Database) -> None:
    for _ in range(2):
        storage = old.open(MORE)
        storage.close()
        assert old.rows("SELECT n, again FROM more") == [(MONTH, None)]
        assert old.rows("SELECT version FROM schema") == [(len(old.steps) + 2,)]
    storage = old.open(MORE)
    holds_all(storage)
    storage.close()


def test_a_database_of_a_newer_program_is_refused(old: Database) -> None:
    old.open(MORE).close()
    with pytest.raises(Newer):
        old.open()
    with pytest.raises(Newer):
        old.open(MORE[:1])
    storage = old.open(MORE)
    holds_all(storage)
    storage.close()


def test_steps_that_fail_leave_the_database_as_it_was(old: Database) -> None:
    wrong: Steps = (*MORE, ("INSERT INTO nowhere VALUES (1)",))
    with pytest.raises(StorageError):
        old.open(wrong)
    assert old.rows("SELECT version FROM schema") == [(1,)]
    storage = old.open()
    holds_all(storage)
    storage.close()


def test_a_schema_that_says_nothing_is_damaged(old: Database) -> None:
    old.rows("DELETE FROM schema")
    with pytest.raises(Damaged):
        old.open()


@pytest.mark.parametrize("begin", ["empty", "old"])
def test_several_that_open_at_once_agree(begin: str, empty: Database) -> None:
    if begin == "old":
        empty.make()
    with ThreadPoolExecutor(4) as threads:
        stores = list(threads.map(lambda _: empty.open(MORE), range(4)))
    accounts = [enrol(storage).account for storage in stores]
    assert set(accounts) <= {line.account for line in stores[0].accounts()}
    for storage in stores:
        storage.close()


def test_the_script_makes_what_the_first_step_makes(tmp_path: Path) -> None:
    """So that the script is of schema 1 indeed."""
    by_script, by_step = Sqlite(tmp_path / "script.db"), Sqlite(tmp_path / "step.db")
    by_script.make()
    SqliteStorage(by_step.path, by_step.steps[:1]).close()
    query = "SELECT name, sql FROM sqlite_schema ORDER BY name"
    normal: Callable[[str | None], list[str]] = lambda sql: (sql or "").split()  # noqa: E731
    assert [(name, normal(sql)) for name, sql in by_script.rows(query)] == [
        (name, normal(sql)) for name, sql in by_step.rows(query)
    ]
