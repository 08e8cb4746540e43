"""`ongemerkt doctor`: looks for the leaks around the vault, each with its mend. It works without unlocking."""

from __future__ import annotations

from cli import failures, output
from cli.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.doctor import Finding, Machine, Opened, Server
    from vault.service.syncing import SyncStatus

USAGE = ""


def arguments(parser: argparse.ArgumentParser) -> None:
    """How deep to look, or what to put right."""
    parser.epilog = _(
        "Exit code: 0 nothing but things to know, {warning} something to mend, {serious} serious."
    ).format(warning=failures.FOUND_WARNING, serious=failures.FOUND_SERIOUS)
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--unlock", action="store_true", help=_("look into the opened vault as well"))
    group.add_argument(
        "--clean-history",
        action="store_true",
        help=_("take secrets and traces of the vault out of the shell's history"),
    )
    group.add_argument(
        "--mend", action="store_true", help=_("close the folders to others, and mark the anchor as not for backups")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused and the core's errors."""
    if arguments.clean_history:
        return _clean(context)
    if arguments.mend:
        return _mend(context)
    return _examine(context, unlock=arguments.unlock)


def _machine(context: Context, opened: Opened | None = None) -> Machine:
    """This computer, as the detectors take it."""
    import os
    import sys

    from vault.doctor import Machine
    from vault.months import month_of

    environ = context.environ
    return Machine(
        root="/",
        home=environ.get("HOME") or os.path.expanduser("~"),
        environ=environ,
        paths=context.paths,
        month=month_of(context.clock()),
        pid=os.getpid(),
        platform=sys.platform,
        is_invitation=_is_invitation,
        opened=opened,
    )


def _is_invitation(text: str) -> bool:
    from sync.codes import BadCode, decode_code

    try:
        decode_code(text)
    except BadCode:
        return False
    return True


# -- looking


def _examine(context: Context, *, unlock: bool) -> int:
    from vault.doctor import examine, worst

    machine = _machine(context)
    # a passphrase that was given is there to be used
    if unlock or (not context.ask.by_hand and machine.has_vault):
        machine = machine._replace(opened=_opened(context))
    findings = examine(machine)
    if context.json:
        output.document({"findings": [_document(context, each) for each in findings], "worst": worst(findings)})
    else:
        _print(context, findings)
    codes = {"serious": failures.FOUND_SERIOUS, "warning": failures.FOUND_WARNING}
    return codes.get(worst(findings) or "", failures.DONE)


def _opened(context: Context) -> Opened:
    """What the open vault tells; it is closed again before anything else is looked at."""
    from vault.doctor import Opened
    from vault.months import month_of

    with context.open_vault() as vault:
        moment, status, synced = vault.moment(), vault.status(), vault.sync_status()
        server = _server(synced, moment.now) if synced else None
        ahead = 0 if moment.sure else moment.months_ahead
        behind = max(moment.now - month_of(context.clock()), 0)
        return Opened(status.places, ahead, behind, status.anchor, server)


def _server(synced: SyncStatus, now: int) -> Server:
    from cli import syncing
    from sync.errors import CountryUnknown, ServerAbroad, ServerOutOfReach, SyncError
    from vault.doctor import Server

    rule = synced.server.rule
    try:
        place = syncing.look(synced.server.url, rule, now)
    except ServerAbroad:
        return Server(rule, "country", (), allowed=False, data_month=0)
    except CountryUnknown:
        return Server(rule, "", (), allowed=False, data_month=0)
    except (ServerOutOfReach, SyncError):
        return Server(rule, "", (), allowed=True, data_month=0)
    return Server(rule, place.kind, place.countries, allowed=True, data_month=place.data_month)


# -- telling


def _document(context: Context, finding: Finding) -> dict[str, object]:
    from cli.diagnoses import diagnosis

    told = diagnosis(finding, context.paths.anchors, _home(context))
    return {
        "id": finding.id,
        "severity": finding.severity,
        "state": finding.state,
        "meaning": told.meaning if told else None,
        "mend": told.mend if told else None,
        "facts": dict(finding.facts),
    }


def _home(context: Context) -> str:
    return context.environ.get("HOME", "")


def _print(context: Context, findings: list[Finding]) -> None:
    from cli.diagnoses import diagnosis, headings, quiet_lines

    titles = headings()
    last = ""
    for finding in findings:
        told = diagnosis(finding, context.paths.anchors, _home(context))
        if told is None:
            continue
        if finding.severity != last:
            if last:
                output.prose("")
            output.prose(titles[finding.severity])
            last = finding.severity
        output.prose("  " + told.meaning)
        if told.mend:
            output.prose("    → " + told.mend)
    if last:
        output.prose("")
    for line in quiet_lines(findings):
        output.prose(line)


# -- putting right


def _clean(context: Context) -> int:
    from vault.doctor import clean_history, history_entries

    machine = _machine(context)
    told = history_entries(machine)
    cleaned = []
    if told:
        if not context.ask.confirm(_question(told)):
            raise failures.not_confirmed(_("Nothing was changed."))
        cleaned = clean_history(machine)
    if context.json:
        output.document({"cleaned": [each._asdict() for each in cleaned]})
    elif not told:
        output.prose(_("There is nothing to take out of the shell's history."))
    done = [each for each in cleaned if each.done]
    if done:
        text = ngettext("{n} entry was taken out.", "{n} entries were taken out.", sum(each.entries for each in done))
        output.tell(text.format(n=sum(each.entries for each in done)))
        output.tell(_("Shells that are open still remember them and may write them again: close those now."))
    for each in cleaned:
        if not each.done:
            output.tell(_("{file} could not be rewritten; it is as it was.").format(file=each.file))
    return failures.DONE if len(done) == len(cleaned) else failures.STORAGE


def _question(told: dict[str, int]) -> str:
    from cli import words

    count = sum(told.values())
    text = ngettext("Take {n} entry out of {files}, for good?", "Take {n} entries out of {files}, for good?", count)
    return text.format(n=count, files=words.listed(list(told)))


def _mend(context: Context) -> int:
    from vault.doctor import mend
    from vault.errors import NoVault

    machine = _machine(context)
    if not machine.has_vault:
        raise NoVault
    mend(machine)
    if context.json:
        output.document({"mended": True})
    output.tell(_("Only you get into the folders now, and the anchor is marked as not for backups."))
    return failures.DONE
