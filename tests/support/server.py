"""A real server on loopback, over real TLS: as its own process, or in a thread where a test holds clock and storage."""

import asyncio
import hashlib
import io
import json
import os
import secrets
import select
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path
from time import monotonic
from typing import NamedTuple

from sync import codes, protocol
from sync.server import calendar, keys, main, serving
from sync.server.service import Service
from sync.server.storage import open_storage
from sync.server.storage.contract import Storage

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "sync.server.main")
STARTS_SECONDS = 30
TODAY = date(2026, 11, 25)


@dataclass
class Running:
    """A server that serves: its URL, the pin of its TLS key (32 bytes), the key of its receipts (32 bytes)."""

    url: str
    pin: bytes
    receipt_key: bytes
    folder: Path
    invite: Callable[[], str]
    """Gives a new invitation code, for one account."""

    @property
    def port(self) -> int:
        return int(self.url.rpartition(":")[2])


@dataclass
class Clock:
    """A day that a test may move."""

    today: date = TODAY

    def __call__(self) -> date:
        return self.today


@dataclass
class InThread(Running):
    """A server in a thread of the test's own process: its insides can be looked at."""

    service: Service
    clock: Clock
    told: list[str] = field(default_factory=list)


def command(
    *words: str, folder: Path, stdin: str = "", env: dict[str, str] | None = None
) -> "subprocess.CompletedProcess[str]":
    """Runs one command of ongemerkt-server to its end."""
    environment = {**os.environ, "ONGEMERKT_SERVER_DIR": str(folder), **(env or {})}
    return subprocess.run(
        [*COMMAND, *words],
        cwd=ROOT,
        env=environment,
        input=stdin,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


class Done(NamedTuple):
    """What a command left behind."""

    returncode: int
    stdout: str
    stderr: str


def keeper(*words: str, folder: Path, stdin: str = "") -> Done:
    """Runs one command of ongemerkt-server in this process, on the day TODAY."""
    before = sys.stdin, os.umask(0o077)
    sys.stdin = io.StringIO(stdin)
    try:
        with redirect_stdout(io.StringIO()) as out, redirect_stderr(io.StringIO()) as said:
            environ = {"ONGEMERKT_SERVER_DIR": str(folder), "LANG": "C.UTF-8"}
            code = main.main(words, environ, lambda: TODAY, monotonic)
    finally:
        sys.stdin = before[0]
        os.umask(before[1])
    return Done(code, out.getvalue(), said.getvalue())


def make_server(folder: Path, *options: str, database: str = "sqlite") -> None:
    """`init` in a folder."""
    done = keeper("init", "--database", "-", *options, folder=folder, stdin=database + "\n")
    assert done.returncode == 0, done.stderr


def invite(folder: Path) -> str:
    """One invitation code, from the keeper's command."""
    done = keeper("invite", "--json", folder=folder)
    assert done.returncode == 0, done.stderr
    code: str = json.loads(done.stdout)["code"]
    return code


@contextmanager
def server_process(folder: Path, *options: str, prefix: Sequence[str] = COMMAND) -> Iterator["subprocess.Popen[str]"]:
    """`run` as a process, from the moment it says that it serves; its first line is in `process.args`' place at
    `serving_at`. Ended with SIGTERM unless it has ended."""
    environment = {**os.environ, "ONGEMERKT_SERVER_DIR": str(folder)}
    words = [*prefix, "run", "--host", "127.0.0.1", "--port", "0", "--lang", "en", *options]
    process = subprocess.Popen(
        words, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        yield process
    finally:
        if process.poll() is None:
            process.terminate()
        process.wait(timeout=30)
        for stream in (process.stdout, process.stderr):
            if stream is not None:
                stream.close()


def address_of(process: "subprocess.Popen[str]") -> str:
    """The URL that a starting process says it serves at."""
    assert process.stderr is not None
    ready, _, _ = select.select([process.stderr], [], [], STARTS_SECONDS)
    line = process.stderr.readline().strip() if ready else ""
    assert line.startswith("Serving at "), line + process.stderr.read() if process.poll() is not None else line
    return line.removeprefix("Serving at ")


@contextmanager
def running_server(folder: Path, *, database: str = "sqlite", options: Sequence[str] = ()) -> Iterator[Running]:
    """`python -m sync.server.main run` on a free port, made with `init` in `folder` unless a server is there."""
    if not (folder / "settings.json").exists():
        make_server(folder, database=database)
    with server_process(folder, *options) as process:
        url = address_of(process)
        yield Running(url, *keys_of(folder), folder, lambda: invite(folder))


@contextmanager
def server_in_thread(
    folder: Path,
    *,
    storage: Storage | None = None,
    clock: Clock | None = None,
    seconds: Callable[[], float] = monotonic,
) -> Iterator[InThread]:
    """The same server in a thread, on SQLite in `folder` or on any storage, with a day that stands still; its rates
    reckon by `seconds`."""
    folder.mkdir(exist_ok=True)
    clock = clock or Clock()
    if not (folder / keys.RECEIPT).exists():
        keys.make_receipt_key(folder)
        keys.make_certificate(folder, ["localhost", "127.0.0.1"], datetime.now(UTC).date())
    told: list[str] = []
    service = Service(
        storage or open_storage("sqlite", str(folder)), keys.load_receipt_key(folder), clock, seconds, told.append
    )
    sockets = serving.listen("127.0.0.1", 0)
    url = f"https://127.0.0.1:{sockets[0].getsockname()[1]}"
    with _served(service, sockets, serving.tls_context(folder / keys.TLS_CERT, folder / keys.TLS_KEY)):
        pin, receipt_key = keys_of(folder)
        yield InThread(url, pin, receipt_key, folder, lambda: _invite(service, pin), service, clock, told)


@contextmanager
def _served(service: Service, sockets: list[socket.socket], tls: ssl.SSLContext) -> Iterator[None]:
    loop = asyncio.new_event_loop()
    ready = threading.Event()
    servers: list[serving.Server] = []

    def started(server: serving.Server) -> None:
        servers.append(server)
        ready.set()

    def work() -> None:
        with asyncio.Runner(loop_factory=lambda: loop) as runner, serving.silence():
            runner.run(serving.serve(service, sockets, tls, dormant_months=protocol.DORMANT_MONTHS, started=started))

    thread = threading.Thread(target=work)
    thread.start()
    try:
        assert ready.wait(STARTS_SECONDS)
        yield
    finally:
        if servers:
            loop.call_soon_threadsafe(servers[0].stop)
        thread.join()
        service.close()


def _invite(service: Service, pin: bytes) -> str:
    secret = secrets.token_bytes(protocol.SECRET)
    last_day = calendar.day_of(service.today()) + protocol.INVITE_DAYS
    service.storage.invite(hashlib.sha256(secret).digest(), 1, last_day)
    return codes.encode_code(codes.Invitation(secret, pin[: codes.PIN]))


def keys_of(folder: Path) -> tuple[bytes, bytes]:
    pin = keys.pin_of((folder / keys.TLS_CERT).read_bytes())
    return pin, keys.load_receipt_key(folder).public
