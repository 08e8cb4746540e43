"""What the history files of shells keep of the work with the vault. Which files, and how much; never what."""

from vault.doctor import shellhistory
from vault.doctor.contract import NOTHING, SERIOUS, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine, read_bytes
from vault.doctor.shellhistory import SECRET, TRACE

ID, TRACES = "history", "history-traces"


def look(machine: Machine) -> list[Finding]:
    """Whether there are entries with secrets, and entries that tell what was searched or when there was work."""
    told: dict[str, list[dict[str, object]]] = {SECRET: [], TRACE: []}
    for path in shellhistory.paths(machine):
        counts = {SECRET: 0, TRACE: 0}
        for entry in shellhistory.entries(read_bytes(path, shellhistory.HISTORY_MOST) or b""):
            kind = shellhistory.gives_away(entry, machine)
            if kind:
                counts[kind] += 1
        for kind, count in counts.items():
            if count:
                told[kind].append({"file": shellhistory.shown(machine, path), "entries": count})
    return [
        found(ID, SERIOUS, files=told[SECRET]) if told[SECRET] else clear(ID, SERIOUS),
        found(TRACES, WARNING, files=told[TRACE]) if told[TRACE] else clear(TRACES, WARNING),
    ]


DETECTOR = Detector({ID: SERIOUS, TRACES: WARNING}, NOTHING, look)
