"""What is sealed for a server opens for whoever has both keys, in its own place, and for nobody else (sync §3)."""

from collections.abc import Callable
from functools import partial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support import accounts, independent
from tests.support.accounts import LAPTOP, LIST, PHONE
from vault import limits, sodium
from vault.crypto import aead, wire
from vault.crypto.aead import BoxRefused
from vault.formats import devices, note, notice, offer, synchead
from vault.formats.devices import DeviceEntry, Shares
from vault.formats.enrolled import ACTIVE, COUNTRIES, REVOKED
from vault.formats.notice import Certificate, Notice
from vault.formats.offer import Offer, Vouched
from vault.formats.reader import FormatError
from vault.formats.synchead import SyncHead
from vault.trust import encode_notice

K, SHARE, ACCOUNT = b"k" * 32, b"s" * 32, b"a" * 16
PAYLOAD = b"p" * note.PAYLOAD


def refused(act: Callable[[], object]) -> bool:
    try:
        act()
    except BoxRefused:
        return True
    return False


# -- boxes (section 3) -------------------------------------------------------------------------------------------------


def test_a_slot_needs_the_ledgers_key_and_the_months_share() -> None:
    """P8: when the share is gone nobody opens it. Seen to fail when the share was left out of the key."""
    box = wire.seal_slot(K, ACCOUNT, SHARE, 7, PAYLOAD)
    assert wire.open_slot(K, ACCOUNT, SHARE, 7, box) == PAYLOAD
    for key, share in ((K, b"t" * 32), (b"l" * 32, SHARE), (SHARE, K)):
        assert refused(partial(wire.open_slot, key, ACCOUNT, share, 7, box))
    assert refused(partial(aead.open_box, K, ACCOUNT, aead.WIRE, 7, box))


def test_a_slot_opens_in_its_own_place_only() -> None:
    """Lesson: mixed slots and transplants between accounts. Seen to fail when the place was left out of the box."""
    box = wire.seal_slot(K, ACCOUNT, SHARE, 7, PAYLOAD)
    assert refused(partial(wire.open_slot, K, ACCOUNT, SHARE, 8, box))
    assert refused(partial(wire.open_slot, K, b"b" * 16, SHARE, 7, box))
    page = wire.seal_page(K, ACCOUNT, 7, PAYLOAD)
    assert wire.open_page(K, ACCOUNT, 7, page) == PAYLOAD
    assert refused(partial(wire.open_page, K, ACCOUNT, 8, page))
    assert refused(partial(wire.open_page, K, b"b" * 16, 7, page))


def test_kinds_of_boxes_are_never_taken_for_one_another() -> None:
    kinds = [value for name, value in vars(aead).items() if name.isupper() and name not in ("VERSION", "OVERHEAD")]
    kinds = [value for value in kinds if isinstance(value, bytes) and len(value) == 1]
    assert len(kinds) == len(set(kinds)) == 10
    for kind in kinds:
        box = aead.seal(K, ACCOUNT, kind, 7, b"x")
        assert [other for other in kinds if not refused(partial(aead.open_box, K, ACCOUNT, other, 7, box))] == [kind]


def test_boxes_have_the_sizes_that_the_server_knows() -> None:
    assert len(wire.seal_slot(K, ACCOUNT, SHARE, 0, PAYLOAD)) == limits.SLOT_BOX
    assert len(wire.seal_page(K, ACCOUNT, 0, bytes(devices.PAYLOAD))) == limits.PAGE_BOX
    assert len(wire.seal_offer(b"p" * 16, bytes(offer.PAYLOAD))) == 512


# -- T -----------------------------------------------------------------------------------------------------------------


def test_t_opens_for_the_active_devices_and_for_nobody_else() -> None:
    """P14: not for another device at the same place either."""
    t, secrets = b"T" * 32, [bytes([at]) * 32 for at in range(1, 13)]
    receivers = {at: sodium.public_of(secrets[at]) for at in (0, 3, 11)}
    sealed = wire.seal_t(t, receivers)
    assert [len(box) for box in sealed] == [synchead.SEALED_T_BYTES] * limits.DEVICES
    for index, box in enumerate(sealed):
        for at, secret in enumerate(secrets):
            opens = not refused(partial(wire.open_t, box, secret))
            assert opens == (at == index and index in receivers)
    assert wire.open_t(sealed[3], secrets[3]) == t


def test_places_without_a_device_look_like_the_others() -> None:
    assert len({box[:32] for box in wire.seal_t(b"T" * 32, {})}) == limits.DEVICES
    assert wire.seal_t(b"T" * 32, {}) != wire.seal_t(b"T" * 32, {})


LOW_ORDER = [
    bytes(32),
    b"\1" + bytes(31),
    bytes.fromhex("e0eb7a7c3b41b8ae1656e3faf19fc46ada098deb9c32b1fd866205165f49b800"),
    bytes.fromhex("ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"),
]


@pytest.mark.parametrize("key", LOW_ORDER, ids=["0", "1", "order 8", "p - 1"])
def test_a_receive_key_that_nothing_can_be_sealed_to_is_an_error_of_ours(key: bytes) -> None:
    assert not wire.can_receive(key)
    with pytest.raises(BoxRefused):
        wire.seal_t(b"T" * 32, {4: key})


def test_a_receive_key_of_a_device_can_be_sealed_to() -> None:
    assert wire.can_receive(sodium.key_pair()[0])


# -- offers and signatures ---------------------------------------------------------------------------------------------


def test_an_offer_opens_with_the_code_and_its_id_says_nothing_of_it() -> None:
    box = wire.seal_offer(b"p" * 16, bytes(offer.PAYLOAD))
    assert wire.open_offer(b"p" * 16, box) == bytes(offer.PAYLOAD)
    assert refused(partial(wire.open_offer, b"q" * 16, box))
    assert refused(partial(aead.open_box, wire.offer_id(b"p" * 16).ljust(32, b"\0"), bytes(16), aead.OFFER, 0, box))


def test_what_is_signed_for_one_purpose_is_signed_for_no_other() -> None:
    """Seen to fail when `is_certified` and `is_removed` had the same beginning and an index was taken for a state."""
    seed, key = LAPTOP.seed, LAPTOP.key
    certificate = wire.certify(seed, ACCOUNT, REVOKED, PHONE.key)
    assert wire.is_certified(key, ACCOUNT, REVOKED, PHONE.key, certificate)
    assert not wire.is_removed(key, ACCOUNT, REVOKED, PHONE.key, certificate)
    removal = wire.sign_removal(seed, ACCOUNT, REVOKED, PHONE.id)
    assert wire.is_removed(key, ACCOUNT, REVOKED, PHONE.id, removal)
    assert not wire.is_removed(key, ACCOUNT, ACTIVE, PHONE.id, removal)
    assert not wire.is_removed(PHONE.key, ACCOUNT, REVOKED, PHONE.id, removal)
    assert not wire.is_removed(key, ACCOUNT, REVOKED, LAPTOP.id, removal)
    for flipped in range(0, 64, 7):
        wrong = removal[:flipped] + bytes([removal[flipped] ^ 1]) + removal[flipped + 1 :]
        assert not wire.is_removed(key, ACCOUNT, REVOKED, PHONE.id, wrong)


def test_a_share_a_head_and_a_code_are_told_apart_by_their_hashes() -> None:
    for found in (wire.share_mark, wire.fingerprint, wire.offer_id):
        assert len({found(bytes([at]) * 16) for at in range(20)}) == 20
    assert independent.blake2b(SHARE, size=8, person=b"ongemerkt-shar-1") == wire.share_mark(SHARE)


# -- forms: there and back, and any bytes at all -----------------------------------------------------------------------

keys, ids8, signatures = (st.binary(min_size=size, max_size=size) for size in (32, 8, 64))
ids16 = st.binary(min_size=16, max_size=16)
u64, u16 = st.integers(0, 2**64 - 1), st.integers(0, 65_535)
names = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=6)
sealed = st.lists(st.binary(min_size=80, max_size=80), min_size=12, max_size=12).map(tuple)
heads = st.builds(
    SyncHead,
    ids16,
    st.integers(1, 2**64 - 1),
    keys,
    ids8,
    st.sampled_from([1 << at for at in range(8, 19)]),
    keys,
    sealed,
    ids8,
    signatures,
)


@st.composite
def entries(draw: st.DrawFn) -> DeviceEntry:
    state = draw(st.sampled_from([ACTIVE, REVOKED, 3]))
    gone = (b"", b"") if state == ACTIVE else (draw(ids8.filter(any)), draw(signatures.filter(any)))
    fixed = (
        draw(st.integers(0, 11)),
        state,
        draw(keys),
        draw(keys),
        draw(u64),
        draw(u16),
        draw(ids8),
        draw(signatures),
    )
    return DeviceEntry(*fixed, draw(names), *(each for each in gone if each))


lists = st.lists(
    entries(), min_size=1, max_size=12, unique_by=(lambda each: each[0], lambda each: each[2], lambda each: each[3])
).map(lambda found: tuple(sorted(found)))
shares = st.builds(Shares, st.integers(0, 65_376), st.lists(ids8, max_size=160).map(tuple))
certificates = st.builds(Certificate, st.integers(0, 11), keys, ids8, signatures)
notices = st.builds(
    Notice, st.sampled_from([REVOKED, 3]), ids8, st.lists(certificates, min_size=1, max_size=8).map(tuple), signatures
)
vouched = st.lists(
    st.builds(Vouched, st.integers(0, 10), keys), min_size=1, max_size=9, unique_by=(lambda v: v[0], lambda v: v[1])
).map(tuple)
offers = st.builds(
    Offer, ids16, st.just(11), keys, keys, st.integers(2, 2**64 - 1), keys, st.sampled_from(COUNTRIES), vouched
)


@given(heads, lists, shares, notices, offers)
def test_there_and_back(
    head: SyncHead, listed: tuple[DeviceEntry, ...], marks: Shares, told: Notice, offered: Offer
) -> None:
    assert synchead.decode(synchead.encode(head)) == head
    assert devices.decode(devices.encode(listed)) == listed
    assert devices.decode_shares(devices.encode_shares(marks)) == marks
    assert notice.decode(notice.encode(told)) == told
    assert offer.decode(offer.encode(offered)) == offered


LISTED = (*LIST[:2], accounts.removed(LIST[2], LAPTOP, REVOKED))
OFFER = Offer(ACCOUNT, 3, K, SHARE, 2, K, "eu", (Vouched(0, K), Vouched(1, SHARE)))
FORMS: dict[str, tuple[bytes, Callable[[bytes], object]]] = {
    "head": (accounts.made(LIST, LAPTOP, 6).data, synchead.decode),
    "devices": (devices.encode(LISTED), devices.decode),
    "shares": (devices.encode_shares(Shares(330, (K[:8], SHARE[:8]))), devices.decode_shares),
    "notice": (encode_notice(LISTED, synchead.device_id(LIST[2].key)), notice.decode),
    "offer": (offer.encode(OFFER), offer.decode),
}


def outcome(read: Callable[[bytes], object], data: bytes) -> object:
    try:
        return read(data)
    except FormatError:
        return FormatError


@pytest.mark.parametrize("name", FORMS)
def test_cut_off_anywhere_or_longer(name: str) -> None:
    right, read = FORMS[name]
    assert outcome(read, right) is not FormatError
    assert all(outcome(read, right[:length]) is FormatError for length in range(0, len(right), 7))
    assert outcome(read, right[:-1]) is FormatError
    assert outcome(read, right + b"\0") is FormatError


@pytest.mark.parametrize("name", FORMS)
def test_any_bit_flipped(name: str) -> None:
    right, read = FORMS[name]
    for at in range(len(right)):
        for bit in range(8) if at < 300 else (at % 8,):
            outcome(read, right[:at] + bytes([right[at] ^ 1 << bit]) + right[at + 1 :])


@pytest.mark.parametrize("name", FORMS)
@given(noise=st.binary(max_size=300), at=st.integers(0, 4000))
def test_anything_at_all(name: str, noise: bytes, at: int) -> None:
    right, read = FORMS[name]
    for data in (noise, noise.ljust(len(right), b"\0"), right[:at] + noise + right[at + len(noise) :]):
        outcome(read, data)


def test_what_no_reader_would_take_is_never_written() -> None:
    crowd = tuple(LIST[0]._replace(index=at, key=bytes([at]) * 32, receive=bytes([at]) * 32) for at in range(13))
    for listed in ((), crowd, (LIST[0], LIST[0]), (LIST[0]._replace(name="x" * 25),), (LIST[0]._replace(name=""),)):
        with pytest.raises(FormatError):
            devices.encode(listed)
    with pytest.raises(FormatError):
        devices.encode_shares(Shares(0, (bytes(8),) * 161))
    with pytest.raises(FormatError):
        offer.encode(OFFER._replace(devices=()))
    with pytest.raises(FormatError):
        notice.encode(Notice(ACTIVE, bytes(8), (Certificate(0, K, bytes(8), bytes(64)),), bytes(64)))
