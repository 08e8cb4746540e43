"""Who may look into the folders of vault and anchor."""

import os
import stat
from collections.abc import Iterator

from vault.doctor.contract import VAULT, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine, names_in

ID = "permissions"
_OTHERS = 0o077


def look(machine: Machine) -> list[Finding]:
    """Whether others than the owner may do anything there."""
    open_to = sorted({what for what, path in _ours(machine) if _mode(path) & _OTHERS})
    return [found(ID, WARNING, folders=open_to) if open_to else clear(ID, WARNING)]


def _ours(machine: Machine) -> Iterator[tuple[str, str]]:
    """Vault and anchor folders, and what lies in them."""
    for what, folders in (("vault", [machine.paths.data]), ("anchor", machine.anchor_folders())):
        for folder in folders:
            yield what, folder
            # in a closed folder nobody gets at the files
            if _mode(folder) & _OTHERS:
                yield from ((what, os.path.join(folder, name)) for name in names_in(folder))


def _mode(path: str) -> int:
    try:
        status = os.lstat(path)
    except OSError:
        return 0
    return 0 if stat.S_ISLNK(status.st_mode) else stat.S_IMODE(status.st_mode)


def mend(machine: Machine) -> None:
    """Closes folders and files to everybody but their owner. Raises OSError, and what reading a header raises."""
    for _what, path in list(_ours(machine)):
        mode = _mode(path)
        if mode & _OTHERS:
            os.chmod(path, mode & ~_OTHERS)


DETECTOR = Detector({ID: WARNING}, VAULT, look)
