"""Asking the person: passphrases (from terminal, file or descriptor) and yes or no."""

from __future__ import annotations

import os
import sys

from cli import failures, terminal
from cli.i18n import _, ngettext
from cli.output import tell
from vault import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import IO

_TRIES = 3
"""How often a person may try before the program ends."""
_SHORT = 16
"""A passphrase of fewer characters gets advice; it is not refused."""


class Ask:
    """Where answers come from. Without a terminal nothing hangs: it raises Refused with exit code 3."""

    def __init__(self, file: str | None = None, descriptor: int | None = None, yes: bool = False) -> None:
        self._file = file
        self._descriptor = descriptor
        self._yes = yes
        self._lines: list[str] | None = None
        self._has_terminal: bool | None = None

    @property
    def has_terminal(self) -> bool:
        """Whether somebody at a terminal can answer."""
        if self._has_terminal is None:
            self._has_terminal = terminal.present()
        return self._has_terminal

    @property
    def by_hand(self) -> bool:
        """Whether passphrases are typed, not read from a file or descriptor."""
        return self._file is None and self._descriptor is None

    def read_ahead(self) -> None:
        """Takes the passphrase's line out of stdin before somebody else reads stdin for the note's text."""
        if self._file == "-" or self._descriptor == 0:
            self._given(1)

    def passphrase(self, prompt: str = "") -> str:
        """The vault's passphrase or recovery code. Raises Refused."""
        given = self._given(1)
        if given is None:
            return self._typed(prompt or _("Passphrase: "))
        if not given:
            raise failures.bad_input("PassphraseEmpty", _("The passphrase that was given is empty."))
        return given[0]

    def new_passphrase(self, line: int = 1) -> str:
        """A new passphrase: the given file's line number `line`, or typed twice. Raises Refused, PassphraseTooShort."""
        from vault import errors

        given = self._given(line)
        if given is not None and len(given) >= line:
            chosen = given[line - 1]
            if len(chosen) < limits.PASSPHRASE_CHARACTERS:
                raise errors.PassphraseTooShort
        else:
            chosen = self._typed_twice()
        if len(chosen) < _SHORT:
            tell(_("This passphrase is short. Four or more words that do not belong together are far safer."))
        return chosen

    def secret(self, prompt: str) -> str:
        """Something typed that nobody may see. Raises Refused."""
        return self._typed(prompt)

    def confirm(self, question: str) -> bool:
        """Whether the person says yes; the default is no. --yes answers yes. Raises Refused without a terminal."""
        if self._yes:
            return True
        answer = self.line(question + " " + _("[y/N]") + " ")
        return answer is not None and answer.strip().lower() in ("y", "yes", "j", "ja")

    def line(self, prompt: str) -> str | None:
        """A typed line that may be seen, or None at the end of input. Raises Refused without a terminal."""
        sys.stdout.flush()
        try:
            with terminal.Terminal() as screen:
                return screen.line(prompt)
        except terminal.NoTerminal:
            sentence = _("This asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
            raise failures.not_confirmed(sentence) from None

    def _typed(self, prompt: str) -> str:
        sys.stdout.flush()
        try:
            with terminal.Terminal() as screen:
                typed = screen.secret(prompt)
        except terminal.NoTerminal:
            raise failures.no_way_to_ask() from None
        if typed is None:
            raise failures.not_confirmed(_("No passphrase was typed. Nothing was done."))
        return checked(typed)

    def _typed_twice(self) -> str:
        for _attempt in range(_TRIES):
            first = self._typed(_("New passphrase: "))
            if len(first) < limits.PASSPHRASE_CHARACTERS:
                count = limits.PASSPHRASE_CHARACTERS
                sentence = ngettext(
                    "Too short: use at least {n} character.", "Too short: use at least {n} characters.", count
                )
                tell(sentence.format(n=count))
            elif self._typed(_("Once more, to be sure: ")) == first:
                return first
            else:
                tell(_("The two are not the same. Try again."))
        raise failures.not_confirmed(_("No passphrase was chosen. Nothing was changed."))

    def _given(self, count: int) -> list[str] | None:
        """The first `count` lines of the given file or descriptor, as far as they exist; None when typed by hand."""
        if self.by_hand:
            return None
        if self._lines is None:
            self._lines = []
            self._source = self._open()
        while len(self._lines) < count:
            data = self._source.readline(limits.PASSPHRASE_BYTES + 3)
            if not data:
                break
            self._lines.append(_line(data, first=not self._lines))
        return self._lines

    def _open(self) -> IO[bytes]:
        try:
            if self._file == "-" or self._descriptor == 0:
                return sys.stdin.buffer
            if self._file is not None:
                if os.path.isdir(self._file):
                    raise IsADirectoryError
                return open(self._file, "rb")
            return os.fdopen(self._descriptor or 0, "rb", closefd=False)
        except FileNotFoundError:
            sentence = _("The passphrase file is not there.")
            raise failures.Refused(failures.NOT_FOUND, "InputMissing", sentence) from None
        except OSError:
            sentence = _("The passphrase can't be read from the file or descriptor that was given.")
            raise failures.bad_input("PassphraseUnreadable", sentence) from None


def _line(data: bytes, first: bool) -> str:
    if first:
        data = data.removeprefix(b"\xef\xbb\xbf")
    return checked(data.rstrip(b"\r\n").decode(errors="surrogateescape"))


def checked(typed: str) -> str:
    """What was typed for a passphrase, if it is one at all. Raises Refused."""
    try:
        length = len(typed.encode())
    except UnicodeEncodeError:
        raise failures.bad_input("PassphraseNotText", _("The passphrase is not UTF-8 text.")) from None
    if length > limits.PASSPHRASE_BYTES:
        sentence = _("The passphrase is longer than {limit} bytes.").format(limit=limits.PASSPHRASE_BYTES)
        raise failures.bad_input("PassphraseTooLong", sentence)
    return typed
