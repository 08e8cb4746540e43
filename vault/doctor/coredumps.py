"""Images of crashed programs. Ours leaves none (vault.harden); a terminal, a pager or a browser can."""

import os

from vault.doctor.contract import INFO, NOTHING, PLATFORM, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine

ID = "core-dumps"


def look(machine: Machine) -> list[Finding]:
    """Whether a crash of another program of this user would leave an image of its memory."""
    pattern = machine.system_text("proc", "sys", "kernel", "core_pattern")
    if pattern is None:
        return [unchecked(ID, INFO, PLATFORM)]
    if pattern.startswith("|"):
        # a collector gets the image whatever the limit says
        words = pattern[1:].split()
        return [found(ID, INFO, collector=os.path.basename(words[0]) if words else "")]
    limit = _limit(machine)
    if not pattern or limit == "0":
        return [clear(ID, INFO)]
    return [found(ID, INFO, collector="")]


def _limit(machine: Machine) -> str:
    """The limit of the shell above us: our own may be 0 because we made it so."""
    for process in (*machine.ancestors()[:1], machine.pid):
        for line in (machine.system_text("proc", str(process), "limits") or "").splitlines():
            if line.startswith("Max core file size"):
                return line.removeprefix("Max core file size").split()[0]
    return "0"


DETECTOR = Detector({ID: INFO}, NOTHING, look)
