"""`ongemerkt init`: makes a vault and hands over its recovery kit."""

from __future__ import annotations

import os
import sys

from cli import failures, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cli.context import Context
    from cli.kit import KitFile
    from vault.months import Period
    from vault.service import Vault

USAGE = N_("[--keep 6m] [--kit FILE] [--cost fast | normal | high]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """How long notes stay, where the kit goes, how heavy the key derivation is."""
    parser.add_argument("--keep", metavar=_("PERIOD"), help=_("how long a note is kept at most, if you say nothing"))
    parser.add_argument("--kit", metavar=_("FILE"), help=_("write the recovery kit to this new file, to print it"))
    parser.add_argument(
        "--cost",
        choices=("fast", "normal", "high"),
        default="normal",
        help=_("how much work a guess at the passphrase costs"),
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Makes the vault. Raises Refused and the core's errors; then there is no vault."""
    from cli.kit import KitFile
    from cli.periods import DEFAULT, optional, period
    from cli.shell.firstrun import first_run, fits
    from vault import service
    from vault.errors import VaultExists
    from vault.harden import harden

    harden()
    asked = optional(context, arguments.keep)
    if service.exists(context.paths):
        raise VaultExists
    folder = context.paths.data
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise failures.bad_input("NotAFolder", _("{name} is not a folder.").format(name=output.harmless(folder)))
    if arguments.kit is None and fits(context):
        first_run(context, cost=arguments.cost, keep=asked, opens=False).close()
        output.tell(_("Your vault is made: {folder}").format(folder=output.harmless(folder)))
        return failures.DONE
    keep = asked or period(context, DEFAULT)
    kit = None if arguments.kit is None else KitFile(arguments.kit)
    try:
        vault, code = make(context, keep, arguments.cost)
    except BaseException:
        if kit is not None:
            kit.discard()
        raise
    with vault:
        hand_over(context, code, kit, arguments.kit or "")
    return failures.DONE


def make(context: Context, keep: Period, cost: str) -> tuple[Vault, str]:
    """The new vault, open, and its recovery code. Raises Refused and the core's errors; then there is no vault."""
    from vault import service

    def create(passphrase: str, sure: bool) -> tuple[Vault, str]:
        return service.create_vault(
            context.paths, passphrase, cost=cost, keep=keep, clock=context.clock, clock_confirmed=sure
        )

    return made(context, create)


def made(context: Context, create: Callable[[str, bool], tuple[Vault, str]]) -> tuple[Vault, str]:
    """What `create` makes with a passphrase that the person chooses, and whether the clock was confirmed.

    Raises Refused and what `create` raises.
    """
    from cli.clockcheck import confirmed
    from cli.context import Wait
    from vault.errors import ClockUnsure

    if context.ask.by_hand:
        output.tell(_("Choose a passphrase: four or more words that do not belong together. Nobody can reset it."))
    passphrase = context.ask.new_passphrase()
    sure = False
    while True:
        wait = Wait(_("Making the vault…"), show=not context.json)
        wait.begin()
        try:
            return create(passphrase, sure)
        except ClockUnsure as unsure:
            wait.end()
            if sure or not confirmed(context, unsure.months_ahead):
                raise failures.not_confirmed(_("Then set the clock right first. There is no vault yet.")) from None
            sure = True
        finally:
            wait.end()


def hand_over(context: Context, code: str, kit: KitFile | None = None, kit_name: str = "") -> None:
    """Gives the recovery code to the person in the one way that fits. Raises OSError when the kit can't be written."""
    content = handed_over(context, code, kit, kit_name)
    if context.json:
        output.document(content)


def handed_over(context: Context, code: str, kit: KitFile | None, kit_name: str) -> dict[str, object]:
    """The same but for the document of a --json run, whose fields it gives."""
    folder = context.paths.data
    content: dict[str, object] = {"vault": folder}
    output.tell(_("Your vault is made: {folder}").format(folder=folder))
    if kit is not None:
        _write_kit(kit, code)
        content["kit"] = kit_name
        output.tell(_("The recovery kit is in {name}. Print it, then delete the file.").format(name=kit_name))
    elif context.json:
        content["recovery_code"] = code
        output.tell(_("The recovery code is in the answer. It was not tested."))
    elif context.yes or not context.ask.has_terminal or not sys.stdout.isatty():
        output.answer(code)
        output.tell(_("This recovery code is shown only once, and it was not tested. Write it down on paper."))
    else:
        _tested(code)
    return content


def _write_kit(kit: KitFile, code: str) -> None:
    try:
        kit.write(code)
    except OSError:
        output.tell(_("The kit could not be written. Write this recovery code down now; it is shown only once:"))
        output.tell("    " + code)
        raise


def _tested(code: str) -> None:
    from cli.kit import show_and_test
    from vault.service import same_recovery_code

    if show_and_test(code, same_recovery_code):
        output.tell(_("That is right. Keep the paper safe; the code is never shown again."))
    else:
        output.answer(code)
        output.tell(_("This recovery code is shown only once, and it was not tested. Write it down on paper."))
