"""What strangers and hurried devices meet: lengths, types, times and rates (sync sections 8.3 and 8.10)."""

import asyncio
import json
import secrets
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from time import monotonic

import pytest

from sync import protocol
from sync.server.buckets import Bucket, Buckets
from sync.server.connection import CONNECTIONS_MOST
from sync.server.receiving import Room
from sync.server.refusals import Refusal
from sync.server.requests import SIGNED
from sync.server.service import DEVICES_AT_ONCE, STRANGERS_AT_ONCE
from sync.server.storage.contract import Numbers
from tests.support.device import Device, Line
from tests.support.memory_storage import MemoryStorage
from tests.support.server import InThread, server_in_thread


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[InThread]:
    """On one database: no limit here is kept in it."""
    with server_in_thread(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(autouse=True)
def full_bucket(server: InThread) -> None:
    """What one test used up, the next one has again."""
    server.service.open_bucket = Bucket(protocol.OPEN_BUCKET, protocol.OPEN_REFILL, monotonic)


@pytest.fixture
def line(server: InThread) -> Iterator[Line]:
    with Line(server) as found:
        yield found


def raw(server: InThread, data: bytes) -> bytes:
    """Everything that comes back for bytes that are sent as they are."""
    with Line(server) as line:
        return line.send_raw(data)


def error_of(answer: bytes) -> tuple[bytes, str]:
    """The status line's figure and the error's name."""
    head, _, body = answer.partition(b"\r\n\r\n")
    return head.split(b" ")[1], json.loads(body)["error"]


# -- lengths and types


@pytest.mark.parametrize("request_", SIGNED, ids=lambda one: one.path)
def test_a_body_longer_than_its_request_has_is_not_read(server: InThread, request_: object) -> None:
    """Not a byte of it: the answer comes before anything is sent. Seen to fail with the whole protocol's limit."""
    one = next(found for found in SIGNED if found is request_)
    path = one.path.replace("{generation}", "00" * 8)
    head = f"{one.method} {path} HTTP/1.1\r\nHost: x\r\nContent-Type: {protocol.OCTETS}\r\n"
    assert error_of(raw(server, f"{head}Content-Length: {one.most + 1}\r\n\r\n".encode())) == (b"413", "too-large")


@pytest.mark.parametrize("length", ["99999999999999999999", "1" * 4000])
def test_an_absurd_length_is_too_large(server: InThread, length: str) -> None:
    head = f"POST {protocol.STATE} HTTP/1.1\r\nHost: x\r\nContent-Type: {protocol.OCTETS}\r\n"
    assert error_of(raw(server, f"{head}Content-Length: {length}\r\n\r\n".encode()))[0] in (b"413", b"400")


def test_a_body_without_a_length_is_refused(server: InThread) -> None:
    head = f"POST {protocol.COMMIT} HTTP/1.1\r\nHost: x\r\nContent-Type: {protocol.OCTETS}\r\n".encode()
    assert error_of(raw(server, head + b"Transfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n")) == (b"411", "length")
    assert error_of(raw(server, head + b"Connection: close\r\n\r\n")) == (b"411", "length")


@pytest.mark.parametrize("media", [None, "application/json", "text/plain", "application/octet-stream; a=b"])
def test_another_media_type_is_refused(line: Line, media: str | None) -> None:
    headers = {"Content-Type": media} if media else {"Content-Type": ""}
    assert line.ask("POST", protocol.STATE, bytes(28), headers).error == "media-type"


@pytest.mark.parametrize(
    ("method", "path", "error"),
    [
        ("GET", protocol.STATE, "method"),
        ("DELETE", protocol.LEAVE, "method"),
        ("POST", protocol.HEALTH, "method"),
        ("GET", "/v1/unknown", "not-found"),
        ("GET", "/v2/state", "not-found"),
        ("GET", "/v1/state/", "not-found"),
        ("GET", "/../etc/passwd", "not-found"),
    ],
)
def test_unknown_paths_and_methods_are_told(line: Line, method: str, path: str, error: str) -> None:
    answered = line.ask(method, path)
    assert answered.error == error
    assert ("allow" in answered.headers) == (error == "method")


@pytest.mark.parametrize(
    "data",
    [
        b"GET /v1/health HTTP/1.1\r\nHost: x\r\nX: " + b"a" * protocol.HEADER_MOST + b"\r\n\r\n",
        b"no request at all\r\n\r\n",
        b"GET /v1/health HTTP/1.1\r\n\r\n",
        b"POST /v1/leave HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
        b"\x16\x03\x01" * 10 + b"\r\n\r\n",
    ],
)
def test_what_is_no_request_is_malformed(server: InThread, data: bytes) -> None:
    assert error_of(raw(server, data)) == (b"400", "malformed")


def test_no_answer_says_what_serves_or_when(line: Line) -> None:
    for path in (protocol.HEALTH, "/", "/v1/unknown"):
        assert not line.ask("GET", path).headers.keys() & {"server", "date", "set-cookie", "last-modified", "etag"}


# -- time


def test_who_sends_slowly_is_cut_off(server: InThread, monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers, or a body, that do not come whole in time. Seen to fail without Connection._overdue."""
    monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.3)
    assert raw(server, b"GET /v1/health HTTP/1.1\r\nHost: ") == b""
    head = (
        f"POST {protocol.OFFERS} HTTP/1.1\r\nHost: x\r\nContent-Type: {protocol.OCTETS}\r\nContent-Length: 16\r\n\r\n"
    )
    found = raw(server, head.encode() + b"half")
    assert found == b"" or error_of(found) == (b"503", "stopping")


def test_a_request_that_takes_too_long_is_answered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Seen to fail without the timeout in Endpoint."""
    release = threading.Event()

    class Stuck(MemoryStorage):
        def numbers(self, *, month: int) -> Numbers:
            release.wait(60)
            return super().numbers(month=month)

    with server_in_thread(tmp_path, storage=Stuck()) as server, Line(server) as line:
        monkeypatch.setattr(protocol, "REQUEST_SECONDS", 0.3)
        answered = line.ask("GET", protocol.GLASS)
        late = not release.is_set()
        release.set()
        assert (answered.status, answered.error, late) == (503, "stopping", True)


def test_an_answer_before_the_body_leaves_the_connection_in_order(server: InThread) -> None:
    """A large body whose signature is wrong is thrown away as it comes; the next request on the line is answered."""
    with Device(server) as stranger:
        answered = stranger.ask("PUT", "/v1/pools/0011223344556677?pool=256&from=0", bytes(256 * protocol.SLOT_BOX))
        assert answered.error == "signature"
        assert stranger.line.ask("GET", protocol.HEALTH).status == 200


# -- rates


class Ticking:
    """Seconds that a test moves."""

    now = 0.0

    def __call__(self) -> float:
        return self.now


def test_a_bucket_gives_so_many_at_once_and_so_many_a_second() -> None:
    clock = Ticking()
    bucket = Bucket(3, 2, clock)
    for _ in range(3):
        bucket.take()
    with pytest.raises(Refusal) as refused:
        bucket.take()
    assert (refused.value.name, refused.value.retry) == ("slow-down", 1)
    clock.now += 0.5
    bucket.take()
    with pytest.raises(Refusal):
        bucket.take()
    clock.now += 1000
    for _ in range(3):
        bucket.take()
    with pytest.raises(Refusal):
        bucket.take()


def test_buckets_of_devices_are_their_own_and_take_bounded_memory() -> None:
    buckets = Buckets(1, 1, Ticking())
    for number in range(10_000):
        buckets.take(number.to_bytes(8, "big"))
    with pytest.raises(Refusal):
        buckets.take((9_999).to_bytes(8, "big"))
    assert len(buckets._buckets) <= 4096


def test_a_device_that_hurries_is_told_to_slow_down_and_others_are_not(server: InThread, device: Device) -> None:
    """Seen to fail without the device's bucket in SignedEndpoint."""
    answers = [device.state() for _ in range(protocol.BUCKET + 20)]
    told = [answered for answered in answers if answered.status == 429]
    assert told
    assert all(answered.error == "slow-down" and int(answered.headers["retry-after"]) >= 1 for answered in told)
    with Device(server) as other:
        assert other.enrol().status == 201
        assert other.state().status == 200


def test_strangers_share_one_rate_and_devices_go_on(server: InThread, device: Device) -> None:
    """Forged signatures count with the strangers, not with the device they name. Seen to fail without either."""
    nonces, device.nonces = device.nonces, [device.fresh_nonce()]
    device.nonces += nonces
    with Device(server, device.account) as forger:
        forged = forger.sign("POST", protocol.LEAVE, b"", secrets.token_bytes(16))
        forged["Signature-Input"] = forged["Signature-Input"].replace(forger.id.hex(), device.id.hex())
        answers = [
            forger.line.ask("POST", protocol.LEAVE, b"", forged).status for _ in range(protocol.OPEN_BUCKET + 50)
        ]
        assert set(answers) == {401, 429}
        assert forger.line.ask("GET", protocol.GLASS).error == "slow-down"
        assert forger.line.ask("GET", protocol.HEALTH).status == 200
    assert device.state().status == 200


# -- memory


def test_large_bodies_wait_for_room_in_the_order_in_which_they_came() -> None:
    order: list[int] = []

    async def one(room: Room, number: int, release: asyncio.Event) -> None:
        async with room.of(6 << 20):
            order.append(number)
            await release.wait()

    async def scene() -> None:
        room, release = Room(13 << 20), asyncio.Event()
        tasks = [asyncio.create_task(one(room, number, release)) for number in range(5)]
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        assert order == [0, 1]
        # one that gives up while it waits takes nothing with it
        tasks[2].cancel()
        release.set()
        await asyncio.gather(*tasks, return_exceptions=True)
        assert order == [0, 1, 3, 4]
        async with room.of(13 << 20):
            pass

    asyncio.run(asyncio.wait_for(scene(), 10))


def test_strangers_who_send_slowly_keep_no_device_out(server: InThread, device: Device) -> None:
    """As many as there are places for them send half a request. Seen to fail with one set of places for all."""
    half = (
        f"POST {protocol.OFFERS} HTTP/1.1\r\nHost: x\r\nContent-Type: {protocol.OCTETS}\r\nContent-Length: 16\r\n\r\n"
    )
    server.service.open_bucket = Bucket(protocol.OPEN_BUCKET, protocol.OPEN_REFILL, Ticking())
    with ExitStack() as stack:
        for _ in range(STRANGERS_AT_ONCE):
            stack.enter_context(Line(server)).begin(half.encode() + b"half")
        with Line(server) as late:
            # until the last of them has its place
            while late.ask("GET", protocol.GLASS).status != 503:
                server.service.open_bucket = Bucket(protocol.OPEN_BUCKET, protocol.OPEN_REFILL, Ticking())
            assert late.ask("GET", protocol.HEALTH).status == 200
        assert device.state().status == 200


def test_the_limits_of_a_process_are_no_higher_than_its_memory() -> None:
    assert STRANGERS_AT_ONCE < DEVICES_AT_ONCE < CONNECTIONS_MOST <= 4096
