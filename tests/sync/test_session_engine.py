"""A session takes the steps of its table and no others (docs/spec/sync-protocol.md sections 6.1 and 6.4).

Seen to fail: a shaped session that leaves out an empty fetch; one that ends when quiet; a fetch of 2,049 slots in one
go; a count of conflicts that is never set back, and one that is set back by every conflict; boxes kept over a conflict.
"""

from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sync import engine, protocol
from sync.engine import (
    CONFLICTS_MOST,
    TABLE,
    Ask,
    Begin,
    BoxesCame,
    Commit,
    CommitCame,
    Confirm,
    Confirmed,
    ConflictCame,
    Consider,
    Considered,
    Effect,
    Event,
    Failed,
    Fetch,
    Finish,
    GiveUp,
    If,
    Merge,
    Merged,
    OutOfOrder,
    PartSent,
    Remove,
    RemovedCame,
    Seal,
    Sealed,
    Session,
    State,
    StateCame,
    Upload,
    Way,
    step,
)

BODY = b"commit"
TOLD = Sealed(BODY)
SAMPLES: dict[type[Event], tuple[Any, ...]] = {
    Begin: (Begin(True), Begin(False)),
    StateCame: (StateCame(b"answer"),),
    Considered: (
        Considered(1, (), True),
        Considered(1, (), False),
        Considered(0, (), False),
        Considered(1, (3, 5), False),
        Considered(1, tuple(range(protocol.SLOTS_MOST + 1)), False),
    ),
    BoxesCame: (BoxesCame(()), BoxesCame((b"one", b"two"))),
    Merged: (Merged(),),
    Sealed: (Sealed(None), TOLD, Sealed(BODY, more=True), Sealed(BODY, b"g" * 8, 256, [(0, b"boxes")])),
    PartSent: (PartSent(False), PartSent(True)),
    CommitCame: (CommitCame(b"receipt"),),
    ConflictCame: (ConflictCame(),),
    Confirmed: (Confirmed(),),
    RemovedCame: (RemovedCame(b"notice"),),
    Failed: (Failed(),),
}
EVENTS = [event for kind in SAMPLES.values() for event in kind]


def run(shaped: bool, *events: Event) -> tuple[Session, list[Effect]]:
    """A session that began and met these events, and every effect it asked for."""
    session, effects = Session(), []
    for event in (Begin(shaped), *events):
        session, effect = step(session, event)
        effects.append(effect)
    return session, effects


def kinds(effects: list[Effect]) -> list[type]:
    return [type(effect) for effect in effects]


# -- the table


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("event", EVENTS, ids=repr)
def test_every_state_meets_every_event_by_the_table_or_by_one_typed_error(state: State, event: Event) -> None:
    for shaped in (True, False):
        session = Session(state, shaped, unfetched=((1,), (2,)) if state is State.FETCHED else ())
        ways = TABLE.get((state, type(event)))
        if ways is None or (event == Sealed(None) and shaped):
            with pytest.raises(OutOfOrder):
                step(session, event)
            continue
        after, effect = step(session, event)
        assert (after.state, type(effect)) in [(way.to, way.by) for way in ways]


def test_the_table_names_every_state_event_condition_and_effect() -> None:
    ways = [way for row in TABLE.values() for way in row]
    assert set(SAMPLES) == set(get_args(Event))
    assert {state for state, _ in TABLE} == set(State) == {way.to for way in ways}
    assert {event for _, event in TABLE} == set(get_args(Event))
    assert {way.by for way in ways} == set(get_args(Effect)) == set(engine._EFFECTS)
    assert {way.when for way in ways} == set(If) == set(engine._CONDITIONS)


def test_every_state_can_be_left_by_a_failure_and_no_ending_waits_for_one() -> None:
    for state in State:
        ways = TABLE.get((state, Failed))
        assert (ways is None) == (state is State.IDLE)
    for row in TABLE.values():
        for way in row:
            assert (way.by in (Finish, GiveUp)) == (way.to is State.IDLE)


@pytest.mark.parametrize(("pair", "ways"), TABLE.items(), ids=str)
def test_no_row_of_the_table_has_a_way_that_is_never_taken(pair: tuple[State, type[Event]], ways: Any) -> None:
    assert all(way.when is not If.ALWAYS for way in ways[:-1])
    state, kind = pair
    taken: set[Way] = set()
    for event in SAMPLES[kind]:
        for conflicts in (0, CONFLICTS_MOST):
            for shaped in (True, False):
                for more in (True, False):
                    for unfetched in ((), ((1,),)):
                        session = Session(state, shaped, conflicts, unfetched=unfetched, more=more)
                        try:
                            after, effect = step(session, event)
                        except OutOfOrder:
                            continue
                        taken |= {way for way in ways if (way.to, way.by) == (after.state, type(effect))}
    assert taken == set(ways)


# -- the shape


@pytest.mark.parametrize("wanted", [(), (7,)])
@pytest.mark.parametrize("quiet", [True, False])
def test_a_shaped_session_asks_fetches_and_commits_whatever_there_is(wanted: tuple[int, ...], quiet: bool) -> None:
    boxes = (b"box",) * len(wanted)
    events = (
        StateCame(b"answer"),
        Considered(4, wanted, quiet),
        BoxesCame(boxes),
        Merged(),
        TOLD,
        CommitCame(b"receipt"),
        Confirmed(),
    )
    session, effects = run(True, *events)
    assert effects == [
        Ask(),
        Consider(b"answer"),
        Fetch(4, wanted),
        Merge(boxes),
        Seal(),
        Commit(BODY),
        Confirm(b"receipt"),
        Finish(),
    ]
    assert session.state is State.IDLE


def test_a_shaped_session_with_nothing_to_commit_is_a_fault_and_no_session() -> None:
    session, _ = run(True, StateCame(b""), Considered(1, (), True), BoxesCame(()), Merged())
    with pytest.raises(OutOfOrder):
        step(session, Sealed(None))


def test_an_account_without_a_head_has_nothing_to_fetch() -> None:
    _, effects = run(True, StateCame(b""), Considered(0, (), False))
    assert kinds(effects) == [Ask, Consider, Merge]


def test_one_that_is_not_shaped_ends_when_nothing_is_new() -> None:
    session, effects = run(False, StateCame(b""), Considered(9, (), True))
    assert kinds(effects) == [Ask, Consider, Finish]
    assert session == Session(shaped=False)


def test_one_that_is_not_shaped_leaves_out_an_empty_fetch_and_an_empty_commit() -> None:
    _, effects = run(False, StateCame(b""), Considered(9, (), False), Merged(), Sealed(None))
    assert kinds(effects) == [Ask, Consider, Merge, Seal, Finish]


@given(st.integers(0, 3 * protocol.SLOTS_MOST + 1))
def test_many_slots_are_fetched_in_requests_that_the_server_takes(count: int) -> None:
    wanted = tuple(range(count))
    session, effects = run(True, StateCame(b""), Considered(2, wanted, False))
    effect = effects[-1]
    asked: tuple[int, ...] = ()
    while isinstance(effect, Fetch):
        assert effect.version == 2
        assert len(effect.slots) <= protocol.SLOTS_MOST
        asked += effect.slots
        session, effect = step(session, BoxesCame(tuple(b"%d" % slot for slot in effect.slots)))
    assert asked == wanted
    assert effect == Merge(tuple(b"%d" % slot for slot in wanted))
    assert session.boxes == ()


# -- rounds, generations, conflicts


TO_SEALED = (StateCame(b""), Considered(2, (), False), BoxesCame(()), Merged())


def test_what_finds_no_room_takes_another_round() -> None:
    more = Sealed(BODY, more=True)
    _, effects = run(
        True, *TO_SEALED, more, CommitCame(b""), Confirmed(), *TO_SEALED, TOLD, CommitCame(b""), Confirmed()
    )
    once = [Ask, Consider, Fetch, Merge, Seal, Commit, Confirm]
    assert kinds(effects) == [*once, *once, Finish]


def test_a_whole_generation_goes_before_its_commit() -> None:
    parts = iter([(0, b"")])
    sealed = Sealed(BODY, b"g" * 8, 256, parts)
    _, effects = run(False, StateCame(b""), Considered(0, (), False), Merged(), sealed, PartSent(False), PartSent(True))
    assert effects[-3:] == [Upload(b"g" * 8, 256, parts), Upload(b"g" * 8, 256, parts), Commit(BODY)]


@pytest.mark.parametrize("where", ["fetch", "upload", "commit"])
def test_a_conflict_begins_again_at_ask_with_nothing_kept(where: str) -> None:
    to_fetch = (StateCame(b""), Considered(2, tuple(range(3000)), False), BoxesCame((b"old",) * 2048))
    before: dict[str, tuple[Event, ...]] = {
        "fetch": to_fetch,
        "upload": (*TO_SEALED, Sealed(BODY, b"g" * 8, 256, [(0, b"")], more=True)),
        "commit": (*TO_SEALED, Sealed(BODY, more=True)),
    }
    session, effects = run(True, *before[where], ConflictCame())
    assert effects[-1] == Ask()
    assert session == Session(State.ASKED, conflicts=1)


def test_after_eight_conflicts_in_a_round_the_session_gives_up() -> None:
    once: tuple[Event, ...] = (*TO_SEALED, TOLD, ConflictCame())
    session, effects = run(True, *once * CONFLICTS_MOST)
    assert CONFLICTS_MOST == 8
    assert (session.state, effects[-1]) == (State.ASKED, Ask())
    session, effects = run(True, *once * (CONFLICTS_MOST + 1))
    assert (session.state, effects[-1]) == (State.IDLE, GiveUp(busy=True))


def test_conflicts_of_a_round_that_came_through_are_not_held_against_the_next() -> None:
    won = (*TO_SEALED, Sealed(BODY, more=True), CommitCame(b""), Confirmed())
    lost = (*TO_SEALED, TOLD, ConflictCame())
    session, _ = run(True, *lost * CONFLICTS_MOST, *won, *lost * CONFLICTS_MOST)
    assert session.state is State.ASKED


# -- endings


def test_a_notice_is_obeyed_and_nothing_else_follows() -> None:
    session, effects = run(True, RemovedCame(b"notice"))
    assert effects == [Ask(), Remove(b"notice")]
    for event in EVENTS:
        if not isinstance(event, Failed):
            with pytest.raises(OutOfOrder):
                step(session, event)
    assert step(session, Failed()) == (Session(), GiveUp())


@given(st.lists(st.sampled_from(EVENTS), max_size=40), st.booleans())
def test_whatever_happened_a_failure_keeps_nothing_and_the_next_session_is_a_new_one(
    events: list[Any], shaped: bool
) -> None:
    session, _ = step(Session(), Begin(shaped))
    for event in events:
        try:
            session, _ = step(session, event)
        except OutOfOrder:
            continue
    if session.state is not State.IDLE:
        session, effect = step(session, Failed())
        assert effect == GiveUp()
        assert (session.unfetched, session.boxes, session.sealed) == ((), (), Sealed(None))
    assert step(session, Begin(True)) == (Session(State.ASKED), Ask())
