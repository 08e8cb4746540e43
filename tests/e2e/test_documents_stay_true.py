"""What the documents show is what the program does: their sessions are run, their links and commands looked up."""

import re
from pathlib import Path

import pytest

from cli.commands import COMMANDS
from tests.support.command import ROOT, Program

DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md")])
_HANDLE = re.compile(r"\b(?:[bdfghjklmnprstvwz][aeiou]){3}\b")
_WRITTEN = "Zegt ja voordat ze heeft nagedacht. Pauze geoefend."
"""What is written on the page that `add` opens; without a terminal it comes from the standard input."""


def _session(document: Path) -> list[tuple[str, str]]:
    """(command, output as shown) of every `$` line in the document's console blocks."""
    steps: list[tuple[str, str]] = []
    for block in re.findall(r"```console\n(.*?)```", document.read_text(), re.DOTALL):
        for line in block.splitlines():
            if line.startswith("$ "):
                steps.append((line[2:], ""))
            else:
                steps[-1] = (steps[-1][0], steps[-1][1] + line + "\n")
    return steps


def _same(shown: str, real: str, handles: dict[str, str]) -> bool:
    """Equal but for numbers of months, which depend on the draw, and for handles, which are mapped as they come."""
    for there, here in zip(
        _HANDLE.findall(shown.partition("  ")[0]), _HANDLE.findall(real.partition("  ")[0]), strict=False
    ):
        handles.setdefault(there, here)
    for there, here in handles.items():
        shown = shown.replace(there, here)
    return re.sub(r"\d+ maanden", "N maanden", shown) == re.sub(r"\d+ maanden", "N maanden", real)


def test_the_session_in_the_readme_runs_as_shown(program: Program) -> None:
    steps = _session(ROOT / "README.md")
    handles: dict[str, str] = {}
    assert len(steps) == 5
    for command, shown in steps:
        words = command.partition("#")[0].split()
        assert words[0] == "ongemerkt"
        words = [handles.get(word, word) for word in words[1:]]
        done = program(*words, "--lang", "nl", text=_WRITTEN if words[:1] == ["add"] else "")
        assert done.returncode == 0, done.stderr
        if shown:
            assert _same(shown, done.stdout or done.stderr, handles), (command, done.stdout, done.stderr)


def test_a_session_that_is_not_true_would_be_noticed() -> None:
    assert not _same("lomujo  iets anders\n", "bakela  iets\n", {})


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_link_in_the_documents_leads_somewhere(document: Path) -> None:
    for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text()):
        if "://" not in target:
            assert (document.parent / target).exists(), target


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda document: document.name)
def test_every_command_that_the_documents_name_exists(document: Path) -> None:
    known = {name for name, _module, _help in COMMANDS}
    for name in re.findall(r"`ongemerkt ([a-z]+)\b", document.read_text()):
        assert name in known, name


def test_the_readme_names_every_exit_code() -> None:
    text = (ROOT / "README.md").read_text()
    for code in (0, 1, 2, 3, 4, 5, 6, 9, 10, 11, 12):
        assert re.search(rf"\b{code} [a-z]", text), code


def test_the_picture_in_the_readme_is_recorded_from_the_program(tmp_path: Path) -> None:
    from tools import picture

    frames = picture.record(tmp_path)
    drawn = picture.svg(frames)
    shown = (ROOT / "docs" / "session.svg").read_text()
    assert shown.count('<g class="f ') == drawn.count('<g class="f ') == len(frames)
    # what does not depend on random handles and months
    for words in (
        "Zoek:",
        "#grenzen",
        "Nieuwe notitie",
        "Sanne",
        "persoon A",
        "[datum]",
        "Ctrl-N",
        "opslaan",
        "bewaren",
    ):
        assert (words in shown) == (words in drawn), words
    assert "[datum]" in drawn
