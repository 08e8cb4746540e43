"""A line that somebody listens to: a loopback proxy that notes the TLS records in each direction, and can cut it.

    with tap(port) as (front, record):
        ...  # talk to `front` instead of `port`
    record.lines[0].shape()

All that an observer of the network has: how many records, of which sizes, in which order, in which direction.
"""

import selectors
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

APPLICATION = 23
"""Content type of the TLS records with application data; under TLS 1.3 of the sealed part of the handshake as well."""
_HEADER = 5
_WAIT = 0.05


class TlsRecord(NamedTuple):
    """One TLS record: from client to server (`up`) or back, content type, and size in bytes without its header."""

    up: bool
    kind: int
    size: int


@dataclass
class Line:
    """One connection: its records in the order in which they were complete, and all bytes in each direction."""

    records: list[TlsRecord] = field(default_factory=list)
    up: int = 0
    down: int = 0

    def shape(self, kind: int | None = None) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Sizes of the records up and of those down, in order; of one content type, if it is given.

        Each direction by itself, since where records of both cross, their order is up to chance.
        """
        chosen = [record for record in self.records if kind in (None, record.kind)]
        return tuple(one.size for one in chosen if one.up), tuple(one.size for one in chosen if not one.up)

    def session(self) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Sizes of the records up and of those down that came after the handshake of TLS 1.3.

        In it the length of the server's signature is up to chance. It ends with a message of either side of one size.
        """
        up, down = self.shape(APPLICATION)
        return up[1:], down[down.index(up[0]) + 1 :]

    def turns(self) -> list[tuple[bool, int]]:
        """Who spoke after whom, and the bytes of its records of application data in that turn."""
        turns: list[tuple[bool, int]] = []
        for record in self.records:
            if record.kind == APPLICATION:
                before = turns.pop()[1] if turns and turns[-1][0] == record.up else 0
                turns.append((record.up, before + record.size))
        return turns


@dataclass
class Record:
    """What was heard: the connections in the order in which they were made."""

    lines: list[Line] = field(default_factory=list)

    def shape(self) -> list[tuple[tuple[int, ...], tuple[int, ...]]]:
        """The shape of every connection."""
        return [line.shape() for line in self.lines]


class _Way:
    """One direction of a connection: bytes on their way, and the records in them."""

    def __init__(self, line: Line, source: socket.socket, target: socket.socket, up: bool, cut: int | None) -> None:
        self.line, self.source, self.target, self.up, self.cut = line, source, target, up, cut
        self._rest = b""

    def pass_on(self) -> bool:
        """Takes what has come and sends it on; whether the connection goes on."""
        try:
            data = self.source.recv(1 << 16)
        except OSError:
            return False
        whole = self.cut is None or len(data) < self.cut
        if self.cut is not None:
            data = data[: self.cut]
            self.cut -= len(data)
        self._note(data)
        try:
            self.target.sendall(data)
        except OSError:
            return False
        return bool(data) and whole

    def _note(self, data: bytes) -> None:
        if self.up:
            self.line.up += len(data)
        else:
            self.line.down += len(data)
        self._rest += data
        while len(self._rest) >= _HEADER:
            size = int.from_bytes(self._rest[3:_HEADER], "big")
            if len(self._rest) < _HEADER + size:
                break
            self.line.records.append(TlsRecord(self.up, self._rest[0], size))
            self._rest = self._rest[_HEADER + size :]


def _relay(line: Line, front: socket.socket, port: int, cut: int | None, ended: threading.Event) -> None:
    with front, socket.create_connection(("127.0.0.1", port)) as back, selectors.DefaultSelector() as ready:
        for sock in (front, back):
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        ready.register(front, selectors.EVENT_READ, _Way(line, front, back, True, None))
        ready.register(back, selectors.EVENT_READ, _Way(line, back, front, False, cut))
        while not ended.is_set():
            for key, _ in ready.select(_WAIT):
                if not key.data.pass_on():
                    return


@contextmanager
def tap(port: int, cut: int | None = None) -> Iterator[tuple[int, Record]]:
    """Listens to the connections that are made to `port` through the given front port.

    With `cut` each connection ends after so many bytes of the server's.
    """
    record = Record()
    ended = threading.Event()
    threads: list[threading.Thread] = []

    def accept() -> None:
        while True:
            try:
                front, _ = listener.accept()
            except OSError:
                return
            line = Line()
            record.lines.append(line)
            threads.append(threading.Thread(target=_relay, args=(line, front, port, cut, ended), daemon=True))
            threads[-1].start()

    with socket.create_server(("127.0.0.1", 0)) as listener:
        accepting = threading.Thread(target=accept, daemon=True)
        accepting.start()
        try:
            yield listener.getsockname()[1], record
        finally:
            ended.set()
            listener.shutdown(socket.SHUT_RDWR)
            for thread in (accepting, *threads):
                thread.join()
