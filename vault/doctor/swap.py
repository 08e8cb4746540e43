"""Memory that the system writes to a disk without encrypting it: swap."""

from vault.doctor import blocks
from vault.doctor.contract import NOTHING, PLATFORM, UNKNOWN, WARNING, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine

ID = "swap"


def areas(machine: Machine) -> list[bool | None] | None:
    """For each swap area whether what is in it is encrypted, or stays in memory; None for one that does not tell.

    None instead of a list if the system has no such table.
    """
    text = machine.system_text("proc", "swaps")
    if text is None:
        return None
    rows = [line.split() for line in text.splitlines()[1:]]
    return [_sealed(machine, blocks.unescaped(row[0]), row[1]) for row in rows if len(row) > 1]


def _sealed(machine: Machine, path: str, kind: str) -> bool | None:
    if kind == "file":
        return blocks.path_encrypted(machine, path.removesuffix(" (deleted)"))
    name = blocks.device_named(machine, path)
    if name is None:
        return None
    if name.startswith("zram"):
        # memory, unless it was given a disk to write to
        backing = machine.system_text("sys", "class", "block", name, "backing_dev")
        if backing in (None, "", "none"):
            return True
        name = blocks.device_named(machine, backing)
        return None if name is None else blocks.device_encrypted(machine, name)
    return blocks.device_encrypted(machine, name)


def look(machine: Machine) -> list[Finding]:
    """Whether a swap area is not encrypted."""
    told = areas(machine)
    if told is None:
        return [unchecked(ID, WARNING, PLATFORM)]
    if False in told:
        return [found(ID, WARNING, areas=told.count(False))]
    return [unchecked(ID, WARNING, UNKNOWN) if None in told else clear(ID, WARNING)]


DETECTOR = Detector({ID: WARNING}, NOTHING, look)
