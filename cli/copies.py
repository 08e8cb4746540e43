"""Copies for a client: the formats, their files, and the spoken code of those that are sealed."""

from __future__ import annotations

import os
import sys

from cli import failures
from cli.i18n import _
from cli.output import harmless

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from cli.terminal import Terminal

FORMATS = ("html", "age", "pdf", "md", "json")
"""As the core has them; it is asked when a copy is made."""
_TRIES = 3


def add_options(parser: argparse.ArgumentParser) -> None:
    """The options --format and --code-file."""
    parser.add_argument(
        "--format",
        choices=FORMATS,
        help=_("html opens in any browser with a spoken code; age needs the age program; pdf, md and json are open"),
    )
    parser.add_argument(
        "--code-file",
        metavar=_("FILE"),
        help=_("write the spoken code to this new file instead of showing it"),
    )


def format_of(chosen: str | None, target: str) -> str:
    """The format: as chosen, else by the file's name. Raises Refused."""
    kind = chosen or os.path.splitext(target)[1][1:].lower()
    if kind not in FORMATS:
        raise failures.bad_input("FormatUnknown", _("Say which format the copy has: html, age, pdf, md or json."))
    return kind


# -- the spoken code


class Code:
    """The spoken code of one copy, on its way to the coach."""

    def __init__(self, context: Context, kind: str, file: str | None, *, tested: bool) -> None:
        """Draws it, if the format has one. `tested`: the notes will be gone, so it must have arrived before that.

        Raises Refused when there is no way to hand it over.
        """
        self._context, self._file, self._tested = context, file, tested
        from vault.service import export_code

        code = export_code(kind, context.lang)
        if code and file is None and not self._has_screen and (tested or not context.json):
            sentence = _("The spoken code has to go somewhere: there is no screen. Give a file for it: --code-file.")
            raise failures.Refused(failures.NOT_ALLOWED, "NoWayToAsk", sentence)
        self.text = code

    @property
    def _has_screen(self) -> bool:
        return not self._context.json and self._context.ask.has_terminal and sys.stdout.isatty()

    @property
    def in_answer(self) -> str | None:
        """The code, if it belongs into the JSON document."""
        return self.text if self.text and self._file is None and self._context.json else None

    def hand_over(self) -> None:
        """Writes or shows it, before the copy is made. Raises Refused: then there is to be no copy."""
        if not self.text or self.in_answer:
            return
        if self._file is not None:
            write_new(self._file, (self.text + "\n").encode())
        elif not self._shown():
            raise failures.not_confirmed(_("The code was not written down. Nothing was done."))

    def _shown(self) -> bool:
        from cli.terminal import Terminal

        with Terminal() as screen:
            screen.other_screen()
            try:
                return self._read_and_typed(screen)
            finally:
                screen.first_screen()

    def _read_and_typed(self, screen: Terminal) -> bool:
        page = "\n".join(
            [
                _("The spoken code of this copy:"),
                "",
                "    " + self.text,
                "",
                _("Write it down, and say it by telephone or face to face: never send it along with the file."),
                _("It is shown only now, and without it nobody can open the copy."),
                "",
                "",
            ]
        )
        while True:
            screen.clear()
            screen.prose(page)
            if screen.line(_("Press Enter when you have it. ")) is None:
                return False
            if not self._tested:
                return True
            screen.clear()
            screen.prose(_("The notes will be gone, so the code is tried once: type it from your paper.") + "\n\n")
            for _attempt in range(_TRIES):
                line = screen.line("> ")
                if line is None:
                    return False
                if self._same(line):
                    return True
                screen.prose(_("That is not the code. Look at your paper once more.") + "\n")

    def _same(self, line: str) -> bool:
        from vault import spoken
        from vault.errors import WordNotUnderstood

        try:
            return " ".join(spoken.read(self._context.lang, line)) == self.text
        except WordNotUnderstood:
            return False


def write_new(path: str, data: bytes) -> None:
    """Writes a new file, mode 0600, to the disk. Raises Refused when there is one already or it can't be made."""
    name = harmless(path)
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    except FileExistsError:
        sentence = _("{name} is there already. Choose another name.").format(name=name)
        raise failures.bad_input("TargetExists", sentence) from None
    except (OSError, ValueError):
        sentence = _("{name} can't be made. Choose another place.").format(name=name)
        raise failures.bad_input("TargetFailed", sentence) from None
    try:
        while data:
            data = data[os.write(descriptor, data) :]
        os.fsync(descriptor)
    except OSError:
        os.unlink(path)
        raise
    finally:
        os.close(descriptor)
