"""`run`: serves until SIGTERM or Ctrl-C. Several nodes on one PostgreSQL run with copies of one folder."""

import argparse
import ipaddress
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from sync.server import failures
from sync.server.context import Context, tell
from sync.server.messages import _
from sync.server.settings import SQLITE, Settings

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterator

PORT = 8443
_PORT_MOST = 65535


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.description = _(
        "Serve until it is told to stop. Several nodes behind one name share one PostgreSQL, and each has a copy of"
        " the folder of the first: all must sign with one key."
    )
    parser.add_argument("--host", default="", help=_("the address where it listens; without it, all of this machine"))
    parser.add_argument("--port", type=int, default=PORT, help=_("the port; 0 takes any that is free"))
    parser.add_argument("--tls-cert", default="", metavar="FILE", help=_("a certificate other than at init"))
    parser.add_argument("--tls-key", default="", metavar="FILE", help=_("its key"))
    parser.add_argument(
        "--behind-proxy", action="store_true", help=_("plain HTTP on this machine alone, for a proxy that does the TLS")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Serves."""
    import asyncio

    from sync.server import database, keys, serving, settings
    from sync.server.service import Service

    chosen = settings.read(context.folder)
    host = _host(arguments)
    receipts = keys.load_receipt_key(context.folder)
    tls = None if arguments.behind_proxy else _tls(context.folder, chosen, arguments)
    with _alone(context.folder, chosen):
        storage = database.opened(context.folder, chosen.database)
        service = Service(storage, receipts, context.today, context.monotonic, _fault)
        try:
            sockets = serving.listen(host, arguments.port)
            line = _("Serving at {where}").format(where=_address(tls, host, sockets[0].getsockname()[1]))
            serve = serving.serve(
                service, sockets, tls, dormant_months=chosen.dormant_months, started=lambda _server: tell(line)
            )
            with serving.silence():
                asyncio.run(serve)
        finally:
            service.close()
    tell(_("Stopped."))
    return 0


def _fault(line: str) -> None:
    tell(_("Fault: {line}").format(line=line))


def _address(tls: "ssl.SSLContext | None", host: str, port: int) -> str:
    shown = f"[{host}]" if ":" in host else host or "*"
    return f"{'https' if tls else 'http'}://{shown}:{port}"


def _host(arguments: argparse.Namespace) -> str:
    host: str = arguments.host
    if not 0 <= arguments.port <= _PORT_MOST:
        raise failures.Refused(failures.USAGE, "Usage", _("A port is a number from 0 to 65535."))
    if not arguments.behind_proxy:
        return host
    host = {"": "127.0.0.1", "localhost": "127.0.0.1"}.get(host, host)
    try:
        loopback = ipaddress.ip_address(host).is_loopback
    except ValueError:
        loopback = False
    if not loopback:
        sentence = _("Behind a proxy it serves without TLS, so only at a loopback address such as 127.0.0.1.")
        raise failures.Refused(failures.USAGE, "Usage", sentence)
    return host


def _tls(folder: Path, chosen: Settings, arguments: argparse.Namespace) -> "ssl.SSLContext":
    from sync.server import serving, settings

    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise failures.Refused(failures.USAGE, "Usage", _("Give --tls-cert and --tls-key together."))
    if arguments.tls_cert:
        return serving.tls_context(Path(arguments.tls_cert), Path(arguments.tls_key))
    return serving.tls_context(*settings.certificate(folder, chosen))


@contextmanager
def _alone(folder: Path, chosen: Settings) -> "Iterator[None]":
    """With SQLite one process serves: nonces are in its memory. Raises ServerRunning."""
    if chosen.database != SQLITE:
        yield
        return
    from sync.server import files

    with files.locked(folder):
        yield
