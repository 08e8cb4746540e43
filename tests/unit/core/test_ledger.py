"""The ledger agrees with a dictionary that knows nothing of columns and pages.

Seen to fail: `encode_page` giving the changed entry's neighbour; `apply` leaving the old key in its place.
"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault import ledger, limits
from vault.formats.reader import FormatError
from vault.ledger import EMPTY, FIRST, FREE, MORE, NO_HANDLE, NO_SLOT, Entry, Ledger

POOL = 256
u32 = st.integers(0, 2**32 - 1)
entries = st.builds(
    Entry, st.sampled_from([0, 1, 2, 3]), st.integers(0, 65_535), u32, u32, st.binary(min_size=32, max_size=32)
)
changes = st.dictionaries(st.integers(0, POOL - 1), entries, max_size=20)


@given(st.lists(changes, max_size=5), changes)
def test_changes_one_after_the_other_and_a_last_one_not_applied_yet(
    done: list[dict[int, Entry]], last: dict[int, Entry]
) -> None:
    found, model = Ledger(POOL), dict.fromkeys(range(POOL), EMPTY)
    for change in done:
        found.apply(change)
        model |= change
    assert {slot: found.entry(slot) for slot in range(POOL)} == model
    assert found.firsts() == [slot for slot, entry in model.items() if entry.kind == FIRST]
    assert found.free() == [slot for slot, entry in model.items() if entry.kind == FREE]
    assert found.free_count() == len(found.free())
    assert found.due(300) == [slot for slot, entry in model.items() if entry.kind in (1, 3) and entry.expiry < 300]
    assert dict(ledger.living(found)) == {slot: entry for slot, entry in model.items() if entry.kind != FREE}
    for handle in {entry.handle for entry in model.values()}:
        at = found.find(handle)
        holders = [slot for slot, entry in model.items() if entry.handle == handle and entry.kind == FIRST]
        assert at in holders if holders else at is None
    # what is written is what will be
    pages = [ledger.encode_page(found, page, last) for page in range(ledger.pages_in(POOL))]
    assert {slot: found.entry(slot) for slot in range(POOL)} == model, "writing changed the ledger"
    again = ledger.decode_pages(pages, POOL)
    assert {slot: again.entry(slot) for slot in range(POOL)} == model | last
    found.apply(last)
    assert [ledger.encode_page(found, page) for page in range(ledger.pages_in(POOL))] == pages


@given(changes)
def test_one_page_holds_the_entries_of_its_own_slots(change: dict[int, Entry]) -> None:
    found = Ledger(POOL)
    empty = [ledger.encode_page(found, page) for page in range(4)]
    for page in range(4):
        ours = any(ledger.page_of(slot) == page and entry != EMPTY for slot, entry in change.items())
        assert (ledger.encode_page(found, page, change) != empty[page]) == ours


def test_wiping_leaves_no_key() -> None:
    found = Ledger(POOL)
    found.apply({4: Entry(FIRST, 330, NO_SLOT, 1, b"k" * 32)})
    found.wipe()
    assert not any(found.keys)


def chained(*links: tuple[int, int, int]) -> Ledger:
    found = Ledger(POOL)
    found.apply({slot: Entry(kind, 330, follower, NO_HANDLE, bytes(32)) for slot, kind, follower in links})
    return found


def test_a_chain_is_read_in_its_own_order() -> None:
    found = chained((200, FIRST, 3), (3, MORE, 77), (77, MORE, NO_SLOT))
    assert found.chain(200) == [200, 3, 77]


@pytest.mark.parametrize(
    "links",
    [
        ((1, FIRST, 2), (2, MORE, 3), (3, MORE, 2)),
        ((1, FIRST, 1),),
        ((1, FIRST, 2), (2, FREE, NO_SLOT)),
        ((1, FIRST, 2), (2, FIRST, NO_SLOT)),
        ((1, FIRST, POOL),),
        ((1, FIRST, NO_SLOT - 1),),
    ],
)
def test_a_broken_chain_ends_in_an_error(links: tuple[tuple[int, int, int], ...]) -> None:
    with pytest.raises(FormatError):
        chained(*links).chain(1)


@given(st.lists(st.binary(min_size=ledger.PAYLOAD, max_size=ledger.PAYLOAD), min_size=1, max_size=2))
def test_any_pages_of_the_right_size_are_a_ledger_or_refused(pages: list[bytes]) -> None:
    for pool in (64, 128):
        try:
            found = ledger.decode_pages(pages, pool)
        except FormatError:
            continue
        assert found.pool == pool == 64 * len(pages)
        for slot in range(pool):
            found.entry(slot)
            try:
                found.chain(slot)
            except FormatError:
                continue


def test_a_page_fills_its_box() -> None:
    assert len(ledger.encode_page(Ledger(POOL), 0)) == limits.PAGE_BOX - 73
