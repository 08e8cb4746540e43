"""`make bench`: every benchmark, or those named; a table, and with --json FILE every sample."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

# started as a file, Python looks beside it first, where modules have short names
sys.path[0] = str(Path(__file__).resolve().parents[1])

from benchmarks import (  # noqa: E402
    adding,
    claiming,
    desk,
    finding,
    importing,
    memory,
    shredding,
    start,
    syncing,
    unlocking,
    writing,
)
from benchmarks.result import Result, table, write_json  # noqa: E402
from benchmarks.scratch import Scratch, use_cheap_costs  # noqa: E402

Measure = Callable[[Scratch], list[Result]]
BENCHMARKS: dict[str, Measure] = {
    "start": start.measure,
    "unlock": unlocking.measure,
    "add": adding.measure,
    "add-process": adding.measure_process,
    "find": finding.measure,
    "shred": shredding.measure,
    "shred-many": shredding.measure_many,
    "import": importing.measure,
    "import-process": importing.measure_process,
    "writing": writing.measure,
    "memory": memory.measure,
    "desk": desk.measure,
    "claim": claiming.measure,
    "sync": syncing.measure,
}
"""In the order in which they run."""
_BUSY = 0.5
"""A load above this before we start makes the figures doubtful."""


def main() -> int:
    """0 when every bar is reached, 1 when one is missed, 2 when a benchmark could not run."""
    arguments = _arguments()
    load = os.getloadavg()[0]
    if load > _BUSY:
        _say(f"This machine is busy (load {load:.1f}); figures will be doubtful.")
    use_cheap_costs()
    results: list[Result] = []
    failed = False
    with tempfile.TemporaryDirectory(prefix="ongemerkt-bench-") as folder:
        scratch = Scratch(Path(folder), _say)
        for name in arguments.names or BENCHMARKS:
            _say(f"{name} …")
            try:
                results += BENCHMARKS[name](scratch)
            except Exception as error:  # noqa: BLE001 (one that can't run must not hide the others)
                failed = True
                _say(f"{name} could not run: {type(error).__name__}: {error}")
    print(table(results))
    if arguments.json:
        write_json(results, arguments.json)
    if failed:
        return 2
    return int(any(result.reached is False for result in results))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"only these: {', '.join(BENCHMARKS)}")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every sample to this file")
    arguments = parser.parse_args()
    if unknown := set(arguments.names) - set(BENCHMARKS):
        parser.error(f"no such benchmark: {', '.join(sorted(unknown))}")
    return arguments


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
