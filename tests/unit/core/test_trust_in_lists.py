"""Heads with a right root and key whose list of devices or shares is not what an honest device would have written.

As tests/unit/core/test_trust.py (sync-protocol.md section 4.3).
"""

from collections.abc import Sequence

import pytest

from tests.support.accounts import (
    DESK,
    KNOWN,
    LAPTOP,
    LAST,
    LIST,
    MONTH,
    PHONE,
    SHARE_LIST,
    THIEF,
    Made,
    Member,
    changed,
    entry,
    following,
    known,
    made,
    member,
    refusal,
    removed,
    wrote,
)
from vault import errors
from vault.crypto import wire
from vault.formats.devices import Shares
from vault.formats.enrolled import AWAY, REVOKED
from vault.trust import (
    DEVICES_PAGE,
    SHARES_PAGE,
    check_shares,
)

# -- signatures --------------------------------------------------------------------------------------------------------


def test_a_head_whose_signature_does_not_fit() -> None:
    """Seen to fail when `check_signatures` did not verify the head's."""
    data, boxes, t = following()
    flipped = data[:-1] + bytes([data[-1] ^ 1])
    assert refusal(Made(flipped, boxes, t)) is errors.ServerForged
    other = wire.sign_head(THIEF.seed, data)
    assert refusal(Made(other, boxes, t)) is errors.ServerForged
    # what is signed is the whole head: the noise, a sealed T
    moved = data[:200] + bytes([data[200] ^ 1]) + data[201:]
    assert refusal(Made(moved, boxes, t)) is errors.ServerForged


def test_a_device_injected_into_the_list_of_an_honest_signer() -> None:
    """Seen to fail when `check_signatures` did not verify certificates, and when it let unknown adders pass."""
    for forged in (
        entry(THIEF)._replace(adder=LAPTOP.id),
        entry(THIEF, DESK)._replace(adder=LAPTOP.id),
        entry(THIEF, PHONE)._replace(index=6),
        entry(THIEF)._replace(adder=b"nobody!!"),
    ):
        assert refusal(following((*wrote(LAPTOP), forged))) is errors.ServerForged


def test_a_removal_that_nobody_signed() -> None:
    """Seen to fail when `check_signatures` did not verify removals, and when it let unknown removers pass."""
    right = removed(LIST[2], LAPTOP, REVOKED)
    for forged in (
        right._replace(state=AWAY),
        right._replace(removal=LIST[2].certificate),
        removed(LIST[2], THIEF, REVOKED)._replace(remover=LAPTOP.id),
        right._replace(remover=PHONE.id),
        removed(LIST[2], THIEF, REVOKED),
    ):
        assert refusal(following((*wrote(LAPTOP)[:2], forged))) is errors.ServerForged
    assert refusal(following((*wrote(LAPTOP)[:2], right))) is None


# -- list --------------------------------------------------------------------------------------------------------------


def test_a_device_left_out_of_the_list() -> None:
    """Seen to fail without `check_list`'s look for it."""
    assert refusal(following(wrote(LAPTOP)[:2])) is errors.ServerForged


def test_a_removed_device_brought_back_by_an_old_list() -> None:
    """P14. Seen to fail without `check_list`'s look for it."""
    knowing = known(PHONE, (*LIST[:2], removed(LIST[2], LAPTOP, REVOKED)), 6, LAST.hash)
    assert refusal(following(), knowing) is errors.ServerForged
    assert refusal(following((*wrote(LAPTOP)[:2], removed(LIST[2], LAPTOP, REVOKED))), knowing) is None


def test_a_device_moved_to_another_index() -> None:
    """So that T for it would be sealed at another's place. Seen to fail without `check_list`'s look for it."""
    moved = Member(7, DESK.drawn)
    assert refusal(following((*wrote(LAPTOP)[:2], entry(moved, PHONE, version=4)))) is errors.ServerForged


def test_a_receive_key_that_nothing_can_be_sealed_to() -> None:
    """It would stop everybody from writing. Seen to fail without `can_receive`."""
    listed = changed(DESK, wrote(LAPTOP), receive=bytes(32))
    forged = made(listed, LAPTOP, 7, previous=LAST.hash, receivers={1: PHONE.receive()})
    assert refusal(forged) is errors.ServerForged


@pytest.mark.parametrize("number", [DEVICES_PAGE, SHARES_PAGE])
@pytest.mark.parametrize(("page", "failure"), [(b"\1\0\0" + b"\xff" * 20, "ServerForged"), (b"\3", "ServerNewer")])
def test_pages_that_are_none(number: int, page: bytes, failure: str) -> None:
    forged = made(wrote(LAPTOP), LAPTOP, 7, previous=LAST.hash, payloads={number: page.ljust(3887, b"\0")})
    assert refusal(forged) is getattr(errors, failure)


# -- versions ----------------------------------------------------------------------------------------------------------


def test_a_head_that_lacks_what_a_device_has_written() -> None:
    """A fork joined again. Seen to fail without `check_versions`' look at the others."""
    assert refusal(following(changed(DESK, wrote(LAPTOP), version=3))) is errors.ServerForked


def test_a_head_that_lacks_what_we_have_written() -> None:
    """Seen to fail without `check_versions`' look at our own."""
    assert refusal(following(changed(PHONE, wrote(LAPTOP), version=4))) is errors.ServerForked


def test_a_head_that_knows_a_later_one_of_ours() -> None:
    """This vault is an older copy of itself. Seen to fail without `check_versions`' look at our own."""
    later = following(changed(PHONE, wrote(LAPTOP, 9), version=7), version=9)
    assert refusal(later) is errors.DeviceOutdated
    assert refusal(later, KNOWN._replace(prepared=8, next_receive=PHONE.secret(1))) is errors.DeviceOutdated
    assert refusal(later, KNOWN._replace(prepared=7, next_receive=PHONE.secret(1))) is None


def test_a_head_that_is_not_the_last_that_its_signer_wrote() -> None:
    """Seen to fail without `check_versions`' look at the signer."""
    assert refusal(following(wrote(LAPTOP, 6))) is errors.ServerForged
    assert refusal(following(wrote(LAPTOP, 8))) is errors.ServerForged


def test_a_device_said_to_have_written_what_is_still_to_come() -> None:
    """Every later head would be a fork to us. Seen to fail without `check_versions`' look at the others."""
    for version in (7, 8, 2**64 - 1):
        assert refusal(following(changed(DESK, wrote(LAPTOP), version=version))) is errors.ServerForged


# -- ourselves ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("state", "failure"), [(REVOKED, errors.DeviceRevoked), (AWAY, errors.DeviceAway)])
def test_a_head_that_lists_us_as_removed(state: int, failure: type[Exception]) -> None:
    """Seen to fail without `check_own`'s look for it."""
    listed = (wrote(LAPTOP)[0], removed(LIST[1], LAPTOP, state), LIST[2])
    forged = made(listed, LAPTOP, 7, previous=LAST.hash, receivers={1: PHONE.receive()})
    assert refusal(forged) is failure


def test_a_list_without_us_for_a_device_that_knows_nobody_yet() -> None:
    """Seen to fail without `check_own`'s look for it."""
    nobody = KNOWN._replace(devices=KNOWN.devices[:1])
    listed = (wrote(LAPTOP)[0], entry(member(1, "another at our place"), LAPTOP))
    forged = made(listed, LAPTOP, 7, previous=LAST.hash, receivers={1: PHONE.receive()})
    assert refusal(forged, nobody) is errors.ServerForged


def test_our_receive_key_changed_by_another_device() -> None:
    """We would be shut out from the next head on. Seen to fail without `check_own`'s look for it."""
    listed = changed(PHONE, wrote(LAPTOP), receive=THIEF.receive())
    forged = made(listed, LAPTOP, 7, previous=LAST.hash, receivers={1: PHONE.receive()})
    assert refusal(forged) is errors.ServerForged


# -- shares ------------------------------------------------------------------------------------------------------------

SHARES = Shares(MONTH, tuple(map(wire.share_mark, SHARE_LIST)))


def shares_refused(first: int, given: Sequence[bytes], now: int = MONTH) -> bool:
    try:
        check_shares(SHARES, first, given, now)
    except errors.ServerSharesChanged:
        return True
    return False


def test_shares_that_are_gone_or_others() -> None:
    """Seen to fail without the comparison of marks, and without that of months."""
    assert shares_refused(MONTH, SHARE_LIST[:-1])
    assert shares_refused(MONTH + 1, SHARE_LIST[1:])
    assert shares_refused(MONTH, [*SHARE_LIST[:7], b"x" * 32, *SHARE_LIST[8:]])
    assert shares_refused(MONTH, [*SHARE_LIST[:7], SHARE_LIST[8], SHARE_LIST[7], *SHARE_LIST[9:]])
    assert shares_refused(MONTH + 1, SHARE_LIST)
    assert shares_refused(MONTH - 1, SHARE_LIST)
    assert shares_refused(MONTH + 1, [*SHARE_LIST[1:], SHARE_LIST[0]])
    assert shares_refused(MONTH, [])


def test_shares_of_months_past_may_be_gone_and_new_ones_may_have_come() -> None:
    assert not shares_refused(MONTH, SHARE_LIST)
    assert not shares_refused(MONTH + 2, [*SHARE_LIST[2:], b"n" * 32], MONTH + 2)
    assert not shares_refused(MONTH, [b"x" * 32, *SHARE_LIST[1:]], MONTH + 1)
    assert not shares_refused(MONTH - 1, [b"x" * 32, *SHARE_LIST])
