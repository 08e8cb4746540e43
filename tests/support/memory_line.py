"""The production transport over no network: what it would send goes into a hostile server in memory, byte for byte.

Only sync.connection's `connect` is replaced; requests, signatures, nonces and the reading of answers are the program's.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from unittest import mock

from sync import protocol, transport
from sync.connection import Answer, Unanswered
from sync.country import Rule
from sync.errors import ServerAnswersWrong
from sync.transport import Transport
from tests.support.hostile_server import AUTHORITY, HostileServer, OutOfReach, Request

URL = f"https://{AUTHORITY}"
PIN = bytes(32)


class Line:
    """What sync.connection.Connection is to the transport."""

    def __init__(self, server: HostileServer) -> None:
        self._server = server
        self.pin, self.place = PIN, None
        self.sent = self.received = self.answered = 0
        self.open = True

    def exchange(self, head: bytes, body: bytes, expected: int, most: int) -> Answer:
        """One request and its answer."""
        self.sent += len(head) + len(body)
        try:
            status, headers, answer = self._server.answer(read(head, body))
        except OutOfReach:
            self.open = False
            raise Unanswered from None
        if len(answer) > most and status == expected:
            raise ServerAnswersWrong
        self.received += len(answer)
        self.answered += 1
        nonce = headers.get(protocol.NEXT_NONCE.lower())
        return Answer(status, headers["content-type"], nonce, headers.get("retry-after"), answer)

    def close(self) -> None:
        """Ends it."""
        self.open = False


def read(head: bytes, body: bytes) -> Request:
    """A request from its bytes."""
    first, *lines = head.decode("ascii").split("\r\n")[:-2]
    method, target, _ = first.split(" ")
    path, _, query = target.partition("?")
    fields = dict(line.split(": ", 1) for line in lines)
    return Request(method, path, query, {name.lower(): value for name, value in fields.items()}, body)


def transport_to(device: bytes, sign: Callable[[bytes], bytes], month: int) -> Transport:
    """The production transport of one device, to be used within `lines_to`."""
    return Transport(URL, PIN, Rule.ANY, device, sign, month)


@contextmanager
def lines_to(server: HostileServer) -> Iterator[None]:
    """Every connection that is made meanwhile leads to this server."""
    with mock.patch.object(transport, "connect", side_effect=lambda *_: Line(server)):
        yield
