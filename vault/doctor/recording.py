"""Programs that write down what the terminal shows."""

import os
import stat

from vault.doctor.contract import NOTHING, PLATFORM, SERIOUS, UNKNOWN, Detector, Finding, clear, found, unchecked
from vault.doctor.machine import Machine, names_in, read_text

ID = "recording"
_RECORDERS = ("script", "asciinema", "ttyrec", "ovh-ttyrec", "termtosvg", "terminalizer", "tlog-rec-sessio", "sudosh")
"""Names of processes above the shell, as the kernel cuts them."""
_VARIABLES = {"ASCIINEMA_REC": "asciinema", "ASCIINEMA_SESSION": "asciinema", "SCRIPT": "script"}
_TERMINALS = {"KITTY_WINDOW_ID": "kitty", "KONSOLE_VERSION": "Konsole", "ITERM_SESSION_ID": "iTerm"}
"""Terminals that can write down what they show without telling anybody."""


def look(machine: Machine) -> list[Finding]:
    """What writes this terminal down."""
    above = machine.ancestors()
    names = {_name(machine, process) for process in above}
    told = {recorder for recorder in _RECORDERS if recorder in names}
    told |= {name for variable, name in _VARIABLES.items() if machine.environ.get(variable)}
    told |= _tmux(machine)
    screen = _screen(machine, above)
    if screen:
        told.add("screen")
    if told:
        return [found(ID, SERIOUS, programs=sorted(told))]
    unsure = [name for variable, name in _TERMINALS.items() if machine.environ.get(variable)]
    if screen is None:
        unsure.append("screen")
    if unsure:
        return [unchecked(ID, SERIOUS, UNKNOWN, programs=unsure)]
    return [clear(ID, SERIOUS) if above else unchecked(ID, SERIOUS, PLATFORM)]


def _name(machine: Machine, process: int) -> str:
    return machine.system_text("proc", str(process), "comm") or ""


def _tmux(machine: Machine) -> set[str]:
    """tmux itself knows whether this pane is piped into a program."""
    if not machine.environ.get("TMUX"):
        return set()
    pane = machine.environ.get("TMUX_PANE", "")
    words = ["tmux", "display-message", "-p", *(["-t", pane] if pane else []), "#{pane_pipe}"]
    return {"tmux"} if (machine.ask(words, machine.environ) or "").strip() == "1" else set()


def _screen(machine: Machine, above: list[int]) -> bool | None:
    """Whether GNU screen has a file open that it adds to; None if that can't be seen."""
    if not machine.environ.get("STY"):
        return False
    for process in above:
        if _name(machine, process) in ("screen", "SCREEN"):
            folder = machine.system("proc", str(process), "fd")
            numbers = names_in(folder)
            if not numbers:
                return None
            return any(_is_log(machine, process, number) for number in numbers)
    return None


def _is_log(machine: Machine, process: int, number: str) -> bool:
    path = machine.system("proc", str(process), "fd", number)
    flags = read_text(machine.system("proc", str(process), "fdinfo", number)) or ""
    mode = next((line.split()[1] for line in flags.splitlines() if line.startswith("flags:")), "0")
    try:
        is_file = stat.S_ISREG(os.stat(path).st_mode)
    except OSError:
        return False
    return is_file and int(mode, 8) & os.O_ACCMODE != os.O_RDONLY


DETECTOR = Detector({ID: SERIOUS}, NOTHING, look)
