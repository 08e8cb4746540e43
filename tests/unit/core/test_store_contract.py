"""What every store must do; each backend inherits the same tests (vault/store/contract.py).

Seen to fail: a MemoryStore that writes through at once, a SqlcipherStore without ROLLBACK (both: undo).
"""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.disk import full_disk
from vault import errors, limits
from vault.store.contract import NewStore, Rest, Store
from vault.store.memory import NewMemoryStore
from vault.store.sqlcipher import NewSqlcipherStore, SqlcipherStore

KEY = bytes(range(32))
POOL = limits.POOL_LEAST
PAGES = limits.SETTINGS_PAGES + POOL // limits.PAGE_ENTRIES


def box(size: int, number: int) -> bytes:
    return number.to_bytes(4, "big") * (size // 4)


def rest() -> Rest:
    pages = [box(limits.PAGE_BOX, number) for number in range(PAGES)]
    return Rest(pages, box(limits.LOCK_ROW, 1), box(limits.HEAD_BOX, 2))


def slots() -> list[bytes]:
    return [box(limits.SLOT_BOX, number) for number in range(POOL)]


class StoreContract:
    """Inherited once for each backend, which brings `new_store`."""

    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], NewStore]:
        raise NotImplementedError

    @pytest.fixture
    def store(self, new_store: Callable[[], NewStore]) -> Store:
        new = new_store()
        new.fill(iter(slots()), rest)
        store = new.publish()
        new.settle()
        return store

    def same(self, store: Store) -> bool:
        """Whether every row is as it was filled."""
        whole = list(store.scan_slots()) == list(enumerate(slots()))
        return whole and (store.read_pages(), store.read_lock(), store.read_head()) == tuple(rest())

    def test_what_was_filled_is_read(self, store: Store) -> None:
        assert self.same(store)
        assert [store.read_slot(number) for number in (0, 1, POOL - 1)] == [
            slots()[number] for number in (0, 1, POOL - 1)
        ]

    def test_the_rest_is_asked_for_after_the_last_slot(self, new_store: Callable[[], NewStore]) -> None:
        asked: list[str] = []

        def boxes() -> object:
            for each in slots():
                asked.append("slot")
                yield each

        def last() -> Rest:
            asked.append("rest")
            return rest()

        new = new_store()
        new.fill(boxes(), last)  # type: ignore[arg-type]
        assert asked == ["slot"] * POOL + ["rest"]
        new.discard()

    def test_a_change_becomes_true_as_a_whole(self, store: Store) -> None:
        with store.transaction() as change:
            change.put_slot(7, box(limits.SLOT_BOX, 70))
            change.put_page(11, box(limits.PAGE_BOX, 71))
            change.put_lock(box(limits.LOCK_ROW, 72))
            change.put_head(box(limits.HEAD_BOX, 73))
        assert store.read_slot(7) == box(limits.SLOT_BOX, 70)
        assert store.read_slot(6) == box(limits.SLOT_BOX, 6)
        assert store.read_pages()[11] == box(limits.PAGE_BOX, 71)
        assert store.read_pages()[10] == box(limits.PAGE_BOX, 10)
        assert (store.read_lock(), store.read_head()) == (box(limits.LOCK_ROW, 72), box(limits.HEAD_BOX, 73))
        assert dict(store.scan_slots())[7] == box(limits.SLOT_BOX, 70)

    @pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, errors.StorageFailed])
    def test_an_exception_undoes_the_whole_change(self, store: Store, error: type[BaseException]) -> None:
        def interrupted() -> None:
            with store.transaction() as change:
                change.put_slot(7, box(limits.SLOT_BOX, 70))
                change.put_head(box(limits.HEAD_BOX, 73))
                raise error

        with pytest.raises(error):
            interrupted()
        assert self.same(store)
        with store.transaction() as change:
            change.put_slot(8, box(limits.SLOT_BOX, 80))
        assert store.read_slot(8) == box(limits.SLOT_BOX, 80)
        assert store.read_slot(7) == box(limits.SLOT_BOX, 7)

    @pytest.mark.parametrize("size", [0, limits.SLOT_BOX - 1, limits.SLOT_BOX + 1])
    def test_a_row_keeps_its_size(self, store: Store, size: int) -> None:
        with store.transaction() as change:
            for put in (change.put_lock, change.put_head):
                with pytest.raises(ValueError):
                    put(bytes(size))
            for put_at in (change.put_slot, change.put_page):
                with pytest.raises(ValueError):
                    put_at(0, bytes(size))
        assert self.same(store)

    @pytest.mark.parametrize("number", [-1, POOL, 2**40])
    def test_a_row_that_is_not_there_is_damage(self, store: Store, number: int) -> None:
        with pytest.raises(errors.DatabaseDamaged):
            store.read_slot(number)
        with pytest.raises(errors.DatabaseDamaged), store.transaction() as change:
            change.put_slot(number, box(limits.SLOT_BOX, 1))
        with pytest.raises(errors.DatabaseDamaged), store.transaction() as change:
            change.put_page(number, box(limits.PAGE_BOX, 1))
        assert self.same(store)

    def test_a_scan_may_be_left_half_way(self, store: Store) -> None:
        for number, _ in store.scan_slots():
            if number == 5:
                break
        with store.transaction() as change:
            change.put_slot(5, box(limits.SLOT_BOX, 50))
        assert dict(store.scan_slots())[5] == box(limits.SLOT_BOX, 50)

    def test_a_closed_store_says_so(self, store: Store) -> None:
        store.close()
        store.close()
        looks: list[Callable[[], object]] = [store.read_lock, store.read_head, store.read_pages]
        looks += [lambda: store.read_slot(0), lambda: list(store.scan_slots())]
        for look in looks:
            with pytest.raises(errors.StorageFailed):
                look()
        with pytest.raises(errors.StorageFailed), store.transaction():
            pass

    def test_a_new_store_may_be_given_up(self, new_store: Callable[[], NewStore]) -> None:
        def broken() -> Rest:
            raise errors.SlotTampered

        new = new_store()
        with pytest.raises(errors.SlotTampered):
            new.fill(iter(slots()), broken)
        new.discard()
        new.discard()
        with pytest.raises(errors.StorageFailed):
            new.publish()


class TestMemoryStore(StoreContract):
    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], NewStore]:
        return NewMemoryStore


class TestSqlcipherStore(StoreContract):
    @pytest.fixture
    def new_store(self, tmp_path: Path) -> Callable[[], NewStore]:
        return lambda: NewSqlcipherStore(str(tmp_path), lambda salt: KEY)

    def test_it_is_all_there_when_opened_again(self, store: Store, tmp_path: Path) -> None:
        with store.transaction() as change:
            change.put_slot(7, box(limits.SLOT_BOX, 70))
        store.close()
        again = SqlcipherStore(str(tmp_path), lambda salt: KEY)
        assert again.read_slot(7) == box(limits.SLOT_BOX, 70)
        assert again.read_pages() == rest().pages
        assert os.listdir(tmp_path) == ["vault.db"]
        assert (tmp_path / "vault.db").stat().st_mode & 0o777 == 0o600
        again.close()

    def test_a_full_disk_undoes_the_change_and_is_told(self, store: Store) -> None:
        with full_disk(), pytest.raises(errors.StorageFailed), store.transaction() as change:
            change.put_slot(7, box(limits.SLOT_BOX, 70))
        assert self.same(store)

    def test_a_full_disk_leaves_no_new_store(self, new_store: Callable[[], NewStore], tmp_path: Path) -> None:
        new = new_store()
        with full_disk(), pytest.raises(errors.StorageFailed):
            new.fill(iter(slots()), rest)
        assert os.listdir(tmp_path) == []

    def test_the_key_is_asked_for_by_the_files_own_salt(self, store: Store, tmp_path: Path) -> None:
        salts = []

        def key_of(salt: bytes) -> bytes:
            salts.append(salt)
            return KEY

        store.close()
        SqlcipherStore(str(tmp_path), key_of).close()
        assert salts == [(tmp_path / "vault.db").read_bytes()[:16]]

    def test_every_box_lies_whole_on_its_own_page(self, store: Store, tmp_path: Path) -> None:
        # overflow pages would tell the order of writing: two slots or one ledger page fill a page of the file
        store.close()
        pages = (tmp_path / "vault.db").stat().st_size // 4096
        # schema, one inner page for slots, leaves; ledger pages with their inner page; two rows of head
        assert pages == 1 + (1 + POOL // 2) + (1 + PAGES) + 1
