"""The recovery paper: the server as a place, by choice (docs/spec/sync-protocol.md section 11)."""

from __future__ import annotations

import os
import sys

from cli import failures, output
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from sync.codes import Paper
    from vault.service import Vault
    from vault.service.joining import Joining

ON, OFF = "on", "off"
_WIDTH = 72


def recovery(context: Context, arguments: argparse.Namespace) -> int:
    """`sync recovery on | off`. Raises Refused, and what the vault and sync.errors raise."""
    if arguments.value not in (ON, OFF):
        raise failures.bad_input("Usage", _("Say: ongemerkt sync recovery on, or: ongemerkt sync recovery off"))
    return _on(context, arguments.kit) if arguments.value == ON else _off(context)


def _on(context: Context, kit: str | None) -> int:
    from cli import syncing
    from cli.kit import KitFile
    from cli.progress import Bar
    from sync.codes import PIN, Paper, encode_code
    from vault.service.session import Change

    if not context.yes and not context.ask.has_terminal:
        sentence = _("This asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
        raise failures.not_confirmed(sentence)
    with context.open_vault() as vault:
        server, new = vault.server(), vault.new_paper()
        for line in _costs():
            output.tell(line)
        if not context.ask.confirm(_("Make the recovery paper?")):
            raise failures.not_confirmed(_("Nothing was changed."))
        file = KitFile(kit) if kit else None
        try:
            with syncing.connected(vault) as wire, Bar(_("Syncing…"), show=not context.json) as bar:
                # first the server, so that nobody is on the list whom it does not let in
                wire.add_device(new.adding.signing_key, os.urandom(16), os.urandom(512))
                syncing.session(vault, wire, bar, change=Change(adding=new.adding))
        except BaseException:
            if file is not None:
                file.discard()
            raise
        code = encode_code(Paper(new.secret, server.pin[:PIN], server.url))
    if file is not None:
        file.write_text(sheet(code, from_file=True))
    _hand_over(context, code, kit or "")
    return failures.DONE


def _costs() -> list[str]:
    return [
        _("With a recovery paper the server becomes a place: a new computer and this paper give all your notes back."),
        _(
            "What it costs: whoever has this paper and an old copy of the server can read notes that you shredded after"
            " that copy. Without the paper nobody can."
        ),
        _("Take it back with: ongemerkt sync recovery off. When a device leaves, the paper ends too: make a new one."),
    ]


def sheet(code: str, *, from_file: bool) -> str:
    """The text of the recovery paper: to print from a file, or to copy from the screen."""
    import textwrap

    parts = [
        _("What it is for: if all your computers are gone, install ongemerkt on a new one and type:"),
        _("Whoever has this paper can read all of your notes, from anywhere. Keep it where you keep your passport."),
        _("It works once. Do not photograph it, do not mail it, do not store it."),
    ]
    if from_file:
        parts.append(_("Delete the file that this sheet was printed from."))
    rows = textwrap.wrap(code, _WIDTH - 4, break_on_hyphens=True)
    head = [_("RECOVERY PAPER OF ONGEMERKT, FOR THE SERVER"), "", *("    " + row for row in rows), ""]
    text = [textwrap.fill(part, _WIDTH, initial_indent="- ", subsequent_indent="  ") for part in parts]
    text.insert(1, "    ongemerkt device join")
    return "\n".join([*head, *text, ""])


def _hand_over(context: Context, code: str, kit: str) -> None:
    if context.json:
        output.document({"code": code} if not kit else {"kit": kit})
    elif kit:
        output.answer(_("The recovery paper is written: {name}").format(name=output.harmless(kit)))
    elif context.yes or not context.ask.has_terminal or not sys.stdout.isatty():
        output.answer(sheet(code, from_file=False))
    else:
        from cli.terminal import Terminal

        with Terminal() as screen:
            screen.other_screen()
            try:
                screen.show(sheet(code, from_file=False) + "\n")
                screen.line(_("Write the code down, or print it with --kit. Press Enter when you are done. "))
            except KeyboardInterrupt:
                return
            finally:
                screen.first_screen()


def _off(context: Context) -> int:
    from cli import syncing
    from cli.progress import Bar
    from vault.service.session import Change

    with context.open_vault() as vault:
        change = Change(removing=vault.paper())
        with syncing.connected(vault) as wire, Bar(_("Syncing…"), show=not context.json) as bar:
            syncing.session(vault, wire, bar, change=change)
    if context.json:
        output.document({"recovery": False})
    else:
        output.prose(_("The recovery paper opens nothing any more. Destroy it."))
    return failures.DONE


# -- on the new computer


def read(paper: Paper, rule: str, month: int) -> Joining:
    """What the server gives to whoever has the paper.

    Raises sync.errors, PaperMissing and the ServerMisbehaved family.
    """
    from cli import codes
    from cli.syncing import rule_of
    from sync import protocol
    from sync.errors import DeviceRemoved, NotKnown
    from sync.transport import Transport
    from vault.errors import PaperMissing
    from vault.service.joining import paper_signing, read_paper
    from vault.service.syncing import Server

    device, sign = paper_signing(paper.secret)
    wire = Transport(paper.url, paper.pin, rule_of(rule), device, sign, month)
    asked = protocol.StateAsked(os.urandom(protocol.NONCE), bytes(protocol.GENERATION), ())
    try:
        with codes.of_this_server():
            answer = protocol.decode_state_answer(wire.state(protocol.encode_state_asked(asked)))
        assert wire.server_pin is not None
        return read_paper(paper.secret, answer.head, answer.pages, Server(paper.url, wire.server_pin, b"", rule))
    except (DeviceRemoved, NotKnown):
        raise PaperMissing from None
    finally:
        wire.close()


def take_own_keys(vault: Vault) -> None:
    """A vault that came by the recovery paper gets keys that stand on no paper; the paper's are shut out.

    Broken off, it is gone on with at the next call. Raises what the vault and sync.errors raise.
    """
    from cli import syncing
    from cli.commands.device import next_name
    from vault.service.session import Change

    if vault.came_by_paper:
        for lost in vault.never_came():
            with syncing.connected(vault) as wire:
                syncing.session(vault, wire, change=Change(removing=lost))
        new = vault.new_device(next_name(vault))
        with syncing.connected(vault) as wire:
            wire.add_device(new.adding.signing_key, os.urandom(16), os.urandom(512))
            syncing.session(vault, wire, change=Change(adding=new.adding))
        vault.take_keys(new)
    old = vault.used_paper() if vault.enrolled else b""
    if old:
        with syncing.connected(vault) as wire:
            syncing.session(vault, wire, change=Change(removing=old))
