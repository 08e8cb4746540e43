"""The command inside the vault that syncs at once."""

from __future__ import annotations

from cli import synced, words
from cli.failures import explain
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.host import Host
    from vault.service import Progress, Vault
    from vault.service.session import Report


async def sync(host: Host, _rest: list[str]) -> None:
    if not host.vault.enrolled:
        host.tell(_("This vault is on no server. With an invitation of its keeper: ongemerkt sync enrol URL"))
        return
    from sync.errors import SyncError

    try:
        report = await host.busy(_("Syncing…"), lambda progress: _session(host.vault, progress))
    except SyncError as error:
        host.tell(explain(error)[2])
        return
    host.changed()
    told = synced.report_lines(report)
    if report.waiting:
        told.append(synced.waiting_line(report.waiting))
    if complete := host.vault.complete_receipts():
        told.append(words.receipts_complete(complete))
    host.tell(" ".join(told))


def _session(vault: Vault, progress: Progress) -> Report:
    from cli import syncing

    with syncing.connected(vault) as wire:
        return syncing.session(vault, wire, progress)
