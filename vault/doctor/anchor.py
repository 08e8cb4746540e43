"""How certain it is that an old anchor is really gone."""

from vault.anchor.file import CURRENT
from vault.doctor import blocks
from vault.doctor.contract import INFO, SERIOUS, VAULT, Detector, Finding, clear, found
from vault.doctor.machine import Machine, names_in

ID, MISSING = "anchor", "anchor-missing"
_FILE = "file"


def look(machine: Machine) -> list[Finding]:
    """The anchor's kind, and whether it is there at all; of a file also the kind of disk, and if there is a chip."""
    there = [folder for folder in machine.anchor_folders() if _anchors_in(folder)]
    kind = machine.opened.anchor if machine.opened else _kind(there)
    if not there and machine.opened is None:
        return [found(MISSING, SERIOUS)]
    if kind != _FILE:
        return [clear(ID, INFO, kind=kind), clear(MISSING, SERIOUS)]
    turning = blocks.rotates(machine, machine.paths.anchors)
    disk = {True: "rotating", False: "flash", None: "unknown"}[turning]
    chip = bool(names_in(machine.system("sys", "class", "tpm")))
    return [found(ID, INFO, kind=_FILE, disk=disk, chip=chip), clear(MISSING, SERIOUS)]


def _anchors_in(folder: str) -> list[str]:
    """The files of backends; others lie beside them, such as the copy of the inbox key."""
    return [name for name in names_in(folder) if name.startswith(CURRENT)]


def _kind(folders: list[str]) -> str:
    """What lies in the folder: the file, or what another backend put there and named after itself."""
    names = [name for folder in folders for name in _anchors_in(folder)]
    return "tpm" if any("tpm" in name for name in names) and CURRENT not in names else _FILE


DETECTOR = Detector({ID: INFO, MISSING: SERIOUS}, VAULT, look)
