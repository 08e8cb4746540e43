"""Reading requests: headers that stand there once, bodies within their limit (docs/spec/sync-protocol.md section 8)."""

import asyncio
import hashlib
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from sync import protocol
from sync.server.refusals import Refusal

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_LENGTH_DIGITS = 12
_SMALL = 64 << 10
"""Bytes of a body that needs no room of its own."""


class Gone(Exception):
    """The client has hung up; there is nobody to answer."""


class Room:
    """Memory for bodies that are being read: who finds none waits, so that many large ones at once need no more."""

    def __init__(self, size: int) -> None:
        """`size` in bytes; at least the longest body."""
        self._free = size
        self._waiting: deque[tuple[int, asyncio.Future[None]]] = deque()

    @asynccontextmanager
    async def of(self, size: int) -> AsyncIterator[None]:
        """Room for a body of so many bytes; first come, first served."""
        if size <= _SMALL:
            yield
            return
        await self._take(size)
        try:
            yield
        finally:
            self._give(size)

    async def _take(self, size: int) -> None:
        if self._free >= size and not self._waiting:
            self._free -= size
            return
        place = (size, asyncio.get_running_loop().create_future())
        self._waiting.append(place)
        try:
            await place[1]
        except asyncio.CancelledError:
            if place in self._waiting:
                self._waiting.remove(place)
                self._give(0)
            elif not place[1].cancelled():
                self._give(size)
            raise

    def _give(self, size: int) -> None:
        self._free += size
        while self._waiting and self._waiting[0][0] <= self._free:
            wanted, found = self._waiting.popleft()
            if not found.done():
                self._free -= wanted
                found.set_result(None)


def header(headers: Sequence[tuple[bytes, bytes]], name: str) -> str | None:
    """The header's value, or None. Raises protocol.Malformed when it stands there twice or is not ASCII."""
    wanted = name.lower().encode()
    found = [value for key, value in headers if key == wanted]
    if not found:
        return None
    if len(found) > 1 or not found[0].isascii():
        raise protocol.Malformed
    return found[0].decode()


def needed(headers: Sequence[tuple[bytes, bytes]], name: str) -> str:
    """The header's value. Raises protocol.Malformed when it isn't there just once."""
    value = header(headers, name)
    if value is None:
        raise protocol.Malformed
    return value


def declared(headers: Sequence[tuple[bytes, bytes]], most: int) -> int:
    """How long the body says it is, at most `most` bytes, and octets. Raises Refusal, protocol.Malformed."""
    length = header(headers, "Content-Length")
    if header(headers, "Transfer-Encoding") is not None or (length is None and most):
        raise Refusal("length", close=True)
    # a length of many digits is no number anybody meant; int() of it would take long
    size = int(length) if length and length.isdigit() and len(length) <= _LENGTH_DIGITS else most + bool(length)
    if size > most:
        raise Refusal("too-large", close=True)
    if size and (header(headers, "Content-Type") or "").lower() != protocol.OCTETS:
        raise Refusal("media-type")
    return size


async def body(receive: Receive, size: int) -> tuple[bytes, bytes]:
    """The body of `size` bytes, and its SHA-256. Raises Gone."""
    digest = hashlib.sha256()
    parts = []
    more = True
    while more:
        message = await receive()
        if message["type"] != "http.request":
            raise Gone
        part = message.get("body", b"")
        more = message.get("more_body", False)
        size -= len(part)
        digest.update(part)
        parts.append(part)
        if size < 0:
            raise Refusal("too-large", close=True)
    return b"".join(parts), digest.digest()
