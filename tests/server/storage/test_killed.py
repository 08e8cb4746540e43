"""P10: a server killed under load, or its database fallen, holds every version it acknowledged, and nothing by half."""

import random
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from sync import protocol
from sync.server.storage import open_storage
from sync.server.storage.contract import Storage
from tests.server.storage.at_work import SLOTS
from tests.server.storage.making import MONTH, POOL, enrol, page_box, slot_box
from tests.support.postgres import Postgres

ROOT = Path(__file__).parents[3]
ACCOUNTS = 3
ROUNDS = 3


def under_load(
    database: str, folder: Path, accounts: list[bytes], end: Callable[[subprocess.Popen[str]], None]
) -> dict[int, int]:
    """Lets a server process commit for all accounts, ends it by `end` at a random moment; each one's last acknowledged
    version."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.server.storage.at_work", "load", database, str(folder)]
        + [account.hex() for account in accounts],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("go\n")
    process.stdin.flush()
    lines = [process.stdout.readline() for _ in range(random.randrange(3, 25))]
    # somewhere within the commit that comes next
    threading.Event().wait(random.uniform(0, 0.006))
    end(process)
    lines += process.stdout.read().splitlines()
    process.stdin.close()
    process.stdout.close()
    process.wait()
    acknowledged: dict[int, int] = {}
    for line in lines:
        number, version = map(int, line.split())
        acknowledged[number] = version
    assert acknowledged
    return acknowledged


def check_whole(storage: Storage, account: bytes, acknowledged: int) -> None:
    """The account is at the acknowledged version, or the one after, and all of it is of that version."""
    found = storage.snapshot(account, bytes(8), (), month=MONTH)
    if found.head is None:
        assert acknowledged == 0
        return
    head = protocol.decode_head(found.head)
    assert acknowledged <= head.version <= acknowledged + 1
    assert protocol.root_hash(found.hashes) == head.root
    assert found.pages == tuple((number, page_box(number, head.version)) for number in range(14))
    boxes = storage.read_slots(account, head.version, range(POOL))
    assert boxes[:SLOTS] == [slot_box(number, head.version) for number in range(SLOTS)]
    whole = 1 if head.version < 4 else head.version - head.version % 4
    assert boxes[SLOTS:] == [slot_box(number, whole) for number in range(SLOTS, POOL)]


def kill(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGKILL)


def test_a_killed_server_holds_what_it_acknowledged(database: str, folder: Path) -> None:
    """Seen to fail when writers are told before the commit (SQLite)."""
    storage = open_storage(database, str(folder))
    accounts = [enrol(storage).account for _ in range(ACCOUNTS)]
    storage.close()
    for _ in range(ROUNDS):
        before = held(database, folder, accounts)
        acknowledged = under_load(database, folder, accounts, kill)
        storage = open_storage(database, str(folder))
        for number, account in enumerate(accounts):
            check_whole(storage, account, acknowledged.get(number, before[number]))
        storage.close()


def held(database: str, folder: Path, accounts: list[bytes]) -> list[int]:
    """The version of each account."""
    storage = open_storage(database, str(folder))
    heads = [storage.snapshot(account, bytes(8), (), month=MONTH).head for account in accounts]
    storage.close()
    return [0 if head is None else protocol.decode_head(head).version for head in heads]


def test_a_fallen_database_holds_what_was_acknowledged(postgres: Postgres, postgres_address: str, folder: Path) -> None:
    def fall(_process: subprocess.Popen[str]) -> None:
        postgres.stop("immediate")

    storage = open_storage(postgres_address, str(folder))
    accounts = [enrol(storage).account for _ in range(ACCOUNTS)]
    storage.close()
    for _ in range(2):
        before = held(postgres_address, folder, accounts)
        acknowledged = under_load(postgres_address, folder, accounts, fall)
        postgres.start()
        storage = open_storage(postgres_address, str(folder))
        for number, account in enumerate(accounts):
            check_whole(storage, account, acknowledged.get(number, before[number]))
        storage.close()


@pytest.mark.parametrize("setting", ["synchronous_commit"])
def test_commits_to_postgresql_wait_for_the_disk_also_where_it_was_set_not_to(
    postgres: Postgres, postgres_address: str, folder: Path, setting: str
) -> None:
    relaxed = f"{postgres_address}%20-c{setting}%3Doff"
    with psycopg.connect(relaxed) as c:
        assert c.execute(f"SHOW {setting}").fetchone() == ("off",)
    from sync.server.storage.postgresql import PostgresqlStorage

    storage = PostgresqlStorage(relaxed)
    assert storage._pool.run(lambda c: c.execute(f"SHOW {setting}").fetchone()) == ("on",)
    assert storage._nonce_pool.run(lambda c: c.execute(f"SHOW {setting}").fetchone()) == ("off",)
    storage.close()
