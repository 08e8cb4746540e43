"""Whether this version of the program is old. Nobody is asked: it goes by its own month and by the vault's format."""

from vault import errors, limits
from vault.doctor.contract import NOTHING, SERIOUS, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine

ID = "version"
_OLD_MONTHS = 12


def look(machine: Machine) -> list[Finding]:
    """Whether the vault was written by a newer version, or this one is more than a year old."""
    try:
        if machine.has_vault:
            machine.headers()
    except errors.VersionUnknown:
        return [found(ID, SERIOUS, newer_vault=True, month=limits.RELEASE_MONTH)]
    except errors.VaultError:
        # told by the check of the header
        pass
    if machine.month - limits.RELEASE_MONTH > _OLD_MONTHS:
        return [found(ID, WARNING, newer_vault=False, month=limits.RELEASE_MONTH)]
    return [clear(ID, SERIOUS, month=limits.RELEASE_MONTH)]


DETECTOR = Detector({ID: SERIOUS}, NOTHING, look)
