"""Looks for the leaks around the vault: what the computer, its programs and its habits keep of what the vault hides.

One detector a file, listed here. None of them opens the vault or changes anything; what only the open vault tells
comes in with the machine. `cleaning` and `mend` change things, when they are asked to.
"""

from vault import errors, files
from vault.doctor import (
    anchor,
    backups,
    clock,
    cloud,
    coredumps,
    country,
    debugger,
    disk,
    environment,
    filesystem,
    hibernation,
    history,
    marks,
    oneplace,
    parameters,
    permissions,
    recording,
    snapshots,
    swap,
    version,
)
from vault.doctor.cleaning import Cleaned, clean_history, history_entries
from vault.doctor.contract import (
    DAMAGED,
    FOUND,
    NOTHING,
    SEVERITIES,
    UNLOCKED,
    UNREADABLE,
    VAULT,
    Detector,
    Finding,
    unchecked,
)
from vault.doctor.machine import Machine, Opened, Server

DETECTORS: tuple[Detector, ...] = (
    parameters.DETECTOR,
    version.DETECTOR,
    cloud.DETECTOR,
    backups.DETECTOR,
    marks.DETECTOR,
    snapshots.DETECTOR,
    history.DETECTOR,
    environment.DETECTOR,
    recording.DETECTOR,
    oneplace.DETECTOR,
    anchor.DETECTOR,
    disk.DETECTOR,
    swap.DETECTOR,
    hibernation.DETECTOR,
    permissions.DETECTOR,
    filesystem.DETECTOR,
    clock.DETECTOR,
    country.DETECTOR,
    coredumps.DETECTOR,
    debugger.DETECTOR,
)

__all__ = [
    "DETECTORS",
    "Cleaned",
    "Finding",
    "Machine",
    "Opened",
    "Server",
    "clean_history",
    "examine",
    "history_entries",
    "mend",
    "worst",
]


def examine(machine: Machine) -> list[Finding]:
    """What every detector finds, the worst first; what can't be checked says why. Raises nothing but bugs.

    The times of the vault's files are made constant again: reading them had changed them (property P2).
    """
    has_vault = machine.has_vault
    findings = [finding for detector in DETECTORS for finding in _looked(detector, machine, has_vault)]
    if has_vault:
        _still(machine)
    return sorted(findings, key=lambda finding: -SEVERITIES.index(finding.severity))


def _looked(detector: Detector, machine: Machine, has_vault: bool) -> list[Finding]:
    """The findings of all checks of a detector; of those that it could not answer, why."""
    told: list[Finding] = []
    reason = DAMAGED
    if detector.needs != NOTHING and not has_vault:
        reason = VAULT
    elif detector.needs == UNLOCKED and machine.opened is None:
        reason = UNLOCKED
    else:
        try:
            told = list(detector.look(machine))
        except errors.VaultDamaged:
            reason = DAMAGED
        except (errors.VaultError, OSError):
            reason = UNREADABLE
    answered = {finding.id for finding in told}
    left = ((check, severity) for check, severity in detector.checks.items() if check not in answered)
    return told + [unchecked(check, severity, reason) for check, severity in left]


def worst(findings: list[Finding]) -> str | None:
    """The severity of the worst that was found, None if nothing was."""
    told = [finding.severity for finding in findings if finding.state == FOUND]
    return max(told, key=SEVERITIES.index) if told else None


def mend(machine: Machine) -> None:
    """Puts right what needs no choice: marks against backups, and permissions.

    Raises StorageFailed and the VaultDamaged family.
    """
    try:
        marks.mend(machine)
        permissions.mend(machine)
    except OSError as error:
        raise files.failed(error) from None
    finally:
        _still(machine)


def _still(machine: Machine) -> None:
    try:
        folders = machine.anchor_folders()
    except errors.VaultError:
        folders = []
    files.still(*folders, machine.paths.anchors)
    machine.paths.still()
