"""The entry point of ongemerkt-server: the only place that reads the clock and the environment, and that turns errors
into sentences and exit codes."""

import os
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NoReturn

from sync.server import failures, messages, options
from sync.server.context import Context, document, tell
from sync.server.messages import _

FOLDER = "ONGEMERKT_SERVER_DIR"


def entry() -> NoReturn:
    """The console script `ongemerkt-server`."""
    # what it makes is for its owner: SQLite's files beside the database too
    os.umask(0o077)
    sys.exit(main(sys.argv[1:], os.environ, _today, time.monotonic))


def main(
    argv: Sequence[str], environ: Mapping[str, str], today: Callable[[], date], monotonic: Callable[[], float]
) -> int:
    """Runs one command line and returns its exit code. Every error ends here, as one sentence on stderr."""
    try:
        messages.install(options.language(argv) or messages.choose(environ))
        try:
            code = _run(argv, environ, today, monotonic)
        except SystemExit as ended:
            # argparse ends so after --help and --version
            code = ended.code if isinstance(ended.code, int) else 0
        sys.stdout.flush()
        return code
    except BaseException as error:  # noqa: BLE001 - the one place where every error becomes a sentence
        return _failed(error, "--json" in argv)


def _run(
    argv: Sequence[str], environ: Mapping[str, str], today: Callable[[], date], monotonic: Callable[[], float]
) -> int:
    arguments = options.parse(argv)
    folder = arguments.dir or environ.get(FOLDER, "")
    if not folder and arguments.command != "openapi":
        raise options.UsageError("", _("Say which folder: --dir DIR, or ONGEMERKT_SERVER_DIR."))
    context = Context(Path(folder), today, monotonic, arguments.json)
    code: int = options.module_of(arguments.command).run(context, arguments)
    return code


def _failed(error: BaseException, json: bool) -> int:
    code, kind, sentence = failures.explain(error)
    if sentence:
        tell(sentence)
    try:
        if json and code not in (failures.INTERRUPTED, failures.BROKEN_PIPE):
            document({"error": {"code": code, "kind": kind}})
        sys.stdout.flush()
    except OSError:
        # nobody is left to read it; what is still buffered must not complain at exit
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    return code


def _today() -> date:
    # by UTC, on every node the same: in the Netherlands a share then ends at most two hours late, never too early
    return datetime.now(UTC).date()


if __name__ == "__main__":
    entry()
