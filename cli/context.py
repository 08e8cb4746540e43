"""What a command gets to work with: folders, clock, language, the person to ask, and the way into the vault."""

from __future__ import annotations

import sys

from cli import failures, words
from cli.i18n import _
from cli.output import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date, datetime
    from typing import Any

    from cli.ask import Ask
    from cli.factoring import AtTerminal
    from vault.service import AtHand, Paths, Vault

_STILL_SECONDS, _STEP_SECONDS = 0.5, 0.15
"""Seconds until something moves, and between two steps of it."""
_DOTS = 8
_TRIES = 3
"""Passphrases that a person at a terminal may try before the program ends."""


class Context:
    """One run of the program.

    `locked` and `plain` belong to the interactive vault: it threw its keys away and asks for the passphrase anew; it
    speaks in lines instead of on a full screen. `environ` is the environment, for what looks into it. `key_file` is the
    one that an option or the environment names. `tpm` is where the TPM is, if not where the platform has it.
    """

    def __init__(
        self,
        data: str,
        anchors: str,
        clock: Callable[[], date],
        ask: Ask,
        lang: str = "en",
        json: bool = False,
        yes: bool = False,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        self._now = now
        self.key_file: str | None = None
        self._holder: AtTerminal | None = None
        self._at_hand: AtHand | None = None
        self._folders = (data, anchors)
        self.clock = clock
        self.ask = ask
        self.lang = lang
        self.json = json
        self.yes = yes
        self.locked = False
        self.plain = False
        self.environ: Mapping[str, str] = {}
        self.tpm = ""

    def now(self) -> datetime:
        """The day and the time of the day; midnight where nobody said what time it is."""
        from datetime import datetime

        return self._now() if self._now else datetime.combine(self.clock(), datetime.min.time())

    @property
    def paths(self) -> Paths:
        """The folders as the core takes them. Imports the core."""
        from vault.service import Paths

        return Paths(*self._folders, self.tpm) if self.tpm else Paths(*self._folders)

    def open_vault(
        self,
        quiet: bool = False,
        asks_about_clock: bool = False,
        destroy_due: bool = True,
        meanwhile: Callable[[], object] | None = None,
    ) -> Vault:
        """The opened vault, after asking for the passphrase and, where one is needed, the second factor; a person may
        try three times.

        What happened at the unlock (expired notes, a strange clock) is told on stderr unless `quiet`; a clock in doubt
        isn't when the caller asks about it anyway. Without `destroy_due` what is due is only hidden. `meanwhile` is
        done on the other core while the first key derivation runs. Raises Refused, NoVault, VaultBusy, and what
        vault.service.open_vault raises.
        """
        from vault import service
        from vault.errors import SecurityKeyFailed, WrongSecret
        from vault.harden import harden

        harden()
        # before anybody types a passphrase for nothing
        service.check_free(self.paths)
        secret: str | None = None
        beside_it = [meanwhile] if meanwhile else []
        for left in reversed(range(_TRIES)):
            secret = self.ask.passphrase() if secret is None else secret
            wait = Wait(_("Opening the vault…"), show=not self.json, still=self.plain)
            try:
                vault = self._unlocked(secret, wait, beside_it, destroy_due)
            except (WrongSecret, SecurityKeyFailed) as error:
                if not self.ask.by_hand or not left or not self._may_try_again(error):
                    raise
                wait.end()
                tell(failures.explain(error)[2])
                # whoever only did not touch the key need not type the passphrase once more
                secret = None if isinstance(error, WrongSecret) else secret
                continue
            finally:
                wait.end()
            if not quiet:
                report(vault, asks_about_clock)
                tell_inbox(vault)
            return vault
        raise WrongSecret

    def _unlocked(self, secret: str, wait: Wait, beside_it: list[Callable[[], object]], destroy_due: bool) -> Vault:
        from vault import service

        def began() -> None:
            wait.begin()
            if beside_it:
                beside(beside_it.pop())

        return service.open_vault(
            self.paths,
            secret,
            clock=self.clock,
            on_stretch=began,
            destroy_due=destroy_due,
            factors=self.second_factors,
        )

    def second_factors(self, methods: Sequence[Any]) -> Mapping[bytes, bytes]:
        """Asks for the second factors of these unlock methods (vault.service.methods.Factors)."""
        from vault.service import AtHand

        if self._holder is None or self._at_hand is None:
            from cli.factoring import AtTerminal

            self._holder = AtTerminal(self.key_file, still=self.plain)
            self._at_hand = AtHand(self._holder)
        return self._at_hand(methods)

    def _may_try_again(self, error: Exception) -> bool:
        if self._holder is None:
            return True
        from cli.factoring import AGAIN

        self._holder.forget_file()
        return getattr(error, "reason", AGAIN[0]) in AGAIN

    def found_key_file(self) -> str | None:
        """The key file that the vault was opened with, if it was one."""
        return self._holder.key_file() if self._holder is not None else self.key_file

    def init_vault(self) -> Vault:
        """A new vault, open: a person on a screen is asked how, else it has the settings that most people need.

        Raises Refused and the core's errors.
        """
        from cli.commands.init import hand_over, make
        from cli.periods import DEFAULT, period
        from cli.shell.firstrun import first_run, fits
        from vault.harden import harden

        harden()
        if fits(self):
            return first_run(self)
        keep = period(self, DEFAULT)
        tell(_("There is no vault here yet. You make one now."))
        vault, code = make(self, keep, "normal")
        hand_over(self, code)
        return vault


def beside(work: Callable[[], object]) -> None:
    """Begins `work` in a thread of its own. What goes wrong in it must go wrong again where its result is needed."""
    from contextlib import suppress
    from threading import Thread

    def quietly() -> None:
        with suppress(Exception):
            work()

    with suppress(RuntimeError):
        Thread(target=quietly, daemon=True).start()


class Wait:
    """A word on the terminal while the key derivation runs; it leaves nothing behind, and a pipe never sees it.

    After half a second dots move behind it, unless `still`: a screen reader would read each of them.
    """

    def __init__(self, text: str, show: bool = True, still: bool = False) -> None:
        self._text = text
        self._show = show and sys.stderr.isatty()
        self._still = still
        self._shown = False
        self._stop: Callable[[], None] = lambda: None

    def begin(self) -> None:
        """Shows the text, unless it is shown already."""
        if not self._show or self._shown:
            return
        self._shown = True
        self._write(self._text)
        if not self._still:
            self._move()

    def _move(self) -> None:
        """The derivation lets go of the interpreter's lock, so a thread can draw meanwhile."""
        from threading import Event, Thread

        ended = Event()

        def draw() -> None:
            step = 0
            patience = _STILL_SECONDS
            while not ended.wait(patience):
                at, patience = step % (_DOTS + 1), _STEP_SECONDS
                self._write(f"\r{self._text} {'▪' * at}{'·' * (_DOTS - at)}")
                step += 1

        thread = Thread(target=draw, daemon=True)

        def stop() -> None:
            ended.set()
            if thread.ident is not None:
                thread.join()

        self._stop = stop
        try:
            thread.start()
        except RuntimeError:
            # no thread to be had: the word alone has to do
            pass

    def end(self) -> None:
        """Takes the text away. May be called twice."""
        if self._shown:
            self._shown = False
            self._stop()
            self._write("\r\x1b[K")

    @staticmethod
    def _write(text: str) -> None:
        sys.stderr.write(text)
        sys.stderr.flush()


def report(vault: Vault, asks_about_clock: bool = False) -> None:
    """Tells on stderr what the unlock did and what is strange about the clock."""
    from cli.clockcheck import tell_clock

    if vault.expired_at_open:
        tell(words.expired(vault.expired_at_open))
    if vault.moment().sure or not asks_about_clock:
        tell_clock(vault)
    for line in unfinished(vault):
        tell(line)


def unfinished(vault: Vault) -> Iterator[str]:
    """What was begun for a client and broken off, one sentence each; of a copy once, of a receipt until it is out."""
    for each in vault.unfinished():
        yield words.copy_broken_off(each.notes) if each.is_copy else words.receipt_waiting(each.notes)
        if each.is_copy:
            forget(vault)
    if complete := vault.complete_receipts():
        yield words.receipts_complete(complete)


def tell_inbox(vault: Vault) -> None:
    """Tells on stderr what waits in the inbox, in one line."""
    if told := words.inbox(*vault.inbox_at_open):
        tell(told + " " + _("Take it in with: ongemerkt inbox"))


def forget(vault: Vault) -> None:
    """Takes out what was told of a copy; a disk that does not let it tells it once more."""
    from vault.errors import ResidueLeft, StorageFailed

    try:
        vault.forget_unfinished_copy()
    except (StorageFailed, ResidueLeft):
        return
