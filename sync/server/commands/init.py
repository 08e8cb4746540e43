"""`init`: a folder with keys, settings and, unless certificate files are given, a certificate that it signed itself."""

import argparse
import re
import sys
from pathlib import Path
from urllib.parse import urlsplit

from sync.server import failures, files
from sync.server.context import Context, answer, document, tell
from sync.server.errors import ServerExists
from sync.server.messages import _
from sync.server.settings import SQLITE, Settings

_LOCAL = ("localhost", "127.0.0.1", "::1")
_URL = re.compile(r"https://[!-~]{1,192}")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Its options."""
    parser.add_argument(
        "--database",
        default=SQLITE,
        metavar="sqlite|postgresql://…|-",
        help=_("where it keeps everything; - reads the address from standard input, so that a password stays unseen"),
    )
    parser.add_argument("--url", default="", metavar="URL", help=_("the server's own address, for its certificate"))
    parser.add_argument("--tls-cert", default="", metavar="FILE", help=_("a certificate of your own (PEM, its chain)"))
    parser.add_argument("--tls-key", default="", metavar="FILE", help=_("its key"))
    parser.add_argument("--pin-cert", default="", metavar="FILE", help=_("behind a proxy: the proxy's certificate"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Makes the server. The settings come last: what was stopped halfway is no server yet, and `init` goes on with it.
    Keys that are there are never replaced."""
    from sync.server import database, keys, serving, settings

    if (context.folder / settings.FILE).exists():
        raise ServerExists
    chosen = _settings(arguments)
    if arguments.pin_cert:
        chosen = chosen._replace(pin=settings.pin_of_file(Path(arguments.pin_cert)).hex())
    files.make_folder(context.folder)
    if not (context.folder / keys.RECEIPT).exists():
        keys.make_receipt_key(context.folder)
    if not chosen.tls_cert and not (context.folder / keys.TLS_CERT).exists():
        (context.folder / keys.TLS_KEY).unlink(missing_ok=True)
        keys.make_certificate(context.folder, _names(chosen.url), context.today())
    serving.tls_context(*settings.certificate(context.folder, chosen))
    database.opened(context.folder, chosen.database).close()
    settings.write(context.folder, chosen)
    pin = settings.pin(context.folder, chosen).hex()
    if context.json:
        document({"pin": pin, "url": chosen.url})
    else:
        answer(_("The server is ready. The pin of its key:\n{pin}").format(pin=pin))
        tell(_("Start it with: ongemerkt-server run"))
    return 0


def _settings(arguments: argparse.Namespace) -> Settings:
    from sync.server import database

    where = arguments.database
    if where == "-":
        where = sys.stdin.readline().strip()
    elif database.has_password(where):
        sentence = _("A password doesn't belong in a command line: use --database - and give the address on stdin.")
        raise failures.Refused(failures.USAGE, "PasswordInArguments", sentence)
    if bool(arguments.tls_cert) != bool(arguments.tls_key):
        raise failures.Refused(failures.USAGE, "Usage", _("Give --tls-cert and --tls-key together."))
    url = arguments.url.rstrip("/")
    if url and not (_URL.fullmatch(url) and _host(url)):
        raise failures.Refused(failures.USAGE, "Usage", _("The address looks like https://sync.example.nl"))
    cert, key = (str(Path(file).absolute()) if file else "" for file in (arguments.tls_cert, arguments.tls_key))
    return Settings(database=where, url=url, tls_cert=cert, tls_key=key)


def _host(url: str) -> str:
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return ""
    plain = not (parts.path or parts.query or parts.fragment or parts.username)
    return parts.hostname or "" if plain else ""


def _names(url: str) -> list[str]:
    """The names that go into its own certificate."""
    return list(dict.fromkeys([*([_host(url)] if url else []), *_LOCAL]))
