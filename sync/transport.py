"""The client's side of the wire: requests of sync §8 as methods, every failure as one typed error (sync §8.3).

It carries bytes and judges only their number: what is in them is the engine's to check. Signing comes in as a callable,
the present month as a number. One session uses it at a time.
"""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, Self

from sync import protocol, signatures, tls
from sync.address import parse_url
from sync.connection import BODILESS, Answer, Connection, Unanswered, connect
from sync.country import Rule, Verdict
from sync.errors import (
    Conflict,
    DeviceAbsent,
    DeviceRemoved,
    InvitationRefused,
    NotKnown,
    OfferGone,
    RequestRefused,
    ServerAnswersWrong,
    ServerBusy,
    ServerFull,
    ServerNewer,
    ServerOutOfReach,
    SyncError,
)

PATIENCE_SECONDS = 10
"""So long is waited, once in a request, when the server asks for it."""
_JSON = "application/json"
_NONCES_MOST = 1 << 10

_NO_PAGES = 2 + protocol.SIGNATURE + 2 + 2 + 1 + 4
_SHARES_MOST = (protocol.SHARE_MONTHS + 2) * protocol.SHARE
_PAGES_MOST = protocol.pages_of(protocol.POOL_MOST) * (4 + protocol.PAGE_BOX)
_STATE = range(_NO_PAGES, _NO_PAGES + _SHARES_MOST + protocol.HEAD + _PAGES_MOST + 1)
_HELD = 2 + protocol.SIGNATURE


class _Call(NamedTuple):
    """A request, and what its answer must be: `sizes` of the body in bytes, `absent` what 404 means.

    `nonce` is one that does not come from the server. `once`: it must not reach the server twice, so it gets a fresh
    connection and is not sent again when that breaks.
    """

    method: str
    target: str
    body: bytes
    status: int = 200
    sizes: range = range(1)
    media: str = protocol.OCTETS
    signed: bool = True
    nonce: bytes | None = None
    once: bool = False
    absent: type[SyncError] = ServerNewer


class Transport:
    """Talks to one server as one device.

    `pin` (16 or 32 bytes) is that of the server's key; `device` the device's id (8 bytes), whose Ed25519 key makes the
    signatures in `sign`; `month` the present one; `data` a file with countries newer than the shipped one.

    Nothing is connected before the first request. All methods raise SyncError; those they share are ServerOutOfReach,
    ServerBusy, ServerKeyChanged, ServerAbroad, CountryUnknown, CountryDataRefused, ServerAnswersWrong, ServerNewer,
    and for signed requests NotKnown, DeviceRemoved, RequestRefused.

    `round_trips` counts requests that were answered, `nonce_trips` those among them that only fetched nonces,
    `bytes_sent` and `bytes_received` what went through TLS.
    """

    def __init__(
        self,
        url: str,
        pin: bytes,
        rule: Rule,
        device: bytes,
        sign: Callable[[bytes], bytes],
        month: int,
        data: Path | None = None,
    ) -> None:
        """Raises UrlRefused; ValueError for a pin that is neither short nor whole."""
        if len(pin) not in tls.PINS:
            raise ValueError("not the length of a pin")
        self._url = parse_url(url)
        self._pin = pin
        self._rule = rule
        self._device = device
        self._sign = sign
        self._month = month
        self._data = data
        self._nonces: list[bytes] = []
        self._connection: Connection | None = None
        self._closed = threading.Event()
        self._past = [0, 0, 0]
        self.nonce_trips = 0
        self.server_pin: bytes | None = None
        """The whole pin (32 bytes) of the server's key, once connected."""
        self.place: Verdict | None = None
        """What is told of the server's address, once connected."""

    # -- requests (sync §8.4 to §8.8)

    def state(self, body: bytes) -> bytes:
        """The server's state: body and answer as in sync §8.4."""
        return self._call(_Call("POST", protocol.STATE, body, sizes=_STATE)).body

    def fetch(self, body: bytes) -> bytes:
        """The boxes of the slots that are named (sync §8.5). Raises Conflict."""
        count = len(protocol.decode_fetch(body)[1])
        return self._call(_Call("POST", protocol.FETCH, body, sizes=_exactly(count * protocol.SLOT_BOX))).body

    def commit(self, body: bytes) -> bytes:
        """Month and receipt for a new head (sync §8.6). Raises Conflict, ServerFull."""
        return self._call(_Call("POST", protocol.COMMIT, body, sizes=_exactly(_HELD))).body

    def upload(self, generation: bytes, pool: int, start: int, boxes: bytes) -> None:
        """Boxes of consecutive slots from `start` on, for a pool that a commit will name (sync §8.7). ServerFull."""
        target = f"{protocol.POOLS}/{generation.hex()}?pool={pool}&from={start}"
        self._call(_Call("PUT", target, boxes, status=204))

    def enrol(self, secret: bytes, account: bytes, signing_key: bytes) -> bytes:
        """Makes an account; gives the server's receipt key (32 bytes). Raises InvitationRefused, Conflict."""
        call = _Call(
            *("POST", protocol.ACCOUNTS, secret + account + signing_key),
            status=201,
            sizes=_exactly(protocol.KEY),
            nonce=hashlib.sha256(secret).digest()[: protocol.NONCE],
            once=True,
            absent=InvitationRefused,
        )
        return self._call(call).body

    def add_device(self, signing_key: bytes, offer_id: bytes, offer: bytes) -> None:
        """Lets a device in and leaves its offer (sync §8.8). Raises Conflict, ServerFull."""
        self._call(_Call("POST", protocol.DEVICES, signing_key + offer_id + offer, status=201, once=True))

    def take_offer(self, offer_id: bytes) -> bytes:
        """The offer (512 bytes), which is then gone from the server. Raises OfferGone."""
        call = _Call(
            *("POST", protocol.OFFERS, offer_id),
            sizes=_exactly(protocol.OFFER_BOX),
            signed=False,
            once=True,
            absent=OfferGone,
        )
        return self._call(call).body

    def remove_device(self, device: bytes, notice: bytes) -> None:
        """Shuts a device out: it gets the notice (1,024 bytes) and nothing else from now on. Raises DeviceAbsent."""
        body = device + notice
        self._call(_Call("POST", protocol.REMOVE, body, status=204, once=True, absent=DeviceAbsent))

    def leave(self) -> None:
        """The server forgets this device, with the last one the account."""
        self._call(_Call("POST", protocol.LEAVE, b"", status=204, once=True))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends the connection. Another thread that waits in a request gets ServerOutOfReach."""
        self._closed.set()
        if self._connection is not None:
            self._connection.close()

    # -- counters

    @property
    def round_trips(self) -> int:
        """Requests that were answered."""
        return self._past[0] + (self._connection.answered if self._connection else 0)

    @property
    def bytes_sent(self) -> int:
        """Bytes of all requests."""
        return self._past[1] + (self._connection.sent if self._connection else 0)

    @property
    def bytes_received(self) -> int:
        """Bytes of all answers."""
        return self._past[2] + (self._connection.received if self._connection else 0)

    # -- one call

    def _call(self, call: _Call) -> Answer:
        """Sends until it is answered: once more for a nonce that ran out, once more after a wait."""
        may_wait = True
        may_renew = call.signed and call.nonce is None
        while True:
            answer = self._exchange(call, self._headers(call))
            if call.signed:
                self._keep_nonce(answer)
            if answer.status == 429 and may_wait:
                self._wait(answer)
                may_wait = False
            elif answer.status == 401 and may_renew and _error(answer) == "nonce":
                may_renew = False
            else:
                return _judged(call, answer)

    def _headers(self, call: _Call) -> bytes:
        headers = {
            "Host": self._url.authority,
            # Without this line a proxy would be free to compress.
            "Accept-Encoding": "identity",
            "Content-Type": protocol.OCTETS,
            "Content-Length": str(len(call.body)),
        }
        if call.signed:
            nonce = call.nonce or self._next_nonce()
            authority = self._url.authority
            headers |= signatures.signed_headers(
                self._sign, self._device, nonce, call.method, authority, call.target, call.body
            )
        lines = [f"{call.method} {call.target} HTTP/1.1", *(f"{name}: {value}" for name, value in headers.items())]
        return "\r\n".join([*lines, "", ""]).encode("ascii")

    def _exchange(self, call: _Call, head: bytes) -> Answer:
        kept = not call.once and self._connection is not None and self._connection.open
        if not kept:
            self._connect()
        assert self._connection is not None
        try:
            return self._connection.exchange(head, call.body, call.status, call.sizes[-1])
        except Unanswered:
            # A server may end a connection that it was not asked anything on for a while; only then it is asked again.
            if not kept:
                raise ServerOutOfReach from None
        self._connect()
        return self._connection.exchange(head, call.body, call.status, call.sizes[-1])

    def _connect(self) -> None:
        if self._connection is not None:
            self._connection.close()
            self._past = [self.round_trips, self.bytes_sent, self.bytes_received]
            self._connection = None
        if self._closed.is_set():
            raise ServerOutOfReach
        self._connection = connect(self._url, self._pin, self._rule, self._month, self._data)
        self.server_pin, self.place = self._connection.pin, self._connection.place
        if self._closed.is_set():
            self._connection.close()

    def _wait(self, answer: Answer) -> None:
        """Waits as the server asks, unless that is too long. Raises ServerBusy, ServerOutOfReach when closed."""
        asked = answer.retry_after or ""
        if not (asked.isascii() and asked.isdecimal() and len(asked) < 4 and int(asked) <= PATIENCE_SECONDS):
            raise ServerBusy
        if self._closed.wait(int(asked)):
            raise ServerOutOfReach

    # -- nonces (sync §8.2, §8.9)

    def _next_nonce(self) -> bytes:
        if not self._nonces:
            target = f"{protocol.NONCES_PATH}?device={self._device.hex()}"
            call = _Call("POST", target, b"", sizes=range(_NONCES_MOST + 1), media=_JSON, signed=False)
            self._nonces = _read_nonces(self._call(call).body)
            self.nonce_trips += 1
        return self._nonces.pop()

    def _keep_nonce(self, answer: Answer) -> None:
        """The answer's nonce is used next; after a refusal it is the only one, since the others are no younger."""
        if answer.status == 401:
            self._nonces.clear()
        if answer.next_nonce is not None:
            try:
                self._nonces.append(signatures.decode_nonce(answer.next_nonce))
            except protocol.Malformed:
                raise ServerAnswersWrong from None


def find_key(url: str, rule: Rule, month: int, data: Path | None = None) -> bytes:
    """The pin (32 bytes) of the key that answers at a URL, to pin it anew by hand. Nothing is sent within TLS.

    Raises UrlRefused, and what connecting raises but ServerKeyChanged.
    """
    connection = connect(parse_url(url), None, rule, month, data)
    connection.close()
    return connection.pin


def _exactly(size: int) -> range:
    return range(size, size + 1)


# -- answers

_NAMES = {
    400: ("malformed",),
    401: ("nonce", "signature"),
    404: ("not-found",),
    405: ("method",),
    409: ("conflict",),
    411: ("length",),
    415: ("media-type",),
    422: ("refused",),
    507: ("full",),
}
"""The names of errors that only our server can tell (sync §8.3); another one is a wrong answer."""


def _judged(call: _Call, answer: Answer) -> Answer:
    """The answer, if it is the one that was hoped for. Raises what its status means (sync §8.3)."""
    status = answer.status
    if status == call.status:
        if len(answer.body) not in call.sizes or (answer.body and answer.media != call.media):
            raise ServerAnswersWrong
        return answer
    if status in BODILESS and status >= 500:
        raise ServerOutOfReach
    if status == 429:
        raise ServerBusy
    if status == 413:
        raise RequestRefused("too-large")
    if status == 403 and call.signed and answer.media == protocol.OCTETS and len(answer.body) == protocol.NOTICE:
        raise DeviceRemoved(answer.body)
    name = _error(answer)
    if name is None or name not in _NAMES.get(status, ()):
        raise ServerAnswersWrong
    raise _refusal(call, status, name)


def _refusal(call: _Call, status: int, name: str) -> SyncError:
    if status == 404:
        return call.absent()
    plain = {401: NotKnown, 405: ServerNewer, 409: Conflict, 415: ServerNewer, 507: ServerFull}
    return plain[status]() if status in plain else RequestRefused(name)


def _error(answer: Answer) -> str | None:
    """The name in an error's body, None if there is none."""
    found = _read_json(answer.body) if answer.media == _JSON else None
    name = found.get("error") if isinstance(found, dict) else None
    return name if isinstance(name, str) else None


def _read_nonces(body: bytes) -> list[bytes]:
    found = _read_json(body)
    texts = found.get("nonces") if isinstance(found, dict) else None
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise ServerAnswersWrong
    try:
        return [signatures.decode_nonce(text) for text in texts]
    except protocol.Malformed:
        raise ServerAnswersWrong from None


def _read_json(body: bytes) -> object:
    import json

    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None
