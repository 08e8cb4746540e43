"""What two devices have done apart comes together the same way everywhere (docs/spec/sync-protocol.md section 2.2).

A "seen to fail" names the line of vault/merge.py that was taken out by hand.
"""

from collections.abc import Iterator, Mapping
from functools import reduce
from itertools import count, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vault.merge import Half, Tomb, Version, acknowledge, due, merge, rehandle, settle, twins

NOTHING = Half({}, {})


def half(*found: Version | Tomb) -> Half:
    return Half(
        {each.id: each for each in found if isinstance(each, Version)},
        {each.id: each for each in found if isinstance(each, Tomb)},
    )


def live(identity: int, parent: int = 0, expiry: int = 400) -> Version:
    return Version(identity, parent, expiry, identity)


def gone(identity: int, parent: int = 0, *, by: int = 0, apart: bool = False) -> Tomb:
    return Tomb(identity, parent, shredded=True, known=1 << by, apart=apart)


def replaced(identity: int, parent: int = 0, *, by: int = 0, apart: bool = False) -> Tomb:
    return Tomb(identity, parent, shredded=False, known=1 << by, apart=apart)


# -- any states of any devices -----------------------------------------------------------------------------------------

MOST = 9
masks = st.integers(0, 7)


@st.composite
def families(draw: st.DrawFn) -> dict[int, int]:
    """Whose parent is whose: one for each id, or none. A parent need not have the lower id."""
    order = draw(st.permutations(range(1, MOST + 1)))
    return {each: draw(st.sampled_from([0, *order[:at]])) for at, each in enumerate(order)}


@st.composite
def halves(draw: st.DrawFn, family: Mapping[int, int]) -> Half:
    """What a device may hold of a family, with parents forgotten here and there."""
    found: list[Version | Tomb] = []
    for identity, parent in family.items():
        known_parent = draw(st.sampled_from([parent, parent, parent, 0]))
        match draw(st.integers(0, 4)):
            case 0 | 1:
                found.append(Version(identity, known_parent, draw(st.integers(400, 402)), draw(st.integers(1, 4))))
            case 2:
                found.append(Tomb(identity, known_parent, draw(st.booleans()), draw(masks), draw(st.booleans())))
            case _:
                pass
    return half(*found)


three = families().flatmap(lambda family: st.tuples(halves(family), halves(family), halves(family)))
unlike = st.fixed_dictionaries({each: st.integers(0, MOST) for each in range(1, MOST + 1)})
"""Parents without any sense: circles, and a version that is its own parent."""
hostile = st.tuples(*(unlike.flatmap(halves) for _ in range(2)))


@given(three)
def test_it_does_not_matter_who_merges(states: tuple[Half, Half, Half]) -> None:
    one, other, _ = states
    assert merge(one, other) == merge(other, one)


@given(three)
def test_it_does_not_matter_in_which_groups(states: tuple[Half, Half, Half]) -> None:
    """Seen to fail when a replaced one on the way was not shredded, and when `known` was the union in every case."""
    one, other, third = states
    assert merge(merge(one, other), third) == merge(one, merge(other, third))


@given(three)
def test_it_does_not_matter_how_often(states: tuple[Half, Half, Half]) -> None:
    one, other, _ = states
    both = merge(one, other)
    assert merge(both, both) == both
    assert merge(both, one) == both
    assert merge(both, other) == both
    assert merge(both, NOTHING) == both


def walk(states: tuple[Half, ...], identity: int) -> Iterator[int]:
    """The ids above `identity`, by anything that any of the states says. Written apart from vault.merge."""
    passed: set[int] = set()
    at: int = identity
    while at and at not in passed:
        passed.add(at)
        rows = [row for state in states for row in (state.live.get(at), state.tombs.get(at)) if row is not None]
        at = max((row.parent for row in rows), default=0)
        yield at


def is_shredded(states: tuple[Half, ...], identity: int) -> bool:
    return any(identity in state.tombs and state.tombs[identity].shredded for state in states)


@given(three)
def test_nothing_lives_that_goes_back_to_something_shredded(states: tuple[Half, Half, Half]) -> None:
    """Seen to fail without `_shred_descendants`."""
    both = merge(*states[:2])
    for found in both.live:
        assert not any(is_shredded(states[:2], above) for above in [found, *walk(states[:2], found)])
        assert found not in both.tombs


@given(three)
def test_nothing_living_is_lost(states: tuple[Half, Half, Half]) -> None:
    """It has a tomb, or goes back to something shredded: else it lives, with what one of the two says of it."""
    one, other, _ = states
    both = merge(one, other)
    for found in one.live.keys() | other.live.keys():
        said = [state.live[found] for state in (one, other) if found in state.live]
        if found in both.live:
            assert both.live[found].expiry == min(each.expiry for each in said)
            assert both.live[found].handle in {each.handle for each in said}
        else:
            entombed = any(found in state.tombs for state in (one, other))
            assert entombed or any(is_shredded((one, other), above) for above in walk((one, other), found))
    assert both.live.keys() <= one.live.keys() | other.live.keys()


@given(hostile)
def test_parents_that_go_round_in_a_circle_end_all_the_same(states: tuple[Half, Half]) -> None:
    """Seen to fail when a circle was not given an end of its own."""
    one, other = states
    both = merge(one, other)
    assert both == merge(other, one)
    assert merge(both, both) == both
    assert not both.live.keys() & both.tombs.keys()
    for state in (one, other, both):
        settled = settle(state, 3)
        assert settle(settled, 3) == settled
        assert twins(settled) == twins(state)


def test_a_circle_is_the_same_wherever_one_comes_in() -> None:
    circle = [replaced(5, 6), replaced(6, 7), replaced(7, 5)]
    assert twins(half(live(1, 6), live(2, 7), live(3, 9), replaced(9, 5), *circle)) == [(1, 2, 3)]
    assert twins(half(live(1, 1), live(2, 2))) == []


# -- named cases -------------------------------------------------------------------------------------------------------


def test_a_shred_beats_an_edit_made_elsewhere_whoever_comes_first() -> None:
    """Lesson 3. Seen to fail without `_shred_descendants`."""
    shred, edit = half(gone(1, by=0)), half(replaced(1, by=1), live(2, 1))
    assert merge(shred, edit).live == merge(edit, shred).live == {}
    assert merge(edit, shred).tombs[2].shredded


def test_a_shred_reaches_every_descendant_in_any_order_of_arrival() -> None:
    """Seen to fail when a replaced one on the way was not shredded, and so ended the walk once the first was gone."""
    parts = [
        half(gone(1)),
        half(replaced(1, by=1), live(2, 1)),
        half(replaced(2, 1, by=1), live(3, 2)),
        half(replaced(2, 1, by=2), live(4, 2)),
        half(replaced(4, 2, by=2), live(5, 4)),
    ]
    ends = [reduce(merge, order) for order in permutations(parts)]
    assert ends[0].live == {}
    assert all(tomb.shredded for tomb in ends[0].tombs.values())
    assert all(end == ends[0] for end in ends)


def test_a_shred_finds_an_edit_also_past_a_tomb_that_has_forgotten_its_parent() -> None:
    """Seen to fail when a tomb did not inherit the parent of the version that it ends."""
    remembering, forgetful, edit = half(live(2, 1)), half(replaced(2, by=1)), half(live(3, 2))
    for order in permutations((remembering, forgetful, edit, half(gone(1)))):
        assert reduce(merge, order).live == {}


def test_who_knows_it_only_as_replaced_still_has_to_be_told_of_the_shred() -> None:
    """Else the tomb is dropped before a device sends an edit that it made before it knew, and the edit lives.

    Seen to fail when `known` was the union in every case.
    """
    shred = acknowledge(half(gone(1)), 0)
    both = merge(shred, acknowledge(acknowledge(half(replaced(1), live(2, 1)), 1), 2))
    assert both.tombs[1] == gone(1, by=0)
    assert both.tombs[2] == Tomb(2, 1, shredded=True, known=0)
    later = settle(acknowledge(both, 0), 0b111)
    assert merge(later, half(replaced(2, 1, by=2), live(3, 2))).live == {}


def test_two_edits_of_one_note_both_live() -> None:
    """Lesson 10."""
    both = merge(half(replaced(1, by=0), live(2, 1)), half(replaced(1, by=1), live(3, 1)))
    assert both.live.keys() == {2, 3}
    assert twins(both) == [(2, 3)]


def test_edits_are_twins_also_when_one_device_edited_several_times() -> None:
    """Seen to fail when only versions with the very same parent were twins."""
    often = half(replaced(1), replaced(2, 1), replaced(3, 2), live(4, 3))
    both = merge(often, half(replaced(1, by=1), replaced(8, 1, by=1), live(9, 8)))
    assert twins(both) == [(4, 9)]
    third = merge(both, half(replaced(8, 1, by=2), live(7, 8)))
    assert twins(third) == [(4, 7, 9)]


def test_twins_do_not_multiply_and_shredding_one_makes_no_new_one() -> None:
    """Lesson 11."""
    both = merge(half(replaced(1), live(2, 1)), half(replaced(1, by=1), live(3, 1)))
    for _ in range(3):
        both = settle(acknowledge(acknowledge(merge(both, both), 0), 1), 3)
        assert twins(both) == [(2, 3)]
    after = merge(both, half(gone(3, 1)))
    assert after.live.keys() == {2}
    assert twins(after) == []


def test_twins_stay_twins_when_every_device_knows_the_tombs_between_them() -> None:
    """Seen to fail when `settle` kept no tomb for their sake."""
    both = merge(half(replaced(1), replaced(2, 1), live(4, 2)), half(replaced(1, by=1), live(9, 1)))
    settled = settle(acknowledge(acknowledge(both, 0), 1), 3)
    assert twins(settled) == [(4, 9)]
    assert settled.tombs.keys() == {2}
    assert settle(merge(settled, half(gone(9, 1, by=0))), 1).live[4].parent == 0


def test_whoever_edits_a_twin_having_seen_the_other_sets_them_apart_and_a_shred_still_finds_both() -> None:
    """Seen to fail when a walk of twins did not end at `apart`, and when the walk of a shred did."""
    both = merge(half(replaced(1), live(2, 1)), half(replaced(1, by=1), live(3, 1)))
    chosen = merge(both, half(replaced(3, 1, apart=True), live(5, 3)))
    assert chosen.live.keys() == {2, 5}
    assert twins(chosen) == []
    assert settle(acknowledge(chosen, 1), 3).tombs == {}
    assert merge(chosen, half(gone(1, by=2))).live == {}


def test_a_note_expired_here_and_kept_longer_elsewhere_lives_by_the_later_word() -> None:
    """Lesson 4: the same on every device, also where the older version has been dropped by its month already."""
    kept = half(replaced(1, by=1), live(2, 1, expiry=420))
    here = due(half(live(1, expiry=400)), 401)
    assert here == NOTHING
    assert merge(here, kept).live == merge(half(live(1, expiry=400)), kept).live == {2: live(2, 1, expiry=420)}


@given(three, st.integers(398, 404))
def test_what_is_due_is_left_out_without_a_tomb(states: tuple[Half, Half, Half], now: int) -> None:
    found = due(states[0], now)
    assert found.tombs == states[0].tombs
    assert found.live == {each.id: each for each in states[0].live.values() if not now > each.expiry}


# -- tombs and parents go ----------------------------------------------------------------------------------------------


@given(three, masks)
def test_settled_twice_is_settled_once_and_the_living_stay(states: tuple[Half, Half, Half], active: int) -> None:
    both = merge(*states[:2])
    settled = settle(both, active)
    assert settle(settled, active) == settled
    assert settled.live.keys() == both.live.keys()
    assert twins(settled) == twins(both)
    assert all(tomb == both.tombs[found] or tomb.parent == 0 for found, tomb in settled.tombs.items())
    kept_for_nobody = [tomb for tomb in settled.tombs.values() if tomb.known & active == active]
    assert not kept_for_nobody or twins(settled)


@given(three, masks)
def test_a_tomb_that_a_device_does_not_know_stays(states: tuple[Half, Half, Half], active: int) -> None:
    both = merge(*states[:2])
    unknown = {found for found, tomb in both.tombs.items() if active & ~tomb.known}
    assert unknown <= settle(both, active).tombs.keys()


def test_a_parent_is_forgotten_with_the_tomb() -> None:
    both = half(replaced(1), live(2, 1))
    assert settle(both, 0b11) == both
    assert settle(acknowledge(both, 1), 0b11) == half(live(2))


@given(st.data())
def test_shredded_stays_shredded_on_three_devices_that_come_and_go(data: st.DataObject) -> None:
    """P9 and P10 on ids: any order of writing, editing, shredding and meeting the server.

    Each device merges with the server's state, settles, and only then says what it knows. Seen to fail when
    `_shred_descendants` was left out, and when `settle` dropped what only one device knew.
    """
    devices, server, active = [NOTHING] * 3, NOTHING, 0b111
    fresh = count(1)
    parents: dict[int, int] = {}
    shredded: set[int] = set()
    written: set[int] = set()
    for _ in range(data.draw(st.integers(1, 25))):
        at = data.draw(st.integers(0, 2))
        own = devices[at]
        what = data.draw(st.sampled_from(["write", "edit", "edit", "shred", "sync", "sync", "sync"]))
        if what == "sync":
            own = settle(merge(own, server), active)
            own = acknowledge(own, at)
            server = own
        elif what == "write":
            new = next(fresh)
            written.add(new)
            parents[new] = 0
            own = merge(own, half(live(new)))
        elif own.live:
            old = data.draw(st.sampled_from(sorted(own.live)))
            known_parent = own.live[old].parent
            if what == "shred":
                shredded.add(old)
                own = merge(own, half(gone(old, known_parent, by=at)))
            else:
                new = next(fresh)
                parents[new] = old
                written.add(new)
                own = merge(own, half(replaced(old, known_parent, by=at), live(new, old)))
        devices[at] = own
    for _ in range(2):
        for at in range(3):
            server = devices[at] = acknowledge(settle(merge(devices[at], server), active), at)
    for state in (server, *devices):
        assert state.live.keys() == expected_living(written, parents, shredded)


def expected_living(written: set[int], parents: Mapping[int, int], shredded: set[int]) -> set[int]:
    """What nobody replaced, and what goes back to nothing that was shredded."""
    living = set()
    for found in written - set(parents.values()) - shredded:
        above = found
        while above and above not in shredded:
            above = parents[above]
        if not above:
            living.add(found)
    return living


# -- handles -----------------------------------------------------------------------------------------------------------


def test_of_two_notes_with_one_handle_the_one_on_the_server_keeps_it() -> None:
    state = half(live(1)._replace(handle=7), live(2)._replace(handle=7), live(3)._replace(handle=8))
    assert rehandle(state, {2}, lambda: 9) == {1: 9}
    assert rehandle(state, {1}, lambda: 9) == {2: 9}
    assert rehandle(state, set(), lambda: 9) == {2: 9}
    assert rehandle(state, {1, 2}, lambda: 9) == {2: 9}


@pytest.mark.parametrize("crowd", [2, 3, 40])
def test_a_new_handle_is_nobody_elses(crowd: int) -> None:
    state = half(*(live(each)._replace(handle=each % 2) for each in range(1, crowd + 1)))
    drawn = iter([0, 1, 5, 5, *range(100)])
    given_out = rehandle(state, set(), lambda: next(drawn))
    handles = [given_out.get(found, version.handle) for found, version in state.live.items()]
    assert len(set(handles)) == len(handles)
    assert len(given_out) == crowd - 2


@given(three, st.sets(st.integers(1, MOST)))
def test_handles_are_apart_afterwards_and_only_those_that_had_to_are_changed(
    states: tuple[Half, Half, Half], on_server: set[int]
) -> None:
    state = states[0]
    drawn = count(1)
    given_out = rehandle(state, on_server, lambda: next(drawn))
    handles = [given_out.get(found, version.handle) for found, version in state.live.items()]
    assert len(set(handles)) == len(handles)
    assert len(given_out) == len(state.live) - len({version.handle for version in state.live.values()})
