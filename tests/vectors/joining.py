"""Known answers for docs/spec/sync-protocol.md section 7, written by tests/vectors/make_sync.py with the others."""

import struct
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.support import independent
from tests.vectors.make import FORMAT, REFUSED, VERSION, fault, put, spelled

FORGED, NEWER = "ServerForged", "ServerNewer"
ACTIVE, REVOKED, AWAY = 1, 2, 3
Fields = dict[str, Any]


def filled(seed: int, size: int) -> bytes:
    """Bytes that look like nothing in particular, the same each time."""
    return independent.blake2b(b"wire %d" % seed, size=64)[:size]


ACCOUNT, OTHER = filled(1, 16), filled(2, 16)


def hashed(data: bytes, name: str, size: int = 32) -> bytes:
    """An unkeyed hash of section 3."""
    return independent.blake2b(data, size=size, person=b"ongemerkt-%s-1" % name.encode())


def public(seed: bytes) -> bytes:
    """Ed25519."""
    return Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw()


def sign(seed: bytes, message: bytes) -> bytes:
    """Ed25519, which gives the same signature each time."""
    return Ed25519PrivateKey.from_private_bytes(seed).sign(message)


def device_id(key: bytes) -> bytes:
    """Section 3, `devi`."""
    return hashed(key, "devi", 8)


SEEDS = [filled(10 + number, 32) for number in range(4)]
KEYS = [public(seed) for seed in SEEDS]
IDS = [device_id(key) for key in KEYS]


def certificate(adder: int, index: int, device: int, account: bytes = ACCOUNT) -> bytes:
    """Section 4.2: `adder` lets `device` in at `index` (numbers in SEEDS)."""
    return sign(SEEDS[adder], b"ongemerkt device 1\n" + account + bytes([index]) + KEYS[device])


def removal(remover: int, state: int, device: int, account: bytes = ACCOUNT) -> bytes:
    """Section 4.2."""
    return sign(SEEDS[remover], b"ongemerkt remove 1\n" + account + bytes([state]) + IDS[device])


# -- offer (section 7.2) -----------------------------------------------------------------------------------------------


def offer() -> dict[str, Any]:
    """Plaintext and box."""
    secret, nonce = filled(160, 16), filled(161, 24)
    fields: Fields = {
        "account": ACCOUNT,
        "index": 3,
        "signing": filled(162, 32),
        "receive": filled(163, 32),
        "version": 2,
        "receipt_key": filled(164, 32),
        "country": 1,
        "devices": [(0, KEYS[0]), (11, KEYS[1])],
    }

    def plain(first: int = 1, count: int | None = None, **other: Any) -> bytes:
        *fixed, listed = (fields | other).values()
        body = struct.pack(">B16sB32s32sQ32sB", first, *fixed)
        body += bytes([len(listed) if count is None else count])
        return (body + b"".join(bytes([index]) + key for index, key in listed)).ljust(439, b"\0")

    def sealed(
        plaintext: bytes, *, under: bytes = secret, kind: bytes = b"O", index: int = 0, account: bytes = bytes(16)
    ) -> bytes:
        key = independent.derive(under, b"ongemerkt-ofke-1")
        return independent.seal(key, account, kind, index, nonce, plaintext)

    def wrong(name: str, box: bytes, failure: str = FORMAT) -> dict[str, Any]:
        return {"name": name, "secret": secret.hex(), "box": box.hex(), "failure": failure}

    right = sealed(plain())
    nine = [(at, filled(170 + at, 32)) for at in (0, 1, 2, 4, 5, 6, 7, 8, 9)]
    good = [
        {
            name: value.hex() if isinstance(value, bytes) else value
            for name, value in (fields | {"devices": listed}).items()
            if name != "devices"
        }
        | {
            "country": "eu",
            "devices": [[index, key.hex()] for index, key in listed],
            "secret": secret.hex(),
            "id": independent.blake2b(b"", size=16, key=secret, person=b"ongemerkt-ofid-1").hex(),
            "box": sealed(plain(devices=listed)).hex(),
        }
        for listed in (fields["devices"], nine)
    ]
    faults = [
        wrong("another pairing secret", sealed(plain(), under=filled(165, 16)), REFUSED),
        wrong("another kind", sealed(plain(), kind=b"Q"), REFUSED),
        wrong("another index", sealed(plain(), index=1), REFUSED),
        wrong("sealed for the account", sealed(plain(), account=ACCOUNT), REFUSED),
        wrong("a bit of the ciphertext", put(right, 100, bytes([right[100] ^ 1])), REFUSED),
        wrong("cut off", right[:-1], REFUSED),
        wrong("nothing", b"", REFUSED),
        wrong("version 0", sealed(plain(first=0))),
        wrong("a newer version", sealed(plain(first=2)), VERSION),
        wrong("an index beyond the last", sealed(plain(index=12))),
        wrong("the version of a first head", sealed(plain(version=1))),
        wrong("a country rule of no kind", sealed(plain(country=3))),
        wrong("no device", sealed(plain(devices=[]))),
        wrong("ten devices", sealed(plain(count=10))),
        wrong("more devices than there are", sealed(plain(count=4))),
        wrong("fewer devices than bytes say", sealed(plain(count=1))),
        wrong("a device at the new one's place", sealed(plain(devices=[(3, KEYS[0])]))),
        wrong("a device beyond the last place", sealed(plain(devices=[(12, KEYS[0])]))),
        wrong("one place twice", sealed(plain(devices=[(0, KEYS[0]), (0, KEYS[1])]))),
        wrong("one key twice", sealed(plain(devices=[(0, KEYS[0]), (1, KEYS[0])]))),
        wrong("something in the padding", sealed(plain()[:-1] + b"\1")),
        wrong("a shorter plaintext", sealed(plain()[:-1])),
        wrong("a longer plaintext", sealed(plain() + b"\0")),
    ]
    return {"good": good, "faults": faults}


# -- notice (section 7.3) ----------------------------------------------------------------------------------------------


def notice() -> dict[str, Any]:
    """To the device 2, which knows 0 as active and 3 as revoked; 1 was let in by 0 since."""
    chain = [(1, 7, 0), (0, 0, 0)]

    def links(*found: tuple[int, int, int], account: bytes = ACCOUNT) -> list[bytes]:
        return [
            bytes([index]) + KEYS[device] + IDS[adder] + certificate(adder, index, device, account)
            for device, index, adder in found
        ]

    def whole(state: int, found: list[bytes], by: bytes, count: int | None = None, device: bytes = IDS[2]) -> bytes:
        head = bytes([1, state]) + device + bytes([len(found) if count is None else count])
        return (head + b"".join(found) + by).ljust(1024, b"\0")

    def revoked(found: list[bytes], by: int = 1, count: int | None = None) -> bytes:
        return whole(REVOKED, found, removal(by, REVOKED, 2), count)

    right = revoked(links(*chain))
    good = [
        {"state": REVOKED, "bytes": spelled(right)},
        {"state": AWAY, "bytes": spelled(whole(AWAY, links(*chain), removal(1, AWAY, 2)))},
        {"state": REVOKED, "bytes": spelled(revoked(links((0, 0, 0)), by=0))},
        {"state": REVOKED, "bytes": spelled(revoked(links((1, 7, 0))))},
    ]
    end = 11 + 2 * 105
    wrong = {
        "version 0": b"\0" + right[1:],
        "a state of no kind": whole(4, links(*chain), removal(1, 4, 2)),
        "put back into the active ones": whole(ACTIVE, links(*chain), removal(1, ACTIVE, 2)),
        "no certificate": revoked([]),
        "nine certificates": revoked(links(*[(1, 7, 0)] * 8), count=9),
        "more certificates than there are": revoked(links(*chain), count=3),
        "an index beyond the last": revoked(links((1, 12, 0))),
        "something in the padding": right[:-1] + b"\1",
        "cut off": right[:-1],
        "longer": right + b"\0",
        "nothing": b"",
        "for another device": whole(REVOKED, links(*chain), removal(1, REVOKED, 1), device=IDS[1]),
        "another device's removal": whole(REVOKED, links(*chain), removal(1, REVOKED, 1)),
        "a removal into another state": whole(AWAY, links(*chain), removal(1, REVOKED, 2)),
        "a removal of another account": whole(REVOKED, links(*chain), removal(1, REVOKED, 2, OTHER)),
        "signed by another than the first": revoked(links(*chain), by=0),
        "a remover that let itself in": revoked(links((1, 7, 1))),
        "a certificate of another account": revoked(links(*chain, account=OTHER)),
        "a certificate for another index": revoked([b"\5" + links(*chain)[0][1:]]),
        "removed by one that is known to be removed": revoked(links((3, 5, 0)), by=3),
        "let in by one that is known to be removed": revoked(links((1, 7, 3), (3, 5, 0))),
        "a bit of the removal": put(right, end + 63, bytes([right[end + 63] ^ 1])),
    }
    faults = [fault(name, data, FORGED) for name, data in wrong.items()]
    faults.append(fault("a newer version", b"\2" + right[1:], NEWER))
    known = [[0, ACTIVE, KEYS[0].hex()], [3, ACTIVE, KEYS[2].hex()], [5, REVOKED, KEYS[3].hex()]]
    return {"account": ACCOUNT.hex(), "own": KEYS[2].hex(), "known": known, "good": good, "faults": faults}


MAKERS: tuple[Callable[[], dict[str, Any]], ...] = (offer, notice)
