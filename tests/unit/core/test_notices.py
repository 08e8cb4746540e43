"""A device shreds or stops at the word of a device that it knows, and at nobody else's (sync-protocol.md section 7.3).

Each "seen to fail" was done by hand: the check was taken out of vault/trust.py, and the test failed.
"""

import pytest

from tests.support.accounts import (
    ACCOUNT,
    DESK,
    LAPTOP,
    LAST,
    LIST,
    OTHER_ACCOUNT,
    PHONE,
    THIEF,
    Member,
    entry,
    known,
    member,
    removed,
)
from vault import errors
from vault.crypto import wire
from vault.formats import notice as notice_format
from vault.formats.enrolled import AWAY, REVOKED
from vault.formats.notice import Certificate, Notice
from vault.trust import (
    Known,
    encode_notice,
    verify_notice,
)

OUT = (*LIST[:2], removed(LIST[2], LAPTOP, REVOKED))
AT_DESK = known(DESK, LIST, 6, LAST.hash)


def notice_refusal(data: bytes, knowing: Known = AT_DESK) -> type[Exception] | int:
    try:
        return verify_notice(knowing, data)
    except errors.VaultError as error:
        return type(error)


@pytest.mark.parametrize("state", [REVOKED, AWAY])
def test_a_notice_tells_the_removed_device_what_became_of_it(state: int) -> None:
    listed = (*LIST[:2], removed(LIST[2], LAPTOP, state))
    data = encode_notice(listed, DESK.id)
    assert len(data) == 1024
    assert verify_notice(AT_DESK, data) == state


def test_a_notice_of_a_device_let_in_meanwhile_leads_to_one_that_is_known() -> None:
    tall, chain = [LAPTOP], list(LIST[:2])
    for place in range(3, 9):
        new = member(place)
        chain.append(entry(new, tall[-1]))
        tall.append(new)
    listed = (*chain, removed(LIST[2], tall[-1], REVOKED))
    data = encode_notice(listed, DESK.id)
    assert verify_notice(AT_DESK, data) == REVOKED
    assert len(notice_format.decode(data).chain) == 7


def test_a_notice_is_never_longer_than_it_may_be() -> None:
    last, chain = LAPTOP, [LIST[0]]
    for place in (1, *range(3, 12)):
        new = member(place, f"tall {place}")
        chain.append(entry(new, last))
        last = new
    data = encode_notice((*chain, removed(LIST[2], last, REVOKED)), DESK.id)
    assert len(notice_format.decode(data).chain) == 8
    assert notice_refusal(data) is errors.ServerForged


def test_there_is_no_notice_for_a_device_that_was_not_removed() -> None:
    for listed, identity in ((LIST, DESK.id), (OUT, THIEF.id), (OUT[1:], DESK.id)):
        with pytest.raises(errors.DeviceUnknown):
            encode_notice(listed, identity)


def forged_notice(
    remover: Member, *chain: Certificate, state: int = REVOKED, device: Member = DESK, account: bytes = ACCOUNT
) -> bytes:
    removal = wire.sign_removal(remover.seed, account, state, device.id)
    return notice_format.encode(Notice(state, device.id, chain, removal))


def certificate(who: Member, adder: Member | None = None) -> Certificate:
    listed = entry(who, adder)
    return Certificate(listed.index, listed.key, listed.adder, listed.certificate)


def test_a_server_cannot_make_a_device_shred() -> None:
    """P11. Seen to fail: without `_leads` (1, 2, 3, 8), without the removal's signature (4, 5), without the comparison
    with our own id (6), without the account in what is signed (7)."""
    good = encode_notice(OUT, DESK.id)
    thief = certificate(THIEF)
    away = notice_format.encode(notice_format.decode(good)._replace(state=AWAY))
    for data in (
        forged_notice(THIEF, thief),
        forged_notice(THIEF, thief._replace(adder=LAPTOP.id), certificate(LAPTOP)),
        forged_notice(THIEF, certificate(THIEF, member(6)), certificate(member(6), THIEF)),
        notice_format.encode(Notice(REVOKED, DESK.id, (certificate(LAPTOP),), LIST[2].certificate)),
        away,
        forged_notice(LAPTOP, certificate(LAPTOP), device=PHONE),
        forged_notice(LAPTOP, certificate(LAPTOP), account=OTHER_ACCOUNT),
        forged_notice(THIEF, thief._replace(adder=b"nobody!!")),
        good[:-1],
        good[:-1] + b"\1",
        b"",
    ):
        assert notice_refusal(data) is errors.ServerForged
    assert notice_refusal(b"\2" + good[1:]) is errors.ServerNewer


def test_a_stolen_device_that_we_know_to_be_removed_cannot_make_another_one_shred() -> None:
    """Seen to fail when `_leads` took every device that we know."""
    knowing = known(DESK, (LIST[0], removed(LIST[1], LAPTOP, REVOKED), LIST[2]), 6, LAST.hash)
    assert notice_refusal(forged_notice(PHONE, certificate(PHONE, LAPTOP)), knowing) is errors.ServerForged
    helper = certificate(THIEF, PHONE)
    assert notice_refusal(forged_notice(THIEF, helper, certificate(PHONE, LAPTOP)), knowing) is errors.ServerForged
    assert notice_refusal(forged_notice(THIEF, helper), knowing) is errors.ServerForged
