"""A computer for the doctor: the real one with a home of its own, or a tree of real files laid out as another's."""

import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, run
from typing import Any

from cli.commands.doctor import _is_invitation
from tests.support.vaults import DAY, Place
from vault.doctor import DETECTORS, Finding, Machine, examine
from vault.months import month_of


def machine(place: Place, root: Path | str = "/", **fields: Any) -> Machine:
    """A machine whose user has this place for a home; real but for what `root` and `fields` say."""
    home = place.folder
    made = Machine(
        root=str(root),
        home=str(home),
        environ={"HOME": str(home), "PATH": os.environ["PATH"]},
        paths=place.paths,
        month=month_of(DAY),
        pid=os.getpid(),
        platform=sys.platform,
        is_invitation=_is_invitation,
    )
    return made._replace(**fields)


def finding(check: str, on: Machine) -> Finding:
    """What the doctor says about one check."""
    (found,) = [each for each in examine(on) if each.id == check]
    return found


def checks() -> dict[str, str]:
    """Every check, and the worst it can find."""
    return {check: worst for detector in DETECTORS for check, worst in detector.checks.items()}


class Tree:
    """Another computer's /proc, /sys, /etc and /run: a copy of the real mount and swap tables, and what is put there.

    Block devices are laid out as the kernel does: folders under sys/devices, links from sys/class and sys/dev.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        for name in ("proc/swaps", "proc/cmdline", "proc/self/mountinfo", "proc/sys/kernel/core_pattern"):
            self.put(name, Path("/", name).read_text())

    def put(self, name: str, text: str) -> None:
        """Writes a file."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def add(self, name: str, text: str) -> None:
        """Adds to a file."""
        self.put(name, (self.root / name).read_text() + text)

    def mount(self, device: str, point: Path | str, kind: str, source: str) -> None:
        """One more mounted file system, on top of the others."""
        where = str(point).replace(" ", r"\040")
        self.add("proc/self/mountinfo", f"99 27 {device} / {where} rw,relatime shared:1 - {kind} {source} rw\n")

    def swap(self, path: str, kind: str = "partition") -> None:
        """One more swap area."""
        self.add("proc/swaps", f"{path.replace(' ', chr(92) + '040')}\t{kind}\t2044\t0\t-2\n")

    def block(
        self, name: str, device: str, *, on: tuple[str, ...] = (), of: str = "", uuid: str = "", label: str = ""
    ) -> None:
        """A block device: `on` others below it, or a partition `of` one; device-mapper's uuid and name."""
        folder = self.root / "sys/devices/virtual/block" / of / name
        (folder / "slaves").mkdir(parents=True)
        for link in (self.root / "sys/class/block" / name, self.root / "sys/dev/block" / device):
            link.parent.mkdir(parents=True, exist_ok=True)
            link.symlink_to(os.path.relpath(folder, link.parent))
        for lower in on:
            (folder / "slaves" / lower).symlink_to(self.root / "sys/class/block" / lower)
        if of:
            (folder / "partition").write_text("1\n")
        else:
            (folder / "queue").mkdir()
            (folder / "queue/rotational").write_text("0\n")
        if uuid:
            (folder / "dm").mkdir()
            (folder / "dm/uuid").write_text(uuid + "\n")
            (folder / "dm/name").write_text(label + "\n")


@contextmanager
def swap_file(folder: Path) -> Iterator[bool]:
    """A real swap file in use; False where the system refuses one (no root, a container)."""
    path = folder / "swapfile"
    path.write_bytes(bytes(2 << 20))
    path.chmod(0o600)
    tools = [shutil.which(name, path="/usr/sbin:/sbin") for name in ("mkswap", "swapon", "swapoff")]
    made = all(tools) and not any(
        run([str(tool), str(path)], stdout=DEVNULL, stderr=DEVNULL, check=False).returncode for tool in tools[:2]
    )
    try:
        yield made
    finally:
        if made:
            run([str(tools[2]), str(path)], stdout=DEVNULL, check=True)
        path.unlink()
