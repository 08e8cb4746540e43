"""File systems that keep old versions: what was destroyed in the new one lives on in the old."""

import os
import re

from vault.doctor import blocks
from vault.doctor.contract import (
    INFO,
    SERIOUS,
    UNREADABLE,
    VAULT,
    WARNING,
    Detector,
    Finding,
    clear,
    found,
    unchecked,
)
from vault.doctor.machine import Machine, above, names_in, read_text

ID = "snapshots"
_VOLUME = re.compile(r'^SUBVOLUME="?([^"\n]+)', re.MULTILINE)
_KINDS = ("btrfs", "zfs", "bcachefs", "nilfs2")


def look(machine: Machine) -> list[Finding]:
    """Whether vault or anchor are on such a file system, and whether old versions are really kept."""
    told: dict[str, str] = {}
    for what, folder in machine.folders().items():
        mount = blocks.mount_of(machine, folder)
        if mount is None:
            return [unchecked(ID, SERIOUS, UNREADABLE)]
        kind = _kind(machine, mount)
        if kind:
            told[what] = kind
    if not told:
        return [clear(ID, SERIOUS)]
    kept = any(_are_kept(machine, machine.folders()[what]) for what in told)
    severity = SERIOUS if kept else INFO if set(told.values()) == {"overlay"} else WARNING
    return [found(ID, severity, kinds=sorted(set(told.values())), kept=kept)]


def _kind(machine: Machine, mount: blocks.Mount) -> str:
    if mount.kind in (*_KINDS, "overlay"):
        return mount.kind
    device = blocks.device_of(machine, mount)
    return "LVM" if device is not None and blocks.keeps_snapshots(machine, device) else ""


def _are_kept(machine: Machine, folder: str) -> bool:
    """Whether a folder of snapshots lies above, or a program is set up to make them."""
    parents = list(above(folder))
    seen = (os.path.join(each, *place) for each in parents for place in ((".snapshots",), (".zfs", "snapshot")))
    if any(names_in(place) for place in seen):
        return True
    settings = machine.system("etc", "snapper", "configs")
    texts = (read_text(os.path.join(settings, name)) or "" for name in names_in(settings))
    volumes = {
        found_there for text in texts for found_there in re.findall(r'^SUBVOLUME="?([^"\n]+)', text, re.MULTILINE)
    }
    # a snapshot of "/" holds only what is on the same volume
    mount = blocks.mount_of(machine, folder)
    return any(each in volumes and (mount is None or len(each) >= len(mount.point)) for each in parents)


DETECTOR = Detector({ID: SERIOUS}, VAULT, look)
