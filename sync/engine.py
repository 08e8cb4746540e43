"""A session as a state machine (docs/spec/sync-protocol.md sections 6.1 and 6.4). Pure: events in, one effect out.

The law:

1. One effect at a time, and each only after the one before is durable: what a kill between two leaves behind is a
   session that was never begun, and the next one begins at *ask*.
2. Nothing is merged before it was considered, nothing sealed before the merge, nothing committed before the seal,
   nothing put in force before the server's receipt.
3. A shaped session asks, fetches and commits, always, whether or not there is anything to say. Only one that is not
   shaped ends early when nothing is new, and leaves out a fetch of nothing.
4. A conflict begins again at *ask*, so that what the other device wrote is merged first; after CONFLICTS_MOST of them
   in one round the session gives up.
5. A refusal ends the session, and so does everything else that fails, with nothing kept. Nothing is tried again here:
   the next session begins at *ask*, and is refused for the same reason.
"""

from collections.abc import Callable, Iterable
from enum import Enum
from typing import Any, NamedTuple, TypeAlias

from sync import protocol

CONFLICTS_MOST = 8
"""So often in one round another device may have been first: an account has no more than 12."""


class OutOfOrder(Exception):
    """An event that the present state does not wait for: a fault in the program, never the server's doing."""


# -- what happens


class Begin(NamedTuple):
    """A session is to be run."""

    shaped: bool


class StateCame(NamedTuple):
    """The answer to a state request."""

    answer: bytes


class Considered(NamedTuple):
    """The answer was verified: the head's version (0 for an account without one), the slots whose boxes are wanted, and
    whether nothing is new here or there."""

    version: int
    wanted: tuple[int, ...]
    quiet: bool


class BoxesCame(NamedTuple):
    """The boxes of one fetch, in the order in which they were asked for."""

    boxes: tuple[bytes, ...]


class Merged(NamedTuple):
    """What was fetched is part of the vault, durably."""


class Sealed(NamedTuple):
    """What there is to tell: a commit's body, None if there is nothing. `parts` are (first slot, boxes) of a new
    generation with so many slots (`pool`), to be uploaded before. `more`: what found no room takes another round."""

    commit: bytes | None
    generation: bytes = bytes(protocol.GENERATION)
    pool: int = 0
    parts: Iterable[tuple[int, bytes]] | None = None
    more: bool = False


class PartSent(NamedTuple):
    """A part of a new generation is on its way; with `last`, the server has acknowledged all of them."""

    last: bool


class CommitCame(NamedTuple):
    """The server's receipt for the commit, not verified yet."""

    answer: bytes


class ConflictCame(NamedTuple):
    """The server holds another version than the one that was spoken of."""


class Confirmed(NamedTuple):
    """The receipt was right, and the new receive key is in force, durably."""


class RemovedCame(NamedTuple):
    """Instead of an answer the server sent a notice that this device was removed; not verified yet."""

    notice: bytes


class Failed(NamedTuple):
    """An effect ended in an error: what came was refused, the server was out of reach, or something failed here."""


Event: TypeAlias = (
    Begin
    | StateCame
    | Considered
    | BoxesCame
    | Merged
    | Sealed
    | PartSent
    | CommitCame
    | ConflictCame
    | Confirmed
    | RemovedCame
    | Failed
)


# -- what is to be done


class Ask(NamedTuple):
    """Request the state."""


class Consider(NamedTuple):
    """Verify the answer; nothing is written."""

    answer: bytes


class Fetch(NamedTuple):
    """Request boxes, at most protocol.SLOTS_MOST."""

    version: int
    slots: tuple[int, ...]


class Merge(NamedTuple):
    """Make it part of the vault."""

    boxes: tuple[bytes, ...]


class Seal(NamedTuple):
    """Prepare what there is to tell."""


class Upload(NamedTuple):
    """Send the next part of a new generation."""

    generation: bytes
    pool: int
    parts: Iterable[tuple[int, bytes]]


class Commit(NamedTuple):
    """Send the commit."""

    body: bytes


class Confirm(NamedTuple):
    """Verify the receipt, and put in force what was prepared."""

    answer: bytes


class Remove(NamedTuple):
    """Verify the notice, and do what it says."""

    notice: bytes


class Finish(NamedTuple):
    """The session is over and all is well."""


class GiveUp(NamedTuple):
    """The session is over, and nothing of an unfinished step is kept. `busy`: other devices were always first; else it
    is as the error says."""

    busy: bool = False


Effect: TypeAlias = Ask | Consider | Fetch | Merge | Seal | Upload | Commit | Confirm | Remove | Finish | GiveUp


class State(Enum):
    """What the session waits for."""

    IDLE = "nothing: none runs"
    ASKED = "the answer to a state request"
    CONSIDERED = "the verdict on it"
    FETCHED = "boxes"
    MERGED = "the local commit of a merge"
    SEALED = "what there is to tell"
    UPLOADING = "the server to take a part"
    COMMITTED = "the server's receipt"
    CONFIRMED = "the local commit that puts in force what the server confirmed"
    REMOVED = "what becomes of a removed device"


class If(Enum):
    """When a way is taken; the first whose condition holds is. What each says of session and event stands below."""

    ALWAYS = "in any case"
    QUIET = "nothing is new, and the session is not shaped"
    UNWANTED = "no slot is wanted, and the session is not shaped or there is no head to fetch from"
    UNFETCHED = "slots are left to be fetched"
    SILENT = "nothing to tell, and the session is not shaped"
    PARTS = "a whole generation goes before the commit"
    TOLD = "something to tell"
    LAST = "the last part was acknowledged"
    MORE = "another round is needed"
    TOO_OFTEN = "more than CONFLICTS_MOST conflicts in this round"


class Way(NamedTuple):
    """Under which condition, to which state, by which effect."""

    when: If
    to: State
    by: type[Effect]


_AGAIN = (Way(If.TOO_OFTEN, State.IDLE, GiveUp), Way(If.ALWAYS, State.ASKED, Ask))
_OFF = (Way(If.ALWAYS, State.REMOVED, Remove),)
_END = (Way(If.ALWAYS, State.IDLE, GiveUp),)

TABLE: dict[tuple[State, type[Event]], tuple[Way, ...]] = {
    (State.IDLE, Begin): (Way(If.ALWAYS, State.ASKED, Ask),),
    (State.ASKED, StateCame): (Way(If.ALWAYS, State.CONSIDERED, Consider),),
    (State.CONSIDERED, Considered): (
        Way(If.QUIET, State.IDLE, Finish),
        Way(If.UNWANTED, State.MERGED, Merge),
        Way(If.ALWAYS, State.FETCHED, Fetch),
    ),
    (State.FETCHED, BoxesCame): (
        Way(If.UNFETCHED, State.FETCHED, Fetch),
        Way(If.ALWAYS, State.MERGED, Merge),
    ),
    (State.MERGED, Merged): (Way(If.ALWAYS, State.SEALED, Seal),),
    (State.SEALED, Sealed): (
        Way(If.SILENT, State.IDLE, Finish),
        Way(If.PARTS, State.UPLOADING, Upload),
        Way(If.TOLD, State.COMMITTED, Commit),
    ),
    (State.UPLOADING, PartSent): (
        Way(If.LAST, State.COMMITTED, Commit),
        Way(If.ALWAYS, State.UPLOADING, Upload),
    ),
    (State.COMMITTED, CommitCame): (Way(If.ALWAYS, State.CONFIRMED, Confirm),),
    (State.CONFIRMED, Confirmed): (
        Way(If.MORE, State.ASKED, Ask),
        Way(If.ALWAYS, State.IDLE, Finish),
    ),
    # another device was first; an answer that makes no sense to a state request is heard as often as one that does
    (State.ASKED, ConflictCame): _AGAIN,
    (State.FETCHED, ConflictCame): _AGAIN,
    (State.UPLOADING, ConflictCame): _AGAIN,
    (State.COMMITTED, ConflictCame): _AGAIN,
    # the answer to any request may be that this device was removed
    (State.ASKED, RemovedCame): _OFF,
    (State.FETCHED, RemovedCame): _OFF,
    (State.UPLOADING, RemovedCame): _OFF,
    (State.COMMITTED, RemovedCame): _OFF,
    # any effect may fail, and obeying a notice always ends in an error that says so
    **{(state, Failed): _END for state in State if state is not State.IDLE},
}


class Session(NamedTuple):
    """A session between two steps: what it waits for, and what it carries along."""

    state: State = State.IDLE
    shaped: bool = True
    conflicts: int = 0
    version: int = 0
    unfetched: tuple[tuple[int, ...], ...] = ()
    boxes: tuple[bytes, ...] = ()
    sealed: Sealed = Sealed(None)
    more: bool = False


_CONDITIONS: dict[If, Callable[[Session, Any], bool]] = {
    If.ALWAYS: lambda _, __: True,
    If.QUIET: lambda session, considered: considered.quiet and not session.shaped,
    If.UNWANTED: lambda session, considered: not considered.wanted and not (session.shaped and session.version),
    If.UNFETCHED: lambda session, _: bool(session.unfetched),
    If.SILENT: lambda session, sealed: sealed.commit is None and not session.shaped,
    If.PARTS: lambda _, sealed: sealed.commit is not None and sealed.parts is not None,
    If.TOLD: lambda _, sealed: sealed.commit is not None,
    If.LAST: lambda _, sent: sent.last,
    If.MORE: lambda session, _: session.more,
    If.TOO_OFTEN: lambda session, _: session.conflicts > CONFLICTS_MOST,
}

_EFFECTS: dict[type[Effect], Callable[[Session, Any], Effect]] = {
    Ask: lambda _, __: Ask(),
    Consider: lambda _, came: Consider(came.answer),
    Fetch: lambda session, _: Fetch(session.version, session.unfetched[0]),
    Merge: lambda session, _: Merge(session.boxes),
    Seal: lambda _, __: Seal(),
    Upload: lambda session, _: Upload(session.sealed.generation, session.sealed.pool, session.sealed.parts or ()),
    Commit: lambda session, _: Commit(session.sealed.commit or b""),
    Confirm: lambda _, came: Confirm(came.answer),
    Remove: lambda _, came: Remove(came.notice),
    Finish: lambda _, __: Finish(),
    GiveUp: lambda _, why: GiveUp(busy=isinstance(why, ConflictCame)),
}


def step(session: Session, event: Event) -> tuple[Session, Effect]:
    """The session after an event, and what is to be done now. Raises OutOfOrder."""
    session = _with(session, event) if (session.state, type(event)) in TABLE else session
    for way in TABLE.get((session.state, type(event)), ()):
        if _CONDITIONS[way.when](session, event):
            return _without(session, way), _EFFECTS[way.by](session, event)
    raise OutOfOrder


def _with(session: Session, event: Event) -> Session:
    """The session with what the event brought."""
    match event:
        case Begin():
            return Session(session.state, event.shaped)
        case Considered():
            cuts = range(0, len(event.wanted), protocol.SLOTS_MOST)
            fetches = tuple(event.wanted[at : at + protocol.SLOTS_MOST] for at in cuts)
            return session._replace(version=event.version, unfetched=fetches or ((),))
        case BoxesCame():
            return session._replace(boxes=session.boxes + event.boxes)
        case Sealed():
            return session._replace(sealed=event, more=event.more)
        case ConflictCame():
            return session._replace(conflicts=session.conflicts + 1)
        case Confirmed():
            return session._replace(conflicts=0)
    return session


def _without(session: Session, way: Way) -> Session:
    """The session in its next state, without what it carries no further."""
    if way.to is State.FETCHED:
        return session._replace(state=way.to, unfetched=session.unfetched[1:])
    if way.to in (State.UPLOADING, State.COMMITTED):
        return session._replace(state=way.to)
    return Session(way.to, session.shaped, session.conflicts, more=way.to is State.CONFIRMED and session.more)
