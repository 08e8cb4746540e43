"""Unlocking 10,000 notes: what comes on top of the key derivation, with the costs that users have.

Baseline: opening the database with its key, reading every ledger page and opening its box.
"""

from statistics import median
from time import perf_counter
from unittest.mock import patch

from benchmarks.bare import database_of
from benchmarks.result import Bar, Result
from benchmarks.scratch import Home, Scratch, use_cheap_costs, use_real_costs
from benchmarks.timing import alternate, milliseconds
from vault.crypto import aead, stretch
from vault.formats.header import Cost

NOTES = 10_000
ROUNDS = 9


def measure(scratch: Scratch) -> list[Result]:
    """One result."""
    use_real_costs()
    try:
        return _measure(scratch.vault(NOTES, real_cost=True))
    finally:
        use_cheap_costs()


def _measure(home: Home) -> list[Result]:
    with home.open() as vault:
        state = vault._state
        static, key, vault_id = state.static, state.epoch_key, state.vault_id

    def bare() -> None:
        with database_of(home, static) as connection:
            for number, box in connection.execute("SELECT n, box FROM page ORDER BY n"):
                aead.open_box(key, vault_id, aead.PAGE, number, box)

    stretching: list[float] = []
    ours, base = alternate(lambda: _beyond_stretching(home, stretching), lambda: milliseconds(bare), ROUNDS)
    note = f"the key derivation itself took {median(stretching):,.0f} ms"
    return [Result("unlock, beyond Argon2id", f"{NOTES:,}", "ms", ours, base, Bar(60), note)]


def _beyond_stretching(home: Home, took: list[float]) -> float:
    real = stretch.stretch
    inside: list[float] = []

    def timed(secret: bytes, salt: bytes, cost: Cost) -> bytes:
        start = perf_counter()
        result = real(secret, salt, cost)
        inside.append((perf_counter() - start) * 1000)
        return result

    with patch.object(stretch, "stretch", timed):
        whole = milliseconds(lambda: home.open().close())
    took.append(sum(inside))
    return whole - sum(inside)
