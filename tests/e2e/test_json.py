"""--json: one document with the documented fields on stdout, messages on stderr."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import ROOT, Program

NOTE = {"handle", "months_left", "first_words"}
KEPT = {"handle", "at_least_days", "at_most_days"}


def test_every_document_has_the_documented_fields(program: Program, tmp_path: Path) -> None:
    made = program.json("init")
    assert set(made) == {"vault", "recovery_code"}
    added = program.json("add", text="Één tekst")
    assert set(added) == KEPT
    handle = added["handle"]
    (row,) = program.json("list")["notes"]
    assert set(row) == NOTE
    assert row["first_words"] == "Één tekst"
    assert program.json("find", "een")["notes"] == [row]
    assert program.json("find", "banaan") == {"notes": []}
    assert program.json("show", handle) == {"handle": handle, "months_left": row["months_left"], "text": "Één tekst"}
    assert program.json("edit", handle, text="x") == {"handle": handle}
    assert set(program.json("keep", handle, "2m")) == KEPT
    assert program.json("expire") == {"expired": 0, "waiting": 0}
    assert program.json("expire", "--dry-run") == {"expired": 0, "waiting": 0}
    (tmp_path / "a.md").write_text("tekst")
    assert set(program.json("import", str(tmp_path / "a.md"))) == {"imported", "files", "titles_dropped"}
    assert program.json("shred", handle, "--yes") == {"shredded": 1}
    assert set(program.json("completion", "fish")) == {"shell", "script"}
    assert program.json("demo") == {"passed": True}


def test_status_has_the_documented_fields(vault: Program) -> None:
    documented = (ROOT / "docs" / "cli-json.md").read_text(encoding="utf-8").split("## status")[1].split("##")[0]
    names = {
        name for row in re.findall(r"^\| (`.*?) \|", documented, re.MULTILINE) for name in re.findall(r"`(\w+)`", row)
    }
    assert set(vault.json("status")) == names


def test_the_selftest_has_the_documented_fields(program: Program) -> None:
    told = program.json("selftest")
    assert set(told) == {"passed", "checks"}
    assert all(set(check) == {"check", "passed"} for check in told["checks"])


def _document(program: Program, *words: str, **how: Any) -> dict[str, Any]:
    done = program(*words, "--json", **how)
    found: dict[str, Any] = json.loads(done.stdout)["error"]
    assert found["code"] == done.returncode
    assert done.stderr.strip()
    return found


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["show", "bakemo"], 4, "NoteNotFound"),
        (["show", "!"], 4, "HandleMalformed"),
        (["add", "/nergens/x"], 4, "InputMissing"),
        (["add", "/"], 2, "InputIsFolder"),
        (["add", "--guard", "ask"], 2, "GuardUnknown"),
        (["add", "--keep", "never"], 2, "PeriodMalformed"),
        (["init"], 11, "VaultExists"),
        (["shred", "bakemo"], 3, "NotConfirmed"),
        (["lst"], 2, "Usage"),
        (["add", "--nope"], 2, "Usage"),
        ([], 3, "NoWayToAsk"),
    ],
)
def test_an_error_is_a_document_with_code_and_kind(vault: Program, words: list[str], code: int, kind: str) -> None:
    assert _document(vault, *words) == {"code": code, "kind": kind}


def test_the_kind_does_not_change_with_the_language(program: Program) -> None:
    assert _document(program, "list", environ={"LANG": "nl_NL.UTF-8"}) == {"code": 11, "kind": "NoVault"}


def test_a_document_is_ascii_whatever_the_terminal_speaks(vault: Program) -> None:
    handle = vault.add("é ’ 会議")
    done = vault("show", handle, "--json", environ={"LANG": "C", "PYTHONIOENCODING": "latin-1"})
    assert json.loads(done.stdout)["text"] == "é ’ 会議"
    assert done.stdout.isascii()
