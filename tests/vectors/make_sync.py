"""`python -m tests.vectors.make_sync`: writes the known answers in tests/vectors/sync.

Everything is computed from docs/spec/sync-protocol.md sections 3, 4 and 7 with tests/support/independent.py and
curves.py, and with another library's Ed25519; nothing of the product is imported. Files and spelling are as
tests/vectors/make.py has them. A fault's class is the reader's (FormatError, UnknownVersion, BoxRefused), the name of
the error in which a device must end, or "unsigned", "uncertified", "unremoved" for what has the right form and the
wrong signature.
"""

import json
import struct
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.support import curves, independent
from tests.vectors import joining
from tests.vectors.joining import (
    ACCOUNT,
    ACTIVE,
    AWAY,
    IDS,
    KEYS,
    OTHER,
    REVOKED,
    SEEDS,
    certificate,
    filled,
    hashed,
    removal,
    sign,
)
from tests.vectors.make import REFUSED, VERSION, fault, put, spelled

HERE = Path(__file__).parent / "sync"
UNSIGNED, UNCERTIFIED, UNREMOVED = "unsigned", "uncertified", "unremoved"
NOBODY, NO_SIGNATURE = bytes(8), bytes(64)
PAGE = 3887
Fields = dict[str, Any]


# -- hashes and keys (section 3) ---------------------------------------------------------------------------------------


def wire() -> dict[str, Any]:
    """What follows from one value alone."""
    secret, key, share = filled(20, 16), filled(21, 32), filled(22, 32)
    offer_id = independent.blake2b(b"", size=16, key=secret, person=b"ongemerkt-ofid-1")
    made = {
        "share_mark": ([share], hashed(share, "shar", 8)),
        "fingerprint": ([filled(23, 32)], hashed(filled(23, 32), "fing", 16)),
        "slot_key": ([key, ACCOUNT, share], independent.derive(key, b"ongemerkt-wire-1", ACCOUNT, share)),
        "offer_id": ([secret], offer_id),
        "signing_public": ([SEEDS[0]], KEYS[0]),
    }
    good = [
        {"function": name, "parts": [part.hex() for part in parts], "derived": derived.hex()}
        for name, (parts, derived) in made.items()
    ]
    return {"good": good, "faults": []}


# -- slots and pages (section 3) ---------------------------------------------------------------------------------------


def slot() -> dict[str, Any]:
    """A slot's box on the server."""
    key, share, nonce, payload = filled(30, 32), filled(31, 32), filled(32, 24), filled(33, 64) * 30
    payload = payload[:1911]
    number = 4_711

    def sealed(**other: Any) -> dict[str, Any]:
        used: Fields = {"key": key, "account": ACCOUNT, "share": share, "kind": b"W", "slot": number} | other
        under = independent.derive(used["key"], b"ongemerkt-wire-1", used["account"], used["share"])
        box = independent.seal(under, used["account"], used["kind"], used["slot"], nonce, payload)
        return place | {"box": box.hex()}

    place = {"key": key.hex(), "account": ACCOUNT.hex(), "share": share.hex(), "slot": number}
    right = sealed()
    box = bytes.fromhex(right["box"])
    unbound = independent.seal(key, ACCOUNT, b"W", number, nonce, payload)

    def wrong(name: str, made: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "failure": REFUSED} | made

    faults = [
        wrong("another key", sealed(key=filled(34, 32))),
        wrong("another month's share", sealed(share=filled(34, 32))),
        wrong("another account", sealed(account=OTHER)),
        wrong("another slot", sealed(slot=number + 1)),
        wrong("a slot of a device's own pool", sealed(kind=b"S")),
        wrong("sealed without a share", place | {"box": unbound.hex()}),
        *(
            wrong(f"a bit of the {part}", place | {"box": put(box, at, bytes([box[at] ^ 1])).hex()})
            for part, at in {"version": 0, "nonce": 1, "commitment": 25, "ciphertext": 57, "tag": 1983}.items()
        ),
        wrong("cut off", place | {"box": box[:-1].hex()}),
        wrong("nothing", place | {"box": ""}),
    ]
    return {"good": [right | {"payload": payload.hex()}], "faults": faults}


def page() -> dict[str, Any]:
    """A page's box on the server."""
    t, nonce, payload = filled(40, 32), filled(41, 24), (filled(42, 64) * 61)[:PAGE]

    def sealed(**other: Any) -> dict[str, Any]:
        used: Fields = {"t": t, "account": ACCOUNT, "kind": b"Q", "page": 12} | other
        box = independent.seal(used["t"], used["account"], used["kind"], used["page"], nonce, payload)
        return {"t": t.hex(), "account": ACCOUNT.hex(), "page": 12, "box": box.hex()}

    changes: dict[str, dict[str, Any]] = {
        "another T": {"t": filled(43, 32)},
        "another account": {"account": OTHER},
        "another page": {"page": 11},
        "a page of a device's own ledger": {"kind": b"P"},
    }
    faults = [{"name": name, "failure": REFUSED} | sealed(**change) for name, change in changes.items()]
    return {"good": [sealed() | {"payload": payload.hex()}], "faults": faults}


# -- head (section 4.1) ------------------------------------------------------------------------------------------------


def head() -> dict[str, Any]:
    """A head, its hashes, its signature, and T for one of the devices."""
    t, secrets = filled(50, 32), [filled(51 + at, 32) for at in range(12)]
    receivers = [curves.x25519(secret) for secret in secrets]
    sealed = [curves.sealed_box(t, key, filled(64 + at, 32)) for at, key in enumerate(receivers)]
    boxes = [filled(80 + number, 64) for number in range(3)]
    hashes = [hashed(box, "spag") for box in boxes]
    fields: dict[str, Any] = {
        "account": ACCOUNT,
        "version": 2**40 + 7,
        "previous": filled(90, 32),
        "generation": filled(91, 8),
        "pool": 16_384,
        "root": hashed(b"".join(hashes), "sroo"),
    }

    def written(noise: bytes = bytes(20), first: int = 1, seed: bytes = SEEDS[0], **other: Any) -> bytes:
        body = struct.pack(">B16sQ32s8sI32s", first, *(fields | other).values())
        body += b"".join(sealed) + noise + IDS[0]
        return body + sign(seed, b"ongemerkt head 1\n" + body)

    right = written()
    good = {
        name: value.hex() if isinstance(value, bytes) else value for name, value in fields.items()
    } | {
        "sealed": [box.hex() for box in sealed],
        "receive": [secret.hex() for secret in secrets],
        "t": t.hex(),
        "signer": IDS[0].hex(),
        "key": KEYS[0].hex(),
        "seed": SEEDS[0].hex(),
        "page_boxes": [box.hex() for box in boxes],
        "page_hashes": [digest.hex() for digest in hashes],
        "hash": hashed(right, "shea").hex(),
        "fingerprint": hashed(hashed(right, "shea"), "fing", 16).hex(),
        "bytes": spelled(right),
    }  # fmt: skip
    faults = [
        fault("version 0 of the form", written(first=0)),
        fault("a newer form", written(first=2), VERSION),
        fault("the version of no head", written(version=0)),
        fault("a pool that is too small", written(pool=128)),
        fault("a pool that is too large", written(pool=2**19)),
        fault("a pool that is no power of two", written(pool=16_385)),
        fault("no pool", written(pool=0)),
        fault("noise that isn't zero", written(noise=bytes(19) + b"\1")),
        fault("cut off", right[:-1]),
        fault("longer", right + b"\0"),
        fault("nothing", b""),
        fault("signed by another device", written(seed=SEEDS[1]), UNSIGNED),
        fault("another version under the signature", put(right, 24, b"\x08"), UNSIGNED),
        fault("another signer", put(right, 1081, IDS[1]), UNSIGNED),
        fault("another T for the last device", put(right, 1060, b"\0" if right[1060] else b"\1"), UNSIGNED),
        fault("a bit of the signature", put(right, 1152, bytes([right[1152] ^ 1])), UNSIGNED),
    ]
    return {"good": [good], "faults": faults}


# -- devices and shares (section 4.2) ----------------------------------------------------------------------------------


def devices() -> dict[str, Any]:
    """Page 8."""
    receive = [curves.x25519(filled(100 + number, 32)) for number in range(4)]

    def device(number: int, adder: int, **other: Any) -> Fields:
        index = (0, 3, 11, 5)[number]
        return {
            "index": index,
            "state": ACTIVE,
            "key": KEYS[number],
            "receive": receive[number],
            "version": 40 - number,
            "month": 330 + number,
            "adder": IDS[adder],
            "certificate": certificate(adder, index, number),
            "remover": NOBODY,
            "removal": NO_SIGNATURE,
            "name": ("laptop", "één telefoon", "x" * 24, "kast")[number],
        } | other

    def gone(number: int, adder: int, remover: int, state: int) -> Fields:
        return device(number, adder, state=state, remover=IDS[remover], removal=removal(remover, state, number))

    def entry(fields: Fields, size: int | None = None) -> bytes:
        name = fields["name"] if isinstance(fields["name"], bytes) else fields["name"].encode()
        packed = struct.pack(">BB32s32sQH8s64s8s64s", *list(fields.values())[:10])
        return packed + bytes([len(name) if size is None else size]) + name.ljust(24, b"\0")

    def whole(*entries: bytes, count: int | None = None, first: int = 1) -> bytes:
        return (bytes([first, len(entries) if count is None else count]) + b"".join(entries)).ljust(PAGE, b"\0")

    def listed(*found: Fields) -> bytes:
        return whole(*map(entry, found))

    def shown(*found: Fields) -> dict[str, Any]:
        rows = [{n: v.hex() if isinstance(v, bytes) else v for n, v in each.items()} for each in found]
        return {"account": ACCOUNT.hex(), "devices": rows, "bytes": spelled(listed(*found))}

    laptop, phone, desk = device(0, 0), device(1, 0), device(2, 1)
    lost, away = gone(1, 0, 0, REVOKED), gone(2, 1, 0, AWAY)
    crowd = [device(0, 0, index=at, key=filled(110 + at, 32), receive=filled(130 + at, 32)) for at in range(13)]
    two = listed(laptop, phone)
    paper = device(1, 0, name="*", version=0)
    by_paper = whole(entry(laptop), entry(paper), KEYS[3], count=2, first=2)
    faults = [
        fault("version 0", whole(entry(laptop), first=0)),
        fault("a newer version", whole(entry(laptop), first=3), VERSION),
        fault("version 2 without a recovery device", whole(entry(laptop), KEYS[3], count=1, first=2)),
        fault("version 1 with a recovery device", listed(laptop, paper)),
        fault("something after the receipt key", put(by_paper, 2 + 2 * 245 + 32, b"\1")),
        fault("no device", whole()),
        fault("thirteen devices", whole(*map(entry, crowd))),
        fault("more devices than there are", whole(entry(laptop), entry(phone), count=3)),
        fault("fewer devices than bytes say", whole(entry(laptop), entry(phone), count=1)),
        fault("an index beyond the last", listed(laptop, device(2, 1, index=12))),
        fault("one index twice", listed(laptop, device(1, 0, index=0))),
        fault("another order", listed(phone, laptop)),
        fault("one signing key twice", listed(laptop, device(1, 0, key=KEYS[0]))),
        fault("one receive key twice", listed(laptop, device(1, 0, receive=receive[0]))),
        fault("a state of no kind", listed(laptop, device(1, 0, state=4))),
        fault("state 0", listed(laptop, device(1, 0, state=0))),
        fault("an active device with a remover", listed(laptop, device(1, 0, remover=IDS[0]))),
        fault("an active device with a removal", listed(laptop, device(1, 0, removal=removal(0, REVOKED, 1)))),
        fault("a revoked device without a remover", listed(laptop, gone(1, 0, 0, REVOKED) | {"remover": NOBODY})),
        fault("a revoked device without a removal", listed(laptop, gone(1, 0, 0, REVOKED) | {"removal": NO_SIGNATURE})),
        fault("no name", listed(laptop, device(1, 0, name=""))),
        fault("a name that is too long", whole(entry(laptop), entry(phone, size=25))),
        fault("a name that is not UTF-8", listed(laptop, device(1, 0, name=b"\xff"))),
        fault("something after a name", whole(entry(laptop), entry(phone, size=5))),
        fault("something after the devices", put(two, 2 + 2 * 245, b"\1")),
        fault("something in the last byte", put(two, PAGE - 1, b"\1")),
        fault("cut off", two[:-1]),
        fault("longer", two + b"\0"),
        fault("nothing", b""),
    ]  # fmt: skip
    unsigned = {
        ("let in by nobody listed", UNCERTIFIED): phone | {"adder": IDS[3]},
        ("let in by another device", UNCERTIFIED): phone | {"certificate": certificate(2, 3, 1)},
        ("a certificate for another index", UNCERTIFIED): phone | {"index": 4},
        ("another device's certificate", UNCERTIFIED): device(3, 0) | {"certificate": certificate(0, 5, 1)},
        ("a certificate of another account", UNCERTIFIED): phone | {"certificate": certificate(0, 3, 1, OTHER)},
        ("removed by another device", UNREMOVED): lost | {"removal": removal(1, REVOKED, 1)},
        ("a removal into another state", UNREMOVED): lost | {"state": AWAY},
        ("another device's removal", UNREMOVED): lost | {"removal": removal(0, REVOKED, 2)},
        ("a removal of another account", UNREMOVED): lost | {"removal": removal(0, REVOKED, 1, OTHER)},
    }
    faults += [fault(name, listed(laptop, other), failure) for (name, failure), other in unsigned.items()]
    with_paper = shown(laptop, paper) | {"receipt_key": KEYS[3].hex(), "bytes": spelled(by_paper)}
    good = [shown(laptop), shown(laptop, phone, desk), shown(laptop, lost, away), with_paper]
    return {"good": good, "faults": faults}


def shares() -> dict[str, Any]:
    """Page 9."""
    marks = [hashed(filled(150 + number, 32), "shar", 8) for number in range(3)]

    def whole(first: int, found: list[bytes], count: int | None = None, form: int = 1) -> bytes:
        stated = len(found) if count is None else count
        return (struct.pack(">BHH", form, first, stated) + b"".join(found)).ljust(PAGE, b"\0")

    good = [
        {"first": first, "marks": [mark.hex() for mark in found], "bytes": spelled(whole(first, found))}
        for first, found in ((330, marks), (0, []), (65535, marks[:1]), (330, marks[:1] * 160))
    ]
    right = whole(330, marks)
    faults = [
        fault("version 0", whole(330, marks, form=0)),
        fault("a newer version", whole(330, marks, form=2), VERSION),
        fault("a month more than there may be", whole(330, marks[:1] * 161)),
        fault("a month beyond the last", whole(65535, marks[:2])),
        fault("fewer months than bytes say", whole(330, marks, 2)),
        fault("something after the marks", put(right, 5 + 3 * 8, b"\1")),
        fault("cut off", right[:-1]),
        fault("longer", right + b"\0"),
        fault("nothing", b""),
    ]
    return {"good": good, "faults": faults}


MAKERS: tuple[Callable[[], dict[str, Any]], ...] = (wire, slot, page, head, devices, shares, *joining.MAKERS)


def build() -> dict[str, str]:
    """File name → content, of every file of vectors."""
    return {
        f"{maker.__name__}.json": json.dumps(maker(), indent=1, ensure_ascii=False) + "\n" for maker in MAKERS
    }  # fmt: skip


def main() -> None:
    HERE.mkdir(exist_ok=True)
    for name, content in build().items():
        (HERE / name).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
