"""The first run: a few questions with an answer ready for each, then the vault is made.

Nothing is written before everything is answered. Whoever leaves, is cut off or is killed on the way leaves nothing
behind; and a vault that is made has a recovery code that was copied and tested.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import DynamicContainer

from cli.failures import INTERRUPTED
from cli.shell import asked, frame, recovering
from cli.shell.screen import Screen
from cli.shell.steps import BACK, Step, Working
from cli.shell.watch import ticking
from vault import service, spoken
from vault.errors import ClockUnsure, MemoryRefused, ServerMisbehaved, StorageFailed, VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.joining import Taking
    from sync.codes import Pairing, Paper
    from vault.months import Period
    from vault.service import Clock, Paths, Vault

_Worked = TypeVar("_Worked")
WORDS = 5
"""Words of a generated passphrase: 55 bits, which Argon2id makes dear to guess."""
_IDLE = 300.0
"""Seconds without a key after which the screen is covered: passphrase and code stand on it."""
_BEAT = 0.1
"""Seconds between two moves of the mark while the vault is being made."""


class Wanted(NamedTuple):
    """How the vault is to be made. Without `keep` it is asked; `opens` says what Enter does in the end.

    With `pairing` it joins what another device has; `rule` says where that server may stand.
    """

    paths: Paths
    clock: Clock
    lang: str
    cost: str = "normal"
    keep: Period | None = None
    opens: bool = True
    pairing: Pairing | Paper | None = None
    rule: str = ""


class Wizard(Screen):
    """Asks, makes the vault and shows how to go on. `run` gives an exit code; `vault` is open after 0."""

    def __init__(self, wanted: Wanted, *, idle_seconds: float = _IDLE, clock: Callable[[], float] = ticking) -> None:
        self.vault: Vault | None = None
        self._wanted = wanted
        self._words = self._drawn()
        self._own = False
        self._passphrase = ""
        self._code = service.new_recovery_code()
        self._keep = wanted.keep
        self._policy = asked.POLICIES[0]
        self._sure = False
        self._begins = asked.JOINS if wanted.pairing is not None else asked.NEW
        self._stick = self._secret = ""
        self._taking: Taking | None = None
        self._unfilled = ""
        self._making: Future[Any] | None = None
        self._stopped: int | None = None
        self._step: Step | None = None
        super().__init__(
            DynamicContainer(lambda: self._step.container if self._step else self._cover_window),
            idle_seconds=idle_seconds,
            clock=clock,
        )

    @property
    def _joins(self) -> bool:
        return self._begins is asked.JOINS

    def _drawn(self) -> list[str]:
        return spoken.phrase(self._wanted.lang, WORDS, os.urandom)

    # -- the frame

    def _keys(self) -> KeyBindings:
        keys = super()._keys()

        @keys.add("c-c")
        @keys.add("<sigint>")
        def _(_event: KeyPressEvent) -> None:
            self.leave(INTERRUPTED)

        return keys

    def start(self) -> None:
        super().start()
        self.app.create_background_task(self._ask_all())
        self.app.create_background_task(self._read_lists())

    async def _read_lists(self) -> None:
        """What the later steps need, while the first is being read. What goes wrong here goes wrong there again."""
        with suppress(Exception):
            await asyncio.get_running_loop().run_in_executor(None, asked.read_lists)

    def leave(self, code: int) -> None:
        """Ends the wizard, but not in the middle of making the vault: it is made whole or not at all."""
        if self._making is not None and not self._making.done():
            self._stopped = code
        else:
            frame.end(self.app, code)

    def stop(self, number: int) -> None:
        """Ends the wizard because of a signal."""
        self.leave(128 + number)

    async def show(self) -> int:
        try:
            return await super().show()
        finally:
            # the terminal may be gone while the vault was being made; then it is there, and nobody needs it open
            if self._making is not None and self.vault is None:
                with suppress(Exception):
                    made = self._making.result()
                    # a restore gives the vault and what became of the stick
                    (made[0] if isinstance(made, tuple) else made).close()

    async def _answer(self, step: Step) -> object:
        self._step = step
        if self.covered:
            self._under = step.control
        else:
            self.app.layout.focus(step.control)
        self.app.invalidate()
        return await step.answer

    # -- the questions

    async def _ask_all(self) -> None:
        at = 0
        while at < len(questions := self._questions()):
            at = at + 1 if await questions[at]() else max(0, at - 1)
        if self._begins is asked.RESTORES:
            last = recovering.done(self._wanted.opens, self._unfilled)
        else:
            last = asked.done(self._wanted.opens, self._unfilled)
        await self._answer(last)
        frame.end(self.app, 0)

    def _questions(self) -> list[Callable[[], Awaitable[bool]]]:
        """What is asked, one after another. A vault that joins has the settings of the other devices."""
        first = [] if self._wanted.pairing else [self._welcome]
        if self._begins is asked.RESTORES:
            return [*first, self._stick_typed, self._secret_typed, self._looked, self._restored]
        joining = [self._pairing_typed] if self._joins and not self._wanted.pairing else []
        chosen = [] if self._joins else [self._keep_chosen, self._guard_chosen]
        if self._wanted.keep is not None:
            chosen = chosen[1:]
        opening = [self._passphrase_chosen, self._passphrase_again, self._code_shown, self._code_tested]
        return [*first, *joining, *opening, *chosen, self._made]

    async def _welcome(self) -> bool:
        self._begins = await self._answer(asked.welcome(self._begins))
        return True

    async def _pairing_typed(self) -> bool:
        found = await self._answer(asked.pairing())
        if found is not BACK:
            self._taking = self._taking_of(found)  # type: ignore[arg-type]
        return found is not BACK

    # -- from a recovery stick

    async def _stick_typed(self) -> bool:
        typed = await self._answer(recovering.folder())
        self._stick = "" if typed is BACK else str(typed)
        return typed is not BACK

    async def _secret_typed(self) -> bool:
        typed = await self._answer(recovering.secret())
        self._secret = "" if typed is BACK else str(typed)
        return typed is not BACK

    async def _looked(self) -> bool:
        """Opens the stick and tells what is on it. False when it does not open, or the person goes back."""
        seen = await self._worked(lambda: recovering.look(self._stick, self._secret, self._wanted.clock))
        return seen is not None and await self._answer(recovering.found(seen.lines)) is not BACK

    async def _restored(self) -> bool:
        wanted = self._wanted
        made = await self._worked(lambda: recovering.restore(wanted.paths, self._stick, self._secret, wanted.clock))
        if made is not None:
            self.vault, self._unfilled = made
        return made is not None

    async def _worked(self, work: Callable[[], _Worked]) -> _Worked | None:
        """What `work` makes in a thread of its own. None when it can't and the person goes back."""
        while True:
            working = recovering.working()
            doing = [asyncio.ensure_future(self._answer(working)), asyncio.ensure_future(self._beat(working))]
            try:
                return await self._in_thread(work)
            except VaultError as error:
                question = recovering.not_opened(frame.sentence(error))
            finally:
                for task in doing:
                    task.cancel()
                if self._stopped is not None:
                    frame.end(self.app, self._stopped)
            if await self._answer(question) is BACK:
                return None

    async def _in_thread(self, work: Callable[[], _Worked]) -> _Worked:
        maker = ThreadPoolExecutor(1)
        self._making = making = maker.submit(work)
        maker.shutdown(wait=False)
        return await asyncio.shield(asyncio.wrap_future(making))

    def _taking_of(self, pairing: Pairing | Paper) -> Taking:
        from cli.joining import Taking
        from cli.synced import RULES

        return Taking(pairing, self._wanted.rule or RULES[0])

    async def _passphrase_chosen(self) -> bool:
        while not self._own:
            chosen = await self._answer(asked.generated(self._words))
            if chosen is asked.OTHERS:
                self._words = self._drawn()
            elif chosen is asked.OWN:
                self._own = True
            else:
                self._passphrase = " ".join(self._words)
                return chosen is not BACK
        typed = await self._answer(asked.own_passphrase())
        if typed is BACK:
            self._own = False
            return await self._passphrase_chosen()
        self._passphrase = str(typed)
        return True

    async def _passphrase_again(self) -> bool:
        words = () if self._own else self._words
        return await self._answer(asked.once_more(self._passphrase, words)) is not BACK

    async def _code_shown(self) -> bool:
        return await self._answer(asked.code_shown(self._code)) is not BACK

    async def _code_tested(self) -> bool:
        return await self._answer(asked.code_tested(self._code)) is not BACK

    async def _keep_chosen(self) -> bool:
        chosen = await self._answer(asked.keep(self._wanted.clock, self._keep))
        if chosen is not BACK:
            self._keep = chosen  # type: ignore[assignment]
        return chosen is not BACK

    async def _guard_chosen(self) -> bool:
        chosen = await self._answer(asked.guard(self._policy))
        if chosen is not BACK:
            self._policy = str(chosen)
        return chosen is not BACK

    # -- making it

    async def _made(self) -> bool:
        """Makes the vault. False when it can't be made and the person goes back."""
        while True:
            working = asked.working(self._joins)
            doing = [asyncio.ensure_future(self._answer(working)), asyncio.ensure_future(self._beat(working))]
            unsure = False
            try:
                await self._make()
                return True
            except ClockUnsure as error:
                unsure, question = True, asked.clock_unsure(error.months_ahead)
            except (StorageFailed, MemoryRefused, ServerMisbehaved) as error:
                question = asked.not_made(frame.sentence(error))
            except Exception as error:
                if not self._joins or type(error).__module__ != "sync.errors":
                    raise
                question = asked.not_made(frame.sentence(error))
            finally:
                for task in doing:
                    task.cancel()
                if self._stopped is not None:
                    frame.end(self.app, self._stopped)
            if await self._answer(question) is BACK:
                return False
            self._sure = self._sure or unsure

    async def _make(self) -> None:
        self.vault = await self._in_thread(self._joined_maker() if self._joins else self._maker())

    def _maker(self) -> Callable[[], Vault]:
        wanted = self._wanted
        assert self._keep is not None
        keep, sure = self._keep, self._sure

        def make() -> Vault:
            return service.create_vault(
                wanted.paths,
                self._passphrase,
                keep=keep,
                clock=wanted.clock,
                cost=wanted.cost,
                clock_confirmed=sure,
                code=self._code,
                guard=self._policy,
            )[0]

        return make

    def _joined_maker(self) -> Callable[[], Vault]:
        """Takes the offer, makes the vault and fills it; a vault that can't be filled yet is a vault all the same."""
        from cli.joining import filled
        from vault.months import month_of
        from vault.service.joining import join_vault

        wanted, sure = self._wanted, self._sure
        if self._taking is None:
            assert wanted.pairing is not None
            self._taking = self._taking_of(wanted.pairing)
        taking = self._taking

        def make() -> Vault:
            joining = taking(month_of(wanted.clock()))
            vault = join_vault(
                wanted.paths,
                self._passphrase,
                joining,
                clock=wanted.clock,
                cost=wanted.cost,
                clock_confirmed=sure,
                code=self._code,
            )[0]
            why, _report = filled(vault, lambda _done, _all: None)
            self._unfilled = frame.sentence(why) if why else ""
            return vault

        return make

    async def _beat(self, working: Working) -> None:
        while True:
            await asyncio.sleep(_BEAT)
            working.beat()
            self.app.invalidate()
