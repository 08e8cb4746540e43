"""The notice that a removed device gets instead of everything else (docs/spec/sync-protocol.md section 7.3)."""

from typing import NamedTuple

from vault import limits
from vault.formats.enrolled import AWAY, REVOKED
from vault.formats.reader import FormatError, Reader, UnknownVersion, pad
from vault.sodium import KEY_BYTES, SIGNATURE_BYTES

VERSION = 1
NOTICE_BYTES = 1024


class Certificate(NamedTuple):
    """Who let a device in: its index and Ed25519 key, the adder's device id (8 bytes), the adder's signature."""

    index: int  # type: ignore[assignment] # shadows the method of tuples, which nobody needs here
    key: bytes
    adder: bytes
    signature: bytes


class Notice(NamedTuple):
    """`state`: REVOKED or AWAY. `device`: id of the removed one (8 bytes). `chain`: the remover's certificate, then
    each time that of the adder. `removal`: the remover's signature."""

    state: int
    device: bytes
    chain: tuple[Certificate, ...]
    removal: bytes


def encode(notice: Notice) -> bytes:
    """The notice as NOTICE_BYTES bytes. Raises FormatError for what `decode` would refuse."""
    out = bytes([VERSION, notice.state]) + notice.device + bytes([len(notice.chain)])
    for each in notice.chain:
        out += bytes([each.index]) + each.key + each.adder + each.signature
    data = pad(out + notice.removal, NOTICE_BYTES)
    if decode(data) != notice:
        raise FormatError("notice")
    return data


def decode(data: bytes) -> Notice:
    """The notice in `data`; no signature is looked at. Raises FormatError, UnknownVersion."""
    reader = Reader(data)
    version = reader.number(1)
    if version > VERSION:
        raise UnknownVersion("version")
    if version != VERSION or len(data) != NOTICE_BYTES:
        raise FormatError("notice")
    state, device, count = reader.number(1), reader.take(8), reader.number(1)
    if state not in (REVOKED, AWAY) or not 1 <= count <= limits.CHAIN:
        raise FormatError("notice")
    chain = tuple(_certificate(reader) for _ in range(count))
    removal = reader.take(SIGNATURE_BYTES)
    reader.rest_is_zero()
    return Notice(state, device, chain, removal)


def _certificate(reader: Reader) -> Certificate:
    index, key, adder = reader.number(1), reader.take(KEY_BYTES), reader.take(8)
    if index >= limits.DEVICES:
        raise FormatError("index")
    return Certificate(index, key, adder, reader.take(SIGNATURE_BYTES))
