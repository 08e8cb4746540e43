"""Vaults to measure on: made once per run in a temporary folder, and copied for whoever changes them."""

import os
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple

from tests.support import cheap_kdf
from tests.support.notes import generate
from vault.crypto import stretch
from vault.months import Period
from vault.service import Paths, Vault, create_vault, open_vault

PASSPHRASE = "paard accu nietje"
DAY = date(2026, 11, 22)
KEEP = Period(1, "y")
REAL = stretch.POLICY
"""The costs that users have; everything but the unlocking benchmark runs with cheap ones."""
SEED = 20


class Home(NamedTuple):
    """A folder as a user's: the vault, the state folder with the anchor in it, and the passphrase in a file."""

    folder: Path

    @property
    def paths(self) -> Paths:
        """Where the vault lies; the anchors stand where the program looks for them below `state`."""
        return Paths(str(self.folder / "vault"), str(self.folder / "state" / "ongemerkt"))

    @property
    def options(self) -> list[str]:
        """What a command line needs to open this vault without a question."""
        return ["--vault", self.paths.data, "--passphrase-file", str(self.folder / "passphrase")]

    @property
    def environ(self) -> dict[str, str]:
        """What its environment needs."""
        return {"HOME": str(self.folder), "XDG_STATE_HOME": str(self.folder / "state")}

    def open(self) -> Vault:
        """The open vault."""
        return open_vault(self.paths, PASSPHRASE, clock=today)

    def make(self, cost: str = "normal") -> Vault:
        """A new vault here."""
        self.folder.mkdir()
        (self.folder / "passphrase").write_text(PASSPHRASE + "\n")
        return create_vault(self.paths, PASSPHRASE, keep=KEEP, clock=today, cost=cost)[0]


def today() -> date:
    """The day on which every benchmark happens."""
    return DAY


class Scratch:
    """The folder of this run."""

    def __init__(self, folder: Path, say: Callable[[str], None]) -> None:
        """Keeps everything in `folder`, which exists; `say` is told what takes a while."""
        self.folder = folder
        self.say = say
        self._made: dict[str, Home] = {}
        self._count = 0

    def vault(self, notes: int, *, real_cost: bool = False) -> Home:
        """A vault of so many notes of 1.5 KB, as prepared: read it, change only what a `copy` holds."""
        name = f"{notes}{'-real' if real_cost else ''}"
        if name not in self._made:
            self.say(f"preparing a vault with {notes:,} notes …")
            home = Home(self.folder / name)
            with home.make() as vault:
                vault.add_many(generate(SEED, notes))
            self._made[name] = home
        return self._made[name]

    def copy(self, home: Home) -> Home:
        """A copy to be changed."""
        copied = Home(self.new_folder())
        shutil.copytree(home.folder, copied.folder)
        # or the first commits would wait for what is still on its way to the disk
        os.sync()
        return copied

    def new_folder(self) -> Path:
        """The name of a folder that does not exist yet."""
        self._count += 1
        return self.folder / f"scratch-{self._count}"


def use_cheap_costs() -> None:
    """For everything but the unlocking benchmark."""
    cheap_kdf.install()


def use_real_costs() -> None:
    """As users have them."""
    stretch.POLICY = REAL
