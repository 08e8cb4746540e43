"""Finding a word in 10,000 notes: the first time after unlocking, and again as one types.

Baseline: one thread that reads every slot in one scan and opens every living one, and does nothing with it.
"""

from benchmarks.bare import database_of
from benchmarks.result import Bar, Result
from benchmarks.scratch import Home, Scratch
from benchmarks.timing import alternate, milliseconds
from vault.crypto import aead
from vault.ledger import living

NOTES = 10_000
ROUNDS = 11
RARE = "zelfstandigheid heimwee leidinggevende"
COMMON = "grenzen"
_MOST = Bar(1.2, of_baseline=True)


def measure(scratch: Scratch) -> list[Result]:
    """The first time for words that few and that many notes hold; then letter by letter."""
    home = scratch.vault(NOTES)
    return [
        _first_time(home, "find, few hits", RARE.split()),
        _first_time(home, "find, many hits", [COMMON]),
        *_as_one_types(home),
    ]


def _first_time(home: Home, what: str, words: list[str]) -> Result:
    hits = 0

    def ours() -> float:
        nonlocal hits
        with home.open() as vault:
            took = milliseconds(lambda: vault.find(words))
            hits = len(vault.find(words))
        return took

    def bare() -> float:
        with home.open() as vault:
            state = vault._state
            keys = {slot: entry.key for slot, entry in living(state.ledger)}
            static, vault_id = state.static, state.vault_id

        def loop() -> None:
            with database_of(home, static) as connection:
                for number, box in connection.execute("SELECT n, box FROM slot"):
                    if number in keys:
                        aead.open_box(keys[number], vault_id, aead.SLOT, number, box)

        return milliseconds(loop)

    samples = alternate(ours, bare, ROUNDS)
    return Result(what, f"{NOTES:,}", "ms", *samples, _MOST, f"{hits:,} hits")


def _as_one_types(home: Home) -> list[Result]:
    """Letter by letter, with the texts kept in memory. Baseline: looking through folded texts and keeping the hits."""
    prefixes = [COMMON[:length] for length in range(1, len(COMMON) + 1)]
    with home.open() as vault:
        vault.remember_texts(True)
        folded = [note.text.casefold() for note in vault.notes()]
        turns: list[list[float]] = []
        bare: list[float] = []
        for _ in range(ROUNDS):
            letters = [
                alternate(
                    lambda prefix=prefix: milliseconds(lambda: vault.find([prefix])),  # type: ignore[misc]
                    lambda prefix=prefix: milliseconds(lambda: [text for text in folded if prefix in text]),  # type: ignore[misc]
                    1,
                    warm_up=0,
                )
                for prefix in prefixes
            ]
            turns.append([ours[0] for ours, _base in letters])
            bare.append(max(base[0] for _ours, base in letters))
    slowest = [max(turn) for turn in turns]
    every = [letter for turn in turns for letter in turn]
    return [
        Result("find again, slowest letter", f"{NOTES:,}", "ms", slowest, bare, Bar(50)),
        Result("find again, any letter", f"{NOTES:,}", "ms", every),
    ]
