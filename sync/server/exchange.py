"""One request and its answer: every error ends here as one of those of docs/spec/sync-protocol.md section 8.3."""

import asyncio
import json
from typing import Final, NamedTuple

from sync import protocol, signatures
from sync.server import receiving
from sync.server.receiving import Receive, Scope, Send
from sync.server.refusals import Refusal
from sync.server.service import Service
from sync.server.storage import contract

JSON = "application/json"
Headers = list[tuple[bytes, bytes]]
_PIECE = 64 << 10
"""Bytes that are handed to the connection at a time: so a large answer is not copied whole, layer after layer."""
ALWAYS: Final = (("cache-control", "no-store"), ("x-content-type-options", "nosniff"))
_ALWAYS = [(name.encode(), value.encode()) for name, value in ALWAYS]
_OF_STORAGE: dict[type[contract.StorageError], str] = {
    contract.Missing: "not-found",
    contract.Exists: "conflict",
    contract.Conflict: "conflict",
    contract.Incomplete: "refused",
    contract.Full: "full",
    contract.Unavailable: "stopping",
}


class Reply(NamedTuple):
    """An answer as it is sent."""

    status: int
    body: bytes = b""
    media: str = protocol.OCTETS
    headers: tuple[tuple[bytes, bytes], ...] = ()


class Exchange:
    """A request under way. `next_nonce` goes along with whatever is answered."""

    def __init__(self, service: Service, scope: Scope, receive: Receive) -> None:
        """Of one call of the ASGI interface."""
        self.service, self.scope, self.receive = service, scope, receive
        self.next_nonce: bytes | None = None

    @property
    def headers(self) -> Headers:
        """The request's headers, their names in lower case."""
        found: Headers = self.scope["headers"]
        return found

    @property
    def query(self) -> str:
        """The query as it stands in the request line. Raises protocol.Malformed."""
        return _ascii(self.scope["query_string"])

    @property
    def path(self) -> str:
        """The path as it stands in the request line. Raises protocol.Malformed."""
        return _ascii(self.scope["raw_path"])

    def header(self, name: str) -> str:
        """A header that stands there once. Raises protocol.Malformed."""
        return receiving.needed(self.headers, name)

    async def body(self, size: int) -> tuple[bytes, bytes]:
        """The body and its SHA-256. Raises receiving.Gone."""
        return await receiving.body(self.receive, size)


class Endpoint:
    """An ASGI application for one route; `answer` is what differs between them."""

    def __init__(self, service: Service) -> None:
        """For one server."""
        self.service = service

    async def answer(self, exchange: Exchange) -> Reply:
        """The reply to a request. May raise Refusal, protocol.Malformed, StorageError, receiving.Gone."""
        raise NotImplementedError

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answers one request; takes no longer than a request may."""
        exchange = Exchange(self.service, scope, receive)
        started = False
        try:
            async with asyncio.timeout(protocol.REQUEST_SECONDS):
                reply = await self._replied(exchange)
                started = True
                await deliver(reply, exchange.next_nonce, send)
        except receiving.Gone:
            return
        except TimeoutError:
            if started:
                # cut off: a part of an answer must not look like a whole one
                raise
            await deliver(refused(Refusal("stopping", retry=1, close=True)), exchange.next_nonce, send)

    async def _replied(self, exchange: Exchange) -> Reply:
        try:
            self.service.check_stopping()
            if sum(len(name) + len(value) for name, value in exchange.headers) > protocol.HEADER_MOST:
                raise Refusal("malformed", close=True)
            return await self.answer(exchange)
        except Refusal as refusal:
            return refused(refusal)
        except protocol.Malformed:
            return refused(Refusal("malformed"))
        except contract.StorageError as error:
            return refused(self._of_storage(error))
        except receiving.Gone:
            raise
        except Exception as error:  # noqa: BLE001 - the one place where a fault of ours becomes an answer
            self.service.fault(error)
            return refused(Refusal("internal"))

    def _of_storage(self, error: contract.StorageError) -> Refusal:
        name = _OF_STORAGE.get(type(error))
        if name is None or name == "stopping":
            # the keeper must hear of a database that is away or damaged; the client can only wait
            self.service.fault(error)
        return Refusal(name or "internal", retry=1 if name == "stopping" else None)


def refused(refusal: Refusal) -> Reply:
    """The reply that a refusal is."""
    headers: Headers = []
    if refusal.retry is not None:
        headers.append((b"retry-after", str(refusal.retry).encode()))
    if refusal.close:
        headers.append((b"connection", b"close"))
    if refusal.notice is not None:
        return Reply(refusal.status, refusal.notice, headers=tuple(headers))
    return Reply(refusal.status, as_json({"error": refusal.name}), JSON, tuple(headers))


def as_json(content: object) -> bytes:
    """A JSON body."""
    return json.dumps(content, separators=(",", ":")).encode()


async def deliver(reply: Reply, next_nonce: bytes | None, send: Send) -> None:
    """Sends a reply, a large one piece by piece."""
    headers: Headers = [*_ALWAYS, *reply.headers]
    if next_nonce is not None:
        headers.append((protocol.NEXT_NONCE.lower().encode(), signatures.encode_nonce(next_nonce).encode()))
    if reply.status != 204:
        headers.append((b"content-type", reply.media.encode()))
        headers.append((b"content-length", str(len(reply.body)).encode()))
    await send({"type": "http.response.start", "status": reply.status, "headers": headers})
    body = memoryview(reply.body)
    for at in range(0, len(body), _PIECE):
        more = at + _PIECE < len(body)
        await send({"type": "http.response.body", "body": bytes(body[at : at + _PIECE]), "more_body": more})
    if not body:
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _ascii(data: bytes) -> str:
    try:
        return data.decode("ascii")
    except UnicodeDecodeError:
        raise protocol.Malformed from None
