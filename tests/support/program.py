"""`python -m tests.support.program <isodate|-> args…`: the program, cheap key derivation, on that day (- is today)."""

import os
import sys
from datetime import UTC, date, datetime

from cli.main import finished, main, prepare_streams
from tests.support import cheap_kdf


def run(argv: list[str]) -> int:
    """Runs the program's `main`."""
    cheap_kdf.install()
    day = datetime.now(UTC).date() if argv[0] == "-" else date.fromisoformat(argv[0])
    prepare_streams()
    return finished(main(argv[1:], os.environ, lambda: day))


if __name__ == "__main__":
    sys.exit(run(sys.argv[1:]))
