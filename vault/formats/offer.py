"""What a new device is handed to join with (docs/spec/sync-protocol.md section 7.2)."""

from typing import NamedTuple

from vault import limits
from vault.formats.enrolled import COUNTRIES
from vault.formats.reader import FormatError, Reader, UnknownVersion, pad
from vault.sodium import KEY_BYTES

VERSION = 1
PAYLOAD = 439


class Vouched(NamedTuple):
    """A device that the adder vouches for: its index, and the Ed25519 key that it signs with."""

    index: int  # type: ignore[assignment] # shadows the method of tuples, which nobody needs here
    key: bytes


class Offer(NamedTuple):
    """The account, the new device's place in it and its secrets (Ed25519 seed, X25519 secret), and what it may trust.

    `devices`: active ones that the adder knows, itself first. `version`: of the head that lists the new device.
    `receipt_key`: the server's, Ed25519. `country`: one of COUNTRIES.
    """

    account: bytes
    index: int  # type: ignore[assignment] # shadows the method of tuples, which nobody needs here
    signing: bytes
    receive: bytes
    version: int
    receipt_key: bytes
    country: str
    devices: tuple[Vouched, ...]


def encode(offer: Offer) -> bytes:
    """The offer's plaintext, PAYLOAD bytes. Raises FormatError for what `decode` would refuse."""
    out = bytes([VERSION]) + offer.account + bytes([offer.index]) + offer.signing + offer.receive
    out += offer.version.to_bytes(8, "big") + offer.receipt_key + bytes([COUNTRIES.index(offer.country)])
    out += bytes([len(offer.devices)]) + b"".join(bytes([each.index]) + each.key for each in offer.devices)
    data = pad(out, PAYLOAD)
    if decode(data) != offer:
        raise FormatError("offer")
    return data


def decode(data: bytes) -> Offer:
    """The offer in `data`. Raises FormatError, UnknownVersion."""
    reader = Reader(data)
    version = reader.number(1)
    if version > VERSION:
        raise UnknownVersion("version")
    if version != VERSION or len(data) != PAYLOAD:
        raise FormatError("offer")
    account, index, signing, receive = reader.take(16), reader.number(1), reader.take(KEY_BYTES), reader.take(KEY_BYTES)
    listed, receipt_key, country = reader.number(8), reader.take(KEY_BYTES), reader.number(1)
    # the adder wrote a head of its own before the one that lists a second device
    if index >= limits.DEVICES or listed < 2 or country >= len(COUNTRIES):
        raise FormatError("offer")
    devices = _devices(reader)
    reader.rest_is_zero()
    if index in {each.index for each in devices}:
        raise FormatError("index")
    return Offer(account, index, signing, receive, listed, receipt_key, COUNTRIES[country], devices)


def _devices(reader: Reader) -> tuple[Vouched, ...]:
    count = reader.number(1)
    if not 1 <= count <= limits.OFFERED_DEVICES:
        raise FormatError("devices")
    devices = tuple(Vouched(reader.number(1), reader.take(KEY_BYTES)) for _ in range(count))
    if max(each.index for each in devices) >= limits.DEVICES:
        raise FormatError("index")
    if len({each.index for each in devices}) != count or len({each.key for each in devices}) != count:
        raise FormatError("devices")
    return devices
