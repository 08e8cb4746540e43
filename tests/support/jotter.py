"""`python -m tests.support.jotter DATA ANCHORS WHO COUNT`: jots so many texts, and prints each that is acknowledged."""

import sys

from vault import errors
from vault.service import Paths
from vault.service.jotting import jot


def run(data: str, anchors: str, who: str, count: str) -> None:
    """Jots."""
    for number in range(int(count)):
        text = f"Krabbel {number} van {who}."
        while True:
            try:
                jot(Paths(data, anchors), text)
                break
            except errors.InboxBusy:
                # refused, so nothing was acknowledged: somebody tries again
                continue
        print(text, flush=True)


if __name__ == "__main__":
    run(*sys.argv[1:])
