"""How a screen ends; and to lock for real: the process that held the keys is replaced by a fresh one."""

import os
import sys
from typing import NoReturn

LOCKED = -1
"""What a screen returns that locked itself; the entry point then calls `start_again`."""

HUNG_UP = 128 + 1
"""What a screen returns whose terminal went away: 128 and the number of SIGHUP."""

FLAG = "--locked"
"""The hidden option that tells the fresh process why it was started."""


def start_again() -> NoReturn:
    """Runs this same command line anew in place of this process, whose memory the system takes back.

    Raises OSError if the system can't. The vault is closed by then.
    """
    sys.stdout.flush()
    sys.stderr.flush()
    given = [word for word in sys.orig_argv[1:] if word != FLAG]
    os.execv(sys.executable, [sys.executable, *given, FLAG])  # noqa: S606
