"""A PostgreSQL server that goes away, comes back, or was never there."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psycopg
import pytest

from sync.server.storage import NoBackend, open_storage
from sync.server.storage.contract import Storage, StorageError, Unavailable
from sync.server.storage.postgresql import PostgresqlStorage
from tests.server.storage.making import DAY, MONTH, Enrolled, commit_on, enrol, head_of, pages, write_pool
from tests.support.postgres import Postgres


@pytest.fixture
def storage(postgres_address: str) -> Iterator[Storage]:
    made = PostgresqlStorage(postgres_address)
    yield made
    made.close()


def everything(storage: Storage, enrolled: Enrolled) -> dict[str, Callable[[], object]]:
    """A call of each kind."""
    account, device = enrolled.account, enrolled.device
    made = commit_on(head_of(storage, account), account, pages([0]))
    return {
        "device": lambda: storage.device(device),
        "put": lambda: storage.put_nonces(device, [os.urandom(16)]),
        "use": lambda: storage.use_nonce(device, bytes(16), os.urandom(16)),
        "snapshot": lambda: storage.snapshot(account, bytes(8), (), month=MONTH),
        "commit": lambda: storage.commit(account, made),
        "slots": lambda: storage.read_slots(account, 2, [0]),
        "invite": lambda: storage.invite(os.urandom(32), 1, DAY),
        "accounts": storage.accounts,
        "numbers": lambda: storage.numbers(month=MONTH),
        "purge": lambda: storage.purge(month=MONTH, day=DAY, dormant_months=6),
    }


def fill(storage: Storage, enrolled: Enrolled) -> None:
    """Has several connections open, so that more than one is lost."""
    with ThreadPoolExecutor(6) as threads:
        list(threads.map(lambda _: head_of(storage, enrolled.account), range(30)))


@pytest.mark.parametrize("first", ["device", "snapshot", "commit"])
def test_after_a_restart_of_the_database_all_goes_on(postgres: Postgres, storage: Storage, first: str) -> None:
    """Seen to fail without another try for what met a lost connection."""
    enrolled = enrol(storage)
    write_pool(storage, enrolled.account)
    fill(storage, enrolled)
    calls = everything(storage, enrolled)
    postgres.stop()
    postgres.start()
    calls.pop(first)()
    for call in calls.values():
        call()


def test_without_the_database_every_call_says_so_and_works_again_later(postgres: Postgres, storage: Storage) -> None:
    enrolled = enrol(storage)
    write_pool(storage, enrolled.account)
    fill(storage, enrolled)
    calls = everything(storage, enrolled)
    postgres.stop("immediate")
    try:
        for call in calls.values():
            with pytest.raises(Unavailable) as caught:
                call()
            assert len(str(caught.value)) in {0, 5}
            assert caught.value.__cause__ is None
            assert caught.value.__suppress_context__
    finally:
        postgres.start()
    for call in calls.values():
        call()


def test_nonces_are_gone_when_the_database_fell_and_there_after_a_restart(postgres: Postgres, storage: Storage) -> None:
    device = enrol(storage).device
    storage.put_nonces(device, [bytes(16)])
    postgres.stop("fast")
    postgres.start()
    assert storage.use_nonce(device, bytes(16), b"f" * 16)
    postgres.stop("immediate")
    postgres.start()
    assert not storage.use_nonce(device, b"f" * 16, bytes(16))
    storage.put_nonces(device, [bytes(16)])
    assert storage.use_nonce(device, bytes(16), b"f" * 16)


def test_a_transaction_that_loses_its_connection_is_done_again(storage: Storage, postgres_address: str) -> None:
    """Seen to fail without another try."""
    enrolled = enrol(storage)
    first = write_pool(storage, enrolled.account)
    made = commit_on(first.head, enrolled.account, pages([0], "b"))
    with psycopg.connect(postgres_address) as other, psycopg.connect(postgres_address, autocommit=True) as third:
        other.execute("SELECT 1 FROM account FOR UPDATE")
        with ThreadPoolExecutor(1) as threads:
            committing = threads.submit(storage.commit, enrolled.account, made)
            query = "SELECT pid FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND query LIKE '%FOR UPDATE%'"
            while not (waiting := third.execute(query).fetchall()):
                pass
            third.execute("SELECT pg_terminate_backend(%s)", waiting[0])
            while third.execute(query).fetchall() == waiting:
                pass
            other.rollback()
            committing.result()
    assert head_of(storage, enrolled.account) == made.head


@pytest.mark.parametrize(
    "address",
    [
        "postgresql://keeper:secret@/nowhere?host=/nonexistent",
        "postgresql://keeper:secret@127.0.0.1:1/nowhere",
        "postgresql://keeper:secret@[nonsense/",
        "postgresql://keeper:secret@/?unknown=setting",
    ],
)
def test_a_database_that_is_not_there_is_told_without_its_address(address: str, tmp_path: Path) -> None:
    with pytest.raises(StorageError) as caught:
        open_storage(address, str(tmp_path))
    assert type(caught.value) is Unavailable
    assert len(str(caught.value)) in {0, 5}
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__


@pytest.mark.parametrize("database", ["mysql://host/base", "", "sqlite3", "postgresqlx"])
def test_a_database_of_another_kind_is_refused(database: str, tmp_path: Path) -> None:
    with pytest.raises(NoBackend):
        open_storage(database, str(tmp_path))
