"""Routes without a device's signature, with one rate for all (docs/spec/sync-protocol.md sections 8.8 and 8.9)."""

import hashlib
import re
import secrets
from collections.abc import Awaitable, Callable
from urllib.parse import parse_qsl

from sync import protocol, signatures
from sync.server import auth, receiving
from sync.server.exchange import ALWAYS, JSON, Endpoint, Exchange, Reply, as_json
from sync.server.requests import ENROL_BODY
from sync.server.service import Service

HTML = "text/html; charset=utf-8"
_DEVICE = re.compile(r"device=([0-9a-f]{16})")
Answering = Callable[[Exchange], Awaitable[Reply]]


class OpenEndpoint(Endpoint):
    """A route whose answer is one of the functions below."""

    def __init__(self, service: Service, answering: Answering, *, counted: bool = True) -> None:
        """With `counted` it takes from the bucket of all unsigned requests, and a place among theirs."""
        super().__init__(service)
        self._answering, self._counted = answering, counted

    async def answer(self, exchange: Exchange) -> Reply:
        """Within the limits for everybody."""
        if not self._counted:
            return await self._answering(exchange)
        self.service.open_bucket.take()
        with self.service.strangers.one():
            return await self._answering(exchange)


async def nonces(exchange: Exchange) -> Reply:
    """Nonces for a device (section 8.9)."""
    receiving.declared(exchange.headers, 0)
    found = _DEVICE.fullmatch(exchange.query)
    if found is None:
        raise protocol.Malformed
    service = exchange.service
    fresh = await service.in_thread(auth.new_nonces, service.storage, bytes.fromhex(found[1]))
    return Reply(200, as_json({"nonces": [signatures.encode_nonce(nonce) for nonce in fresh]}), JSON)


async def offers(exchange: Exchange) -> Reply:
    """An offer, once (section 8.8)."""
    size = receiving.declared(exchange.headers, protocol.OFFER_ID)
    body, _ = await exchange.body(size)
    if len(body) != protocol.OFFER_ID:
        raise protocol.Malformed
    service = exchange.service
    return Reply(200, await service.in_thread(service.storage.take_offer, body, day=service.day))


async def enrol(exchange: Exchange) -> Reply:
    """A new account by an invitation, signed by the key that it brings (section 8.8)."""
    size = receiving.declared(exchange.headers, ENROL_BODY)
    claim = auth.read_claim(exchange.scope["method"], exchange.path, exchange.query, exchange.header)
    body, digest = await exchange.body(size)
    auth.check_digest(claim, digest)
    reader = protocol.Reader(body)
    secret, account, key = (reader.take(size) for size in (protocol.SECRET, protocol.ACCOUNT, protocol.KEY))
    reader.end()
    auth.verify_enrolment(claim, secret, key)
    service = exchange.service
    fresh = secrets.token_bytes(protocol.NONCE)
    await service.in_thread(_enrolled, service, secret, account, key, fresh)
    exchange.next_nonce = fresh
    return Reply(201, service.receipts.public)


def _enrolled(service: Service, secret: bytes, account: bytes, key: bytes, fresh: bytes) -> None:
    digest = hashlib.sha256(secret).digest()
    service.storage.enrol(digest, account, key, day=service.day, month=service.month)
    service.storage.put_nonces(protocol.device_id(key), [fresh])


async def health(exchange: Exchange) -> Reply:
    """Whether this process can serve: its storage answers, and it isn't stopping."""
    service = exchange.service
    await service.in_thread(service.storage.device, bytes(protocol.DEVICE))
    return Reply(200, as_json({"status": "ok"}), JSON)


async def openapi(_exchange: Exchange) -> Reply:
    """The description of these requests."""
    from sync.server.openapi import document

    return Reply(200, as_json(document()), JSON)


async def glass(exchange: Exchange) -> Reply:
    """What this server knows, as numbers."""
    from sync.server.glass import figures

    service = exchange.service
    numbers = await service.in_thread(service.storage.numbers, month=service.month)
    return Reply(200, as_json(figures(numbers)), JSON)


async def page(exchange: Exchange) -> Reply:
    """The same as a page for people, in Dutch or English."""
    from sync.server import glass as picture

    service = exchange.service
    lang = language(exchange)
    numbers = await service.in_thread(service.storage.numbers, month=service.month)
    headers = {**picture.HEADERS, "Content-Language": lang, "Vary": "Accept-Language"}
    own = tuple((name.lower(), value) for name, value in headers.items() if (name.lower(), value) not in ALWAYS)
    return Reply(200, picture.page(numbers, lang).encode(), HTML, tuple((n.encode(), v.encode()) for n, v in own))


def language(exchange: Exchange) -> str:
    """ "nl" or "en": what ?lang= says, else the first of the two in Accept-Language, else Dutch."""
    asked = dict(parse_qsl(exchange.query)).get("lang", "")
    accepted = receiving.header(exchange.headers, "Accept-Language") or ""
    for wanted in (asked, *(part.partition(";")[0].strip() for part in accepted.split(","))):
        if wanted.lower()[:2] in ("nl", "en"):
            return wanted.lower()[:2]
    return "nl"
