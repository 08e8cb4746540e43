"""One connection: uvicorn's HTTP/1.1 with limits in time and number, and our own words for what is no request."""

import asyncio
from typing import Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from sync import protocol
from sync.server.exchange import JSON, as_json

CONNECTIONS_MOST: Final = 1024
"""Connections to one process; more are closed at once."""
IDLE_SECONDS: Final = 15
"""How long a connection may stay open between two requests."""
LINGER_SECONDS: Final = 1
"""How long a connection that was ended may take for it."""
_MALFORMED = as_json({"error": "malformed"})


class Connection(H11Protocol):
    """As uvicorn's, but a request must have come whole within its time: nobody holds connections by sending slowly."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Starts the clock for the first request."""
        super().connection_made(transport)
        if len(self.connections) > CONNECTIONS_MOST:
            transport.abort()
            return
        self._start()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stops the clock."""
        self._stop()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        """Starts the clock for the next request."""
        super().on_response_complete()
        if self.transport.is_closing():
            self._linger()
        else:
            self._start()

    def shutdown(self) -> None:
        """Ends the connection, or lets it end after the request under way."""
        super().shutdown()
        if self.transport.is_closing():
            self._linger()

    def timeout_keep_alive_handler(self) -> None:
        """Ends an idle connection."""
        super().timeout_keep_alive_handler()
        self._linger()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's own words, which are not ours
        """Answers what is no HTTP request, if an answer can still be given."""
        if self.conn.our_state not in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.close()
            return
        headers = [
            (b"content-type", JSON.encode()),
            (b"content-length", str(len(_MALFORMED)).encode()),
            (b"connection", b"close"),
        ]
        self.transport.write(self.conn.send(h11.Response(status_code=400, headers=headers, reason=b"Bad Request")))
        self.transport.write(self.conn.send(h11.Data(data=_MALFORMED)))
        self.transport.write(self.conn.send(h11.EndOfMessage()))
        self.transport.close()

    def _linger(self) -> None:
        # TLS waits for the other side's goodbye, which a device that is idle doesn't send before it looks
        self.loop.call_later(LINGER_SECONDS, self.transport.abort)

    def _start(self) -> None:
        self._stop()
        self._deadline = self.loop.call_later(protocol.REQUEST_SECONDS, self._overdue)

    def _stop(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _overdue(self) -> None:
        """A request that came whole has its own time limit (exchange.py); anything else is cut off."""
        # uvicorn calls it a cycle always, but there is none before the first request
        if self.cycle is None or self.cycle.response_complete or self.cycle.more_body:  # type: ignore[redundant-expr]
            self.transport.abort()
