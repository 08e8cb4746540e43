"""Between the program and its TPM: a relay in a process of its own that kills the program, or breaks the line, at one
command. The program sees a TPM; the TPM is a real one (tests/support/tpm.py)."""

import contextlib
import os
import select
import signal
import socket
from enum import Enum
from pathlib import Path

from tests.support.tpm import HOST


class How(Enum):
    """What happens at the n-th command."""

    KILLED = "the TPM does it, and the program is killed before it hears of that"
    CUT_BEFORE = "the line breaks before the command gets there"
    CUT_AFTER = "the line breaks before the answer gets back"
    GONE = "the line breaks and does not come back"


class Tap:
    """Relays to the TPM at `port`, in a child of the process that calls `start`: that one is what gets killed."""

    def __init__(self, port: int, heard: Path | None = None) -> None:
        """`heard`: a file that gets everything that crosses the line, in both directions."""
        self._tpm = port
        self._heard = heard
        self._count = 0
        self._dead = False
        self._listening = _two_in_a_row()
        self.tcti = f"swtpm:host={HOST},port={self._listening[0].getsockname()[1]}"
        # how many commands there were, and whether the n-th came: read by whoever is alive in the end
        self._reading, self._writing = os.pipe()

    def start(self, nth: int, how: How) -> None:
        """Counts from now on."""
        target = os.getpid()
        if os.fork() == 0:
            with contextlib.suppress(OSError):
                self._serve(nth, how, target)
            os._exit(0)
        for each in self._listening:
            each.close()

    def close(self) -> int:
        """How many commands there were in all processes that were started."""
        os.close(self._writing)
        for each in self._listening:
            each.close()
        with open(self._reading, "rb") as pipe:
            return len(pipe.read())

    def _serve(self, nth: int, how: How, target: int) -> None:
        data, control = self._listening
        lines: dict[socket.socket, socket.socket] = {}
        while os.getppid() == target:
            ready, _, _ = select.select([data, control, *lines], [], [], 0.2)
            for one in ready:
                if one in (data, control):
                    self._connect(one, lines, 0 if one is data else 1)
                elif one in lines:
                    self._pass_on(one, lines, nth, how)
                if self._dead:
                    os.kill(target, signal.SIGKILL)
                    return

    def _pass_on(self, one: socket.socket, lines: dict[socket.socket, socket.socket], nth: int, how: How) -> None:
        received = one.recv(8192)
        command = bool(received) and lines[one].getpeername()[1] == self._tpm
        if command:
            self._count += 1
            os.write(self._writing, b".")
        struck = command and (self._count == nth or (how is How.GONE and self._count >= nth))
        if not received or (struck and how in (How.CUT_BEFORE, How.GONE)):
            _close(one, lines)
            return
        if self._heard is not None:
            with self._heard.open("ab") as file:
                file.write(received)
        lines[one].sendall(received)
        if struck:
            # the TPM has done it once its answer is here
            lines[one].recv(8192)
            if how is How.KILLED:
                self._dead = True
            else:
                _close(one, lines)

    def _connect(self, listening: socket.socket, lines: dict[socket.socket, socket.socket], offset: int) -> None:
        near, _ = listening.accept()
        far = socket.create_connection((HOST, self._tpm + offset))
        lines[near], lines[far] = far, near


def _close(one: socket.socket, lines: dict[socket.socket, socket.socket]) -> None:
    other = lines.pop(one)
    lines.pop(other, None)
    one.close()
    other.close()


def _two_in_a_row() -> tuple[socket.socket, socket.socket]:
    while True:
        first, second = socket.socket(), socket.socket()
        first.bind((HOST, 0))
        with contextlib.suppress(OSError, OverflowError):
            second.bind((HOST, first.getsockname()[1] + 1))
            first.listen()
            second.listen()
            return first, second
        first.close()
        second.close()
