"""The functions of libsodium that the vault uses, straight from PyNaCl's compiled module (docs/adr/0011).

`nacl.bindings` has the same functions with more checks in Python; importing it costs a sixth of a whole `add`, and its
checks a third of opening a slot. This module is the only one that touches PyNaCl. Sizes that libsodium takes on trust
are checked here: a wrong one is a mistake of ours (ValueError), never a reading past the end.
"""

from typing import Any

from nacl._sodium import ffi, lib

KEY_BYTES = 32
NONCE_BYTES = 24
TAG_BYTES = 16
SEAL_BYTES = 48
SIGNATURE_BYTES = 64
_SALT = bytes(16)
_ARGON2ID13 = 2

if lib.sodium_init() < 0:
    raise ImportError("libsodium does not start")


def _taken(out: Any, size: int) -> bytes:
    """The bytes in `out`, which is wiped: what it held may be a key or a text."""
    taken = bytes(ffi.buffer(out, size))
    lib.sodium_memzero(out, size)
    return taken


def blake2b(data: bytes, size: int, person: bytes, key: bytes | bytearray = b"") -> bytes:
    """BLAKE2b (RFC 7693) of `data`: `size` bytes (1 to 64), `person` of 16 bytes, `key` of at most 64 bytes."""
    if len(person) != 16 or len(key) > 64:
        raise ValueError("blake2b")
    out = ffi.new("unsigned char[]", size)
    # salt and person are arrays of 16 bytes, which cffi takes from longer or equal bytes
    failed = lib.crypto_generichash_blake2b_salt_personal(
        out, size, data, len(data), bytes(key), len(key), _SALT, person
    )
    if failed:
        raise ValueError("blake2b")
    return _taken(out, size)


def equal(one: bytes, other: bytes) -> bool:
    """Whether they are the same, in a time that says nothing about where they differ."""
    return len(one) == len(other) and lib.sodium_memcmp(one, other, len(one)) == 0


def encrypt(message: bytes, data: bytes, nonce: bytes, key: bytes) -> bytes:
    """XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03): ciphertext and tag of `message`, authenticated with `data`."""
    if len(nonce) != NONCE_BYTES or len(key) != KEY_BYTES:
        raise ValueError("encrypt")
    size = len(message) + TAG_BYTES
    out = ffi.new("unsigned char[]", size)
    if lib.crypto_aead_xchacha20poly1305_ietf_encrypt(
        out, ffi.NULL, message, len(message), data, len(data), ffi.NULL, nonce, key
    ):
        raise ValueError("encrypt")
    return bytes(ffi.buffer(out, size))


def decrypt(sealed: bytes, data: bytes, nonce: bytes, key: bytes) -> bytes | None:
    """The message that `encrypt` sealed, or None."""
    if len(nonce) != NONCE_BYTES or len(key) != KEY_BYTES:
        raise ValueError("decrypt")
    size = len(sealed) - TAG_BYTES
    if size < 0:
        return None
    out = ffi.new("unsigned char[]", size or 1)
    if lib.crypto_aead_xchacha20poly1305_ietf_decrypt(
        out, ffi.NULL, ffi.NULL, sealed, len(sealed), data, len(data), nonce, key
    ):
        return None
    return _taken(out, size)


def seal(message: bytes, public: bytes) -> bytes:
    """libsodium's sealed box of `message` to an X25519 public key (32 bytes): SEAL_BYTES longer than the message."""
    if len(public) != KEY_BYTES:
        raise ValueError("seal")
    size = len(message) + SEAL_BYTES
    out = ffi.new("unsigned char[]", size)
    if lib.crypto_box_seal(out, message, len(message), public):
        raise ValueError("seal")
    return bytes(ffi.buffer(out, size))


def open_sealed(box: bytes, public: bytes, secret: bytes) -> bytes | None:
    """The message of a sealed box to this key pair (32 bytes each), or None."""
    if len(public) != KEY_BYTES or len(secret) != KEY_BYTES:
        raise ValueError("open_sealed")
    size = len(box) - SEAL_BYTES
    if size < 0:
        return None
    out = ffi.new("unsigned char[]", size or 1)
    if lib.crypto_box_seal_open(out, box, len(box), public, secret):
        return None
    return _taken(out, size)


def public_of(secret: bytes) -> bytes:
    """The X25519 public key of a secret key (32 bytes each)."""
    if len(secret) != KEY_BYTES:
        raise ValueError("public_of")
    out = ffi.new("unsigned char[]", KEY_BYTES)
    if lib.crypto_scalarmult_base(out, secret):
        raise ValueError("public_of")
    return _taken(out, KEY_BYTES)


def shared(secret: bytes, public: bytes) -> bytes | None:
    """X25519 (RFC 7748) of a secret and a public key (32 bytes each); None for a point that gives zero with any key."""
    if len(secret) != KEY_BYTES or len(public) != KEY_BYTES:
        raise ValueError("shared")
    out = ffi.new("unsigned char[]", KEY_BYTES)
    if lib.crypto_scalarmult(out, secret, public):
        return None
    return _taken(out, KEY_BYTES)


def signing_key(seed: bytes) -> tuple[bytes, bytes]:
    """The Ed25519 key pair (RFC 8032) of a seed: public key (32 bytes), secret key (64 bytes)."""
    if len(seed) != KEY_BYTES:
        raise ValueError("signing_key")
    public, secret = ffi.new("unsigned char[]", KEY_BYTES), ffi.new("unsigned char[]", 2 * KEY_BYTES)
    if lib.crypto_sign_seed_keypair(public, secret, seed):
        raise ValueError("signing_key")
    return _taken(public, KEY_BYTES), _taken(secret, 2 * KEY_BYTES)


def sign(message: bytes, secret: bytes) -> bytes:
    """The Ed25519 signature (SIGNATURE_BYTES) of `message` by a secret key of `signing_key`."""
    if len(secret) != 2 * KEY_BYTES:
        raise ValueError("sign")
    out, size = ffi.new("unsigned char[]", SIGNATURE_BYTES + len(message)), ffi.new("unsigned long long *")
    if lib.crypto_sign(out, size, message, len(message), secret):
        raise ValueError("sign")
    return bytes(ffi.buffer(out, SIGNATURE_BYTES))


def is_signed(message: bytes, signature: bytes, public: bytes) -> bool:
    """Whether this Ed25519 signature of `message` is by `public` (32 bytes)."""
    if len(public) != KEY_BYTES or len(signature) != SIGNATURE_BYTES:
        raise ValueError("is_signed")
    signed = signature + message
    out, size = ffi.new("unsigned char[]", len(signed)), ffi.new("unsigned long long *")
    return bool(lib.crypto_sign_open(out, size, signed, len(signed), public) == 0)


def key_pair() -> tuple[bytes, bytes]:
    """A fresh X25519 key pair: public key, secret key (32 bytes each)."""
    public, secret = ffi.new("unsigned char[]", KEY_BYTES), ffi.new("unsigned char[]", KEY_BYTES)
    if lib.crypto_box_keypair(public, secret):
        raise ValueError("key_pair")
    return _taken(public, KEY_BYTES), _taken(secret, KEY_BYTES)


def argon2id(secret: bytes, salt: bytes, passes: int, memory: int) -> bytes | None:
    """Argon2id 1.3 with one lane: 32 bytes; `memory` in bytes, `salt` of 16. None when there is not enough memory."""
    if len(salt) != 16:
        raise ValueError("argon2id")
    out = ffi.new("unsigned char[]", KEY_BYTES)
    if lib.crypto_pwhash(out, KEY_BYTES, secret, len(secret), salt, passes, memory, _ARGON2ID13):
        return None
    return _taken(out, KEY_BYTES)
