"""Jotting and taking in, killed or struck by a failing disk at any step (docs/spec/places.md section 10).

Judged as every change (tests/support/faultjudge.py), the texts that wait in the inbox included: every jot that was
acknowledged is there exactly once, as a jot or as a note. Beyond that: nothing unreadable and nothing half is left,
times are constant, and a copy of the jots opens with nothing the vault holds once they are taken in.
"""

from pathlib import Path

import pytest

from tests.support.faults import run
from tests.support.faultshim import Mode

THIN = {Mode.KILL_BEFORE: 1, Mode.KILL_AFTER: 50, Mode.TORN: 4}


# Seen to fail: with a jot written under its own name at once.
@pytest.mark.parametrize("mode", THIN, ids=lambda mode: mode.name)
def test_killed_at_every_step_of_jotting_the_jot_is_there_whole_or_not_at_all(
    shim: Path, folder: Path, mode: Mode
) -> None:
    report = run(shim, folder, "jot", mode, thin=THIN[mode])
    assert report.problems == []
    written = {"write jot.new"}
    assert set(report.struck) >= (
        written if mode is Mode.TORN else written | {"sync jot.new", "rename jot.new", "sync inbox"}
    )


@pytest.mark.parametrize("mode", THIN, ids=lambda mode: mode.name)
def test_killed_at_every_step_of_taking_in_every_jot_is_there_exactly_once(
    shim: Path, folder: Path, mode: Mode
) -> None:
    report = run(shim, folder, "take in", mode, thin=THIN[mode])
    assert report.problems == []
    assert report.steps >= 70


@pytest.mark.parametrize("mode", [Mode.EIO_ONCE, Mode.LIED, Mode.FULL_ON, Mode.READ_ONLY], ids=lambda mode: mode.name)
@pytest.mark.parametrize("operation", ["jot", "take in"])
def test_a_failing_disk_loses_no_jot_and_makes_none_twice(shim: Path, folder: Path, operation: str, mode: Mode) -> None:
    report = run(shim, folder, operation, mode, thin=10)
    assert report.problems == []
    assert report.strikes >= 2


@pytest.mark.parametrize("mode", [Mode.KILL_BEFORE, Mode.TORN], ids=lambda mode: mode.name)
@pytest.mark.parametrize(
    "when", ["the commit", "the anchor goes", "the header has its name", "what was taken in is gone"]
)
def test_a_jot_after_a_taking_in_was_killed_is_there_whichever_key_holds(
    shim: Path, folder: Path, when: str, mode: Mode
) -> None:
    report = run(shim, folder, f"jot before {when}", mode)
    assert report.problems == []
    assert report.strikes >= 1


INTERRUPTED = ["write vault.db", "write anchor", "unlink anchor", "rename header.next"]


@pytest.mark.parametrize("after", INTERRUPTED)
def test_killed_again_while_opening_loses_no_jot(shim: Path, folder: Path, after: str) -> None:
    report = run(shim, folder, "take in", Mode.KILL_BEFORE, after=after)
    assert report.problems == []
    assert report.strikes >= 1
