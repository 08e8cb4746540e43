"""Memory of a fresh process with 10,000 notes unlocked, from the system's own account of it.

The key derivation is a cheap one, so that its memory, given back before the vault is open, is not in the figures.
Baseline: a process that has imported the libraries that open a vault, and nothing of ours.
"""

import json
import subprocess
import sys
from pathlib import Path

from benchmarks.result import Bar, Result
from benchmarks.scratch import Home, Scratch, use_cheap_costs
from benchmarks.timing import PYTHON, ROOT, environment

NOTES = 10_000
ROUNDS = 3
STEPS = ("unlocked", "after list", "after find", "after find again", "on the screen")
_BARE = """
import sqlcipher3, nacl._sodium
fields = dict(line.split(":", 1) for line in open("/proc/self/status"))
print(int(fields["VmRSS"].split()[0]) / 1024)
"""
_MOST = Bar(80)


def measure(scratch: Scratch) -> list[Result]:
    """What stays after each step, and for the last of them the peak on the way."""
    home = scratch.vault(NOTES)
    bare = [float(_run("-c", _BARE)) for _ in range(ROUNDS)]
    results = []
    for step in STEPS:
        samples = [_probe(home, step) for _ in range(ROUNDS)]
        after, peak = ([sample[which] for sample in samples] for which in (0, 1))
        results.append(Result(f"memory, {step}", f"{NOTES:,}", "MiB", after, bare, _MOST))
        results.append(Result(f"memory, {step}, peak", f"{NOTES:,}", "MiB", peak, bare))
    return results


def _probe(home: Home, step: str) -> tuple[float, float]:
    after, peak = json.loads(_run("-m", "benchmarks.memory", str(home.folder), step))
    return after, peak


def _run(*arguments: str) -> str:
    command = [PYTHON, *arguments]
    return subprocess.run(command, check=True, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True).stdout


# -- in the fresh process


def _use(home: Home, step: str) -> None:
    if step == "on the screen":
        import cli.shell.desk  # noqa: F401
    with home.open() as vault:
        if step in ("after find again", "on the screen"):
            vault.remember_texts(True)
        if step == "after list":
            vault.notes()
        if step.startswith("after find"):
            vault.find(["grenzen"])
        if step == "after find again":
            vault.find(["grenzen"])
        if step == "on the screen":
            vault.notes()
            vault.find(["grenzen"])
        _report()


def _report() -> None:
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    fields = dict(line.split(":", 1) for line in lines)
    print(json.dumps([int(fields[name].split()[0]) / 1024 for name in ("VmRSS", "VmHWM")]))


if __name__ == "__main__":
    use_cheap_costs()
    _use(Home(Path(sys.argv[1])), sys.argv[2])
