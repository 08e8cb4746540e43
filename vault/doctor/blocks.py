"""Which file system a path is on, and on what its bytes end up: from the mount table down to the disk."""

import os
import re
from collections.abc import Iterator
from typing import NamedTuple

from vault.doctor.machine import Machine, names_in

_ESCAPED = re.compile(r"\\([0-7]{3})")
_PLAIN_MAPS = ("CRYPT-VERITY", "CRYPT-INTEGRITY")
"""Kinds of device-mapper targets that carry the name of encryption and don't encrypt."""
_SEALED_KINDS = ("ecryptfs", "fuse.gocryptfs", "fuse.cryfs", "fuse.encfs", "fuse.securefs")
"""File systems that encrypt by themselves."""
_DEPTH = 16
"""Layers between a file and the disk, at most: more is a loop."""
_GET_FLAGS = 0x80086601
_ENCRYPTED_FLAG = 0x800


class Mount(NamedTuple):
    """A mounted file system: its device ("8:1"), where it hangs, its kind, and its source by the mount table."""

    device: str
    point: str
    kind: str
    source: str


def unescaped(text: str) -> str:
    """A path as the kernel writes it, blanks and line ends as octal numbers."""
    return _ESCAPED.sub(lambda code: chr(int(code[1], 8)), text)


def mounts(machine: Machine) -> list[Mount]:
    """The mount table, in its order; empty if it can't be read."""
    found = []
    for line in (machine.system_text("proc", "self", "mountinfo") or "").splitlines():
        left, _, right = line.partition(" - ")
        fields, rest = left.split(" "), right.split(" ")
        if len(fields) >= 6 and len(rest) >= 2:
            found.append(Mount(fields[2], unescaped(fields[4]), rest[0], unescaped(rest[1])))
    return found


def mount_of(machine: Machine, path: str) -> Mount | None:
    """The file system that a path is on."""
    real = os.path.realpath(path)
    best: Mount | None = None
    for mount in mounts(machine):
        inside = real == mount.point or real.startswith(mount.point.rstrip("/") + "/")
        # of two at the same point the later one lies on top
        if inside and (best is None or len(mount.point) >= len(best.point)):
            best = mount
    return best


# -- devices, by their names in /sys/class/block


def device_of(machine: Machine, mount: Mount) -> str | None:
    """The block device of a file system, None if it has none that can be seen."""
    if not mount.device.startswith("0:"):
        link = machine.system("sys", "dev", "block", mount.device)
        if os.path.exists(link):
            return os.path.basename(os.path.realpath(link))
    return device_named(machine, mount.source)


def device_named(machine: Machine, path: str) -> str | None:
    """The device with this path in /dev."""
    name = path.removeprefix("/dev/")
    if name == path:
        return None
    if name.startswith("mapper/"):
        name = _mapped(machine, name.removeprefix("mapper/")) or name
    return name if os.path.exists(_of(machine, name)) else None


def _mapped(machine: Machine, label: str) -> str | None:
    for name in names_in(machine.system("sys", "class", "block")):
        if machine.system_text("sys", "class", "block", name, "dm", "name") == label:
            return name
    return None


def _of(machine: Machine, name: str) -> str:
    return machine.system("sys", "class", "block", name)


def below(machine: Machine, name: str) -> list[str] | None:
    """The devices that a device lies on, none for a disk. None if that can't be told."""
    backing = machine.system_text("sys", "class", "block", name, "loop", "backing_file")
    if backing:
        mount = mount_of(machine, backing)
        device = device_of(machine, mount) if mount else None
        return None if device is None else [device]
    slaves = names_in(os.path.join(_of(machine, name), "slaves"))
    if slaves:
        return slaves
    if os.path.exists(os.path.join(_of(machine, name), "partition")):
        return [os.path.basename(os.path.dirname(os.path.realpath(_of(machine, name))))]
    # a file in memory, on a server, or in a pool that does not tell
    return None if name.startswith(("loop", "nbd", "zd")) else []


def all_below(machine: Machine, name: str) -> Iterator[str]:
    """A device and everything it lies on."""
    layer = [name]
    for _ in range(_DEPTH):
        yield from layer
        layer = [lower for upper in layer for lower in below(machine, upper) or ()]


def _uuid(machine: Machine, name: str) -> str:
    return machine.system_text("sys", "class", "block", name, "dm", "uuid") or ""


def device_encrypted(machine: Machine, name: str, depth: int = 0) -> bool | None:
    """Whether all that is written to a device goes through dm-crypt. None if that can't be told."""
    uuid = _uuid(machine, name)
    if uuid.startswith("CRYPT-") and not uuid.startswith(_PLAIN_MAPS):
        return True
    lower = below(machine, name) if depth < _DEPTH else None
    if lower is None:
        return None
    answers = [device_encrypted(machine, each, depth + 1) for each in lower]
    if False in answers or not answers:
        return False
    return None if None in answers else True


def path_encrypted(machine: Machine, path: str) -> bool | None:
    """Whether what is written to a folder reaches the disk encrypted. None if that can't be told."""
    mount = mount_of(machine, path)
    if mount is None:
        return None
    if mount.kind in _SEALED_KINDS or _has_encrypted_flag(path):
        return True
    device = device_of(machine, mount)
    return None if device is None else device_encrypted(machine, device)


def _has_encrypted_flag(path: str) -> bool:
    """Whether the file system encrypts this folder by itself (fscrypt on ext4, f2fs, …)."""
    import fcntl

    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            answer = fcntl.ioctl(descriptor, _GET_FLAGS, bytes(8))
        finally:
            os.close(descriptor)
    except OSError:
        return False
    return bool(int.from_bytes(answer[:4], "little") & _ENCRYPTED_FLAG)


def keeps_snapshots(machine: Machine, name: str) -> bool:
    """Whether a device is of a thin pool, or somebody holds a snapshot of it (LVM)."""
    return any(
        uuid.startswith("LVM-") and uuid.endswith(("-tpool", "-cow", "-real"))
        for uuid in (_uuid(machine, each) for each in all_below(machine, name))
    )


def rotates(machine: Machine, path: str) -> bool | None:
    """Whether a folder is on turning disks (True) or on flash (False); None if that can't be told."""
    mount = mount_of(machine, path)
    device = device_of(machine, mount) if mount else None
    if device is None:
        return None
    disks = [each for each in all_below(machine, device) if below(machine, each) == []]
    answers = {machine.system_text("sys", "class", "block", disk, "queue", "rotational") for disk in disks}
    return answers.pop() == "1" if answers in ({"0"}, {"1"}) else None
