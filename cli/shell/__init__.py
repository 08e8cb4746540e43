"""The vault on the screen: what `ongemerkt` without a command opens."""

from __future__ import annotations

import os
import sys

from cli.shell.relock import HUNG_UP, LOCKED, start_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.context import Context
    from cli.shell.desk import Desk
    from vault.service import Vault

__all__ = ["LOCKED", "run", "start_again"]


def run(context: Context) -> int:
    """Opens the vault (makes one first if there is none) and shows it. An exit code, or LOCKED.

    Raises Refused without a terminal that can show a screen, and whatever opening the vault raises.
    """
    _check_terminal()
    desk = _desk(context)
    try:
        code = desk.run()
    finally:
        desk.vault.close()
    if code == HUNG_UP:
        _let_go_of_terminal()
    return code


def _desk(context: Context) -> Desk:
    """The desk on the open vault. The passphrase is asked on the second screen, so that the first is left as it was."""
    from cli.i18n import _
    from cli.terminal import Terminal
    from vault.service import exists

    if not exists(context.paths):
        return _on(context.init_vault(), context.lang)
    with Terminal() as screen:
        screen.other_screen()
        try:
            if context.locked:
                screen.show(_("The vault is locked.") + "\n\n")
            return _on(context.open_vault(quiet=True), context.lang)
        except BaseException:
            screen.first_screen()
            raise


def _on(vault: Vault, lang: str) -> Desk:
    try:
        from cli.shell.desk import Desk

        return Desk(vault, lang)
    except BaseException:
        vault.close()
        raise


def _let_go_of_terminal() -> None:
    """What could not be written to a terminal that is gone must not fail once more at the end."""
    nothing = os.open(os.devnull, os.O_WRONLY)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(nothing, stream.fileno())
    os.close(nothing)


def _check_terminal() -> None:
    from cli.failures import NOT_ALLOWED, Refused
    from cli.i18n import _

    shows = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("dumb", "unknown")
    if not shows:
        sentence = _("The vault on the screen needs a terminal. See ongemerkt --help for the commands.")
        raise Refused(NOT_ALLOWED, "NoWayToAsk", sentence)
