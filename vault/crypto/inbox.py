"""Sealing to the inbox key without any secret, and opening with its secret half (docs/spec/places.md section 10)."""

from vault import sodium
from vault.crypto import aead
from vault.crypto.derive import derive

_PERSON = b"ongemerkt-inbo-1"


def seal_jot(public: bytes, vault_id: bytes, plaintext: bytes) -> bytes:
    """`plaintext` sealed to the inbox key `public` (32 bytes): formats.jot.AROUND bytes longer.

    Raises BoxRefused for a key that is none.
    """
    once, secret = sodium.key_pair()
    key = _key(secret, public, vault_id, once, public)
    return once + aead.seal(key, vault_id, aead.JOT, 0, plaintext)


def open_jot(secret: bytes, public: bytes, vault_id: bytes, data: bytes) -> bytes:
    """What `seal_jot` sealed to `public`, whose secret half (32 bytes) is `secret`. Raises BoxRefused."""
    once = data[: sodium.KEY_BYTES]
    if len(once) < sodium.KEY_BYTES:
        raise aead.BoxRefused
    key = _key(secret, once, vault_id, once, public)
    return aead.open_box(key, vault_id, aead.JOT, 0, data[sodium.KEY_BYTES :])


def _key(secret: bytes, public: bytes, vault_id: bytes, once: bytes, inbox: bytes) -> bytes:
    shared = sodium.shared(secret, public)
    if shared is None:
        # one of the few points that give the same for every secret: nobody's key
        raise aead.BoxRefused
    return derive(shared, _PERSON, vault_id, once, inbox)
