"""`ongemerkt device`: the devices that have the same notes by way of the server."""

from __future__ import annotations

import sys

from cli import failures, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable

    from cli.context import Context
    from vault.service import Vault

USAGE = N_("list | add [--name NAME] | join CODE | revoke NAME")
LIST, ADD, JOIN, REVOKE = "list", "add", "join", "revoke"
_OPTIONS = {"name": ADD, "kit": JOIN, "cost": JOIN, "country": JOIN}
"""To what each option belongs."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which device."""
    from cli.synced import RULES

    parser.add_argument(
        "action",
        choices=(LIST, ADD, JOIN, REVOKE),
        help=_("show them, let one more in, be let in, take one out"),
    )
    parser.add_argument(
        "value",
        metavar=_("CODE"),
        nargs="?",
        help=_("the pairing code of 'device add', - is the standard input; or the name of the device that goes"),
    )
    parser.add_argument("--name", metavar=_("NAME"), help=_("what you call the new device, such as laptop"))
    parser.add_argument("--kit", metavar=_("FILE"), help=_("write the recovery kit to this new file, to print it"))
    parser.add_argument(
        "--cost", choices=("fast", "normal", "high"), help=_("how much work a guess at the passphrase costs")
    )
    parser.add_argument("--country", choices=RULES, help=_("where the server may stand"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused, and what the vault and sync.errors raise."""
    action = arguments.action
    if (arguments.value is not None and action in (LIST, ADD)) or (arguments.value is None and action == REVOKE):
        raise failures.bad_input("Usage", _("Say: ongemerkt device {usage}").format(usage=_(USAGE)))
    for option, belongs in _OPTIONS.items():
        if getattr(arguments, option) is not None and belongs != action:
            raise failures.bad_input("Usage", _("{option} does not belong to this.").format(option="--" + option))
    return _actions()[action](context, arguments)


def _actions() -> dict[str, Callable[[Context, argparse.Namespace], int]]:
    from cli import joining

    return {LIST: _list, ADD: _add, JOIN: joining.join, REVOKE: _revoke}


def _list(context: Context, arguments: argparse.Namespace) -> int:
    from cli import syncstatus
    from vault.errors import NotEnrolled

    with context.open_vault() as vault:
        status = vault.sync_status()
    if status is None:
        raise NotEnrolled
    if context.json:
        output.document({"devices": syncstatus.device_documents(status.devices)})
        return failures.DONE
    for line in syncstatus.device_lines(status.devices):
        output.answer(line)
    return failures.DONE


# -- one more


def _add(context: Context, arguments: argparse.Namespace) -> int:
    with context.open_vault() as vault:
        name = arguments.name or next_name(vault)
        code = pairing_code(vault, name, show=not context.json)
    _hand_over(context, code, name)
    return failures.DONE


def pairing_code(vault: Vault, name: str, *, show: bool) -> str:
    """Lets a device in: its pairing code. `show`: a bar while it syncs. Raises what the vault and sync.errors raise."""
    from cli import syncing
    from cli.progress import Bar
    from sync.codes import PIN, Pairing, encode_code
    from sync.errors import SyncError
    from vault.service.session import Change

    server, new = vault.server(), vault.new_device(name)
    with syncing.connected(vault) as wire:
        with Bar(_("Syncing…"), show=show) as bar:
            syncing.session(vault, wire, bar, change=Change(adding=new.adding))
        try:
            wire.add_device(new.adding.signing_key, *vault.offer(new))
        except SyncError:
            output.tell(
                _("{name} is on the list, but has no code. Take it off: ongemerkt device revoke NAME").format(name=name)
            )
            raise
    return encode_code(Pairing(new.secret, server.pin[:PIN], server.url))


def next_name(vault: Vault) -> str:
    """A name that no device has: nothing is looked up that could be a person's (property P3)."""
    from cli.enrolling import COMPUTER
    from vault.errors import NotEnrolled

    status = vault.sync_status()
    if status is None:
        raise NotEnrolled
    taken = {each.name for each in status.devices}
    return next(name for name in (f"{COMPUTER} {at}" for at in range(2, len(taken) + 3)) if name not in taken)


def _hand_over(context: Context, code: str, name: str) -> None:
    from cli import codes

    if context.json:
        output.document({"code": code, "name": name})
    elif context.yes or not context.ask.has_terminal or not sys.stdout.isatty():
        output.answer(code)
    else:
        codes.show(code)
    output.tell(
        _("{name} is let in. The code works once, until tomorrow; after that: device revoke, and add anew.").format(
            name=name
        )
    )


# -- one less


def _revoke(context: Context, arguments: argparse.Namespace) -> int:
    from cli import syncing
    from cli.progress import Bar
    from vault.service.session import NO_CHANGE, Change

    if not context.yes and not context.ask.has_terminal:
        sentence = _("Revoking asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
        raise failures.not_confirmed(sentence)
    with context.open_vault() as vault:
        name, device = _find(vault, arguments.value)
        if device:
            told = _("{name} gets nothing any more, and destroys its vault when it reaches the server.")
            output.tell(told.format(name=name))
            if not context.ask.confirm(_("Revoke it? There is no way back.")):
                raise failures.not_confirmed(_("Nothing was changed."))
        change = Change(removing=device) if device else NO_CHANGE
        if vault.recovery:
            output.tell(_("Your recovery paper ends with this. Make a new one: ongemerkt sync recovery on"))
        with syncing.connected(vault) as wire, Bar(_("Syncing…"), show=not context.json) as bar:
            # it tells the server too, again if need be, whom to let in no more
            syncing.session(vault, wire, bar, change=change)
    if context.json:
        output.document({"revoked": name})
    else:
        output.prose(_("{name} is shut out. Nobody can see whether it has destroyed its vault.").format(name=name))
    return failures.DONE


def _find(vault: Vault, typed: str) -> tuple[str, bytes]:
    """Name and id of a device; the id is empty if it was taken out before, and only the server is to be told again.

    Raises NotEnrolled, DeviceUnknown.
    """
    from vault.errors import DeviceUnknown, NotEnrolled

    status = vault.sync_status()
    if status is None:
        raise NotEnrolled
    try:
        device = vault.find_device(typed)
    except DeviceUnknown:
        if not any(each.name == typed and not each.active and not each.own for each in status.devices):
            raise
        return typed, b""
    return next(each.name for each in status.devices if each.id == device), device
