"""The idle watch, and the start of a fresh process."""

import asyncio
import os
import sys

import pytest

from cli.shell.relock import start_again
from cli.shell.watch import Idle


def test_waking_up_from_sleep_locks_at_the_next_tick(quick_watch: None) -> None:
    """The clock ran on while the computer slept; the loop's own clock did not."""
    now = [0.0]
    fired: list[float] = []

    async def scenario() -> None:
        done = asyncio.Event()

        def act() -> None:
            fired.append(now[0])
            done.set()

        watching = asyncio.create_task(Idle(600, act, lambda: now[0]).watch())
        await asyncio.sleep(0)
        now[0] = 5000
        async with asyncio.timeout(5):
            await done.wait()
        watching.cancel()

    asyncio.run(scenario())
    assert fired == [5000]


def test_a_fresh_process_gets_the_same_command_line_and_knows_why(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[tuple[str, list[str]]] = []
    monkeypatch.setattr(os, "execv", lambda program, words: started.append((program, words)))
    monkeypatch.setattr(sys, "orig_argv", ["python", "-m", "cli", "--vault", "/x", "--locked"])
    start_again()
    assert started == [(sys.executable, [sys.executable, "-m", "cli", "--vault", "/x", "--locked"])]
