"""The program in tmux, with its own server: what many coaches' technicians run it in."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Self

PATIENCE = 20.0
"""Seconds to wait for something to appear; only a failing test waits so long."""
_EVERY = 0.02
TMUX = shutil.which("tmux")


class Pane:
    """One pane with the program in a shell-less window; `rows` × `columns`."""

    def __init__(self, home: Path, *arguments: str, rows: int = 24, columns: int = 80) -> None:
        self._socket = home / "tmux.sock"
        environ = {"HOME": str(home), "XDG_STATE_HOME": str(home), "PYTHONPATH": os.getcwd(), "LANG": "C.UTF-8"}
        self._environ = environ | {"PATH": os.environ["PATH"], "TERM": "xterm-256color", "TMUX_TMPDIR": str(home)}
        self._ended = home / "ended"
        # tmux itself does not always come to know how the program ended
        told = ["sh", "-c", '"$@"; echo $? >"$0"', str(self._ended)]
        program = [*told, sys.executable, "-m", "tests.support.program", "-", *arguments]
        # the pane stays when the program has ended, so that what it left behind can be looked at
        self._run(
            "new-session", "-d", "-x", str(columns), "-y", str(rows), *program, ";", "set", "remain-on-exit", "on"
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._run("kill-server")

    def _run(self, *words: str) -> str:
        done = subprocess.run(
            [TMUX or "tmux", "-S", str(self._socket), "-f", os.devnull, *words],
            env=self._environ,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=True,
        )
        return done.stdout

    def types(self, *keys: str) -> None:
        """Sends keys by tmux's names for them; what is no name is typed letter by letter."""
        self._run("send-keys", *keys)

    @property
    def seen(self) -> str:
        """What is on the screen."""
        return self._run("capture-pane", "-p")

    @property
    def everything(self) -> str:
        """What can be scrolled back to, the title and the other screen included."""
        parts = [self._run("capture-pane", "-p", "-S", "-"), self._run("display", "-p", "#{pane_title} #{window_name}")]
        return "\n".join(parts)

    def sees(self, text: str) -> None:
        """Waits until `text` is on the screen."""
        end = time.monotonic() + PATIENCE
        while text not in self.seen:
            if time.monotonic() > end:
                raise AssertionError(f"waited for {text!r}; saw:\n{self.seen}")
            time.sleep(_EVERY)

    def resize(self, rows: int, columns: int) -> None:
        """Gives the window another size."""
        self._run("resize-window", "-x", str(columns), "-y", str(rows))

    def ends(self) -> int:
        """Waits for the program's end: its exit code."""
        end = time.monotonic() + PATIENCE
        while not self._ended.exists() or not (status := self._ended.read_text().strip()):
            if time.monotonic() > end:
                raise AssertionError(f"still running; saw:\n{self.seen}")
            time.sleep(_EVERY)
        return int(status)
