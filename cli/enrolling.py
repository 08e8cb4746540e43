"""`ongemerkt sync enrol`, `pin` and `country`: bringing a vault onto a server, and what is kept of that server."""

from __future__ import annotations

from cli import codes, failures, output, synced, syncing
from cli.i18n import _
from cli.progress import Bar

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from sync.codes import Invitation
    from vault.service import Vault

COMPUTER = "computer"
"""What a device is called when nobody says: no name of a person or a machine is ever looked up (property P3)."""


# -- enrolling


def enrol(context: Context, arguments: argparse.Namespace) -> int:
    """Makes an account for the vault and sends everything. Raises Refused, and what the vault and sync.errors raise."""
    from sync.address import parse_url
    from vault.errors import AlreadyEnrolled

    url = parse_url(arguments.value).text
    invitation = codes.invitation(context, arguments.invite, arguments.invite_file)
    rule = arguments.country or synced.RULES[0]
    with context.open_vault() as vault:
        if vault.enrolled:
            raise AlreadyEnrolled
        place = syncing.look(url, rule, vault.moment().now)
        output.tell(_("The server stands {where}.").format(where=synced.where(place)))
        make_account(vault, url, invitation, rule, arguments.name or COMPUTER)
        with syncing.connected(vault) as wire, Bar(_("Sending your notes, sealed…"), show=not context.json) as bar:
            report = syncing.session(vault, wire, bar)
        words = _fingerprint(context, vault)
    if context.json:
        document = {"url": url, "place": synced.where_document(place), "fingerprint": words}
        output.document(document | synced.report_document(report))
        return failures.DONE
    output.prose(
        _("Your vault is on the server now, sealed. It goes on by itself: once a day, while the vault is open.")
    )
    for line in synced.sees_lines():
        output.prose(line)
    output.prose(_("One more device: ongemerkt device add. How it stands: ongemerkt sync status"))
    return failures.DONE


def make_account(vault: Vault, url: str, invitation: Invitation, rule: str, name: str) -> None:
    """Makes an account for the vault; nothing is sent yet. Raises Refused, and what vault and sync.errors raise."""
    from sync.transport import Transport
    from vault.service.syncing import Server, checked_name

    name = checked_name(name)
    identity = vault.new_identity()
    month = vault.moment().now
    wire = Transport(url, invitation.pin, syncing.rule_of(rule), identity.device_id, identity.sign, month)
    try:
        with codes.of_this_server():
            receipt_key = wire.enrol(invitation.secret, identity.account, identity.signing_key)
        assert wire.server_pin is not None
        vault.enrol(identity, Server(url, wire.server_pin, receipt_key, rule), name)
    finally:
        wire.close()


def _fingerprint(context: Context, vault: Vault) -> str:
    from vault.service.syncing import fingerprint_words

    status = vault.sync_status()
    return " ".join(fingerprint_words(status.fingerprint, context.lang)) if status else ""


# -- the server's key


def pin(context: Context, arguments: argparse.Namespace) -> int:
    """Keeps another key of the same server, once a person compared it. Raises as `enrol` does."""
    from sync.transport import find_key

    wanted = _hex(arguments.pin)
    if wanted is None and context.yes:
        raise failures.bad_input("Usage", _("A new key needs a look, or --pin with the key as the keeper says it."))
    with context.open_vault() as vault:
        server = vault.server()
        found = find_key(server.url, syncing.rule_of(server.rule), vault.moment().now)
        if wanted is not None and not found.startswith(wanted):
            raise failures.Refused(
                failures.SERVER, "ServerKeyChanged", _("The server shows another key than that. Nothing was changed.")
            )
        changed = found != server.pin
        if changed:
            if wanted is None:
                _compared(context, server.pin, found)
            vault.set_server(server._replace(pin=found))
    if context.json:
        output.document({"changed": changed, "pin": found.hex()})
    elif changed:
        output.prose(_("The new key is kept. Syncing goes on."))
    else:
        output.prose(_("The server has the key that is kept here. Nothing was changed."))
    return failures.DONE


def _compared(context: Context, kept: bytes, found: bytes) -> None:
    """Asks a person whether the found key is the keeper's. Raises Refused."""
    for title, key in ((_("Kept here:"), kept), (_("Found there:"), found)):
        output.tell(title)
        for line in _shown(key):
            output.tell("    " + line)
    output.tell(_("The keeper sees the right one on the server with: ongemerkt-server status"))
    if not context.ask.confirm(_("Did you compare the second one with the keeper, and is it the same?")):
        raise failures.not_confirmed(_("Nothing was changed."))


def _shown(key: bytes) -> list[str]:
    """A key's 64 letters in two rows of groups of four."""
    text = key.hex()
    groups = [text[at : at + 4] for at in range(0, len(text), 4)]
    half = len(groups) // 2
    return [" ".join(groups[:half]), " ".join(groups[half:])]


def _hex(typed: str | None) -> bytes | None:
    """The bytes of a key that was given, at least half of it. Raises Refused."""
    if typed is None:
        return None
    try:
        found = bytes.fromhex(typed.replace(":", ""))
    except ValueError:
        found = b""
    if not 16 <= len(found) <= 32:
        raise failures.bad_input("PinMalformed", _("A key is given as 32 to 64 of the letters 0 to 9 and a to f."))
    return found


# -- where the server may stand


def country(context: Context, arguments: argparse.Namespace) -> int:
    """Changes where the server may stand. Raises Refused and the core's errors."""
    rule = arguments.value
    if rule not in synced.RULES:
        raise failures.bad_input("Usage", _("Say nl, eu or any."))
    with context.open_vault() as vault:
        vault.set_server(vault.server()._replace(rule=rule))
    if context.json:
        output.document({"country": rule})
    else:
        output.prose(_("From now on the server may stand {where}.").format(where=synced.rule(rule)))
    return failures.DONE
