"""History files of shells: where they are, their entries, and what an entry gives away."""

import os
import re
from collections.abc import Callable, Iterator
from typing import NamedTuple

from vault.doctor.codes import holds_code
from vault.doctor.machine import Machine

SECRET, TRACE = "secret", "trace"
"""An entry holds text of a note, a passphrase or a code; or it tells what was searched, which client, or when."""

HISTORY_MOST = 1 << 25
"""Bytes of a history file that are looked at; what is larger is not cleaned."""
_FILES = (
    *(".bash_history", ".zsh_history", ".zhistory", ".histfile", ".sh_history", ".ash_history", ".history"),
    *(".python_history", ".lesshst", ".local/share/fish/fish_history", ".local/state/bash/history"),
    *(".local/state/zsh/history", ".local/share/zsh/history", ".cache/zsh/history", ".config/nushell/history.txt"),
)
_PROGRAM = r"(?:^|[\s;&|(`/])ongemerkt(?=[\s;&|)]|$)"
_SAYS = r"\b(?:echo|printf|print)\s+[^\s|;&<>]"
_SAID = re.compile(_SAYS)
_PIPED = re.compile(r"\|(?:[^|;&\n]*[\s/])?ongemerkt(?=[\s;&|)]|$)")
_SECRETS = tuple(
    re.compile(pattern, re.DOTALL)
    for pattern in (
        # text or a passphrase that is fed to the program from the command line
        _PROGRAM + r"[^\n;]*?<<",
        r"<<[^\n|]*\|(?:[^|;&\n]*[\s/])?ongemerkt(?=\s|$)",
        _PROGRAM + r"[^\n;]*?<\(\s*" + _SAYS,
        _PROGRAM + r".*?\s--pass(?:phrase|word|wd)?(?:=|\s+)\S",
        r"(?:^|[\s;])ONGEMERKT_(?!VAULT=|SERVER_DIR=|TESTS_)\w*=\S",
    )
)
_TRACES = tuple(
    re.compile(_PROGRAM + pattern)
    for pattern in (
        r"[^\n;|]*?\sfind\s+[^\s;|&-]",
        r"[^\n;|]*?\s--engagement(?:=|\s+)\S",
        r"[^\n;|]*?\sengagement\s+(?:open|close)\s+[^\s;|&-]",
    )
)
_WORK = re.compile(
    _PROGRAM
    + r"(?![^\n;|]*?\s(?:doctor|status|selftest|demo|completion|init|guard|passphrase|device|place|register|notice"
    + r"|--help|-h|--version)(?=\s|$))"
)
"""Commands of a working day: when one was typed is when there was something to do for a client."""
_COMMAND_MOST = 1 << 14
"""Characters of a command that are looked at with patterns whose work grows with the square."""
_HERE = re.compile(r"<<-?\s*['\"\\]?(\w+)['\"]?")
_ZSH = re.compile(rb": \d+:\d+;")
_BASH_TIME = re.compile(rb"#\d{9,}\s*$")


class Entry(NamedTuple):
    """One entry as it stands in the file, and whether its time stands with it."""

    raw: bytes
    dated: bool


def paths(machine: Machine) -> list[str]:
    """The history files that are there, each once."""
    named = machine.environ.get("HISTFILE", "")
    wanted = [machine.user(*name.split("/")) for name in _FILES]
    if named.startswith("/"):
        wanted.append(named)
    there: dict[str, str] = {}
    for path in wanted:
        if os.path.isfile(path):
            there.setdefault(os.path.realpath(path), path)
    return list(there.values())


def shown(machine: Machine, path: str) -> str:
    """The path as people write it, from home on."""
    home = machine.home.rstrip("/") + "/"
    return "~/" + path.removeprefix(home) if path.startswith(home) else path


# -- entries


def entries(data: bytes) -> Iterator[Entry]:
    """The entries of a history file of bash, zsh, fish, or anything that has one on each line. Joined, they are it."""
    lines = data.splitlines(keepends=True)
    if data.startswith(b"- cmd:"):
        return _blocks(lines, lambda line: line.startswith(b"- cmd:"), dated=True)
    if any(_BASH_TIME.match(line) for line in lines):
        return _blocks(lines, lambda line: _BASH_TIME.match(line) is not None, dated=True)
    return _lines(lines)


def _blocks(lines: list[bytes], begins: Callable[[bytes], bool], *, dated: bool) -> Iterator[Entry]:
    block = b""
    for line in lines:
        if begins(line) and block:
            yield Entry(block, dated)
            block = b""
        block += line
    if block:
        yield Entry(block, dated)


def _lines(lines: list[bytes]) -> Iterator[Entry]:
    at = 0
    while at < len(lines):
        end = at + 1
        # zsh puts a backslash before a line end inside a command
        while end < len(lines) and _goes_on(lines[end - 1]):
            end += 1
        end = _past_here_document(lines, at, end)
        yield Entry(b"".join(lines[at:end]), _ZSH.match(lines[at]) is not None)
        at = end


def _goes_on(line: bytes) -> bool:
    bare = line.rstrip(b"\r\n")
    return (len(bare) - len(bare.rstrip(b"\\"))) % 2 == 1


def _past_here_document(lines: list[bytes], at: int, end: int) -> int:
    """bash writes the text of a here-document line by line; it belongs to the command before it."""
    first = lines[at].decode(errors="replace")
    here = _HERE.search(first) if end == at + 1 and "ongemerkt" in first and "<<<" not in first else None
    if here:
        for place in range(end, len(lines)):
            if lines[place].decode(errors="replace").strip() == here[1]:
                # and an empty line behind it
                return place + 1 + (lines[place + 1 : place + 2] == [b"\n"])
    return end


# -- what an entry gives away


def gives_away(entry: Entry, machine: Machine) -> str:
    """SECRET, TRACE, or "" for nothing."""
    text = entry.raw.decode(errors="replace")
    named = "ongemerkt" in text.lower()
    if (named and _is_fed(text)) or holds_code(text, machine.is_invitation):
        return SECRET
    if not named:
        return ""
    command = _command(text)[:_COMMAND_MOST]
    if any(pattern.search(command) for pattern in _TRACES) or (entry.dated and _WORK.search(command)):
        return TRACE
    return ""


def _is_fed(text: str) -> bool:
    """Whether text, or a passphrase, is given to the program by the command line itself."""
    piped = [match.start() for match in _PIPED.finditer(text)]
    if piped and _SAID.search(text, 0, piped[-1]):
        return True
    command = text[:_COMMAND_MOST]
    return any(pattern.search(command) for pattern in _SECRETS)


def _command(text: str) -> str:
    """The command without what the shell puts before it."""
    return re.sub(r"^(?:- cmd:|: \d+:\d+;)\s*", "", text)
