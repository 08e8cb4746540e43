"""The interactive vault: what `ongemerkt` without a command opens, on a full screen or in plain lines."""

from __future__ import annotations

import os
import sys

from cli.shell.relock import HUNG_UP, LOCKED, start_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from threading import Thread

    from cli.context import Context
    from vault.service import Vault

__all__ = ["LOCKED", "run", "start_again"]


def run(context: Context) -> int:
    """Opens the vault (makes one first if there is none) and shows it. An exit code, or LOCKED.

    Raises Refused without a terminal that can show it, and whatever opening the vault raises.
    """
    _check_terminal(context.plain)
    return _plain(context) if context.plain else _on_screen(context)


def _on_screen(context: Context) -> int:
    vault = _open(context, _Importing("cli.shell.desk").start)
    try:
        from cli.shell.desk import Desk

        code = Desk(vault, context.lang).run()
    finally:
        vault.close()
    if code == HUNG_UP:
        _let_go_of_terminal()
    return code


def _plain(context: Context) -> int:
    vault = _open(context, _Importing("cli.shell.plainly").start)
    try:
        from cli.shell.plainly import run_plainly

        code = run_plainly(vault, context.lang)
    finally:
        vault.close()
    if code == HUNG_UP:
        _let_go_of_terminal()
    return code


def _open(context: Context, meanwhile: Callable[[], None]) -> Vault:
    """The open vault. The passphrase is asked on the second screen, so that the first is left as it was."""
    from cli.i18n import _
    from cli.terminal import Terminal
    from vault.service import exists

    if not exists(context.paths):
        return context.init_vault()
    with Terminal() as screen:
        screen.other_screen()
        try:
            if context.locked:
                screen.show(_("The vault is locked.") + "\n\n")
            return context.open_vault(quiet=True, meanwhile=meanwhile)
        except BaseException:
            screen.first_screen()
            raise


class _Importing:
    """Imports a module in a thread of its own: it takes a fifth of a second, which the key derivation leaves free."""

    def __init__(self, name: str) -> None:
        self._name = name
        self._thread: Thread | None = None

    def start(self) -> None:
        """Begins, once."""
        from threading import Thread

        if self._thread is None:
            self._thread = Thread(target=self._import, daemon=True)
            try:
                self._thread.start()
            except RuntimeError:
                # no thread to be had: the import then takes its time where the module is needed
                pass

    def _import(self) -> None:
        from contextlib import suppress
        from importlib import import_module

        # what goes wrong here goes wrong again, and is told, where the module is needed
        with suppress(Exception):
            import_module(self._name)


def _let_go_of_terminal() -> None:
    """What could not be written to a terminal that is gone must not fail once more at the end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nothing, stream.fileno())
    os.close(nothing)


def _check_terminal(plain: bool) -> None:
    from cli.failures import NOT_ALLOWED, Refused
    from cli.i18n import _

    if not sys.stdin.isatty() or not sys.stdout.isatty():
        sentence = _("The vault on the screen needs a terminal. See ongemerkt --help for the commands.")
        raise Refused(NOT_ALLOWED, "NoWayToAsk", sentence)
    if not plain and os.environ.get("TERM", "") in ("dumb", "unknown"):
        sentence = _("This terminal can't show a full screen. Open the vault in plain lines: ongemerkt --plain")
        raise Refused(NOT_ALLOWED, "NoWayToAsk", sentence)
