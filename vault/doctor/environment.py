"""Codes in the environment: every program that the shell starts gets to see them."""

from vault.doctor.codes import holds_code
from vault.doctor.contract import NOTHING, SERIOUS, Detector, Finding, clear, found
from vault.doctor.machine import Machine

ID = "environment"
_OWN = "ONGEMERKT_"
_SECRET = ("PASS", "SECRET", "CODE", "KEY", "KIT", "INVITE")


def look(machine: Machine) -> list[Finding]:
    """Which variables hold a code by its form, or are named as if they held a secret of ours."""
    told = sorted(
        name
        for name, value in machine.environ.items()
        if (name.startswith(_OWN) and value and any(word in name for word in _SECRET))
        or holds_code(value, machine.is_invitation)
    )
    return [found(ID, SERIOUS, variables=told) if told else clear(ID, SERIOUS)]


DETECTOR = Detector({ID: SERIOUS}, NOTHING, look)
