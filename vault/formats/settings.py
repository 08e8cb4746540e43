"""The sealed settings: what the vault remembers besides notes (docs/spec/vault.md section 5.4)."""

from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader, pad
from vault.months import UNITS, Period

VERSION = 1
PAYLOAD = limits.PAGE_BOX - 73


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
    """The settings as limits.SETTINGS_PAGES payloads."""
    out = bytearray([VERSION])
    out += settings.seen.to_bytes(2, "big") + settings.idle.to_bytes(1, "big")
    out += settings.keep.unit.encode() + settings.keep.length.to_bytes(4, "big")
    out += settings.inbox + bytes([len(settings.stretched)])
    for identity, secret in settings.stretched.items():
        out += identity + secret
    body = pad(bytes(out), PAYLOAD * limits.SETTINGS_PAGES)
    return [body[at : at + PAYLOAD] for at in range(0, len(body), PAYLOAD)]


def decode(payloads: list[bytes]) -> Settings:
    """The settings in `payloads`. Raises FormatError."""
    reader = Reader(b"".join(payloads))
    if reader.number(1) != VERSION:
        raise FormatError("version")
    seen, idle, unit = reader.number(2), reader.number(1), reader.take(1).decode("latin-1")
    keep = Period(reader.number(4), unit)
    if unit not in UNITS or keep.length == 0:
        raise FormatError("keep")
    inbox, count = reader.take(32), reader.number(1)
    if not 1 <= count <= limits.METHODS_MOST:
        raise FormatError("methods")
    stretched = {reader.take(16): reader.take(32) for _ in range(count)}
    reader.rest_is_zero()
    if len(stretched) != count:
        raise FormatError("methods")
    return Settings(stretched, inbox, seen, keep, idle)
