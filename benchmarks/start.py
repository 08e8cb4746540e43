"""How long `ongemerkt --help` and `--version` take, as whole processes, against a Python that does nothing."""

from pathlib import Path

from benchmarks.result import Bar, Result
from benchmarks.scratch import Scratch
from benchmarks.timing import PYTHON, alternate, compile_everything, environment, process

ROUNDS = 40
_MOST = Bar(4, of_baseline=True)


def measure(_scratch: Scratch) -> list[Result]:
    """One result for each of the options, in both languages."""
    script = Path(PYTHON).with_name("ongemerkt")
    if not script.exists():
        raise FileNotFoundError("the console script is not installed: make install")
    compile_everything()
    found = []
    for option, lang in (("--help", "en"), ("--help", "nl"), ("--version", "nl")):
        environ = environment(LANGUAGE=lang, LANG=f"{lang}_{lang.upper()}.UTF-8")
        ours, bare = alternate(
            lambda option=option, environ=environ: process([str(script), option], environ),  # type: ignore[misc]
            lambda environ=environ: process([PYTHON, "-c", "pass"], environ),  # type: ignore[misc]
            ROUNDS,
            warm_up=3,
        )
        found.append(Result(f"ongemerkt {option} ({lang})", "process", "ms", ours, bare, _MOST))
    return found
