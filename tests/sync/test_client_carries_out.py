"""The client carries out what the engine says, in its order, and nothing else (docs/spec/sync-protocol.md section 6).

The vault and the server here only write down what is asked of them; real ones run in test_sync_machine.py.

Seen to fail: a part sealed only after the one before was sent; a commit that does not wait for the last part; an error
of a part that is not told; an upload that outlives its conflict; fetched boxes whose number is not looked at.
"""

from collections.abc import Iterable, Iterator, Sequence
from threading import Event as Flag
from threading import Thread
from typing import NamedTuple

import pytest

from sync import engine, errors, protocol
from sync.client import Session, Side, Wire
from sync.engine import Considered, Effect, State

BOX = bytes(protocol.SLOT_BOX)


class Told(Exception):
    """Raised by the vault here, as a refusal would be."""


class Telling(NamedTuple):
    """What a vault has to tell: a commit, with a new generation in `parts`."""

    generation: bytes = bytes(8)
    parts: Iterable[tuple[int, bytes]] | None = None
    head: bytes | None = bytes(protocol.HEAD)
    nonce: bytes = bytes(protocol.NONCE)
    pages: tuple[tuple[int, bytes], ...] = ((0, bytes(protocol.PAGE_BOX)),)
    slots: tuple[tuple[int, bytes], ...] = ((7, BOX), (9, BOX))
    pool: int = 256
    more: bool = False


class Paper:
    """A vault that writes down what it is asked, and answers from what a test put into it."""

    def __init__(self, shaped: bool = True) -> None:
        self.shaped = shaped
        self.said: list[object] = []
        self.verdicts = [Considered(1, (), False)]
        self.sealed = [Telling()]
        self.report = "report"

    def ask(self) -> protocol.StateAsked:
        self.said.append("ask")
        return protocol.StateAsked(bytes(16), bytes(8), ())

    def consider(self, answer: protocol.StateAnswer) -> Considered:
        self.said.append(("consider", answer.month))
        return self.verdicts.pop(0) if len(self.verdicts) > 1 else self.verdicts[0]

    def merge(self, boxes: Sequence[bytes]) -> None:
        self.said.append(("merge", len(boxes)))

    def seal(self) -> Telling:
        self.said.append("seal")
        return self.sealed.pop(0) if len(self.sealed) > 1 else self.sealed[0]

    def confirm(self, month: int, signature: bytes) -> None:
        self.said.append(("confirm", month))

    def gone(self) -> Sequence[tuple[bytes, bytes]]:
        return ()

    def removed(self, notice: bytes) -> None:
        self.said.append(("removed", notice))
        raise Told


class Post:
    """A server that writes down what comes; `failing` says at which request it raises what."""

    def __init__(self, failing: dict[str, Exception] | None = None) -> None:
        self.came: list[object] = []
        self.failing = failing or {}
        self.box_count: int | None = None
        self.answers = {
            "state": protocol.encode_state_answer(protocol.StateAnswer(322, bytes(64), 322, (), None, ())),
            "commit": protocol.encode_held(323, bytes(64)),
        }

    def _take(self, kind: str, *what: object) -> None:
        self.came.append((kind, *what) if what else kind)
        if kind in self.failing:
            raise self.failing[kind]

    def state(self, body: bytes) -> bytes:
        protocol.decode_state_asked(body)
        self._take("state")
        return self.answers["state"]

    def fetch(self, body: bytes) -> bytes:
        _, slots = protocol.decode_fetch(body)
        self._take("fetch", len(slots))
        return BOX * (len(slots) if self.box_count is None else self.box_count)

    def commit(self, body: bytes) -> bytes:
        asked = protocol.decode_commit(body)
        self._take("commit", *(number for number, _ in asked.slots))
        return self.answers["commit"]

    def upload(self, generation: bytes, pool: int, start: int, boxes: bytes) -> None:
        self._take("upload", start, len(boxes) // protocol.SLOT_BOX)

    def remove_device(self, device: bytes, notice: bytes) -> None:
        self._take("remove", device)


def test_a_session_runs_from_ask_to_report() -> None:
    side, wire = Paper(), Post()
    side.verdicts = [Considered(7, tuple(range(2050)), False)]
    session = Session(side, wire)
    assert session.run() == "report"
    assert side.said == ["ask", ("consider", 322), ("merge", 2050), "seal", ("confirm", 323)]
    assert wire.came == ["state", ("fetch", 2048), ("fetch", 2), ("commit", 7, 9)]
    assert session.state is State.IDLE


def test_stop_hears_of_every_effect_before_it_is_carried_out() -> None:
    side, wire, heard = Paper(), Post(), list[Effect]()
    Session(side, wire).run(heard.append)
    assert [type(effect).__name__ for effect in heard] == [
        "Ask",
        "Consider",
        "Fetch",
        "Merge",
        "Seal",
        "Commit",
        "Confirm",
        "Finish",
    ]


@pytest.mark.parametrize("at", range(8))
def test_a_session_that_was_stopped_carries_out_nothing_more(at: int) -> None:
    side, wire, heard = Paper(), Post(), list[Effect]()

    def stop(effect: Effect) -> None:
        heard.append(effect)
        if len(heard) > at:
            raise Told

    with pytest.raises(Told):
        Session(side, wire).run(stop)
    assert len(side.said) + len(wire.came) - side.said.count("ask") == at
    assert len(heard) == at + 1


@pytest.mark.parametrize("kind", ["state", "fetch", "commit"])
def test_an_error_of_the_transport_passes_through_and_ends_the_session(kind: str) -> None:
    for error in (errors.ServerOutOfReach(), errors.NotKnown(), errors.ServerNewer()):
        session = Session(Paper(), Post({kind: error}))
        with pytest.raises(type(error)):
            session.run()
        assert session.state is State.IDLE


@pytest.mark.parametrize("kind", ["state", "fetch", "commit"])
def test_a_notice_goes_to_the_vault_whatever_it_is_the_answer_to(kind: str) -> None:
    side = Paper()
    with pytest.raises(Told):
        Session(side, Post({kind: errors.DeviceRemoved(b"notice")})).run()
    assert side.said[-1] == ("removed", b"notice")


@pytest.mark.parametrize("kind", ["state", "fetch", "commit"])
def test_a_server_that_always_says_conflict_is_busy(kind: str) -> None:
    wire = Post({kind: errors.Conflict()})
    with pytest.raises(errors.ServerBusy):
        Session(Paper(), wire).run()
    assert wire.came.count("state") == engine.CONFLICTS_MOST + 1


@pytest.mark.parametrize("count", [0, 2, 4])
def test_another_number_of_boxes_than_was_asked_for_is_no_answer(count: int) -> None:
    side, wire = Paper(), Post()
    side.verdicts, wire.box_count = [Considered(1, (1, 2, 3), False)], count
    with pytest.raises(errors.ServerAnswersWrong):
        Session(side, wire).run()
    assert side.said[-1] == ("consider", 322)


@pytest.mark.parametrize("kind", ["state", "commit"])
def test_what_is_not_an_answer_never_reaches_the_vault(kind: str) -> None:
    for change in (lambda raw: raw[:-1], lambda raw: raw + b"x", lambda _: b""):
        side, wire = Paper(), Post()
        wire.answers[kind] = change(wire.answers[kind])
        with pytest.raises(errors.ServerAnswersWrong):
            Session(side, wire).run()
        assert side.said[-1] == ("ask" if kind == "state" else "seal")


def test_with_nothing_to_tell_nothing_is_committed() -> None:
    side, wire = Paper(shaped=False), Post()
    side.sealed = [Telling(head=None)]
    assert Session(side, wire).run() == "report"
    assert wire.came == ["state"]


# -- whole generations


class Generation:
    """Parts of a generation that tell when each was sealed."""

    def __init__(self, parts: int) -> None:
        self.flags = [Flag() for _ in range(parts + 1)]
        self.closed = False

    def __iter__(self) -> Iterator[tuple[int, bytes]]:
        for number, flag in enumerate(self.flags[:-1]):
            flag.set()
            yield number * 128, BOX * 128
        self.flags[-1].set()


def uploading(parts: Iterable[tuple[int, bytes]]) -> Paper:
    side = Paper()
    side.sealed = [Telling(b"g" * 8, parts)]
    return side


def test_a_part_is_sealed_while_the_one_before_is_sent() -> None:
    parts, seen = Generation(2), list[bool]()

    class Slow(Post):
        def upload(self, generation: bytes, pool: int, start: int, boxes: bytes) -> None:
            # a server that takes its time: until the next part is there
            seen.append(parts.flags[start // 128 + 1].wait(timeout=30))
            super().upload(generation, pool, start, boxes)

    wire, told = Slow(), list[tuple[int, int]]()
    Session(uploading(parts), wire, lambda done, total: told.append((done, total))).run()
    assert seen == [True, True]
    assert wire.came == ["state", ("fetch", 0), ("upload", 0, 128), ("upload", 128, 128), ("commit", 7, 9)]
    assert told == [(0, 256), (128, 256), (256, 256)]


@pytest.mark.parametrize("number", [0, 1])
def test_a_part_that_fails_is_told_and_nothing_is_committed(number: int) -> None:
    class Failing(Post):
        def upload(self, generation: bytes, pool: int, start: int, boxes: bytes) -> None:
            super().upload(generation, pool, start, boxes)
            if start == number * 128:
                raise errors.ServerFull

    wire = Failing()
    with pytest.raises(errors.ServerFull):
        Session(uploading(Generation(2)), wire).run()
    assert ("commit", 7, 9) not in wire.came
    assert wire.came[-1] == ("upload", number * 128, 128)


def test_after_a_conflict_about_a_part_the_next_generation_is_sent_whole() -> None:
    class Once(Post):
        def upload(self, generation: bytes, pool: int, start: int, boxes: bytes) -> None:
            super().upload(generation, pool, start, boxes)
            if generation == b"g" * 8:
                raise errors.Conflict

    side, wire = uploading(Generation(2)), Once()
    side.sealed.append(Telling(b"h" * 8, Generation(2)))
    assert Session(side, wire).run() == "report"
    assert wire.came[-5:] == ["state", ("fetch", 0), ("upload", 0, 128), ("upload", 128, 128), ("commit", 7, 9)]


def test_without_a_thread_to_be_had_the_parts_go_one_after_the_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def none_left(self: Thread) -> None:
        raise RuntimeError("can't start new thread")

    wire = Post()
    monkeypatch.setattr(Thread, "start", none_left)
    Session(uploading(Generation(3)), wire).run()
    assert wire.came[-4:] == [("upload", 0, 128), ("upload", 128, 128), ("upload", 256, 128), ("commit", 7, 9)]


def test_a_session_that_ends_while_a_part_is_on_its_way_waits_for_it() -> None:
    # a transport has one connection: nothing of an old session may still use it
    go, seen = Flag(), list[int]()

    class Slow(Post):
        def upload(self, generation: bytes, pool: int, start: int, boxes: bytes) -> None:
            assert go.wait(timeout=30)
            seen.append(start)

    def broken() -> Iterator[tuple[int, bytes]]:
        yield 0, BOX
        go.set()
        raise Told

    with pytest.raises(Told):
        Session(uploading(broken()), Slow()).run()
    assert seen == [0]


def fits(side: Side, wire: Wire) -> None:
    """The paper ones are what the client expects, for the type checker."""
    Session(side, wire)


fits(Paper(), Post())
