"""No request log, no address, no agent, no fine time: in its output and in its folder, after use and misuse."""

import re
import secrets
import socket
import subprocess
from contextlib import suppress
from pathlib import Path

from sync import protocol
from sync.server.storage.sqlite_file import CONSTANT_TIME
from tests.support.device import Device, Line, enrolled
from tests.support.server import Running, address_of, invite, keys_of, make_server, server_process

AGENT = "kanarie-agent/1.0"
KNOWN_FILES = {
    "receipt.key",
    "tls.key",
    "tls.crt",
    "settings.json",
    "server.db",
    "server.db-wal",
    "server.db-shm",
    "lock",
}
TIME = re.compile(r"\d\d:\d\d|\d{4}-\d\d-\d\d")


def used_and_misused(server: Running) -> Device:
    """A day's traffic: right requests, wrong ones, no requests at all, and broken connections."""
    device = enrolled(server)
    headers = {"User-Agent": AGENT, "X-Forwarded-For": "203.0.113.7", "Referer": "https://kanarie.example/"}
    assert device.first_commit().status == 200
    for _ in range(3):
        asked = protocol.encode_state_asked(protocol.StateAsked(bytes(16), bytes(8), ()))
        signed = device.sign("POST", protocol.STATE, asked, device.fresh_nonce())
        device.line.ask("POST", protocol.STATE, asked, signed | headers)
    with Line(server) as line:
        for path in ("/", protocol.GLASS, protocol.HEALTH, "/kanarie", "/%00%ff", "/?lang=kanarie"):
            line.ask("GET", path, headers=headers)
        line.ask("POST", protocol.STATE, secrets.token_bytes(100), headers)
        line.ask("POST", protocol.COMMIT, b"kanarie", headers)
    with Line(server) as line:
        line.send_raw(b"kanarie, no request\r\n\r\n")
    for data in (b"", b"kanarie\r\n\r\n", b"\x16\x03\x01\x00\x05kanarie"):
        with socket.create_connection(("127.0.0.1", server.port)) as plain:
            plain.sendall(data)
    return device


def test_output_is_where_it_serves_and_that_it_stopped(tmp_path: Path) -> None:
    """Seen to fail without serving.silence(): uvicorn tells of what is no request, asyncio of more."""
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        url = address_of(process)
        server = Running(url, *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        with used_and_misused(server) as device:
            account = device.account
        process.terminate()
        out, said = process.communicate(timeout=30)
    assert process.returncode == 0
    assert (out, said) == ("", "Stopped.\n")
    found = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert found.keys() <= KNOWN_FILES
    for name, data in found.items():
        for trace in (b"kanarie", b"203.0.113.7", b"127.0.0.1", b"Mozilla"):
            # its own certificate names the address it is for
            assert trace not in data or name == "tls.crt", (name, trace)
    assert account in found["server.db"]


def test_tables_hold_no_time_finer_than_a_month_of_an_account(tmp_path: Path) -> None:
    """Every integer in them is a number of slots, pages, versions, bytes, a month, or the last day of what ends."""
    import sqlite3

    make_server(tmp_path)
    with server_process(tmp_path) as process:
        server = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        invite(tmp_path)
        used_and_misused(server).line.close()
    with sqlite3.connect(tmp_path / "server.db") as database:
        columns = {
            (table, column[1])
            for (table,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
            for column in database.execute(f"PRAGMA table_info({table})")
        }
    database.close()
    assert {name for _, name in columns if re.search("time|date|day|month|when|seen", name)} == {"month", "last_day"}
    assert {table for table, name in columns if name == "last_day"} == {"invitation", "offer"}


def test_the_process_has_no_other_file_open(tmp_path: Path) -> None:
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        server = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        used_and_misused(server).line.close()
        links = []
        for link in Path(f"/proc/{process.pid}/fd").iterdir():
            # one that was closed since it was listed holds nothing
            with suppress(FileNotFoundError):
                links.append(link.readlink())
        files = {link.name for link in links if link.is_absolute() and str(link).startswith(str(tmp_path))}
        others = {str(link) for link in links if link.is_absolute() and not str(link).startswith(str(tmp_path))}
    assert files <= KNOWN_FILES
    assert all(other.startswith(("/dev/", "/proc/")) for other in others), others


def test_its_arguments_say_nothing(tmp_path: Path) -> None:
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        address_of(process)
        told = subprocess.run(["ps", "-o", "args=", "-p", str(process.pid)], capture_output=True, text=True, check=True)
    assert "postgresql" not in told.stdout
    assert not TIME.search(told.stdout)


def test_its_files_show_no_time_of_use(tmp_path: Path) -> None:
    """Seen to fail without the storage's constant time: the database showed the second of the last commit."""
    make_server(tmp_path)
    with server_process(tmp_path) as process:
        server = Running(address_of(process), *keys_of(tmp_path), tmp_path, lambda: invite(tmp_path))
        with used_and_misused(server):
            shown = {path.name: int(path.stat().st_mtime) for path in tmp_path.glob("server.db*")}
    assert set(shown.values()) == {CONSTANT_TIME}
    assert {int(path.stat().st_mtime) for path in tmp_path.glob("server.db*")} == {CONSTANT_TIME}
