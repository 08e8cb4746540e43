"""The desk in a real pseudo-terminal: from the command to the prompt, and from the key derivation to the list.

Baseline: a Python that does nothing but print a word to the terminal.
"""

import re
from collections.abc import Callable
from pathlib import Path
from time import perf_counter
from typing import Any

import pexpect

from benchmarks.result import Bar, Result
from benchmarks.scratch import PASSPHRASE, Home, Scratch, use_cheap_costs, use_real_costs
from benchmarks.timing import PYTHON, alternate, compile_everything, environment

NOTES = 10_000
ROUNDS = 15
_BARE = "print('Passphrase:'); input()"
_ROW = re.compile(rb"([bdfghjklmnprstvwz][aeiou]){3}")
_SIZE = (40, 120)
_PATIENCE = 30


def measure(scratch: Scratch) -> list[Result]:
    """Two results."""
    compile_everything()
    use_real_costs()
    try:
        home = scratch.vault(NOTES, real_cost=True)
    finally:
        use_cheap_costs()
    took = scratch.folder / "took"
    script = [str(Path(__file__).parent / "program_timed.py"), str(took), "--vault", home.paths.data, "--lang", "nl"]
    lists: list[float] = []
    prompt, bare = alternate(
        lambda: _open(home, script, lists, lambda: float(took.read_text(encoding="ascii"))),
        lambda: _until(_spawned(["-c", _BARE], environment()), b"Passphrase:"),
        ROUNDS,
        warm_up=2,
    )
    at = f"{NOTES:,}"
    return [
        Result("start to the prompt", at, "ms", prompt, bare, Bar(250)),
        Result("list drawn, beyond Argon2id", at, "ms", lists[2:], (), Bar(300)),
    ]


def _spawned(arguments: list[str], environ: dict[str, str]) -> Any:
    # without an encoding it gives bytes, which its type stub does not know
    child = pexpect.spawn(PYTHON, arguments, dimensions=_SIZE, env=environ, timeout=_PATIENCE)
    child.delaybeforesend = None
    return child


def _until(child: Any, sign: bytes | re.Pattern[bytes], start: float | None = None) -> float:
    """Milliseconds until the program shows `sign`."""
    begun = perf_counter() if start is None else start
    child.expect(sign)
    return (perf_counter() - begun) * 1000


def _open(home: Home, script: list[str], lists: list[float], derivation: Callable[[], float]) -> float:
    """Opens the desk; the time to the prompt. The time to the list, less the derivation, goes to `lists`."""
    start = perf_counter()
    environ = environment(TERM="xterm-256color", **home.environ)
    child = _spawned(script, environ)
    try:
        to_prompt = _until(child, b"Wachtwoordzin:", start)
        entered = perf_counter()
        child.sendline(PASSPHRASE)
        whole = _until(child, _ROW, entered)
        lists.append(whole - derivation())
        child.send("\x11")
        child.expect(pexpect.EOF)
    finally:
        child.close(force=True)
    return to_prompt
