"""The container of an export a second time, from docs/spec/export.md section 3; shares no code with the product."""

import hashlib
import hmac
import json
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM


def keys(code: str, salt: bytes, iterations: int) -> tuple[bytes, bytes]:
    """Commitment and encryption key."""
    k = hashlib.pbkdf2_hmac("sha256", code.encode(), salt, iterations)
    sign = [hmac.new(k, f"ongemerkt export 1 {label}".encode(), "sha256") for label in ("commitment", "encryption")]
    return sign[0].digest(), sign[1].digest()


def opened(data: bytes, code: str) -> tuple[str, Any]:
    """What a reader must say of a container, and the document if it says "opens"."""
    if data[:16] == b"ongemerkt export" and data[16:17] > b"\x01":
        return "newer", None
    size = int.from_bytes(data[82:86], "big")
    if len(data) < 134 or data[:17] != b"ongemerkt export\x01" or not 16 <= size <= 67_112_976:
        return "damaged", None
    if len(data) != 118 + size or hashlib.sha256(data[:-32]).digest() != data[-32:]:
        return "damaged", None
    iterations = int.from_bytes(data[18:22], "big")
    if data[17] != 1 or not 600_000 <= iterations <= 10_000_000:
        return "refused", None
    commitment, key = keys(code, data[22:38], iterations)
    if commitment != data[50:82]:
        return "unfit", None
    try:
        found = json.loads(AESGCM(key).decrypt(data[38:50], data[86:-32], data[:86]).decode())
    except (InvalidTag, ValueError):
        return "damaged", None
    if not isinstance(found, dict) or found.get("format") != "ongemerkt export":
        return "damaged", None
    if found["version"] > 1:
        return "newer", None
    whole = isinstance(found["notes"], list) and all(isinstance(note["text"], str) for note in found["notes"])
    return ("opens", found) if whole else ("damaged", None)
