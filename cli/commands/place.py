"""`ongemerkt place`: the places that hold the keys, and the recovery sticks among them."""

from __future__ import annotations

from cli import failures, output, sticks, words
from cli.i18n import N_, _

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from vault.service import Progress, Vault
    from vault.service.places import PlaceStatus

USAGE = N_("list | add DIR | refresh [DIR] | remove DIR [--lost]")
LIST, ADD, REFRESH, REMOVE = "list", "add", "refresh", "remove"


def arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, with which stick."""
    parser.add_argument(
        "action",
        choices=(LIST, ADD, REFRESH, REMOVE),
        help=_("show them, make a recovery stick, bring sticks up to date, destroy one"),
    )
    parser.add_argument(
        "folder", metavar=_("DIR"), nargs="?", help=_("the stick's folder; without it 'refresh' takes all there are")
    )
    parser.add_argument(
        "--lost", action="store_true", help=_("the stick is lost: take it from the list, whatever it still holds")
    )


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Does it. Raises Refused and the core's errors."""
    action, folder = arguments.action, arguments.folder
    wrong = folder is not None if action == LIST else folder is None and action != REFRESH
    if wrong or (arguments.lost and action != REMOVE):
        raise failures.bad_input("Usage", _("Say: ongemerkt place {usage}").format(usage=_(USAGE)))
    if action == LIST:
        return _list(context)
    if action == ADD:
        return _add(context, folder)
    if action == REFRESH:
        return _refresh(context, folder)
    return _forget(context, folder) if arguments.lost else _remove(context, folder)


# -- which there are


def _list(context: Context) -> int:
    with context.open_vault() as vault:
        found = vault.places()
        synced = vault.sync_status()
    devices = [each for each in synced.devices if each.active] if synced is not None else []
    if context.json:
        named = [{"kind": "device", "name": each.name, "own": each.own, "owes": each.behind} for each in devices]
        here: list[dict[str, object]] = [{"kind": "device", "name": None, "own": True, "owes": False}]
        output.document({"places": [*(named or here), *sticks.documents(found)]})
        return failures.DONE
    rows = [(_("this computer"), _("up to date"))] if not devices else []
    for each in devices:
        behind = _("has to destroy something yet") if each.behind else _("up to date")
        rows.append((each.name, _("this computer") if each.own else behind))
    rows += [(each.name, sticks.state_line(each)) for each in found]
    width = max(len(name) for name, _state in rows)
    for name, state in rows:
        output.answer(f"{name.ljust(width)}  {state}")
    if len(rows) == 1:
        output.tell(_("The keys are on this computer only. If it breaks, the notes are gone."))
        output.tell(_("Make a recovery stick: ongemerkt place add DIR"))
    return failures.DONE


# -- making one


def _add(context: Context, folder: str) -> int:
    from cli.progress import Bar
    from vault.service import check_free

    for line in _explained():
        output.tell(line)
    check_free(context.paths)
    if sticks.on_one_disk(folder, context.paths.data):
        output.tell(_("This folder is on the same disk as the vault. If that disk breaks, both are gone."))
        if not context.ask.confirm(_("Make the recovery stick here all the same?")):
            raise failures.not_confirmed(_("Nothing was made."))
    with context.open_vault() as vault, Bar(_("Writing the stick…"), show=not context.json) as bar:
        made = vault.add_place(folder, bar, readme=sticks.README.encode())
    if context.json:
        output.document({"place": sticks.documents([made])[0]})
    output.tell(_("The recovery stick is in {name}, read back and whole.").format(name=output.harmless(made.name)))
    output.tell(_("Keep it elsewhere than the computer. After changes give: ongemerkt place refresh"))
    return failures.DONE


def _explained() -> list[str]:
    return [
        _("A recovery stick holds a sealed copy of the vault: if this computer breaks, your notes come back from it."),
        _("It opens with your passphrase or recovery code, for you and for anybody who finds it and knows one."),
        _("What you destroy here stays on it until you plug it in and refresh it. Take a USB stick for it alone."),
    ]


# -- bringing them up to date


def _refresh(context: Context, folder: str | None) -> int:
    from cli.progress import Bar

    with context.open_vault() as vault, Bar(_("Writing the stick…"), show=not context.json) as bar:
        followed = _refreshed(context, vault, folder, bar)
        found, owing = vault.places(), sticks.owing_line(vault)
        complete = vault.complete_receipts()
    if context.json:
        failed = [{"name": name, "kind": kind} for name, kind, _why in followed.failed]
        output.document({"refreshed": followed.done, "failed": failed, "places": sticks.documents(found)})
    for name in followed.done:
        output.tell(_("{name} is up to date.").format(name=output.harmless(name)))
    for name, _kind, why in followed.failed:
        output.tell(_("{name}: {sentence}").format(name=output.harmless(name), sentence=why))
    if complete:
        output.tell(words.receipts_complete(complete))
    if owing:
        output.tell(owing)
    return failures.RESIDUE if owing or followed.failed else failures.DONE


def _refreshed(context: Context, vault: Vault, folder: str | None, bar: Progress) -> sticks.Followed:
    """Raises Refused and the core's errors: of one stick that was asked for; and if none is there."""
    from vault.errors import PlaceMissing

    if folder is not None:
        return sticks.Followed([_one(context, vault, folder, bar).name], [])
    if not vault.places():
        sentence = _("There is no recovery stick yet. Make one: ongemerkt place add DIR")
        raise failures.Refused(failures.NOT_FOUND, "PlaceMissing", sentence)
    followed = sticks.refresh_reachable(vault, bar, all_of_them=True)
    if not followed.done and not followed.failed:
        raise PlaceMissing
    return followed


def _one(context: Context, vault: Vault, folder: str, bar: Progress) -> PlaceStatus:
    from vault.errors import WrongSecret

    try:
        return vault.refresh_place(folder, bar)
    except WrongSecret:
        if not context.ask.has_terminal:
            raise
        output.tell(_("Passphrase and recovery code were changed since this stick was refreshed."))
        old = context.ask.secret(_("The passphrase or recovery code that opened it then: "))
        return vault.refresh_place(folder, bar, secret=old)


# -- taking one away


def _need_yes(context: Context, sentence: str) -> None:
    if not context.yes and not context.ask.has_terminal:
        raise failures.not_confirmed(sentence)


def _remove(context: Context, folder: str) -> int:
    _need_yes(context, _("Destroying a recovery stick asks for a yes. Confirm it with --yes."))
    with context.open_vault() as vault:
        if not context.ask.confirm(_("Destroy everything on this recovery stick? Your vault stays.")):
            raise failures.not_confirmed(_("Nothing was changed."))
        vault.remove_place(folder)
        left = len(vault.places())
        complete = vault.complete_receipts()
    _told_gone(context, left, _("The recovery stick is destroyed, and no place any more."))
    if complete:
        output.tell(words.receipts_complete(complete))
    return failures.DONE


def _forget(context: Context, folder: str) -> int:
    _need_yes(context, _("Giving up a recovery stick asks for a yes. Confirm it with --yes."))
    with context.open_vault() as vault:
        output.tell(_("A lost stick keeps what it held, for whoever finds it and has the passphrase it had then."))
        if not context.ask.confirm(_("Take it from the list?")):
            raise failures.not_confirmed(_("Nothing was changed."))
        vault.forget_place(folder)
        left = len(vault.places())
    _told_gone(context, left, _("The stick is off the list. Change your passphrase if somebody may know it."))
    return failures.DONE


def _told_gone(context: Context, left: int, sentence: str) -> None:
    if context.json:
        output.document({"removed": True, "sticks": left})
    output.tell(sentence)
