"""The first run on a new computer: what is asked to get a vault back from a recovery stick, and getting it."""

from __future__ import annotations

from contextlib import contextmanager
from typing import NamedTuple

from cli.failures import Refused
from cli.i18n import _
from cli.shell.frame import sentence
from cli.shell.steps import Choice, Choosing, Telling, Typing, Working, gap, paragraph

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from prompt_toolkit.layout import AnyContainer

    from cli.shell.steps import Step
    from vault.service import Clock, Paths, Vault
    from vault.service.restoring import Examined, Opened


class Found(NamedTuple):
    """What the stick gives back, and what has to be known about that."""

    examined: Examined
    lines: list[str]


def _title(name: str) -> Callable[[], str]:
    return lambda: f"Ongemerkt · {name}"


def _told(*texts: str) -> list[AnyContainer]:
    rows: list[AnyContainer] = []
    for text in texts:
        rows += [paragraph(lambda text=text: text), gap()]  # type: ignore[misc]
    return rows


# -- what is asked


def folder() -> Step:
    """The folder of the stick, or BACK."""
    from vault.errors import PlaceMissing

    def accept(text: str) -> str | None:
        text = text.strip()
        if text and is_stick(text):
            return text
        step.tell(sentence(PlaceMissing()))
        return None

    rows = _told(
        _("Plug in your recovery stick, and type the folder that it is in."),
        _("That is often a folder below /media or /run/media, such as /media/noor/STICK."),
    )
    step = Typing(_title(_("recovery stick")), rows, _("Folder: "), accept, hidden=False)
    return step


def is_stick(text: str) -> bool:
    """Whether a recovery stick is in this folder, or within it."""
    import os

    from vault.errors import VaultError
    from vault.service import exists
    from vault.service.sticks import stick_folder, stick_paths

    try:
        return exists(stick_paths(stick_folder(os.path.expanduser(text))))
    except (VaultError, ValueError):
        return False


def secret() -> Step:
    """The recovery code or passphrase, or BACK."""
    from cli.ask import checked

    def accept(text: str) -> str | None:
        try:
            return checked(text) or None
        except Refused as refused:
            step.tell(refused.sentence)
            return None

    rows = _told(_("Type the code from your recovery kit, or your passphrase."))
    step = Typing(_title(_("recovery stick")), rows, _("Code or passphrase: "), accept)
    return step


def working() -> Working:
    """While the stick is opened, and while the vault is written."""
    return Working(_title(_("recovery stick")), [paragraph(lambda: _("Opening every note on the stick…"))])


def found(lines: list[str]) -> Step:
    """What is on the stick: True to restore it, or BACK."""
    return Choosing(_title(_("recovery stick")), _told(*lines), [Choice(True, _("Restore it on this computer"))])


def not_opened(why: str) -> Step:
    """The stick could not be opened, or the vault not be written: True to try again, or BACK."""
    rows = _told(_("That did not work. {why}").format(why=why))
    return Choosing(_title(_("recovery stick")), rows, [Choice(True, _("Try again"))])


def done(opens: bool, unrefreshed: str) -> Step:
    """What to do now. `unrefreshed`: why the stick could not be made one of the new vault, or empty."""
    told = [_("Your vault is back on this computer.")]
    if unrefreshed:
        later = _("The stick could not be refreshed. {why} Later: ongemerkt place refresh DIR")
        told.append(later.format(why=unrefreshed))
    told += [
        _("If you forgot your passphrase, choose a new one now: ongemerkt passphrase change"),
        _("If you synced: ongemerkt sync enrol URL, with a new invitation of your server's keeper."),
    ]
    return Telling(_title(_("ready")), _told(*told), _("open the vault") if opens else _("ready"), back=False)


# -- doing it, in a thread of its own


@contextmanager
def _opened(text: str, code: str) -> Iterator[Opened]:
    import os

    from vault.service.restoring import open_places

    with open_places([os.path.expanduser(text)], code) as (place, _closed):
        yield place


def look(text: str, code: str, clock: Clock) -> Found:
    """Opens every note on the stick; nothing is written. Raises the core's errors."""
    from cli.commands.restore import before
    from vault.months import month_of
    from vault.service.restoring import examine

    with _opened(text, code) as place:
        examined = examine(place.state, [], month_of(clock()))
        return Found(examined, before(place, examined))


def restore(paths: Paths, text: str, code: str, clock: Clock) -> tuple[Vault, str]:
    """The vault, open, and why the stick could not be refreshed (empty if it was). Raises the core's errors."""
    from cli.commands.restore import refreshed
    from vault.service.restoring import restore_vault

    with _opened(text, code) as place:
        vault, stick = restore_vault(paths, place, {}, clock=clock), place.folder
    why = refreshed(vault, stick)
    return vault, sentence(why) if why is not None else ""
