"""What the server answers when it says no (docs/spec/sync-protocol.md section 8.3)."""

from typing import Final

STATUSES: Final = {
    "malformed": 400,
    "nonce": 401,
    "signature": 401,
    "removed": 403,
    "not-found": 404,
    "method": 405,
    "conflict": 409,
    "length": 411,
    "too-large": 413,
    "media-type": 415,
    "refused": 422,
    "slow-down": 429,
    "internal": 500,
    "stopping": 503,
    "full": 507,
}


class Refusal(Exception):
    """An answer that is an error: its name, which gives the status, and nothing of the request.

    `retry` is for Retry-After in seconds; `notice` is the body for a removed device; with `close` the connection ends,
    since what follows on it was not read.
    """

    def __init__(
        self, name: str, *, retry: int | None = None, notice: bytes | None = None, close: bool = False
    ) -> None:
        """Of one of the names in STATUSES."""
        super().__init__(name)
        self.name = name
        self.status = STATUSES[name]
        self.retry = retry
        self.notice = notice
        self.close = close
