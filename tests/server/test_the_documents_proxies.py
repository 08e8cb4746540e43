"""The proxies' files in docs/server, in real proxies before a real server: requests get through, nothing is logged."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sync import protocol
from tests.support.device import Device, random_slots
from tests.support.proxies import PROXIES, STRANGER, Proxied, as_stranger, free_port, missing, proxied
from tests.support.server import Running, running_server

MARK = "canary-7d1f"
EACH = pytest.mark.parametrize(
    "name", [pytest.param(name, marks=pytest.mark.skipif(missing(name), reason=f"needs {name}")) for name in PROXIES]
)
LOGGING = {
    "nginx": {"    access_log off;\n": "", "    error_log /dev/null crit;\n": ""},
    "caddy": {"exclude http\n": "\n"},
}
"""What takes the protection out of each."""


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(tmp_path_factory.mktemp("server") / "made", options=["--behind-proxy"]) as server:
        yield server


@EACH
def test_a_device_works_through_the_proxy(plain: Running, tmp_path: Path, name: str) -> None:
    with proxied(name, plain, tmp_path / name) as proxy, Device(proxy.server) as device:
        assert device.enrol().status == 201
        assert device.first_commit().status == 200
        assert device.commit(device.signed_head(device.next_head()), slots=random_slots(range(128))).status == 200
        assert len(device.fetch(2, list(range(128))).body) == 128 * protocol.SLOT_BOX
        assert device.line.ask("GET", protocol.HEALTH).status == 200
        page = device.line.ask("GET", "/?lang=en")
        assert b"What this server knows" in page.body
        assert page.headers["content-security-policy"].startswith("default-src 'none'")


@EACH
def test_the_largest_body_gets_through_and_no_larger_one(plain: Running, tmp_path: Path, name: str) -> None:
    with proxied(name, plain, tmp_path / name) as proxy, Device(proxy.server) as device:
        device.enrol()
        # read whole by the server and refused by it, not by the proxy
        body = bytes(protocol.BODY_MOST)
        assert device.ask("POST", protocol.COMMIT, body).error == "malformed"
        host = f"127.0.0.1:{proxy.server.port}"
        head = f"POST {protocol.COMMIT} HTTP/1.1\r\nHost: {host}\r\nContent-Length: {protocol.BODY_MOST + 1}\r\n\r\n"
        told = as_stranger(proxy.server.port, head.encode() + bytes(protocol.BODY_MOST + 1))
        # told so, or cut off
        assert told == b"" or b" 413 " in told


def _visited(proxy: Proxied, before: Running) -> None:
    """Everything that a proxy might write a line about, from one address and with one mark."""
    port = proxy.server.port
    request = f"GET /{MARK} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nUser-Agent: {MARK}\r\nReferer: {MARK}\r\n"
    assert b" 404 " in as_stranger(port, f"{request}\r\n".encode())
    as_stranger(port, f"{request}Content-Length: 9\r\n\r\n{MARK}".encode().replace(b"GET", b"POST"))
    as_stranger(port, f"GET / HTTP/1.1\r\nHost: {MARK}\r\n\r\n".encode())
    as_stranger(port, b"GET / HTTP/1.1\r\n\r\n")
    as_stranger(port, b"\0\1\2 " + MARK.encode() + b"\r\n\r\n")
    as_stranger(port, f"{request}X: {'a' * 40_000}\r\n\r\n".encode())
    as_stranger(port, b"no TLS: " + MARK.encode() + b"\r\n\r\n", tls=False)


@EACH
def test_no_visitor_is_written_down_also_when_something_is_wrong(plain: Running, tmp_path: Path, name: str) -> None:
    away = Running(f"http://127.0.0.1:{free_port()}", plain.pin, plain.receipt_key, plain.folder, plain.invite)
    with proxied(name, plain, tmp_path / name) as proxy:
        _visited(proxy, plain)
    with proxied(name, away, tmp_path / "away") as without:
        told = as_stranger(without.server.port, f"GET /{MARK} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        assert b" 502 " in told
    for said in (proxy.said(), without.said()):
        assert STRANGER.encode() not in said
        assert MARK.encode() not in said


@EACH
def test_without_the_files_own_settings_a_visitor_would_be_written_down(
    plain: Running, tmp_path: Path, name: str
) -> None:
    away = Running(f"http://127.0.0.1:{free_port()}", plain.pin, plain.receipt_key, plain.folder, plain.invite)
    with proxied(name, away, tmp_path / name, LOGGING[name]) as proxy:
        as_stranger(proxy.server.port, f"GET /{MARK} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    assert STRANGER.encode() in proxy.said()
    assert MARK.encode() in proxy.said()
