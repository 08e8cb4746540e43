"""The person's own terminal, /dev/tty: reached even when stdin or stdout is a pipe."""

from __future__ import annotations

import os
import sys

from cli.output import harmless

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any, Self

_LINE_BYTES = 8192
"""Longest line that is read from the terminal; the system's own line buffer holds 4096."""


ENTER, LEAVE = "enter", "leave"
"""Keys that are no letters."""
_ESCAPE = 0.05
"""Seconds within which the rest of a key that begins with Esc follows."""


class NoTerminal(Exception):
    """This process has no terminal."""


def _at_once() -> None:
    """Waits for nothing: the terminal itself waits for a line."""


class Terminal:
    """Asks and shows on the terminal of the person at the keyboard. Used as a context manager."""

    def __init__(self) -> None:
        """Opens the terminal. Raises NoTerminal."""
        try:
            self._descriptor = os.open("/dev/tty", os.O_RDWR | getattr(os, "O_NOCTTY", 0) | getattr(os, "O_CLOEXEC", 0))
        except OSError:
            raise NoTerminal from None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_unused: object) -> None:
        os.close(self._descriptor)

    def show(self, text: str) -> None:
        """Writes harmless text as it stands, without a line end."""
        self._write(harmless(text))

    def picture(self, row: str, text: str = "") -> None:
        """Writes a row of a picture, dark on light whatever the terminal's colours, and text beside it."""
        self._write(f"\x1b[0;30;107m{harmless(row)}\x1b[0m  {harmless(text)}\n")

    def prose(self, text: str) -> None:
        """The same, broken between words; what follows a line stays below its indent."""
        import textwrap

        width = self.size()[0] - 1
        for part in harmless(text).splitlines(keepends=True):
            line = part.rstrip("\n")
            indent = " " * (len(line) - len(line.lstrip()))
            self._write(textwrap.fill(line, width, subsequent_indent=indent) + part[len(line) :])

    def fileno(self) -> int:
        """The terminal's descriptor."""
        return self._descriptor

    def line(self, prompt: str, wait: Callable[[], None] = _at_once) -> str | None:
        """What is typed after the prompt, or None at the end of input (Ctrl-D). `wait` is called before reading."""
        self.show(prompt)
        wait()
        return self._read()

    def secret(self, prompt: str, wait: Callable[[], None] = _at_once) -> str | None:
        """The same, not shown while it is typed."""
        import termios

        before = termios.tcgetattr(self._descriptor)
        quiet = termios.tcgetattr(self._descriptor)
        quiet[3] &= ~termios.ECHO

        def restore() -> None:
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, before)

        with _Restoring(restore):
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, quiet)
            self.show(prompt)
            try:
                wait()
                return self._read()
            finally:
                self.show("\n")

    def size(self) -> tuple[int, int]:
        """Columns and rows."""
        found = os.get_terminal_size(self._descriptor)
        return found.columns or 80, found.lines or 24

    def keys(self) -> Keys:
        """Single keys instead of lines, on the second screen; a context manager."""
        return Keys(self, self._descriptor)

    def aside(self) -> Aside:
        """The second screen while lines are typed that must not be scrolled back to; a context manager."""
        return Aside(self, self._descriptor)

    def other_screen(self) -> None:
        """Goes to the terminal's second screen, which leaves nothing to scroll back to."""
        self._write("\x1b[?1049h\x1b[2J\x1b[H")

    def clear(self) -> None:
        """Empties the second screen."""
        self._write("\x1b[2J\x1b[H")

    def first_screen(self) -> None:
        """Empties the second screen and goes back to the first."""
        self._write("\x1b[2J\x1b[H\x1b[?1049l")

    def _write(self, text: str) -> None:
        data = text.encode(errors="replace")
        while data:
            data = data[os.write(self._descriptor, data) :]

    def _read(self) -> str | None:
        """One line; the terminal itself gives lines. Bytes that are not UTF-8 become surrogates: no secret has them."""
        data = b""
        while not data.endswith(b"\n") and len(data) < _LINE_BYTES:
            piece = os.read(self._descriptor, 1024)
            if not piece:
                break
            data += piece
        return data.rstrip(b"\r\n").decode(errors="surrogateescape") if data else None


class Keys:
    """While this lasts, keys come one by one and unseen, on the terminal's second screen."""

    def __init__(self, screen: Terminal, descriptor: int) -> None:
        self._screen = screen
        self._descriptor = descriptor

    def __enter__(self) -> Self:
        import termios

        before = termios.tcgetattr(self._descriptor)
        single = termios.tcgetattr(self._descriptor)
        single[3] &= ~(termios.ECHO | termios.ICANON)
        # a program that is put aside would leave what it shows on the screen
        single[6][termios.VSUSP] = b"\0"

        def restore() -> None:
            self._screen.first_screen()
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, before)

        self._restoring = _Restoring(restore)
        self._restoring.__enter__()
        termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, single)
        self._screen.other_screen()
        return self

    def __exit__(self, *_unused: object) -> None:
        self._restoring.__exit__()

    def next(self) -> str:
        """The next key: a small letter, ENTER, or LEAVE for Esc, Ctrl-D and the end of input; "" for any other."""
        data = self._byte()
        if data == b"\x1b" and self._more():
            self._skip()
            return ""
        if data in (b"", b"\x04", b"\x1b"):
            return LEAVE
        return ENTER if data in (b"\r", b"\n") else data.decode(errors="ignore").lower()

    def _skip(self) -> None:
        """Reads the rest of an arrow, a function key or a key with Alt: its letters are no answers."""
        found = self._byte()
        if found in (b"[", b"O"):
            found = b"0"
            while found and not b"@" <= found <= b"~":
                found = self._byte() if self._more() else b""

    def _byte(self) -> bytes:
        """The next byte; empty when there is nobody any more to type one."""
        try:
            return os.read(self._descriptor, 1)
        except OSError:
            return b""

    def _more(self) -> bool:
        import select

        return bool(select.select([self._descriptor], [], [], _ESCAPE)[0])


class Aside:
    """While this lasts, what is shown and typed stands on the terminal's second screen."""

    def __init__(self, screen: Terminal, descriptor: int) -> None:
        self._screen = screen
        self._descriptor = descriptor

    def __enter__(self) -> Self:
        import termios

        before = termios.tcgetattr(self._descriptor)
        kept = termios.tcgetattr(self._descriptor)
        # a program that is put aside would leave what it shows on the screen
        kept[6][termios.VSUSP] = b"\0"

        def restore() -> None:
            self._screen.first_screen()
            termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, before)

        self._restoring = _Restoring(restore)
        self._restoring.__enter__()
        termios.tcsetattr(self._descriptor, termios.TCSAFLUSH, kept)
        self._screen.other_screen()
        return self

    def __exit__(self, *_unused: object) -> None:
        self._restoring.__exit__()


class _Restoring:
    """Runs `restore` when the block ends, also when the process is told to stop meanwhile."""

    def __init__(self, restore: Callable[[], None]) -> None:
        self._restore = restore
        self._before: list[tuple[int, Any]] = []

    def __enter__(self) -> None:
        import signal

        def stop(number: int, _frame: object) -> None:
            self._restore()
            # whoever listened before has things to restore too, such as the first screen
            signal.signal(number, before[signal.Signals(number)] or signal.SIG_DFL)
            os.kill(os.getpid(), number)

        before = {number: signal.signal(number, stop) for number in (signal.SIGTERM, signal.SIGHUP)}
        self._before = list(before.items())

    def __exit__(self, *_unused: object) -> None:
        import signal

        self._restore()
        for number, handler in self._before:
            signal.signal(number, handler)


def present() -> bool:
    """Whether there is a terminal to ask on."""
    try:
        with Terminal():
            return True
    except NoTerminal:
        return False


def is_screen(name: str) -> bool:
    """Whether the stream "stdin", "stdout" or "stderr" is a terminal."""
    return bool(getattr(sys, name).isatty())
