"""`ongemerkt doctor` as a coach and a script meet it: in both languages, without unlocking, with its exit codes."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import DAY, ROOT, Program
from tests.support.computer import checks
from tests.support.pty import Program as Screen

CANARY = "kanarieveertje"
NEAR = {"day": "2026-11-22"}
"""A day near the release: later the version itself would be a finding."""


@pytest.fixture
def quiet(program: Program) -> Program:
    """No vault; a home of its own, in which everything can be put, and nothing of this shell."""
    home = program.folder / "home"
    home.mkdir()
    program.day = "2026-11-22"
    program.environ = {
        name: value for name, value in program.environ.items() if name in {"PATH", "LANG", "PYTHONPATH"}
    } | {
        "HOME": str(home),
        "XDG_DATA_HOME": str(program.folder / "data"),
        "XDG_STATE_HOME": str(program.folder / "state"),
    }
    return program


def document(program: Program, *words: str, **how: Any) -> dict[str, dict[str, Any]]:
    done = program("doctor", "--json", *words, **how)
    told = json.loads(done.stdout)
    codes = {"serious": 21, "warning": 20, "info": 0, None: 0}
    assert done.returncode == codes[told["worst"]]
    assert set(told) == {"findings", "worst"}
    found = {each["id"]: each for each in told["findings"]}
    for each in found.values():
        assert set(each) == {"id", "severity", "state", "meaning", "mend", "facts"}
        assert (each["meaning"] is None) == (each["state"] != "found")
    return found


def test_it_works_without_a_vault_and_says_which_checks_need_one(quiet: Program) -> None:
    found = document(quiet)
    assert set(found) == set(checks())
    assert found["cloud"]["facts"] == {"reason": "vault"}
    done = quiet("doctor")
    assert done.stderr == ""
    assert "There is no vault here yet; not checked without one: " in done.stdout
    assert quiet("doctor", "--unlock").returncode == 11


def test_it_asks_for_no_passphrase_unless_told(quiet: Program) -> None:
    quiet.made()
    found = document(quiet, passphrase=False)
    assert found["one-place"]["facts"] == {"reason": "unlock"}
    assert quiet("doctor", "--unlock", passphrase=False).returncode == 3
    assert document(quiet)["one-place"]["state"] == "found"
    assert document(quiet, "--unlock")["one-place"]["severity"] == "warning"


def test_the_exit_code_says_how_bad_it_is(quiet: Program) -> None:
    quiet.made()
    before = quiet("doctor", passphrase=False).returncode
    assert before in {0, 20}  # the disk and the swap of the machine at hand
    quiet.data.chmod(0o755)
    assert quiet("doctor", passphrase=False).returncode == 20
    (quiet.folder / "state" / ".stfolder").mkdir()
    assert quiet("doctor", passphrase=False).returncode == 21


def test_the_worst_stands_first_with_its_mend(quiet: Program) -> None:
    quiet.made()
    quiet.data.chmod(0o755)
    (quiet.folder / "home" / ".bash_history").write_text(f"echo '{CANARY}' | ongemerkt add\n")
    lines = quiet("doctor", passphrase=False).stdout.splitlines()
    assert lines[:3] == [
        "Serious",
        "  Your shell remembers text of a note, a passphrase or a code: 1 entry in ~/.bash_history.",
        "    → ongemerkt doctor --clean-history",
    ]
    assert lines.index("Serious") < lines.index("To mend") < lines.index("Good to know")


def test_no_content_no_id_and_no_path_of_the_vault_is_told(quiet: Program) -> None:
    # Lesson 25. Seen to fail with the path of the anchor's own folder among the facts.
    quiet.made()
    (quiet.folder / "home" / ".bash_history").write_text(f"echo '{CANARY}' | ongemerkt add\n")
    (quiet.folder / "state" / ".stfolder").mkdir()
    quiet.data.chmod(0o755)
    (vault_id,) = [path.name for path in quiet.state.iterdir() if len(path.name) == 32]
    for words in (["doctor"], ["doctor", "--json"], ["doctor", "--unlock"], ["doctor", "--lang", "nl"]):
        done = quiet(*words)
        for told in (done.stdout, done.stderr):
            assert CANARY not in told
            assert vault_id not in told
            assert str(quiet.data) not in told


def test_history_is_cleaned_after_a_yes_only(quiet: Program) -> None:
    path = quiet.folder / "home" / ".bash_history"
    path.write_text(f"ls\necho '{CANARY}' | ongemerkt add\n")
    done = quiet("doctor", "--clean-history")
    assert (done.returncode, CANARY in path.read_text()) == (3, True)
    done = quiet("doctor", "--clean-history", "--json", "--yes")
    assert json.loads(done.stdout) == {"cleaned": [{"file": "~/.bash_history", "entries": 1, "done": True}]}
    assert path.read_text() == "ls\n"
    assert quiet("doctor", "--clean-history").returncode == 0


def test_what_can_not_be_cleaned_is_told_with_a_code(quiet: Program) -> None:
    path = quiet.folder / "home" / ".bash_history"
    path.write_text(f"echo '{CANARY}' | ongemerkt add\n")
    (quiet.folder / "home" / ".bash_history.ongemerkt-new").mkdir()
    done = quiet("doctor", "--clean-history", "--yes")
    assert (done.returncode, CANARY in path.read_text()) == (12, True)
    assert "~/.bash_history could not be rewritten" in done.stderr


def test_mending_closes_the_folders(quiet: Program) -> None:
    assert quiet("doctor", "--mend").returncode == 11
    quiet.made()
    quiet.data.chmod(0o755)
    assert json.loads(quiet("doctor", "--mend", "--json").stdout) == {"mended": True}
    assert quiet.data.stat().st_mode & 0o777 == 0o700
    assert document(quiet)["permissions"]["state"] == "clear"


def test_a_damaged_header_is_a_finding_and_no_end(quiet: Program) -> None:
    quiet.made()
    header = quiet.data / "header"
    header.write_bytes(header.read_bytes()[:-1] + b"!")
    assert document(quiet, passphrase=False)["header"]["state"] == "found"


def test_the_servers_country_is_told_of_an_enrolled_vault(quiet: Program) -> None:
    assert document(quiet.made(), "--unlock")["server-country"]["state"] == "clear"


def test_in_a_terminal_in_dutch_it_is_short_and_fits(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    (home / ".zsh_history").write_text(f": 1790000000:0;echo '{CANARY}' | ongemerkt add\n")
    with Screen(home, "doctor", when="2026-11-22", rows=60, LANG="nl_NL.UTF-8") as screen:
        screen.ends()
        seen = screen.seen
    assert "Ernstig" in seen
    assert "ongemerkt doctor --clean-history" in seen
    assert "Niets gevonden" in seen
    assert CANARY not in seen
    assert len([line for line in seen.splitlines() if line.strip()]) < 40


def test_asked_in_a_terminal_no_leaves_everything_as_it_was(tmp_path: Path) -> None:
    home = tmp_path / "home"
    home.mkdir()
    path = home / ".bash_history"
    path.write_text(f"echo '{CANARY}' | ongemerkt add\n")
    with Screen(home, "doctor", "--clean-history", when=DAY, LANG="nl_NL.UTF-8") as screen:
        screen.sees("[j/N]")
        screen.types("n\r")
        assert screen.ends() == 3
    assert CANARY in path.read_text()


def test_every_check_is_in_the_documents() -> None:
    documented = (ROOT / "docs" / "cli-json.md").read_text(encoding="utf-8").split("## doctor")[1].split("\n## ")[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| (\w+) \|", documented, re.MULTILINE)
    assert dict(rows) == checks()
