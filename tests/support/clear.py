"""A TLS end before a real server: what goes through is kept in the clear, both ways, for a test that reads it all."""

import socket
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import h11


@dataclass
class Exchange:
    """One request and its answer, as they went over the line."""

    method: str
    target: str
    headers: dict[str, str]
    body: bytes
    status: int
    answer_headers: dict[str, str]
    answer: bytes


@dataclass
class _Spoken:
    """One connection's bytes."""

    up: bytearray = field(default_factory=bytearray)
    down: bytearray = field(default_factory=bytearray)


@dataclass
class Heard:
    """Everything that went through."""

    lines: list[_Spoken] = field(default_factory=list)

    def exchanges(self) -> list[Exchange]:
        """All requests and answers, in order."""
        return [found for line in self.lines for found in _exchanges(bytes(line.up), bytes(line.down))]


def _exchanges(up: bytes, down: bytes) -> Iterator[Exchange]:
    server = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 16)
    client = h11.Connection(h11.CLIENT, max_incomplete_event_size=1 << 16)
    server.receive_data(up)
    client.receive_data(down)
    while True:
        request = server.next_event()
        if not isinstance(request, h11.Request):
            return
        body = _body(server)
        client.send(h11.Request(method=request.method, target=request.target, headers=list(request.headers)))
        if body:
            client.send(h11.Data(data=body))
        client.send(h11.EndOfMessage())
        response = client.next_event()
        if not isinstance(response, h11.Response):
            return
        answer = _body(client)
        yield Exchange(
            request.method.decode(),
            request.target.decode(),
            _fields(request),
            body,
            response.status_code,
            _fields(response),
            answer,
        )
        server.send(h11.Response(status_code=200, headers=[("content-length", "0")]))
        server.send(h11.EndOfMessage())
        if server.our_state is not h11.DONE or client.our_state is not h11.DONE:
            return
        server.start_next_cycle()
        client.start_next_cycle()


def _body(connection: h11.Connection) -> bytes:
    found = bytearray()
    while isinstance(event := connection.next_event(), h11.Data):
        found += event.data
    return bytes(found)


def _fields(message: h11.Request | h11.Response) -> dict[str, str]:
    return {name.decode().lower(): value.decode() for name, value in message.headers}


@contextmanager
def clear(certificate: Path, key: Path, port: int) -> Iterator[tuple[int, Heard]]:
    """Ends TLS with this certificate at the given front port, and passes on to `port` in the clear."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    heard = Heard()

    def serve(plain: socket.socket) -> None:
        with (
            suppress(OSError),
            context.wrap_socket(plain, server_side=True) as front,
            socket.create_connection(("127.0.0.1", port)) as back,
        ):
            spoken = _Spoken()
            heard.lines.append(spoken)
            down = threading.Thread(target=_pass, args=(back, front, spoken.down), daemon=True)
            down.start()
            _pass(front, back, spoken.up)
            with suppress(OSError):
                back.shutdown(socket.SHUT_WR)
            down.join()

    def accept() -> None:
        while True:
            try:
                plain, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=serve, args=(plain,), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, daemon=True).start()
        try:
            yield listener.getsockname()[1], heard
        finally:
            listener.shutdown(socket.SHUT_RDWR)


def _pass(source: socket.socket, target: socket.socket, kept: bytearray) -> None:
    with suppress(OSError):
        while data := source.recv(1 << 16):
            kept += data
            target.sendall(data)
