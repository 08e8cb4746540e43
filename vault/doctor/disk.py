"""Whether the disk is encrypted as a whole: the first defence against a stolen computer."""

from vault.doctor import blocks
from vault.doctor.contract import UNKNOWN, VAULT, WARNING, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine

ID = "disk"


def look(machine: Machine) -> list[Finding]:
    """Whether vault or anchor are on a disk that anybody who has it can read."""
    sealed = {what: blocks.path_encrypted(machine, folder) for what, folder in machine.folders().items()}
    bare = sorted(what for what, answer in sealed.items() if answer is False)
    if bare:
        return [found(ID, WARNING, folders=bare)]
    return [unchecked(ID, WARNING, UNKNOWN) if None in sealed.values() else clear(ID, WARNING)]


DETECTOR = Detector({ID: WARNING}, VAULT, look)
