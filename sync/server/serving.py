"""Serves until it is told to stop: sockets, TLS, signals, and the chores that run beside the requests."""

import asyncio
import contextlib
import logging
import signal
import socket
import ssl
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import NamedTuple

import uvicorn

from sync import protocol
from sync.server import app, chores
from sync.server.connection import CONNECTIONS_MOST, IDLE_SECONDS, Connection
from sync.server.errors import CertificateUnusable, PortBusy
from sync.server.service import Service

GRACE_SECONDS = 5
"""How long requests under way may take when the server stops."""
_BACKLOG = 256


class Door(NamedTuple):
    """Where it listens: "" as host for every address of the machine; without `tls` it is plain HTTP."""

    host: str
    port: int
    tls: ssl.SSLContext | None


class Server(uvicorn.Server):
    """uvicorn's server, which says where it listens and, from the signal on, takes nothing new."""

    def __init__(self, config: uvicorn.Config, service: Service, started: Callable[[], None]) -> None:
        """`started` is called when it listens."""
        super().__init__(config)
        self._service, self._started = service, started

    def stop(self) -> None:
        """Finishes what is under way, within GRACE_SECONDS. To be called in the loop."""
        self._service.stopping = True
        self.should_exit = True

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Says so when it listens."""
        await super().startup(sockets)
        self._started()

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        """SIGTERM and SIGINT stop it; it then ends as done, not as killed."""
        loop = asyncio.get_running_loop()
        try:
            for number in (signal.SIGTERM, signal.SIGINT):
                loop.add_signal_handler(number, self.stop)
        except (ValueError, RuntimeError):
            # not in the main thread: whoever started it there stops it himself
            pass
        yield


def tls_context(certificate: Path, key: Path) -> ssl.SSLContext:
    """TLS 1.3 with this certificate (PEM, its chain included) and key. Raises CertificateUnusable."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # no tickets: they would let the network see that two connections are of one device
    context.num_tickets = 0
    try:
        context.load_cert_chain(certificate, key)
    except (OSError, ssl.SSLError):
        raise CertificateUnusable from None
    return context


def listen(host: str, port: int) -> list[socket.socket]:
    """A socket that listens; "" is every address, IPv4 and IPv6. Raises PortBusy."""
    _allow_connections()
    every = not host and socket.has_dualstack_ipv6()
    family = socket.AF_INET6 if every or ":" in host else socket.AF_INET
    # said to be TCP in so many words: asyncio sends small answers without delay only then
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            listening.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0 if every else 1)
        listening.bind((host, port))
        listening.listen(_BACKLOG)
    except (OSError, OverflowError):
        listening.close()
        raise PortBusy from None
    return [listening]


def _allow_connections() -> None:
    """As many open files as there may be connections, and some; the usual limit of a process is just below."""
    import resource

    wanted = 2 * CONNECTIONS_MOST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(
            resource.RLIMIT_NOFILE, (wanted if hard == resource.RLIM_INFINITY else min(wanted, hard), hard)
        )


async def serve(
    service: Service,
    sockets: list[socket.socket],
    tls: ssl.SSLContext | None,
    *,
    dormant_months: int,
    started: Callable[[Server], None],
) -> None:
    """Serves on listening sockets until the server is stopped. The storage stays open."""
    config = uvicorn.Config(
        app.build(service),
        http=Connection,
        ws="none",
        lifespan="off",
        loop="asyncio",
        interface="asgi3",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        date_header=False,
        workers=1,
        backlog=_BACKLOG,
        h11_max_incomplete_event_size=protocol.HEADER_MOST,
        timeout_keep_alive=IDLE_SECONDS,
        timeout_graceful_shutdown=GRACE_SECONDS,
        ssl_context_factory=(lambda _config, _default: tls) if tls else None,
    )
    server = Server(config, service, lambda: started(server))
    # a connection that breaks is no news, and asyncio would tell it with its address
    asyncio.get_running_loop().set_exception_handler(lambda _loop, _context: None)
    chore = asyncio.create_task(chores.run(service, dormant_months))
    try:
        await server.serve(sockets)
    finally:
        chore.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await chore


@contextlib.contextmanager
def silence() -> Iterator[None]:
    """Nothing of the libraries is logged meanwhile: their lines hold addresses and times."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
