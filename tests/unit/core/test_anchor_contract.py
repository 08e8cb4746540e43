"""What every kind of anchor does, and what moving between them does: one contract (vault/anchor/contract.py)."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support import tpm as tpms
from tests.support.tpm import Tpm
from vault import errors
from vault.anchor import BACKENDS
from vault.anchor.home import AnchorHome
from vault.formats.anchorfile import Anchor

KINDS = sorted(BACKENDS)
HEAD = bytes(32)


@pytest.fixture(scope="module")
def tpm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tpm]:
    """One TPM for all of them, as on a real machine."""
    yield from tpms.running(tmp_path_factory.mktemp("tpm"))


@pytest.fixture(params=KINDS)
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


class Bench:
    """A folder with one vault's anchor; `home` is what a process knows, and `reopen` is the next process."""

    def __init__(self, folder: Path, kind: str, tpm: Tpm) -> None:
        self.folder = folder / "anchors" / "vault"
        self.folder.mkdir(parents=True)
        self.tpm = tpm
        self.home = AnchorHome(str(self.folder), tpm.tcti)
        self.home.aim(kind)
        self.anchor = fresh()
        self.home.prepare(self.anchor, head(0))
        self.home.advance()
        self.home.aim("")

    def reopen(self, epoch: bytes = b"") -> Anchor:
        self.home = AnchorHome(str(self.folder), self.tpm.tcti)
        return self.home.find(epoch or self.anchor.epoch)

    def names(self) -> set[str]:
        return {path.name for path in self.folder.iterdir()}

    def files(self) -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in self.folder.iterdir()}


def fresh() -> Anchor:
    return Anchor(os.urandom(16), os.urandom(32))


def head(number: int) -> bytes:
    return number.to_bytes(32, "big")


@pytest.fixture
def bench(tmp_path: Path, kind: str, tpm: Tpm) -> Iterator[Bench]:
    made = Bench(tmp_path, kind, tpm)
    yield made
    assert tpm.loaded() == 0, "something was left loaded in the TPM"
    for each in made.home._all.values():
        each.destroy()
    assert tpm.counters() == [], "a counter was left in the TPM"


def test_the_anchor_is_found_by_its_epoch_and_by_no_other(bench: Bench, kind: str) -> None:
    before = bench.files()
    assert bench.reopen() == bench.anchor
    assert bench.home.kind == kind
    with pytest.raises(errors.AnchorMismatch):
        bench.reopen(os.urandom(16))
    assert bench.files() == before, "finding changes nothing"


def test_without_files_there_is_no_anchor(bench: Bench) -> None:
    for name, raw in bench.files().items():
        (bench.folder / name).unlink()
        with pytest.raises(errors.AnchorMissing):
            bench.reopen()
        (bench.folder / name).write_bytes(raw)


def test_a_damaged_anchor_is_told_as_such(bench: Bench) -> None:
    for name, raw in bench.files().items():
        for damaged in (b"", raw[:-1], raw + b"\0", os.urandom(len(raw)), raw[:40] + b"\0" + raw[41:]):
            (bench.folder / name).write_bytes(damaged)
            with pytest.raises(errors.AnchorDamaged):
                bench.reopen()
        (bench.folder / name).write_bytes(raw)


def test_until_the_advance_both_epochs_are_found_and_afterwards_the_next_only(bench: Bench) -> None:
    old, new = bench.anchor, fresh()
    bench.home.prepare(new, head(1))
    assert bench.reopen(old.epoch) == old
    assert bench.reopen(new.epoch) == new
    # found as the one in force: its predecessor goes
    bench.home.settle()
    assert bench.reopen(new.epoch) == new
    assert len(bench.names()) == 1
    with pytest.raises(errors.AnchorMismatch):
        bench.reopen(old.epoch)
    bench.anchor = new


def test_a_change_that_did_not_happen_leaves_the_anchor_as_it_was(bench: Bench) -> None:
    for _ in range(3):
        bench.home.prepare(fresh(), head(1))
        bench.home.abandon()
    lost = fresh()
    bench.home.prepare(lost, head(1))
    # and one that only the next unlock finds out about
    assert bench.reopen() == bench.anchor
    bench.home.settle()
    assert len(bench.names()) == 1
    with pytest.raises(errors.AnchorMismatch):
        bench.reopen(lost.epoch)
    bench.reopen()
    bench.anchor = new = fresh()
    bench.home.prepare(new, head(2))
    bench.home.advance()
    assert bench.reopen() == new


def test_epoch_follows_on_epoch_in_one_process_and_over_several(bench: Bench) -> None:
    for number in range(6):
        old, bench.anchor = bench.anchor, fresh()
        bench.home.prepare(bench.anchor, head(number))
        bench.home.advance()
        assert bench.home.is_newest(head(number))
        if number % 2:
            assert bench.reopen() == bench.anchor
        with pytest.raises(errors.AnchorMismatch):
            AnchorHome(str(bench.folder), bench.tpm.tcti).find(old.epoch)


def test_the_witness_knows_the_newest_head_and_the_one_before_until_it_is_confirmed(bench: Bench) -> None:
    assert bench.home.is_newest(head(0))
    for number in range(5):
        bench.home.witness(head(number), head(number + 1))
        bench.reopen()
        assert bench.home.is_newest(head(number))
        assert bench.home.is_newest(head(number + 1))
        bench.home.confirm(head(number + 1))
        bench.reopen()
        assert bench.home.is_newest(head(number + 1))
        assert not bench.home.is_newest(head(number))


def test_its_files_have_one_size_and_one_time(bench: Bench) -> None:
    sizes = {len(raw) for raw in bench.files().values()}
    for number in range(3):
        bench.home.witness(head(number), head(number + 1))
        bench.home.confirm(head(number + 1))
        bench.anchor = fresh()
        bench.home.prepare(bench.anchor, head(number + 1))
        bench.home.advance()
        sizes |= {len(raw) for raw in bench.files().values()}
        assert {path.stat().st_mtime for path in (bench.folder, *bench.folder.iterdir())} == {946_684_800}
        assert {path.stat().st_mode & 0o777 for path in bench.folder.iterdir()} == {0o600}
    assert len(sizes) == 1


def other(kind: str) -> str:
    return KINDS[1 - KINDS.index(kind)]


def test_it_moves_to_the_other_kind_and_nothing_is_left_where_it_was(bench: Bench, kind: str) -> None:
    for goal in (other(kind), kind):
        old, bench.anchor = bench.anchor, fresh()
        bench.home.aim(goal)
        bench.home.prepare(bench.anchor, head(1))
        bench.home.advance()
        bench.home.aim("")
        assert bench.home.kind == goal
        assert bench.home.is_newest(head(1))
        assert bench.reopen() == bench.anchor
        assert bench.home.kinds() == [goal]
        with pytest.raises(errors.AnchorMismatch):
            bench.reopen(old.epoch)
        bench.reopen()


def test_a_move_that_was_broken_off_leaves_one_of_them_in_force(bench: Bench, kind: str) -> None:
    old, new = bench.anchor, fresh()
    bench.home.aim(other(kind))
    bench.home.prepare(new, head(1))
    # the lock row decides: first it says that nothing happened
    assert bench.reopen() == old
    bench.home.settle_on_unlocking()
    assert bench.home.kinds() == [kind]
    with pytest.raises(errors.AnchorMismatch):
        bench.reopen(new.epoch)
    bench.reopen()
    bench.home.aim(other(kind))
    bench.home.prepare(new, head(1))
    # and now that it did
    assert bench.reopen(new.epoch) == new
    bench.home.settle_on_unlocking()
    assert bench.home.kinds() == [other(kind)]
    assert len(bench.names()) == 1
    with pytest.raises(errors.AnchorMismatch):
        bench.reopen(old.epoch)
    bench.anchor = new


def test_a_move_that_failed_is_taken_back_by_the_same_process(bench: Bench, kind: str) -> None:
    bench.home.aim(other(kind))
    bench.home.prepare(fresh(), head(1))
    bench.home.abandon()
    bench.home.aim("")
    assert bench.home.kinds() == [kind]
    bench.home.witness(head(0), head(1))
    assert bench.reopen() == bench.anchor
    assert bench.home.is_newest(head(1))
