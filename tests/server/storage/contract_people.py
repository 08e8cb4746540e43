"""What every backend must do about invitations, devices, offers, nonces, and for the keeper."""

import os

import pytest

from sync import protocol
from sync.server.storage.contract import AccountLine, Device, Exists, Missing, Storage
from tests.server.storage.making import DAY, MONTH, POOL, Enrolled, enrol, pages, upload, write_pool

NOTICE = bytes(protocol.NOTICE)
OFFER = bytes(protocol.OFFER_BOX)


def other_device(storage: Storage, account: bytes) -> bytes:
    """Adds a device; its id."""
    key = os.urandom(protocol.KEY)
    storage.add_device(account, key, os.urandom(protocol.OFFER_ID), OFFER, DAY)
    return protocol.device_id(key)


class PeopleContract:
    """Inherited by each backend's tests, which bring the fixture `storage`."""

    def test_an_invitation_lets_in_as_often_as_it_says_and_no_more(self, storage: Storage) -> None:
        digest = os.urandom(32)
        storage.invite(digest, 2, DAY)
        for _ in range(2):
            storage.enrol(digest, os.urandom(16), os.urandom(32), day=DAY, month=MONTH)
        with pytest.raises(Missing):
            storage.enrol(digest, os.urandom(16), os.urandom(32), day=DAY, month=MONTH)
        assert len(storage.accounts()) == 2

    def test_an_invitation_ends_after_its_last_day(self, storage: Storage) -> None:
        digest = os.urandom(32)
        storage.invite(digest, 1, DAY)
        with pytest.raises(Missing):
            storage.enrol(digest, os.urandom(16), os.urandom(32), day=DAY + 1, month=MONTH)
        assert storage.accounts() == []

    def test_an_enrolment_that_fails_leaves_the_invitation_as_it_was(self, storage: Storage) -> None:
        there = enrol(storage)
        digest = os.urandom(32)
        storage.invite(digest, 1, DAY)
        with pytest.raises(Exists):
            storage.enrol(digest, there.account, os.urandom(32), day=DAY, month=MONTH)
        with pytest.raises(Exists):
            storage.enrol(digest, os.urandom(16), there.key, day=DAY, month=MONTH)
        assert len(storage.accounts()) == 1
        storage.enrol(digest, os.urandom(16), os.urandom(32), day=DAY, month=MONTH)

    def test_a_device_is_known_by_the_id_of_its_key(self, storage: Storage, enrolled: Enrolled) -> None:
        assert storage.device(enrolled.device) == Device(enrolled.account, enrolled.key, None)
        assert storage.device(os.urandom(8)) is None

    def test_a_device_belongs_to_one_account(self, storage: Storage, enrolled: Enrolled) -> None:
        other = enrol(storage)
        with pytest.raises(Exists):
            storage.add_device(other.account, enrolled.key, os.urandom(16), OFFER, DAY)
        with pytest.raises(Missing):
            storage.remove_device(other.account, enrolled.device, NOTICE)
        storage.leave(other.account, enrolled.device)
        assert storage.device(enrolled.device) == Device(enrolled.account, enrolled.key, None)

    def test_an_account_has_no_more_devices_than_the_protocol_allows(
        self, storage: Storage, enrolled: Enrolled
    ) -> None:
        others = [other_device(storage, enrolled.account) for _ in range(protocol.DEVICES_MOST - 1)]
        with pytest.raises(Exists):
            other_device(storage, enrolled.account)
        # a removed one makes room, but is remembered, and not without end
        for _ in range(64 - protocol.DEVICES_MOST):
            storage.remove_device(enrolled.account, others[-1], NOTICE)
            others.append(other_device(storage, enrolled.account))
        storage.remove_device(enrolled.account, others[-1], NOTICE)
        with pytest.raises(Exists):
            other_device(storage, enrolled.account)

    def test_an_offer_is_taken_once(self, storage: Storage, enrolled: Enrolled) -> None:
        offer_id, offer = os.urandom(16), os.urandom(protocol.OFFER_BOX)
        storage.add_device(enrolled.account, os.urandom(32), offer_id, offer, DAY)
        with pytest.raises(Exists):
            storage.add_device(enrolled.account, os.urandom(32), offer_id, OFFER, DAY)
        with pytest.raises(Missing):
            storage.take_offer(os.urandom(16), day=DAY)
        assert storage.take_offer(offer_id, day=DAY) == offer
        with pytest.raises(Missing):
            storage.take_offer(offer_id, day=DAY)

    def test_an_offer_ends_after_its_last_day(self, storage: Storage, enrolled: Enrolled) -> None:
        offer_id = os.urandom(16)
        storage.add_device(enrolled.account, os.urandom(32), offer_id, OFFER, DAY)
        with pytest.raises(Missing):
            storage.take_offer(offer_id, day=DAY + 1)

    def test_a_removed_device_keeps_its_notice_and_nothing_else(self, storage: Storage, enrolled: Enrolled) -> None:
        device = other_device(storage, enrolled.account)
        notice = os.urandom(protocol.NOTICE)
        storage.put_nonces(device, [b"n" * 16])
        storage.remove_device(enrolled.account, device, notice)
        found = storage.device(device)
        assert found is not None
        assert found.notice == notice
        assert not storage.use_nonce(device, b"n" * 16, b"f" * 16)
        assert storage.numbers(month=MONTH).devices == 1

    def test_the_last_device_that_was_not_removed_takes_the_account_along(
        self, storage: Storage, enrolled: Enrolled
    ) -> None:
        bystander = enrol(storage)
        write_pool(storage, bystander.account)
        write_pool(storage, enrolled.account)
        upload(storage, enrolled.account, os.urandom(8))
        second, removed = other_device(storage, enrolled.account), other_device(storage, enrolled.account)
        storage.remove_device(enrolled.account, removed, NOTICE)
        storage.leave(enrolled.account, second)
        assert storage.device(second) is None
        assert len(storage.accounts()) == 2
        before = storage.numbers(month=MONTH)
        storage.leave(enrolled.account, enrolled.device)
        assert [line.account for line in storage.accounts()] == [bystander.account]
        assert storage.device(removed) is None
        after = storage.numbers(month=MONTH)
        whole = POOL * protocol.SLOT_BOX + protocol.pages_of(POOL) * protocol.PAGE_BOX
        assert before.bytes_held - after.bytes_held == whole + POOL * protocol.SLOT_BOX
        assert after.bytes_held == whole
        with pytest.raises(Missing):
            storage.snapshot(enrolled.account, bytes(8), (), month=MONTH)

    def test_a_nonce_is_good_once_for_its_device(self, storage: Storage, enrolled: Enrolled) -> None:
        other = enrol(storage)
        nonce, fresh = os.urandom(16), os.urandom(16)
        storage.put_nonces(enrolled.device, [nonce])
        assert not storage.use_nonce(other.device, nonce, os.urandom(16))
        assert storage.use_nonce(enrolled.device, nonce, fresh)
        assert not storage.use_nonce(enrolled.device, nonce, os.urandom(16))
        assert storage.use_nonce(enrolled.device, fresh, os.urandom(16))

    def test_a_device_has_64_nonces_at_most_and_the_oldest_go_first(self, storage: Storage, enrolled: Enrolled) -> None:
        nonces = [bytes([number]) * 16 for number in range(70)]
        for start in range(0, 70, 7):
            storage.put_nonces(enrolled.device, nonces[start : start + 7])
        good = [storage.use_nonce(enrolled.device, nonce, os.urandom(16)) for nonce in nonces]
        assert good == [False] * 6 + [True] * 64

    def test_the_keeper_sees_accounts_in_the_order_of_their_ids(self, storage: Storage) -> None:
        accounts = sorted((enrol(storage) for _ in range(4)), key=lambda one: one.account)
        write_pool(storage, accounts[2].account, 512, month=MONTH + 1)
        storage.set_quota(accounts[1].account, 5_000_000)
        assert storage.accounts() == [
            AccountLine(accounts[0].account, 0, 1, MONTH, protocol.QUOTA),
            AccountLine(accounts[1].account, 0, 1, MONTH, 5_000_000),
            AccountLine(accounts[2].account, 512, 1, MONTH + 1, protocol.QUOTA),
            AccountLine(accounts[3].account, 0, 1, MONTH, protocol.QUOTA),
        ]

    def test_the_keeper_purges_an_account_with_everything(self, storage: Storage, enrolled: Enrolled) -> None:
        write_pool(storage, enrolled.account)
        storage.purge_account(enrolled.account)
        assert storage.accounts() == []
        assert storage.device(enrolled.device) is None
        assert storage.numbers(month=MONTH) == ({}, 0, 0, 0, 0)
        with pytest.raises(Missing):
            storage.purge_account(enrolled.account)

    def test_what_names_an_unknown_account_is_missing(self, storage: Storage) -> None:
        unknown = os.urandom(16)
        with pytest.raises(Missing):
            storage.set_quota(unknown, 1)
        with pytest.raises(Missing):
            storage.stage(unknown, os.urandom(8), POOL, 0, [])
        with pytest.raises(Missing):
            storage.read_slots(unknown, 1, [])
        with pytest.raises(Missing):
            storage.add_device(unknown, os.urandom(32), os.urandom(16), OFFER, DAY)
        storage.leave(unknown, os.urandom(8))

    def test_purging_drops_what_is_past_and_keeps_what_is_not(self, storage: Storage, enrolled: Enrolled) -> None:
        past, still, offer_past, offer_still = (os.urandom(32) for _ in range(4))
        storage.invite(past, 1, DAY)
        storage.invite(still, 1, DAY + 1)
        storage.add_device(enrolled.account, os.urandom(32), offer_past[:16], OFFER, DAY)
        storage.add_device(enrolled.account, os.urandom(32), offer_still[:16], OFFER, DAY + 1)
        assert storage.purge(month=MONTH, day=DAY + 1, dormant_months=6) == 0
        # asked about the day before, so that only the purge can have taken them away
        with pytest.raises(Missing):
            storage.enrol(past, os.urandom(16), os.urandom(32), day=DAY, month=MONTH)
        with pytest.raises(Missing):
            storage.take_offer(offer_past[:16], day=DAY)
        storage.enrol(still, os.urandom(16), os.urandom(32), day=DAY, month=MONTH)
        storage.take_offer(offer_still[:16], day=DAY)

    def test_an_account_without_a_commit_for_more_than_the_months_given_is_purged(self, storage: Storage) -> None:
        early, late = enrol(storage), enrol(storage)
        write_pool(storage, early.account, month=MONTH)
        write_pool(storage, late.account, month=MONTH + 1)
        assert storage.purge(month=MONTH + 6, day=DAY, dormant_months=6) == 0
        assert storage.purge(month=MONTH + 7, day=DAY, dormant_months=6) == 1
        assert [line.account for line in storage.accounts()] == [late.account]

    def test_the_glass_page_has_its_numbers(self, storage: Storage, enrolled: Enrolled) -> None:
        other = enrol(storage)
        write_pool(storage, other.account)
        storage.stage(other.account, os.urandom(8), POOL, 0, [bytes(protocol.SLOT_BOX)] * 3)
        numbers = storage.numbers(month=MONTH)
        assert numbers.pools == {0: 1, POOL: 1}
        assert numbers.devices == 2
        assert (numbers.first_share, numbers.last_share) == (MONTH, MONTH + 120)
        page_bytes = len(pages(range(14))) * protocol.PAGE_BOX
        assert numbers.bytes_held == (POOL + 3) * protocol.SLOT_BOX + page_bytes
        assert storage.numbers(month=MONTH + 2).first_share == MONTH + 2
