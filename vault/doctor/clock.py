"""The clock: by it notes expire."""

import os

from vault import limits
from vault.doctor.contract import INFO, NOTHING, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine

ID, KEPT = "clock", "clock-kept"

_KEEPERS = (
    ("run", "systemd", "timesync", "synchronized"),
    ("run", "chrony", "chronyd.pid"),
    ("run", "chronyd.pid"),
    ("run", "ntpd.pid"),
    ("run", "openntpd.pid"),
)
"""Signs of a program that keeps the clock right."""


def look(machine: Machine) -> list[Finding]:
    """Whether the clock is wrong for certain, and whether something keeps it right."""
    return [_right(machine), _kept(machine)]


def _right(machine: Machine) -> Finding:
    behind = limits.RELEASE_MONTH - machine.month
    if behind > 0:
        return found(ID, WARNING, behind=behind, ahead=0)
    opened = machine.opened
    if opened is not None and opened.months_ahead > limits.JUMP_MONTHS:
        return found(ID, WARNING, behind=0, ahead=opened.months_ahead)
    if opened is not None and opened.months_behind > 0:
        return found(ID, WARNING, behind=opened.months_behind, ahead=0)
    # without the vault only a clock before this release is certain to be wrong
    if machine.month > limits.RELEASE_MONTH + limits.INIT_AHEAD_MONTHS:
        return found(ID, WARNING, behind=0, ahead=machine.month - limits.RELEASE_MONTH)
    return clear(ID, WARNING)


def _kept(machine: Machine) -> Finding:
    if any(os.path.exists(machine.system(*names)) for names in _KEEPERS) or not machine.is_linux:
        return clear(KEPT, INFO)
    return found(KEPT, INFO)


DETECTOR = Detector({ID: WARNING, KEPT: INFO}, NOTHING, look)
