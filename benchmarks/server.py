"""The server's figures, over loopback: `make dev`, then `.venv/bin/python benchmarks/server.py [--json FILE]`.

Durable slots a second against a bare asyncio and h11 server that takes single durable 4 KiB PUTs; a signed request
against the same framework unsigned; memory, idle and during a first upload. Both sides of a comparison run in turns.
"""

import argparse
import asyncio
import os
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from pathlib import Path
from time import perf_counter

# started as a file, Python looks beside it first, where modules have short names
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks.result import Bar, Result, table, write_json  # noqa: E402
from benchmarks.timing import PYTHON, ROOT, alternate, milliseconds  # noqa: E402
from sync import protocol  # noqa: E402
from sync.server.serving import listen  # noqa: E402
from sync.server.storage import open_storage  # noqa: E402
from sync.server.storage.contract import Storage  # noqa: E402
from tests.server.storage.making import commit_on, enrol, write_pool  # noqa: E402
from tests.support.device import Device, Line, enrolled  # noqa: E402
from tests.support.postgres import NoPostgres, Postgres  # noqa: E402
from tests.support.server import Running, address_of, invite, keys_of, make_server, server_process  # noqa: E402

CONNECTIONS = 16
PUT_BYTES = 4096
PUTS = 1_600
"""Single PUTs in one sample of the baseline."""
POOL = 16_384
BATCHES = (128, protocol.SLOTS_MOST)
"""Slots in one request: as many as a session changes, and as many as there may be."""
SLOTS = 65_536
"""Slots in one sample of ours, of all connections together."""
ROUNDS = 5
WARM_UP = 30
REQUESTS = 200
"""Single requests, each a sample."""
IDLE, BUSY = Bar(50), Bar(120)


# -- the baselines, each as a process of its own


async def bare(folder: Path) -> None:
    """asyncio and h11, and nothing else: every PUT is on the disk before it is answered."""
    import h11

    file = os.open(folder / "bare", os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connection, body = h11.Connection(h11.SERVER), bytearray()
        while True:
            event = connection.next_event()
            if event is h11.NEED_DATA:
                connection.receive_data(await reader.read(1 << 16))
            elif isinstance(event, h11.Data):
                body += event.data
            elif isinstance(event, h11.EndOfMessage):
                os.write(file, body)
                os.fdatasync(file)
                body.clear()
                answer = h11.Response(status_code=204, headers=[("content-length", "0")])
                writer.write((connection.send(answer) or b"") + (connection.send(h11.EndOfMessage()) or b""))
                connection.start_next_cycle()
            elif isinstance(event, h11.ConnectionClosed):
                break
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def unsigned(folder: Path, account: bytes) -> None:
    """The framework of our server and its storage, for whoever asks: a state, without signature, nonce or digest."""
    import uvicorn
    from starlette.applications import Starlette
    from starlette.requests import Request
    from starlette.responses import Response
    from starlette.routing import Route

    storage = open_storage("sqlite", str(folder))
    threads = ThreadPoolExecutor(CONNECTIONS)

    async def state(request: Request) -> Response:
        asked = protocol.decode_state_asked(await request.body())
        loop = asyncio.get_running_loop()
        work = lambda: storage.snapshot(account, asked.generation, asked.known, month=_month())  # noqa: E731
        found = await loop.run_in_executor(threads, work)
        shares = tuple(share for _, share in found.shares)
        answer = protocol.StateAnswer(
            _month(), bytes(protocol.SIGNATURE), found.shares[0][0], shares, found.head, found.pages
        )
        return Response(protocol.encode_state_answer(answer), media_type=protocol.OCTETS)

    sockets = listen("127.0.0.1", 0)
    print(sockets[0].getsockname()[1], flush=True)
    app = Starlette(routes=[Route(protocol.STATE, state, methods=["POST"])])
    config = uvicorn.Config(app, http="h11", loop="asyncio", lifespan="off", log_config=None, access_log=False)
    await uvicorn.Server(config).serve(sockets)


def _month() -> int:
    from datetime import UTC, datetime

    from sync.server.calendar import month_of

    return month_of(datetime.now(UTC).date())


@contextmanager
def baseline(*words: str) -> Iterator[int]:
    """One of the above; its port."""
    process = subprocess.Popen(
        [PYTHON, __file__, *words], cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    try:
        yield int(process.stdout.readline())
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


# -- our server


@contextmanager
def ours(folder: Path, *options: str, database: str = "sqlite") -> Iterator[tuple[Running, int]]:
    """The real server as a process, and its process id."""
    folder.mkdir()
    make_server(folder, database=database)
    with server_process(folder, *options) as process:
        yield Running(address_of(process), *keys_of(folder), folder, lambda: invite(folder)), process.pid


def together(works: Sequence[Callable[[], object]]) -> float:
    """Seconds until all are done, begun at once, each in a thread."""
    barrier = threading.Barrier(len(works) + 1)

    def run(work: Callable[[], object]) -> None:
        barrier.wait()
        work()

    with ThreadPoolExecutor(len(works)) as threads:
        futures = [threads.submit(run, work) for work in works]
        barrier.wait()
        start = perf_counter()
        for future in futures:
            future.result()
        return perf_counter() - start


# -- durable slots a second


def slots_a_second(folder: Path) -> list[Result]:
    """Through HTTP, with and without TLS, against single PUTs."""
    results = []
    with baseline("--bare", str(folder)) as port:
        for name, options in (("HTTP", ["--behind-proxy"]), ("HTTPS", [])):
            for batch in BATCHES:
                with ours(folder / f"{name}-{batch}", *options) as (server, _):
                    measured, single = alternate(
                        lambda server=server, batch=batch: _upload(server, batch),  # type: ignore[misc]
                        lambda: _puts(port),
                        ROUNDS,
                    )
                at = f"{batch} in a request, {name}"
                results.append(Result("durable slots", at, "/s", measured, single, Bar(3, True, True)))
    return results


def _puts(port: int) -> float:
    """Single durable PUTs a second."""
    head = f"PUT /box HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: {PUT_BYTES}\r\n\r\n".encode()
    request = head + secrets.token_bytes(PUT_BYTES)
    each = PUTS // CONNECTIONS

    def work(line: socket.socket) -> None:
        for _ in range(each):
            line.sendall(request)
            answer = b""
            while not answer.endswith(b"\r\n\r\n"):
                answer += line.recv(4096)
            assert answer.startswith(b"HTTP/1.1 204"), answer

    with ExitStack() as stack:
        lines = [stack.enter_context(socket.create_connection(("127.0.0.1", port))) for _ in range(CONNECTIONS)]
        return each * CONNECTIONS / together([lambda line=line: work(line) for line in lines])  # type: ignore[misc]


def _upload(server: Running, batch: int) -> float:
    """Slots a second, each connection a device of its own with a pool to come."""
    each = SLOTS // CONNECTIONS
    boxes = secrets.token_bytes(batch * protocol.SLOT_BOX)

    def work(device: Device) -> None:
        generation = secrets.token_bytes(protocol.GENERATION)
        for start in range(0, each, batch):
            target = f"{protocol.POOLS}/{generation.hex()}?pool={POOL}&from={start}"
            answered = device.ask("PUT", target, boxes)
            assert answered.status == 204, answered

    with ExitStack() as stack:
        devices = [stack.enter_context(enrolled(server)) for _ in range(CONNECTIONS)]
        return each * CONNECTIONS / together([lambda device=device: work(device) for device in devices])  # type: ignore[misc]


def storage_alone(folder: Path) -> list[Result]:
    """Without HTTP, for information: batches, and commits of one slot, which share flushes."""
    results = []
    with ExitStack() as stack:
        databases = [("SQLite", "sqlite")]
        try:
            postgres = Postgres()
            stack.callback(postgres.close)
            databases.append(("PostgreSQL", postgres.address()))
        except NoPostgres:
            pass
        for name, database in databases:
            storage = open_storage(database, str(folder / "alone"))
            stack.callback(storage.close)
            for batch in BATCHES:
                rates = [_stage(storage, batch) for _ in range(ROUNDS)]
                results.append(Result("storage alone", f"{name}, {batch} at a time", "/s", rates))
            rates = [_commits(storage) for _ in range(ROUNDS)]
            results.append(Result("storage alone", f"{name}, commits of 1 slot", "/s", rates))
    return results


def _stage(storage: Storage, batch: int) -> float:
    boxes = [secrets.token_bytes(protocol.SLOT_BOX)] * batch
    each = SLOTS // CONNECTIONS

    def work(account: bytes) -> None:
        generation = secrets.token_bytes(protocol.GENERATION)
        for start in range(0, each, batch):
            storage.stage(account, generation, POOL, start, boxes)

    accounts = [enrol(storage).account for _ in range(CONNECTIONS)]
    return each * CONNECTIONS / together([lambda account=account: work(account) for account in accounts])  # type: ignore[misc]


def _commits(storage: Storage, each: int = 100) -> float:
    accounts = [enrol(storage).account for _ in range(CONNECTIONS)]
    heads = [write_pool(storage, account).head for account in accounts]

    def work(account: bytes, head: bytes) -> None:
        for number in range(each):
            made = commit_on(head, account, (), [(number, bytes(protocol.SLOT_BOX))])
            storage.commit(account, made)
            head = made.head

    works = [lambda pair=pair: work(*pair) for pair in zip(accounts, heads, strict=True)]
    return each * CONNECTIONS / together(works)


# -- a single request


def single_request(folder: Path) -> list[Result]:
    """A state with nothing new, over one connection without TLS: signed ones and unsigned ones in turns."""
    with ExitStack() as stack:
        server, _ = stack.enter_context(ours(folder / "single", "--behind-proxy"))
        # few enough requests for the rate limit
        device = stack.enter_context(enrolled(server))
        assert device.first_commit().status == 200
        port = stack.enter_context(baseline("--unsigned", str(folder / "single"), device.account.hex()))
        plain = Running(f"http://127.0.0.1:{port}", b"", b"", folder, str)
        line = stack.enter_context(Line(plain))
        answer = protocol.decode_state_answer(device.state().body)
        known = tuple(protocol.page_hash(box)[: protocol.HASH_START] for _, box in answer.pages)
        generation = protocol.decode_head(device.head).generation

        def signed() -> None:
            assert device.state(generation, known).status == 200

        def unsigned() -> None:
            asked = protocol.StateAsked(secrets.token_bytes(protocol.NONCE), generation, known)
            assert line.ask("POST", protocol.STATE, protocol.encode_state_asked(asked)).status == 200

        # not `alternate`: what it does between two samples takes longer than they do, and both sides fall asleep
        pairs = [(milliseconds(signed), milliseconds(unsigned)) for _ in range(WARM_UP + REQUESTS)][WARM_UP:]
    measured, open_ = map(list, zip(*pairs, strict=True))
    return [Result("single request, p50", "a state", "ms", measured, open_, Bar(2, of_baseline=True))]


# -- memory


def memory(folder: Path) -> list[Result]:
    """Of a fresh server process with TLS: after some requests, and at its highest during a first upload."""
    idle, busy = [], []
    for turn in range(3):
        with ours(folder / f"memory-{turn}") as (server, pid), enrolled(server) as device:
            assert device.state().status == 200
            assert device.line.ask("GET", "/").status == 200
            idle.append(_mib(pid, "VmRSS"))
            assert device.first_commit(POOL).status == 200
            busy.append(_mib(pid, "VmHWM"))
    return [
        Result("memory, idle", "SQLite", "MiB", idle, bar=IDLE),
        Result("memory, first upload, peak", f"SQLite, {POOL:,} slots", "MiB", busy, bar=BUSY),
    ]


def memory_postgresql(folder: Path) -> list[Result]:
    """The same with PostgreSQL, whose library is in the figures, for information."""
    try:
        postgres = Postgres()
    except NoPostgres:
        return []
    try:
        with ours(folder / "pg", database=postgres.address()) as (server, pid), enrolled(server) as device:
            assert device.state().status == 200
            idle = _mib(pid, "VmRSS")
            assert device.first_commit(POOL).status == 200
            busy = _mib(pid, "VmHWM")
    finally:
        postgres.close()
    return [
        Result("memory, idle", "PostgreSQL", "MiB", [idle]),
        Result("memory, first upload, peak", f"PostgreSQL, {POOL:,} slots", "MiB", [busy]),
    ]


def _mib(pid: int, name: str) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return int(dict(line.split(":", 1) for line in lines)[name].split()[0]) / 1024


MEASURES = (slots_a_second, storage_alone, single_request, memory, memory_postgresql)


def main() -> int:
    """0 when every bar is reached, 1 when one is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", help=f"only these: {', '.join(one.__name__ for one in MEASURES)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample to this file")
    parser.add_argument("--bare", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--unsigned", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.bare:
        asyncio.run(bare(arguments.bare))
    if arguments.unsigned:
        asyncio.run(unsigned(Path(arguments.unsigned[0]), bytes.fromhex(arguments.unsigned[1])))
    results: list[Result] = []
    for measure in MEASURES:
        if not arguments.names or measure.__name__ in arguments.names:
            with tempfile.TemporaryDirectory(prefix="ongemerkt-bench-") as folder:
                results += measure(Path(folder))
    print(table(results))
    if arguments.json:
        write_json(results, arguments.json)
    return int(any(result.reached is False for result in results))


if __name__ == "__main__":
    sys.exit(main())
