"""The secret that opens a place: the recovery code from the kit, or what is typed. And opening places with it."""

from __future__ import annotations

from contextlib import contextmanager

from cli import failures, output
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator, Sequence

    from cli.context import Context
    from vault.service.restoring import Closed, Opened

_TRIES = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """Sticks, backups and the kit, as restoring and rehearsing take them."""
    parser.add_argument(
        "backups", metavar=_("BACKUPDIR"), nargs="*", help=_("folders with a backup, for what the stick has lost")
    )
    parser.add_argument(
        "--place",
        metavar=_("DIR"),
        action="append",
        default=[],
        help=_("the folder of a recovery stick; of several the newest is taken"),
    )
    parser.add_argument(
        "--kit", metavar=_("FILE"), help=_("take the recovery code from this file; - is the standard input")
    )


@contextmanager
def opened_place(context: Context, folders: Sequence[str], kit: str | None) -> Iterator[Opened]:
    """The newest of the recovery sticks in these folders, opened for reading only; who typed wrong may try again.

    Those that do not open beside it are told. Raises Refused and what vault.service.restoring.open_places raises.
    """
    from contextlib import ExitStack

    from cli.context import Wait
    from vault.errors import WrongSecret
    from vault.service.restoring import open_places

    with ExitStack() as stack:
        for left in reversed(range(_TRIES)):
            secret = _secret(context, kit)
            wait = Wait(_("Opening the stick…"), show=not context.json, still=context.plain)
            try:
                place, closed = stack.enter_context(open_places(folders, secret, wait.begin, context.second_factors))
            except WrongSecret:
                wait.end()
                if kit is not None or not context.ask.by_hand or not left:
                    raise
                output.tell(_("That does not fit this stick. Try again."))
                continue
            finally:
                wait.end()
            _tell_closed(closed)
            yield place
            return


def _tell_closed(closed: Sequence[Closed]) -> None:
    for each in closed:
        sentence = failures.explain(each.error)[2]
        output.tell(_("{name} was left out. {why}").format(name=output.harmless(each.given), why=sentence))


def _secret(context: Context, kit: str | None) -> str:
    """The recovery code in the kit file, or the passphrase or code that is given or typed. Raises Refused."""
    if kit is None:
        return context.ask.passphrase(_("Recovery code or passphrase: "))
    from cli.reading import note_text
    from vault.service import recovery_code_in

    code = recovery_code_in(note_text(context, kit))
    if code is None:
        sentence = _("There is no recovery code in that file: six groups of five letters and digits.")
        raise failures.Refused(failures.NOT_ALLOWED, "NoRecoveryCode", sentence)
    return code
