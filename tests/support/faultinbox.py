"""What the fault tests do to a vault's inbox: jotting and taking in."""

from pathlib import Path
from typing import ClassVar

from tests.support.faultbench import LONG, Bench, Operation, Seen, demand, paths_in, seen_in
from tests.support.faultshim import Facts, Mode, in_child
from vault import files
from vault.crypto.aead import BoxRefused
from vault.crypto.inbox import open_jot
from vault.service import Vault
from vault.service.jotting import jot
from vault.service.state import State


class Jotting(Operation):
    """Sealing a jot, while the vault is open in another process."""

    TEXT = "Gekrabbeld. " + LONG

    def change(self, bench: Bench, vault: Vault) -> None:
        jot(paths_in(bench.work), self.TEXT)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return found == old._replace(jots=(*old.jots, self.TEXT))

    def aftermath(self, bench: Bench, folder: Path, passphrase: str, new: bool) -> None:
        _check_inbox(bench, folder, passphrase)


class TakeIn(Operation):
    """Of four jots two become notes, one is thrown away, and one waits on."""

    destroys = True
    TAKEN: ClassVar[tuple[str, ...]] = ("Krabbel. " + LONG, "Nog een krabbel.")
    LEFT, GONE = "Blijft wachten.", "Weg ermee."

    def prepare(self, bench: Bench) -> None:
        bench.make_vault().close()
        for text in (*self.TAKEN, self.LEFT, self.GONE):
            jot(paths_in(bench.work), text)
        bench.keep_as_pristine()

    def change(self, bench: Bench, vault: Vault) -> None:
        names = {each.text: each.name for each in vault.jots()}
        texts = {names[text]: text for text in self.TAKEN}
        vault.take_in(texts, discard=[names[self.GONE]])

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        added = [text for _, text, _ in found.notes - old.notes]
        same = found._replace(jots=old.jots, notes=old.notes) == old
        return same and sorted(added) == sorted(self.TAKEN) and found.jots == (self.LEFT,) and found.notes > old.notes

    def aftermath(self, bench: Bench, folder: Path, passphrase: str, new: bool) -> None:
        kept = copy_of_inbox(bench.pristine)
        with bench.open(folder, passphrase) as vault:
            opens = sum(opens_with(vault._state, data) for data in kept)
        demand(opens == (0 if new else len(kept)), "a copy of a jot opens after the key turned, or not before")
        _check_inbox(bench, folder, passphrase)


class JotMeanwhile(Jotting):
    """Sealing a jot after a taking in was killed at `step`, before anybody unlocks."""

    def __init__(self, step: str, nth: int = 1) -> None:
        self._step = step
        self._nth = nth

    def prepare(self, bench: Bench) -> None:
        taking = TakeIn()
        taking.prepare(bench)

        def killed() -> Facts:
            vault = taking.begin(bench)
            bench.shim.arm(self._nth, Mode.KILL_BEFORE, only=self._step)
            assert vault is not None
            taking.change(bench, vault)
            return {}

        in_child(killed)
        demand(bench.shim.fired, "there is no such step")
        bench.copy_to(bench.pristine)
        bench.copy_to(bench.aside)
        with bench.open(bench.aside) as vault:
            bench.old = seen_in(vault)

    def begin(self, bench: Bench) -> Vault | None:
        return None

    def perform(self, bench: Bench, vault: Vault | None) -> Vault:
        jot(paths_in(bench.work), self.TEXT)
        bench.shim.disarm()
        return bench.open(bench.work)

    def is_new(self, bench: Bench, old: Seen, found: Seen) -> bool:
        return found == old._replace(jots=tuple(sorted((*old.jots, self.TEXT))))


def copy_of_inbox(folder: Path) -> list[bytes]:
    """What somebody has who copied the jots."""
    return [path.read_bytes() for path in (folder / "data" / "inbox").iterdir() if path.name != "lock"]


def opens_with(state: State, data: bytes) -> bool:
    """Whether a jot opens with what the vault holds."""
    try:
        open_jot(state.settings.inbox, state.header.inbox, state.vault_id, data)
    except BoxRefused:
        return False
    return True


def _check_inbox(bench: Bench, folder: Path, passphrase: str) -> None:
    """Nothing half is there, and every time is constant; jotting goes on."""
    inbox = folder / "data" / "inbox"
    with bench.open(folder, passphrase) as vault:
        demand(vault.inbox().unreadable == 0, "something can't be read")
        waiting = vault.inbox().waiting
    if inbox.exists():
        demand(all(len(path.name) in (4, 16) for path in inbox.iterdir()), "something half is left in the inbox")
        for path in (inbox, *inbox.iterdir()):
            demand(path.stat().st_mtime == files.EPOCH_TIME, "a time in the inbox tells something")
    demand(jot(paths_in(folder), "Erna.") == waiting + 1, "another number waits")
    with bench.open(folder, passphrase) as vault:
        (name,) = [each.name for each in vault.jots() if each.text == "Erna."]
        # the judge compares what is there with before
        vault.take_in({}, discard=[name])
