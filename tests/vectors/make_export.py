"""`python -m tests.vectors.make_export`: writes the containers in tests/vectors/export, one fault in each.

Everything is computed from docs/spec/export.md section 3; nothing of the product is imported. `expect` is what a reader
must say: opens, damaged (steps 1 to 3 and 6), newer (1, or the document), refused (4), unfit (5).
"""

import base64
import hashlib
import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.support.independent_export import keys

HERE = Path(__file__).parent / "export"
CODE = "aalbes dambord kerrie rijden stoer vlakte"
SALT, IV = bytes(range(16)), bytes(range(32, 44))
PLAIN = {
    "format": "ongemerkt export",
    "version": 1,
    "language": "nl",
    "notes": [{"text": "Eén notitie, met ‘tekens’ 🙂 en <b>.\n\n#grenzen", "themes": ["grenzen"]}],
}


def bytes_of(document: Any) -> bytes:
    return json.dumps(document, ensure_ascii=False).encode()


def sealed(
    plaintext: bytes, *, code: str = CODE, iterations: int = 600_000, version: int = 1, kdf: int = 1,
    size: int | None = None, ad: bytes | None = None, commitment: bytes | None = None,
) -> bytes:  # fmt: skip
    """A container without its checksum; the named fields can be made wrong."""
    # parameters outside the limits are refused before anything is derived, so what is derived does not matter
    com, key = keys(code, SALT, iterations if 600_000 <= iterations <= 10_000_000 else 1)
    header = b"ongemerkt export" + bytes([version, kdf]) + iterations.to_bytes(4, "big") + SALT + IV
    header += commitment or com
    header += (len(plaintext) + 16 if size is None else size).to_bytes(4, "big")
    return header + AESGCM(key).encrypt(IV, plaintext, header if ad is None else ad)


def whole(body: bytes) -> bytes:
    """With its checksum."""
    return body + hashlib.sha256(body).digest()


def flipped(data: bytes, at: int) -> bytes:
    """One bit changed."""
    out = bytearray(data)
    out[at] ^= 1
    return bytes(out)


def made_of(document: Any = PLAIN, **wrong: Any) -> bytes:
    """A whole container of a document."""
    return whole(sealed(bytes_of(document), **wrong))


def vectors() -> dict[str, tuple[str, str, bytes, str]]:
    """Name → what it is, what to expect, the bytes, the code."""
    body = sealed(bytes_of(PLAIN))
    good = whole(body)
    every = PLAIN | {
        "language": "en",
        "notes": [{"text": "a", "themes": [], "months_left": 7}, {"text": " b\n", "themes": []}],
    }
    made = {
        "good": ("opens", good, "one note"),
        "good-padded": ("opens", whole(sealed(bytes_of(PLAIN).ljust(4096))), "spaces up to 4,096 bytes"),
        "good-two-notes": ("opens", made_of(every), "two notes, one with months left, English"),
        "good-no-notes": ("opens", made_of(PLAIN | {"notes": []}), "an empty list"),
        "good-dearer": ("opens", made_of(iterations=700_000), "more iterations than ours"),
        "empty": ("damaged", b"", "no bytes"),
        "cut-in-magic": ("damaged", good[:9], "cut off in the magic"),
        "cut-in-header": ("damaged", good[:60], "cut off in the header"),
        "cut-in-ciphertext": ("damaged", good[:-50], "cut off in the ciphertext"),
        "cut-last-byte": ("damaged", good[:-1], "the last byte is missing"),
        "byte-too-many": ("damaged", good + b"\0", "a byte behind the end"),
        "magic-flipped": ("damaged", whole(flipped(body, 3)), "a bit of the magic, checksum made anew"),
        "version-0": ("damaged", made_of(version=0), "version 0"),
        "length-15": ("damaged", made_of(size=15), "a length without room for the tag"),
        "length-one-more": ("damaged", made_of(size=len(body) - 85), "a length that is not there"),
        "length-huge": ("damaged", made_of(size=2**32 - 1), "the longest length"),
        "checksum-flipped": ("damaged", flipped(good, -1), "a bit of the checksum"),
        "ciphertext-rotten": ("damaged", flipped(good, 90), "a bit of the ciphertext, checksum as it was"),
        "version-2": ("newer", made_of(version=2), "version 2"),
        "kdf-2": ("refused", made_of(kdf=2), "an unknown key derivation"),
        "iterations-599999": ("refused", made_of(iterations=599_999), "below the floor"),
        "iterations-0": ("refused", made_of(iterations=0), "none at all"),
        "iterations-10000001": ("refused", made_of(iterations=10_000_001), "above the ceiling"),
        "other-code": ("unfit", made_of(code="aalbes dambord kerrie rijden stoer uitlaat"), "another code"),
        "code-swapped": ("unfit", made_of(code="dambord aalbes kerrie rijden stoer vlakte"), "another order"),
        "salt-flipped": ("unfit", whole(flipped(body, 22)), "a bit of the salt, checksum made anew"),
        "iterations-changed": ("unfit", whole(flipped(body, 21)), "600,001 iterations, checksum made anew"),
        "commitment-flipped": ("unfit", whole(flipped(body, 60)), "a bit of the commitment, checksum made anew"),
        "iv-flipped": ("damaged", whole(flipped(body, 40)), "a bit of the IV, checksum made anew"),
        "ciphertext-flipped": ("damaged", whole(flipped(body, 90)), "a bit of the ciphertext, checksum made anew"),
        "tag-flipped": ("damaged", whole(flipped(body, -1)), "a bit of the tag, checksum made anew"),
        "header-not-bound": ("damaged", made_of(ad=b""), "sealed without the header as additional data"),
        "header-bound-in-part": ("damaged", made_of(ad=body[:82]), "its length not bound"),
        "not-json": ("damaged", whole(sealed(b"Een tekst.")), "a plaintext that is no JSON"),
        "not-utf-8": ("damaged", whole(sealed(bytes_of(PLAIN) + b"\xff")), "not UTF-8"),
        "not-an-object": ("damaged", whole(sealed(b"[]")), "JSON, but a list"),
        "other-format": ("damaged", made_of(PLAIN | {"format": "export"}), "another format's name"),
        "document-2": ("newer", made_of(PLAIN | {"version": 2}), "a newer document"),
        "notes-no-list": ("damaged", made_of(PLAIN | {"notes": {}}), "notes that are no list"),
        "text-no-text": ("damaged", made_of(PLAIN | {"notes": [{"text": 7, "themes": []}]}), "a number for a text"),
    }  # fmt: skip
    return {name: (about, expect, data, CODE) for name, (expect, data, about) in made.items()}


def main() -> None:
    HERE.mkdir(exist_ok=True)
    for old in HERE.glob("*.json"):
        old.unlink()
    for name, (about, expect, data, code) in vectors().items():
        vector = {"about": about, "expect": expect, "code": code, "container": base64.b64encode(data).decode()}
        (HERE / f"{name}.json").write_text(json.dumps(vector, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
