"""The one way anything is sealed: XChaCha20-Poly1305 with key commitment (docs/spec/vault.md section 2.2).

box = version ‖ nonce (24) ‖ commitment (32) ‖ ciphertext and tag (16 more than the plaintext).
"""

from os import urandom

from vault.sodium import blake2b, decrypt, encrypt, equal

VERSION = b"\x01"
OVERHEAD = 73
"""Bytes that a box is longer than its plaintext."""

SLOT = b"S"
PAGE = b"P"
HEAD = b"H"
STATIC_WRAP = b"T"
EPOCH_WRAP = b"E"
WIRE = b"W"
SYNC_PAGE = b"Q"
OFFER = b"O"
BACKUP = b"U"
JOT = b"I"

_PERSON = b"ongemerkt-aead-1"


class BoxRefused(Exception):
    """The box does not open: another key, another place, damage and tampering all end here, with no difference told."""


def seal(key: bytes, vault_id: bytes, kind: bytes, index: int, plaintext: bytes) -> bytes:
    """`plaintext` sealed under `key` (32 bytes) for place `index` of `kind` in the vault `vault_id` (16 bytes).

    The nonce is drawn here: no caller can pass one.
    """
    nonce = urandom(24)
    place = VERSION + vault_id + kind + index.to_bytes(8, "big")
    digest = blake2b(place + nonce, 64, _PERSON, key)
    commitment = digest[32:]
    sealed = encrypt(plaintext, place + commitment, nonce, digest[:32])
    return b"".join((VERSION, nonce, commitment, sealed))


def noise(size: int) -> bytes:
    """So many bytes that nobody can tell from a box of that size without its key: what a free slot holds."""
    return VERSION + urandom(size - 1)


def open_box(key: bytes | bytearray, vault_id: bytes, kind: bytes, index: int, box: bytes) -> bytes:
    """The plaintext of a box sealed by `seal` with the same arguments. Raises BoxRefused."""
    if len(box) < OVERHEAD or box[:1] != VERSION:
        raise BoxRefused
    nonce = box[1:25]
    commitment = box[25:57]
    place = VERSION + vault_id + kind + index.to_bytes(8, "big")
    digest = blake2b(place + nonce, 64, _PERSON, key)
    if not equal(digest[32:], commitment):
        raise BoxRefused
    plaintext = decrypt(box[57:], place + commitment, nonce, digest[:32])
    if plaintext is None:
        raise BoxRefused
    return plaintext
