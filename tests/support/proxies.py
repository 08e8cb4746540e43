"""The proxies of docs/server, before a real server: the documents' own files, with only addresses and paths put in."""

import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from time import monotonic, sleep

from tests.support.command import ROOT
from tests.support.server import Running

FILES = ROOT / "docs/server"
STRANGER = "127.0.0.77"
"""Where our own requests come from: an address that stands nowhere else."""
_STARTS_SECONDS = 20


@dataclass
class Proxied:
    """A server behind a proxy; `written` is the folder in which the proxy keeps whatever it writes down."""

    server: Running
    written: Path

    def said(self) -> bytes:
        """All that it wrote down."""
        return b"".join(path.read_bytes() for path in sorted(self.written.rglob("*")) if path.is_file())


def free_port() -> int:
    """A port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _put(text: str, changes: dict[str, str]) -> str:
    for old, new in changes.items():
        assert old in text, old
        text = text.replace(old, new)
    return text


def nginx(folder: Path, port: int, upstream: str, changes: dict[str, str]) -> list[str]:
    """Writes the site as it stands in the document into a main configuration that logs, as Debian's does."""
    site = _put(
        (FILES / "nginx.conf").read_text("utf-8"),
        changes
        | {
            "listen 443 ssl": f"listen 127.0.0.1:{port} ssl",
            "    listen [::]:443 ssl default_server;\n": "",
            "/etc/ongemerkt/fullchain.pem": f"{folder}/tls.crt",
            "/etc/ongemerkt/privkey.pem": f"{folder}/tls.key",
            "http://127.0.0.1:8080": upstream,
        },
    )
    (folder / "site").write_text(site, "utf-8")
    temporary = "".join(
        f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (folder / "nginx.conf").write_text(
        f"daemon off; pid {folder}/pid; error_log {folder}/written/error.log; events {{}}\n"
        f"http {{ {temporary} access_log {folder}/written/access.log; include {folder}/site; }}\n",
        "utf-8",
    )
    return ["nginx", "-c", f"{folder}/nginx.conf", "-e", f"{folder}/written/start.log"]


def caddy(folder: Path, port: int, upstream: str, changes: dict[str, str]) -> list[str]:
    """Writes the document's Caddyfile."""
    text = _put(
        (FILES / "Caddyfile").read_text("utf-8"),
        changes
        | {
            "https://sync.example.nl": f"https://127.0.0.1:{port}",
            "/etc/ongemerkt/fullchain.pem": f"{folder}/tls.crt",
            "/etc/ongemerkt/privkey.pem": f"{folder}/tls.key",
            "127.0.0.1:8080": upstream.removeprefix("http://"),
        },
    )
    (folder / "Caddyfile").write_text(text, "utf-8")
    return ["caddy", "run", "--adapter", "caddyfile", "--config", f"{folder}/Caddyfile"]


PROXIES = {"nginx": nginx, "caddy": caddy}


def missing(name: str) -> bool:
    """Whether the program is not there."""
    return shutil.which(name, path="/usr/sbin:/usr/bin:/sbin:/bin") is None


@contextmanager
def proxied(name: str, server: Running, folder: Path, changes: dict[str, str] | None = None) -> Iterator[Proxied]:
    """A proxy before a server that serves plainly; `changes` are made in the document's file."""
    folder.mkdir()
    (folder / "written").mkdir(mode=0o777)
    for file in ("tls.crt", "tls.key"):
        shutil.copy(server.folder / file, folder)
    port = free_port()
    command = PROXIES[name](folder, port, server.url, changes or {})
    environment = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "HOME": str(folder)}
    with (folder / "written/output").open("wb") as output:
        process = subprocess.Popen(command, env=environment, stdout=output, stderr=output)
    front = Running(f"https://127.0.0.1:{port}", server.pin, server.receipt_key, server.folder, server.invite)
    try:
        _wait(process, port)
        yield Proxied(front, folder / "written")
    finally:
        process.terminate()
        process.wait(_STARTS_SECONDS)


def _wait(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = monotonic() + _STARTS_SECONDS
    while process.poll() is None and monotonic() < deadline:
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        sleep(0.02)
    raise AssertionError("the proxy does not start")


def as_stranger(port: int, data: bytes, *, tls: bool = True) -> bytes:
    """Sends bytes from the address STRANGER, and gives the first that come back (none if it hangs up)."""
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 20, (STRANGER, 0)) as plain:
        if not tls:
            plain.sendall(data)
            return plain.recv(64)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        with context.wrap_socket(plain) as line:
            line.sendall(data)
            return line.recv(64)
    return b""
