"""A small TLS server on loopback whose every byte is up to the test: for what a sound server would never say.

with serving(answering(lambda request: reply(200, b"…"))) as server:
    Transport(server.url, server.pin, …)
"""

import atexit
import base64
import datetime as dt
import functools
import hashlib
import os
import socket
import ssl
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple, Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from sync import protocol

OCTETS = protocol.OCTETS
JSON = "application/json"


class Request(NamedTuple):
    """A request as it came; header names in lower case."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    head: bytes


class Link:
    """The server's end of one connection."""

    def __init__(self, server: "Server", sock: ssl.SSLSocket) -> None:
        self.server = server
        self.sock = sock
        self._file = sock.makefile("rb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def request(self) -> Request | None:
        """The next request, None when the client has gone."""
        try:
            lines = []
            while (line := self._file.readline()) not in (b"\r\n", b""):
                lines.append(line)
            if not lines or not line:
                return None
            headers = dict(one.decode("ascii").rstrip("\r\n").split(": ", 1) for one in lines[1:])
            headers = {name.lower(): value for name, value in headers.items()}
            body = self._file.read(int(headers.get("content-length", "0")))
        except OSError:
            return None
        method, target, _ = lines[0].decode("ascii").split(" ")
        request = Request(method, target, headers, body, b"".join(lines))
        self.server.requests.append(request)
        return request

    def send(self, data: bytes) -> bool:
        """Whether it could be sent."""
        try:
            self.sock.sendall(data)
        except OSError:
            return False
        return True


Behaviour = Callable[[Link], None]
Named = Callable[[ssl.SSLObject | ssl.SSLSocket, str | None, ssl.SSLContext], None]


def listen(link: Link) -> None:
    """Says nothing, and keeps what it hears."""
    while data := link.sock.recv(1 << 16):
        link.server.heard += data


class Server:
    """A running server: its `port` and `pin`; `requests` that were read, `accepted` connections, `handshakes` done.

    `heard` are the bytes that `listen` read, `resumed` counts sessions that were not new.
    """

    def __init__(self, port: int, pin: bytes) -> None:
        self.port = port
        self.pin = pin
        self.requests: list[Request] = []
        self.accepted = 0
        self.handshakes = 0
        self.resumed = 0
        self.heard = b""
        self.ended = threading.Event()

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self.port}"

    def paths(self) -> list[str]:
        """The paths that were asked for."""
        return [request.target.partition("?")[0] for request in self.requests]


@functools.cache
def certificate(name: str = "server") -> tuple[Path, bytes]:
    """A file with a fresh key and a certificate that it signed itself, and its pin; the same ones for the same name."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test")])
    day = dt.datetime(2020, 1, 1, tzinfo=dt.UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        # Long past: what dates a certificate claims must not matter.
        .not_valid_before(day)
        .not_valid_after(day + dt.timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    handle, path = tempfile.mkstemp(suffix=f"-{name}.pem")
    atexit.register(os.unlink, path)
    with os.fdopen(handle, "wb") as file:
        plain = serialization.NoEncryption()
        file.write(key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain) + made.public_bytes(pem))
    return Path(path), pin_of(key.public_key())


def pin_of(key: ec.EllipticCurvePublicKey) -> bytes:
    """The pin of a public key, not by the program's own reading."""
    info = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(info).digest()


@contextmanager
def serving(
    behave: Behaviour,
    *,
    key: str = "server",
    newest: ssl.TLSVersion = ssl.TLSVersion.TLSv1_3,
    named: Named | None = None,
) -> Iterator[Server]:
    """A server that does with every connection, once its handshake is done, what `behave` says, and closes it.

    `named` hears the name that a client asks for.
    """
    path, pin = certificate(key)
    settings = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    settings.load_cert_chain(path)
    settings.maximum_version = newest
    settings.sni_callback = named

    def handle(server: Server, sock: socket.socket) -> None:
        sock.settimeout(20)
        with settings.wrap_socket(sock, server_side=True) as secured:
            server.handshakes += 1
            server.resumed += bool(secured.session_reused)
            with Link(server, secured) as link:
                behave(link)

    with listening(handle, pin) as server:
        yield server


@contextmanager
def listening(handle: Callable[[Server, socket.socket], None], pin: bytes = b"") -> Iterator[Server]:
    """The same without TLS: `handle` gets the bare connection, in a thread of its own."""
    threads: list[threading.Thread] = []

    def one(sock: socket.socket) -> None:
        with sock:
            try:
                handle(server, sock)
            except OSError:
                pass

    def accept() -> None:
        while True:
            try:
                sock, _ = listener.accept()
            except OSError:
                return
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            server.accepted += 1
            threads.append(threading.Thread(target=one, args=(sock,), daemon=True))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1], pin)
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield server
        finally:
            server.ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            for thread in (accepting, *threads):
                thread.join()


# -- what is said


def reply(status: int, body: bytes = b"", media: str = OCTETS, *more: str) -> bytes:
    """A sound answer: `more` are further header lines."""
    lines = [f"HTTP/1.1 {status} Said", f"Content-Length: {len(body)}", *more]
    if body:
        lines.append(f"Content-Type: {media}")
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + body


def error(status: int, name: str, *more: str) -> bytes:
    """An error as sync §8.3 has it."""
    return reply(status, b'{"error":"%s"}' % name.encode(), JSON, *more)


def nonce_header(nonce: bytes) -> str:
    """The header line that brings the next nonce."""
    return f"{protocol.NEXT_NONCE}: {base64.urlsafe_b64encode(nonce).decode().rstrip('=')}"


def nonces(*found: bytes) -> bytes:
    """The answer to a request for nonces."""
    texts = ",".join(f'"{base64.urlsafe_b64encode(one).decode().rstrip("=")}"' for one in found)
    return reply(200, f'{{"nonces":[{texts}]}}'.encode(), JSON)


def answering(
    answer: Callable[[Request], bytes | None], drawn: Callable[[], bytes] = lambda: os.urandom(16)
) -> Behaviour:
    """Gives out nonces, and answers every other request with the bytes given; None ends the connection."""

    def behave(link: Link) -> None:
        while (request := link.request()) is not None:
            if request.target.startswith(protocol.NONCES_PATH):
                said: bytes | None = nonces(*(drawn() for _ in range(protocol.NONCES)))
            else:
                said = answer(request)
            if said is None or not link.send(said):
                return

    return behave
