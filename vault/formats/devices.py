"""Pages 8 and 9 on the server: the account's devices, the marks of its shares (docs/spec/sync-protocol.md 4.2)."""

from typing import NamedTuple

from vault import limits
from vault.formats.enrolled import ACTIVE, AWAY, PAPER, REVOKED
from vault.formats.reader import FormatError, Reader, UnknownVersion, pad
from vault.sodium import KEY_BYTES, SIGNATURE_BYTES

VERSION = 1
"""Of the page of shares, and of a list without a recovery device."""
WITH_PAPER = 2
"""Of a list with one: the server's receipt key follows, which whoever joins with the paper can't know otherwise."""
PAYLOAD = limits.PAGE_BOX - 73
NOBODY = bytes(8)
"""The remover of a device that is active."""
NO_SIGNATURE = bytes(SIGNATURE_BYTES)
MARK_BYTES = 8


class DeviceEntry(NamedTuple):
    """A device of the account as a head's list has it.

    `state`: ACTIVE, REVOKED or AWAY. `key`: Ed25519, what it signs with; `receive`: X25519, what T is sealed to.
    `version`, `month`: of the last head that it wrote. `adder`, `remover`: device ids (8 bytes) of who signed
    `certificate` and `removal`; NOBODY and NO_SIGNATURE while it is active.
    """

    index: int  # type: ignore[assignment] # shadows the method of tuples, which nobody needs here
    state: int
    key: bytes
    receive: bytes
    version: int
    month: int
    adder: bytes
    certificate: bytes
    name: str
    remover: bytes = NOBODY
    removal: bytes = NO_SIGNATURE

    @property
    def awaited(self) -> bool:
        """Whether it is to know of every destruction: the recovery device never comes, as long as it is one."""
        return self.state == ACTIVE and self.name != PAPER


class Shares(NamedTuple):
    """The marks of the shares from month `first` on, one for each month."""

    first: int
    marks: tuple[bytes, ...]


def encode(devices: tuple[DeviceEntry, ...], receipt_key: bytes = b"") -> bytes:
    """The list as PAYLOAD bytes, in the order of indexes; with the server's receipt key (32 bytes) if a recovery device
    is in it. Raises FormatError for what `decode` would refuse.
    """
    listed = tuple(sorted(devices))
    version, more = (WITH_PAPER, receipt_key) if _has_paper(listed) else (VERSION, b"")
    page = pad(bytes([version, len(listed)]) + b"".join(map(_entry, listed)) + more, PAYLOAD)
    if decode(page) != listed:
        raise FormatError("devices")
    return page


def _entry(device: DeviceEntry) -> bytes:
    name = device.name.encode()
    return b"".join(
        (
            bytes([device.index, device.state]) + device.key + device.receive,
            device.version.to_bytes(8, "big") + device.month.to_bytes(2, "big"),
            device.adder + device.certificate + device.remover + device.removal,
            bytes([min(len(name), 0xFF)]) + name.ljust(limits.DEVICE_NAME_BYTES, b"\0"),
        )
    )


def _has_paper(devices: tuple[DeviceEntry, ...]) -> bool:
    return any(each.state == ACTIVE and each.name == PAPER for each in devices)


def decode(data: bytes) -> tuple[DeviceEntry, ...]:
    """The devices in a page's plaintext; no signature is looked at. Raises FormatError, UnknownVersion."""
    return decode_with_key(data)[0]


def decode_with_key(data: bytes) -> tuple[tuple[DeviceEntry, ...], bytes]:
    """The devices, and the server's receipt key (32 bytes; none without a recovery device). Raises as `decode`."""
    reader, version = _versioned(data, WITH_PAPER)
    count = reader.number(1)
    if not 1 <= count <= limits.DEVICES:
        raise FormatError("devices")
    found = tuple(_read_entry(reader) for _ in range(count))
    if (version == WITH_PAPER) != _has_paper(found):
        raise FormatError("version")
    receipt_key = reader.take(KEY_BYTES) if version == WITH_PAPER else b""
    reader.rest_is_zero()
    indexes = [each.index for each in found]
    if indexes != sorted(set(indexes)):
        raise FormatError("index")
    if len({each.key for each in found}) != count or len({each.receive for each in found}) != count:
        raise FormatError("key")
    return found, receipt_key


def _versioned(data: bytes, newest: int = VERSION) -> tuple[Reader, int]:
    reader = Reader(data)
    version = reader.number(1)
    if version > newest:
        raise UnknownVersion("version")
    if version == 0 or len(data) != PAYLOAD:
        raise FormatError("page")
    return reader, version


def _read_entry(reader: Reader) -> DeviceEntry:
    index, state = reader.number(1), reader.number(1)
    if index >= limits.DEVICES or state not in (ACTIVE, REVOKED, AWAY):
        raise FormatError("device")
    key, receive, version, month = reader.take(KEY_BYTES), reader.take(KEY_BYTES), reader.number(8), reader.number(2)
    adder, certificate = reader.take(8), reader.take(SIGNATURE_BYTES)
    remover, removal = reader.take(8), reader.take(SIGNATURE_BYTES)
    if (state == ACTIVE) != (remover == NOBODY) or (state == ACTIVE) != (removal == NO_SIGNATURE):
        raise FormatError("removal")
    return DeviceEntry(index, state, key, receive, version, month, adder, certificate, _name(reader), remover, removal)


def _name(reader: Reader) -> str:
    field = reader.take(1 + limits.DEVICE_NAME_BYTES)
    name = Reader(field).text(1, limits.DEVICE_NAME_BYTES)
    if field[1 + len(name.encode()) :].strip(b"\0"):
        raise FormatError("name")
    return name


def encode_shares(shares: Shares) -> bytes:
    """The marks as PAYLOAD bytes. Raises FormatError for what `decode_shares` would refuse."""
    fixed = bytes([VERSION]) + shares.first.to_bytes(2, "big") + len(shares.marks).to_bytes(2, "big")
    page = pad(fixed + b"".join(shares.marks), PAYLOAD)
    if decode_shares(page) != shares:
        raise FormatError("shares")
    return page


def decode_shares(data: bytes) -> Shares:
    """The marks in a page's plaintext. Raises FormatError, UnknownVersion."""
    reader, _ = _versioned(data)
    first, count = reader.number(2), reader.number(2)
    if count > limits.SHARE_MARKS or first + count > limits.MONTH_MOST + 1:
        raise FormatError("shares")
    shares = Shares(first, tuple(reader.take(MARK_BYTES) for _ in range(count)))
    reader.rest_is_zero()
    return shares
