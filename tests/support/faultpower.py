"""Power cuts: every disk that one could leave at any moment of an operation, made and judged."""

import os
import random
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

from tests.support.faultbench import Bench, Broken, Operation, demand
from tests.support.faultdeeds import OPERATIONS, Reopen
from tests.support.faultjudge import Verdict, judge
from tests.support.faultshim import NEVER, Facts, Mode, in_child
from vault import errors


class _Event(NamedTuple):
    """One thing that was done to a folder, as faultshim.c wrote it down."""

    kind: str
    offset: int
    path: str
    other: str
    data: bytes


def _events(log: Path) -> list[_Event]:
    found, raw, at = [], log.read_bytes(), 0
    while at < len(raw):
        head, path, other = raw[at:].split(b"\n", 3)[:3]
        kind, offset, length = head.split(b" ")
        start = at + len(head) + len(path) + len(other) + 3
        at = start + int(length)
        found.append(_Event(kind.decode(), int(offset), path.decode(), other.decode(), raw[start:at]))
    return found


class _Inode:
    """A file's bytes: those that are on the platter, and what was written since."""

    def __init__(self, data: bytes = b"") -> None:
        self.safe = data
        self.pending: list[_Event] = []

    def content(self, pending: list[_Event]) -> bytes:
        data = bytearray(self.safe)
        for event in pending:
            if event.kind == "write":
                data.extend(bytes(max(0, event.offset + len(event.data) - len(data))))
                data[event.offset : event.offset + len(event.data)] = event.data
            else:
                del data[event.offset :]
        return bytes(data)

    def sync(self) -> None:
        self.safe = self.content(self.pending)
        self.pending = []


class _Disk:
    """What a power cut may leave: a name or a byte that was not synced may be there or not.

    Stricter than most file systems: syncing a file says nothing about its name, and only syncing a folder makes its
    names safe. Names of one folder become safe in their order.
    """

    def __init__(self, root: Path) -> None:
        self.names: dict[str, _Inode | None] = {}
        for path in root.rglob("*"):
            self.names[str(path.relative_to(root))] = None if path.is_dir() else _Inode(path.read_bytes())
        self.safe_names = dict(self.names)
        self.inodes = [inode for inode in self.names.values() if inode is not None]
        self._root = root

    def apply(self, event: _Event, work: Path) -> None:
        path = os.path.relpath(event.path, work)
        if event.kind == "folder":
            self.names[path] = None
        elif event.kind == "create" and path not in self.names:
            self.inodes.append(_Inode())
            self.names[path] = self.inodes[-1]
        elif event.kind == "rename":
            self.names[os.path.relpath(event.other, work)] = self.names.pop(path)
        elif event.kind == "unlink":
            del self.names[path]
        elif event.kind == "sync":
            self._sync(path)
        elif inode := self.names.get(path):
            inode.pending.append(event)

    def _sync(self, path: str) -> None:
        if inode := self.names.get(path):
            inode.sync()
            return
        folder = "" if path == "." else path
        for name in {name for name in {*self.names, *self.safe_names} if os.path.dirname(name) == folder}:
            if name in self.names:
                self.safe_names[name] = self.names[name]
            else:
                del self.safe_names[name]

    def left(self, *, names: bool, share: Callable[[list[_Event]], list[_Event]]) -> dict[str, bytes | None]:
        """The files after a power cut: whether names that weren't synced are there, and which writes that weren't."""
        kept = self.names if names else self.safe_names
        reachable = {"" if path == "." else path for path in [".", *kept]}
        return {
            path: None if inode is None else inode.content(share(inode.pending))
            for path, inode in kept.items()
            if os.path.dirname(path) in reachable
        }


def _nothing(pending: list[_Event]) -> list[_Event]:
    return []


def _everything(pending: list[_Event]) -> list[_Event]:
    return pending


class _Some:
    """Any of the writes, and the last of them torn."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def __call__(self, pending: list[_Event]) -> list[_Event]:
        some = [event for event in pending if self._random.random() < 0.5]
        if some and self._random.random() < 0.5:
            some[-1] = some[-1]._replace(data=some[-1].data[: len(some[-1].data) // 2])
        return some


def power_cut(name: str, *, fault: Mode | None = None, at: str = "", nth: int = 1) -> Callable[[Bench], None]:
    """The scene in which the power fails at any moment of an operation.

    With a fault: the operation is killed, or meets an error, at the n-th step of this name, and the power fails at any
    moment until it is done, or until the vault has been opened after the kill. What was not synced may still get lost.
    """

    def scene(bench: Bench) -> None:
        operation = OPERATIONS[name]
        operation.prepare(bench)
        bench.restore()

        def arm() -> None:
            bench.shim.arm(nth if fault else NEVER, fault or Mode.EIO_ONCE, only=at)

        events, acknowledged = _recorded(bench, operation, arm)
        demand(bench.shim.fired == (fault is not None), "there is no such step")
        disk = _Disk(bench.further)
        tried: set[int] = set()
        for done in range(len(events) + 1):
            if done:
                disk.apply(events[done - 1], bench.work)
            verdict = Verdict(True if acknowledged and done == len(events) else None, finished=False)
            shares: list[Callable[[list[_Event]], list[_Event]]] = [_nothing, _everything]
            if done < len(events) and events[done].kind == "sync":
                # before something is synced is when most is at stake
                shares += [_Some(done), _Some(-done)]
            for share in shares:
                for names in (True, False):
                    _strike(bench, operation, disk.left(names=names, share=share), verdict, tried, events[:done])
        demand(len(tried) > 5, "nothing was tried")
        if acknowledged and operation.destroys:
            # whoever reads the platter finds files that have no name any more, too
            for old in bench.old_anchors:
                demand(not any(old[16:] in inode.safe for inode in disk.inodes), "the old anchor is on the platter")

    return scene


def _recorded(bench: Bench, operation: Operation, arm: Callable[[], None]) -> tuple[list[_Event], bool]:
    """What is done to the folder, and whether it was acknowledged; `bench.further` becomes what it starts from.

    A vault that is killed is opened again.
    """
    log = bench.further.with_name("trace")
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def performing() -> Facts:
        vault = operation.begin(bench)
        bench.copy_to(bench.further)
        bench.shim.trace(descriptor)
        arm()
        operation.perform(bench, vault)
        bench.shim.trace(-1)
        return {"code": bench.code}

    def reopening() -> Facts:
        bench.shim.trace(descriptor)
        Reopen(operation).perform(bench, None)
        bench.shim.trace(-1)
        return {"code": bench.code}

    facts, _ = in_child(performing)
    acknowledged = facts is not None
    if facts is None:
        facts, _ = in_child(reopening)
    assert facts is not None
    os.close(descriptor)
    bench.code = facts["code"]
    bench.note_size(bench.work)
    return _events(log), acknowledged


def _strike(
    bench: Bench,
    operation: Operation,
    left: dict[str, bytes | None],
    verdict: Verdict,
    tried: set[int],
    done: list[_Event],
) -> None:
    mark = hash((frozenset(left.items()), verdict))
    if mark in tried:
        return
    tried.add(mark)
    folder = bench.aside
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(mode=0o700)
    for path, data in sorted(left.items()):
        if data is None:
            (folder / path).mkdir(mode=0o700)
        else:
            (folder / path).write_bytes(data)
            (folder / path).chmod(0o600)
    last = f"after {done[-1].kind} {os.path.basename(done[-1].path)}, {len(done)}" if done else "at the start"
    try:
        judge(bench, operation, folder, verdict, quick=True)
    except (Broken, errors.VaultError) as error:
        raise Broken(f"power cut {last}: {type(error).__name__} {error}; left {sorted(left)}") from error
