"""The process with faultshim.c in it: empties a vault again and again, killed each time at another step.

`python -m tests.support.faultempty SCENE MODE FOLDER` prints a Report.
"""

import json
import shutil
import sys
from pathlib import Path

from tests.support.faultbench import copy_tree, demand
from tests.support.faultinbox import copy_of_inbox, opens_with
from tests.support.faultsafety import Scene, strike_all
from tests.support.faultshim import Mode, Shim
from tests.support.vaults import Place, enrolled
from vault import errors, receipt
from vault.formats.breaches import Breach
from vault.service import Template, Unfinished, Vault
from vault.service.emptying import Contents
from vault.service.jotting import jot

EMPTY = Contents(0, 0, 0, 0, 0, 0, 0, 0, 0)
JOTS = ("Gekrabbeld.", "Nog een krabbel.")


class ShredAll(Scene):
    """Everything in a vault on no server."""

    on_a_server = False

    def prepare(self) -> None:
        with self.place.open() as vault:
            if self.on_a_server:
                enrolled(vault)
            vault.open_engagement("Beuk")
            vault.seal_draft("onaf", engagement="Beuk")
            vault.allow_words(["Beuk"])
            vault.set_templates([Template("GROW", "Doel?")])
            vault.add_breach(Breach(0, 29_900_000, "in de trein"))
            for text in JOTS:
                jot(self.place.paths, text)
            self.full = vault.contents()
            self.tombs = self.full.notes + self.full.engagements if self.on_a_server else 0
        demand(all(self.full[:6]) and self.full.jots == len(JOTS), "not one of everything")
        for name in ("data", "state"):
            shutil.copytree(self.place.folder / name, self.work / name)
        (self.work / "out").mkdir()

    def perform(self) -> None:
        with self.there.open() as vault:
            vault.shred_all(receipt_to=str(self.work / "out" / "receipt"))

    def judge(self) -> None:
        written = (self.work / "out" / "receipt").exists()
        with self.there.open(self.place.code) as vault:
            found, waits = vault.contents(), Unfinished(False, self.full.notes) in vault.unfinished()
            demand(found in (self.full, EMPTY), f"neither full nor empty: {found}")
            if found == self.full:
                self._is_old(vault, told=written or waits)
            else:
                self._is_gone(vault, told=written or waits)
                if waits:
                    vault.write_waiting_receipt(str(self.work / "again"))
        if found == EMPTY:
            self._old_copy_is_dead()
            name = self.work / ("again" if waits else "out/receipt")
            demand(receipt.verify(name.read_bytes()).notes == self.full.notes, "a receipt that says something else")
            (self.work / "again").unlink(missing_ok=True)
        demand(sorted(jot_there(self.work)) == sorted(JOTS if found == self.full else ()), "jots that are half gone")

    def _is_old(self, vault: Vault, *, told: bool) -> None:
        demand(not told, "a receipt of what was not destroyed")
        demand([each.owes for each in vault.places()] == [False], "a stick owes what was not destroyed")
        demand(sorted(note.text for note in vault.notes()) == self.texts_before(), "a note is not what it was")
        demand(vault.draft() is not None and len(vault.breaches()) == 1, "draft or register does not open")
        demand(all(opens_with(vault._state, data) for data in copy_of_inbox(self.pristine)), "a jot opens no more")

    def _is_gone(self, vault: Vault, *, told: bool) -> None:
        demand(told, "destroyed, and no receipt to come")
        demand([each.owes for each in vault.places()] == [True], "a stick still has it, and nobody says so")
        demand(len(vault._state.ledger.tombs()) == self.tombs, "not a tomb of each")
        demand(not any(opens_with(vault._state, data) for data in copy_of_inbox(self.pristine)), "a jot still opens")

    def texts_before(self) -> list[str]:
        """What the vault that was never struck shows."""
        with self.place.open() as vault:
            return sorted(note.text for note in vault.notes())

    def _old_copy_is_dead(self) -> None:
        """A copy of the data folder of before, with the anchor of now."""
        attack = self.root / "attack"
        attack.mkdir(exist_ok=True)
        copy_tree(self.pristine / "data", attack / "data")
        copy_tree(self.work / "state", attack / "state")
        try:
            Place(attack).open().close()
        except errors.AnchorMismatch:
            return
        demand(False, "an older copy of the vault opens")


class ShredAllEnrolled(ShredAll):
    """The same in a vault that is on a server."""

    on_a_server = True


def jot_there(folder: Path) -> list[str]:
    """The texts of the jots that wait."""
    with Place(folder).open() as vault:
        return [each.text for each in vault.jots()]


SCENES: dict[str, type[Scene]] = {"alone": ShredAll, "enrolled": ShredAllEnrolled}


if __name__ == "__main__":
    made = SCENES[sys.argv[1]](Path(sys.argv[3]))
    print(json.dumps(strike_all(made, Shim(made.work), Mode[sys.argv[2]])._asdict()))
