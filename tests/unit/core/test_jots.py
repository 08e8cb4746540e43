"""The bytes of a jot: what is sealed comes back, and any other bytes end in our own error."""

from contextlib import suppress

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from vault import limits, sodium
from vault.crypto import aead
from vault.crypto.inbox import open_jot, seal_jot
from vault.formats import jot as jot_format
from vault.formats.reader import FormatError

ID = bytes(range(16))
TEXTS = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\0"), max_size=5000)


@given(TEXTS)
@example("x" * 1874)
@example("x" * 1875)
def test_what_is_sealed_comes_back_and_fills_its_file(text: str) -> None:
    public, secret = sodium.key_pair()
    data = seal_jot(public, ID, jot_format.encode(text.encode()))
    assert len(data) in jot_format.SIZES
    assert jot_format.decode(open_jot(secret, public, ID, data)) == text
    assert 0 < jot_format.note_id(data) < 1 << 64


def test_the_sizes_end_with_that_of_the_longest_jot() -> None:
    longest = jot_format.encode(b"x" * limits.JOT_BYTES)
    assert len(longest) + jot_format.AROUND == jot_format.LARGEST == max(jot_format.SIZES)


@given(st.binary(max_size=4096))
def test_any_bytes_are_a_text_or_our_error(data: bytes) -> None:
    with suppress(FormatError):
        jot_format.decode(data)


def test_the_error_about_bytes_that_are_no_text_does_not_hold_them() -> None:
    with pytest.raises(FormatError) as refused:
        jot_format.decode(jot_format.encode(b"geheim \xff"))
    assert refused.value.__context__ is None


@given(st.binary(max_size=2100))
def test_any_bytes_do_not_open(data: bytes) -> None:
    public, secret = sodium.key_pair()
    with pytest.raises(aead.BoxRefused):
        open_jot(secret, public, ID, data)


# Seen to fail with the inbox key left out of what the key of a jot is derived from.
def test_a_jot_opens_for_one_key_one_vault_and_one_drawn_key_only() -> None:
    public, secret = sodium.key_pair()
    other, secret_of_other = sodium.key_pair()
    data = seal_jot(public, ID, jot_format.encode(b"Tekst."))
    for wrong in (
        (secret_of_other, other, ID, data),
        (secret, other, ID, data),
        (secret, public, bytes(16), data),
        (secret, public, ID, other + data[32:]),
    ):
        with pytest.raises(aead.BoxRefused):
            open_jot(*wrong)


@pytest.mark.parametrize("public", [bytes(32), b"\1" + bytes(31)])
def test_a_key_that_gives_the_same_for_everybody_is_refused(public: bytes) -> None:
    with pytest.raises(aead.BoxRefused):
        seal_jot(public, ID, jot_format.encode(b"Tekst."))


def test_the_agreement_is_that_of_the_rfc() -> None:
    # RFC 7748 section 6.1
    alice = bytes.fromhex("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")
    bob = bytes.fromhex("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb")
    both = bytes.fromhex("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742")
    assert sodium.shared(alice, sodium.public_of(bob)) == sodium.shared(bob, sodium.public_of(alice)) == both


@pytest.mark.parametrize("name", ["", "0" * 15, "0" * 17, "A" * 16, "0" * 16 + ".txt", "../" + "0" * 13, "lock"])
def test_other_names_are_no_jots(name: str) -> None:
    assert not jot_format.is_name(name)
    assert jot_format.jot_of(name) == ""
