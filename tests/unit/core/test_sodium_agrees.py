"""vault/sodium.py calls libsodium without PyNaCl's wrappers: it agrees with them and hashlib, and checks every size."""

from collections.abc import Callable
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl import bindings
from nacl.exceptions import CryptoError

from vault import sodium

KEYS = st.binary(min_size=32, max_size=32)
NONCES = st.binary(min_size=24, max_size=24)
PERSONS = st.binary(min_size=16, max_size=16)


@given(st.binary(max_size=5000), st.integers(1, 64), PERSONS, st.binary(max_size=64))
def test_blake2b_agrees_with_hashlib(data: bytes, size: int, person: bytes, key: bytes) -> None:
    assert sodium.blake2b(data, size, person, key) == blake2b(data, digest_size=size, person=person, key=key).digest()
    assert sodium.blake2b(data, size, person, bytearray(key)) == sodium.blake2b(data, size, person, key)


@given(st.binary(max_size=5000), st.binary(max_size=200), NONCES, KEYS)
def test_encryption_agrees_with_the_bindings(message: bytes, data: bytes, nonce: bytes, key: bytes) -> None:
    sealed = sodium.encrypt(message, data, nonce, key)
    assert sealed == bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(message, data, nonce, key)
    assert sodium.decrypt(sealed, data, nonce, key) == message
    assert sodium.decrypt(sealed, data + b"x", nonce, key) is None
    assert sodium.decrypt(sealed[:-1], data, nonce, key) is None


def test_a_sealed_box_opens_with_the_secret_key_only() -> None:
    public, secret = sodium.key_pair()
    other_public, other_secret = sodium.key_pair()
    box = sodium.seal(b"\x00\x03", public)
    assert bindings.crypto_box_seal_open(box, public, secret) == b"\x00\x03"
    with pytest.raises(CryptoError):
        bindings.crypto_box_seal_open(box, other_public, other_secret)


def test_argon2id_agrees_with_the_bindings_and_refuses_what_memory_cannot_hold() -> None:
    salt = bytes(range(16))
    there = bindings.crypto_pwhash_alg(32, b"geheim", salt, 1, 8192, bindings.crypto_pwhash_ALG_ARGON2ID13)
    assert sodium.argon2id(b"geheim", salt, 1, 8192) == there
    assert sodium.argon2id(b"geheim", salt, 1, 1 << 50) is None


@given(st.binary(max_size=64), st.binary(max_size=64))
def test_equal_is_equality(one: bytes, other: bytes) -> None:
    assert sodium.equal(one, other) == (one == other)
    assert sodium.equal(one, bytes(bytearray(one)))


@pytest.mark.parametrize("size", [0, 1, 31, 33, 64])
def test_no_wrong_size_reaches_libsodium(size: int) -> None:
    wrong = bytes(size)
    calls: tuple[Callable[[], object], ...] = (
        lambda: sodium.encrypt(b"m", b"", bytes(24), wrong),
        lambda: sodium.encrypt(b"m", b"", wrong, bytes(32)),
        lambda: sodium.decrypt(bytes(20), b"", bytes(24), wrong),
        lambda: sodium.decrypt(bytes(20), b"", wrong, bytes(32)),
        lambda: sodium.seal(b"m", wrong),
        lambda: sodium.argon2id(b"m", wrong, 1, 8192),
        lambda: sodium.blake2b(b"m", 32, wrong),
        lambda: sodium.blake2b(b"m", 65 + size, bytes(16)),
        lambda: sodium.blake2b(b"m", 32, bytes(16), bytes(65 + size)),
    )
    for call in calls:
        with pytest.raises(ValueError):
            call()


def test_a_box_shorter_than_its_tag_is_refused_not_read_past() -> None:
    for size in range(16):
        assert sodium.decrypt(bytes(size), b"", bytes(24), bytes(32)) is None
