"""What a command gets: the folder, the clock, the language; and where its words go."""

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from sync.server.calendar import Today


class Context(NamedTuple):
    """Of one run of the program. `monotonic` gives seconds."""

    folder: Path
    today: Today
    monotonic: Callable[[], float]
    json: bool


def answer(text: str) -> None:
    """A line of the answer, to stdout."""
    sys.stdout.write(text + "\n")


def document(content: object) -> None:
    """The one document of a --json run, to stdout."""
    sys.stdout.write(json.dumps(content, indent=2) + "\n")


def tell(text: str) -> None:
    """A message for the keeper, to stderr."""
    try:
        sys.stderr.write(text + "\n")
        sys.stderr.flush()
    except OSError:
        # nobody reads it any more; a server serves on
        pass
