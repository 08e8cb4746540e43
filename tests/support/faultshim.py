"""faultshim.c as Python sees it in a process that has it loaded in front of libc."""

import ctypes
import json
import os
import sys
import traceback
from collections.abc import Callable
from enum import IntEnum
from pathlib import Path
from typing import Any


class Mode(IntEnum):
    """What happens at the n-th step; the numbers are faultshim.c's."""

    KILL_BEFORE = 1
    KILL_AFTER = 2
    TORN = 3
    """Half of a write, then killed."""
    EIO_ONCE = 4
    """The step fails once, a write after half of it."""
    EIO_ON = 5
    """This step and every later one fails."""
    LIED = 6
    """The step is done and reported as failed."""
    FULL_ON = 7
    """From here on nothing that needs room is written."""
    READ_ONLY = 8
    """From here on nothing can be written or opened for writing."""
    RANDOM = 9
    """Any step may fail."""
    NO_FILES = 10
    """From here on no new file can be made: there is room, but no inode."""


KILLING = {Mode.KILL_BEFORE, Mode.KILL_AFTER, Mode.TORN}
LASTING = {Mode.EIO_ON, Mode.FULL_ON, Mode.NO_FILES, Mode.READ_ONLY}
NEVER = 1 << 30
"""A step that no operation gets to."""


class Shim:
    """The shim that is loaded in this process."""

    def __init__(self, folder: Path) -> None:
        """It will strike in `folder`."""
        self._library: Any = ctypes.CDLL(None)
        self._library.fault_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int]
        self._library.fault_then_kill.argtypes = self._library.fault_span.argtypes = [ctypes.c_long]
        self._library.fault_count.restype = self._library.fault_fired.restype = ctypes.c_long
        self._library.fault_name.argtypes = [ctypes.c_long]
        self._library.fault_name.restype = ctypes.c_char_p
        self._folder = str(folder).encode()

    def arm(self, step: int, mode: Mode, *, only: str = "", then_kill: int = 0, span: int = 0) -> None:
        self._library.fault_arm(self._folder, step, mode)
        self._library.fault_only(only.encode())
        self._library.fault_then_kill(then_kill)
        if span:
            self._library.fault_span(span)

    def disarm(self) -> None:
        self._library.fault_disarm()

    def trace(self, descriptor: int) -> None:
        """Writes down in a file what is done to the folder; -1 ends it."""
        self._library.fault_trace(self._folder, descriptor)

    @property
    def fired(self) -> bool:
        return bool(self._library.fault_fired())

    @property
    def count(self) -> int:
        return int(self._library.fault_count())

    def names(self) -> list[str]:
        """The names of all steps since `arm`."""
        return [self._name(step) for step in range(1, self.count + 1)]

    @property
    def where(self) -> str:
        """The name of the step that was struck."""
        return self._name(self._library.fault_fired())

    def _name(self, step: int) -> str:
        found: bytes = self._library.fault_name(step)
        return found.decode()


Facts = dict[str, Any]


def in_child(work: Callable[[], Facts]) -> tuple[Facts | None, int]:
    """What `work` returns in a child process, None if it was killed before that; and the child's wait status."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(writing, json.dumps(work()).encode())
            status = 0
        except BaseException:  # noqa: BLE001 (the parent sees the status)
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with open(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(data) if data else None, status
