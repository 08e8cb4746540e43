"""The first run at a terminal: when it is a wizard on the whole screen, and what comes of it."""

from __future__ import annotations

import os
import sys

from cli import failures, output
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.context import Context
    from sync.codes import Pairing, Paper
    from vault.months import Period
    from vault.service import Vault


def fits(context: Context) -> bool:
    """Whether a person at a terminal that can show a screen is there to be asked."""
    shows = sys.stdin.isatty() and sys.stdout.isatty() and os.environ.get("TERM", "") not in ("", "dumb", "unknown")
    return shows and context.ask.by_hand and not (context.plain or context.json or context.yes)


def first_run(
    context: Context,
    *,
    cost: str = "normal",
    keep: Period | None = None,
    opens: bool = True,
    pairing: Pairing | Paper | None = None,
    rule: str = "",
) -> Vault:
    """The new vault, open. With `keep` the time that notes stay is not asked; `opens` says what Enter does in the end.

    With `pairing` it is that of a device that joins; `rule` says where the server may stand.

    Raises Refused when the person left or the process was told to end, StorageFailed before anything is asked when
    nothing can be written, and the core's errors.
    """
    _check_writable(context.paths.data)
    from cli.shell.wizard import Wanted, Wizard

    wizard = Wizard(Wanted(context.paths, context.clock, context.lang, cost, keep, opens, pairing, rule))
    code = wizard.run()
    if code == 0 and wizard.vault is not None:
        return wizard.vault
    made = wizard.vault is not None
    if wizard.vault is not None:
        wizard.vault.close()
    folder = output.harmless(context.paths.data)
    told = _("Your vault is made: {folder}").format(folder=folder) if made else _("There is no vault yet.")
    raise failures.Refused(code, "Interrupted", told)


def _check_writable(folder: str) -> None:
    """Whether the folder, or the nearest one above it that exists, can be written: two minutes later is too late."""
    from vault.errors import StorageFailed

    place = os.path.abspath(folder)
    while not os.path.lexists(place) and os.path.dirname(place) != place:
        place = os.path.dirname(place)
    if not os.path.isdir(place):
        name = output.harmless(place)
        raise failures.bad_input("NotAFolder", _("{name} is not a folder.").format(name=name))
    if not os.access(place, os.W_OK | os.X_OK):
        raise StorageFailed(read_only=True)
