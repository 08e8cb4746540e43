"""`ongemerkt device join`: a vault on this computer for notes that another device has, by way of the server."""

from __future__ import annotations

import os

from cli import codes, failures, output, synced
from cli.i18n import _
from cli.progress import Bar

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from sync.codes import Pairing, Paper
    from vault.service import Progress, Vault
    from vault.service.joining import Joining
    from vault.service.session import Report


def join(context: Context, arguments: argparse.Namespace) -> int:
    """Makes the vault and fills it. Raises Refused, and what vault and sync.errors raise: then there is no vault."""
    from cli.shell.firstrun import first_run, fits
    from vault import service
    from vault.errors import VaultExists
    from vault.harden import harden

    harden()
    if service.exists(context.paths):
        raise VaultExists
    folder = context.paths.data
    if os.path.lexists(folder) and not os.path.isdir(folder):
        raise failures.bad_input("NotAFolder", _("{name} is not a folder.").format(name=output.harmless(folder)))
    pairing = codes.pairing(context, arguments.value)
    rule, cost = arguments.country or synced.RULES[0], arguments.cost or "normal"
    if arguments.kit is None and fits(context):
        first_run(context, cost=cost, opens=False, pairing=pairing, rule=rule).close()
        output.tell(_("Your vault is made: {folder}").format(folder=output.harmless(folder)))
        _tell_paper_used(pairing)
        return failures.DONE
    return _in_lines(context, arguments, pairing, rule, cost)


def _in_lines(context: Context, arguments: argparse.Namespace, pairing: Pairing | Paper, rule: str, cost: str) -> int:
    from cli.commands import init
    from cli.kit import KitFile
    from vault.months import month_of
    from vault.service.joining import join_vault

    taken = Taking(pairing, rule)
    kit = None if arguments.kit is None else KitFile(arguments.kit)

    def create(passphrase: str, sure: bool) -> tuple[Vault, str]:
        taken_now = taken(month_of(context.clock()))
        return join_vault(context.paths, passphrase, taken_now, clock=context.clock, cost=cost, clock_confirmed=sure)

    try:
        vault, code = init.made(context, create)
    except BaseException:
        if kit is not None:
            kit.discard()
        raise
    with vault:
        content = init.handed_over(context, code, kit, arguments.kit or "")
        with Bar(_("Fetching your notes…"), show=not context.json) as bar:
            why, report = filled(vault, bar)
    if context.json:
        done = synced.report_document(report) if report else {}
        output.document({**content, "synced": report is not None, **done})
    elif report:
        for line in synced.report_lines(report):
            output.prose(line)
    if why is None:
        _tell_paper_used(pairing)
        return failures.DONE
    exit_code, _kind, sentence = failures.explain(why)
    output.tell(_("Your vault is made, but not filled yet. {why} Then: ongemerkt sync --once").format(why=sentence))
    return exit_code


def _tell_paper_used(pairing: Pairing | Paper) -> None:
    from sync.codes import Paper

    if isinstance(pairing, Paper):
        output.tell(_("Your recovery paper is used up: destroy it. Make a new one: ongemerkt sync recovery on"))


def filled(vault: Vault, progress: Progress) -> tuple[Exception | None, Report | None]:
    """The first session of a vault that joined: what kept it from being filled, or what the session did."""
    from cli import bypaper, syncing
    from sync.errors import SyncError
    from vault.errors import VaultError

    report = None
    try:
        with syncing.connected(vault) as wire:
            report = syncing.session(vault, wire, progress)
        bypaper.take_own_keys(vault)
    except (SyncError, VaultError) as error:
        return error, report
    return None, report


class Taking:
    """Takes the offer of a pairing code, once: the server gives it once only. Or reads what a recovery paper opens."""

    def __init__(self, pairing: Pairing | Paper, rule: str) -> None:
        """Nothing is taken before the first call."""
        self._pairing = pairing
        self._rule = rule
        self._taken: Joining | None = None

    def __call__(self, month: int) -> Joining:
        """The offer; `month` is the present one. Raises sync.errors and ServerForged."""
        if self._taken is None:
            self._taken = self._take(month)
        return self._taken

    def _take(self, month: int) -> Joining:
        from cli.syncing import rule_of
        from sync.codes import Paper
        from sync.transport import Transport
        from vault.service.joining import offer_id, read_offer

        pairing = self._pairing
        if isinstance(pairing, Paper):
            from cli.bypaper import read

            return read(pairing, self._rule, month)
        # what is asked here needs no signature: nobody knows this device yet
        wire = Transport(pairing.url, pairing.pin, rule_of(self._rule), bytes(8), lambda _data: bytes(64), month)
        try:
            with codes.of_this_server():
                box = wire.take_offer(offer_id(pairing.secret))
            assert wire.server_pin is not None
            return read_offer(pairing.secret, box, pairing.url, wire.server_pin)
        finally:
            wire.close()
