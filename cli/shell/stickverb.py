"""The command inside the vault that brings the recovery sticks up to date."""

from __future__ import annotations

from cli import sticks, words
from cli.i18n import _
from cli.shell.words import called

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.host import Host


async def stick(host: Host, _rest: list[str]) -> None:
    vault = host.vault
    if not vault.places():
        host.tell(_("There is no recovery stick yet. Make one: ongemerkt place add DIR"))
        return
    if not any(each.reachable for each in vault.places()):
        host.tell(_("No recovery stick is plugged in."))
        return
    text = _("Writing the stick…")
    followed = await host.busy(text, lambda progress: sticks.refresh_reachable(vault, progress, all_of_them=True))
    host.changed()
    told = [_("{name} is up to date.").format(name=name) for name in followed.done]
    told += [_("{name}: {sentence}").format(name=name, sentence=why) for name, _kind, why in followed.failed]
    if complete := vault.complete_receipts():
        told.append(words.receipts_complete(complete))
    host.tell(" ".join(filter(None, [*told, sticks.owing_line(vault, called(host, "stick"))])))
