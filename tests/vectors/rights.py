"""Known answers for docs/spec/rights.md, made as tests/vectors/make.py makes the others."""

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from argon2.low_level import Type, hash_secret_raw

from tests.support import curves, independent

WORDS = Path(__file__).parents[2] / "vault" / "words"
MALFORMED, NEWER, FORGED = "ReceiptMalformed", "ReceiptNewer", "ReceiptForged"


def filled(seed: int, size: int) -> bytes:
    """Bytes that look like nothing in particular, the same each time."""
    return independent.blake2b(b"rights %d" % seed, size=64)[:size]


def in_words(data: bytes, count: int, lang: str) -> list[str]:
    """Section 2.1."""
    listed = (WORDS / f"{lang}.txt").read_text("ascii").split()
    bits = "".join(f"{byte:08b}" for byte in data)
    return [listed[int(bits[11 * at : 11 * at + 11], 2)] for at in range(count)]


def claim() -> dict[str, Any]:
    """Sections 2 and 3; the costs are those of tests, the rest is as it is."""
    good = []
    for number in range(3):
        code, vault = (bytes(range(11)), filled(7, 11), filled(1, 11))[number], filled(2 + number, 16)
        salt = independent.blake2b(vault, size=16, person=b"ongemerkt-slip-1")
        cost = {"m_kib": 64, "t": 1, "p": 1}
        secret = hash_secret_raw(code, salt, cost["t"], cost["m_kib"], cost["p"], 32, Type.ID)
        public = curves.x25519(secret)
        good.append(
            {
                "code": code.hex(),
                "nl": in_words(code, 8, "nl"),
                "en": in_words(code, 8, "en"),
                "vault": vault.hex(),
                "cost": cost,
                "secret": secret.hex(),
                "public": public.hex(),
                "ordinal": 3 + number,
                "tag": curves.sealed_box((3 + number).to_bytes(2, "big"), public, filled(8, 32)).hex(),
            }
        )
    words = in_words(filled(1, 11), 8, "nl")
    faults = [
        {"name": "a word too few", "typed": " ".join(words[:7]), "failure": "ClaimLength"},
        {"name": "a word too many", "typed": " ".join([*words, words[0]]), "failure": "ClaimLength"},
        {"name": "nothing", "typed": "", "failure": "ClaimLength"},
        {"name": "a word of no list", "typed": " ".join([*words[:7], "xyzxyz"]), "failure": "WordNotUnderstood"},
    ]
    return {"good": good, "faults": faults}


def receipt() -> dict[str, Any]:
    """Section 5."""
    seed = filled(10, 32)
    key = curves.ed25519_public(seed)

    def canonical(fields: dict[str, Any]) -> str:
        return json.dumps(fields, sort_keys=True, separators=(",", ":")) + "\n"

    def signed(change: Callable[[dict[str, Any]], object] = lambda fields: None) -> dict[str, Any]:
        fields: dict[str, Any] = {
            "asked": "claim",
            "confirmed": {"device": 1},
            "format": "ongemerkt receipt",
            "key": key.hex(),
            "month": "2026-11",
            "notes": 12,
            "version": 1,
            "waiting": {},
        }
        change(fields)
        signature = curves.ed25519_sign(seed, b"ongemerkt receipt 1\n" + canonical(fields).encode())
        return fields | {"signature": signature.hex()}

    def with_field(name: str, value: object) -> str:
        return canonical(signed(lambda fields: fields.update({name: value})))

    def fault(name: str, document: str, failure: str = MALFORMED) -> dict[str, str]:
        return {"name": name, "document": document, "failure": failure}

    right = signed()
    text = canonical(right)
    many = {"device": 2, "server": 1, "stick": 255}
    good = [
        {"seed": seed.hex(), "document": canonical(each), "mark": in_words(_mark(key), 6, "nl")}
        for each in (
            right,
            signed(lambda fields: fields.update(asked="hand", notes=4_194_304, month="2031-01")),
            signed(lambda fields: fields.update(confirmed={"device": 1}, waiting=many)),
        )
    ]
    other = filled(11, 32)
    faults = [
        fault("another number of notes", text.replace('"notes":12', '"notes":13'), FORGED),
        fault("another month", text.replace("2026-11", "2026-12"), FORGED),
        fault("a place that has not confirmed taken out", _without_waiting(str(good[2]["document"])), FORGED),
        fault("another key", text.replace(key.hex(), curves.ed25519_public(other).hex()), FORGED),
        fault("another signature", _put(text, right["signature"], filled(12, 64).hex()), FORGED),
        fault("the signature of something else", _put(text, right["signature"], signed_other(seed)), FORGED),
        fault("a newer version", with_field("version", 2), NEWER),
        fault("version 0", with_field("version", 0)),
        fault("a version that is no number", with_field("version", True)),
        fault("another format", with_field("format", "ongemerkt export")),
        fault("no notes", with_field("notes", 0)),
        fault("more notes than any vault holds", with_field("notes", 4_194_305)),
        fault("notes that are no number", with_field("notes", "12")),
        fault("half a note", with_field("notes", 12.5)),
        fault("asked by nobody", with_field("asked", "employer")),
        fault("no place has confirmed", with_field("confirmed", {})),
        fault("a place of no kind", with_field("confirmed", {"cloud": 1})),
        fault("no place of a kind", with_field("waiting", {"server": 0})),
        fault("a month that does not exist", with_field("month", "2026-13")),
        fault("a day", with_field("month", "2026-11-22")),
        fault("a month before there were any", with_field("month", "1999-12")),
        fault("a field more", with_field("name", "Inez")),
        fault("a field less", canonical({name: value for name, value in right.items() if name != "waiting"})),
        fault("a field twice", text.replace('"notes":12', '"notes":12,"notes":12')),
        fault("capitals in the key", text.replace(key.hex(), key.hex().upper())),
        fault("a key cut off", text.replace(key.hex(), key.hex()[:62])),
        fault("white space", text.replace(",", ", ")),
        fault("fields in another order", json.dumps(dict(reversed(right.items())), separators=(",", ":")) + "\n"),
        fault("no line feed", text[:-1]),
        fault("something after it", text + "\n"),
        fault("no JSON", text[:-10]),
        fault("no object", "[]\n"),
        fault("nothing", ""),
        fault("too long", text[:-1] + " " * 4096 + "\n"),
        fault("nested too deep", "[" * 4000),
    ]
    return {"good": good, "faults": faults}


def signed_other(seed: bytes) -> str:
    """A signature of the right key for something else."""
    return curves.ed25519_sign(seed, b"ongemerkt receipt 1\n{}\n").hex()


def _put(text: str, old: str, new: str) -> str:
    return text.replace(old, new)


def _without_waiting(text: str) -> str:
    return text.replace('"waiting":{"device":2,"server":1,"stick":255}', '"waiting":{}')


def _mark(key: bytes) -> bytes:
    return hashlib.blake2b(key, digest_size=16, person=b"ongemerkt-mark-1").digest()


MAKERS: tuple[Callable[[], dict[str, Any]], ...] = (claim, receipt)
