"""Does one operation again and again, each time with a fault at the next step, and judges what is left.

The faults come from faultshim.c, loaded in front of libc in a process of its own (`run`); product code knows nothing of
it. `python -m tests.support.faults OPERATION MODE FOLDER …` is that process.
"""

import ctypes
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import traceback
from collections.abc import Callable, Iterator
from enum import IntEnum
from pathlib import Path
from typing import Any, NamedTuple

from tests.support.faultbench import (
    LATER,
    OPERATIONS,
    Bench,
    Broken,
    Init,
    Operation,
    Reopen,
    Verdict,
    demand,
    judge,
    look,
)
from vault import errors
from vault.service import Vault

ROOT = Path(__file__).parents[2]
SOURCE = Path(__file__).with_name("faultshim.c")
ENOUGH_PROBLEMS = 5
NEVER = 1 << 30
"""A step that no operation gets to."""
END = 3
"""So many steps at either end of a row of the same name are always struck."""


class Mode(IntEnum):
    """What happens at the n-th step; the numbers are faultshim.c's."""

    KILL_BEFORE = 1
    KILL_AFTER = 2
    TORN = 3
    """Half of a write, then killed."""
    EIO_ONCE = 4
    """The step fails once, a write after half of it."""
    EIO_ON = 5
    """This step and every later one fails."""
    LIED = 6
    """The step is done and reported as failed."""
    FULL_ON = 7
    """From here on nothing that needs room is written."""
    READ_ONLY = 8
    """From here on nothing can be written or opened for writing."""
    RANDOM = 9
    """Any step may fail."""
    NO_FILES = 10
    """From here on no new file can be made: there is room, but no inode."""


KILLING = {Mode.KILL_BEFORE, Mode.KILL_AFTER, Mode.TORN}
LASTING = {Mode.EIO_ON, Mode.FULL_ON, Mode.NO_FILES, Mode.READ_ONLY}


class Report(NamedTuple):
    """How many steps the operation has, how many were struck, the names of those, and what was broken by it."""

    steps: int
    strikes: int
    struck: list[str]
    problems: list[str]


def build(folder: Path) -> Path | None:
    """Compiles the shim into `folder`; None when there is no compiler."""
    compiler = shutil.which("gcc") or shutil.which("cc")
    if compiler is None or sys.platform != "linux":
        return None
    target = folder / "faultshim.so"
    flags = ["-std=gnu11", "-O1", "-Wall", "-Wextra", "-Werror", "-shared", "-fPIC"]
    subprocess.run([compiler, *flags, "-o", str(target), str(SOURCE), "-ldl"], check=True)
    return target


def run(shim: Path, folder: Path, operation: str, mode: Mode, **options: int | str) -> Report:
    """Strikes every step of the operation, in a process with the shim in it.

    Options: `thin` (of many steps in a row with the same name strike only every so many, and those at either end),
    `then_kill` (kill so many steps after the fault), `only` (strike
    only steps of this name), `span` (how many steps a lasting fault lasts), `after` and `nth` (strike what opens the vault
    after the operation was killed at the n-th step of this name).
    """
    words = [f"{name}={value}" for name, value in options.items()]
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.faults", operation, mode.name, str(folder), *words],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)
    return Report(**json.loads(done.stdout))


class Shim:
    """The shim that is loaded in this process."""

    def __init__(self, folder: Path) -> None:
        """It will strike in `folder`."""
        self._library: Any = ctypes.CDLL(None)
        self._library.fault_arm.argtypes = [ctypes.c_char_p, ctypes.c_long, ctypes.c_int]
        self._library.fault_then_kill.argtypes = self._library.fault_span.argtypes = [ctypes.c_long]
        self._library.fault_count.restype = self._library.fault_fired.restype = ctypes.c_long
        self._library.fault_name.argtypes = [ctypes.c_long]
        self._library.fault_name.restype = ctypes.c_char_p
        self._folder = str(folder).encode()

    def arm(self, step: int, mode: Mode, *, only: str = "", then_kill: int = 0, span: int = 0) -> None:
        self._library.fault_arm(self._folder, step, mode)
        self._library.fault_only(only.encode())
        self._library.fault_then_kill(then_kill)
        if span:
            self._library.fault_span(span)

    def disarm(self) -> None:
        self._library.fault_disarm()

    def trace(self, descriptor: int) -> None:
        """Writes down in a file what is done to the folder; -1 ends it."""
        self._library.fault_trace(self._folder, descriptor)

    @property
    def fired(self) -> bool:
        return bool(self._library.fault_fired())

    @property
    def count(self) -> int:
        return int(self._library.fault_count())

    def names(self) -> list[str]:
        """The names of all steps since `arm`."""
        return [self._name(step) for step in range(1, self.count + 1)]

    @property
    def where(self) -> str:
        """The name of the step that was struck."""
        return self._name(self._library.fault_fired())

    def _name(self, step: int) -> str:
        found: bytes = self._library.fault_name(step)
        return found.decode()


Facts = dict[str, Any]


def in_child(work: Callable[[], Facts]) -> tuple[Facts | None, int]:
    """What `work` returns in a child process, None if it was killed before that; and the child's wait status."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.write(writing, json.dumps(work()).encode())
            status = 0
        except BaseException:  # noqa: BLE001 (the parent sees the status)
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(status)
    os.close(writing)
    with open(reading, "rb") as pipe:
        data = pipe.read()
    _, status = os.waitpid(child, 0)
    return json.loads(data) if data else None, status


class Options(NamedTuple):
    """How to strike; see `run`."""

    thin: int = 1
    then_kill: int = 0
    span: int = 0
    only: str = ""
    after: str = ""
    nth: int = 1


class Runner:
    """Strikes one step after another."""

    def __init__(self, folder: Path, operation: Operation, mode: Mode, options: Options) -> None:
        """Prepares the vault and does the operation once without a fault."""
        self.bench = Bench(folder)
        self.shim = Shim(self.bench.work)
        self.operation = operation
        self.mode = mode
        self.options = options
        self.lasting = mode in LASTING and not options.span
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

    def _arm(self, step: int) -> None:
        options = self.options
        self.shim.arm(step, self.mode, only=options.only, then_kill=options.then_kill, span=options.span)

    def _rehearse(self) -> None:
        self.bench.restore()
        facts, _ = in_child(lambda: self._do(NEVER))
        assert facts is not None
        self.rehearsed = self.shim.names()
        if facts["code"]:
            self.bench.code = facts["code"]
        self.bench.note_size(self.bench.work)
        judge(self.bench, self.operation, self.bench.work, Verdict(happened=True))

    def strike_all(self) -> Iterator[str]:
        """Strikes one step after another; each one's name.

        Told by its name and the how manieth of that name it is: how often a file is written differs from time to time,
        since slots are drawn at random, but no kind of step is missed that way.
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

    def strike(self, step: int) -> str | None:
        """Does it with a fault at this step. Its name, or None when the operation has no such step."""
        self.bench.restore()
        work = self._do if self.mode in KILLING or self.options.then_kill else self._suffer
        facts, status = in_child(lambda: work(step))
        if not self.shim.fired:
            return None
        where = self.shim.where
        killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        if self.mode in KILLING and not killed:
            raise Broken("was not killed")
        if facts is None:
            if not killed:
                raise Broken("the process ended in another way")
            judge(self.bench, self.operation, self.bench.work, Verdict(happened=None))
            return where
        if isinstance(self.operation, Init) and facts["code"]:
            self.bench.code = facts["code"]
        if problem := facts.get("problem"):
            raise Broken(problem)
        for folder, verdict in facts["verdicts"].items():
            path = getattr(self.bench, folder)
            judge(self.bench, self.operation, path, Verdict(*verdict), quick=folder == "further")
        return where

    def _do(self, step: int) -> Facts:
        """To be killed somewhere in it."""
        vault = self.operation.begin(self.bench)
        self._arm(step)
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

    def _suffer(self, step: int) -> Facts:
        """A failing disk: how it is told, what is on disk at that moment, and whether it goes on afterwards."""
        bench, operation = self.bench, self.operation
        begun = vault = operation.begin(bench)
        self._arm(step)
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
        verdicts = {"aside": Verdict(at_first, first == "done" and not self.lasting)}
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


def scene(shim: Path, folder: Path, name: str) -> None:
    """Plays one of faultscenes.SCENES in a process with the shim in it."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.faults", "scene", name, str(folder)],
        cwd=ROOT,
        env={**os.environ, "LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise AssertionError(done.stderr)


def main(name: str, mode_name: str, folder: str, *words: str) -> None:
    """The process with the shim in it: prints a Report."""
    if name == "scene":
        from tests.support.faultscenes import SCENES

        bench = Bench(Path(folder))
        SCENES[mode_name](bench, Shim(bench.work))
        return
    given = dict(word.split("=", 1) for word in words)
    options = Options(**{key: value if key in ("only", "after") else int(value) for key, value in given.items()})
    operation, mode = OPERATIONS[name](), Mode[mode_name]
    runner = Runner(Path(folder), operation, mode, options)
    strikes, struck, problems = 0, set[str](), []
    for step in runner.steps():
        try:
            where = runner.strike(step)
        except Exception as error:  # noqa: BLE001 (a report of everything that is wrong is worth more than the first)
            problems.append(f"{mode.name} at step {step}, {runner.shim.where}: {_told(error)}")
        else:
            if where is None:
                break
            struck.add(where)
        strikes += 1
        if len(problems) == ENOUGH_PROBLEMS:
            break
    print(json.dumps(Report(len(runner.rehearsed), strikes, sorted(struck), problems)._asdict()))


def _told(error: Exception) -> str:
    if isinstance(error, Broken):
        return str(error)
    last = traceback.extract_tb(error.__traceback__)[-4:]
    return f"{type(error).__name__} {error} in {' < '.join(f'{each.name}:{each.lineno}' for each in reversed(last))}"


if __name__ == "__main__":
    main(*sys.argv[1:])
