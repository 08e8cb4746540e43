"""Recovery sticks, as they are told and followed after something was destroyed."""

from __future__ import annotations

import os
from typing import NamedTuple

from cli import failures, words
from cli.i18n import _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from vault.service import Progress, Vault
    from vault.service.places import PlaceStatus

README = """\
Dit is een herstelstick van ongemerkt. / This is a recovery stick of ongemerkt.

Hij bevat een verzegelde kopie van een notitiekluis. Zonder wachtwoordzin of
herstelcode opent er niets. Wijzig, verplaats of kopieer hier niets: een kopie
van deze map is geen herstelstick, en kan terughalen wat vernietigd is.
Is de computer stuk of kwijt? Zet ongemerkt op een andere computer en geef:

    ongemerkt restore --place DEZE-MAP

It holds a sealed copy of a vault of notes. Without the passphrase or the
recovery code nothing opens. Change, move or copy nothing here: a copy of this
folder is no recovery stick, and can bring back what was destroyed.
Is the computer broken or lost? Install ongemerkt on another one and run:

    ongemerkt restore --place THIS-FOLDER
"""


class Followed(NamedTuple):
    """Sticks that were brought up to date by themselves, and those that failed, with the sentence that says why."""

    done: list[str]
    failed: list[tuple[str, str, str]]


def refresh_reachable(vault: Vault, progress: Progress | None = None, *, all_of_them: bool = False) -> Followed:
    """Refreshes the sticks that are there and owe; with `all_of_them` also those that do not. Never raises for one."""
    from vault.errors import VaultError

    followed = Followed([], [])
    folders = {each.folder: each.name for each in reversed(vault.places()) if each.reachable}
    owing = {each.folder for each in vault.places() if each.owes}
    for folder, name in reversed(folders.items()):
        if not all_of_them and folder not in owing:
            continue
        try:
            followed.done.append(vault.refresh_place(folder, progress).name)
        except (VaultError, OSError) as error:
            _code, kind, sentence = failures.explain(error)
            followed.failed.append((name, kind, sentence))
    return followed


def followed_lines(followed: Followed) -> list[str]:
    """What came of it, in sentences."""
    lines = [_("{name}: {sentence}").format(name=name, sentence=why) for name, _kind, why in followed.failed]
    if followed.done:
        text = ngettext(
            "Destroyed on the recovery stick too: {names}.",
            "Destroyed on the recovery sticks too: {names}.",
            len(followed.done),
        )
        lines.insert(0, text.format(names=words.listed(followed.done)))
    return lines


REFRESH = "ongemerkt place refresh"


def owing_line(vault: Vault, command: str = REFRESH) -> str:
    """Names the sticks that may still hold what was destroyed, and the command; empty if there are none."""
    names = [each.name for each in vault.places() if each.owes]
    if not names:
        return ""
    text = ngettext(
        "Not everything is destroyed on {names} yet. Plug it in and give: {command}",
        "Not everything is destroyed on {names} yet. Plug them in and give: {command}",
        len(names),
    )
    return text.format(names=words.listed(names), command=command)


def follow_unlocking(vault: Vault, progress: Progress | None = None, command: str = REFRESH) -> tuple[list[str], bool]:
    """After what opens the vault has changed: sticks that are there follow. What came of it in sentences, and whether
    every stick has followed: one that has not opens as the vault did before."""
    followed = refresh_reachable(vault, progress)
    lines = [_("{name}: {sentence}").format(name=name, sentence=why) for name, _kind, why in followed.failed]
    if followed.done:
        text = ngettext(
            "The recovery stick was refreshed too: {names}.",
            "The recovery sticks were refreshed too: {names}.",
            len(followed.done),
        )
        lines.insert(0, text.format(names=words.listed(followed.done)))
    names = [each.name for each in vault.places() if each.owes]
    if names:
        text = ngettext(
            "{names} still opens as the vault did before. Plug it in and give: {command}",
            "{names} still open as the vault did before. Plug them in and give: {command}",
            len(names),
        )
        lines.append(text.format(names=words.listed(names), command=command))
    return lines, not names


def state_line(place: PlaceStatus) -> str:
    """How a stick is doing, in a few words."""
    told = []
    if place.owes:
        told.append(_("still holds what was destroyed"))
    if place.lacks:
        told.append(_("lacks what is new"))
    if not place.reachable:
        told.append(_("not plugged in"))
    if not told:
        return _("up to date")
    return ", ".join(told) if place.owes or place.lacks else _("up to date; not plugged in")


def documents(places: Sequence[PlaceStatus]) -> list[dict[str, object]]:
    """The sticks as fields of a JSON document."""
    return [
        {"kind": "stick", "name": each.name, "reachable": each.reachable, "lacks": each.lacks, "owes": each.owes}
        for each in places
    ]


def few_words(places: Sequence[PlaceStatus]) -> str:
    """How the sticks are doing, for a status line; empty if there are none."""
    if not places:
        return ""
    owing, lacking = sum(each.owes for each in places), sum(each.lacks for each in places)
    if owing:
        text = ngettext("{n} stick has to destroy something", "{n} sticks have to destroy something", owing)
        return text.format(n=owing)
    if lacking:
        return ngettext("{n} stick is behind", "{n} sticks are behind", lacking).format(n=lacking)
    return ngettext("{n} stick up to date", "{n} sticks up to date", len(places)).format(n=len(places))


def on_one_disk(folder: str, data: str) -> bool:
    """Whether a folder, made already or not, is on the file system that the vault is on."""
    at = os.path.abspath(folder)
    while not os.path.exists(at):
        at = os.path.dirname(at)
    try:
        return os.stat(at).st_dev == os.stat(data).st_dev
    except OSError:
        return False
