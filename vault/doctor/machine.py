"""The computer as the detectors see it. Everything of the outside comes in through this value, made at the entry."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from vault.formats.header import Header
from vault.service import entering
from vault.service.paths import Paths, exists

_TEXT_MOST = 1 << 22
"""Bytes of a settings file that are looked at."""
_PIECE = 1 << 16
_ANCESTORS_MOST = 64
"""Processes above this one that are looked at."""
_ANSWER_SECONDS = 2.0
"""How long another program may take to answer."""


class Server(NamedTuple):
    """The server of an enrolled vault: the rule for its country ("nl", "eu", "any"), and what is known of its place.

    `kind`: "loopback", "private", "country", or "" where it can't be told; `allowed`: False when the rule refuses it.
    `countries`: codes, with None for one that the data do not know. `data_month`: month of the data, 0 without data.
    """

    rule: str
    kind: str
    countries: tuple[str | None, ...]
    allowed: bool
    data_month: int


class Opened(NamedTuple):
    """What only the open vault tells: places with the keys, how far the clock is ahead of the last unlock or behind it
    (months, one of them 0), the anchor's kind, and the server if there is one."""

    places: int
    months_ahead: int
    months_behind: int
    anchor: str
    server: Server | None


def ask_program(words: Sequence[str], environ: Mapping[str, str]) -> str | None:
    """The answer of a program, None if it isn't there, fails or takes long."""
    import subprocess

    try:
        done = subprocess.run(  # noqa: S603 - the words are the detectors' own
            list(words),
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=_ANSWER_SECONDS,
            check=True,
        )
    except (OSError, ValueError, subprocess.SubprocessError):
        return None
    return done.stdout.decode(errors="replace")


class Machine(NamedTuple):
    """A computer, its user, and the vault's folders.

    `root`: the folder in which proc, sys, etc and run are, "/" on the machine itself. `month`: the present one by the
    clock. `pid`: the process whose ancestors are looked at. `platform`: as sys.platform. `is_invitation`: whether a
    text is an invitation or pairing code. `ask`: the answer of another program, as `ask_program` gives it.
    """

    root: str
    home: str
    environ: Mapping[str, str]
    paths: Paths
    month: int
    pid: int
    platform: str
    is_invitation: Callable[[str], bool]
    opened: Opened | None = None
    ask: Callable[[Sequence[str], Mapping[str, str]], str | None] = ask_program

    # -- files

    def system(self, *names: str) -> str:
        """The path of something under `root`, such as system("proc", "swaps")."""
        return os.path.join(self.root, *names)

    def system_text(self, *names: str) -> str | None:
        """What stands there, stripped; None if it is not there or can't be read."""
        text = read_text(self.system(*names))
        return None if text is None else text.strip()

    def user(self, *names: str) -> str:
        """A path under the home folder."""
        return os.path.join(self.home, *names)

    def config(self, *names: str) -> str:
        """A path under the user's folder for settings."""
        return os.path.join(self.environ.get("XDG_CONFIG_HOME") or self.user(".config"), *names)

    @property
    def is_linux(self) -> bool:
        """Whether /proc and /sys can be expected."""
        return self.platform.startswith("linux")

    # -- the vault

    @property
    def has_vault(self) -> bool:
        """Whether there is a vault."""
        return exists(self.paths)

    def headers(self) -> list[Header]:
        """The vault's headers. Raises as vault.service.entering.candidates does."""
        return [each.header for each in entering.candidates(self.paths)]

    def anchor_folders(self) -> list[str]:
        """The folders of the vault's anchors. Raises as `headers` does."""
        return [self.paths.anchor(header.vault_id) for header in self.headers()]

    def folders(self) -> dict[str, str]:
        """The folders that matter: "vault", and "anchor", that of all anchors of this user."""
        return {"vault": self.paths.data, "anchor": self.paths.anchors}

    # -- processes

    def ancestors(self) -> list[int]:
        """The processes above this one, nearest first, as far as they can be seen."""
        seen: list[int] = []
        process = self.pid
        while len(seen) < _ANCESTORS_MOST:
            stat = self.system_text("proc", str(process), "stat")
            # the name, in brackets, may hold anything
            fields = stat.rpartition(")")[2].split() if stat else []
            if len(fields) < 2 or not fields[1].isdigit() or int(fields[1]) in (0, *seen):
                break
            process = int(fields[1])
            seen.append(process)
        return seen


def read_text(path: str, most: int = _TEXT_MOST) -> str | None:
    """The text of a file, what is no UTF-8 replaced; None if it is not there, is no file, or can't be read."""
    data = read_bytes(path, most)
    return None if data is None else data.decode(errors="replace")


def read_bytes(path: str, most: int = _TEXT_MOST) -> bytes | None:
    """The same as bytes, at most so many."""
    try:
        # opening a pipe would wait for somebody to write into it
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        try:
            return b"".join(_pieces(descriptor, most))
        finally:
            os.close(descriptor)
    except (OSError, ValueError):
        # a settings file names any path, one with a NUL too
        return None


def _pieces(descriptor: int, left: int) -> Iterator[bytes]:
    # the kernel's own files refuse to be asked for megabytes
    while left > 0 and (piece := os.read(descriptor, min(left, _PIECE))):
        yield piece
        left -= len(piece)


def names_in(folder: str) -> list[str]:
    """The names in a folder, sorted; none if it is not there or can't be read."""
    try:
        return sorted(os.listdir(folder))
    except (OSError, ValueError):
        return []


def above(path: str) -> Iterator[str]:
    """A folder and everything it is in: by its name, and by where links lead to."""
    done = set()
    for start in (os.path.abspath(path), os.path.realpath(path)):
        folder = start
        while folder not in done:
            done.add(folder)
            yield folder
            folder = os.path.dirname(folder)
