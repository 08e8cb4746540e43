"""A clock that jumped, inside the vault: the coach says whether it is right before anything is destroyed by it."""

from __future__ import annotations

from cli import words as say
from cli.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.host import Host


async def settle_clock(host: Host) -> bool:
    """Whether the clock can be trusted, after asking the coach if it jumped. What is due by it is destroyed then."""
    moment = host.vault.moment()
    if moment.sure:
        return True
    question = ngettext(
        "The clock of this computer is {n} month ahead of the last time. Is today's date on it right?",
        "The clock of this computer is {n} months ahead of the last time. Is today's date on it right?",
        moment.months_ahead,
    )
    waiting = host.vault.due()
    told = [say.waiting(waiting)] if waiting else []
    if not await host.confirm(" ".join([*told, question.format(n=moment.months_ahead)])):
        host.tell(_("Then nothing is destroyed for now. Please set the clock right."))
        return False
    gone = host.vault.confirm_clock()
    host.changed()
    host.tell(say.expired(gone) if gone else "")
    return True
