"""The box and what it is made of, beside an implementation that shares no code with it."""

from hashlib import blake2b

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from nacl.bindings import (
    crypto_aead_xchacha20poly1305_ietf_decrypt,
    crypto_aead_xchacha20poly1305_ietf_encrypt,
    crypto_box_seal_open,
)

from tests.support import independent
from tests.support.statistics import Z_LIMIT, byte_evenness
from vault import sodium
from vault.crypto import aead

keys, nonces, ids = (st.binary(min_size=size, max_size=size) for size in (32, 24, 16))
kinds = st.sampled_from([aead.SLOT, aead.PAGE, aead.HEAD, aead.STATIC_WRAP, aead.EPOCH_WRAP])
indices = st.integers(0, 2**64 - 1)
SUNSCREEN = (
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, "
    b"sunscreen would be it."
)


# -- the independent implementation itself, against the standards' own vectors -----------------------------------------


def test_blake2b_rfc_7693_appendix_a() -> None:
    assert (
        independent.blake2b(b"abc").hex().startswith("ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d1")
    )


def test_chacha20_poly1305_rfc_8439_section_2_8_2() -> None:
    key, nonce = bytes(range(0x80, 0xA0)), bytes.fromhex("070000004041424344454647")
    ad = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    ciphertext = independent.chacha20(key, 1, nonce, SUNSCREEN)
    tag = independent.poly1305(independent.chacha20(key, 0, nonce, bytes(32)), independent.mac_input(ad, ciphertext))
    assert ciphertext[:16].hex() == "d31a8d34648e60db7b86afbc53ef7ec2"
    assert tag.hex() == "1ae10b594f09e26a7e902ecbd0600691"


def test_hchacha20_draft_xchacha_section_2_2_1() -> None:
    nonce = bytes.fromhex("000000090000004a0000000031415927")
    sub = independent.hchacha20(bytes(range(32)), nonce)
    assert sub.hex() == "82413b4227b27bfed30e42508a877d73a0f9e4d58a74a853c12ec41326d3ecdc"


def test_xchacha20_poly1305_draft_xchacha_appendix_a_3() -> None:
    key, nonce = bytes(range(0x80, 0xA0)), bytes(range(0x40, 0x58))
    ad = bytes.fromhex("50515253c0c1c2c3c4c5c6c7")
    sealed = independent.xchacha_seal(key, nonce, ad, SUNSCREEN)
    assert sealed[:16].hex() == "bd6d179d3e83d43b9576579493c0e939"
    assert sealed[-16:].hex() == "c0875924c1c7987947deafd8780acf49"


def test_aes_256_fips_197_appendix_c_3() -> None:
    block = bytes.fromhex("8ea2b7ca516745bfeafc49904b496089")
    plain = independent.Aes256(bytes(range(32))).decrypt_cbc(bytes(16), block)
    assert plain.hex() == "00112233445566778899aabbccddeeff"


# -- the product's primitives ------------------------------------------------------------------------------------------


@given(st.binary(max_size=300), st.integers(1, 64), st.binary(min_size=16, max_size=16), st.binary(max_size=64))
def test_blake2b(data: bytes, size: int, person: bytes, key: bytes) -> None:
    expected = independent.blake2b(data, size=size, key=key, person=person)
    assert sodium.blake2b(data, size, person, key) == expected
    assert blake2b(data, digest_size=size, key=key, person=person).digest() == expected


@settings(max_examples=30)
@given(keys, nonces, st.binary(max_size=80), st.binary(max_size=300))
def test_xchacha20_poly1305(key: bytes, nonce: bytes, ad: bytes, text: bytes) -> None:
    expected = independent.xchacha_seal(key, nonce, ad, text)
    assert sodium.encrypt(text, ad, nonce, key) == expected
    assert crypto_aead_xchacha20poly1305_ietf_encrypt(text, ad, nonce, key) == expected
    assert sodium.decrypt(expected, ad, nonce, key) == independent.xchacha_open(key, nonce, ad, expected) == text
    assert crypto_aead_xchacha20poly1305_ietf_decrypt(expected, ad, nonce, key) == text
    assert sodium.decrypt(expected[:-1], ad, nonce, key) is None
    assert sodium.decrypt(b"", ad, nonce, key) is None


def test_a_tag_is_a_sealed_box_that_its_key_opens() -> None:
    public, secret = sodium.key_pair()
    assert crypto_box_seal_open(sodium.seal(b"\0\3", public), public, secret) == b"\0\3"
    assert len(sodium.seal(b"\0\3", public)) == 50


# -- the box -----------------------------------------------------------------------------------------------------------


@given(keys, ids, kinds, indices, st.binary(max_size=200))
def test_a_box_opens_where_it_was_sealed(key: bytes, vault_id: bytes, kind: bytes, index: int, text: bytes) -> None:
    box = aead.seal(key, vault_id, kind, index, text)
    assert len(box) == len(text) + aead.OVERHEAD
    assert aead.open_box(key, vault_id, kind, index, box) == text
    assert aead.open_box(bytearray(key), vault_id, kind, index, box) == text


@settings(max_examples=30)
@given(keys, ids, kinds, indices, nonces, st.binary(max_size=100))
def test_a_box_made_by_the_specification_opens(
    key: bytes, vault_id: bytes, kind: bytes, index: int, nonce: bytes, text: bytes
) -> None:
    assert aead.open_box(key, vault_id, kind, index, independent.seal(key, vault_id, kind, index, nonce, text)) == text


@given(st.binary(max_size=200))
def test_any_bytes_are_a_box_or_refused(data: bytes) -> None:
    with pytest.raises(aead.BoxRefused):
        aead.open_box(bytes(32), bytes(16), aead.SLOT, 0, data)


def test_no_two_boxes_share_a_nonce_and_noise_looks_like_them() -> None:
    boxes = [aead.seal(bytes(32), bytes(16), aead.SLOT, 0, b"x" * 100) for _ in range(500)]
    assert len({box[1:25] for box in boxes}) == 500
    noise = [aead.noise(173) for _ in range(500)]
    assert {box[:1] for box in boxes} == {box[:1] for box in noise} == {b"\x01"}
    for made in (boxes, noise):
        assert abs(byte_evenness(b"".join(box[1:] for box in made))) < Z_LIMIT
