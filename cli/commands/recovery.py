"""`ongemerkt recovery rehearse`: could you go on without this computer? Tried for real, and nothing is written."""

from __future__ import annotations

from cli import failures, kitcode, output
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service.restoring import Examined

USAGE = N_("rehearse --place DIR [--kit FILE] [BACKUPDIR…]")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to rehearse with."""
    parser.add_argument("action", metavar="rehearse", choices=("rehearse",), help=_("open everything, write nothing"))
    kitcode.add_options(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Rehearses, and says what it means. Raises Refused and the core's errors."""
    from cli.progress import Bar
    from vault.harden import harden
    from vault.months import month_of
    from vault.service.restoring import examine, open_backups

    if not arguments.place:
        # which sticks a vault has is sealed in it, and this opens no vault
        sentence = _(
            "Plug in your recovery stick and say where it is: --place DIR. If you have none, make one: ongemerkt place"
            " add DIR"
        )
        raise failures.bad_input("PlaceNotGiven", sentence)
    harden()
    with (
        kitcode.opened_place(context, arguments.place, arguments.kit) as place,
        open_backups(place.state, arguments.backups) as backups,
    ):
        with Bar(_("Opening every note…"), show=not context.json) as bar:
            found = examine(place.state, backups, month_of(context.clock()), bar)
        folder = place.folder
    if context.json:
        output.document(
            {
                "place": folder,
                "notes": found.notes,
                "due": found.due,
                "mended": found.mended,
                "damaged": found.damaged,
                "registers": found.registers,
                "recoverable": found.whole,
            }
        )
    else:
        for line in _lines(folder, found, with_backups=bool(arguments.backups)):
            output.prose(line)
    return failures.DONE if found.whole else failures.DAMAGED


def _lines(folder: str, found: Examined, *, with_backups: bool) -> list[str]:
    from cli.commands.restore import register_lost

    name = output.harmless(folder)
    opened = found.notes - found.damaged
    lines = [
        ngettext(
            "With this and the stick in {name}, {n} note opens.",
            "With this and the stick in {name}, {n} notes open.",
            opened,
        ).format(n=opened, name=name)
    ]
    if found.mended:
        lines.append(
            ngettext(
                "{n} of them only with the backup: the stick has lost it. Take a new stick.",
                "{n} of them only with the backup: the stick has lost them. Take a new stick.",
                found.mended,
            ).format(n=found.mended)
        )
    if found.damaged:
        lines.append(
            ngettext(
                "{n} note does not open: it would be lost.", "{n} notes do not open: they would be lost.", found.damaged
            ).format(n=found.damaged)
        )
    if found.registers:
        lines.append(register_lost())
    if not found.whole:
        if not with_backups:
            lines.append(_("A backup may have what the stick has lost: name its folder as well."))
        lines.append(_("You could not go on whole on a new computer today. Refresh the stick, or take a new one."))
        return lines
    lines += [
        _("You could go on on a new computer today: ongemerkt restore --place DIR"),
        _("What you wrote since the last refresh is not on it: ongemerkt place refresh {name}").format(name=name),
        _("Nothing was written, here or on the stick."),
    ]
    return lines
