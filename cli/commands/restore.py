"""`ongemerkt restore`: a vault on this computer from a recovery stick; and mending one that is there from a backup."""

from __future__ import annotations

import os

from cli import failures, kitcode, output
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.errors import VaultError
    from vault.service import Vault
    from vault.service.restoring import Examined, Opened

USAGE = N_("[BACKUPDIR…] --place DIR [--kit FILE] [--replace] | --mend BACKUPDIR…")


def arguments(parser: argparse.ArgumentParser) -> None:
    """From where, with which secret."""
    kitcode.add_options(parser)
    parser.add_argument(
        "--replace", action="store_true", help=_("give up another copy of this vault that is on this computer")
    )
    parser.add_argument(
        "--mend", action="store_true", help=_("put back into the vault that is here what can't be read in it")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Restores. Raises Refused and the core's errors; then there is no vault."""
    if arguments.mend:
        return _mend(context, arguments)
    from vault import service
    from vault.harden import harden

    if not arguments.place:
        sentence = _("Say where your recovery stick is: --place DIR. A backup alone holds no keys and opens nothing.")
        raise failures.bad_input("PlaceNotGiven", sentence)
    harden()
    folder = context.paths.data
    if service.exists(context.paths):
        sentence = _("There is a vault here already. If it opens no more, move its folder aside: {folder}")
        sentence = sentence.format(folder=output.harmless(folder))
        raise failures.Refused(failures.NO_VAULT, "VaultExists", sentence)
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise failures.bad_input("NotAFolder", _("{name} is not a folder.").format(name=output.harmless(folder)))
    return _restore(context, arguments)


def _restore(context: Context, arguments: argparse.Namespace) -> int:
    from cli.context import report
    from cli.progress import Bar
    from vault.errors import AnchorInUse
    from vault.months import month_of
    from vault.service.restoring import anchor_in_use, examine, open_backups, restore_vault

    with kitcode.opened_place(context, arguments.place, arguments.kit) as place:
        if not arguments.replace and anchor_in_use(context.paths, place.state.vault_id):
            raise AnchorInUse
        with open_backups(place.state, arguments.backups) as backups:
            with Bar(_("Opening every note…"), show=not context.json) as bar:
                found = examine(place.state, backups, month_of(context.clock()), bar)
            for line in before(place, found):
                output.tell(line)
            if not context.ask.confirm(_("Restore it into {name}?").format(name=output.harmless(context.paths.data))):
                raise failures.not_confirmed(_("Nothing was restored. There is no vault here yet."))
            with Bar(_("Writing the vault…"), show=not context.json) as bar:
                vault = restore_vault(
                    context.paths, place, found.boxes, clock=context.clock, replace=arguments.replace, progress=bar
                )
        stick = place.folder
    with vault:
        report(vault)
        why = refreshed(vault, stick)
    return _told(context, found, stick, why)


def before(place: Opened, found: Examined) -> list[str]:
    """What has to be known before anything is written."""
    lines = [
        ngettext("The stick in {name} holds {n} note.", "The stick in {name} holds {n} notes.", found.notes).format(
            n=found.notes, name=output.harmless(place.folder)
        ),
        _("What you wrote or changed after its last refresh is not on it and does not come back."),
        _("What you destroyed after its last refresh is still on it: destroy it again."),
        _("If you synced: that does not come back by itself. You join or enrol anew afterwards."),
    ]
    if found.due:
        lines.append(
            ngettext(
                "The time of {n} of them is up: it is destroyed when the vault opens.",
                "The time of {n} of them is up: they are destroyed when the vault opens.",
                found.due,
            ).format(n=found.due)
        )
    return lines + damage(found)


def damage(found: Examined) -> list[str]:
    """What the stick has lost, and what backups have of it."""
    lines = []
    if found.mended:
        lines.append(
            ngettext(
                "{n} note is damaged on the stick and was found whole in a backup.",
                "{n} notes are damaged on the stick and were found whole in a backup.",
                found.mended,
            ).format(n=found.mended)
        )
    if found.damaged:
        lines.append(
            ngettext(
                "{n} note is damaged on the stick and opens nowhere. A backup may have it: restore --mend BACKUPDIR",
                "{n} notes are damaged on the stick and open nowhere. A backup may have them: restore --mend BACKUPDIR",
                found.damaged,
            ).format(n=found.damaged)
        )
    if found.registers:
        lines.append(register_lost())
    return lines


def register_lost() -> str:
    """One of the coach's registers opens nowhere."""
    return _("Your register of breaches is damaged and opens nowhere.")


def refreshed(vault: Vault, stick: str) -> VaultError | None:
    """Makes the stick one of the new vault, so that no older copy takes it any more; what kept it from that."""
    from vault.errors import VaultError

    try:
        vault.refresh_place(stick)
    except VaultError as error:
        return error
    return None


def _told(context: Context, found: Examined, stick: str, why: VaultError | None) -> int:
    if context.json:
        output.document(
            {
                "vault": context.paths.data,
                "place": stick,
                "notes": found.notes,
                "due": found.due,
                "mended": found.mended,
                "damaged": found.damaged,
                "registers": found.registers,
                "refreshed": why is None,
            }
        )
    else:
        output.prose(_("Your vault is back: {folder}").format(folder=output.harmless(context.paths.data)))
    if why is not None:
        sentence = _("The stick could not be refreshed. {why} Later: ongemerkt place refresh {name}")
        output.tell(sentence.format(why=failures.explain(why)[2], name=output.harmless(stick)))
    if not context.json:
        output.prose(_("If you forgot your passphrase, choose a new one now: ongemerkt passphrase change"))
        output.prose(_("If you synced: ongemerkt sync enrol URL, with a new invitation of your server's keeper."))
    return failures.DONE if found.whole else failures.DAMAGED


# -- mending


def _mend(context: Context, arguments: argparse.Namespace) -> int:
    if arguments.place or arguments.kit or arguments.replace or not arguments.backups:
        raise failures.bad_input("Usage", _("Say: ongemerkt restore --mend BACKUPDIR"))
    from cli.progress import Bar

    with context.open_vault() as vault, Bar(_("Opening every note…"), show=not context.json) as bar:
        found = vault.mend(arguments.backups, bar)
    if context.json:
        output.document(
            {"notes": found.notes, "mended": found.mended, "damaged": found.damaged, "registers": found.registers}
        )
    else:
        output.prose(_mended(found))
    if found.registers:
        output.tell(register_lost())
    if found.damaged:
        output.tell(
            ngettext(
                "{n} note still can't be read. Perhaps another backup has it.",
                "{n} notes still can't be read. Perhaps another backup has them.",
                found.damaged,
            ).format(n=found.damaged)
        )
    return failures.DONE if found.whole else failures.DAMAGED


def _mended(found: Examined) -> str:
    if found.mended:
        return ngettext(
            "{n} note was put back from the backup.", "{n} notes were put back from the backup.", found.mended
        ).format(n=found.mended)
    return _("Nothing had to be put back.") if found.whole else _("The backup has nothing of what is damaged.")
