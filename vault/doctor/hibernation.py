"""Hibernation writes all of memory, keys included, to the swap."""

from vault.doctor import swap
from vault.doctor.contract import (
    NOTHING,
    PLATFORM,
    SERIOUS,
    UNKNOWN,
    WARNING,
    Detector,
    Finding,
    clear,
    found,
    unchecked,
)
from vault.doctor.machine import Machine

ID = "hibernation"


def look(machine: Machine) -> list[Finding]:
    """Whether the computer can hibernate to a swap that is not encrypted, and whether it was set up to."""
    states = machine.system_text("sys", "power", "state")
    if states is None:
        return [unchecked(ID, SERIOUS, PLATFORM)]
    told = swap.areas(machine)
    if "disk" not in states.split() or "[disabled]" in (machine.system_text("sys", "power", "disk") or "") or not told:
        return [clear(ID, SERIOUS)]
    if False in told:
        return [found(ID, SERIOUS if _is_set_up(machine) else WARNING, set_up=_is_set_up(machine))]
    return [unchecked(ID, SERIOUS, UNKNOWN) if None in told else clear(ID, SERIOUS)]


def _is_set_up(machine: Machine) -> bool:
    device = machine.system_text("sys", "power", "resume") or "0:0"
    words = (machine.system_text("proc", "cmdline") or "").split()
    return "noresume" not in words and (device != "0:0" or any(word.startswith("resume=") for word in words))


DETECTOR = Detector({ID: SERIOUS}, NOTHING, look)
