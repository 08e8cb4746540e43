"""What an enrolled vault keeps of its account in the sealed settings (docs/spec/sync-protocol.md section 5)."""

from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader

ACTIVE, REVOKED, AWAY = 1, 2, 3
"""States of a device."""
PAPER, USED = "*", "+"
"""Names that no person gives: of the recovery device, whose keys are on paper only, and of what joined with it."""
COUNTRIES = ("nl", "eu", "any")
"""Where the server may stand, in the order of their numbers."""
NO_KEY = bytes(32)
"""The next receive secret when there is none."""
_PLAIN = range(0x21, 0x7F)


class KnownDevice(NamedTuple):
    """A device of the account, as last seen in a head: `state` is ACTIVE, REVOKED or AWAY, `key` the Ed25519 key that
    it signs with, `version` that of the last head it wrote, `month` the month of that."""

    index: int  # type: ignore[assignment] # shadows the method of tuples, which nobody needs here
    state: int
    key: bytes
    version: int
    month: int
    name: str

    @property
    def awaited(self) -> bool:
        """Whether it is to know of every destruction: the recovery device never comes, as long as it is one."""
        return self.state == ACTIVE and self.name != PAPER


class Enrolled(NamedTuple):
    """The account, this device in it, the server, and what was last seen of both.

    `account` (16 bytes) and `index`: who we are. `signing`: Ed25519 seed; `receive`: X25519 secret that T is sealed to;
    `next_receive` and `prepared`: the one that is being introduced, and the version of the head that does, NO_KEY and 0
    if none (32 bytes each). `url`, `pin` (of the server's TLS key), `receipt_key` (Ed25519), `country`: one of
    COUNTRIES. `version` and `head`: of the last head, and its hash; `written`: the last version that this device wrote;
    `generation` (8 bytes) of the server's pool; `common`: hash of the common settings (16 bytes). `server_month`: the
    last that the server signed; `synced`: month of the last sync; `shaped`: day of the last shaped session, in days
    since January 2000. `devices`: all that are known, this one included, by index.
    """

    account: bytes
    index: int  # type: ignore[assignment] # shadows the method of tuples, which nobody needs here
    signing: bytes
    receive: bytes
    next_receive: bytes
    prepared: int
    url: str
    pin: bytes
    receipt_key: bytes
    country: str
    version: int
    head: bytes
    written: int
    generation: bytes
    common: bytes
    server_month: int
    synced: int
    shaped: int
    devices: tuple[KnownDevice, ...]


def encode(enrolled: Enrolled) -> bytes:
    """The bytes, without padding. Raises FormatError for what `decode` would refuse: it must never be written."""
    out = bytearray(enrolled.account + enrolled.index.to_bytes(1, "big"))
    out += enrolled.signing + enrolled.receive + enrolled.next_receive + enrolled.prepared.to_bytes(8, "big")
    url = enrolled.url.encode()
    out += bytes([min(len(url), 0xFF)]) + url + enrolled.pin + enrolled.receipt_key
    out += bytes([COUNTRIES.index(enrolled.country)]) + enrolled.version.to_bytes(8, "big") + enrolled.head
    out += enrolled.written.to_bytes(8, "big") + enrolled.generation + enrolled.common
    out += b"".join(number.to_bytes(2, "big") for number in (enrolled.server_month, enrolled.synced, enrolled.shaped))
    out += bytes([len(enrolled.devices)]) + b"".join(map(_device, enrolled.devices))
    reader = Reader(bytes(out))
    if decode(reader) != enrolled:
        raise FormatError("enrolled")
    reader.rest_is_zero()
    return bytes(out)


def _device(device: KnownDevice) -> bytes:
    name = device.name.encode()
    fixed = bytes([device.index, device.state]) + device.key + device.version.to_bytes(8, "big")
    size = bytes([min(len(name), 0xFF)])
    return fixed + device.month.to_bytes(2, "big") + size + name.ljust(limits.DEVICE_NAME_BYTES, b"\0")


def decode(reader: Reader) -> Enrolled:
    """Takes the block off the front of what is left. Raises FormatError."""
    account, index = reader.take(16), _index(reader)
    signing, receive, next_receive, prepared = reader.take(32), reader.take(32), reader.take(32), reader.number(8)
    if (next_receive == NO_KEY) != (prepared == 0):
        raise FormatError("next receive secret")
    url, pin, receipt_key, country = _url(reader), reader.take(32), reader.take(32), reader.number(1)
    if country >= len(COUNTRIES):
        raise FormatError("country")
    version, head, written = reader.number(8), reader.take(32), reader.number(8)
    generation, common = reader.take(8), reader.take(16)
    months = reader.number(2), reader.number(2), reader.number(2)
    return Enrolled(
        account,
        index,
        signing,
        receive,
        next_receive,
        prepared,
        url,
        pin,
        receipt_key,
        COUNTRIES[country],
        version,
        head,
        written,
        generation,
        common,
        *months,
        _devices(reader),
    )


def _url(reader: Reader) -> str:
    url = reader.text(1, limits.SERVER_URL_BYTES)
    if any(ord(letter) not in _PLAIN for letter in url):
        raise FormatError("url")
    return url


def _index(reader: Reader) -> int:
    index = reader.number(1)
    if index >= limits.DEVICES:
        raise FormatError("index")
    return index


def _devices(reader: Reader) -> tuple[KnownDevice, ...]:
    count = reader.number(1)
    if count > limits.DEVICES:
        raise FormatError("devices")
    found = tuple(_read_device(reader) for _ in range(count))
    indexes = [each.index for each in found]
    if indexes != sorted(set(indexes)) or len({each.key for each in found}) != count:
        raise FormatError("devices")
    return found


def _read_device(reader: Reader) -> KnownDevice:
    index, state, key = _index(reader), reader.number(1), reader.take(32)
    if state not in (ACTIVE, REVOKED, AWAY):
        raise FormatError("state")
    version, month = reader.number(8), reader.number(2)
    return KnownDevice(index, state, key, version, month, _name(reader))


def _name(reader: Reader) -> str:
    length, rest = reader.number(1), Reader(reader.take(limits.DEVICE_NAME_BYTES))
    if not 1 <= length <= limits.DEVICE_NAME_BYTES:
        raise FormatError("name")
    name = Reader(bytes([length]) + rest.take(length)).text(1, limits.DEVICE_NAME_BYTES)
    rest.rest_is_zero()
    return name
