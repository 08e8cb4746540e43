"""Lines on the terminal for the plain mode: shown a screenful at a time, asked one by one, until nobody is there."""

from __future__ import annotations

import os
import select
import signal
import textwrap
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from cli.i18n import _
from cli.shell.plain import one_line
from cli.shell.relock import HUNG_UP, LOCKED
from cli.shell.watch import ticking
from cli.terminal import Terminal

_TICK = 1.0
"""Longest wait, seconds: after a laptop wakes up, the idle time must not begin anew."""
_BRISK = 0.2
"""The same while something else is done between two commands."""
_ROWS_LEFT = 2
"""Rows of a screenful that are left for the question whether to go on."""


class Stopped(Exception):
    """The program is to end with `code`: a signal, a terminal that went away, or nobody there (LOCKED)."""

    def __init__(self, code: int) -> None:
        super().__init__(code)
        self.code = code


class Talk:
    """Shows and asks. `idle` tells after how many seconds without a line the vault locks itself."""

    def __init__(self, screen: Terminal, idle: Callable[[], float], clock: Callable[[], float] = ticking) -> None:
        self._screen = screen
        self._idle = idle
        self._clock = clock
        self._listening = False
        self._interrupted = False
        """Whether Ctrl-C came while something was being done; it counts for the next question."""
        self._stopped: int | None = None
        self.meanwhile: Callable[[], None] = lambda: None
        """Called a few times a second while a command is awaited."""
        self._meanwhile = False

    # -- showing

    def show(self, lines: Sequence[str]) -> None:
        """Shows lines with their words wrapped; stops for Enter when the screen is full."""
        columns, height = os.get_terminal_size(self._screen.fileno())
        wrapped = [row for line in lines for row in (_wrapped(line, max(columns - 1, 10)))]
        room = max(height - _ROWS_LEFT, 1)
        for at in range(0, len(wrapped), room):
            if at:
                answer = self.line(_("Enter: more. Ctrl-C: enough. "))
                if answer is None:
                    return
            self._screen.show("\n".join(wrapped[at : at + room]) + "\n")

    # -- asking

    def command(self, prompt: str) -> str | None:
        """A line as `line` gives it; while nobody has typed it, something else may be done."""
        self._meanwhile = True
        try:
            return self.line(prompt)
        finally:
            self._meanwhile = False

    def line(self, prompt: str) -> str | None:
        """A line that was typed; None after Ctrl-C or Ctrl-D. Raises Stopped."""
        return self._asked(lambda: self._screen.line(prompt, self._wait))

    def secret(self, prompt: str) -> str | None:
        """The same, not shown while it is typed."""
        return self._asked(lambda: self._screen.secret(prompt, self._wait))

    def _asked(self, read: Callable[[], str | None]) -> str | None:
        if self._stopped is not None:
            raise Stopped(self._stopped)
        self._listening = True
        try:
            self._raise_interrupt()
            typed = read()
        except KeyboardInterrupt:
            self._screen.show("\n")
            return None
        except OSError:
            raise Stopped(HUNG_UP) from None
        finally:
            self._listening = False
        if typed is None:
            self._screen.show("\n")
            return None
        return one_line(typed)

    def lets(self, seconds: float) -> bool:
        """Waits so long, or until Enter. False after Ctrl-C. Raises Stopped."""
        self._listening = True
        try:
            self._raise_interrupt()
            if self._ready(seconds):
                return self._screen.line("") == ""
            return True
        except KeyboardInterrupt:
            return False
        finally:
            self._listening = False

    def _raise_interrupt(self) -> None:
        interrupted, self._interrupted = self._interrupted, False
        if interrupted:
            raise KeyboardInterrupt

    def _ready(self, seconds: float) -> bool:
        """Whether a line has come within so many seconds."""
        until = self._clock() + seconds
        while (left := until - self._clock()) > 0:
            if select.select([self._screen.fileno()], [], [], min(left, _BRISK if self._meanwhile else _TICK))[0]:
                return True
            if self._meanwhile:
                self.meanwhile()
        return False

    def _wait(self) -> None:
        if not self._ready(self._idle()):
            raise Stopped(LOCKED)

    # -- being told to end

    @contextmanager
    def signals(self) -> Iterator[None]:
        """While a line is awaited a signal ends the waiting; work that goes on is finished first."""

        def stop(number: int, _frame: object) -> None:
            self._stopped = 128 + number
            if self._listening:
                raise Stopped(self._stopped)

        def interrupt(_number: int, _frame: object) -> None:
            if self._listening:
                raise KeyboardInterrupt
            self._interrupted = True

        handlers: dict[signal.Signals, Callable[[int, object], None] | signal.Handlers] = {
            signal.SIGTERM: stop,
            signal.SIGHUP: stop,
            signal.SIGQUIT: stop,
            signal.SIGINT: interrupt,
            # a suspended program would leave its text on the screen
            signal.SIGTSTP: signal.SIG_IGN,
        }
        before = {number: signal.signal(number, handler) for number, handler in handlers.items()}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


def _wrapped(line: str, width: int) -> list[str]:
    return [row for part in line.split("\n") for row in (textwrap.wrap(part, width, break_on_hyphens=False) or [""])]
