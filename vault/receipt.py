"""Deletion receipts: made by the vault, read by anybody without one (docs/spec/rights.md section 5). Pure."""

import json
from collections.abc import Mapping
from typing import Any, NamedTuple

from vault import errors, limits, sodium

FORMAT, VERSION = "ongemerkt receipt", 1
CLAIM, HAND = "claim", "hand"
"""Who chose the notes: the client's claim code, or the coach by hand."""
DEVICE, SERVER, STICK = "device", "server", "stick"
"""Kinds of places."""
KINDS = (DEVICE, SERVER, STICK)
MARK_WORDS = 6
_SIGNED = b"ongemerkt receipt 1\n"
_MARK = b"ongemerkt-mark-1"
_FIELDS = {"asked", "confirmed", "format", "key", "month", "notes", "signature", "version", "waiting"}
_PLACES_MOST = 255
_MONTHS = 12


class Receipt(NamedTuple):
    """What a receipt says. `month`: months since January 2000. `confirmed`, `waiting`: kind of place → how many."""

    notes: int
    month: int
    asked: str
    confirmed: Mapping[str, int]
    waiting: Mapping[str, int]
    key: bytes = b""


def make(receipt: Receipt, seed: bytes) -> bytes:
    """The signed document; the same facts give the same bytes. `seed` is that of the vault's receipt key (32 bytes)."""
    public, secret = sodium.signing_key(seed)
    fields = _fields(receipt._replace(key=public))
    return _canonical(fields | {"signature": sodium.sign(_SIGNED + _canonical(fields), secret).hex()})


def public_key(seed: bytes) -> bytes:
    """The key that receipts made with `seed` bear (32 bytes)."""
    return sodium.signing_key(seed)[0]


def verify(data: bytes) -> Receipt:
    """What a receipt says, once its signature fits. Raises ReceiptMalformed, ReceiptNewer, ReceiptForged.

    That its key is the vault's is for a person to see: `mark` stands on the claim slip too.
    """
    fields = _parsed(data)
    if fields is None or fields.get("format") != FORMAT:
        raise errors.ReceiptMalformed
    version = fields.get("version")
    if type(version) is int and version > VERSION:
        raise errors.ReceiptNewer
    receipt = _receipt(fields)
    signature = _bytes(fields.get("signature"), sodium.SIGNATURE_BYTES)
    if receipt is None or signature is None or set(fields) != _FIELDS:
        raise errors.ReceiptMalformed
    signed = _fields(receipt)
    # the canonical form alone is a receipt: no field twice, no other spelling
    if _canonical(signed | {"signature": signature.hex()}) != data:
        raise errors.ReceiptMalformed
    if not sodium.is_signed(_SIGNED + _canonical(signed), signature, receipt.key):
        raise errors.ReceiptForged
    return receipt


def mark(key: bytes) -> bytes:
    """What tells one receipt key from another: the first MARK_WORDS × 11 bits are spoken as words."""
    return sodium.blake2b(key, 16, _MARK)


def month_text(month: int) -> str:
    """Such as 2026-11."""
    return f"{2000 + month // _MONTHS:04}-{month % _MONTHS + 1:02}"


def _fields(receipt: Receipt) -> dict[str, object]:
    return {
        "asked": receipt.asked,
        "confirmed": dict(receipt.confirmed),
        "format": FORMAT,
        "key": receipt.key.hex(),
        "month": month_text(receipt.month),
        "notes": receipt.notes,
        "version": VERSION,
        "waiting": dict(receipt.waiting),
    }


def _canonical(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, sort_keys=True, separators=(",", ":")).encode() + b"\n"


def _parsed(data: bytes) -> dict[str, Any] | None:
    # a function of its own, since Python's error would hold the text (lesson 25)
    if len(data) > limits.RECEIPT_BYTES:
        return None
    try:
        found = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _receipt(fields: Mapping[str, Any]) -> Receipt | None:
    notes, key = fields.get("notes"), _bytes(fields.get("key"), sodium.KEY_BYTES)
    month, asked = _month(fields.get("month")), fields.get("asked")
    confirmed, waiting = _places(fields.get("confirmed")), _places(fields.get("waiting"))
    if type(notes) is not int or not 1 <= notes <= limits.POOL_MOST or asked not in (CLAIM, HAND):
        return None
    if key is None or month is None or not confirmed or waiting is None or fields.get("version") != VERSION:
        return None
    return Receipt(notes, month, asked, confirmed, waiting, key)


def _places(value: object) -> dict[str, int] | None:
    if not isinstance(value, dict):
        return None
    for kind, count in value.items():
        if kind not in KINDS or type(count) is not int or not 1 <= count <= _PLACES_MOST:
            return None
    return value


def _month(value: object) -> int | None:
    if not isinstance(value, str) or len(value) != 7 or not value.isascii() or value[4] != "-":
        return None
    year, number = value[:4], value[5:]
    if not year.isdigit() or not number.isdigit():
        return None
    month = (int(year) - 2000) * _MONTHS + int(number) - 1
    return month if 0 <= month <= limits.MONTH_MOST and month_text(month) == value else None


def _bytes(value: object, size: int) -> bytes | None:
    if not isinstance(value, str) or len(value) != 2 * size:
        return None
    if not set(value) <= set("0123456789abcdef"):
        return None
    return bytes.fromhex(value)
