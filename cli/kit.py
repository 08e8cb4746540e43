"""The recovery kit: one code on paper that opens the vault when the passphrase is forgotten."""

from __future__ import annotations

import os

from cli import failures
from cli.i18n import _
from cli.output import harmless
from cli.terminal import Terminal

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

_TRIES = 3
_WIDTH = 72


def sheet(code: str, *, from_file: bool) -> str:
    """The text of the kit: to print from a file, or to copy from the screen."""
    import textwrap

    parts = [
        _("What it is for: if you forget your passphrase, type this code instead."),
        _(
            "Together with this computer, or with a recovery stick, the code opens all of your notes. Nobody can make a"
            " new one for you. Without a passphrase and without this code nothing opens, stick and backup or not."
        ),
        _("Keep it on paper, where you keep your passport. Do not photograph it, do not mail it, do not store it."),
        _("The code has no I, L, O or U: what looks like one is a 1, a 0 or a V."),
    ]
    if from_file:
        parts.append(_("Delete the file that this sheet was printed from."))
    head = [_("RECOVERY KIT OF ONGEMERKT"), "", _("Recovery code:"), "", "    " + code, ""]
    return "\n".join(
        [*head, *(textwrap.fill(part, _WIDTH, initial_indent="- ", subsequent_indent="  ") for part in parts), ""]
    )


class KitFile:
    """A new file for the kit, mode 0600, made before the vault so that a wrong name does no harm."""

    def __init__(self, path: str) -> None:
        """Makes the empty file. Raises Refused when there is one already or it can't be made."""
        self._path = path
        name = harmless(path)
        try:
            self._descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        except FileExistsError:
            sentence = _("{name} is there already. Choose another name for the kit.").format(name=name)
            raise failures.bad_input("KitExists", sentence) from None
        except OSError:
            sentence = _("{name} can't be made. Choose another place for the kit.").format(name=name)
            raise failures.bad_input("KitUnwritable", sentence) from None

    def write(self, code: str) -> None:
        """Writes the sheet to the disk. Raises OSError."""
        self.write_text(sheet(code, from_file=True))

    def write_text(self, text: str) -> None:
        """Writes a sheet to the disk. Raises OSError."""
        data = text.encode()
        while data:
            data = data[os.write(self._descriptor, data) :]
        os.fsync(self._descriptor)
        os.close(self._descriptor)

    def discard(self) -> None:
        """Removes the file: there will be no vault."""
        os.close(self._descriptor)
        os.unlink(self._path)


def show_and_test(code: str, same: Callable[[str, str], bool]) -> bool:
    """Shows the sheet on the terminal's second screen and has the code typed back. Whether it was typed right."""
    with Terminal() as screen:
        screen.other_screen()
        try:
            while True:
                screen.show(sheet(code, from_file=False) + "\n")
                if screen.line(_("Write the code down. Then press Enter: you type it back once. ")) is None:
                    return False
                screen.clear()
                if _typed_back(screen, code, same):
                    return True
                screen.clear()
        except KeyboardInterrupt:
            # the vault exists; leaving here without the code would lose it for good
            return False
        finally:
            screen.first_screen()


def _typed_back(screen: Terminal, code: str, same: Callable[[str, str], bool]) -> bool:
    for _attempt in range(_TRIES):
        typed = screen.line(_("The code from your paper: "))
        if typed is None:
            raise KeyboardInterrupt
        if same(typed, code):
            return True
        screen.show(_("That is not the code. Look at your paper once more.") + "\n")
    return False
