"""How many places hold the keys."""

from vault.doctor.contract import UNLOCKED, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine

ID = "one-place"


def look(machine: Machine) -> list[Finding]:
    """Whether there is one place only."""
    assert machine.opened is not None
    return [found(ID, WARNING) if machine.opened.places < 2 else clear(ID, WARNING, places=machine.opened.places)]


DETECTOR = Detector({ID: WARNING}, UNLOCKED, look)
