"""Syncing over real TLS on loopback: first sync, one new note, nothing new, a shred. The peer: restic to a REST server.

The vault is resident and unlocked, the connection open, as in the open desk; the server is a process of its own.
"""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from benchmarks.result import Bar, Result
from benchmarks.scratch import PASSPHRASE, SEED, Scratch, today
from benchmarks.timing import milliseconds
from tests.support.coach import YEAR, Coach
from tests.support.notes import generate
from tests.support.server import Running, address_of, invite, keys_of, make_server, server_process
from tests.support.vaults import Place

NOTES = 10_000
FIRST_ROUNDS, ROUNDS = 3, 11
_KIB = 1 << 10
_ETEBASE_MS = 64_000.0
"""Etebase's first sync of as many notes of 1.5 KB, the better of two seen on such a machine; it is not run here."""


def measure(scratch: Scratch) -> list[Result]:
    """Everything about one device and one server."""
    texts = list(generate(SEED, NOTES))
    ours, client_mib, server_mib, idle_mib = _first(scratch, texts)
    peer = _restic(scratch, texts)
    at = f"{NOTES:,}"
    return [
        Result(
            "first sync", at, "ms", ours, peer, Bar(3, of_baseline=True) if peer else None, "restic to a REST server"
        ),
        Result(
            "first sync against Etebase", at, "ms", ours, [_ETEBASE_MS], Bar(0.1, of_baseline=True), "as seen before"
        ),
        Result("first sync, client's memory", at, "MiB", client_mib, (), Bar(120)),
        Result("first sync, server's memory", at, "MiB", server_mib, (), Bar(120)),
        Result("server's memory, idle", at, "MiB", idle_mib, (), Bar(50)),
        *_resident(scratch, texts),
    ]


# -- first sync


def _first(scratch: Scratch, texts: list[str]) -> tuple[list[float], list[float], list[float], list[float]]:
    times, client, server_mib, idle = [], [], [], []
    for round_ in range(FIRST_ROUNDS):
        folder = scratch.folder / f"first-{round_}"
        with _server(folder / "server") as (server, pid), _coach(folder / "laptop", texts) as coach:
            idle.append(_peak_mib(pid))
            coach.enrol(server.url, server.invite())
            times.append(milliseconds(coach.sync))
            server_mib.append(_peak_mib(pid))
        client.append(_first_in_a_process(folder))
        shutil.rmtree(folder)
    return times, client, server_mib, idle


def _first_in_a_process(folder: Path) -> float:
    """The most memory that a process needs which unlocks the vault and syncs it for the first time."""
    with _server(folder / "another") as (server, _):
        script = (
            "import sys;from pathlib import Path;from tests.support import cheap_kdf;cheap_kdf.install();"
            "from tests.support.coach import Coach;from tests.support.vaults import Place;import datetime;"
            "c=Coach(Place(Path(sys.argv[1]),datetime.date(2026,11,22)));c.vault.leave_sync();"
            "c.enrol(sys.argv[2],sys.argv[3]);c.sync();"
            "print([l for l in open('/proc/self/status') if l.startswith('VmHWM')][0].split()[1])"
        )
        command = [sys.executable, "-c", script, str(folder / "laptop"), server.url, server.invite()]
        done = subprocess.run(command, capture_output=True, text=True, check=True)
    return int(done.stdout) / _KIB


@contextmanager
def _coach(folder: Path, texts: list[str]) -> Iterator[Coach]:
    with Coach(Place(folder, today())) as coach:
        coach.vault.add_many(texts, YEAR)
        yield coach


@contextmanager
def _server(folder: Path) -> Iterator[tuple[Running, int]]:
    """A server in a process of its own, and that process's number."""
    make_server(folder)
    with server_process(folder) as process:
        yield Running(address_of(process), *keys_of(folder), folder, lambda: invite(folder)), process.pid


def _peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / _KIB for line in lines if line.startswith("VmHWM")), 0.0)


# -- the peer


def _restic(scratch: Scratch, texts: list[str]) -> list[float]:
    """restic pushing the same notes, a file each, to a REST server on loopback. Empty if it is not installed."""
    if shutil.which("restic") is None or shutil.which("rclone") is None:
        return []
    source = scratch.folder / "restic-source"
    source.mkdir()
    for number, text in enumerate(texts):
        (source / f"{number:05}").write_text(text)
    times = []
    for round_ in range(FIRST_ROUNDS):
        folder = scratch.folder / f"restic-{round_}"
        folder.mkdir()
        with socket.create_server(("127.0.0.1", 0)) as probe:
            port = probe.getsockname()[1]
        environ = {**os.environ, "RESTIC_PASSWORD": PASSPHRASE, "RESTIC_CACHE_DIR": str(folder / "cache")}
        repository = ["-r", f"rest:http://127.0.0.1:{port}/"]
        with _rest_server(folder / "repository", port):
            subprocess.run(["restic", *repository, "init"], env=environ, capture_output=True, check=True)
            backup = ["restic", *repository, "backup", "--quiet", str(source)]
            run = partial(subprocess.run, backup, env=environ, capture_output=True, check=True)
            times.append(milliseconds(run))
    return times


@contextmanager
def _rest_server(folder: Path, port: int) -> Iterator[None]:
    command = ["rclone", "serve", "restic", "--addr", f"127.0.0.1:{port}", str(folder)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as process:
        try:
            while process.poll() is None:
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    continue
            yield
        finally:
            process.terminate()


# -- resident


def _resident(scratch: Scratch, texts: list[str]) -> list[Result]:
    folder, at = scratch.folder / "resident", f"{NOTES:,}"
    with _server(folder / "server") as (server, _), _coach(folder / "laptop", texts) as coach:
        coach.enrol(server.url, server.invite())
        coach.sync()
        nothing = _rounds(coach, lambda: None)
        new = _rounds(coach, lambda: coach.add("een nieuwe notitie " * 80))
        shred = _rounds(coach, lambda: coach.vault.shred([coach.vault.handles()[0]]))
    return [
        Result("sync with nothing new", at, "ms", nothing.times, (), Bar(10)),
        Result("sync with nothing new, round trips", at, "", nothing.trips, (), Bar(1)),
        Result("sync after one new note", at, "ms", new.times, (), Bar(150)),
        Result("sync after one new note, bytes", at, "KB", new.kilobytes, (), Bar(200)),
        Result("sync after one new note, round trips", at, "", new.trips, (), Bar(3)),
        Result("sync after a shred", at, "ms", shred.times, (), Bar(1000)),
        Result("sync after a shred, bytes", at, "KB", shred.kilobytes, (), Bar(2000)),
    ]


class _Rounds:
    def __init__(self) -> None:
        self.times: list[float] = []
        self.kilobytes: list[float] = []
        self.trips: list[float] = []


def _rounds(coach: Coach, change: Callable[[], object]) -> _Rounds:
    """Sessions that are not shaped, each after a change; the first is not counted."""
    found, line = _Rounds(), coach.line
    for round_ in range(ROUNDS + 1):
        change()
        before = line.bytes_sent + line.bytes_received, line.round_trips - line.nonce_trips
        taken = milliseconds(coach.sync)
        if round_:
            found.times.append(taken)
            found.kilobytes.append((line.bytes_sent + line.bytes_received - before[0]) / 1000)
            found.trips.append(line.round_trips - line.nonce_trips - before[1])
    return found
