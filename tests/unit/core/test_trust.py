"""What a server or a removed device may try, and the name by which it is refused (sync-protocol.md section 4.3).

Most attacks here are signed by a device that we trust, so that nothing but the check in question can notice them. Each
"seen to fail" was done by hand: the check was taken out of vault/trust.py, and the test failed.
"""

from collections.abc import Sequence

import pytest

from tests.support.accounts import (
    ACCOUNT,
    DESK,
    KNOWN,
    LAPTOP,
    LAST,
    LIST,
    MONTH,
    OTHER_ACCOUNT,
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
    signed,
    wrote,
)
from vault import errors, sodium
from vault.crypto import wire
from vault.formats import devices as devices_format
from vault.formats import synchead
from vault.formats.devices import DeviceEntry, Shares
from vault.formats.enrolled import ACTIVE, AWAY, REVOKED, KnownDevice
from vault.formats.offer import Offer, Vouched
from vault.formats.synchead import NO_HASH, device_id
from vault.trust import (
    DEVICES_PAGE,
    Accepted,
    accept,
    known_devices,
    offered_devices,
)

# -- what is honest ----------------------------------------------------------------------------------------------------


def test_an_honest_head_is_accepted_with_everything_it_says() -> None:
    found = following()
    accepted = accept(KNOWN, found.data, found.boxes)
    assert accepted == Accepted(
        synchead.decode(found.data),
        found.hash,
        found.t,
        False,
        [wire.open_page(found.t, ACCOUNT, number, box) for number, box in enumerate(found.boxes)],
        wrote(LAPTOP),
        Shares(MONTH, tuple(map(wire.share_mark, SHARE_LIST))),
    )
    assert known_devices(accepted.devices)[0] == KnownDevice(0, ACTIVE, LAPTOP.key, 7, MONTH, "toestel 0")


def test_the_last_head_is_accepted_again_and_so_is_one_much_later() -> None:
    assert refusal(LAST) is None
    assert refusal(made(wrote(DESK, 99), DESK, 99)) is None


def test_our_own_head_that_was_never_confirmed_is_recognised_by_the_next_receive_key() -> None:
    prepared = KNOWN._replace(prepared=7, next_receive=PHONE.secret(1))
    ours = changed(PHONE, wrote(PHONE), receive=PHONE.receive(1))
    found = following(ours, PHONE)
    assert accept(prepared, found.data, found.boxes).introduced
    # and one that was not taken: another device's head has our old key
    other = following()
    assert not accept(prepared, other.data, other.boxes).introduced


def test_a_device_let_in_since_may_write() -> None:
    new = member(3)
    assert refusal(following((*LIST, entry(new, DESK, version=7)), new)) is None


def test_a_device_let_in_by_one_removed_since_may_write() -> None:
    desk = removed(LIST[2], LAPTOP, REVOKED)
    new = member(3)
    assert refusal(following((*LIST[:2], desk, entry(new, DESK, version=7)), new)) is None


def test_a_removed_device_that_everybody_knows_of_may_leave_the_list_with_its_signatures() -> None:
    """Its additions stay, since we have seen them."""
    new = entry(member(3), DESK, version=3)
    before = (*LIST[:2], removed(LIST[2], LAPTOP, REVOKED), new)
    knowing = known(PHONE, before, 6, LAST.hash)
    assert refusal(following(wrote(LAPTOP, 7, (*LIST[:2], new))), knowing) is None


def test_a_device_that_has_just_been_let_in_accepts_a_head_of_any_that_were_offered() -> None:
    """It knows the adder and the other active ones by index and key, and from which version on: no hash."""
    new = member(3)
    offered = tuple(Vouched(each.place, each.key) for each in (PHONE, LAPTOP))
    offer = Offer(ACCOUNT, 3, new.seed, new.secret(), 7, bytes(32), "nl", offered)
    knowing = known(new, (), 6)._replace(devices=offered_devices(offer, "kast"))
    assert [each.name for each in knowing.devices] == ["-", "-", "kast"]
    for signer in (LAPTOP, PHONE, DESK):
        listed = (*wrote(signer, 8), entry(new, PHONE))
        assert refusal(made(listed, signer, 8, previous=b"p" * 32), knowing) is None
    assert refusal(made((*wrote(LAPTOP, 6), entry(new, PHONE)), LAPTOP, 6), knowing) is errors.ServerRolledBack
    # whoever let them in may have been removed and dropped since: the signer's word is all there is
    dropped = changed(LAPTOP, wrote(PHONE, 8), adder=b"dropped!")
    unknowing = knowing._replace(devices=tuple(each for each in knowing.devices if each.index in (1, 3)))
    assert refusal(made((*dropped, entry(new, PHONE)), PHONE, 8), unknowing) is None
    stranger = (*wrote(PHONE, 7), entry(new, PHONE), entry(THIEF, version=8))
    assert refusal(made(sorted(stranger), THIEF, 8), knowing) is errors.ServerForged


# -- head --------------------------------------------------------------------------------------------------------------


def test_a_server_that_was_emptied() -> None:
    """Lesson 8."""
    assert refusal(None) is errors.ServerEmptied


def test_the_head_of_another_account() -> None:
    """Seen to fail when `check_head` did not compare the account, with the pages' places as they are."""
    head = synchead.decode(following().data)._replace(account=OTHER_ACCOUNT)
    assert refusal(signed(head, following().boxes, LAPTOP, b"")) is errors.ServerForged


@pytest.mark.parametrize("data", [b"", LAST.data[:-1], LAST.data + b"\0", bytes(1153), b"\1" * 1153])
def test_bytes_that_are_no_head(data: bytes) -> None:
    assert refusal(Made(data, [], b"")) is errors.ServerForged


def test_a_head_of_a_newer_version_is_not_taken_for_an_older_one() -> None:
    """Lesson 30."""
    assert refusal(Made(b"\2" + LAST.data[1:], LAST.boxes, b"")) is errors.ServerNewer


def test_an_old_head_answered_again() -> None:
    """Seen to fail when `check_head` did not compare versions."""
    old = made(wrote(LAPTOP, 6), LAPTOP, 6)
    knowing = known(PHONE, wrote(LAPTOP, 6), 8, b"h" * 32)
    assert refusal(old, knowing) is errors.ServerRolledBack


def test_a_server_restored_from_a_copy_and_written_to_by_another_device() -> None:
    """Another head of the version that we saw. Seen to fail when `check_head` did not compare hashes."""
    listed = wrote(DESK, 6, changed(LAPTOP, LIST, version=5))
    knowing = known(PHONE, LIST[1:], 6, LAST.hash)
    assert refusal(made(listed, DESK, 6), knowing) is errors.ServerForked


def test_a_next_head_that_follows_on_another_one() -> None:
    """Seen to fail when `check_head` did not compare the previous head's hash."""
    assert refusal(made(wrote(LAPTOP), LAPTOP, 7, previous=b"p" * 32)) is errors.ServerForked


# -- pages -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("what", ["older", "left out", "doubled", "swapped", "flipped", "noise"])
def test_pages_that_are_not_those_of_the_head(what: str) -> None:
    """Seen to fail without the root; what was left out or doubled, without the root and the count."""
    data, boxes, t = following()
    match what:
        case "older":
            boxes[DEVICES_PAGE] = LAST.boxes[DEVICES_PAGE]
        case "left out":
            del boxes[-1]
        case "doubled":
            boxes.append(boxes[-1])
        case "swapped":
            boxes[3], boxes[4] = boxes[4], boxes[3]
        case "flipped":
            boxes[12] = boxes[12][:-1] + bytes([boxes[12][-1] ^ 1])
        case _:
            boxes[12] = boxes[12][:1] + bytes(3959)
    assert refusal(Made(data, boxes, t)) is errors.ServerTampered


def test_a_page_replaced_by_an_honest_one_of_the_same_place_and_key() -> None:
    """Only the root tells: seen to fail without it."""
    data, boxes, t = following()
    boxes[12] = wire.seal_page(t, ACCOUNT, 12, b"\1" * devices_format.PAYLOAD)
    assert refusal(Made(data, boxes, t)) is errors.ServerTampered


def test_a_head_over_too_few_or_too_many_pages() -> None:
    """Seen to fail when `check_pages` did not count."""
    head, boxes = synchead.decode(following().data), following().boxes
    for forged in (boxes[:8], boxes[:-1], [*boxes, boxes[-1]], []):
        assert refusal(signed(head, forged, LAPTOP, b"")) is errors.ServerTampered


# -- T -----------------------------------------------------------------------------------------------------------------


def test_a_head_whose_t_nobody_sealed_to_us() -> None:
    """Signed by nobody we know: a server that makes an account of its own up."""
    listed = changed(PHONE, (entry(THIEF, version=7), *LIST[1:]), receive=sodium.key_pair()[0])
    assert refusal(made(sorted(listed), THIEF, 7, previous=LAST.hash)) is errors.ServerForged


def test_t_moved_to_another_devices_place() -> None:
    head = synchead.decode(following().data)
    order = (head.sealed[1], head.sealed[0], *head.sealed[2:])
    forged = signed(head._replace(sealed=order), following().boxes, THIEF, b"")
    assert refusal(forged) is errors.ServerForged


def test_pages_under_another_t_than_the_sealed_one() -> None:
    good = following()
    other = [wire.seal_page(b"t" * 32, ACCOUNT, number, bytes(3887)) for number in range(len(good.boxes))]
    assert refusal(signed(synchead.decode(good.data), other, LAPTOP, b"")) is errors.ServerForged


def test_an_older_copy_of_a_vault_is_told_so_also_when_its_receive_key_is_long_gone() -> None:
    """T is sealed to a key that the vault drew after the copy was made. Seen to fail without `open_t`'s last look."""
    listed = changed(PHONE, wrote(LAPTOP), receive=PHONE.receive(3), version=6)
    assert refusal(following(listed)) is errors.DeviceOutdated


# -- signer ------------------------------------------------------------------------------------------------------------


def as_if_sealed_by(signer: Member, listed: Sequence[DeviceEntry]) -> Made:
    """A head signed by somebody who has got hold of our receive key."""
    return made(sorted(listed), signer, 7, previous=LAST.hash)


def test_a_head_signed_by_a_device_that_is_not_in_the_list() -> None:
    """Seen to fail when `check_signer` took another one for the signer and nobody verified the signature."""
    forged = made(wrote(LAPTOP), THIEF, 7, previous=LAST.hash)
    assert refusal(forged) is errors.ServerForged


def test_a_device_that_the_server_made_up() -> None:
    """It certifies itself, as a first device does. Seen to fail when nothing asked for `_leads`."""
    assert refusal(as_if_sealed_by(THIEF, (*LIST, entry(THIEF, version=7)))) is errors.ServerForged


def test_a_made_up_device_with_a_certificate_that_a_device_of_ours_never_gave() -> None:
    """Seen to fail when neither `_leads` nor `check_signatures` verified certificates."""
    forged = entry(THIEF, version=7)._replace(adder=LAPTOP.id)
    assert refusal(as_if_sealed_by(THIEF, (*LIST, forged))) is errors.ServerForged
    copied = forged._replace(certificate=LIST[1].certificate)
    assert refusal(as_if_sealed_by(THIEF, (*LIST, copied))) is errors.ServerForged


def test_a_certificate_from_another_account() -> None:
    """Seen to fail when the account was left out of what is signed (vault/crypto/wire.py)."""
    forged = entry(THIEF, LAPTOP, version=7, account=OTHER_ACCOUNT)
    assert refusal(as_if_sealed_by(THIEF, (*LIST, forged))) is errors.ServerForged


def test_a_made_up_device_let_in_by_a_stolen_one_after_we_knew_of_its_removal() -> None:
    """Seen to fail when `_leads` went on past a device that we know to be removed."""
    knowing = known(PHONE, (*LIST[:2], removed(LIST[2], LAPTOP, REVOKED)), 6, LAST.hash)
    listed = (*LIST[:2], removed(LIST[2], LAPTOP, REVOKED), entry(THIEF, DESK, version=7))
    assert refusal(as_if_sealed_by(THIEF, listed), knowing) is errors.ServerForged
    dropped = (*LIST[:2], entry(THIEF, DESK, version=7))
    assert refusal(as_if_sealed_by(THIEF, dropped), knowing) is errors.ServerForged


def test_two_made_up_devices_that_certify_each_other() -> None:
    other = member(6, "other thief")
    listed = (*LIST, entry(THIEF, other, version=7), entry(other, THIEF))
    assert refusal(as_if_sealed_by(THIEF, listed)) is errors.ServerForged


def test_a_removed_device_that_goes_on_writing() -> None:
    """Lesson 29. Seen to fail when `check_signer` did not ask for an active signer."""
    listed = wrote(DESK, 7, (*LIST[:2], removed(LIST[2], LAPTOP, REVOKED)))
    assert refusal(as_if_sealed_by(DESK, listed)) is errors.ServerForged


def test_a_removed_device_that_lists_itself_as_active_again() -> None:
    """Seen to fail without both `_leads` and `check_list`'s look for it."""
    knowing = known(PHONE, (*LIST[:2], removed(LIST[2], LAPTOP, AWAY)), 6, LAST.hash)
    assert refusal(as_if_sealed_by(DESK, wrote(DESK)), knowing) is errors.ServerForged


def test_what_is_remembered_is_enough_to_know_everybody_again() -> None:
    found = following()
    accepted = accept(KNOWN, found.data, found.boxes)
    later = KNOWN._replace(version=7, head=accepted.hash, devices=known_devices(accepted.devices))
    assert refusal(found, later) is None
    assert refusal(LAST, later) is errors.ServerRolledBack
    assert {device_id(each.key) for each in later.devices} == {LAPTOP.id, PHONE.id, DESK.id}
    assert later.head != NO_HASH
