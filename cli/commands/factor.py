"""`ongemerkt factor`: what the passphrase takes besides itself, a key file or a security key."""

from __future__ import annotations

import os

from cli import failures, output, sticks
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service import Factor, Vault

USAGE = N_("add keyfile FILE | add fido2 | list | remove NUMBER")
ADD, LIST, REMOVE = "add", "list", "remove"
KEY_FILE, SECURITY_KEY = "keyfile", "fido2"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with what."""
    parser.add_argument("action", choices=(ADD, LIST, REMOVE), help=_("one more, show them, or one less"))
    parser.add_argument(
        "which",
        metavar=f"{KEY_FILE} | {SECURITY_KEY} | " + _("NUMBER"),
        nargs="?",
        help=_("the kind of the new one: a key file or a security key; or the number of the one that goes"),
    )
    parser.add_argument(
        "file",
        metavar=_("FILE"),
        nargs="?",
        help=_("the key file: made if it is not there, best on a stick of its own; else any file that never changes"),
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused and the core's errors."""
    action, which, file = arguments.action, arguments.which, arguments.file
    fits = {
        ADD: (which == KEY_FILE and bool(file)) or (which == SECURITY_KEY and file is None),
        LIST: which is None,
        REMOVE: which is not None and file is None,
    }[action]
    if not fits:
        raise failures.bad_input("Usage", _("Say: ongemerkt factor {usage}").format(usage=_(USAGE)))
    if action == LIST:
        return _list(context)
    if not context.yes and not context.ask.has_terminal:
        sentence = _("This asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
        raise failures.not_confirmed(sentence)
    if action == ADD:
        return _add(context, which, os.path.abspath(file) if file else None)
    return _remove(context, which)


def told_kind(name: str) -> str:
    """What a kind of factor is called."""
    return _("key file") if name == KEY_FILE else _("security key")


def _list(context: Context) -> int:
    with context.open_vault() as vault:
        found = vault.factors()
    if context.json:
        output.document({"factors": [{"number": each.number, "kind": each.name} for each in found]})
        return failures.DONE
    for each in found:
        output.answer(f"{each.number}  {told_kind(each.name)}")
    if found:
        output.tell(_("Any one of these opens the vault, together with the passphrase."))
    else:
        output.tell(_("The passphrase opens the vault by itself: no second factor is asked for."))
    return failures.DONE


def _add(context: Context, kind: str, file: str | None) -> int:
    from cli.factoring import Adding

    with context.open_vault() as vault:
        known = vault.factors()
        if not known:
            _warn_first(context)
        if file is not None:
            _tell_of_file(file)
        vault.add_factor(kind, Adding(file, still=context.plain))
        if file is not None and _lies_beside(context, file):
            output.tell(
                _(
                    "The key file lies on the same disk as the vault: who gets the disk has both. Move it to a stick"
                    " that you carry with you; its name does not matter, only what is in it."
                )
            )
        number = len(known) + 1
        lines, followed = sticks.follow_unlocking(vault)
    if context.json:
        output.document({"number": number, "kind": kind})
    else:
        output.prose(_told_added(kind, first=not known))
    return _followed(lines, followed)


def _followed(lines: list[str], followed: bool) -> int:
    for line in lines:
        output.tell(line)
    return failures.DONE if followed else failures.RESIDUE


def _told_added(kind: str, *, first: bool) -> str:
    if not first:
        return _("Added. From now on any one of your second factors opens the vault, together with the passphrase.")
    if kind == KEY_FILE:
        return _(
            "Added. From now on the passphrase needs this key file too. You are asked where it is, or say so with"
            " --key-file FILE or ONGEMERKT_KEY_FILE."
        )
    return _("Added. From now on the passphrase needs this security key too: plug it in before you open the vault.")


def _warn_first(context: Context) -> None:
    """What a first factor means, before it is too late. Raises Refused without a yes."""
    output.tell(
        _(
            "From now on the passphrase alone opens nothing any more.\n"
            "Your recovery code still opens the vault without the second factor. Keep it apart from both.\n"
            "Whoever loses the second factor and the recovery kit loses every note: nobody can bring them back."
        )
    )
    if not context.ask.confirm(_("Add it?")):
        raise failures.not_confirmed(_("Nothing was changed."))


def _tell_of_file(file: str) -> None:
    if os.path.lexists(file):
        output.tell(_("This file is taken as it is. If a single byte of it ever changes, it opens nothing any more."))
    else:
        output.tell(_("The key file is made. Make a copy of it and keep that elsewhere: it can't be made again."))


def _lies_beside(context: Context, file: str) -> bool:
    from vault.service.factors import same_disk

    return same_disk(context.paths, file)


def _remove(context: Context, which: str) -> int:
    with context.open_vault() as vault:
        going = _find(vault, which)
        last = len(vault.factors()) == 1
        told = (
            _("With it the last second factor goes: the passphrase alone opens the vault again.")
            if last
            else _("The other second factors stay. This one opens nothing any more, old copies of the vault neither.")
        )
        output.tell(f"{going.number}  {told_kind(going.name)}. {told}")
        if not context.ask.confirm(_("Remove it?")):
            raise failures.not_confirmed(_("Nothing was changed."))
        vault.remove_factor(which)
        lines, followed = sticks.follow_unlocking(vault)
    if context.json:
        output.document({"removed": going.number, "kind": going.name})
    else:
        output.prose(_("Removed.") if last else _("Removed. The others may have another number now."))
    return _followed(lines, followed)


def _find(vault: Vault, which: str) -> Factor:
    from vault.errors import FactorUnknown

    found = [each for each in vault.factors() if which in (str(each.number), each.name)]
    if len(found) != 1:
        raise FactorUnknown
    return found[0]
