"""The real program in a real pseudo-terminal, with an emulator that has a second screen and a scrollback."""

import os
import re
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Self

import pexpect
import pyte

PATIENCE = 20.0
"""Seconds to wait for something to appear; only a failing test waits so long."""

_SWITCH = re.compile(rb"\x1b\[\?1049([hl])")


class Emulator:
    """What somebody in front of the terminal sees, and could scroll back to."""

    def __init__(self, rows: int, columns: int) -> None:
        self._main = pyte.HistoryScreen(columns, rows, history=10_000, ratio=0.5)
        self._other = pyte.Screen(columns, rows)
        self._streams = {False: pyte.ByteStream(self._main), True: pyte.ByteStream(self._other)}
        self.second = False
        self._rest = b""

    def feed(self, data: bytes) -> None:
        """Takes what the program wrote. pyte knows no second screen, so switching is done here."""
        data = self._rest + data
        # an escape sequence may still be on its way
        cut = data.rfind(b"\x1b", -8)
        whole, self._rest = (data, b"") if cut < 0 or _ended(data[cut:]) else (data[:cut], data[cut:])
        place = 0
        for switch in _SWITCH.finditer(whole):
            self._streams[self.second].feed(whole[place : switch.start()])
            self.second = switch.group(1) == b"h"
            if self.second:
                self._other.reset()
            place = switch.end()
        self._streams[self.second].feed(whole[place:])

    def resize(self, rows: int, columns: int) -> None:
        """The window has another size now."""
        self._main.resize(rows, columns)
        self._other.resize(rows, columns)

    @property
    def rows(self) -> list[str]:
        """What is on the screen now."""
        return [row.rstrip() for row in (self._other if self.second else self._main).display]

    @property
    def cells(self) -> list[list[Any]]:
        """What is on the screen now, character by character, with how each looks."""
        screen = self._other if self.second else self._main
        return [[screen.buffer[y][x] for x in range(screen.columns)] for y in range(screen.lines)]

    @property
    def first_screen(self) -> str:
        """The first screen and everything that can be scrolled back to."""
        above = ["".join(line[x].data for x in range(self._main.columns)) for line in self._main.history.top]
        return "\n".join([*above, *self._main.display])

    @property
    def second_screen(self) -> str:
        """What the second screen holds, shown or not."""
        return "\n".join(self._other.display)


def _ended(sequence: bytes) -> bool:
    return re.match(rb"\x1b(\[[0-9;?]*[@-~]|[^\[])", sequence) is not None


def _listens() -> None:
    # a shell that starts the tests in the background makes them, and what they start, deaf to Ctrl-C
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)


class Program:
    """One run of the program, with cheap key derivation; `when` is the day and time it believes in, - the real ones."""

    def __init__(
        self,
        home: Path,
        *arguments: str,
        rows: int = 24,
        columns: int = 80,
        when: str = "-",
        module: str = "tests.support.program",
        **environment: str,
    ) -> None:
        (home / "tmp").mkdir(exist_ok=True)
        keep = {name: os.environ[name] for name in ("PATH", "LANG") if name in os.environ}
        keep |= {"HOME": str(home), "TMPDIR": str(home / "tmp"), "TERM": "xterm-256color", "PYTHONPATH": os.getcwd()}
        self.home = home
        self.screen = Emulator(rows, columns)
        self.raw = b""
        self._hung_up = False
        # without an encoding it gives bytes, which its type stub does not know
        self._child: Any = pexpect.spawn(
            sys.executable,
            ["-m", module, when, *arguments],
            env=keep | environment,
            dimensions=(rows, columns),
            timeout=PATIENCE,
            preexec_fn=_listens,
        )
        self._child.delaybeforesend = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if not self._hung_up:
            self._child.close(force=True)

    @property
    def pid(self) -> int:
        """The process's number."""
        return int(self._child.pid)

    @property
    def seen(self) -> str:
        """What is on the screen."""
        return "\n".join(self.screen.rows)

    def types(self, *keys: str) -> None:
        """Sends keys."""
        data = "".join(keys).encode()
        while data:
            # the terminal takes 4 KB at a time, and the program answers meanwhile
            data = data[os.write(self._child.child_fd, data[:1024]) :]
            self._take(0)

    def sees(self, text: str, times: int = 1) -> None:
        """Waits until `text` is on the screen, so many times."""
        self._wait(lambda: self.seen.count(text) >= times, f"{text!r} on the screen")

    def looks(self) -> str:
        """What is on the screen, after whatever came within half a second."""
        self._take(0.5)
        return self.seen

    def no_longer_sees(self, text: str) -> None:
        """Waits until `text` is gone from the screen."""
        self._wait(lambda: text not in self.seen, f"{text!r} gone from the screen")

    def _wait(self, there: Callable[[], bool], what: str) -> None:
        end = time.monotonic() + PATIENCE
        while not there():
            if time.monotonic() > end or not self._take(0.5):
                raise AssertionError(f"waited for {what}; saw:\n{self.seen}")

    def _take(self, patience: float) -> bool:
        """Reads what the program wrote. False at its end."""
        try:
            data = self._child.read_nonblocking(65536, patience)
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        self.raw += data
        self.screen.feed(data)
        return True

    def resize(self, rows: int, columns: int) -> None:
        """Gives the window another size."""
        self.screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def signal(self, number: int) -> None:
        """Sends a signal."""
        os.kill(self.pid, number)

    def hang_up(self) -> None:
        """Closes the terminal's window."""
        self._child.ptyproc.fileobj.close()
        self._hung_up = True

    def ends(self) -> int:
        """Waits for the program's end: its exit code, or minus the signal that killed it."""
        end = time.monotonic() + PATIENCE
        while self._take(0.5):
            assert time.monotonic() < end, f"still running; saw:\n{self.seen}"
        self._child.wait()
        status = self._child.exitstatus
        return int(status) if status is not None else -int(self._child.signalstatus)

    def waits_for_end(self) -> int:
        """The same when there is no terminal any more to read from."""
        _, status = os.waitpid(self.pid, 0)
        return os.waitstatus_to_exitcode(status)

    def ignores(self, number: int) -> bool:
        """Whether the process ignores a signal."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        mask = next(line.split()[1] for line in status.splitlines() if line.startswith("SigIgn:"))
        return bool(int(mask, 16) >> (number - 1) & 1)

    def state(self) -> str:
        """The letter that the system gives the process: T is stopped."""
        return Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()[0]


def plain_on_disk(home: Path, *words: str) -> list[Path]:
    """The files under `home` that hold one of these words in the clear, in their content or name."""
    wanted = [word.encode() for word in words]
    return [
        path
        for path in home.rglob("*")
        if any(word in path.name.encode() for word in wanted)
        or (path.is_file() and any(word in path.read_bytes() for word in wanted))
    ]
