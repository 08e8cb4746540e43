"""Fifty devices write at the same time, to one server or to four on one database: no write is lost."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from sync import protocol
from sync.server.storage.contract import Exists, Missing, Storage
from tests.server.storage.at_work import contend_together
from tests.server.storage.making import DAY, MONTH, Enrolled, enrol, head_of, slot_box, write_pool

ROOT = Path(__file__).parents[3]
DEVICES = 50
TIMES = 2
NODES = 4


def check(storage: Storage, account: bytes, made: Mapping[int, Sequence[int]]) -> None:
    """Every success is a version of its own, in each device's order, and what it wrote is there."""
    every = sorted(version for versions in made.values() for version in versions)
    assert every == list(range(2, len(every) + 2))
    assert all(list(versions) == sorted(versions) for versions in made.values())
    head = head_of(storage, account)
    assert head is not None
    assert protocol.decode_head(head).version == every[-1]
    last = storage.read_slots(account, every[-1], sorted(made))
    assert last == [slot_box(device, len(made[device]) - 1) for device in sorted(made)]


def test_no_update_is_lost_among_fifty_devices(storage: Storage, enrolled: Enrolled) -> None:
    """Seen to fail without the lock on the account's row (PostgreSQL)."""
    write_pool(storage, enrolled.account)
    made = contend_together(storage, enrolled.account, range(DEVICES), TIMES)
    check(storage, enrolled.account, made)


def on_each(nodes: Sequence[Storage], call: Callable[[Storage], object]) -> list[object]:
    """The same call on each node, all at once."""
    return at_once([partial(call, node) for node in nodes])


def at_once(calls: Sequence[Callable[[], object]]) -> list[object]:
    """What each returns or raises, all begun together."""
    barrier = threading.Barrier(len(calls))

    def run(call: Callable[[], object]) -> object:
        barrier.wait()
        try:
            return call()
        except (Exists, Missing) as error:
            return type(error)

    with ThreadPoolExecutor(len(calls)) as threads:
        return list(threads.map(run, calls))


def test_readers_see_whole_versions_while_others_write(storage: Storage, enrolled: Enrolled) -> None:
    """Seen to fail when what is read isn't of one transaction."""
    account = enrolled.account
    write_pool(storage, account, tag=0)
    done = threading.Event()

    def write() -> None:
        try:
            for tag in range(1, 12):
                write_pool(storage, account, tag=tag)
        finally:
            done.set()

    def read() -> int:
        seen = 0
        while not done.is_set() or not seen:
            found = storage.snapshot(account, bytes(8), (), month=MONTH)
            assert found.head is not None
            head = protocol.decode_head(found.head)
            assert protocol.root_hash(found.hashes) == head.root
            assert tuple(protocol.page_hash(box) for _, box in found.pages) == found.hashes
            seen += 1
        return seen

    with ThreadPoolExecutor(4) as threads:
        readers = [threads.submit(read) for _ in range(3)]
        threads.submit(write).result()
        assert all(reader.result() for reader in readers)


# -- several servers on one database


@pytest.fixture
def nodes(postgres_address: str, tmp_path: Path) -> Iterator[list[Storage]]:
    from sync.server.storage import open_storage

    made = [open_storage(postgres_address, str(tmp_path)) for _ in range(NODES)]
    yield made
    for node in made:
        node.close()


def test_no_update_is_lost_among_four_processes(nodes: list[Storage], postgres_address: str, tmp_path: Path) -> None:
    account = enrol(nodes[0]).account
    write_pool(nodes[0], account)
    share = -(-DEVICES // NODES)
    processes = [
        subprocess.Popen(
            [
                *(sys.executable, "-m", "tests.server.storage.at_work", "contend", postgres_address, str(tmp_path)),
                *(account.hex(), str(first), str(min(share, DEVICES - first)), str(TIMES)),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
        )
        for first in range(0, DEVICES, share)
    ]
    assert len(processes) == NODES
    for process in processes:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    made: dict[int, list[int]] = {}
    for process in processes:
        for line in process.communicate()[0].splitlines():
            device, *versions = map(int, line.split())
            made[device] = versions
        assert process.returncode == 0
    assert len(made) == DEVICES
    check(nodes[1], account, made)


def _use(device: bytes, nonce: bytes, node: Storage) -> bool:
    return node.use_nonce(device, nonce, os.urandom(16))


def test_a_nonce_from_one_node_is_good_once_on_all(nodes: list[Storage]) -> None:
    device = enrol(nodes[0]).device
    for _ in range(10):
        nonce = os.urandom(16)
        nodes[1].put_nonces(device, [nonce])
        used = on_each(nodes, partial(_use, device, nonce))
        assert sorted(map(bool, used)) == [False] * 3 + [True]
        assert not any(_use(device, nonce, node) for node in nodes)


def test_nodes_that_draw_shares_at_once_draw_the_same(nodes: list[Storage]) -> None:
    account = enrol(nodes[0]).account
    seen = on_each(nodes, lambda node: node.snapshot(account, bytes(8), (), month=MONTH + 5).shares)
    assert all(shares == seen[0] for shares in seen)


def test_an_invitation_for_two_lets_in_two_of_four_nodes(nodes: list[Storage]) -> None:
    digest = os.urandom(32)
    nodes[0].invite(digest, 2, DAY)
    let_in = on_each(nodes, lambda node: node.enrol(digest, os.urandom(16), os.urandom(32), day=DAY, month=MONTH))
    assert sorted(let_in, key=str) == [Missing, Missing, None, None]
    assert len(nodes[0].accounts()) == 2


def test_the_same_account_and_device_are_made_once(nodes: list[Storage]) -> None:
    digest, account, key = os.urandom(32), os.urandom(16), os.urandom(32)
    nodes[0].invite(digest, NODES, DAY)
    made = on_each(nodes, lambda node: node.enrol(digest, account, key, day=DAY, month=MONTH))
    assert sorted(made, key=str) == [Exists, Exists, Exists, None]


def test_an_offer_is_taken_once_from_all_nodes(nodes: list[Storage]) -> None:
    offer_id = os.urandom(16)
    nodes[0].add_device(enrol(nodes[0]).account, os.urandom(32), offer_id, bytes(512), DAY)
    taken = on_each(nodes, lambda node: node.take_offer(offer_id, day=DAY))
    assert sorted(taken, key=str) == [Missing, Missing, Missing, bytes(512)]


def test_an_account_never_has_more_devices_than_it_may_on_any_node(nodes: list[Storage]) -> None:
    """Seen to fail without the lock on the account's row."""
    account = enrol(nodes[0]).account
    on_each(nodes * 4, lambda node: node.add_device(account, os.urandom(32), os.urandom(16), bytes(512), DAY))
    assert nodes[0].accounts()[0].devices == protocol.DEVICES_MOST


def test_purging_and_writing_at_once_hurt_nobody(nodes: list[Storage]) -> None:
    everyone = [enrol(nodes[0]).account for _ in range(6)]
    for account in everyone:
        write_pool(nodes[0], account)

    def purge() -> int:
        return sum(nodes[3].purge(month=MONTH + month, day=DAY, dormant_months=3) for month in range(6))

    def write(account: bytes) -> None:
        for month in range(6):
            write_pool(nodes[1], account, tag=month, month=MONTH + 6)

    answers = at_once([purge, *(partial(write, account) for account in everyone)])
    gone = answers[0]
    left = nodes[2].accounts()
    assert len(left) + int(str(gone)) == 6
    assert all(line.month == MONTH + 6 for line in left)
