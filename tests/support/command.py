"""Runs `ongemerkt` as a process of its own, without a terminal, with cheap key derivation and on a chosen day."""

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
PASSPHRASE = "appels fietsen maandag zolder"
DAY = "2027-01-15"


class Program:
    """The program with one vault. `day` may be moved between runs."""

    def __init__(self, folder: Path, day: str = DAY) -> None:
        self.folder = folder
        self.day = day
        self.module = "tests.support.program"
        self.data = folder / "data" / "ongemerkt"
        self.state = folder / "state" / "ongemerkt"
        self.environ: dict[str, str] = {
            **os.environ,
            "XDG_DATA_HOME": str(folder / "data"),
            "XDG_STATE_HOME": str(folder / "state"),
            "LANG": "C.UTF-8",
        }
        self.secret = folder / "secret"
        self.secret.write_text(PASSPHRASE + "\n")

    def arguments(self, *words: str, day: str | None = None) -> list[str]:
        """The command line of a run."""
        return [sys.executable, "-m", self.module, day or self.day, *words]

    def __call__(
        self,
        *words: str,
        text: str | bytes = b"",
        day: str | None = None,
        passphrase: bool = True,
        environ: Mapping[str, str] | None = None,
    ) -> subprocess.CompletedProcess[str]:
        """Runs a command with the passphrase from a file; `text` is its stdin."""
        given = ["--passphrase-file", str(self.secret)] if passphrase else []
        done = subprocess.run(
            self.arguments(*words, *given, day=day),
            input=text.encode() if isinstance(text, str) else text,
            capture_output=True,
            timeout=60,
            cwd=ROOT,
            env={**self.environ, **(environ or {})},
            # a session of its own has no terminal to ask on
            start_new_session=True,
            check=False,
        )
        assert b"Traceback" not in done.stderr, done.stderr.decode()
        return subprocess.CompletedProcess(done.args, done.returncode, done.stdout.decode(), done.stderr.decode())

    def json(self, *words: str, text: str | bytes = b"", day: str | None = None) -> Any:
        """The JSON document of a run that must go well."""
        done = self(*words, "--json", text=text, day=day)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def made(self) -> "Program":
        """The same, with a vault."""
        done = self("init")
        assert done.returncode == 0, done.stderr
        return self

    def add(self, text: str, *words: str) -> str:
        """The handle of a new note."""
        done = self("add", *words, text=text)
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()
