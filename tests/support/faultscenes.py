"""Longer stories of faults than one operation: full and read-only disks, and sessions in which anything may fail.

Each is played in the process of faultrunner.py and raises Broken when a promise is.
"""

import os
import random
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tests.support.faultbench import BRIEFLY, DAY, LONG, PASSPHRASE, TEXTS, Bench, Broken, Operation, demand, seen_in
from tests.support.faultdeeds import OPERATIONS, Add
from tests.support.faultjudge import Verdict, judge, look
from tests.support.faultpower import power_cut
from tests.support.faultshim import Facts, Mode, in_child
from tests.support.stickfaults import STICK_SCENES
from vault import errors
from vault.months import Period
from vault.service import Vault

NEXT_MONTH = date(2026, 12, 1)
"""Nothing is due on this day, but a month is to be remembered."""
OFTEN = 60
"""One step in so many fails in a session."""


def read_everything(bench: Bench, folder: Path, day: date = DAY) -> Vault:
    """Opens the vault and demands that everything that only reads works."""
    vault = bench.open(folder, day=day)
    demand(seen_in(vault) == bench.old, "what is read is not what was written")
    demand([note.handle for note in vault.find(["anders"])] == [bench.handle["other"]], "finding")
    demand(vault.show(bench.handle["long"]).text == LONG, "showing")
    demand(set(vault.handles()) == set(bench.handle.values()), "listing")
    demand(vault.status().notes == len(TEXTS), "status")
    return vault


def _changes(bench: Bench, vault: Vault) -> dict[str, Callable[[], object]]:
    return {
        "add": lambda: vault.add("Niet kwijt."),
        "edit": lambda: vault.edit(bench.handle["other"], "Niet kwijt."),
        "shred": lambda: vault.shred([bench.handle["other"]]),
        "keep": lambda: vault.keep(bench.handle["long"], BRIEFLY),
        "draft": lambda: vault.seal_draft("Niet kwijt."),
        "settings": lambda: vault.set_keep_default(Period(9, "m")),
        "passphrase": lambda: vault.change_passphrase("nooit aangekomen"),
    }


def _refuses_changes(bench: Bench, vault: Vault, mode: Mode) -> None:
    for name, change in _changes(bench, vault).items():
        try:
            change()
        except errors.StorageFailed as error:
            demand(error.read_only == (mode is Mode.READ_ONLY), f"{name}: read-only or not is told wrongly")
            demand(error.full or mode is not Mode.FULL_ON, f"{name}: that the disk is full is not told")
        else:
            raise Broken(f"{name}: done on a disk that can't be written")
        demand(seen_in(vault) == bench.old, f"{name}: shows although it failed")


def _reads_and_refuses(bench: Bench, mode: Mode, day: date, *, while_open: bool) -> None:
    """Reads, is told what is wrong at every change, and everything typed goes in when the disk can be written again."""
    bench.restore()
    if while_open:
        vault = bench.open(bench.work, day=day)
        bench.shim.arm(1, mode)
    else:
        bench.shim.arm(1, mode)
        vault = read_everything(bench, bench.work, day)
    _refuses_changes(bench, vault, mode)
    bench.copy_to(bench.aside)
    bench.shim.disarm()
    if mode is Mode.READ_ONLY and not while_open:
        # the database was opened for reading only
        vault.close()
        vault = bench.open(bench.work, day=day)
    for change in _changes(bench, vault).values():
        change()
    demand("Niet kwijt." in {note.text for note in vault.notes()}, "what was typed is lost")
    vault.close()
    judge(bench, Add(), bench.aside, Verdict(happened=False, finished=False))


def full_disk(bench: Bench) -> None:
    """Nothing that needs room can be written, or no file can be made."""
    _prepared(bench)
    for mode in (Mode.FULL_ON, Mode.NO_FILES):
        _reads_and_refuses(bench, mode, DAY, while_open=False)
        _reads_and_refuses(bench, mode, DAY, while_open=True)
        _reads_and_refuses(bench, mode, NEXT_MONTH, while_open=False)


def read_only(bench: Bench) -> None:
    """The medium is read-only, or becomes so while the vault is open."""
    _prepared(bench)
    _reads_and_refuses(bench, Mode.READ_ONLY, DAY, while_open=False)
    _reads_and_refuses(bench, Mode.READ_ONLY, DAY, while_open=True)
    _reads_and_refuses(bench, Mode.READ_ONLY, NEXT_MONTH, while_open=False)


def not_ours_to_write(bench: Bench) -> None:
    """Folders and files that their owner may read only; no shim needed."""
    _prepared(bench)
    # whatever is imported at its first use is imported here, where everything can be read
    read_everything(bench, bench.work).close()
    nobody = 65_534
    inside = sorted(bench.work.rglob("*"), reverse=True)
    for path in (*inside, bench.work):
        if os.getuid() == 0:
            os.chown(path, nobody, nobody)
        path.chmod(0o500 if path.is_dir() else 0o400)
    if os.getuid() == 0:
        bench.work.parent.chmod(0o711)

    def reading() -> Facts:
        if os.getuid() == 0:
            os.setgroups([])
            os.setgid(nobody)
            os.setuid(nobody)
        for day in (DAY, NEXT_MONTH):
            with read_everything(bench, bench.work, day) as vault:
                _refuses_changes(bench, vault, Mode.READ_ONLY)
        return {}

    facts, _ = in_child(reading)
    for path in (bench.work, *reversed(inside)):
        path.chmod(0o700)
    demand(facts is not None, "reading failed")


# -- sessions in which anything may fail ------------------------------------------------------------------------------


class _Model(NamedTuple):
    """What must be in the vault; every text is there once."""

    texts: frozenset[str]
    draft: str | None
    keep: str
    passphrase: str


def sessions(bench: Bench) -> None:
    """Sessions of many changes in which any step may fail at any time, in a random order."""
    _prepared(bench)
    for seed in range(24):
        bench.restore()
        try:
            _Session(bench, seed).run()
        except errors.VaultError as error:
            raise Broken(f"seed {seed}: {type(error).__name__}") from error
        except Broken as error:
            raise Broken(f"seed {seed}: {error}") from error


class _Session:
    CHANGES = 30

    def __init__(self, bench: Bench, seed: int) -> None:
        self._bench = bench
        self._shim = bench.shim
        self._seed = seed
        self._random = random.Random(seed)
        self._number = 0
        self._model = _Model(frozenset(TEXTS.values()), None, "6m", PASSPHRASE)
        self._vault = bench.open(bench.work)

    def run(self) -> None:
        self._shim.arm(self._seed, Mode.RANDOM, span=OFTEN)
        for _ in range(self.CHANGES):
            self._change()
        self._shim.disarm()
        self._vault.close()
        found = look(self._bench, self._bench.work, (self._model.passphrase,))
        demand(found is not None, "there is no vault in the end")
        assert found is not None
        demand(Counter(text for _, text, _ in found.notes) == Counter(self._model.texts), "other notes in the end")

    def _change(self) -> None:
        model, vault = self._model, self._vault
        after, act = self._random.choice([self._add, self._edit, self._shred, self._draft, self._keep, self._secret])()
        try:
            act()
        except errors.StorageFailed:
            if (found := self._shown(vault)) is not None:
                demand(found == model._replace(passphrase=""), "a change that failed shows")
                return
            self._reopen(model, after)
            return
        except errors.ResidueLeft:
            demand(self._shown(vault) is not None, "residue closed the vault")
        self._model = after
        demand(self._shown(vault) == after._replace(passphrase=""), "a change does not show")
        if self._random.random() < 0.1:
            vault.close()
            self._reopen(after, after)

    def _reopen(self, before: _Model, after: _Model) -> None:
        """After a change of which nobody knows whether it happened."""
        self._vault.close()
        for attempt in range(20):
            if attempt == 10:
                self._shim.disarm()
            for model in {before, after}:
                try:
                    self._vault = self._bench.open(self._bench.work, model.passphrase)
                except (errors.StorageFailed, errors.WrongSecret):
                    continue
                found = self._shown(self._vault)
                demand(found is not None, "a vault just opened is closed")
                fitting = [each for each in (before, after) if found == each._replace(passphrase="")]
                demand(bool(fitting), "neither before nor after")
                self._model = fitting[0]._replace(passphrase=model.passphrase)
                return
        raise Broken("the vault does not open again")

    def _shown(self, vault: Vault) -> _Model | None:
        try:
            seen = seen_in(vault)
        except errors.StorageFailed:
            return None
        texts = [text for _, text, _ in seen.notes]
        demand(len(texts) == len(set(texts)), "a note is there twice")
        return _Model(frozenset(texts), seen.draft and seen.draft[0], seen.keep, "")

    def _text(self) -> str:
        self._number += 1
        return f"Notitie {self._number}. " * self._random.choice((1, 100, 400))

    def _some(self) -> tuple[str, str]:
        """Handle and text of some note."""
        note = self._random.choice(self._vault.notes())
        return note.handle, note.text

    def _add(self) -> tuple[_Model, Callable[[], object]]:
        texts = [self._text() for _ in range(self._random.choice((1, 1, 3)))]
        vault = self._vault
        return self._model._replace(texts=self._model.texts | set(texts)), lambda: vault.add_many(texts)

    def _edit(self) -> tuple[_Model, Callable[[], object]]:
        if not self._model.texts:
            return self._add()
        (handle, old), new, vault = self._some(), self._text(), self._vault
        return self._model._replace(texts=self._model.texts - {old} | {new}), lambda: vault.edit(handle, new)

    def _shred(self) -> tuple[_Model, Callable[[], object]]:
        if not self._model.texts:
            return self._add()
        (handle, old), vault = self._some(), self._vault
        return self._model._replace(texts=self._model.texts - {old}), lambda: vault.shred([handle])

    def _draft(self) -> tuple[_Model, Callable[[], object]]:
        text, vault = self._text(), self._vault
        return self._model._replace(draft=text), lambda: vault.seal_draft(text)

    def _keep(self) -> tuple[_Model, Callable[[], object]]:
        period, vault = Period(self._random.randrange(2, 100), "m"), self._vault
        return self._model._replace(keep=str(period)), lambda: vault.set_keep_default(period)

    def _secret(self) -> tuple[_Model, Callable[[], object]]:
        self._number += 1
        passphrase, vault = f"wachtwoord {self._number}", self._vault
        return self._model._replace(passphrase=passphrase), lambda: vault.change_passphrase(passphrase)


def _prepared(bench: Bench) -> None:
    Operation().prepare(bench)


SCENES: dict[str, Callable[[Bench], None]] = {
    "full disk": full_disk,
    "read-only": read_only,
    "not ours to write": not_ours_to_write,
    "sessions": sessions,
    **STICK_SCENES,
    **{f"power cut {name}": power_cut(name) for name in OPERATIONS},
    **{
        f"power cut after a killed {name}": power_cut(name, fault=Mode.KILL_BEFORE, at="sync data", nth=nth)
        for name, nth in {"add": 2, "shred": 2, "passphrase": 3, "moving": 1}.items()
    },
    **{
        f"power cut after a failed sync in {name}": power_cut(name, fault=Mode.EIO_ONCE, at="sync data", nth=nth)
        for name, nth in {"add": 2, "shred": 2, "passphrase": 3}.items()
    },
}
