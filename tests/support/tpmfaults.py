"""The process in which a change with an anchor in the TPM is struck at each of its steps, in files and in the TPM.

`python -m tests.support.tpmfaults OPERATION MODE FOLDER THIN` prints a Report. MODE is of faultshim.Mode (steps in
files) or of tpmtap.How (commands to the TPM). It needs faultshim.c loaded in front of libc.
"""

import json
import os
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.support import cheap_kdf
from tests.support.faultbench import Broken, copy_tree, demand
from tests.support.faults import ROOT, Report
from tests.support.faultshim import NEVER, Facts, Mode, Shim, in_child
from tests.support.tpm import Tpm, opened_by
from tests.support.tpmtap import How, Tap
from tests.support.vaults import PASSPHRASE, Place
from vault import errors
from vault.service import Vault
from vault.service.anchors import whereabouts

KEPT, GONE, LATER = "blijft", "gaat weg", "geschreven na de fout"
TAGS = {"CACHEDIR.TAG", ".nobackup"}
NAMES = {"file": "anchor", "tpm": "anchor.tpm"}
DONE, FAILED, RESIDUE = "done", "failed", "residue"


class Operation:
    """A change; `before` and `after` are the kinds of the anchor."""

    def __init__(self, before: str, after: str) -> None:
        self.before, self.after = before, after

    def perform(self, vault: Vault) -> None:
        """What is struck."""
        if self.before != self.after:
            vault.move_anchor(self.after)
        else:
            (gone,) = (note.handle for note in vault.notes() if note.text == GONE)
            vault.shred([gone])

    def is_new(self, texts: set[str], kind: str) -> bool:
        """Whether it happened. Raises Broken if what is there is neither the old nor the new state."""
        moved = self.before != self.after
        old = (texts, kind) == ({KEPT, GONE}, self.before)
        new = (texts, kind) == ({KEPT, GONE} if moved else {KEPT}, self.after)
        demand(old or new, f"neither old nor new: {sorted(texts)} with {kind}")
        return new


OPERATIONS = {"shred": Operation("tpm", "tpm"), "to tpm": Operation("file", "tpm"), "to file": Operation("tpm", "file")}


class Runner:
    """Does it again and again."""

    def __init__(self, folder: Path, operation: Operation) -> None:
        cheap_kdf.install()
        self.tpm = Tpm(folder / "tpm")
        self.operation = operation
        self.pristine, self.work, self.attack = (folder / name for name in ("pristine", "work", "attack"))
        place = self.place(self.pristine)
        with place.create() as vault:
            vault.add(KEPT)
            vault.add(GONE)
            if operation.before == "tpm":
                vault.move_anchor("tpm")
        self.tpm.off()
        self.remembered = self.tpm.state()
        self.tpm.on()
        self.shim = Shim(self.work)
        self.strikes = 0

    def place(self, folder: Path) -> Place:
        """The vault in one of the folders, with the TPM."""
        place = Place(folder)
        place.paths = place.paths._replace(tpm=self.tpm.tcti)
        return place

    def restore(self) -> None:
        """Everything as it was, the TPM too."""
        self.tpm.put_back(self.remembered)
        copy_tree(self.pristine, self.work)

    def attempt(self, arm: Callable[[Vault], None]) -> Facts:
        """The operation, struck after `arm`; how it ended, and whether the same vault goes on."""
        with self.place(self.work).open() as vault:
            arm(vault)
            outcome = DONE
            try:
                self.operation.perform(vault)
            except errors.ResidueLeft:
                outcome = RESIDUE
            except errors.StorageFailed:
                outcome = FAILED
            self.shim.disarm()
            self.point(vault, self.tpm.tcti)
            with suppress(errors.StorageFailed):
                vault.add(LATER)
            return {"outcome": outcome}

    @staticmethod
    def point(vault: Vault, tcti: str) -> None:
        """From now on the open vault's TPM is there."""
        vault._state.anchor._all["tpm"]._tcti = tcti  # type: ignore[attr-defined]

    # -- steps in files

    def strike_files(self, mode: Mode) -> Iterator[tuple[str, str]]:
        """Strikes each step that has to do with an anchor, and the last of each other kind; what was broken."""
        self.restore()
        in_child(lambda: self.attempt(lambda _: self.shim.arm(NEVER, mode)))
        for name, count in Counter(self.shim.names()).items():
            steps = range(1, count + 1) if "anchor" in name else {count}
            for nth in steps:
                self.restore()
                arm = lambda _, name=name, nth=nth: self.shim.arm(nth, mode, only=name)  # noqa: E731
                facts, status = in_child(partial(self.attempt, arm))
                if self.shim.fired:
                    yield name, self.judged(facts, status)

    # -- commands to the TPM

    def strike_commands(self, how: How, thin: int) -> Iterator[tuple[str, str]]:
        """Strikes each command, or one in `thin`, the last among them; what was broken."""
        for nth in range(self.commands(), 0, -thin):
            self.restore()
            tap = Tap(self.tpm.port)

            def arm(vault: Vault, tap: Tap = tap, nth: int = nth) -> None:
                self.point(vault, tap.tcti)
                tap.start(nth, how)

            facts, status = in_child(partial(self.attempt, arm))
            tap.close()
            yield f"command {nth}", self.judged(facts, status)

    def commands(self) -> int:
        """How many commands the operation sends when nothing is wrong."""
        self.restore()
        tap = Tap(self.tpm.port)

        def arm(vault: Vault) -> None:
            self.point(vault, tap.tcti)
            tap.start(NEVER, How.KILLED)

        in_child(lambda: self.attempt(arm))
        return tap.close()

    # -- judging

    def judged(self, facts: Facts | None, status: int) -> str:
        """Empty, or what was broken."""
        self.strikes += 1
        self.tpm.restart()
        try:
            if facts is None:
                demand(os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL, "it ended in another way")
            self.judge(facts["outcome"] if facts else None)
        except (Broken, errors.VaultError) as error:
            return f"{type(error).__name__} {error}"
        return ""

    def judge(self, outcome: str | None) -> None:
        """Raises Broken, or what opening raises."""
        place = self.place(self.work)
        with place.open() as vault:
            texts, kind = {note.text for note in vault.notes()} - {LATER}, vault.status().anchor
            epoch = vault._state.head.epoch
            home = Path(place.paths.anchor(vault._state.vault_id))
        new = self.operation.is_new(texts, kind)
        demand(outcome is None or new == (outcome != FAILED), f"it was told as {outcome}")
        found = {path.name for path in home.iterdir()} - TAGS - {"inbox"}
        demand(found == {NAMES[kind]}, f"left beside the anchor: {found}")
        demand(len(self.tpm.counters()) == (kind == "tpm"), "a counter is left in the TPM, or none is there")
        demand(self.tpm.loaded() == 0, "something is left loaded in the TPM")
        if new:
            self.nothing_opens_the_old(epoch)
        self.works(place, kind)

    def nothing_opens_the_old(self, epoch: bytes) -> None:
        """The TPM opens at most what is in force, and no copy of the disk of before opens."""
        old, now = self.place(self.pristine), self.place(self.work)
        opened = opened_by(self.tpm, [old.snapshot(), now.snapshot()])
        demand({each.epoch for each in opened} <= {epoch}, "the TPM opens an old anchor")
        if self.operation.before == "file":
            secret = old.anchor.read_bytes()[33:65]
            demand(not any(secret in raw for raw in now.snapshot().values()), "the old anchor's file is there")
            return
        copy_tree(self.pristine, self.attack)
        try:
            self.place(self.attack).open().close()
        except (errors.AnchorSpent, errors.AnchorLost):
            return
        raise Broken("an older copy of the whole disk opens")

    def works(self, place: Place, kind: str) -> None:
        """The vault goes on as it should."""
        with place.open() as vault:
            vault.shred([vault.add("nog een").handle])
        with place.open(PASSPHRASE) as vault:
            demand(vault.status().anchor == kind, "it is with another kind now")
            demand("nog een" not in {note.text for note in vault.notes()}, "a shredded note is there")
            demand(whereabouts(place.paths).kinds == (kind,), "another kind keeps something")


def run(shim: Path, folder: Path, operation: str, mode: Mode | How, thin: int = 1) -> Report:
    """For tests: does this in a process with the shim; of the commands to the TPM one in `thin`."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.tpmfaults", operation, mode.name, str(folder), str(thin)],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return Report(**json.loads(done.stdout))


def main(operation: str, mode: str, folder: str, thin: str) -> None:
    """Prints a Report."""
    runner = Runner(Path(folder), OPERATIONS[operation])
    try:
        if mode in How.__members__:
            found = list(runner.strike_commands(How[mode], int(thin)))
        else:
            found = list(runner.strike_files(Mode[mode]))
    finally:
        runner.tpm.off()
    problems = [f"{mode} at {name}: {problem}" for name, problem in found if problem]
    print(json.dumps(Report(len(found), runner.strikes, sorted({name for name, _ in found}), problems)._asdict()))


if __name__ == "__main__":
    main(*sys.argv[1:])
