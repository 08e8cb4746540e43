"""`ongemerkt anchor`: where the one secret is kept that really can be erased, what that is worth, and moving it."""

from __future__ import annotations

from cli import anchorwords, failures, output
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service import Vault

USAGE = N_("show | move file | tpm")
SHOW, MOVE = "show", "move"
FILE, TPM = KINDS = ("file", "tpm")


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, and where to."""
    parser.add_argument("action", choices=(SHOW, MOVE), help=_("show: where it is; move: keep it elsewhere"))
    parser.add_argument("kind", nargs="?", choices=KINDS, help=_("for move: in a file, or in this computer's TPM"))


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Shows or moves it. Raises Refused and the core's errors."""
    if (arguments.action == MOVE) != (arguments.kind is not None):
        raise failures.bad_input("Usage", _("Say where to: anchor move file, or anchor move tpm."))
    if arguments.action == SHOW:
        return _show(context)
    return _move(context, arguments.kind)


def _show(context: Context) -> int:
    """Asks for no passphrase: it serves where the vault does not open."""
    from vault.service.anchors import whereabouts

    found = whereabouts(context.paths)
    if context.json:
        output.document({"anchor": list(found.kinds), "tpm": found.tpm_trouble or "ready"})
        return failures.DONE
    for kind in found.kinds:
        for sentence in anchorwords.strength(kind):
            output.prose(sentence)
    if not found.kinds:
        output.prose(failures.explain(_missing())[2])
    if len(found.kinds) > 1:
        output.prose(_("It is in both only because a move was broken off: the next unlock ends it."))
    if found.tpm_trouble:
        if TPM in found.kinds:
            output.prose(anchorwords.unreachable(found.tpm_trouble))
    elif TPM not in found.kinds:
        output.prose(_("This computer has a TPM that could keep it: ongemerkt anchor move tpm"))
    return failures.DONE


def _missing() -> Exception:
    from vault.errors import AnchorMissing

    return AnchorMissing()


def _move(context: Context, kind: str) -> int:
    from vault.errors import TpmUnreachable
    from vault.service.anchors import tpm_trouble

    if kind == TPM and (reason := tpm_trouble(context.paths.tpm)):
        # before anybody types a passphrase for nothing
        raise TpmUnreachable(reason)
    with context.open_vault() as vault:
        if kind == TPM and vault.status().anchor != TPM:
            _ask_for_a_place(context, vault)
        moved = vault.move_anchor(kind)
    if context.json:
        output.document({"anchor": kind, "moved": moved})
    if not moved:
        output.tell(_("The anchor is there already."))
    elif kind == TPM:
        output.tell(_("The anchor is in the TPM now. The old file is wiped as well as the disk allows."))
    else:
        output.tell(_("The anchor is a file now. The TPM keeps nothing of this vault any more."))
    return failures.DONE


def _ask_for_a_place(context: Context, vault: Vault) -> None:
    """A TPM dies with its mainboard: whoever has no other place is asked first. Raises Refused."""
    if vault.status().places > 1 or context.yes:
        return
    output.tell(
        _("The keys are on this computer only. If its mainboard dies or its TPM is cleared, every note is gone.")
    )
    output.tell(_("Better first make a second place: another device, or a recovery stick."))
    if not context.ask.confirm(_("Move the anchor to the TPM all the same?")):
        raise failures.not_confirmed(_("Nothing was changed."))
