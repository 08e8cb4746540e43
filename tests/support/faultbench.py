"""A vault for faults to strike, and what an operation on it is (tests.support.faultdeeds has them)."""

import os
import shutil
from datetime import date
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from tests.support import cheap_kdf
from tests.support.faultshim import Shim
from tests.support.holder import Holder
from vault import errors
from vault.handles import spell
from vault.months import Period
from vault.service import AtHand, Paths, Vault, create_vault, open_vault

PASSPHRASE, CHANGED_PASSPHRASE, NEW_PASSPHRASE = "paard accu nietje", "stoel appel zon", "fiets lamp regenjas"
DAY = date(2026, 11, 22)
DAY_AFTER_EXPIRY = date(2027, 1, 10)
WITH_KEY_FILE = PASSPHRASE + " en sleutelbestand"
"""For `Bench.open`: the passphrase with the key file's secret, in a vault that asks for it."""
KEEP, BRIEFLY = Period(6, "m"), Period(2, "m")
LATER, AFTERWARDS = "geschreven na de fout", "geschreven na het openen"
LONG = "Lang gesprek over grenzen. " * 200
TEXTS = {"spare": "Reserve.", "other": "Iets anders.", "long": LONG, "brief": "Kort.", "brief long": "Kort. " + LONG}


class Broken(Exception):
    """A promise was broken."""


def demand(truth: bool, what: str) -> None:
    """Raises Broken(what) unless it is true."""
    if not truth:
        raise Broken(what)


class Seen(NamedTuple):
    """A vault as its owner sees it; the notes as handle, text and expiry month.

    `jots`: the texts that wait in the inbox.
    Of an enrolled one also `tombs` (id, parent, shredded), and `parents`: handle and parent of the notes that have one.
    """

    notes: frozenset[tuple[str, str, int]]
    draft: tuple[str, str] | None
    keep: str
    passphrase: str
    tombs: frozenset[tuple[int, int, bool]] = frozenset()
    parents: frozenset[tuple[str, int]] = frozenset()
    jots: tuple[str, ...] = ()


def seen_in(vault: Vault, passphrase: str = PASSPHRASE) -> Seen:
    """What the open vault shows."""
    now = vault.moment().now
    notes = frozenset((note.handle, note.text, note.months_left + now) for note in vault.notes())
    ledger = vault._state.ledger
    tombs = frozenset((tomb.id, tomb.parent, tomb.shredded) for tomb in ledger.tombs())
    parents = frozenset(
        (spell(ledger.handles[first]), ledger.parents[first]) for first in ledger.firsts() if ledger.parents[first]
    )
    jots = tuple(sorted(jot.text for jot in vault.jots()))
    return Seen(notes, vault.draft(), str(vault.keep_default), passphrase, tombs, parents, jots)


class Bench:
    """A prepared vault, a working copy of it that faults strike, and copies set aside of what a fault left."""

    def __init__(self, root: Path) -> None:
        """Everything happens below `root`."""
        cheap_kdf.install()
        self.pristine, self.work = root / "pristine", root / "work"
        self.start = self.pristine
        self.aside, self.further = root / "aside", root / "further"
        self.work.mkdir(mode=0o700, parents=True)
        self.attack = root / "attack"
        self.handle: dict[str, str] = {}
        self.ids: dict[str, int] = {}
        """Of an enrolled vault: the ids of TEXTS."""
        self.code = ""
        self.secret = PASSPHRASE
        """What opens the pristine vault."""
        self.holder = Holder(root / "key file")
        (root / "key file").write_bytes(bytes(range(32)))
        self.old: Seen | None = None
        self.old_anchors: list[bytes] = []
        self.sizes: set[int] = set()
        self.turn = 0

    @cached_property
    def shim(self) -> Shim:
        """The shim, in a process that has it."""
        return Shim(self.work)

    def make_vault(self) -> Vault:
        """A vault with TEXTS in it, in the working copy, open."""
        vault, self.code = create_vault(paths_in(self.work), PASSPHRASE, keep=KEEP, clock=lambda: DAY)
        for name, text in TEXTS.items():
            self.handle[name] = vault.add(text, BRIEFLY if name.startswith("brief") else KEEP).handle
        return vault

    def keep_as_pristine(self, secret: str = PASSPHRASE) -> None:
        """The working copy, closed, becomes what `restore` restores; `secret` opens it."""
        self.secret = secret
        with self.open(self.work) as vault:
            self.old = seen_in(vault, secret)
        self.old_anchors = [secret_part(path) for path in self.work.glob("anchors/*/anchor*")]
        self.note_size(self.work)
        copy_tree(self.work, self.pristine)

    def note_size(self, folder: Path) -> None:
        """The database may have this size from now on."""
        self.sizes.add((folder / "data" / "vault.db").stat().st_size)

    def restore(self) -> None:
        """A fresh working copy: of the pristine vault, or of what `start` names instead."""
        if self.start.exists():
            copy_tree(self.start, self.work)
        else:
            shutil.rmtree(self.work)
            self.work.mkdir(mode=0o700)

    def copy_to(self, folder: Path) -> None:
        """Copies the working copy as it is on disk at this moment: what would be left if it ended here."""
        copy_tree(self.work, folder)

    def open(self, folder: Path, secret: str = "", day: date = DAY) -> Vault:
        """Opens the vault in one of the copies; without a secret with that of the pristine one."""
        secret = secret or self.secret
        factors = AtHand(self.holder) if secret == WITH_KEY_FILE else None
        try:
            passphrase = PASSPHRASE if secret == WITH_KEY_FILE else secret
            vault = open_vault(paths_in(folder), passphrase, clock=lambda: day, factors=factors)
        except errors.FactorNeeded:
            raise errors.WrongSecret from None
        if secret == WITH_KEY_FILE and not vault.factors():
            # the passphrase alone did it
            vault.close()
            raise errors.WrongSecret
        return vault


def copy_tree(source: Path, target: Path) -> None:
    """Makes `target` like `source`, times included.

    Files that are there already are written over: faster than making them anew, and this is done ten thousand times.
    """
    target.mkdir(mode=0o700, exist_ok=True)
    with os.scandir(source) as entries:
        wanted = {entry.name: entry.is_dir() for entry in entries}
    with os.scandir(target) as entries:
        extra = [(entry.path, entry.is_dir()) for entry in entries if wanted.get(entry.name) is not entry.is_dir()]
    for path, is_folder in extra:
        shutil.rmtree(path) if is_folder else os.unlink(path)
    for name, is_folder in wanted.items():
        if is_folder:
            copy_tree(source / name, target / name)
        else:
            _copy_file(os.path.join(source, name), os.path.join(target, name))
    shutil.copystat(source, target)


def _copy_file(source: str, target: str) -> None:
    with open(source, "rb") as file:
        data = file.read()
    descriptor = os.open(target, os.O_WRONLY | os.O_CREAT, 0o600)
    os.write(descriptor, data)
    os.ftruncate(descriptor, len(data))
    os.close(descriptor)
    shutil.copystat(source, target)


def paths_in(folder: Path) -> Paths:
    """A vault's places below `folder`."""
    return Paths(str(folder / "data"), str(folder / "anchors"))


def secret_part(path: Path) -> bytes:
    """Epoch id and anchor secret as they stand in an anchor file."""
    return path.read_bytes()[17:65]


class Operation:
    """One thing that changes a vault."""

    destroys: bool = False
    """Whether the old epoch must be beyond recovery afterwards."""
    passphrases: tuple[str, ...] = (PASSPHRASE,)
    """Those of which exactly one must open."""

    decided: bool | None = None
    """Whether it is certain beforehand that it happens, or that it doesn't."""

    def prepare(self, bench: Bench) -> None:
        """Makes the pristine vault."""
        bench.make_vault().close()
        bench.keep_as_pristine()

    def begin(self, bench: Bench) -> Vault | None:
        """What comes before the part that faults strike."""
        return bench.open(bench.work)

    def perform(self, bench: Bench, vault: Vault | None) -> Vault:
        """The part that faults strike; the open vault when it is done."""
        assert vault is not None
        self.change(bench, vault)
        return vault

    def change(self, bench: Bench, vault: Vault) -> None:
        """What is done to the open vault."""
        raise NotImplementedError

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        """Whether `found` is exactly what the operation makes of `old`."""
        raise NotImplementedError

    def aftermath(self, bench: Bench, folder: Path, passphrase: str, new: bool) -> None:
        """Raises Broken unless everything beside the vault is as it must be with the old or the new state."""
