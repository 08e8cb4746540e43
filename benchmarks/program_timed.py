"""`python program_timed.py FILE args…`: the console script as users have it.

FILE gets the milliseconds that the key derivation took.
"""

import sys
from pathlib import Path
from time import perf_counter

from vault.crypto import stretch
from vault.formats.header import Cost

_target = Path(sys.argv.pop(1))
_real = stretch.stretch


def _timed(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    start = perf_counter()
    stretched = _real(secret, salt, cost)
    # written at once: the program may end without coming back here
    _target.write_text(str((perf_counter() - start) * 1000), encoding="ascii")
    return stretched


stretch.stretch = _timed

from cli.main import entry  # noqa: E402 (after the wrapping)

if __name__ == "__main__":
    entry()
