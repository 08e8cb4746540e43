"""What talks to a server is loaded by the commands that talk to one, and by no other."""

import subprocess
import sys

import pytest

from tests.support.command import ROOT

_SHOWS = "import {module}, sys; print([name for name in sys.modules if name.split('.')[0] in ('sync', 'http')])"


@pytest.mark.parametrize(
    "module",
    [
        *("cli.main", "cli.failures", "cli.shell.desk", "cli.shell.plainly", "cli.shell.wizard", "vault.service.vault"),
        *("cli.commands.shred", "cli.commands.status", "cli.commands.sync", "cli.commands.device"),
    ],
)
def test_nothing_of_the_network_is_loaded(module: str) -> None:
    command = [sys.executable, "-c", _SHOWS.format(module=module)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.strip() == "[]"


def test_the_sessions_do_load_it() -> None:
    done = subprocess.run(
        [sys.executable, "-c", _SHOWS.format(module="cli.syncing")],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert "sync.transport" in done.stdout
