"""The process with faultshim.c in it: does one operation again and again, each time with a fault at another step.

`python -m tests.support.faultrunner strike OPERATION MODE FOLDER OPTION=VALUE …` prints a Report;
`python -m tests.support.faultrunner scene NAME FOLDER` ends well if nothing is broken.
"""

import gc
import json
import os
import signal
import sys
import traceback
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from tests.support.faultbench import LATER, Bench, Broken, Operation, demand
from tests.support.faultdeeds import OPERATIONS, Init, Reopen
from tests.support.faultimport import ImportAndRemove
from tests.support.faultjudge import Verdict, judge, look
from tests.support.faults import Report
from tests.support.faultscenes import SCENES
from tests.support.faultshim import KILLING, LASTING, NEVER, Facts, Mode, in_child
from vault import errors
from vault.service import Vault

ENOUGH_PROBLEMS = 5
END = 2
"""So many steps of one name are always struck, at the beginning and at the end."""


class Options(NamedTuple):
    """How to strike; see faults.run."""

    thin: int = 1
    then_kill: int = 0
    span: int = 0
    after: str = ""
    nth: int = 1

    @classmethod
    def read(cls, words: tuple[str, ...]) -> "Options":
        """From NAME=VALUE each."""
        given = dict(word.split("=", 1) for word in words)
        numbers = {name: int(value) for name, value in given.items() if name != "after"}
        return cls(**numbers, after=given.get("after", ""))


class Runner:
    """Strikes one step after another."""

    def __init__(self, folder: Path, operation: Operation, mode: Mode, options: Options) -> None:
        """Prepares the vault and does the operation once without a fault."""
        self.bench = Bench(folder)
        self.shim = self.bench.shim
        self.operation = operation
        self.mode = mode
        self.options = options
        self.lasting = mode in LASTING and not options.span
        self.struck: set[str] = set()
        self.strikes = 0
        operation.prepare(self.bench)
        self._rehearse()
        if options.after:
            self._interrupt()

    def _interrupt(self) -> None:
        """What is struck from now on is the opening of the vault in which the operation was interrupted."""
        bench = self.bench
        bench.restore()

        def interrupted() -> Facts:
            vault = self.operation.begin(bench)
            self.shim.arm(self.options.nth, Mode.KILL_BEFORE, only=self.options.after)
            self.operation.perform(bench, vault)
            return {}

        in_child(interrupted)
        demand(self.shim.fired, "there is no such step")
        bench.start = bench.aside.with_name("interrupted")
        bench.copy_to(bench.start)
        found = look(bench, bench.work, self.operation.passphrases)
        assert found is not None
        assert bench.old is not None
        happened = self.operation.is_new(bench, bench.old, found)
        self.operation = Reopen(self.operation)
        self.operation.decided = happened
        self._rehearse()

    def _arm(self, name: str, nth: int) -> None:
        options = self.options
        self.shim.arm(nth, self.mode, only=name, then_kill=options.then_kill, span=options.span)

    def _rehearse(self) -> None:
        self.bench.restore()
        facts, _ = in_child(lambda: self._do("", NEVER))
        assert facts is not None
        self.rehearsed = self.shim.names()
        if facts["code"]:
            self.bench.code = facts["code"]
        self.bench.note_size(self.bench.work)
        judge(self.bench, self.operation, self.bench.work, Verdict(happened=True))

    def strike_all(self) -> Iterator[str]:
        """Strikes one step after another; what was broken by it.

        A step is known by its name and its number among those of that name: how often a file is written differs a
        little from time to time, since slots are drawn at random, but no kind of step is missed this way.
        """
        for name, count in Counter(self.rehearsed).items():
            for nth in range(1, NEVER):
                inner = END < nth <= count - END
                if inner and nth % self.options.thin:
                    continue
                try:
                    if not self._strike(name, nth):
                        break
                except Exception as error:  # noqa: BLE001 (all that is wrong is worth more than the first)
                    yield f"{self.mode.name} at {name} {nth}: {_told(error)}"

    def _strike(self, name: str, nth: int) -> bool:
        """Does it with a fault at this step; False when there is no such step."""
        self.bench.restore()
        work = self._do if self.mode in KILLING or self.options.then_kill else self._suffer
        facts, status = in_child(lambda: work(name, nth))
        if not self.shim.fired:
            return False
        self.struck.add(name)
        self.strikes += 1
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        demand(killed or self.mode not in KILLING, "was not killed")
        if facts is None:
            demand(killed, "the process ended in another way")
            judge(self.bench, self.operation, self.bench.work, Verdict(happened=None))
            return True
        if problem := facts.get("problem"):
            raise Broken(problem)
        self.bench.code = facts["code"]
        for folder, verdict in facts["verdicts"].items():
            path = getattr(self.bench, folder)
            judge(self.bench, self.operation, path, Verdict(*verdict), quick=folder != "work")
        return True

    def _do(self, name: str, nth: int) -> Facts:
        """To be killed somewhere in it."""
        vault = self.operation.begin(self.bench)
        self._arm(name, nth)
        happened: bool | None = None
        finished = True
        # a fault that comes before the kill
        for _ in range(2):
            try:
                vault = self.operation.perform(self.bench, vault)
                happened = True
                break
            except errors.ResidueLeft:
                happened, finished = True, False
                break
            except errors.StorageFailed:
                continue
            except errors.VaultExists:
                break
        self.shim.disarm()
        return {"code": self.bench.code, "verdicts": {"work": Verdict(happened, finished)}}

    def _suffer(self, name: str, nth: int) -> Facts:
        """A failing disk: how it is told, what is on disk at that moment, and whether it goes on afterwards."""
        bench, operation = self.bench, self.operation
        begun = vault = operation.begin(bench)
        self._arm(name, nth)
        first, vault = self._attempt(vault)
        if not self.shim.fired:
            return {}
        if self.lasting and vault is not None:
            self._in_misery(vault)
        bench.copy_to(bench.aside)
        self.shim.disarm()
        second = first
        if first == "failed" or (first == "residue" and vault is None):
            second, vault = self._attempt(vault)
        if wrong := [outcome for outcome in (first, second) if outcome.startswith("wrong")]:
            return {"problem": wrong[0]}
        unclear = second in ("failed", "exists")
        goes_on = not unclear and vault is not None and self._goes_on(vault)
        if vault is not None:
            vault.close()
        at_first = True if first != "failed" else None
        if first == "failed" and begun is not None and not unclear:
            # the same open vault could do it again, so it must not have been done
            at_first = False
        clean = first == "failed" and self.mode is Mode.EIO_ONCE and isinstance(operation, Init)
        verdicts = {"aside": Verdict(at_first, first == "done" and not self.lasting, nothing=clean)}
        if goes_on:
            verdicts["further"] = Verdict(True, finished=second == "done", added=True)
        verdicts["work"] = Verdict(None if unclear else True, second == "done" or goes_on, goes_on, goes_on)
        return {"code": bench.code, "verdicts": verdicts}

    def _attempt(self, vault: Vault | None) -> tuple[str, Vault | None]:
        try:
            return "done", self.operation.perform(self.bench, vault)
        except errors.StorageFailed:
            return "failed", vault
        except errors.ResidueLeft:
            return "residue", vault
        except errors.VaultExists:
            return "exists", vault
        except Exception as error:  # noqa: BLE001 (any other exception is what is looked for)
            return f"wrong error: {type(error).__name__} {traceback.format_exc()}", vault

    def _in_misery(self, vault: Vault) -> None:
        """The disk goes on failing: nothing that is tried may make it worse."""
        spare = self.bench.handle.get("spare")
        for attempt in (
            lambda: vault.shred([spare] if spare else []),
            lambda: vault.change_passphrase("nooit aangekomen"),
            lambda: vault.add("nooit aangekomen"),
            vault.notes,
        ):
            try:
                attempt()
            except errors.StorageFailed:
                continue

    def _goes_on(self, vault: Vault) -> bool:
        """Whether the same open vault still works now that the disk does; after a lasting fault it may have closed."""
        try:
            vault.add(LATER)
        except errors.StorageFailed:
            if (self.lasting or self.options.span) and _is_dead(vault):
                return False
            raise
        self.bench.copy_to(self.bench.further)
        if spare := self.bench.handle.get("spare"):
            vault.shred([spare])
        return True


def _is_dead(vault: Vault) -> bool:
    try:
        vault.notes()
    except errors.StorageFailed:
        return True
    return False


def strike(name: str, mode: str, folder: str, *words: str) -> None:
    """Prints a Report."""
    operations = OPERATIONS | {"import and remove": ImportAndRemove()}
    runner = Runner(Path(folder), operations[name], Mode[mode], Options.read(words))
    problems: list[str] = []
    for problem in runner.strike_all():
        problems.append(problem)
        if len(problems) == ENOUGH_PROBLEMS:
            break
    print(json.dumps(Report(len(runner.rehearsed), runner.strikes, sorted(runner.struck), problems)._asdict()))


def scene(name: str, folder: str) -> None:
    """Raises Broken if something is."""
    bench = Bench(Path(folder))
    SCENES[name](bench)


def _told(error: Exception) -> str:
    if isinstance(error, Broken):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__} {error} in {' < '.join(f'{each.name}:{each.lineno}' for each in reversed(last))}"


if __name__ == "__main__":
    # forking is cheaper when the collector leaves what is there alone
    gc.freeze()
    gc.disable()
    (scene if sys.argv[1] == "scene" else strike)(*sys.argv[2:])
