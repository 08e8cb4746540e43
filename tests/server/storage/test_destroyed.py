"""P8: what is destroyed is in no file of the database any more."""

import os
from pathlib import Path

import psycopg
import pytest

from sync.server.storage.postgresql import PostgresqlStorage
from sync.server.storage.sqlite import SqliteStorage
from tests.server.storage.making import DAY, MONTH, commit_on, enrol, pages, slot_box, slots, upload, write_pool
from tests.support.postgres import Postgres

NONE = bytes(8)


def somewhere(folder: Path, *wanted: bytes) -> list[bool]:
    """Whether each stands in any file below the folder."""
    contents = [path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file() and path.stat().st_size]
    assert contents
    return [any(one in content for content in contents) for one in wanted]


@pytest.mark.parametrize("way", ["snapshot", "purge"])
def test_a_past_share_is_in_no_file_of_sqlite(tmp_path: Path, way: str) -> None:
    """Seen to fail without emptying the log, and with secure_delete off."""
    storage = SqliteStorage(tmp_path / "server.db")
    account = enrol(storage).account
    shares = [share for _, share in storage.snapshot(account, NONE, (), month=MONTH).shares]
    assert somewhere(tmp_path, *shares[:2]) == [True, True]
    if way == "snapshot":
        storage.snapshot(account, NONE, (), month=MONTH + 1)
    else:
        storage.purge(month=MONTH + 1, day=DAY, dormant_months=6)
    # while it is open: it was told that it is gone
    assert somewhere(tmp_path, *shares[:2]) == [False, True]
    storage.close()
    assert somewhere(tmp_path, *shares[:2]) == [False, True]


def test_a_purged_account_is_in_no_file_of_sqlite(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "server.db")
    enrolled = enrol(storage)
    write_pool(storage, enrolled.account, tag="gone")
    shares = [share for _, share in storage.snapshot(enrolled.account, NONE, (), month=MONTH).shares]
    parts = [enrolled.account, enrolled.key, shares[100], slot_box(100, "gone")[:64]]
    storage.purge(month=MONTH, day=DAY, dormant_months=6)
    storage.purge_account(enrolled.account)
    assert somewhere(tmp_path, *parts) == [False] * 4
    storage.close()


def test_old_boxes_are_in_no_file_of_sqlite_when_it_was_closed(tmp_path: Path) -> None:
    storage = SqliteStorage(tmp_path / "server.db")
    account = enrol(storage).account
    made = write_pool(storage, account, tag="first")
    storage.commit(account, commit_on(made.head, account, pages([0], "second"), slots([0], "second")))
    write_pool(storage, account, tag="third")
    upload(storage, account, os.urandom(8), tag="fourth")
    upload(storage, account, os.urandom(8), tag="fifth")
    storage.close()
    tags = ("first", "second", "third", "fourth", "fifth")
    assert somewhere(tmp_path, *(slot_box(0, tag)[:64] for tag in tags)) == [False, False, True, False, True]


def test_an_idle_server_holds_no_old_boxes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.storage.sqlite_file.IDLE_SECONDS", 0.01)
    storage = SqliteStorage(tmp_path / "server.db")
    account = enrol(storage).account
    made = write_pool(storage, account, tag="first")
    storage.commit(account, commit_on(made.head, account, pages([0], "second"), slots([0], "second")))
    while (tmp_path / "server.db-wal").stat().st_size:
        pass
    assert somewhere(tmp_path, *(slot_box(0, tag)[:64] for tag in ("first", "second"))) == [False, True]
    storage.close()


def test_a_past_share_is_in_no_table_of_postgresql(postgres: Postgres, postgres_address: str) -> None:
    """Seen to fail without rewriting the tables. The log of PostgreSQL is left out: it is recycled in its own time."""
    storage = PostgresqlStorage(postgres_address)
    account = enrol(storage).account
    shares = [share for _, share in storage.snapshot(account, NONE, (), month=MONTH).shares]

    def left() -> list[bool]:
        with psycopg.connect(postgres.address(), autocommit=True) as c:
            c.execute("CHECKPOINT")
        return somewhere(postgres.tables, *shares[:2])

    assert left() == [True, True]
    storage.snapshot(account, NONE, (), month=MONTH + 1)
    assert left() == [True, True]
    storage.purge(month=MONTH + 1, day=DAY, dormant_months=6)
    assert left() == [False, True]
    storage.close()


def test_a_share_that_a_transaction_still_saw_goes_at_the_next_purge(postgres: Postgres, postgres_address: str) -> None:
    """Seen to fail when the tables are rewritten once a month only."""
    storage = PostgresqlStorage(postgres_address)
    account = enrol(storage).account
    share = storage.snapshot(account, NONE, (), month=MONTH).shares[0][1]

    def left() -> list[bool]:
        with psycopg.connect(postgres.address(), autocommit=True) as c:
            c.execute("CHECKPOINT")
        return somewhere(postgres.tables, share)

    with psycopg.connect(postgres.address()) as other:
        other.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        other.execute("SELECT count(*) FROM pg_class")
        storage.purge(month=MONTH + 1, day=DAY, dormant_months=6)
        assert left() == [True]
    storage.purge(month=MONTH + 1, day=DAY, dormant_months=6)
    assert left() == [False]
    storage.close()
