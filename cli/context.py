"""What a command gets to work with: folders, clock, language, the person to ask, and the way into the vault."""

from __future__ import annotations

import sys

from cli import failures, words
from cli.i18n import _
from cli.output import tell

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from cli.ask import Ask
    from vault.service import Paths, Vault

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
    ) -> None:
        self._folders = (data, anchors)
        self.clock = clock
        self.ask = ask
        self.lang = lang
        self.json = json
        self.yes = yes
        self.locked = False
        self.plain = False

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
            wait = Wait(_("Opening the vault…"), show=not self.json)

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
        """A new vault with the settings that most people need, open. Raises Refused and the core's errors."""
        from cli.commands.init import hand_over, make
        from cli.periods import DEFAULT, period
        from vault.harden import harden

        harden()
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
    """A word on the terminal while the key derivation runs; it leaves nothing behind, and a pipe never sees it."""

    def __init__(self, text: str, show: bool = True) -> None:
        self._text = text
        self._show = show and sys.stderr.isatty()
        self._shown = False

    def begin(self) -> None:
        """Shows the text."""
        if self._show:
            self._shown = True
            sys.stderr.write(self._text)
            sys.stderr.flush()

    def end(self) -> None:
        """Takes the text away. May be called twice."""
        if self._shown:
            self._shown = False
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def report(vault: Vault, asks_about_clock: bool = False) -> None:
    """Tells on stderr what the unlock did and what is strange about the clock."""
    from cli.clockcheck import tell_clock

    if vault.expired_at_open:
        tell(words.expired(vault.expired_at_open))
    if vault.moment().sure or not asks_about_clock:
        tell_clock(vault)
