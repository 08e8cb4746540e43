"""Ordinary backup programs, and which of the vault's folders they take along.

The vault alone may be in a backup: it is sealed. With the anchor beside it, what was shredded could come back.
"""

from vault.doctor.backupsettings import Source, sources
from vault.doctor.contract import INFO, SERIOUS, UNKNOWN, VAULT, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine

ID = "backup"


def look(machine: Machine) -> list[Finding]:
    """Which programs take the vault's folder along, and which the anchor's."""
    if machine.platform == "darwin":
        return [unchecked(ID, SERIOUS, UNKNOWN, programs=["Time Machine"])]
    known = list(sources(machine))
    told = {what: _takers(known, folder, what == "anchor") for what, folder in machine.folders().items()}
    unsure = sorted({each.program for each in known if each.includes is None})
    if told["anchor"]:
        return [found(ID, SERIOUS, **told, unsure=unsure)]
    if told["vault"]:
        return [found(ID, INFO, **told, unsure=unsure)]
    return [unchecked(ID, SERIOUS, UNKNOWN, programs=unsure) if unsure else clear(ID, SERIOUS)]


def _takers(known: list[Source], folder: str, is_marked: bool) -> list[str]:
    return sorted({each.program for each in known if each.takes(folder) and not (is_marked and each.heeds_marks)})


DETECTOR = Detector({ID: SERIOUS}, VAULT, look)
