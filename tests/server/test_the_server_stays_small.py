"""Memory of the real process: idle, with a first upload, and with strangers who announce much."""

import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path

import pytest

from sync import protocol
from tests.support.device import Device, enrolled
from tests.support.server import Running, address_of, invite, keys_of, make_server, server_process

IDLE_MIB = 50
BUSY_MIB = 120
POOL = 16_384
STRANGERS = 10


@pytest.fixture
def started(tmp_path: Path) -> Iterator[tuple[Running, int]]:
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        yield Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path)), process.pid


def mib(pid: int, name: str) -> float:
    """A process's memory: VmRSS now, VmHWM at its highest."""
    for line in Path(f"/proc/{pid}/status").read_text("ascii").splitlines():
        if line.startswith(name + ":"):
            return int(line.split()[1]) / 1024
    raise KeyError(name)


def test_an_idle_server_is_small(started: tuple[Running, int]) -> None:
    server, pid = started
    with enrolled(server) as device:
        assert device.state().status == 200
        assert device.line.ask("GET", "/").status == 200
    assert mib(pid, "VmRSS") <= IDLE_MIB


def test_a_first_upload_needs_little_more(started: tuple[Running, int]) -> None:
    """10,000 notes: 32 MB of slots in eight requests, a commit with all pages, and all of it read back."""
    server, pid = started
    with enrolled(server) as device:
        assert device.first_commit(POOL).status == 200
        assert device.state().status == 200
        assert device.fetch(1, list(range(protocol.SLOTS_MOST))).status == 200
    assert mib(pid, "VmHWM") <= BUSY_MIB


def test_strangers_who_send_much_cost_nothing(started: tuple[Running, int]) -> None:
    """Their bodies are thrown away as they come. Seen to fail (240 MiB) when the body is read before the signature is
    verified."""
    server, pid = started
    body = secrets.token_bytes(protocol.BODY_MOST)
    with ExitStack() as stack, ThreadPoolExecutor(STRANGERS) as pool:
        strangers = [stack.enter_context(Device(server)) for _ in range(STRANGERS)]
        answers = list(pool.map(lambda stranger: stranger.ask("POST", protocol.COMMIT, body).error, strangers))
    assert set(answers) == {"signature"}
    assert mib(pid, "VmHWM") <= BUSY_MIB
