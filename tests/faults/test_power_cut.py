"""The power fails at any moment: what was not synced may be lost in part, and what was acknowledged is not.

Every write, sync, rename and removal of an operation is written down once; then disks that a power cut could have left
are made from that (tests/support/faultpower.py says by which rules) and judged as after a kill. The anchor's record
sectors are torn byte by byte, at the end of this file.
"""

import shutil
from pathlib import Path

import pytest

from tests.support.faultbench import Bench, Operation, seen_in
from tests.support.faultdeeds import OPERATIONS
from tests.support.faults import scene
from vault.anchor.file import FileAnchor
from vault.crypto import stretch
from vault.formats.anchorfile import RECORD_BYTES, SECTOR, decode_records, encode_record


# Seen to fail: with synchronous=OFF or FULL; without the sync in `write_new`; without the sync of the folder after
# anchor.next, in `make_folder` and after moving house; with a witness that isn't synced; with an old anchor that is
# removed without being overwritten, or without syncing that.
@pytest.mark.parametrize("operation", [name for name in OPERATIONS if name != "import"])
def test_a_power_cut_at_any_moment_leaves_old_or_new_and_what_was_acknowledged(
    shim: Path, folder: Path, operation: str
) -> None:
    scene(shim, folder, f"power cut {operation}")


# Seen to fail: with the sync left out of the store's `settle` at unlocking.
@pytest.mark.parametrize("operation", ["add", "shred", "passphrase", "moving"])
def test_a_power_cut_after_a_kill_takes_back_nothing_that_opening_relied_on(
    shim: Path, folder: Path, operation: str
) -> None:
    scene(shim, folder, f"power cut after a killed {operation}")


# Seen to fail: with a commit taken for done when it was reported as failed but is there to be read.
@pytest.mark.parametrize("operation", ["add", "shred", "passphrase"])
def test_a_power_cut_after_a_failed_sync_takes_back_nothing_that_was_acknowledged(
    shim: Path, folder: Path, operation: str
) -> None:
    scene(shim, folder, f"power cut after a failed sync in {operation}")


@pytest.fixture
def bench(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """A prepared vault; the cheap key derivation is gone afterwards."""
    monkeypatch.setattr(stretch, "POLICY", stretch.POLICY)
    made = Bench(folder)
    Operation().prepare(made)
    return made


def _anchor_file(bench: Bench) -> Path:
    return next(bench.work.glob("anchors/*/anchor"))


def _opens_after_tear(bench: Bench, whole: bytes, torn: bytes) -> None:
    assert len(torn) == len(whole)
    _anchor_file(bench).write_bytes(torn)
    with bench.open(bench.work) as vault:
        assert seen_in(vault).notes >= (bench.old.notes if bench.old else frozenset())


def _torn(before: bytes, after: bytes, sector: int, cut: int) -> bytes:
    at = sector * SECTOR + cut
    return after[:at] + before[at:]


# Seen to fail: with the witness written to the sector that vouches for the present head (`_free_sector` turned round).
@pytest.mark.parametrize("commits", [1, 2, 3])
def test_a_witness_torn_anywhere_leaves_a_vault_that_opens(bench: Bench, commits: int) -> None:
    with bench.open(bench.work) as vault:
        for number in range(commits):
            vault.add(f"Notitie {number}.")
        state = vault._open_state
        assert state is not None
        head, epoch = state.head_hash, state.head.epoch
    before = _anchor_file(bench).read_bytes()
    anchor = FileAnchor(str(_anchor_file(bench).parent))
    anchor.find(epoch)
    anchor.witness(head, bytes(range(32)))
    after = _anchor_file(bench).read_bytes()
    (sector,) = [at for at in (1, 2) if before[at * SECTOR :][:SECTOR] != after[at * SECTOR :][:SECTOR]]
    bench.copy_to(bench.aside)
    for cut in range(1, RECORD_BYTES):
        shutil.rmtree(bench.work)
        shutil.copytree(bench.aside, bench.work)
        _opens_after_tear(bench, after, _torn(before, after, sector, cut))


# The 17 bytes that a confirmation changes lie in one physical sector, which is written whole or not at all: no tear
# inside them is tried.
@pytest.mark.parametrize("commits", [1, 2, 3])
def test_a_confirmation_torn_in_half_leaves_a_vault_that_opens(bench: Bench, commits: int) -> None:
    with bench.open(bench.work) as vault:
        for number in range(commits):
            vault.add(f"Notitie {number}.")
    after = _anchor_file(bench).read_bytes()
    confirmed = [(at, record) for at, record in enumerate(decode_records(after), 1) if record and record.done]
    assert confirmed
    for sector, record in confirmed:
        before = bytearray(after)
        at = sector * SECTOR
        before[at : at + RECORD_BYTES] = encode_record(record._replace(done=False))
        _opens_after_tear(bench, after, _torn(bytes(before), after, sector, RECORD_BYTES // 2))
