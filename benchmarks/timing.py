"""Taking times: A B A B, so that whatever else the machine does meets both alike."""

import gc
import os
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).resolve().parents[1]
PYTHON = sys.executable


def milliseconds(work: Callable[[], object]) -> float:
    """How long `work` takes."""
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def alternate(
    measured: Callable[[], float], baseline: Callable[[], float], rounds: int, warm_up: int = 1
) -> tuple[list[float], list[float]]:
    """Samples of both, taken in turns after `warm_up` turns that do not count."""
    ours: list[float] = []
    bare: list[float] = []
    for turn in range(warm_up + rounds):
        gc.collect()
        one = measured()
        gc.collect()
        other = baseline()
        if turn >= warm_up:
            ours.append(one)
            bare.append(other)
    return ours, bare


def environment(**more: str) -> dict[str, str]:
    """What a child process gets: nothing that makes Python start otherwise than for a user."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "ONGEMERKT_", "LC_"))}
    return {**kept, "LANG": "C.UTF-8", **more}


def process(arguments: Sequence[str], environ: Mapping[str, str], stdin: str = os.devnull) -> float:
    """Milliseconds from starting a program to its end. Raises CalledProcessError when it fails."""
    actions = (
        (os.POSIX_SPAWN_OPEN, 0, stdin, os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
        (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
    )
    start = perf_counter()
    child = os.posix_spawn(arguments[0], list(arguments), environ, file_actions=actions)
    status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    took = (perf_counter() - start) * 1000
    if status:
        raise subprocess.CalledProcessError(status, list(arguments))
    return took


def compile_everything() -> None:
    """A start without compiled files takes twice as long, and an installer compiles."""
    folders = [str(ROOT / name) for name in ("vault", "cli", "tests/support")]
    subprocess.run([PYTHON, "-m", "compileall", "-q", *folders], check=True, env=environment())
