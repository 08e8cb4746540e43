"""Recovery sticks under faults: adding, refreshing and removing one, killed or failing at any step.

The shim strikes the vault's files and the stick's alike. What is left is judged by what must hold whatever happens: the
vault has its notes, the stick is one that opens, or none yet, or no more; the settings never say more than the stick
holds; and doing it once more completes it.
"""

import shutil
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.support.faultbench import DAY, LATER, PASSPHRASE, Bench, Broken, demand, seen_in
from tests.support.faultshim import KILLING, Facts, Mode, in_child
from vault import errors, limits
from vault.service import Vault, open_vault
from vault.service.sticks import stick_paths

NEW, GONE = "nieuw sinds de stick", "other"
END = 2
"""So many steps of one name are always struck, at the beginning and at the end."""
TOLD = (
    errors.StorageFailed,
    errors.ResidueLeft,
    errors.PlaceFailed,
    errors.PlaceMissing,
    errors.PlaceNotVerified,
    errors.PlaceDamaged,
)
"""With which a fault may be told."""


class StickScene:
    """One thing done with a stick, again and again, with a fault at another step each time."""

    def __init__(self, bench: Bench, what: str, mode: Mode, thin: int) -> None:
        self._bench, self._what, self._mode, self._thin = bench, what, mode, thin
        self._stick = bench.work / "stick"
        self._folder = str(self._stick)

    def run(self) -> int:
        """Raises Broken. How many steps were struck."""
        self._prepare()
        names = self._rehearse()
        strikes = 0
        for name, count in Counter(names).items():
            for nth in range(1, count + 1):
                if END < nth <= count - END and nth % self._thin:
                    continue
                try:
                    strikes += self._strike(name, nth)
                except (Broken, errors.VaultError) as error:
                    raise Broken(f"{self._what}, {self._mode.name} at {name} {nth}: {error!r}") from error
        return strikes

    def _prepare(self) -> None:
        bench = self._bench
        with bench.make_vault() as vault:
            if self._what != "add":
                vault.add_place(self._folder)
                vault.shred([bench.handle[GONE]])
                vault.add_many([NEW] * (limits.POOL_LEAST if self._what == "refresh after moving" else 1))
                demand(vault.places()[0].owes, "the stick does not owe")
        bench.keep_as_pristine()

    def _do(self, vault: Vault) -> None:
        steps: dict[str, Callable[[], object]] = {
            "add": lambda: vault.add_place(self._folder),
            "refresh": lambda: vault.refresh_place(self._folder),
            "refresh after moving": lambda: vault.refresh_place(self._folder),
            "remove": lambda: vault.remove_place(self._folder),
        }
        steps[self._what]()

    def _rehearse(self) -> list[str]:
        bench = self._bench
        bench.restore()
        with bench.open(bench.work) as vault:
            bench.shim.arm(1 << 30, Mode.KILL_BEFORE)
            self._do(vault)
            bench.shim.disarm()
        self._judge(completed=True)
        return bench.shim.names()

    def _strike(self, name: str, nth: int) -> bool:
        bench = self._bench
        bench.restore()

        def work() -> Facts:
            vault = bench.open(bench.work)
            bench.shim.arm(nth, self._mode, only=name)
            outcome = "done"
            try:
                self._do(vault)
            except TOLD as error:
                outcome = type(error).__name__
            bench.shim.disarm()
            added = False
            with suppress(errors.StorageFailed):
                # a vault that does not know what its disk has refuses, and the next unlock sees
                vault.add(LATER)
                added = True
            vault.close()
            return {"outcome": outcome, "added": added}

        facts, status = in_child(work)
        if not bench.shim.fired:
            return False
        demand((facts is None) == (self._mode in KILLING), f"the process ended with {status}")
        self._judge(completed=False, acknowledged=facts is not None and facts["outcome"] == "done")
        return True

    # -- judging

    def _judge(self, *, completed: bool, acknowledged: bool = False) -> None:
        bench = self._bench
        with bench.open(bench.work) as vault:
            self._vault_is_whole(vault)
            self._settings_say_no_more(vault, acknowledged)
            if not completed:
                self._once_more(vault)
            self._complete(vault)

    def _vault_is_whole(self, vault: Vault) -> None:
        assert self._bench.old is not None
        notes = frozenset(note for note in seen_in(vault).notes if note[1] != LATER)
        demand(notes == self._bench.old.notes, "the vault has other notes")

    def _texts_on_stick(self) -> Counter[str] | None:
        """What the stick shows; None if there is none, or one that is being made or removed."""
        try:
            with open_vault(stick_paths(self._folder), PASSPHRASE, clock=lambda: DAY) as stick:
                return Counter(note.text for note in stick.notes())
        except errors.VaultError as error:
            gone = isinstance(error, (errors.NoVault, errors.AnchorMissing, errors.HeaderDamaged, errors.AnchorDamaged))
            demand(gone and self._what in ("add", "remove"), f"the stick does not open: {error!r}")
            return None

    def _settings_say_no_more(self, vault: Vault, acknowledged: bool) -> None:
        vault_texts = Counter(note.text for note in vault.notes())
        texts = self._texts_on_stick()
        for place in vault.places():
            if self._what == "remove" and texts is None:
                continue
            demand(texts is not None, "a place is listed that is not there")
            if not place.owes:
                demand(self._is_dead(), "a stick that owes nothing opens with its old files")
            if not place.lacks:
                demand(texts == vault_texts, "a stick that lacks nothing lacks something")
        if acknowledged:
            demand(len(vault.places()) == (self._what != "remove"), "acknowledged, and not listed so")
            demand(not any(place.owes for place in vault.places()), "acknowledged, and owing")

    def _is_dead(self) -> bool:
        """Whether the stick's old files open nothing with its anchor of now."""
        old = self._bench.pristine / "stick"
        if not old.exists():
            return True
        attack = self._bench.attack
        shutil.rmtree(attack, ignore_errors=True)
        shutil.copytree(old, attack)
        shutil.rmtree(attack / "anchor")
        shutil.copytree(self._stick / "anchor", attack / "anchor")
        try:
            open_vault(stick_paths(str(attack)), PASSPHRASE, clock=lambda: DAY).close()
        except errors.AnchorMismatch:
            return True
        return False

    def _once_more(self, vault: Vault) -> None:
        if self._what == "remove":
            try:
                vault.remove_place(self._folder)
            except errors.PlaceMissing:
                if vault.places():
                    vault.forget_place(self._folder)
            except errors.PlaceUnknown:
                demand(not vault.places(), "a place that can't be removed")
            return
        if self._what == "add" and not vault.places():
            vault.add_place(self._folder)
        vault.refresh_place(self._folder)

    def _complete(self, vault: Vault) -> None:
        if self._what == "remove":
            demand(vault.places() == [], "the place is still listed")
            # an empty file at the most
            demand(set(_files(self._stick)) <= {"lock"}, f"left on the stick: {_files(self._stick)}")
            return
        (place,) = vault.places()
        demand((place.lacks, place.owes) == (False, False), "the stick is still behind")
        demand(self._texts_on_stick() == Counter(note.text for note in vault.notes()), "the stick has other notes")
        demand(self._is_dead(), "the stick opens with its old files")


def _files(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


def stick_scene(what: str, mode: Mode, thin: int) -> Callable[[Bench], None]:
    """A scene for tests.support.faultscenes."""

    def play(bench: Bench) -> None:
        strikes = StickScene(bench, what, mode, thin).run()
        demand(strikes >= 5, f"only {strikes} steps were struck")

    return play


_MODES = {
    "add": {Mode.KILL_BEFORE: 80, Mode.EIO_ONCE: 80},
    "refresh": {Mode.KILL_BEFORE: 12, Mode.TORN: 12, Mode.EIO_ONCE: 12, Mode.EIO_ON: 40, Mode.FULL_ON: 12},
    "refresh after moving": {Mode.KILL_BEFORE: 150, Mode.EIO_ONCE: 150},
    "remove": {Mode.KILL_BEFORE: 12, Mode.EIO_ONCE: 12},
}
"""What is done → how the disk fails → of the steps with one name every so many is struck."""
STICK_SCENES = {
    f"stick {what} {mode.name}": stick_scene(what, mode, thin)
    for what, modes in _MODES.items()
    for mode, thin in modes.items()
}
