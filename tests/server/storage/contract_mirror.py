"""What every backend must do about shares, pools, pages and heads."""

import os
from collections.abc import Callable

import pytest

from sync import protocol
from sync.server.storage.contract import Commit, Conflict, Full, Incomplete, Storage
from tests.server.storage.making import (
    MONTH,
    PAGES,
    POOL,
    Enrolled,
    commit_on,
    enrol,
    head_of,
    page_box,
    pages,
    slot_box,
    slots,
    upload,
    write_pool,
)

NONE = bytes(protocol.GENERATION)
WHOLE = POOL * protocol.SLOT_BOX + PAGES * protocol.PAGE_BOX


class MirrorContract:
    """Inherited by each backend's tests, which bring the fixtures `storage` and `reopen`."""

    # -- shares

    def test_an_empty_account_has_its_shares_and_nothing_more(self, storage: Storage, enrolled: Enrolled) -> None:
        found = storage.snapshot(enrolled.account, NONE, (), month=MONTH)
        assert (found.head, found.hashes, found.pages) == (None, (), ())
        assert [month for month, _ in found.shares] == list(range(MONTH, MONTH + 121))
        assert {len(share) for _, share in found.shares} == {protocol.SHARE}
        assert len({share for _, share in found.shares}) == 121

    def test_no_two_accounts_have_a_share_in_common(self, storage: Storage, enrolled: Enrolled) -> None:
        other = enrol(storage)
        mine = storage.snapshot(enrolled.account, NONE, (), month=MONTH).shares
        theirs = storage.snapshot(other.account, NONE, (), month=MONTH).shares
        assert not {share for _, share in mine} & {share for _, share in theirs}

    def test_shares_end_with_their_month_and_come_into_reach(self, storage: Storage, enrolled: Enrolled) -> None:
        before = dict(storage.snapshot(enrolled.account, NONE, (), month=MONTH).shares)
        after = dict(storage.snapshot(enrolled.account, NONE, (), month=MONTH + 2).shares)
        assert sorted(after) == list(range(MONTH + 2, MONTH + 123))
        assert all(after[month] == before[month] for month in range(MONTH + 2, MONTH + 121))
        assert after == dict(storage.snapshot(enrolled.account, NONE, (), month=MONTH + 2).shares)

    def test_a_destroyed_share_does_not_come_back_with_the_clock_set_back(
        self, storage: Storage, enrolled: Enrolled
    ) -> None:
        ahead = storage.snapshot(enrolled.account, NONE, (), month=MONTH + 2).shares
        back = storage.snapshot(enrolled.account, NONE, (), month=MONTH).shares
        assert back == ahead[:119]

    def test_purging_destroys_the_shares_of_accounts_that_never_come(
        self, storage: Storage, enrolled: Enrolled
    ) -> None:
        storage.purge(month=MONTH + 3, day=0, dormant_months=6)
        assert storage.numbers(month=MONTH).first_share == MONTH + 3

    # -- the first pool

    def test_what_was_committed_is_what_is_there(
        self, storage: Storage, enrolled: Enrolled, reopen: Callable[[], Storage]
    ) -> None:
        made = write_pool(storage, enrolled.account, 512, tag="a")
        storage = reopen()
        found = storage.snapshot(enrolled.account, NONE, (), month=MONTH)
        assert found.head == made.head
        assert found.pages == tuple((number, box) for number, box, _ in made.pages)
        assert found.hashes == tuple(digest for _, _, digest in made.pages)
        wanted = [511, 0, 7, 7, 256]
        assert storage.read_slots(enrolled.account, 1, wanted) == [slot_box(number, "a") for number in wanted]

    @pytest.mark.parametrize("missing", [0, 100, POOL - 1])
    def test_a_pool_with_one_slot_missing_is_not_taken(
        self, storage: Storage, enrolled: Enrolled, missing: int
    ) -> None:
        generation = os.urandom(8)
        boxes = [slot_box(number) for number in range(POOL)]
        storage.stage(enrolled.account, generation, POOL, 0, boxes[:missing])
        storage.stage(enrolled.account, generation, POOL, missing + 1, boxes[missing + 1 :])
        # sent twice is there once
        storage.stage(enrolled.account, generation, POOL, 1, boxes[1:50])
        made = commit_on(None, enrolled.account, pages(range(PAGES)), generation=generation)
        if missing != 100:
            storage.stage(enrolled.account, generation, POOL, 50, boxes[50:100])
        with pytest.raises(Incomplete):
            storage.commit(enrolled.account, made)
        assert head_of(storage, enrolled.account) is None
        storage.stage(enrolled.account, generation, POOL, missing, [boxes[missing]])
        storage.commit(enrolled.account, made)
        assert storage.read_slots(enrolled.account, 1, range(POOL)) == boxes

    def test_a_new_pool_comes_with_all_its_pages(self, storage: Storage, enrolled: Enrolled) -> None:
        generation = os.urandom(8)
        upload(storage, enrolled.account, generation)
        for numbers in (range(PAGES - 1), range(1, PAGES), range(0)):
            with pytest.raises(Incomplete):
                storage.commit(
                    enrolled.account, commit_on(None, enrolled.account, pages(numbers), generation=generation)
                )
        storage.commit(enrolled.account, commit_on(None, enrolled.account, pages(range(PAGES)), generation=generation))

    def test_a_generation_that_was_not_uploaded_is_not_taken(self, storage: Storage, enrolled: Enrolled) -> None:
        generation = os.urandom(8)
        upload(storage, enrolled.account, generation)
        for other, pool in ((os.urandom(8), POOL), (generation, 2 * POOL)):
            made = commit_on(None, enrolled.account, pages(range(protocol.pages_of(pool))), generation=other, pool=pool)
            with pytest.raises(Incomplete):
                storage.commit(enrolled.account, made)

    def test_another_accounts_upload_is_no_use(self, storage: Storage, enrolled: Enrolled) -> None:
        generation = os.urandom(8)
        upload(storage, enrol(storage).account, generation)
        with pytest.raises(Incomplete):
            storage.commit(
                enrolled.account, commit_on(None, enrolled.account, pages(range(PAGES)), generation=generation)
            )

    # -- changes in place

    def test_a_commit_changes_what_it_names_and_no_more(self, storage: Storage, enrolled: Enrolled) -> None:
        first = write_pool(storage, enrolled.account, tag="a")
        made = commit_on(first.head, enrolled.account, pages([3, 13], "b"), slots([0, 255], "b"), month=MONTH + 1)
        storage.commit(enrolled.account, made)
        found = storage.snapshot(enrolled.account, NONE, (), month=MONTH)
        assert found.head == made.head
        assert found.pages == tuple((n, page_box(n, "b" if n in {3, 13} else "a")) for n in range(PAGES))
        assert found.hashes == tuple(protocol.page_hash(box) for _, box in found.pages)
        assert storage.read_slots(enrolled.account, 2, range(POOL)) == [
            slot_box(n, "b" if n in {0, 255} else "a") for n in range(POOL)
        ]
        assert storage.accounts()[0].month == MONTH + 1

    def test_pages_are_sent_where_they_differ(self, storage: Storage, enrolled: Enrolled) -> None:
        made = write_pool(storage, enrolled.account)
        starts = [digest[: protocol.HASH_START] for _, _, digest in made.pages]
        asked = [*starts[:5], os.urandom(8), *starts[6:]]
        generation = made.generation
        every = list(range(PAGES))
        for of, known, differ in (
            (generation, starts, []),
            (generation, asked, [5]),
            (generation, starts[:-1], every),
            (generation, [*starts, bytes(8)], every),
            (generation, [], every),
            (os.urandom(8), starts, every),
        ):
            found = storage.snapshot(enrolled.account, of, known, month=MONTH)
            assert [number for number, _ in found.pages] == differ
            assert len(found.hashes) == PAGES

    def test_a_commit_on_another_head_is_a_conflict(self, storage: Storage, enrolled: Enrolled) -> None:
        first = write_pool(storage, enrolled.account)
        winner = commit_on(first.head, enrolled.account, pages([1], "winner"))
        loser = commit_on(first.head, enrolled.account, pages([1], "loser"), slots([1], "loser"))
        storage.commit(enrolled.account, winner)
        after = commit_on(winner.head, enrolled.account)
        for wrong in (
            loser,
            winner,
            first,
            after._replace(version=4),
            after._replace(version=2),
            after._replace(previous=bytes(32)),
            commit_on(loser.head, enrolled.account),
        ):
            with pytest.raises(Conflict):
                storage.commit(enrolled.account, wrong)
        found = storage.snapshot(enrolled.account, NONE, (), month=MONTH)
        assert found.head == winner.head
        assert found.pages[1] == (1, page_box(1, "winner"))
        storage.commit(enrolled.account, after)

    def test_the_first_commit_is_version_1_and_follows_nothing(self, storage: Storage, enrolled: Enrolled) -> None:
        generation = os.urandom(8)
        upload(storage, enrolled.account, generation)
        right = commit_on(None, enrolled.account, pages(range(PAGES)), generation=generation)
        for wrong in (right._replace(version=2), right._replace(previous=os.urandom(32))):
            with pytest.raises(Conflict):
                storage.commit(enrolled.account, wrong)
        storage.commit(enrolled.account, right)

    def test_numbers_beyond_the_pool_are_refused_and_nothing_is_changed(
        self, storage: Storage, enrolled: Enrolled
    ) -> None:
        first = write_pool(storage, enrolled.account, tag="a")
        good = commit_on(first.head, enrolled.account, pages([0], "b"), slots([0], "b"))
        wrong: list[Commit] = [
            good._replace(pages=pages([0, PAGES], "b")),
            good._replace(slots=slots([0, POOL], "b")),
            good._replace(slots=slots([-1], "b")),
            good._replace(pool=2 * POOL),
            good._replace(pool=POOL + 1),
        ]
        for made in wrong:
            with pytest.raises(Incomplete):
                storage.commit(enrolled.account, made)
        found = storage.snapshot(enrolled.account, NONE, (), month=MONTH)
        assert (found.head, found.pages[0][1]) == (first.head, page_box(0, "a"))
        assert storage.read_slots(enrolled.account, 1, [0]) == [slot_box(0, "a")]

    def test_slots_are_read_of_the_present_version_only(self, storage: Storage, enrolled: Enrolled) -> None:
        with pytest.raises(Conflict):
            storage.read_slots(enrolled.account, 0, [])
        write_pool(storage, enrolled.account)
        for version in (0, 2):
            with pytest.raises(Conflict):
                storage.read_slots(enrolled.account, version, [1])
        for beyond in (POOL, 1 << 18, 1 << 32):
            with pytest.raises(Incomplete):
                storage.read_slots(enrolled.account, 1, [0, beyond])
        assert storage.read_slots(enrolled.account, 1, []) == []

    # -- whole pools

    def test_a_new_generation_takes_the_place_of_the_old_one(self, storage: Storage, enrolled: Enrolled) -> None:
        bystander = enrol(storage)
        write_pool(storage, bystander.account, tag="bystander")
        write_pool(storage, enrolled.account, tag="a")
        made = write_pool(storage, enrolled.account, 512, tag="b")
        found = storage.snapshot(enrolled.account, NONE, (), month=MONTH)
        assert (found.head, len(found.pages)) == (made.head, protocol.pages_of(512))
        assert storage.read_slots(enrolled.account, 2, range(512)) == [slot_box(n, "b") for n in range(512)]
        held = 512 * protocol.SLOT_BOX + protocol.pages_of(512) * protocol.PAGE_BOX
        assert storage.numbers(month=MONTH).bytes_held == held + WHOLE
        small = write_pool(storage, enrolled.account, tag="c")
        assert storage.read_slots(enrolled.account, 3, range(POOL)) == [slot_box(n, "c") for n in range(POOL)]
        assert small.version == 3
        assert storage.read_slots(bystander.account, 1, range(POOL)) == [slot_box(n, "bystander") for n in range(POOL)]

    def test_a_commit_to_a_new_generation_may_bring_slots(self, storage: Storage, enrolled: Enrolled) -> None:
        generation = os.urandom(8)
        upload(storage, enrolled.account, generation, tag="a")
        made = commit_on(None, enrolled.account, pages(range(PAGES)), slots([9], "b"), generation=generation)
        storage.commit(enrolled.account, made)
        assert storage.read_slots(enrolled.account, 1, [8, 9]) == [slot_box(8, "a"), slot_box(9, "b")]

    def test_uploading_changes_nothing_of_what_is_present(self, storage: Storage, enrolled: Enrolled) -> None:
        first = write_pool(storage, enrolled.account, tag="a")
        upload(storage, enrolled.account, os.urandom(8), 512, tag="b")
        assert storage.read_slots(enrolled.account, 1, [3]) == [slot_box(3, "a")]
        made = commit_on(first.head, enrolled.account, pages([0], "c"), slots([3], "c"))
        storage.commit(enrolled.account, made)
        assert storage.read_slots(enrolled.account, 2, [3]) == [slot_box(3, "c")]

    def test_an_upload_outlives_commits_to_the_present_pool(self, storage: Storage, enrolled: Enrolled) -> None:
        first = write_pool(storage, enrolled.account)
        generation = os.urandom(8)
        upload(storage, enrolled.account, generation, tag="b")
        between = commit_on(first.head, enrolled.account, pages([0], "c"))
        storage.commit(enrolled.account, between)
        made = commit_on(between.head, enrolled.account, pages(range(PAGES), "b"), generation=generation)
        storage.commit(enrolled.account, made)
        assert storage.read_slots(enrolled.account, 3, [3]) == [slot_box(3, "b")]

    def test_a_second_unfinished_generation_takes_the_first_ones_place(
        self, storage: Storage, enrolled: Enrolled
    ) -> None:
        first, second = os.urandom(8), os.urandom(8)
        upload(storage, enrolled.account, first)
        storage.stage(enrolled.account, second, POOL, 0, [slot_box(0)])
        assert storage.numbers(month=MONTH).bytes_held == protocol.SLOT_BOX
        with pytest.raises(Incomplete):
            storage.commit(enrolled.account, commit_on(None, enrolled.account, pages(range(PAGES)), generation=first))
        # the same generation with another pool is another one too
        storage.stage(enrolled.account, second, 2 * POOL, 0, [slot_box(0)] * 2)
        assert storage.numbers(month=MONTH).bytes_held == 2 * protocol.SLOT_BOX

    def test_what_cannot_be_staged_is_refused(self, storage: Storage, enrolled: Enrolled) -> None:
        made = write_pool(storage, enrolled.account)
        with pytest.raises(Conflict):
            storage.stage(enrolled.account, made.generation, POOL, 0, [slot_box(0)])
        new = os.urandom(8)
        for pool, start, count in ((POOL, POOL, 1), (POOL, POOL - 1, 2), (POOL, -1, 1), (300, 0, 1), (128, 0, 1)):
            with pytest.raises(Incomplete):
                storage.stage(enrolled.account, new, pool, start, [slot_box(0)] * count)
        assert storage.numbers(month=MONTH).bytes_held == WHOLE

    # -- quota

    def test_what_is_staged_counts_to_the_quota(self, storage: Storage, enrolled: Enrolled) -> None:
        write_pool(storage, enrolled.account)
        storage.set_quota(enrolled.account, WHOLE + 10 * protocol.SLOT_BOX)
        generation = os.urandom(8)
        storage.stage(enrolled.account, generation, POOL, 0, [slot_box(0)] * 10)
        storage.stage(enrolled.account, generation, POOL, 0, [slot_box(1)] * 10)
        with pytest.raises(Full):
            storage.stage(enrolled.account, generation, POOL, 5, [slot_box(2)] * 6)
        assert storage.numbers(month=MONTH).bytes_held == WHOLE + 10 * protocol.SLOT_BOX
        # another one in its place fits again
        storage.stage(enrolled.account, os.urandom(8), POOL, 0, [slot_box(0)] * 10)

    def test_a_pool_beyond_the_quota_is_not_taken(self, storage: Storage, enrolled: Enrolled) -> None:
        generation = os.urandom(8)
        upload(storage, enrolled.account, generation)
        made = commit_on(None, enrolled.account, pages(range(PAGES)), generation=generation)
        storage.set_quota(enrolled.account, WHOLE - 1)
        with pytest.raises(Full):
            storage.commit(enrolled.account, made)
        assert head_of(storage, enrolled.account) is None
        storage.set_quota(enrolled.account, WHOLE)
        storage.commit(enrolled.account, made)

    def test_a_quota_set_below_what_is_held_still_lets_changes_in_place(
        self, storage: Storage, enrolled: Enrolled
    ) -> None:
        first = write_pool(storage, enrolled.account)
        storage.set_quota(enrolled.account, 1)
        storage.commit(enrolled.account, commit_on(first.head, enrolled.account, pages([0], "b"), slots([0], "b")))
        with pytest.raises(Full):
            storage.stage(enrolled.account, os.urandom(8), POOL, 0, [slot_box(0)])
