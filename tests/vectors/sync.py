"""Known answers for docs/spec/sync-protocol.md section 5, made as tests/vectors/make.py makes the others."""

import struct
from collections.abc import Iterator
from typing import Any

from tests.support import independent

COUNTRIES = ("nl", "eu", "any")


def filled(seed: int, size: int) -> bytes:
    """Bytes that look like nothing in particular, the same each time."""
    return independent.blake2b(b"sync %d" % seed, size=64)[:size]


def device(index: int, state: int, key: bytes, version: int, month: int, name: bytes, size: int | None = None) -> bytes:
    """One of the devices."""
    fixed = struct.pack(">BB32sQH", index, state, key, version, month)
    return fixed + bytes([len(name) if size is None else size]) + name.ljust(24, b"\0")


DEVICES = (
    (0, 1, filled(20, 32), 40, 330, "laptop"),
    (3, 2, filled(21, 32), 12, 326, "één telefoon"),
    (11, 3, filled(22, 32), 2**64 - 1, 65535, "x" * 24),
)
ENROLLED: dict[str, Any] = {
    "account": filled(1, 16),
    "index": 3,
    "signing": filled(2, 32),
    "receive": filled(3, 32),
    "next_receive": filled(4, 32),
    "prepared": 42,
    "url": "https://notities.voorbeeld.nl:8443/",
    "pin": filled(5, 32),
    "receipt_key": filled(6, 32),
    "country": 1,
    "version": 41,
    "head": filled(7, 32),
    "written": 39,
    "generation": filled(8, 8),
    "common": filled(9, 16),
    "server_month": 330,
    "synced": 329,
    "shaped": 9857,
    "devices": [device(*each[:5], each[5].encode()) for each in DEVICES],
}
"""The fields in their order; `country` as its number, `devices` as their bytes."""


def enrolled(**fields: Any) -> bytes:
    """The block with these fields."""
    url: bytes = fields["url"].encode() if isinstance(fields["url"], str) else fields["url"]
    packed = struct.pack(">16sB32s32s32sQ", *(list(fields.values())[:6]))
    packed += bytes([len(url)]) + url + struct.pack(">32s32sB", *(list(fields.values())[7:10]))
    packed += struct.pack(">Q32sQ8s16sHHH", *(list(fields.values())[10:18]))
    return packed + bytes([len(fields["devices"])]) + b"".join(fields["devices"])


def as_json() -> list[Any]:
    """ENROLLED as the test writes what was read."""
    values = [value.hex() if isinstance(value, bytes) else value for value in list(ENROLLED.values())[:-1]]
    values[9] = COUNTRIES[ENROLLED["country"]]
    return [*values, [[key.hex() if isinstance(key, bytes) else key for key in each] for each in DEVICES]]


def wrong_blocks() -> Iterator[tuple[str, bytes]]:
    """Blocks that a reader must refuse."""
    right = ENROLLED["devices"]

    def with_fields(**fields: Any) -> bytes:
        return enrolled(**(ENROLLED | fields))

    def with_device(*fields: Any, **other: Any) -> bytes:
        return with_fields(devices=[right[0], device(*fields, **other)])

    key = filled(23, 32)
    yield "an index beyond the last", with_fields(index=12)
    yield "a next receive secret for no version", with_fields(prepared=0)
    yield "a version prepared without a secret", with_fields(next_receive=bytes(32))
    yield "a server without an address", with_fields(url="")
    yield "an address too long", with_fields(url="x" * 201)
    yield "an address that is not ASCII", with_fields(url="https://één.nl")
    yield "an address with a blank", with_fields(url="https://x.nl/ y")
    yield "an address that is no text", with_fields(url=b"https://\xc3\x28")
    yield "a country of no kind", with_fields(country=3)
    two = with_fields(devices=right[:2])
    count = len(two) - 2 * len(right[0]) - 1
    yield "fewer devices than bytes say", two[:count] + b"\1" + two[count + 1 :]
    yield "more devices than bytes say", two[:count] + b"\3" + two[count + 1 :]
    yield "13 devices", with_fields(devices=[device(at, 1, filled(at, 32), 1, 1, b"x") for at in range(13)])
    yield "devices in another order", with_fields(devices=right[::-1])
    yield "a device twice", with_fields(devices=[right[0], right[0]])
    yield "one key for two devices", with_device(1, 1, DEVICES[0][2], 1, 330, b"x")
    yield "one index for two devices", with_device(0, 1, key, 1, 330, b"x")
    yield "a device's index beyond the last", with_device(12, 1, key, 1, 330, b"x")
    yield "a device in state 0", with_device(1, 0, key, 1, 330, b"x")
    yield "a device in state 4", with_device(1, 4, key, 1, 330, b"x")
    yield "a device without a name", with_device(1, 1, key, 1, 330, b"")
    yield "a device's name too long", with_device(1, 1, key, 1, 330, b"x" * 24, size=25)
    yield "something after a device's name", with_device(1, 1, key, 1, 330, b"xy", size=1)
    yield "a device's name that is no text", with_device(1, 1, key, 1, 330, b"\xc3\x28")
