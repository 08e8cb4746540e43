"""SIGTERM: what is under way is finished, nothing new is taken, nothing is lost; killed outright, what was
acknowledged is there (sync section 8.3, `stopping`)."""

import http.client
import secrets
import signal
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import protocol
from tests.support.device import Device, Line, enrolled, random_slots
from tests.support.server import (
    InThread,
    Running,
    address_of,
    invite,
    keys_of,
    make_server,
    server_in_thread,
    server_process,
)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InThread]:
    """On SQLite, whose readers a test below takes away; PostgreSQL that is away: storage/test_database_away.py."""
    with server_in_thread(tmp_path_factory.mktemp("server")) as running:
        yield running


def begun_commit(device: Device) -> tuple[http.client.HTTPSConnection, bytes]:
    """A commit of which the first half was sent, and its other half."""
    head = device.signed_head(device.next_head())
    body = protocol.encode_commit(protocol.CommitAsked(bytes(16), head, (), tuple(random_slots(range(100)))))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection("127.0.0.1", device.server.port, timeout=30, context=context)
    connection.putrequest("POST", protocol.COMMIT)
    for name, value in device.sign("POST", protocol.COMMIT, body, device.fresh_nonce()).items():
        connection.putheader(name, value)
    connection.putheader("Content-Type", protocol.OCTETS)
    connection.putheader("Content-Length", str(len(body)))
    connection.endheaders(body[: len(body) // 2])
    return connection, body[len(body) // 2 :]


def refused_from_now_on(server: Running) -> bool:
    """Asks until the server doesn't listen any more; what it answers before is that it stops."""
    while True:
        try:
            with Line(server) as late:
                assert late.ask("GET", protocol.HEALTH).status in (200, 503)
        except OSError:
            return True


def test_a_request_under_way_is_finished_and_the_process_ends_as_done(tmp_path: Path) -> None:
    """Seen to fail with SIGKILL in the place of SIGTERM."""
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        server = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        with enrolled(server) as device:
            device.first_commit()
            connection, rest = begun_commit(device)
            # an answer on another connection: the first half has been read by then
            device.state()
            process.send_signal(signal.SIGTERM)
            assert refused_from_now_on(server)
            connection.send(rest)
            answered = connection.getresponse()
            assert (answered.status, len(answered.read())) == (200, 66)
            connection.close()
        assert process.wait(timeout=30) == 0


def test_a_process_that_stops_tells_whoever_watches_and_whoever_comes(server: InThread, device: Device) -> None:
    """Seen to fail without the check in Service.check_stopping."""
    server.service.stopping = True
    try:
        for answered in (device.line.ask("GET", protocol.HEALTH), device.line.ask("POST", protocol.LEAVE)):
            assert (answered.status, answered.error) == (503, "stopping")
            assert answered.headers["connection"] == "close"
    finally:
        server.service.stopping = False
    assert device.state().status == 200


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_was_acknowledged_is_there_after_it(tmp_path: Path, number: signal.Signals) -> None:
    """Also when it was killed outright, with other writes under way."""
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        server = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        device = enrolled(server)
        device.first_commit()
        others = [enrolled(server) for _ in range(3)]
        working = [threading.Thread(target=keep_writing, args=(other,)) for other in others]
        for thread in working:
            thread.start()
        boxes = random_slots([7])
        for _ in range(10):
            assert device.commit(device.signed_head(device.next_head()), (), boxes).status == 200
        process.send_signal(number)
        process.wait(timeout=30)
        for thread in working:
            thread.join()
        for each in (device, *others):
            each.line.close()
    with server_process(tmp_path) as process:
        again = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        for each in (device, *others):
            with Device(again, each.account, each.key) as back:
                found = protocol.decode_state_answer(back.state().body)
                assert found.head is not None or not each.head
                if found.head is not None and found.head != each.head:
                    # one more may have been written whose answer was lost
                    assert protocol.decode_head(found.head).previous == protocol.head_hash(each.head)
        with Device(again, device.account, device.key) as back:
            assert back.fetch(11, [7]).body == boxes[0][1]


def keep_writing(device: Device) -> None:
    """Commits until the server is gone."""
    try:
        device.first_commit()
        while device.commit(device.signed_head(device.next_head()), (), random_slots([1])).status in (200, 429):
            pass
    except (OSError, http.client.HTTPException):
        pass


def test_nonces_from_before_a_restart_are_refused_and_replaced(tmp_path: Path) -> None:
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        server = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        with enrolled(server) as device:
            assert device.state().status == 200
            kept = device.nonces
    with server_process(tmp_path) as process:
        again = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        with Device(again, device.account, device.key, nonces=kept) as back:
            assert back.state().error == "nonce"
            assert back.state().status == 200


def test_a_database_that_is_away_is_an_overload_to_devices_and_a_line_to_the_keeper(
    server: InThread, device: Device
) -> None:
    readers = server.service.storage._readers  # type: ignore[attr-defined]
    readers._closed = True
    try:
        answered = device.line.ask("GET", protocol.HEALTH)
        assert (answered.status, answered.error) == (503, "stopping")
    finally:
        readers._closed = False
    assert server.told
    assert all(secrets_free(line) for line in server.told)
    assert device.line.ask("GET", protocol.HEALTH).status == 200


def secrets_free(line: str) -> bool:
    """A fault's line: a type and a place."""
    kind, _, place = line.partition(" ")
    return kind.isidentifier() and place.replace(".py:", "").replace("_", "").isalnum()


def test_a_fault_of_ours_is_told_once_and_without_what_it_was_about(server: InThread) -> None:
    before = len(server.told)
    for _ in range(3):
        try:
            raise KeyError(secrets.token_hex(4))
        except KeyError as error:
            server.service.fault(error)
    assert len(server.told) == before + 1
    assert secrets_free(server.told[-1])
