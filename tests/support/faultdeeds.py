"""What the fault tests do to a vault: every operation that faults strike."""

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

from tests.support.faultbench import (
    BRIEFLY,
    CHANGED_PASSPHRASE,
    DAY,
    DAY_AFTER_EXPIRY,
    KEEP,
    LONG,
    NEW_PASSPHRASE,
    PASSPHRASE,
    TEXTS,
    WITH_KEY_FILE,
    Bench,
    Broken,
    Operation,
    Seen,
    demand,
    paths_in,
)
from tests.support.faultinbox import JotMeanwhile, Jotting, TakeIn
from tests.support.faultshim import Mode
from tests.support.vaults import enrolled, slots_of
from vault import errors, receipt
from vault.months import Period
from vault.service import Copy, Note, Unfinished, Vault, create_vault


class Add(Operation):
    TEXT = "Nieuw. " + LONG

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.add(self.TEXT)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        added = found.notes - old.notes
        return found.notes > old.notes and [text for _, text, _ in added] == [self.TEXT] and _rest(old, found)


class MovingHouse(Add):
    """A note for which the pool must grow first."""

    def prepare(self, bench: Bench) -> None:
        with bench.make_vault() as vault:
            vault.add("0123456789" * 46_800)
            demand(vault.status().pool - vault.status().used == 2, "the house is not full")
        bench.keep_as_pristine()


class Import(Operation):
    COUNT = 300

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.add_many([f"Ingelezen notitie {number}." for number in range(self.COUNT)])

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        wanted = Counter(f"Ingelezen notitie {number}." for number in range(self.COUNT))
        return (
            found.notes > old.notes
            and Counter(text for _, text, _ in found.notes - old.notes) == wanted
            and _rest(old, found)
        )


class Edit(Operation):
    destroys = True
    TEXT = "Herschreven. " * 200

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.edit(bench.handle["long"], self.TEXT)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        handle = bench.handle["long"]
        wanted = frozenset((each, self.TEXT if each == handle else text, month) for each, text, month in old.notes)
        return found == old._replace(notes=wanted)


class Shred(Operation):
    destroys = True
    GONE: ClassVar[tuple[str, ...]] = ("long", "other")

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.shred([bench.handle[name] for name in self.GONE])

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        gone = {bench.handle[name] for name in self.GONE}
        return found == old._replace(notes=frozenset(note for note in old.notes if note[0] not in gone))


class HandOver(Shred):
    """Destroying notes for a client: a copy first, a receipt after it."""

    TARGETS = "copy", "receipt"

    def begin(self, bench: Bench) -> Vault | None:
        (bench.work / "out").mkdir(exist_ok=True)
        return super().begin(bench)

    def change(self, bench: Bench, vault: Vault) -> None:
        out = bench.work / "out"
        handles = [bench.handle[name] for name in self.GONE]
        # a try after a failure takes new names, as a person would
        turn = len({path.name for path in out.iterdir() if path.name.startswith("copy")})
        copy, receipt_to = (str(out / f"{name} {turn}") for name in self.TARGETS)
        try:
            vault.shred_for_client(handles, claimed=True, copy=Copy(copy, copied, check_copy), receipt_to=receipt_to)
        except (errors.TargetFailed, errors.CopyNotVerified):
            # told as such; for the bench it is a disk that failed
            raise errors.StorageFailed from None

    def aftermath(self, bench: Bench, folder: Path, passphrase: str, new: bool) -> None:
        out = folder / "out"
        names = [path.name for path in out.iterdir()] if out.exists() else []
        copies = [json.loads((out / name).read_bytes()) for name in names if name.startswith("copy")]
        texts = sorted(TEXTS[name] for name in self.GONE)
        demand(all(sorted(copy) == texts for copy in copies), "a copy that is not whole")
        receipts = [receipt.verify((out / name).read_bytes()) for name in names if name.startswith("receipt")]
        with bench.open(folder, passphrase) as vault:
            unfinished = vault.unfinished()
            if folder == bench.work:
                left = [path for path in out.iterdir() if path.name.startswith(".")]
                demand(not any(b"Iets" in path.read_bytes() for path in left), "an unfinished copy is left")
            if not new:
                demand(not receipts, "a receipt of what was not destroyed")
                demand(not copies or Unfinished(True, 2) in unfinished, "nobody is told of the copy")
                demand(Unfinished(False, 2) not in unfinished, "a receipt waits for what was not destroyed")
                return
            demand(bool(copies), "destroyed without a copy")
            demand(Unfinished(True, 2) not in unfinished, "told of a copy that was finished")
            demand(bool(receipts) or Unfinished(False, 2) in unfinished, "destroyed, and no receipt to come")
            if Unfinished(False, 2) in unfinished:
                again = folder / "again"
                again.unlink(missing_ok=True)
                receipts.append(receipt.verify(vault.write_waiting_receipt(str(again)).receipt))
                again.unlink()
            demand(all(each[:3] == (2, 322, "claim") for each in receipts), "a receipt that says something else")


def copied(notes: Sequence[Note]) -> bytes:
    """A copy that a test can read."""
    return json.dumps([note.text for note in notes]).encode()


def check_copy(data: bytes, notes: Sequence[Note]) -> None:
    """Raises CopyNotVerified."""
    if data != copied(notes):
        raise errors.CopyNotVerified


class Expire(Shred):
    """Opening on a day when two notes are due."""

    GONE = ("brief", "brief long")

    def begin(self, bench: Bench) -> Vault | None:
        return None

    def perform(self, bench: Bench, vault: Vault | None) -> Vault:
        vault = bench.open(bench.work, day=DAY_AFTER_EXPIRY)
        shown = {note.text for note in vault.notes()}
        demand(not shown & {TEXTS[name] for name in self.GONE}, "a note that is due was shown")
        return vault


class Keep(Operation):
    def change(self, bench: Bench, vault: Vault) -> None:
        vault.keep(bench.handle["long"], BRIEFLY)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        (before,), (after,) = old.notes - found.notes or [("", "", 0)], found.notes - old.notes or [("", "", 0)]
        same = before[:2] == after[:2] and before[0] == bench.handle["long"]
        return same and after[2] < before[2] and _rest(old, found)


class Settings(Operation):
    def change(self, bench: Bench, vault: Vault) -> None:
        vault.set_keep_default(Period(9, "m"))

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return found == old._replace(keep="9m")


class Draft(Operation):
    """A draft that takes the place of an earlier one."""

    destroys = True

    def prepare(self, bench: Bench) -> None:
        with bench.make_vault() as vault:
            vault.seal_draft("Eerste versie. " + LONG)
        bench.keep_as_pristine()

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.seal_draft("Tweede versie.", bench.handle["long"])

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return found == old._replace(draft=("Tweede versie.", bench.handle["long"]))


class ChangePassphrase(Operation):
    destroys = True
    passphrases = (PASSPHRASE, NEW_PASSPHRASE)

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.change_passphrase(NEW_PASSPHRASE)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return found == old._replace(passphrase=NEW_PASSPHRASE)


class AddFactor(Operation):
    """A key file that the passphrase takes from now on."""

    destroys = True
    passphrases = (PASSPHRASE, WITH_KEY_FILE)

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.add_factor("keyfile", bench.holder)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return found == old._replace(passphrase=self.passphrases[1])


class RemoveFactor(AddFactor):
    """The only key file goes."""

    passphrases = (WITH_KEY_FILE, PASSPHRASE)

    def prepare(self, bench: Bench) -> None:
        with bench.make_vault() as vault:
            super().change(bench, vault)
        bench.keep_as_pristine(WITH_KEY_FILE)

    def change(self, bench: Bench, vault: Vault) -> None:
        vault.remove_factor("1")


class Init(Operation):
    def prepare(self, bench: Bench) -> None:
        """There is nothing yet."""

    def begin(self, bench: Bench) -> Vault | None:
        return None

    def perform(self, bench: Bench, vault: Vault | None) -> Vault:
        vault, bench.code = create_vault(paths_in(bench.work), PASSPHRASE, keep=KEEP, clock=lambda: DAY)
        return vault


class AfterResidue(Operation):
    """An operation in a vault that is still open after a passphrase change of which the last step failed.

    What is in force bears the name of something unfinished then: the anchor that of anchor.next, or the header that of
    header.next.
    """

    def __init__(self, then: Operation, failed: str) -> None:
        """`then` is done after this step has failed."""
        self._then = then
        self._failed = failed
        self.destroys = then.destroys
        self.passphrases = (CHANGED_PASSPHRASE, *then.passphrases[1:])

    def prepare(self, bench: Bench) -> None:
        self._then.prepare(bench)
        assert bench.old is not None
        bench.old = bench.old._replace(passphrase=CHANGED_PASSPHRASE)

    def begin(self, bench: Bench) -> Vault | None:
        vault = self._then.begin(bench)
        assert vault is not None
        bench.shim.arm(1, Mode.EIO_ONCE, only=self._failed)
        try:
            vault.change_passphrase(CHANGED_PASSPHRASE)
        except errors.ResidueLeft:
            bench.shim.disarm()
            return vault
        raise Broken("nothing was left")

    def change(self, bench: Bench, vault: Vault) -> None:
        self._then.change(bench, vault)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return self._then.is_new(bench, old, found)


class Enrolled(Operation):
    """An operation in an enrolled vault: what it replaces or shreds leaves a tomb, in the same step."""

    def __init__(self, then: Operation, *names: str, shredded: bool) -> None:
        """`then` shreds, or replaces, these of TEXTS."""
        self._then, self._names, self._shredded = then, names, shredded
        self.destroys = then.destroys

    def prepare(self, bench: Bench) -> None:
        with bench.make_vault() as vault:
            enrolled(vault)
            ledger = vault._state.ledger
            bench.ids = {name: ledger.ids[slots_of(vault, handle)[0]] for name, handle in bench.handle.items()}
        bench.keep_as_pristine()

    def change(self, bench: Bench, vault: Vault) -> None:
        self._then.change(bench, vault)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        tombs = frozenset((bench.ids[name], 0, self._shredded) for name in self._names)
        parents = () if self._shredded else ((bench.handle[name], bench.ids[name]) for name in self._names)
        plain = found._replace(tombs=old.tombs, parents=old.parents)
        return (found.tombs, found.parents) == (tombs, frozenset(parents)) and self._then.is_new(bench, old, plain)


class Reopen(Operation):
    """Opening a vault in which another operation was interrupted."""

    def __init__(self, of: Operation) -> None:
        """`of` was interrupted."""
        self._of = of
        self.destroys, self.passphrases = of.destroys, of.passphrases

    def begin(self, bench: Bench) -> Vault | None:
        return None

    def perform(self, bench: Bench, vault: Vault | None) -> Vault:
        for passphrase in self.passphrases:
            try:
                return bench.open(bench.work, passphrase)
            except errors.WrongSecret:
                continue
        raise Broken("neither passphrase opens")

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return self._of.is_new(bench, old, found)

    def aftermath(self, bench: Bench, folder: Path, passphrase: str, new: bool) -> None:
        self._of.aftermath(bench, folder, passphrase, new)


OPERATIONS: dict[str, Operation] = {
    "init": Init(),
    "add": Add(),
    "edit": Edit(),
    "shred": Shred(),
    "expire": Expire(),
    "hand over": HandOver(),
    "keep": Keep(),
    "settings": Settings(),
    "draft": Draft(),
    "passphrase": ChangePassphrase(),
    "factor add": AddFactor(),
    "factor remove": RemoveFactor(),
    "moving": MovingHouse(),
    "import": Import(),
    "edit, enrolled": Enrolled(Edit(), "long", shredded=False),
    "keep, enrolled": Enrolled(Keep(), "long", shredded=False),
    "shred, enrolled": Enrolled(Shred(), *Shred.GONE, shredded=True),
    "jot": Jotting(),
    "take in": TakeIn(),
    "jot before the commit": JotMeanwhile("write vault.db"),
    "jot before the anchor goes": JotMeanwhile("write anchor"),
    "jot before the header has its name": JotMeanwhile("rename header.next"),
    "jot before what was taken in is gone": JotMeanwhile("unlink jot"),
    "add after residue": AfterResidue(Add(), "unlink anchor"),
    "shred after residue": AfterResidue(Shred(), "unlink anchor"),
    "passphrase after residue": AfterResidue(ChangePassphrase(), "rename header.next"),
}


def _rest(old: Seen, found: Seen) -> bool:
    return found._replace(notes=old.notes) == old
