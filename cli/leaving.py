"""`ongemerkt sync leave`: the vault goes on by itself; what the server held of it is destroyed there."""

from __future__ import annotations

from cli import failures, output, synced, syncing
from cli.i18n import _
from cli.progress import Bar

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service import Vault
    from vault.service.syncing import SyncStatus


def leave(context: Context, arguments: argparse.Namespace) -> int:
    """Leaves after a last session, if the server is there. Raises Refused, and what the vault raises."""
    from vault.errors import NotEnrolled

    if not context.yes and not context.ask.has_terminal:
        sentence = _("Leaving asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
        raise failures.not_confirmed(sentence)
    with context.open_vault() as vault:
        status = vault.sync_status()
        if status is None:
            raise NotEnrolled
        _tell(status)
        if not context.ask.confirm(_("Leave the server?")):
            raise failures.not_confirmed(_("Nothing was changed."))
        told = _last_session(context, vault) and _told_server(context, vault)
        if not told and not context.ask.confirm(_("Leave all the same? What it holds stays there for now.")):
            raise failures.not_confirmed(_("Nothing was changed."))
        vault.leave_sync()
        others = [each.name for each in status.devices if each.active and not each.own]
    if context.json:
        output.document({"left": True, "server_told": told})
    else:
        output.prose(_("This vault is on no server any more. All its notes are here."))
    _tell_after(told, others)
    return failures.DONE if told else failures.RESIDUE


def _tell(status: SyncStatus) -> None:
    if status.unsynced or not status.version:
        output.tell(_("Not everything is on the server yet."))
    others = [each for each in status.devices if each.active and not each.own]
    if others:
        output.tell(_("Your other devices go on with it; this one gets nothing of them any more."))
    else:
        output.tell(_("This is the only device: the server then destroys everything that it holds of this vault."))


def _last_session(context: Context, vault: Vault) -> bool:
    """Whether everything is exchanged; if not, why is told."""
    from sync.errors import SyncError
    from vault.errors import ServerMisbehaved

    try:
        with syncing.connected(vault) as wire, Bar(_("Syncing once more…"), show=not context.json) as bar:
            report = syncing.session(vault, wire, bar)
    except (SyncError, ServerMisbehaved) as error:
        output.tell(failures.explain(error)[2])
        return False
    if not context.json:
        for line in synced.report_lines(report):
            output.tell(line)
    return True


def _told_server(context: Context, vault: Vault) -> bool:
    """Whether the server has forgotten this device."""
    from sync.errors import SyncError

    try:
        with syncing.connected(vault) as wire:
            wire.leave()
    except SyncError as error:
        output.tell(failures.explain(error)[2])
        return False
    return True


def _tell_after(told: bool, others: list[str]) -> None:
    if not told:
        output.tell(_("The server was not told. Ask its keeper to remove what it holds; it can't be read there."))
    if others:
        output.tell(_("On another device take this one off the list: ongemerkt device revoke NAME"))
