"""The client: runs a session's effects on a vault and a server (docs/spec/sync-protocol.md section 6).

It knows the vault by `Side` and the server by `Wire`, and decides nothing: the engine says what comes next, the vault
what is right. Errors of the vault pass through as they are.
"""

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from threading import Thread
from typing import Protocol, TypeVar

from sync import engine, errors, protocol
from sync.engine import Effect, Event, Sealed

T = TypeVar("T")
Progress = Callable[[int, int], None]
"""Hears how many slots of how many were sent."""


class Asked(Protocol):
    """What *ask* says: a nonce, the generation (zero if none) and the starts of the page hashes that the vault has."""

    @property
    def nonce(self) -> bytes:
        """16 random bytes."""

    @property
    def generation(self) -> bytes:
        """8 bytes."""

    @property
    def known(self) -> tuple[bytes, ...]:
        """Starts of page hashes, in order."""


class Verdict(Protocol):
    """What *consider* says, as engine.Considered."""

    @property
    def version(self) -> int:
        """The head's version, 0 for none."""

    @property
    def wanted(self) -> Sequence[int]:
        """Slot numbers, ascending."""

    @property
    def quiet(self) -> bool:
        """Nothing is new here or there."""


class ToTell(Protocol):
    """What *seal* says: the fields of a commit, or no head if there is nothing to tell; the rest as engine.Sealed."""

    @property
    def nonce(self) -> bytes:
        """16 random bytes."""

    @property
    def head(self) -> bytes | None:
        """1,153 bytes, or nothing to tell."""

    @property
    def pages(self) -> tuple[tuple[int, bytes], ...]:
        """Boxes by page number, ascending."""

    @property
    def slots(self) -> tuple[tuple[int, bytes], ...]:
        """Boxes by slot number, ascending."""

    @property
    def generation(self) -> bytes:
        """8 bytes."""

    @property
    def pool(self) -> int:
        """Slots of the generation."""

    @property
    def parts(self) -> Iterable[tuple[int, bytes]] | None:
        """First slot and boxes of each part of a new generation; None without one."""

    @property
    def more(self) -> bool:
        """Another round is needed."""


class Side(Protocol):
    """The vault's part of one session. Whatever it raises ends the session."""

    @property
    def shaped(self) -> bool:
        """Whether the session always has the same shape (section 6.3)."""

    @property
    def report(self) -> object:
        """What the session did, for whoever asked for it."""

    def ask(self) -> Asked:
        """What to ask for."""

    def consider(self, answer: protocol.StateAnswer) -> Verdict:
        """Verifies the whole answer (section 4.3) and says what is wanted of it. Writes nothing.

        Raises a refusal by its name.
        """

    def merge(self, boxes: Sequence[bytes]) -> None:
        """Makes what was considered, and these boxes of the wanted slots, part of the vault: one durable commit."""

    def seal(self) -> ToTell:
        """What there is to tell; the new receive key is durable before this returns."""

    def confirm(self, month: int, signature: bytes) -> None:
        """Verifies the receipt, puts in force what was sealed and destroys what it replaces, durably."""

    def gone(self) -> Sequence[tuple[bytes, bytes]]:
        """Devices (by id) that this one took out and that are still listed, with the notice for each."""

    def removed(self, notice: bytes) -> None:
        """Verifies the notice and does what it says. Always raises: what became of this device, or a refusal."""


class Wire(Protocol):
    """The requests that a session makes, as sync.transport.Transport makes them. Raises sync.errors."""

    def state(self, body: bytes) -> bytes:
        """Section 8.4: the answer."""

    def fetch(self, body: bytes) -> bytes:
        """Section 8.5: the boxes."""

    def commit(self, body: bytes) -> bytes:
        """Section 8.6: the receipt."""

    def upload(self, generation: bytes, pool: int, start: int, boxes: bytes) -> None:
        """Section 8.7: consecutive slots from `start` of a generation that is to come."""

    def remove_device(self, device: bytes, notice: bytes) -> None:
        """Section 8.8: the server lets the device in no more, and gives it the notice."""


class Session:
    """One session of one vault with its server."""

    def __init__(self, side: Side, wire: Wire, progress: Progress | None = None) -> None:
        """Nothing happens before `run`. `progress` hears of the upload of a whole generation."""
        self._side = side
        self._wire = wire
        self._progress = progress
        self._session = engine.Session()
        self._upload: _Upload | None = None

    @property
    def state(self) -> engine.State:
        """What the session waits for."""
        return self._session.state

    def run(self, stop: Callable[[Effect], None] | None = None) -> object:
        """From *ask* to the end; the vault's report of it.

        `stop` hears of each effect before it is carried out, and may end the session there by raising: what it leaves
        is what a kill between two effects leaves.

        Raises what the vault and the transport raise; of sync.errors ServerBusy also after too many conflicts.
        """
        effect = self._step(engine.Begin(self._side.shaped))
        try:
            while True:
                if stop is not None:
                    stop(effect)
                if isinstance(effect, engine.Finish):
                    self._name_those_gone()
                    return self._side.report
                if isinstance(effect, engine.GiveUp):
                    raise errors.ServerBusy
                effect = self._step(self._outcome(effect))
        finally:
            self._end_upload()

    def _name_those_gone(self) -> None:
        for device, notice in self._side.gone():
            # the session itself is done; whatever goes wrong here is repeated after the next one
            with suppress(errors.SyncError):
                self._wire.remove_device(device, notice)

    def _step(self, event: Event) -> Effect:
        self._session, effect = engine.step(self._session, event)
        return effect

    def _outcome(self, effect: Effect) -> Event:
        try:
            return self._carry_out(effect)
        except errors.Conflict:
            self._end_upload()
            return engine.ConflictCame()
        except errors.DeviceRemoved as removed:
            self._end_upload()
            return engine.RemovedCame(removed.notice)
        except Exception:
            self._step(engine.Failed())
            raise

    def _carry_out(self, effect: Effect) -> Event:
        side, wire = self._side, self._wire
        match effect:
            case engine.Ask():
                asked = side.ask()
                body = protocol.encode_state_asked(protocol.StateAsked(asked.nonce, asked.generation, asked.known))
                return engine.StateCame(wire.state(body))
            case engine.Consider(answer):
                verdict = side.consider(_read(protocol.decode_state_answer, answer))
                return engine.Considered(verdict.version, tuple(verdict.wanted), verdict.quiet)
            case engine.Fetch(version, slots):
                return engine.BoxesCame(_fetched(wire, version, slots))
            case engine.Merge(boxes):
                side.merge(boxes)
                return engine.Merged()
            case engine.Seal():
                return _sealed(side.seal())
            case engine.Upload():
                self._upload = self._upload or _Upload(wire, effect, self._progress)
                return engine.PartSent(last=self._upload.send_next())
            case engine.Commit(body):
                self._end_upload()
                return engine.CommitCame(wire.commit(body))
            case engine.Confirm(answer):
                side.confirm(*_read(protocol.decode_held, answer))
                return engine.Confirmed()
            case engine.Remove(notice):
                side.removed(notice)
        raise engine.OutOfOrder

    def _end_upload(self) -> None:
        upload, self._upload = self._upload, None
        if upload is not None:
            upload.end()


def _fetched(wire: Wire, version: int, slots: Sequence[int]) -> tuple[bytes, ...]:
    body = wire.fetch(protocol.encode_fetch(version, slots))
    return tuple(_read(lambda raw: protocol.boxes(raw, protocol.SLOT_BOX, len(slots)), body))


def _sealed(told: ToTell) -> Sealed:
    if told.head is None:
        return Sealed(None)
    body = protocol.encode_commit(protocol.CommitAsked(told.nonce, told.head, told.pages, told.slots))
    return Sealed(body, told.generation, told.pool, told.parts, told.more)


def _read(decode: Callable[[bytes], T], answer: bytes) -> T:
    try:
        return decode(answer)
    except protocol.Malformed:
        raise errors.ServerAnswersWrong from None


class _Upload:
    """Sends a generation part by part; while one is on its way in a thread, the vault seals the next in this one."""

    def __init__(self, wire: Wire, upload: engine.Upload, progress: Progress | None) -> None:
        self._wire = wire
        self._generation, self._pool = upload.generation, upload.pool
        self._parts = iter(upload.parts)
        self._progress = progress
        self._thread: Thread | None = None
        self._error: Exception | None = None
        self._sent = 0

    def send_next(self) -> bool:
        """Sends the next part, once the one before was taken; True when there is none and all were."""
        part = next(self._parts, None)
        self.end()
        if self._error is not None:
            raise self._error
        if self._progress is not None:
            self._progress(self._sent, self._pool)
        if part is None:
            return True
        self._thread = Thread(target=self._send, args=part)
        try:
            self._thread.start()
        except RuntimeError:
            # no thread to be had: then one after the other
            self._thread = None
            self._send(*part)
        return False

    def end(self) -> None:
        """Waits for the part that is on its way."""
        if self._thread is not None:
            self._thread.join()
            self._thread = None

    def _send(self, start: int, boxes: bytes) -> None:
        try:
            self._wire.upload(self._generation, self._pool, start, boxes)
            self._sent += len(boxes) // protocol.SLOT_BOX
        except Exception as error:  # noqa: BLE001 (raised again by `send_next`, in the thread that asked)
            self._error = error
