"""Keeping keys off the disk while they are in memory, as far as the system lets us (docs/adr/0005)."""

import ctypes
import resource
from contextlib import suppress

_PR_SET_DUMPABLE = 4
_MCL_CURRENT, _MCL_FUTURE = 1, 2


def harden() -> None:
    """No core dumps, no debugger of the same user, and no swapping where the memory limit allows. Never raises."""
    with suppress(OSError, ValueError):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    # AttributeError: not Linux; the other measures still hold
    with suppress(OSError, AttributeError):
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    with suppress(OSError, AttributeError):
        if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
            ctypes.CDLL(None).mlockall(_MCL_CURRENT | _MCL_FUTURE)
