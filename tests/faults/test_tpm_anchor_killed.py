"""The anchor in a TPM, struck at any step of a new epoch or a move: in its files, and between the program and the TPM.

Judged each time (tests/support/tpmfaults.py): the notes are the old or the new ones, whole; one kind keeps the anchor,
with nothing left beside it and no counter too many in the TPM; when it happened, the TPM opens nothing of before, and a
copy of the whole disk of then does not open; and the vault goes on working.
"""

from pathlib import Path

import pytest

from tests.support import tpm
from tests.support.faultshim import Mode
from tests.support.tpmfaults import OPERATIONS, run
from tests.support.tpmtap import How


@pytest.fixture(autouse=True)
def needed() -> None:
    tpm.need()


# Seen to fail: with the counter made before its index is written down (left in the TPM); with the other kind not
# destroyed at unlocking.
@pytest.mark.parametrize("operation", OPERATIONS)
def test_killed_at_every_command_to_the_tpm(shim: Path, folder: Path, operation: str) -> None:
    report = run(shim, folder, operation, How.KILLED)
    assert report.problems == []
    assert report.strikes >= 12


# Seen to fail: with the old kind destroyed before the commit.
@pytest.mark.parametrize("operation", OPERATIONS)
def test_killed_at_every_step_in_files(shim: Path, folder: Path, operation: str) -> None:
    report = run(shim, folder, operation, Mode.KILL_BEFORE)
    assert report.problems == []
    assert report.strikes >= 15
    goal = "anchor" if operation == "to file" else "anchor.tpm"
    assert {f"write {goal}.next", f"rename {goal}.next", "write vault.db"} <= set(report.struck)


# Seen to fail: with a step of the counter that failed taken for done (the old anchor still opens).
@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_line_that_breaks_before_the_answer(shim: Path, folder: Path, operation: str) -> None:
    report = run(shim, folder, operation, How.CUT_AFTER, thin=2)
    assert report.problems == []
    assert report.strikes >= 6


@pytest.mark.parametrize("operation", OPERATIONS)
def test_a_tpm_that_goes_away_and_comes_back(shim: Path, folder: Path, operation: str) -> None:
    report = run(shim, folder, operation, How.GONE, thin=4)
    assert report.problems == []
    assert report.strikes >= 3
