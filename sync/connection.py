"""One kept-alive connection to the server, and one request and answer over it (sync §8.1, §8.10).

Python's own http.client reads the answers: it loads in half the time of urllib3, and with a reader below it that bounds
bytes and time there is nothing left that the larger library would add. No proxy is asked for from the environment: it
would see the server's name and decide about the addresses that are checked here.
"""

import http.client
import io
import socket
import ssl
import time
from pathlib import Path
from typing import NamedTuple, cast

from sync import country, protocol, tls
from sync.address import Endpoint, Url, resolve
from sync.country import Rule, Verdict
from sync.errors import ServerAnswersWrong, ServerOutOfReach

CONNECT_SECONDS = 5.0
"""From looking up the name to the end of the handshake, over all addresses."""
ANSWER_SECONDS = 30.0
"""For a request to leave, and again for its answer to come, besides what its size takes."""
SLOWEST = 64 << 10
"""Bytes a second: whoever is slower than this for longer than ANSWER_SECONDS is out of reach."""
HEADER_MOST = 2 * protocol.HEADER_MOST
"""Bytes of an answer besides its body: a proxy adds to what the server says."""
ERROR_MOST = 4 << 10
"""Bytes of the body of an answer that tells an error."""
_STATUS_LINE = "HTTP/1.1 "
_SENT_AT_ONCE = 64 << 10

BODILESS = frozenset((413, 429, 500, 502, 503, 504))
"""Errors of which the status says all; a proxy before the server may tell them in its own words."""


class Unanswered(ServerOutOfReach):
    """The connection ended before the first byte of an answer."""


class Answer(NamedTuple):
    """An answer, its body within bounds. Header values are None where they are absent."""

    status: int
    media: str
    next_nonce: str | None
    retry_after: str | None
    body: bytes


class Connection:
    """A connection to a server whose country and key have been checked.

    `pin` is that of its key (32 bytes), `place` what is told of its address. `sent` and `received` count the bytes
    within TLS, `answered` the answers.
    """

    def __init__(self, sock: ssl.SSLSocket, pin: bytes, place: Verdict) -> None:
        self._sock = sock
        self.pin = pin
        self.place = place
        self.sent = 0
        self.received = 0
        self.answered = 0
        self.open = True

    def exchange(self, head: bytes, body: bytes, expected: int, most: int) -> Answer:
        """Sends a request, and reads the answer: of status `expected` at most so many bytes of body.

        Raises Unanswered, ServerOutOfReach, ServerAnswersWrong; then the connection is closed.
        """
        done = False
        try:
            whole = self._send(head, body)
            answer = self._receive(expected, most)
            done = whole
            self.answered += 1
            return answer
        finally:
            if not done:
                self.close()

    def close(self) -> None:
        """Ends the connection, also under the hands of another thread that waits for an answer. May be repeated."""
        self.open = False
        try:
            # Not the method of SSLSocket: it takes TLS off first, and a write at that moment would go out in the clear.
            socket.socket.shutdown(self._sock, socket.SHUT_RDWR)
        except OSError:
            pass
        self._sock.close()

    def _send(self, head: bytes, body: bytes) -> bool:
        """Whether all of it left: a server that refuses a request may answer before it has read all."""
        deadline = _Deadline()
        first = _SENT_AT_ONCE - len(head)
        parts = [head + body[:first]]
        parts += [body[at : at + _SENT_AT_ONCE] for at in range(first, len(body), _SENT_AT_ONCE)]
        try:
            for part in parts:
                left = memoryview(part)
                while left:
                    self._sock.settimeout(deadline.left())
                    count = self._sock.send(left)
                    left = left[count:]
                    self.sent += count
                    deadline.moved(count)
        except TimeoutError:
            raise ServerOutOfReach from None
        except (ConnectionError, ssl.SSLEOFError, ssl.SSLZeroReturnError):
            return False
        except OSError as error:
            raise tls.failed(error) from None
        return True

    def _receive(self, expected: int, most: int) -> Answer:
        raw = _Incoming(self._sock, HEADER_MOST + max(most, ERROR_MOST) * 17 // 16)
        reader = _Kept(raw)
        try:
            # http.client asks a socket for nothing but a file to read from
            response = http.client.HTTPResponse(cast(socket.socket, _Source(reader)))
            response.begin()
            if raw.ended:
                # http.client takes the end of the connection for the end of the headers
                raise ServerOutOfReach
            answer = _read(response, expected, most)
        except ConnectionResetError:
            # a reset, and what http.client raises for no answer at all
            raise (ServerOutOfReach if raw.received else Unanswered) from None
        except (http.client.HTTPException, ValueError) as error:
            raise (ServerOutOfReach if raw.ended and _begins(error) else ServerAnswersWrong) from None
        except OSError as error:
            raise tls.failed(error) from None
        finally:
            self.received += raw.received
        raw.stopped = True
        if answer.status in BODILESS:
            self.close()
        elif reader.peek():
            raise ServerAnswersWrong
        elif response.will_close:
            self.close()
        return answer


def connect(url: Url, pin: bytes | None, rule: Rule, month: int, data: Path | None = None) -> Connection:
    """Looks up the name, checks every address, connects to one of those and checks the key; nothing is sent before.

    `pin` as in tls.handshake, `month` the present one, `data` a file that is newer than the shipped one. Raises
    ServerOutOfReach, ServerKeyChanged, ServerAbroad, CountryUnknown, CountryDataRefused, ServerAnswersWrong.
    """
    until = time.monotonic() + CONNECT_SECONDS
    endpoints = resolve(url, CONNECT_SECONDS)
    addresses = [endpoint.address for endpoint in endpoints]
    needed = rule != Rule.ANY and country.needs_data(addresses)
    verdicts = country.check(addresses, rule, country.load(data) if needed else None, month)
    for at, (endpoint, verdict) in enumerate(zip(endpoints, verdicts, strict=True)):
        # One address that swallows everything must not take the time of the others.
        seconds = (until - time.monotonic()) / (len(endpoints) - at)
        try:
            return Connection(*_connect_one(endpoint, url.host, pin, seconds), verdict)
        except ServerOutOfReach:
            continue
    raise ServerOutOfReach


def _connect_one(endpoint: Endpoint, host: str, pin: bytes | None, seconds: float) -> tuple[ssl.SSLSocket, bytes]:
    until = time.monotonic() + seconds
    if seconds <= 0:
        raise ServerOutOfReach
    sock = socket.socket(endpoint.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(seconds)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(endpoint.where)
        sock.settimeout(max(until - time.monotonic(), 0.001))
    except OSError:
        sock.close()
        raise ServerOutOfReach from None
    return tls.handshake(sock, host, pin)


def _begins(error: Exception) -> bool:
    """Whether what http.client could not read may be the beginning of an answer."""
    line = str(error.args[0]) if isinstance(error, http.client.BadStatusLine) else ""
    return _STATUS_LINE.startswith(line[: len(_STATUS_LINE)])


def _read(response: http.client.HTTPResponse, expected: int, most: int) -> Answer:
    """The answer whose first lines have been read. Raises ServerAnswersWrong, and what http.client raises."""
    headers = response.headers
    lengths = headers.get_all("Content-Length", [])
    codings = headers.get_all("Transfer-Encoding", [])
    if response.version != 11 or headers.defects or headers.get_payload():
        raise ServerAnswersWrong
    if headers.get("Content-Encoding", "identity") != "identity" or len(lengths) + len(codings) > 1:
        raise ServerAnswersWrong
    if any(coding.lower() != "chunked" for coding in codings):
        raise ServerAnswersWrong
    if not all(length.isascii() and length.isdecimal() for length in lengths):
        raise ServerAnswersWrong
    answer = Answer(
        response.status,
        headers.get("Content-Type", "").partition(";")[0].strip().lower(),
        headers.get("Next-Nonce"),
        headers.get("Retry-After"),
        b"",
    )
    if response.status in BODILESS:
        return answer
    bound = most if response.status == expected else ERROR_MOST
    if not response.chunked and (response.length is None or response.length > bound):
        raise ServerAnswersWrong
    body = response.read(bound + 1) if response.chunked else response.read()
    if len(body) > bound or not response.isclosed():
        raise ServerAnswersWrong
    return answer._replace(body=body)


class _Deadline:
    """Time that grows with what was moved, and with nothing else."""

    def __init__(self) -> None:
        self._until = time.monotonic() + ANSWER_SECONDS

    def moved(self, count: int) -> None:
        self._until += count / SLOWEST

    def left(self) -> float:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left


class _Incoming(io.RawIOBase):
    """What comes in, within bounds of bytes and time; after `stopped` nothing is asked of the socket any more."""

    def __init__(self, sock: ssl.SSLSocket, most: int) -> None:
        super().__init__()
        self._sock = sock
        self._most = most
        self._deadline = _Deadline()
        self.received = 0
        self.ended = False
        self.stopped = False

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        if self.stopped:
            return 0
        self._sock.settimeout(self._deadline.left())
        count = self._sock.recv_into(buffer)
        self.received += count
        self._deadline.moved(count)
        self.ended = count == 0
        if self.received > self._most:
            raise ServerAnswersWrong
        return count


class _Kept(io.BufferedReader):
    """Is not closed by http.client at the end of an answer, so that bytes after it are seen."""

    def close(self) -> None:
        pass


class _Source:
    def __init__(self, reader: io.BufferedReader) -> None:
        self._reader = reader

    def makefile(self, _mode: str) -> io.BufferedReader:
        return self._reader
