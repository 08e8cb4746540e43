"""What the sealed settings hold for places, second factors and receipts that wait (docs/spec/places.md section 2)."""

from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader

NONE = bytes(16)
"""A lineage before there is one, and the place id of what is no place."""
NEVER = (1 << 64) - 1
"""The version of an open receipt for which no device and no server can confirm any more."""
STICK = 1
"""Kinds of places that the settings list."""
_HAD_SERVER, _SERVER_WAITS = 1, 2
_DEVICES = (1 << limits.DEVICES) - 1


class Ancestor(NamedTuple):
    """A vault that this one was restored from: its lineage (16 bytes), and the version of its head at that."""

    lineage: bytes
    version: int


class Home(NamedTuple):
    """Of a place: its id (16 bytes), and the version of the head of the vault that it was last refreshed from."""

    id: bytes = NONE
    version: int = 0


class Factor(NamedTuple):
    """Of an unlock method with a second factor: its id (16 bytes), what the passphrase alone stretches to, and the
    factor's secret (32 bytes each)."""

    method: bytes
    base: bytes
    secret: bytes


class Place(NamedTuple):
    """A place: its id (16 bytes), kind, the version of this vault's head that it was last refreshed from, whether
    something was destroyed since that it still holds, the digest of the notes it holds (16 bytes), and its folder."""

    id: bytes
    kind: int
    version: int
    owes: bool
    digest: bytes
    folder: str


class Stick(NamedTuple):
    """A stick as a receipt knows it: the id of the place, and whether it has yet to confirm."""

    id: bytes
    waits: bool


class OpenReceipt(NamedTuple):
    """A receipt that is out while places have yet to confirm.

    `claimed`, `notes`, `month`: as in the receipt. `version`: of the sync head that told the others, 0 until one did;
    NEVER when one of them can't confirm any more.
    `devices` and `waiting`: the other devices that were there, and those that have yet to confirm, a bit for each
    index.
    `server`: whether there was one; `server_waits`: whether it has yet to confirm.
    """

    claimed: bool
    notes: int
    month: int
    version: int
    devices: int
    waiting: int
    server: bool
    server_waits: bool
    sticks: tuple[Stick, ...]


class Safety(NamedTuple):
    """The part of the settings that this module reads and writes. `lineage`: drawn when the vault is made or restored,
    or gets its first place; NONE before. `home`: of a place only."""

    lineage: bytes = NONE
    ancestors: tuple[Ancestor, ...] = ()
    home: Home = Home()
    factors: tuple[Factor, ...] = ()
    places: tuple[Place, ...] = ()
    receipts: tuple[OpenReceipt, ...] = ()


def encode(safety: Safety) -> bytes:
    """The bytes, without padding. Raises FormatError for what `decode` would refuse: it must never be written."""
    out = bytearray(safety.lineage + bytes([len(safety.ancestors)]))
    for ancestor in safety.ancestors:
        out += ancestor.lineage + ancestor.version.to_bytes(8, "big")
    out += safety.home.id + safety.home.version.to_bytes(8, "big")
    out += bytes([len(safety.factors)]) + b"".join(map(b"".join, safety.factors))
    out += bytes([len(safety.places)]) + b"".join(map(_place, safety.places))
    out += bytes([len(safety.receipts)]) + b"".join(map(_receipt, safety.receipts))
    reader = Reader(bytes(out))
    if decode(reader) != safety:
        raise FormatError("safety")
    reader.rest_is_zero()
    return bytes(out)


def _place(place: Place) -> bytes:
    folder = place.folder.encode()
    fixed = place.id + bytes([place.kind]) + place.version.to_bytes(8, "big") + bytes([place.owes])
    return fixed + place.digest + bytes([min(len(folder), 0xFF)]) + folder


def _receipt(receipt: OpenReceipt) -> bytes:
    flags = _HAD_SERVER * receipt.server | _SERVER_WAITS * receipt.server_waits
    numbers = ((receipt.claimed, 1), (receipt.notes, 4), (receipt.month, 2), (receipt.version, 8))
    masks = ((receipt.devices, 2), (receipt.waiting, 2), (flags, 1), (len(receipt.sticks), 1))
    fixed = b"".join(int(number).to_bytes(size, "big") for number, size in (*numbers, *masks))
    return fixed + b"".join(stick.id + bytes([stick.waits]) for stick in receipt.sticks)


def decode(reader: Reader) -> Safety:
    """Takes the block off the front of what is left. Raises FormatError."""
    lineage = reader.take(16)
    ancestors = tuple(
        Ancestor(reader.take(16), reader.number(8)) for _ in range(_count(reader, limits.ANCESTORS, "ancestors"))
    )
    home = Home(reader.take(16), reader.number(8))
    factors = tuple(
        Factor(reader.take(16), reader.take(32), reader.take(32))
        for _ in range(_count(reader, limits.FACTORS, "factors"))
    )
    places = tuple(_read_place(reader) for _ in range(_count(reader, limits.PLACES, "places")))
    receipts = tuple(_read_receipt(reader) for _ in range(_count(reader, limits.OPEN_RECEIPTS, "receipts")))
    _unlike([each.lineage for each in ancestors], "ancestors")
    _unlike([each.method for each in factors], "factors")
    _unlike([each.id for each in places], "places")
    return Safety(lineage, ancestors, home, factors, places, receipts)


def _read_place(reader: Reader) -> Place:
    identity, kind, version, owes = reader.take(16), reader.number(1), reader.number(8), _flag(reader)
    if kind != STICK or identity == NONE:
        raise FormatError("place")
    return Place(identity, kind, version, owes, reader.take(16), reader.text(1, limits.PLACE_FOLDER_BYTES))


def _read_receipt(reader: Reader) -> OpenReceipt:
    claimed, notes, month, version = _flag(reader), reader.number(4), reader.number(2), reader.number(8)
    devices, waiting, flags = reader.number(2), reader.number(2), reader.number(1)
    if flags not in (0, _HAD_SERVER, _HAD_SERVER | _SERVER_WAITS) or waiting & ~devices or devices & ~_DEVICES:
        raise FormatError("receipt")
    sticks = tuple(
        Stick(reader.take(16), _flag(reader)) for _ in range(_count(reader, limits.PLACES, "sticks of a receipt"))
    )
    _unlike([each.id for each in sticks], "sticks of a receipt")
    server, waits = bool(flags & _HAD_SERVER), bool(flags & _SERVER_WAITS)
    return OpenReceipt(claimed, notes, month, version, devices, waiting, server, waits, sticks)


def _count(reader: Reader, most: int, what: str) -> int:
    count = reader.number(1)
    if count > most:
        raise FormatError(what)
    return count


def _flag(reader: Reader) -> bool:
    number = reader.number(1)
    if number > 1:
        raise FormatError("flag")
    return bool(number)


def _unlike(ids: list[bytes], what: str) -> None:
    if len(set(ids)) != len(ids):
        raise FormatError(what)
