"""--json: one document with the documented fields on stdout, messages on stderr."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import ROOT, Program

NOTE = {"handle", "months_left", "first_words"}
IMPORT_LEFT = ("left_out", "removed", "not_removed")
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
    assert program.json("find", "banaan") == {"notes": [], "unreadable": 0}
    assert program.json("show", handle) == {"handle": handle, "months_left": row["months_left"], "text": "Één tekst"}
    assert program.json("edit", handle, text="x") == {"handle": handle}
    assert set(program.json("keep", handle, "2m")) == KEPT
    assert program.json("expire") == {"expired": 0, "waiting": 0}
    assert program.json("expire", "--dry-run") == {"expired": 0, "waiting": 0}
    assert program.json("scan", text="niets") == []
    assert program.json("guard") == {"policy": "ask", "allowed_words": 0}
    assert program.json("guard", "policy", "redact") == {"policy": "redact", "allowed_words": 0}
    assert program.json("guard", "allow", text="Inez\nBram") == {"allowed": 2, "allowed_words": 2}
    assert program.json("guard", "list") == {"words": ["Bram", "Inez"]}
    assert program.json("guard", "forget", "-", text="bram\nWout") == {"forgotten": 1, "allowed_words": 1}
    (tmp_path / "a.md").write_text("tekst")
    imported = program.json("import", str(tmp_path / "a.md"))
    assert set(imported) == {*("imported", "files", "titles_dropped", "sentences_kept"), *IMPORT_LEFT}
    assert set(imported["left_out"]) == {"empty", "attachments", "encrypted", "trashed"}
    assert program.json("shred", handle, "--yes") == {"shredded": 1}
    assert set(program.json("completion", "fish")) == {"shell", "script"}
    demo = program.json("demo")
    assert set(demo) == {"passed", "cost", "steps", "left_out"}
    assert all(set(step) == {"name", "passed"} for step in demo["steps"])


def test_a_scan_has_offsets_in_characters_of_the_text_as_it_is(program: Program, tmp_path: Path) -> None:
    text = "\ufeffÉén 🙂 regel.\r\n\r\nMet Zoë uit Tilburg, en met Sanne."
    (tmp_path / "een.txt").write_text(text, encoding="utf-8", newline="")
    (tmp_path / "twee.txt").write_text("Niets bijzonders.")
    finds = program.json("scan", str(tmp_path / "een.txt"))
    assert [(find["kind"], find["text"]) for find in finds] == [
        ("naam", "Zoë"),
        ("plaats", "Tilburg"),
        ("naam", "Sanne"),
    ]
    assert all(set(find) == {"start", "end", "kind", "text"} for find in finds)
    assert [text[find["start"] : find["end"]] for find in finds] == [find["text"] for find in finds]
    assert program.json("scan", text=text) == program.json("scan", "-", text=text) == finds
    names = [str(tmp_path / "een.txt"), str(tmp_path / "twee.txt")]
    assert program.json("scan", *names) == [{"file": names[0], "finds": finds}, {"file": names[1], "finds": []}]


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
        (["add", "--guard", "maybe"], 2, "Usage"),
        (["guard", "policy", "maybe"], 2, "PolicyUnknown"),
        (["guard", "allow", "/nergens/x"], 4, "InputMissing"),
        (["scan", "/nergens/x"], 4, "InputMissing"),
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


def test_a_refusal_by_the_guard_is_a_document_without_what_was_found(vault: Program) -> None:
    done = vault("add", "--json", text="Gesproken met Sanne uit Tilburg.")
    assert json.loads(done.stdout) == {"error": {"code": 5, "kind": "GuardRefused"}}
    assert "1 name, 1 place" in done.stderr
    assert "Sanne" not in done.stderr


def test_the_kind_does_not_change_with_the_language(program: Program) -> None:
    assert _document(program, "list", environ={"LANG": "nl_NL.UTF-8"}) == {"code": 11, "kind": "NoVault"}


def test_a_document_is_ascii_whatever_the_terminal_speaks(vault: Program) -> None:
    handle = vault.add("é ’ 会議")
    done = vault("show", handle, "--json", environ={"LANG": "C", "PYTHONIOENCODING": "latin-1"})
    assert json.loads(done.stdout)["text"] == "é ’ 会議"
    assert done.stdout.isascii()
