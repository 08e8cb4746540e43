"""A session with the server beside the open vault: nothing ever waits for it.

Requests go out in a thread of their own. What the vault has to do between them is done where the vault is used, in the
main thread, a moment at a time. As soon as anything else is done with the vault the session is given up, since what it
knew holds no more; it begins anew later, from its start, as after any break (docs/spec/sync-protocol.md section 6.1).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError, Future
from threading import Thread
from typing import Any, TypeVar

TYPE_CHECKING = False
if TYPE_CHECKING:
    from sync.protocol import StateAnswer
    from sync.transport import Transport
    from vault.service import Vault
    from vault.service.session import Asked, Considered, Report, Sealed, Session

Result = TypeVar("Result")
Call = Callable[[Callable[[], None]], None]
"""Has something done in the main thread, later. Raises RuntimeError when there is no later."""


class GivenUp(Exception):
    """Something else was done with the vault meanwhile, or the vault is being closed."""


class Beside:
    """One shaped session. Made, stopped and told of its end in the main thread."""

    def __init__(
        self,
        vault: Vault,
        day: int,
        *,
        call: Call,
        still: Callable[[], bool],
        ended: Callable[[Report | Exception], None],
    ) -> None:
        """Begins. `still` says whether nothing else was done with the vault; `ended` gets what came of it.

        Raises what vault.sync_session raises.
        """
        self._vault = vault
        self._side = vault.sync_session(shaped=True, day=day)
        self._server = vault.server()
        self._month = vault.moment().now
        self._call, self._still, self._ended = call, still, ended
        self._wire: Transport | None = None
        self._waiting: Future[Any] | None = None
        self._stopped = False
        self._thread = Thread(target=self._run, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """The vault is not touched any more, and nothing is told."""
        self._stopped = True
        wire, waiting = self._wire, self._waiting
        if wire is not None:
            wire.close()
        if waiting is not None:
            waiting.cancel()

    # -- in the thread

    def _run(self) -> None:
        outcome: Report | Exception
        try:
            outcome = self._session()
        except Exception as error:  # noqa: BLE001 (told in the main thread, as every error there)
            outcome = error
        try:
            self._call(lambda: self._end(outcome))
        except RuntimeError:
            # nobody is left to tell it to
            return

    def _session(self) -> Report:
        from cli.syncing import rule_of
        from sync.client import Session as Client
        from sync.transport import Transport

        side, server = self._side, self._server
        wire = Transport(server.url, server.pin, rule_of(server.rule), side.device_id, side.sign, self._month)
        self._wire = wire
        if self._stopped:
            raise GivenUp
        try:
            Client(_Steps(side, self._step), wire).run()
            return side.report
        finally:
            wire.close()

    def _step(self, step: Callable[[], Result]) -> Result:
        """Has a step of the vault done in the main thread. Raises GivenUp, and what the step raises."""
        done: Future[Result] = Future()
        self._waiting = done
        # `stop` sets its mark first and looks for what waits afterwards: one of the two sees the other
        if self._stopped:
            raise GivenUp

        def work() -> None:
            if not done.set_running_or_notify_cancel():
                return
            try:
                if self._stopped or not self._still():
                    raise GivenUp
                done.set_result(step())
            except BaseException as error:  # noqa: BLE001 (raised again in the thread that waits)
                done.set_exception(error)

        try:
            self._call(work)
            return done.result()
        except (RuntimeError, CancelledError):
            raise GivenUp from None

    # -- in the main thread

    def _end(self, outcome: Report | Exception) -> None:
        if self._stopped:
            return
        self._vault.end_session(self._side)
        self._ended(outcome)


class _Steps:
    """The vault's side of a session (sync.client.Side), each step of it done elsewhere."""

    def __init__(self, side: Session, step: Callable[[Callable[[], Any]], Any]) -> None:
        self._side, self._step = side, step
        self.shaped = side.shaped

    @property
    def report(self) -> Report:
        return self._side.report

    def ask(self) -> Asked:
        asked: Asked = self._step(self._side.ask)
        return asked

    def consider(self, answer: StateAnswer) -> Considered:
        considered: Considered = self._step(lambda: self._side.consider(answer))
        return considered

    def merge(self, boxes: Sequence[bytes]) -> None:
        self._step(lambda: self._side.merge(boxes))

    def seal(self) -> Sealed:
        sealed: Sealed = self._step(self._side.seal)
        return sealed if sealed.parts is None else sealed._replace(parts=self._sealed_one_by_one(sealed.parts))

    def _sealed_one_by_one(self, parts: Iterable[tuple[int, bytes]]) -> Iterator[tuple[int, bytes]]:
        left = iter(parts)
        while (part := self._step(lambda: next(left, None))) is not None:
            yield part

    def confirm(self, month: int, signature: bytes) -> None:
        self._step(lambda: self._side.confirm(month, signature))

    def gone(self) -> list[tuple[bytes, bytes]]:
        gone: list[tuple[bytes, bytes]] = self._step(self._side.gone)
        return gone

    def removed(self, notice: bytes) -> None:
        self._step(lambda: self._side.removed(notice))
