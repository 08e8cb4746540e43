"""`ongemerkt sync`: the vault on the coach's own server, sealed, so that other devices have the same notes."""

from __future__ import annotations

from cli import failures, output, words
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cli.context import Context

USAGE = N_("[--once] | enrol URL --invite CODE | status | leave | recovery on | off | pin | country nl | eu | any")
NOW, ENROL, STATUS, LEAVE, PIN, COUNTRY = "now", "enrol", "status", "leave", "pin", "country"
RECOVERY = "recovery"
_TAKES = {NOW: False, ENROL: True, STATUS: False, LEAVE: False, RECOVERY: True, PIN: False, COUNTRY: True}
"""What can be done, and whether something follows it."""
_OPTIONS = {
    "once": NOW,
    "invite": ENROL,
    "invite_file": ENROL,
    "name": ENROL,
    "country": ENROL,
    "kit": RECOVERY,
    "pin": PIN,
}
"""To what each option belongs."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and with which server."""
    from cli.synced import RULES

    parser.add_argument(
        "action",
        metavar="enrol | status | leave | recovery | pin | country",
        nargs="?",
        default=NOW,
        choices=tuple(_TAKES),
        help=_(
            "go onto a server, show how it stands, leave it, make it a place, keep its new key, say where it may stand"
        ),
    )
    parser.add_argument(
        "value", metavar=_("URL"), nargs="?", help=_("the server's address, https://…; after country: nl, eu or any")
    )
    parser.add_argument("--once", action="store_true", help=_("sync now, and send only what changed"))
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--invite", metavar=_("CODE"), help=_("the keeper's invitation; - is the standard input"))
    group.add_argument("--invite-file", metavar=_("FILE"), help=_("the invitation stands in this file"))
    parser.add_argument("--name", metavar=_("NAME"), help=_("what you call this device, such as laptop"))
    parser.add_argument("--country", choices=RULES, help=_("where the server may stand"))
    parser.add_argument("--kit", metavar=_("FILE"), help=_("write the recovery paper to this new file, to print it"))
    parser.add_argument("--pin", metavar="HEX", help=_("the key that is to be kept, as its keeper says it"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused, and what the vault and sync.errors raise."""
    action = arguments.action
    if _TAKES[action] != (arguments.value is not None):
        raise failures.bad_input("Usage", _("Say: ongemerkt sync {usage}").format(usage=_(USAGE)))
    for option, belongs in _OPTIONS.items():
        if getattr(arguments, option) and belongs != action:
            sentence = _("{option} does not belong to this.").format(option="--" + option.replace("_", "-"))
            raise failures.bad_input("Usage", sentence)
    return _actions()[action](context, arguments)


def _actions() -> dict[str, Callable[[Context, argparse.Namespace], int]]:
    from cli import bypaper, enrolling, leaving

    return {
        NOW: _sync,
        ENROL: enrolling.enrol,
        STATUS: _status,
        LEAVE: leaving.leave,
        RECOVERY: bypaper.recovery,
        PIN: enrolling.pin,
        COUNTRY: enrolling.country,
    }


# -- a session


def _sync(context: Context, arguments: argparse.Namespace) -> int:
    from cli import synced, syncing
    from cli.progress import Bar
    from vault.schedule import day_number

    with context.open_vault() as vault:
        vault.server()
        now = context.now()
        if not arguments.once and not vault.is_time_to_sync(now):
            return _not_now(context, vault.has_synced_on(day_number(now.date())))
        day = 0 if arguments.once else day_number(now.date())
        with syncing.connected(vault) as wire, Bar(_("Syncing…"), show=not context.json) as bar:
            report = syncing.session(vault, wire, bar, shaped=not arguments.once, day=day)
        complete = vault.complete_receipts()
        if vault.came_by_paper or vault.used_paper():
            from cli.bypaper import take_own_keys

            take_own_keys(vault)
    if context.json:
        output.document({"synced": True, **synced.report_document(report)})
    else:
        for line in synced.report_lines(report):
            output.prose(line)
    if arguments.once and report.sent:
        output.tell(_("Sent at once, and no more than what changed: so the server can tell how much that was."))
    if complete:
        output.tell(words.receipts_complete(complete))
    return told_waiting(report.waiting)


def told_waiting(names: tuple[str, ...]) -> int:
    """The exit code, after telling which devices have not confirmed every destruction."""
    from cli import synced

    if not names:
        return failures.DONE
    output.tell(synced.waiting_line(names))
    return failures.RESIDUE


def _not_now(context: Context, done: bool) -> int:
    from vault.schedule import WINDOW

    if context.json:
        output.document({"synced": False, "done_today": done})
        return failures.DONE
    hours = {"first": WINDOW.first, "last": WINDOW.last}
    if done:
        output.prose(_("Today's session has been. The next one is tomorrow."))
    elif context.now().hour >= WINDOW.last:
        output.prose(_("Today's time is over. Tomorrow again, at a moment between {first} and {last}.").format(**hours))
    else:
        output.prose(_("Still today, at a moment between {first} and {last}, while the vault is open.").format(**hours))
    output.prose(_("Now, if you can't wait: ongemerkt sync --once"))
    return failures.DONE


# -- how it stands


def _status(context: Context, arguments: argparse.Namespace) -> int:
    from cli import syncstatus

    return syncstatus.show(context)
