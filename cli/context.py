"""What a command gets to work with: folders, clock, language, the person to ask, and the way into the vault."""

from __future__ import annotations

import sys

from cli import failures, words
from cli.i18n import _
from cli.output import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date, datetime

    from cli.ask import Ask
    from vault.service import Paths, Vault

_STILL_SECONDS, _STEP_SECONDS = 0.5, 0.15
"""Seconds until something moves, and between two steps of it."""
_DOTS = 8
_TRIES = 3
"""Passphrases that a person at a terminal may try before the program ends."""


class Context:
    """One run of the program.

    `locked` and `plain` belong to the interactive vault: it threw its keys away and asks for the passphrase anew; it
    speaks in lines instead of on a full screen.
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
        self._folders = (data, anchors)
        self.clock = clock
        self.ask = ask
        self.lang = lang
        self.json = json
        self.yes = yes
        self.locked = False
        self.plain = False

    def now(self) -> datetime:
        """The day and the time of the day; midnight where nobody said what time it is."""
        from datetime import datetime

        return self._now() if self._now else datetime.combine(self.clock(), datetime.min.time())

    @property
    def paths(self) -> Paths:
        """The folders as the core takes them. Imports the core."""
        from vault.service import Paths

        return Paths(*self._folders)

    def open_vault(
        self,
        quiet: bool = False,
        asks_about_clock: bool = False,
        destroy_due: bool = True,
        meanwhile: Callable[[], object] | None = None,
    ) -> Vault:
        """The opened vault, after asking for the passphrase; a person may try three times.

        What happened at the unlock (expired notes, a strange clock) is told on stderr unless `quiet`; a clock in doubt
        isn't when the caller asks about it anyway. Without `destroy_due` what is due is only hidden. `meanwhile` is
        done on the other core while the first key derivation runs. Raises Refused, NoVault, VaultBusy, and what
        vault.service.open_vault raises.
        """
        from vault import service
        from vault.errors import WrongSecret
        from vault.harden import harden

        harden()
        # before anybody types a passphrase for nothing
        service.check_free(self.paths)
        for left in reversed(range(_TRIES)):
            secret = self.ask.passphrase()
            wait = Wait(_("Opening the vault…"), show=not self.json, still=self.plain)

            def began(wait: Wait = wait) -> None:
                nonlocal meanwhile
                wait.begin()
                work, meanwhile = meanwhile, None
                if work is not None:
                    beside(work)

            try:
                vault = service.open_vault(
                    self.paths, secret, clock=self.clock, on_stretch=began, destroy_due=destroy_due
                )
            except WrongSecret:
                if not self.ask.by_hand or not left:
                    raise
                wait.end()
                tell(failures.explain(WrongSecret())[2])
                continue
            finally:
                wait.end()
            if not quiet:
                report(vault, asks_about_clock)
            return vault
        raise WrongSecret

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
        """Shows the text."""
        if not self._show:
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
    tell_unfinished(vault)


def tell_unfinished(vault: Vault) -> None:
    """Tells on stderr what was begun for a client and broken off; of a copy once, of a receipt until it is out."""
    for each in vault.unfinished():
        if each.is_copy:
            tell(words.copy_broken_off(each.notes))
            forget(vault)
        else:
            tell(words.receipt_waiting(each.notes))


def forget(vault: Vault) -> None:
    """Takes out what was told of a copy; a disk that does not let it tells it once more."""
    from vault.errors import ResidueLeft, StorageFailed

    try:
        vault.forget_unfinished_copy()
    except (StorageFailed, ResidueLeft):
        return
