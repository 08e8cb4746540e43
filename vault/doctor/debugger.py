"""Whether programs of the same user may look into each other. Into ours they may not (vault.harden)."""

from vault.doctor.contract import INFO, NOTHING, PLATFORM, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine

ID = "debugger"


def look(machine: Machine) -> list[Finding]:
    """Whether a debugger may attach to any program of this user, the terminal among them."""
    if not machine.is_linux:
        return [unchecked(ID, INFO, PLATFORM)]
    # without Yama there is no such fence at all
    scope = machine.system_text("proc", "sys", "kernel", "yama", "ptrace_scope") or "0"
    return [found(ID, INFO) if scope == "0" else clear(ID, INFO)]


DETECTOR = Detector({ID: INFO}, NOTHING, look)
