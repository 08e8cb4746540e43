"""Faults in writes, syncs, renames and removals, from outside: product code knows nothing of them.

The faults come from faultshim.c, loaded in front of libc in a process of its own (tests/support/faultrunner.py). Tests
call what is here.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

from tests.support.faultshim import Mode

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("faultshim.c")


class Report(NamedTuple):
    """How many steps the operation has, how many were struck, the names of those, and what was broken by it."""

    steps: int
    strikes: int
    struck: list[str]
    problems: list[str]


def build(folder: Path) -> Path | None:
    """Compiles the shim into `folder`; None when there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    target = folder / "faultshim.so"
    flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, "-o", str(target), str(SOURCE), "-ldl"], check=True)
    return target


def run(shim: Path, folder: Path, operation: str, mode: Mode, **options: int | str) -> Report:
    """Does the operation again and again, with a fault at each of its steps in turn, and judges what is left each time.

    Options: `thin` (of the steps with one name strike only every so many, and the first and last few), `then_kill`
    (kill so many steps after the fault), `span` (how many steps a lasting fault lasts), `after` and `nth` (strike not
    the operation, but opening the vault after it was killed at the n-th step of this name).
    """
    words = [f"{name}={value}" for name, value in options.items()]
    return Report(**json.loads(_process(shim, "strike", operation, mode.name, str(folder), *words)))


def scene(shim: Path, folder: Path, name: str) -> None:
    """Plays one of faultscenes.SCENES."""
    _process(shim, "scene", name, str(folder))


def _process(shim: Path, *words: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.faultrunner", *words],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return done.stdout
