"""`python -m tests.support.keeper <day> args…`: ongemerkt-server on that day, an ISO date."""

import os
import sys
from collections.abc import Sequence
from datetime import date
from time import monotonic

from sync.server.main import main


def run(argv: Sequence[str]) -> int:
    """Runs the server's `main`."""
    os.umask(0o077)
    today = date.fromisoformat(argv[0])
    return main(argv[1:], os.environ, lambda: today, monotonic)


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
