"""`ongemerkt passphrase change`: another passphrase; the recovery code stays as it is."""

from __future__ import annotations

from cli import failures, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context

USAGE = N_("change [--cost fast | normal | high]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and how heavy the new key derivation is."""
    parser.add_argument("action", metavar="change", choices=("change",), help=_("ask the old one, then the new one"))
    parser.add_argument(
        "--cost",
        choices=("fast", "normal", "high"),
        help=_("how much work a guess at the passphrase costs; never less than before"),
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Changes the passphrase. Raises Refused and the core's errors."""
    from cli import sticks
    from cli.context import Wait

    with context.open_vault() as vault:
        new = context.ask.new_passphrase(line=2)
        wait = Wait(_("Sealing the vault with the new passphrase…"), show=not context.json)
        wait.begin()
        try:
            vault.change_passphrase(new, arguments.cost)
        finally:
            wait.end()
        lines, followed = sticks.follow_unlocking(vault)
    if context.json:
        output.document({"changed": True})
    output.tell(_("The new passphrase holds from now on; the old one opens nothing any more."))
    for line in lines:
        output.tell(line)
    return failures.DONE if followed else failures.RESIDUE
