"""The interactive vault: what `ongemerkt` without a command opens, on a full screen or in plain lines."""

from __future__ import annotations

import os
import sys
from importlib import import_module

from cli.shell.relock import HUNG_UP, LOCKED, start_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

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
    vault = _open(context, lambda: import_module("cli.shell.desk"))
    try:
        from cli.shell.desk import Desk

        desk = Desk(vault, context.lang, now=context.now)
        try:
            code = desk.run()
        finally:
            desk.regular.stop()
        left = _left_behind(vault, code)
    finally:
        vault.close()
    return _ended(code, left)


def _plain(context: Context) -> int:
    vault = _open(context, lambda: import_module("cli.shell.plainly"))
    try:
        from cli.shell.plainly import run_plainly

        code = run_plainly(vault, context.lang, context.now)
        left = _left_behind(vault, code)
    finally:
        vault.close()
    return _ended(code, left)


def _left_behind(vault: Vault, code: int) -> str:
    """What whoever leaves is told: that not everything is on the server yet (lesson 14)."""
    if code or not vault.enrolled:
        return ""
    from cli.synced import unsynced_line

    status = vault.sync_status()
    return unsynced_line() if status is not None and (status.unsynced or not status.version) else ""


def _ended(code: int, left: str) -> int:
    if code == HUNG_UP:
        _let_go_of_terminal()
    elif left:
        from cli.output import tell

        tell(left)
    return code


def _open(context: Context, meanwhile: Callable[[], object]) -> Vault:
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
            vault = context.open_vault(quiet=True, meanwhile=meanwhile)
            _remember_key_file(context.found_key_file())
            return vault
        except BaseException:
            screen.first_screen()
            raise


def _remember_key_file(path: str | None) -> None:
    """For the fresh process that a lock starts: it asks for the passphrase anew, but not where the key file is."""
    from cli.places import KEY_FILE

    if path:
        os.environ[KEY_FILE] = path


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
