"""P13: a ciphertext made to open under two keys does not open (key commitment).

XChaCha20-Poly1305 alone does not commit to its key: `two_keyed` below makes a ciphertext and a tag that are right under
two keys, by solving one linear equation modulo 2¹³⁰ − 5. The box does commit, by a hash that is compared first.

Seen to fail: the comparison of `com` taken out of `open_box` (also built in below).
"""

import os
from hashlib import blake2b

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_decrypt as plain_open

from tests.support.independent import PRIME, clamped, mac_input, poly1305, seal, xchacha_parts
from vault.crypto import aead

VAULT = bytes(range(16))


def two_keyed(one: bytes, other: bytes, nonce: bytes, ad: bytes, blocks: int) -> tuple[bytes, bytes]:
    """Ciphertext (a whole number of 16-byte blocks) and tag that both keys accept: (ciphertext, tag).

    The tag is ((c₁·rⁿ + c₂·rⁿ⁻¹ + … + cₙ·r) mod P + s) mod 2¹²⁸ with r and s of each key. All blocks but one are free;
    that one must make both sums give the same tag, which is linear in it.
    """
    (r1, s1), (r2, s2) = (clamped(xchacha_parts(key, nonce)[2]) for key in (one, other))
    for _ in range(4096):
        ciphertext = bytearray(os.urandom(16 * blocks))
        ciphertext[-16:] = bytes(16)
        whole = mac_input(ad, bytes(ciphertext))
        # the block to solve for is the ciphertext's last; only the lengths come after it, so it counts with r²
        free = [sum_of(whole, r) for r in (r1, r2)]
        # free₁ + x·r₁² + s₁ = free₂ + x·r₂² + s₂ + k·2¹²⁸, for a small k that the carries allow
        slope = (r1 * r1 - r2 * r2) % PRIME
        for k in range(-4, 5):
            x = (free[1] - free[0] + s2 - s1 + (k << 128)) * pow(slope, -1, PRIME) % PRIME
            if x < 1 << 128:
                ciphertext[-16:] = x.to_bytes(16, "little")
                found = bytes(ciphertext)
                tags = {poly1305(xchacha_parts(key, nonce)[2], mac_input(ad, found)) for key in (one, other)}
                if len(tags) == 1:
                    return found, tags.pop()
    raise AssertionError("no such ciphertext found: a chance of nothing at all")


def sum_of(message: bytes, r: int) -> int:
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at : at + 16] + b"\1", "little")) * r % PRIME
    return total


def test_the_plain_aead_opens_one_ciphertext_under_two_keys() -> None:
    one, other, nonce = os.urandom(32), os.urandom(32), os.urandom(24)
    ciphertext, tag = two_keyed(one, other, nonce, b"", 8)
    texts = [plain_open(ciphertext + tag, b"", nonce, key) for key in (one, other)]
    assert texts[0] != texts[1]


@pytest.mark.parametrize("ad_like", [b"", b"a box's own place"])
def test_a_box_opens_under_one_key_only(ad_like: bytes) -> None:
    # the attacker picks both keys, and shapes the box as well as can be: com is right for the first key
    nonce, keys = os.urandom(24), (os.urandom(32), os.urandom(32))
    place = b"\x01" + VAULT + aead.SLOT + (5).to_bytes(8, "big")
    digests = [blake2b(place + nonce, key=key, person=b"ongemerkt-aead-1").digest() for key in keys]
    commitment = digests[0][32:]
    ad = place + commitment
    ciphertext, tag = two_keyed(digests[0][:32], digests[1][:32], nonce, ad, 8)
    box = b"\x01" + nonce + commitment + ciphertext + tag
    # inside, the AEAD accepts either key …
    inner = [plain_open(ciphertext + tag, ad, nonce, digest[:32]) for digest in digests]
    assert inner[0] != inner[1]
    # … the box only the one that it commits to
    assert aead.open_box(keys[0], VAULT, aead.SLOT, 5, box) == inner[0]
    with pytest.raises(aead.BoxRefused):
        aead.open_box(keys[1], VAULT, aead.SLOT, 5, box)


def test_a_box_without_its_commitment_compared_would_open_under_both(monkeypatch: pytest.MonkeyPatch) -> None:
    nonce, keys = os.urandom(24), (os.urandom(32), os.urandom(32))
    place = b"\x01" + VAULT + aead.SLOT + (5).to_bytes(8, "big")
    digests = [blake2b(place + nonce, key=key, person=b"ongemerkt-aead-1").digest() for key in keys]
    commitment = digests[0][32:]
    ciphertext, tag = two_keyed(digests[0][:32], digests[1][:32], nonce, place + commitment, 8)
    box = b"\x01" + nonce + commitment + ciphertext + tag
    monkeypatch.setattr(aead, "equal", lambda one, other: True)
    opened = [aead.open_box(key, VAULT, aead.SLOT, 5, box) for key in keys]
    assert opened[0] != opened[1]


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32), st.binary(max_size=100))
def test_no_other_key_opens_a_box(key: bytes, other: bytes, text: bytes) -> None:
    box = seal(key, VAULT, b"S", 0, os.urandom(24), text)
    assert aead.open_box(key, VAULT, b"S", 0, box) == text
    if other != key:
        with pytest.raises(aead.BoxRefused):
            aead.open_box(other, VAULT, b"S", 0, box)
