"""The sealed settings: what the vault remembers besides notes (docs/spec/vault.md section 5.4)."""

import json
from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, pad
from vault.months import Period, parse_period

VERSION = 1
PAYLOAD = limits.PAGE_BOX - 73
_SEEN_MOST = 0xFFFF
"""What an expiry month has room for."""


class Settings(NamedTuple):
    """`stretched`: unlock method id → its stretched secret S (32 bytes). `inbox`: X25519 secret key (32 bytes).

    `seen`: highest month ever seen. `idle`: minutes without a key until the interactive vault locks itself.
    """

    stretched: dict[bytes, bytes]
    inbox: bytes
    seen: int
    keep: Period
    idle: int


def encode(settings: Settings) -> list[bytes]:
    """The settings as limits.SETTINGS_PAGES payloads. Raises FormatError if they do not fit."""
    fields = {
        "idle": settings.idle,
        "inbox": settings.inbox.hex(),
        "keep": str(settings.keep),
        "seen": settings.seen,
        "stretched": {identity.hex(): secret.hex() for identity, secret in settings.stretched.items()},
    }
    text = json.dumps(fields, sort_keys=True, separators=(",", ":")).encode()
    body = pad(bytes([VERSION]) + len(text).to_bytes(4, "big") + text, PAYLOAD * limits.SETTINGS_PAGES)
    return [body[at : at + PAYLOAD] for at in range(0, len(body), PAYLOAD)]


def decode(payloads: list[bytes]) -> Settings:
    """The settings in `payloads`. Raises FormatError."""
    body = b"".join(payloads)
    length = int.from_bytes(body[1:5], "big")
    settings = _parse(body[5 : 5 + length]) if body[:1] == bytes([VERSION]) and length <= len(body) - 5 else None
    if settings is None or not 0 <= settings.seen <= _SEEN_MOST:
        # raised here and not where parsing failed: the parser's error holds the text, and with it keys
        raise FormatError("settings")
    return settings


def _parse(text: bytes) -> Settings | None:
    try:
        fields = json.loads(text)
        return Settings(
            {bytes.fromhex(key): bytes.fromhex(value) for key, value in fields["stretched"].items()},
            bytes.fromhex(fields["inbox"]),
            int(fields["seen"]),
            parse_period(fields["keep"]),
            int(fields["idle"]),
        )
    except Exception:  # noqa: BLE001
        # any shape of damage: the seal was right, so only a newer or a broken program wrote this
        return None
