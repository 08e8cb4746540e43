"""Vectors of what places, second factors and open receipts put into the settings (docs/spec/places.md section 2)."""

import struct
from typing import Any

LINEAGE, OLD, STICK, OTHER = (bytes([number]) * 16 for number in (0xA1, 0xA2, 0xA3, 0xA4))


def sized(text: str) -> bytes:
    """A text after its length in one byte."""
    return bytes([len(text.encode())]) + text.encode()


def ancestor(lineage: bytes = OLD, version: int = 41) -> bytes:
    """Of a vault that was restored."""
    return lineage + struct.pack(">Q", version)


def factor(number: int = 0) -> bytes:
    """Of an unlock method."""
    return bytes([0xB0 + number]) * 16 + bytes([0xC0 + number]) * 32 + bytes([0xD0 + number]) * 32


def place(identity: bytes = STICK, kind: int = 1, owes: int = 1, folder: str = "/media/stick") -> bytes:
    """A stick."""
    return identity + struct.pack(">BQB", kind, 77, owes) + b"\xe1" * 16 + sized(folder)


def receipt(
    *, asked: int = 1, devices: int = 0b110, waiting: int = 0b010, flags: int = 3, sticks: tuple[bytes, ...] = ()
) -> bytes:
    """An open receipt."""
    return struct.pack(">BIHQHHBB", asked, 12, 322, 5, devices, waiting, flags, len(sticks)) + b"".join(sticks)


def block(
    ancestors: tuple[bytes, ...] = (),
    home: bytes = bytes(24),
    factors: tuple[bytes, ...] = (),
    places: tuple[bytes, ...] = (),
    receipts: tuple[bytes, ...] = (),
) -> bytes:
    """The whole of it."""
    lists = [bytes([len(each)]) + b"".join(each) for each in (ancestors, factors, places, receipts)]
    return LINEAGE + lists[0] + home + b"".join(lists[1:])


FULL = block(
    (ancestor(),),
    OTHER + struct.pack(">Q", 9),
    (factor(0), factor(1)),
    (place(), place(OTHER, owes=0, folder="/media/één")),
    (receipt(sticks=(STICK + b"\1", OTHER + b"\0")), receipt(asked=0, devices=0, waiting=0, flags=0)),
)
AS_JSON: list[Any] = [
    LINEAGE.hex(),
    [[OLD.hex(), 41]],
    [OTHER.hex(), 9],
    [["b0" * 16, "c0" * 32, "d0" * 32], ["b1" * 16, "c1" * 32, "d1" * 32]],
    [[STICK.hex(), 1, 77, True, "e1" * 16, "/media/stick"], [OTHER.hex(), 1, 77, False, "e1" * 16, "/media/één"]],
    [
        [True, 12, 322, 5, 0b110, 0b010, True, True, [[STICK.hex(), True], [OTHER.hex(), False]]],
        [False, 12, 322, 5, 0, 0, False, False, []],
    ],
]
NOTHING: list[Any] = [bytes(16).hex(), [], [bytes(16).hex(), 0], [], [], []]


def wrong_blocks() -> list[tuple[str, bytes]]:
    """Name and bytes of blocks with one fault each."""
    return [
        ("an ancestor twice", block((ancestor(), ancestor(version=3)))),
        ("five ancestors", block(tuple(ancestor(bytes([number]) * 16) for number in range(1, 6)))),
        ("a factor twice", block(factors=(factor(), factor()))),
        ("five factors", block(factors=tuple(factor(number) for number in range(5)))),
        ("a place twice", block(places=(place(), place(owes=0)))),
        ("seven places", block(places=tuple(place(bytes([number]) * 16) for number in range(1, 8)))),
        ("a place of no kind", block(places=(place(kind=2),))),
        ("a place without an id", block(places=(place(bytes(16)),))),
        ("a place that neither owes nor not", block(places=(place(owes=2),))),
        ("a place without a folder", block(places=(place(folder=""),))),
        ("a folder's name too long", block(places=(place(folder="x" * 201),))),
        ("a receipt asked in no known way", block(receipts=(receipt(asked=2),))),
        ("a receipt whose server waits and was not there", block(receipts=(receipt(flags=2),))),
        ("a receipt with an unknown flag", block(receipts=(receipt(flags=4),))),
        ("a receipt that waits for a device that was not there", block(receipts=(receipt(devices=0b100),))),
        ("a receipt with a thirteenth device", block(receipts=(receipt(devices=1 << 12, waiting=0),))),
        ("a receipt with a stick twice", block(receipts=(receipt(sticks=(STICK + b"\1", STICK + b"\0")),))),
        ("a receipt with a stick that neither waits nor not", block(receipts=(receipt(sticks=(STICK + b"\2",)),))),
        (
            "a receipt with seven sticks",
            block(receipts=(receipt(sticks=tuple(bytes([n]) * 16 + b"\0" for n in range(7))),)),
        ),
        ("nine receipts", block(receipts=(receipt(),) * 9)),
        ("something after the receipts", FULL + b"\1"),
        ("cut off in a place's folder", FULL[: FULL.index(b"/media/stick") + 3]),
    ]
