"""Keeping keys off the disk while they are in memory, as far as the system lets us (docs/adr/0005)."""

import ctypes
import resource

_PR_SET_DUMPABLE = 4
_MCL_CURRENT, _MCL_FUTURE = 1, 2


def harden() -> None:
    """No core dumps, no debugger of the same user, and no swapping where the memory limit allows. Never raises."""
    try:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    except (OSError, ValueError):
        return
    try:
        libc = ctypes.CDLL(None)
        libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
        if resource.getrlimit(resource.RLIMIT_MEMLOCK)[0] == resource.RLIM_INFINITY:
            libc.mlockall(_MCL_CURRENT | _MCL_FUTURE)
    except (OSError, AttributeError):
        # not Linux: the other measures still hold
        return
