"""The nightly backup: a timer of systemd, or lines for cron, that start the program without a passphrase.

What is written, and how it is quoted, is pure; only `Timer` and `Cron` touch the system.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from typing import NamedTuple

from cli import failures
from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

OFF = "off"
USUAL = "02:00"
_TRIES_AGAIN = 3
"""Times that are tried again, an hour apart, when the vault is open in another program."""
_TIME = re.compile(r"([01]?[0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_PATIENCE = 20
"""Seconds that systemctl and crontab are given."""
_UNIT = """\
# Written by ongemerkt; `ongemerkt backup --nightly off` removes it.
[Unit]
Description=ongemerkt: nightly backup
StartLimitIntervalSec={window}
StartLimitBurst={starts}

[Service]
Type=exec
UMask=0077
{environment}ExecStart=:{command}
RestartForceExitStatus={busy}
RestartSec=1h
"""
_TIMER = """\
# Written by ongemerkt; `ongemerkt backup --nightly off` removes it.
[Unit]
Description=ongemerkt: nightly backup

[Timer]
OnCalendar=*-*-* {hour:02}:{minute:02}:00
Persistent=true

[Install]
WantedBy=timers.target
"""


class Run(NamedTuple):
    """What is started: the words of the command, and what its environment needs besides what every session has.
    `name` tells the runs of several vaults apart."""

    command: tuple[str, ...]
    environment: tuple[tuple[str, str], ...]
    name: str


def parse_time(text: str) -> tuple[int, int]:
    """Hour and minute. Raises Refused."""
    found = _TIME.fullmatch(text)
    if found is None:
        raise failures.bad_input("TimeMalformed", _("Write the time of the backup as 02:00, or 'off' to stop it."))
    return int(found[1]), int(found[2])


def program() -> tuple[str, ...]:
    """The words that start this very program."""
    name = os.path.abspath(sys.argv[0])
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    if os.path.basename(name) == "ongemerkt" and os.access(name, os.X_OK):
        return (name,)
    return (sys.executable, "-m", "cli")


def run_for(data: str, folder: str, vault_id: str, environ: Mapping[str, str]) -> Run:
    """The unattended backup of the vault in `data` into `folder`. Raises Refused for names that no unit can hold."""
    state = environ.get("XDG_STATE_HOME", "")
    environment = (("XDG_STATE_HOME", state),) if os.path.isabs(state) else ()
    command = (*program(), "backup", folder, "--unattended", "--vault", data)
    for word in (*command, state):
        if not word.isprintable():
            sentence = _("The name of that folder holds characters that no timer can hold. Choose another one.")
            raise failures.bad_input("FolderRefused", sentence)
    return Run(command, environment, name_of(vault_id))


def name_of(vault_id: str) -> str:
    """What the run of the vault with this id (in hexadecimal) is called."""
    return f"ongemerkt-backup-{vault_id[:8]}"


# -- systemd


def quoted(word: str) -> str:
    """A word as systemd reads it in double quotes, with nothing in it that stands for anything else."""
    return '"' + word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%") + '"'


def service_text(run: Run) -> str:
    """The service. When the vault is held it is started again, an hour apart; the colon keeps `$` what it is."""
    environment = "".join(f"Environment={quoted(f'{name}={value}')}\n" for name, value in run.environment)
    return _UNIT.format(
        window=f"{_TRIES_AGAIN + 2}h",
        starts=_TRIES_AGAIN + 1,
        environment=environment,
        command=" ".join(map(quoted, run.command)),
        busy=failures.BUSY,
    )


def timer_text(hour: int, minute: int) -> str:
    """The timer. A night on which the computer was off is made up for when it is on again."""
    return _TIMER.format(hour=hour, minute=minute)


class Timer:
    """The timer of one run in this user's folder for units."""

    def __init__(self, config: str, name: str) -> None:
        self._folder = os.path.join(config, "systemd", "user")
        self._name = name
        self.files = [os.path.join(self._folder, name + kind) for kind in (".service", ".timer")]
        self.commands = ["systemctl --user daemon-reload", f"systemctl --user enable --now {name}.timer"]

    def install(self, run: Run, hour: int, minute: int) -> bool:
        """Writes both files and switches the timer on; False if systemd could not be told. Raises OSError."""
        os.makedirs(self._folder, exist_ok=True)
        for path, text in zip(self.files, (service_text(run), timer_text(hour, minute)), strict=True):
            with open(path, "w", encoding="utf-8") as file:
                file.write(text)
        return all(_does(command.split()) for command in self.commands)

    def remove(self) -> list[str]:
        """Switches it off and removes its files; those that were there. Raises OSError."""
        there = [path for path in self.files if os.path.lexists(path)]
        if there:
            _does(["systemctl", "--user", "disable", "--now", self._name + ".timer"])
        for path in there:
            os.unlink(path)
        if there:
            _does(["systemctl", "--user", "daemon-reload"])
        return there


# -- cron


def cron_lines(run: Run, hour: int, minute: int) -> list[str]:
    """One line for the run and one for each time that it is tried again: a backup that is done costs nothing twice."""
    words = [*(f"{name}={shlex.quote(value)}" for name, value in run.environment), *map(shlex.quote, run.command)]
    # to cron a percent sign is the end of the command
    command = " ".join(words).replace("%", "\\%")
    hours = ",".join(str((hour + later) % 24) for later in range(_TRIES_AGAIN + 1))
    return [_mark(run.name), f"{minute} {hours} * * * {command}"]


def _mark(name: str) -> str:
    return f"# {name}: written by ongemerkt"


def without_ours(table: str, name: str) -> list[str]:
    """The lines of a crontab but for ours: the mark, and the line after it."""
    kept: list[str] = []
    skips = False
    for line in table.splitlines():
        if line == _mark(name):
            skips = True
        elif skips:
            skips = False
        else:
            kept.append(line)
    return kept


class Cron:
    """The lines of one run in this user's crontab."""

    def __init__(self, name: str) -> None:
        self._name = name

    def install(self, run: Run, hour: int, minute: int) -> bool:
        """Puts the lines in; False if there is no crontab that takes them."""
        table = _output(["crontab", "-l"])
        return self._put([*without_ours(table or "", self._name), *cron_lines(run, hour, minute)])

    def remove(self) -> bool:
        """Takes the lines out; whether there were any."""
        table = _output(["crontab", "-l"])
        if table is None or _mark(self._name) not in table.splitlines():
            return False
        return self._put(without_ours(table, self._name))

    def _put(self, lines: Sequence[str]) -> bool:
        return _does(["crontab", "-"], "".join(line + "\n" for line in lines))


def _output(command: Sequence[str]) -> str | None:
    done = _run(command, "")
    return done.stdout if done is not None and done.returncode == 0 else None


def _does(command: Sequence[str], text: str = "") -> bool:
    done = _run(command, text)
    return done is not None and done.returncode == 0


def _run(command: Sequence[str], text: str) -> subprocess.CompletedProcess[str] | None:
    path = shutil.which(command[0])
    if path is None:
        return None
    try:
        return subprocess.run(  # noqa: S603 (fixed words, and a name that is made of letters of ours)
            [path, *command[1:]], input=text, capture_output=True, text=True, timeout=_PATIENCE, check=False
        )
    except (OSError, subprocess.SubprocessError, UnicodeError):
        return None
