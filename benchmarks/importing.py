"""Importing 10,000 notes: in the open vault, and 10,000 files as a whole process.

Baseline: the same texts into a plain SQLCipher table in one transaction.
"""

from pathlib import Path

from benchmarks.bare import plain_table
from benchmarks.result import Bar, Result
from benchmarks.scratch import SEED, Home, Scratch
from benchmarks.timing import PYTHON, alternate, compile_everything, environment, milliseconds, process
from tests.support.notes import generate

NOTES = 10_000
ROUNDS = 5
_LEAST = Bar(2000, at_least=True)


def measure(scratch: Scratch) -> list[Result]:
    """In the open vault."""
    texts = list(generate(SEED, NOTES))

    def ours() -> float:
        with Home(scratch.new_folder()).make() as vault:
            return _rate(milliseconds(lambda: vault.add_many(texts)))

    samples = alternate(ours, lambda: _bare(scratch, texts), ROUNDS)
    return [Result("import, vault open", f"{NOTES:,}", "notes/s", *samples, _LEAST)]


def measure_process(scratch: Scratch) -> list[Result]:
    """As a whole process that reads a file for each note."""
    compile_everything()
    texts = list(generate(SEED, NOTES))
    folder = scratch.new_folder()
    folder.mkdir()
    for number, text in enumerate(texts):
        (folder / f"{number:05}.txt").write_text(text, encoding="utf-8")
    program = str(Path(__file__).with_name("program.py"))

    def ours() -> float:
        home = Home(scratch.new_folder())
        home.make().close()
        environ = environment(**home.environ)
        return _rate(process([PYTHON, program, "import", str(folder), "--guard", "off", *home.options], environ))

    samples = alternate(ours, lambda: _bare(scratch, texts), ROUNDS)
    return [Result("ongemerkt import, files", f"{NOTES:,}", "notes/s", *samples, _LEAST)]


def _bare(scratch: Scratch, texts: list[str]) -> float:
    folder = scratch.new_folder()
    folder.mkdir()
    return _rate(milliseconds(lambda: plain_table(folder / "plain.db", iter(texts))))


def _rate(took: float) -> float:
    return NOTES / took * 1000
