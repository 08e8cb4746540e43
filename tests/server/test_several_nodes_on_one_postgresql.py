"""Several processes behind one name, each with a copy of the folder, on one PostgreSQL: which one a device meets makes
no difference, and no update is lost (sync section 6.4)."""

import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync import protocol
from tests.support.device import Answered, Device, Line, enrolled, random_slots, verified
from tests.support.postgres import postgres, postgres_address
from tests.support.server import Running, address_of, invite, keys_of, make_server, server_process

__all__ = ["postgres", "postgres_address"]

NODES = 4
NAME = "sync.example.nl"
ACCOUNTS, DEVICES, COMMITS = 5, 10, 2


@pytest.fixture
def nodes(tmp_path: Path, postgres_address: str) -> Iterator[list[Running]]:
    """Servers with one certificate, one receipt key, one database."""
    first = tmp_path / "0"
    make_server(first, database=postgres_address)
    with ExitStack() as stack:
        processes = []
        for number in range(NODES):
            folder = tmp_path / str(number)
            if number:
                shutil.copytree(first, folder)
            processes.append((stack.enter_context(server_process(folder)), folder))
        yield [
            Running(address_of(process), *keys_of(folder), folder, lambda: invite(first))
            for process, folder in processes
        ]


class Roaming(Device):
    """A device that meets another node at every request, under the one name of them all."""

    def meet(self, nodes: list[Running]) -> "Roaming":
        self.lines = [Line(node) for node in nodes]
        for line in self.lines:
            line.authority = NAME
        self.turn = secrets.randbelow(len(nodes))
        return self

    def ask(self, method: str, target: str, body: bytes = b"", **headers: str) -> Answered:
        self.turn = (self.turn + 1) % len(self.lines)
        self.line = self.lines[self.turn]
        return super().ask(method, target, body, host=NAME, **headers)

    def __exit__(self, *_: object) -> None:
        for line in self.lines:
            line.close()


def roaming(nodes: list[Running], account: bytes, first: Device | None = None) -> Roaming:
    """A new device of an account, which has an account's first device for its key if that is given."""
    made = Roaming(nodes[0], account)
    if first is not None:
        made.key, made.head, made.nonces = first.key, first.head, first.nonces
    return made.meet(nodes)


def test_one_device_meets_all_nodes_as_if_they_were_one(nodes: list[Running]) -> None:
    """Its nonces, its pool and its receipts: all come from the database or the copied folder."""
    with enrolled(nodes[0]) as first, roaming(nodes, first.account, first) as device:
        assert device.first_commit(1024).status == 200
        for number in range(2 * NODES):
            boxes, nonce = random_slots([number]), secrets.token_bytes(16)
            head = device.signed_head(device.next_head(pool=1024))
            answered = device.commit(head, (), boxes, nonce)
            assert answered.status == 200
            month, signature = protocol.decode_held(answered.body)
            said = protocol.holds_signed(device.account, nonce, number + 2, protocol.head_hash(head), month)
            assert verified(nodes[0].receipt_key, signature, said)
            assert device.fetch(number + 2, [number]).body == boxes[0][1]
        # a nonce is good once for all of them, not once for each
        asked = protocol.encode_state_asked(protocol.StateAsked(bytes(16), bytes(8), ()))
        headers = device.sign("POST", protocol.STATE, asked, device.fresh_nonce()) | {"Host": NAME}
        assert [line.ask("POST", protocol.STATE, asked, headers).status for line in device.lines] == [
            200,
            401,
            401,
            401,
        ]


def test_fifty_devices_at_once_lose_no_update(nodes: list[Running]) -> None:
    """Each of ten devices of five accounts writes a slot of its own until it is taken, twice."""
    with ExitStack() as stack:
        teams = [team(stack, nodes) for _ in range(ACCOUNTS)]
        threads = [
            threading.Thread(target=write_until_taken, args=(device, place))
            for devices in teams
            for place, device in enumerate(devices)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        for devices in teams:
            assert [device.taken for device in devices] == [COMMITS] * DEVICES
            found = protocol.decode_state_answer(devices[0].state().body)
            assert found.head is not None
            version = protocol.decode_head(found.head).version
            assert version == 1 + COMMITS * DEVICES
            boxes = devices[0].fetch(version, list(range(DEVICES))).body
            assert boxes == b"".join(device.box for device in devices)


class Writing(Roaming):
    """A device that knows what it wrote last, and how often that was taken."""

    taken = 0
    box = b""


def team(stack: ExitStack, nodes: list[Running]) -> list[Writing]:
    """The devices of one account."""
    first = stack.enter_context(enrolled(nodes[secrets.randbelow(NODES)]))
    assert first.first_commit().status == 200
    devices = []
    for _ in range(DEVICES):
        device = Writing(nodes[0], first.account)
        added = first.ask("POST", protocol.DEVICES, device.public + secrets.token_bytes(16 + protocol.OFFER_BOX))
        assert added.status == 201
        device.meet(nodes)
        devices.append(stack.enter_context(device))
    return devices


def write_until_taken(device: Writing, place: int) -> None:
    """Asks for the newest head, follows it, and begins again where another was first."""
    while device.taken < COMMITS:
        found = protocol.decode_state_answer(device.state().body)
        assert found.head is not None
        device.head = found.head
        [(_, box)] = random_slots([place])
        answered = device.commit(device.signed_head(device.next_head()), (), [(place, box)])
        assert answered.status in (200, 409), answered
        if answered.status == 200:
            device.taken, device.box = device.taken + 1, box
