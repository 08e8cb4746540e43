"""The marks that keep the anchor's folder out of ordinary backups (docs/spec/vault.md section 6.1)."""

import os

from vault import files
from vault.doctor.contract import VAULT, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine, above, read_bytes

ID = "marks"
_TAG, _PLAIN = "CACHEDIR.TAG", ".nobackup"
_SIGNATURE = b"Signature: 8a477f597d28d172789f06886806bc55"


def look(machine: Machine) -> list[Finding]:
    """Whether a mark is missing."""
    there = [folder for folder in machine.anchor_folders() if os.path.isdir(folder)]
    if all(_has_tag(folder) and _has_plain(folder) for folder in there):
        return [clear(ID, WARNING)]
    return [found(ID, WARNING)]


def _has_tag(folder: str) -> bool:
    tags = (read_bytes(os.path.join(each, _TAG), len(_SIGNATURE)) for each in above(folder))
    return any(tag == _SIGNATURE for tag in tags)


def _has_plain(folder: str) -> bool:
    return any(os.path.lexists(os.path.join(each, _PLAIN)) for each in above(folder))


def mend(machine: Machine) -> None:
    """Puts both marks where one is missing. Raises StorageFailed, and what reading a header raises."""
    for folder in machine.anchor_folders():
        if os.path.isdir(folder) and not (_has_tag(folder) and _has_plain(folder)):
            files.write_new(os.path.join(folder, _TAG), _SIGNATURE + b"\n")
            files.write_new(os.path.join(folder, _PLAIN), b"")
            files.sync_folder(folder)
            files.still(folder)


DETECTOR = Detector({ID: WARNING}, VAULT, look)
