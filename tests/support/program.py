"""`python -m tests.support.program <when|-> args…`: the program, cheap key derivation, on that day (- is today).

`when` is an ISO date, or one with a time; without a time it is midnight.
"""

import os
import sys
from datetime import UTC, datetime

from cli.main import finished, main, prepare_streams
from tests.support import cheap_kdf


def run(argv: list[str]) -> int:
    """Runs the program's `main`."""
    cheap_kdf.install()
    now = datetime.now(UTC) if argv[0] == "-" else datetime.fromisoformat(argv[0])
    if "demo" in argv:
        from cli import demoserver

        # its server is on the same computer, so on the same day
        demoserver.MODULE = ("tests.support.keeper", str(now.date()))
    prepare_streams()
    return finished(main(argv[1:], os.environ, now.date, lambda: now))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
