"""The process with faultshim.c in it: restores, backs up and mends again and again, killed each time at another step.

`python -m tests.support.faultsafety SCENE MODE FOLDER` prints a Report.
"""

import json
import shutil
import sys
from collections import Counter
from pathlib import Path

from tests.support import cheap_kdf
from tests.support.faultbench import Broken, copy_tree, demand
from tests.support.faults import Report
from tests.support.faultshim import NEVER, Facts, Mode, Shim, in_child
from tests.support.vaults import Place, slots_of
from vault import errors
from vault.crypto import aead
from vault.ledger import KEY_BYTES
from vault.service import looking
from vault.service.backup import BackupReader
from vault.service.restoring import examine, open_backups, open_places, restore_vault
from vault.service.sticks import stick_paths

TEXTS = ["Een korte notitie.", "Een lange. " * 600, "Nog een."]
MOST = 3
"""Steps of one name that are struck, at each end: the many writes to one file are much like each other."""


class Scene:
    """Something that is done to `work`, and how what a kill leaves of it is judged."""

    def __init__(self, root: Path) -> None:
        cheap_kdf.install()
        self.root, self.pristine, self.work = root, root / "pristine", root / "work"
        memory = root / "memory"
        memory.mkdir()
        # a kill leaves copies of ciphertext, which a test has to clear away
        looking._MEMORY = str(memory)
        self.place = Place(root / "vault")
        self.stick = root / "stick"
        with self.place.create() as vault:
            vault.add_many(TEXTS)
            vault.add_place(str(self.stick))
        self.work.mkdir()
        self.prepare()
        copy_tree(self.work, self.pristine)

    @property
    def there(self) -> Place:
        """The vault in the working copy."""
        found = Place(self.work)
        found.code = self.place.code
        return found

    def prepare(self) -> None:
        """Puts into `work` what is there beforehand."""

    def perform(self) -> None:
        """The part that faults strike."""
        raise NotImplementedError

    def judge(self) -> None:
        """Raises Broken."""
        raise NotImplementedError

    def texts(self) -> list[str]:
        """What the vault in the working copy shows."""
        with self.there.open(self.place.code) as vault:
            return sorted(note.text for note in vault.notes())


class Restore(Scene):
    """A vault from the stick, with a backup for a note that the stick has lost."""

    def prepare(self) -> None:
        disk = self.root / "disk"
        disk.mkdir()
        with self.place.open() as vault:
            vault.back_up(str(disk))
        other = Place(self.root / "elsewhere")
        other.data, other.paths = self.stick, stick_paths(str(self.stick))
        with other.open() as vault:
            slot = slots_of(vault, vault.handles()[0])[0]
        with other.database() as connection:
            connection.execute("UPDATE slot SET box=? WHERE n=?", (aead.noise(1984), slot))
        self.before = _tree(self.stick)

    def perform(self) -> None:
        with (
            open_places([str(self.stick)], self.place.code) as (place, _closed),
            open_backups(place.state, [str(self.root / "disk")]) as backups,
        ):
            boxes = examine(place.state, backups, 322).boxes
            demand(len(boxes) == 1, "nothing to mend")
            restore_vault(self.there.paths, place, boxes, clock=self.place.clock).close()

    def judge(self) -> None:
        demand(_tree(self.stick) == self.before, "the stick was written")
        try:
            found = self.texts()
        except errors.NoVault:
            self.perform()
            found = self.texts()
        demand(found == sorted(TEXTS), "neither no vault nor a whole one")
        demand({path.name for path in (self.work / "data").iterdir()} == {"header", "vault.db", "lock"}, "left over")


class BackUp(Scene):
    """Bringing a backup up to date in place."""

    more: tuple[str, ...] = ("erbij",)

    def prepare(self) -> None:
        (self.work / "disk").mkdir()
        with self.place.open() as vault:
            vault.back_up(str(self.work / "disk"))
            self.boxes = [{box} for _, box in vault._state.store.scan_slots()]
            vault.shred(vault.handles()[:1])
            vault.add_many(self.more)
            found = vault._state.store.scan_slots()
            self.pool = vault._state.head.pool
            if self.pool == len(self.boxes):
                for slot, box in found:
                    self.boxes[slot].add(box)

    def perform(self) -> None:
        with self.place.open() as vault:
            vault.back_up(str(self.work / "disk"))

    def judge(self) -> None:
        with self.place.open() as vault:
            state = vault._state
            with BackupReader(str(self.work / "disk"), state.vault_id, state.static) as backup:
                found = [backup.box(slot) for slot in range(len(self.boxes))]
            if self.pool == len(self.boxes):
                wrong = [box for box, right in zip(found, self.boxes, strict=True) if box and box not in right]
                demand(not wrong, "a slot that is neither the old nor the new one")
                demand(found.count(None) <= 64, "more than one segment is torn")
            vault.back_up(str(self.work / "disk"))
            with BackupReader(str(self.work / "disk"), state.vault_id, state.static) as backup:
                again = [backup.box(slot) for slot in range(state.head.pool)]
            demand(again == [box for _, box in state.store.scan_slots()], "the next backup is not whole")
        demand([path.name for path in (self.work / "disk").iterdir()] == ["ongemerkt-backup"], "left over")


class BackUpGrown(BackUp):
    """The same for a pool that grew: a new file beside the old one."""

    more = ("vulling",) * 300


class Mend(Scene):
    """Putting back from a backup what does not open."""

    def prepare(self) -> None:
        disk = self.root / "disk"
        disk.mkdir()
        with self.place.open() as vault:
            vault.back_up(str(disk))
            slot = slots_of(vault, vault.handles()[0])[0]
            demand(vault._state.ledger.keys[slot * KEY_BYTES] is not None, "no key")
        with self.place.database() as connection:
            connection.execute("UPDATE slot SET box=? WHERE n=?", (aead.noise(1984), slot))
        for name in ("data", "state"):
            shutil.copytree(self.place.folder / name, self.work / name)

    def perform(self) -> None:
        with self.there.open(self.place.code) as vault:
            vault.mend([str(self.root / "disk")])

    def judge(self) -> None:
        try:
            found = self.texts()
        except errors.SlotTampered:
            self.perform()
            found = self.texts()
        demand(found == sorted(TEXTS), "a note is lost")


SCENES: dict[str, type[Scene]] = {"restore": Restore, "backup": BackUp, "backup grown": BackUpGrown, "mend": Mend}


def _tree(folder: Path) -> dict[str, bytes]:
    return {str(path): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()}


def strike_all(scene: Scene, shim: Shim, mode: Mode) -> Report:
    """Strikes one step after another."""

    def work(name: str, nth: int) -> Facts:
        shim.arm(nth, mode, only=name)
        scene.perform()
        shim.disarm()
        return {}

    copy_tree(scene.pristine, scene.work)
    in_child(lambda: work("", NEVER))
    steps, struck, problems, strikes = shim.names(), set[str](), [], 0
    scene.judge()
    for name, count in Counter(steps).items():
        for nth in (nth for nth in range(1, count + 1) if nth <= MOST or nth > count - MOST):
            copy_tree(scene.pristine, scene.work)
            in_child(lambda name=name, nth=nth: work(name, nth))  # type: ignore[misc]
            if not shim.fired:
                continue
            strikes += 1
            struck.add(name)
            try:
                scene.judge()
            except (Broken, errors.VaultError) as problem:
                problems.append(f"{mode.name} at {name} {nth}: {type(problem).__name__} {problem}")
    return Report(len(steps), strikes, sorted(struck), problems[:5])


if __name__ == "__main__":
    made = SCENES[sys.argv[1]](Path(sys.argv[3]))
    print(json.dumps(strike_all(made, Shim(made.work), Mode[sys.argv[2]])._asdict()))
