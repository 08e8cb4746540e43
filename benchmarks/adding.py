"""Adding one note to 10,000: in an open vault, and as a whole process.

Baselines: one committed update of one page in a SQLCipher file of the same size; a process that imports sqlcipher3,
opens a plain table of 10,000 notes with its raw key, inserts one and commits.
"""

import os
from collections.abc import Callable
from pathlib import Path

from benchmarks.bare import database_of, plain_table
from benchmarks.result import Bar, Result
from benchmarks.scratch import SEED, Home, Scratch, use_cheap_costs, use_real_costs
from benchmarks.timing import PYTHON, alternate, compile_everything, environment, milliseconds, process
from tests.support.notes import generate
from vault import limits
from vault.store import sqlcipher

NOTES = 10_000
ROUNDS = 60
PROCESSES = 30
_BARE = """
import sqlcipher3, sys
connection = sqlcipher3.connect(sys.argv[1], isolation_level=None)
connection.execute("PRAGMA key=\\"x'" + sys.argv[2] + "'\\"")
PRAGMAS
text = open(sys.argv[3], encoding="utf-8").read()
connection.execute("INSERT INTO note(text) VALUES(?)", (text,))
connection.close()
"""


def measure(scratch: Scratch) -> list[Result]:
    """In the open vault."""
    home, other = (scratch.copy(scratch.vault(NOTES)) for _ in range(2))
    texts = generate(SEED + 1, ROUNDS + 10, least=1400, most=1600)
    with home.open() as vault, database_of(other, vault._state.static) as connection:
        pages = connection.execute("SELECT count(*) FROM page").fetchone()[0]

        def update() -> None:
            number = int.from_bytes(os.urandom(4), "big") % pages
            connection.execute("UPDATE page SET box=? WHERE n=?", (os.urandom(limits.PAGE_BOX), number))

        def add() -> float:
            text = next(texts)
            return milliseconds(lambda: vault.add(text))

        ours, bare = alternate(add, lambda: milliseconds(update), ROUNDS, warm_up=3)
    return [Result("add, vault open", f"{NOTES:,}", "ms", ours, bare, Bar(3, of_baseline=True))]


def measure_process(scratch: Scratch) -> list[Result]:
    """As a whole process: less the time that the real key derivation takes, and with one that takes no time.

    The first is what a user waits for on top of the derivation; what the program does meanwhile costs nothing.
    """
    compile_everything()
    folder = scratch.new_folder()
    folder.mkdir()
    note = folder / "note.txt"
    note.write_text(next(generate(SEED + 2, 1, least=1400, most=1600)), encoding="utf-8")
    bare = _bare_process(folder, note)
    here = Path(__file__).parent
    took = folder / "took"

    def run(home: Home, *program: str) -> float:
        return process(
            [PYTHON, *program, "add", str(note), "--guard", "off", *home.options], environment(**home.environ)
        )

    def less_derivation() -> float:
        whole = run(real, str(here / "program_timed.py"), str(took))
        return whole - float(took.read_text(encoding="ascii"))

    use_real_costs()
    try:
        real = scratch.copy(scratch.vault(NOTES, real_cost=True))
    finally:
        use_cheap_costs()
    cheap = scratch.copy(scratch.vault(NOTES))
    at, bar = f"{NOTES:,}", Bar(2, of_baseline=True)
    beyond = alternate(less_derivation, bare, PROCESSES, warm_up=2)
    without = alternate(lambda: run(cheap, str(here / "program.py")), bare, PROCESSES, warm_up=2)
    return [
        Result("ongemerkt add, beyond Argon2id", at, "ms", *beyond, bar),
        Result("ongemerkt add, without Argon2id", at, "ms", *without, bar),
    ]


def _bare_process(folder: Path, note: Path) -> Callable[[], float]:
    key = plain_table(folder / "plain.db", generate(SEED, NOTES))
    script = folder / "bare.py"
    pragmas = "\n".join(f"connection.execute({pragma!r})" for pragma in sqlcipher._PRAGMAS)
    script.write_text(_BARE.replace("PRAGMAS", pragmas))
    os.sync()
    command = [PYTHON, str(script), str(folder / "plain.db"), key, str(note)]
    return lambda: process(command, environment())
