"""Shredding one note, with the new epoch that makes it final.

Baseline: one committed transaction that rewrites as many ledger pages with random bytes.
"""

import os

from benchmarks.bare import database_of
from benchmarks.result import Bar, Result
from benchmarks.scratch import Scratch
from benchmarks.timing import alternate, milliseconds
from vault import limits

ROUNDS = 21
MANY_ROUNDS = 7
FEW, MANY = 10_000, 100_000


def measure(scratch: Scratch) -> list[Result]:
    """One of 10,000."""
    return [_measure(scratch, FEW, Bar(150), ROUNDS)]


def measure_many(scratch: Scratch) -> list[Result]:
    """One of 100,000."""
    return [_measure(scratch, MANY, Bar(1000), MANY_ROUNDS)]


def _measure(scratch: Scratch, notes: int, bar: Bar, rounds: int) -> Result:
    home, other = (scratch.copy(scratch.vault(notes)) for _ in range(2))
    with home.open() as vault, database_of(other, vault._state.static) as connection:
        handles = iter(vault.handles())
        pages = connection.execute("SELECT count(*) FROM page").fetchone()[0]

        def rewrite() -> None:
            connection.execute("BEGIN")
            for number in range(pages):
                connection.execute("UPDATE page SET box=? WHERE n=?", (os.urandom(limits.PAGE_BOX), number))
            connection.execute("COMMIT")

        def shred() -> float:
            handle = next(handles)
            return milliseconds(lambda: vault.shred([handle]))

        ours, bare = alternate(shred, lambda: milliseconds(rewrite), rounds, warm_up=2)
    return Result("shred with rotation", f"{notes:,}", "ms", ours, bare, bar, f"{pages:,} ledger pages at {notes:,}")
