"""Whatever comes in: a clear sentence, the right exit code, never a traceback, never a hang."""

import os
import resource
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.support.command import ROOT, Program


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"\xff\xfe", "is not UTF-8 text"),
        (b"a\0b", "holds NUL bytes"),
        (b"a" * (2 << 20), "longer than 1 MiB"),
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
    ],
)
def test_text_that_is_no_note_is_refused_from_file_and_stdin(
    vault: Program, tmp_path: Path, data: bytes, told: str
) -> None:
    file = tmp_path / "brief"
    file.write_bytes(data)
    for done in (vault("add", str(file)), vault("add", text=data), vault("add", "-", text=data)):
        assert done.returncode == 2
        assert told in done.stderr
        assert done.stdout == ""
    assert vault("list").stdout == ""


@pytest.mark.parametrize("path", ["/dev/zero", "/dev/null", "/", "/dev/tty"])
def test_devices_and_folders_are_no_notes(vault: Program, path: str) -> None:
    done = vault("add", path)
    assert done.returncode == 2
    assert path in done.stderr


def test_endless_stdin_is_cut_off(vault: Program) -> None:
    with open("/dev/zero", "rb") as endless:
        done = subprocess.run(
            vault.arguments("add", "--passphrase-file", str(vault.secret)),
            stdin=endless,
            capture_output=True,
            timeout=30,
            cwd=ROOT,
            env=vault.environ,
            check=False,
        )
    assert done.returncode == 2


@pytest.mark.parametrize("streams", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_do_no_harm(vault: Program, streams: str) -> None:
    vault.add("tekst")
    command = " ".join(vault.arguments("list", "--passphrase-file", str(vault.secret)))
    done = subprocess.run(
        ["bash", "-c", f"{command} {streams}"],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=vault.environ,
        start_new_session=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert vault("list").returncode == 0


def test_without_stdin_there_is_no_note(vault: Program) -> None:
    command = " ".join(vault.arguments("add", "--passphrase-file", str(vault.secret)))
    done = subprocess.run(
        ["bash", "-c", f"{command} <&-"], capture_output=True, cwd=ROOT, env=vault.environ, check=False
    )
    assert done.returncode == 2


@pytest.mark.parametrize(
    ("option", "value", "code"),
    [
        ("--passphrase-file", "/nergens", 4),
        ("--passphrase-file", "/", 2),
        ("--passphrase-file", "/dev/null", 2),
        ("--passphrase-file", "/dev/zero", 2),
        ("--passphrase-fd", "77", 2),
        ("--passphrase-fd", "x", 2),
    ],
)
def test_a_passphrase_that_can_not_be_read(vault: Program, option: str, value: str, code: int) -> None:
    done = vault("list", option, value, passphrase=False)
    assert done.returncode == code
    assert done.stdout == ""


@pytest.mark.parametrize("command", ["list", "status", "init"])
def test_no_terminal_and_no_option_is_no_hang(program: Program, command: str) -> None:
    if command != "init":
        program.made()
    done = program(command, passphrase=False)
    assert done.returncode == 3
    assert "--passphrase-file" in done.stderr


def test_the_screen_needs_a_terminal(vault: Program) -> None:
    assert vault().returncode == 3
    assert vault(passphrase=False).returncode == 3


@pytest.mark.parametrize("secret", ["verkeerd paard accu", "00000-00000-00000-00000-00000-00000", "x" * 4096])
def test_a_wrong_passphrase_is_told_and_nothing_else(vault: Program, secret: str) -> None:
    vault.secret.write_text(secret + "\n")
    done = vault("list")
    assert done.returncode == 3
    assert done.stderr == "That passphrase does not fit this vault.\n"


def test_a_passphrase_of_other_bytes_than_text(vault: Program) -> None:
    vault.secret.write_bytes(b"\xff\xfe paard accu nietje\n")
    assert vault("list").returncode == 2
    vault.secret.write_text("x" * 5000)
    assert vault("list").returncode == 2


def test_the_same_passphrase_typed_on_another_keyboard_opens(program: Program) -> None:
    program.secret.write_text("cafe\u0301 vijf wandelen\n")
    program.made()
    program.secret.write_text("\ufeffcaf\u00e9 vijf wandelen\r\n", encoding="utf-8")
    assert program("list").returncode == 0


def test_a_vault_that_is_no_vault(program: Program, tmp_path: Path) -> None:
    assert program("list").returncode == 11
    assert program("list", "--vault", "/etc/passwd").returncode == 11
    assert program("init", "--vault", "/etc/passwd").returncode == 2
    assert program("init", "--vault", "/proc/kluis").returncode == 12
    foreign = tmp_path / "vreemd"
    foreign.mkdir()
    (foreign / "vault.db").write_bytes(b"SQLite format 3\0" + bytes(4080))
    assert program("list", "--vault", str(foreign)).returncode == 6
    assert program("init", "--vault", str(foreign)).returncode == 11


def _overwrite(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        file.write(os.urandom(64))


@pytest.mark.parametrize("name", ["vault.db", "header", "anchor"])
def test_damage_is_named_and_exits_with_6(vault: Program, name: str) -> None:
    vault.add("tekst")
    files = [path for path in vault.folder.rglob("*") if path.is_file() and path.name.startswith(name)]
    assert files
    for path in files:
        _overwrite(path, 0)
    done = vault("list")
    assert done.returncode == 6
    assert len(done.stderr.splitlines()) == 1
    assert "tekst" not in done.stderr


def test_an_older_copy_is_told(vault: Program, tmp_path: Path) -> None:
    handle = vault.add("tekst")
    shutil.copytree(vault.data, tmp_path / "kopie")
    vault("shred", handle, "--yes")
    done = vault("list", "--vault", str(tmp_path / "kopie"))
    assert done.returncode == 6
    assert "older copy" in done.stderr


def test_a_missing_anchor_is_told(vault: Program) -> None:
    shutil.rmtree(vault.state)
    done = vault("list")
    assert done.returncode == 6
    assert "anchor" in done.stderr


def test_a_full_disk_is_told_and_nothing_is_lost(vault: Program) -> None:
    handle = vault.add("eerste")
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, before[1]))
    try:
        done = subprocess.run(
            vault.arguments("add", "--passphrase-file", str(vault.secret)),
            input=b"tweede",
            capture_output=True,
            cwd=ROOT,
            env=vault.environ,
            check=False,
        )
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert done.returncode == 12, done.stderr
    assert done.stdout == b""
    assert [note["handle"] for note in vault.json("list")["notes"]] == [handle]


@pytest.mark.parametrize("words", [["list"], ["--help"], ["status"], ["list", "--json"]])
def test_an_answer_that_can_not_be_written_is_an_error(vault: Program, words: list[str]) -> None:
    vault.add("tekst")
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            vault.arguments(*words, "--passphrase-file", str(vault.secret)),
            stdout=full,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=vault.environ,
            check=False,
        )
    assert done.returncode == 12
    assert b"disk is full" in done.stderr
    assert b"Exception" not in done.stderr


def test_a_closed_pipe_is_quiet(vault: Program) -> None:
    vault.add("tekst")
    reading, writing = os.pipe()
    os.close(reading)
    try:
        done = subprocess.run(
            vault.arguments("list", "--passphrase-file", str(vault.secret)),
            stdout=writing,
            stderr=subprocess.PIPE,
            cwd=ROOT,
            env=vault.environ,
            check=False,
        )
    finally:
        os.close(writing)
    assert (done.returncode, done.stderr) == (141, b"")


@pytest.mark.parametrize("day", ["1970-01-01", "2026-10-31"])
def test_a_clock_set_back_is_told_and_revives_nothing(vault: Program, day: str) -> None:
    handle = vault.add("tekst", "--keep", "2m")
    vault("list", day="2027-03-01")
    vault("list", day="2027-05-01")
    done = vault("list", day=day)
    assert done.returncode == 0
    assert "set back" in done.stderr
    assert handle not in done.stdout
    assert vault("add", text="x", day=day).returncode == 0


def test_a_clock_far_ahead_destroys_nothing_until_somebody_says_yes(vault: Program) -> None:
    handle = vault.add("tekst")
    for words in (["list"], ["status"], ["expire", "--dry-run"]):
        done = vault(*words, day="2100-01-01")
        assert done.returncode == 0
        assert "confirm it with: ongemerkt expire" in done.stderr
    for words in (["add"], ["expire"]):
        done = vault(*words, text="x", day="2100-01-01")
        assert done.returncode == 3
    assert vault.json("expire", "--dry-run", day="2100-01-01") == {"expired": 0, "waiting": 1}
    assert handle in vault("list").stdout
    assert vault.json("expire", "--yes", day="2100-01-01") == {"expired": 1, "waiting": 0}
    assert vault("list").stdout == ""


def test_a_new_vault_on_a_clock_far_ahead_needs_a_yes(program: Program) -> None:
    assert program("init", day="2100-01-01").returncode == 3
    assert not program.data.joinpath("header").exists()
    assert program("init", "--yes", day="2100-01-01").returncode == 0


@pytest.mark.parametrize("period", ["never", "6", "0d", "-6m", "6 m", "1m", "58d", "11y", "99999d", "1000000m", "²m"])
def test_a_period_that_can_not_be_is_told(vault: Program, period: str) -> None:
    done = vault("add", f"--keep={period}", text="x")
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert vault("list").stdout == ""


@pytest.mark.parametrize("handle", ["", "x" * 100, "baké", "../..", "ba ke", "\x1b[31m", "BAKEMO!"])
def test_a_handle_that_can_not_be_is_told(vault: Program, handle: str) -> None:
    done = vault("show", handle)
    assert done.returncode == 4
    assert "\x1b" not in done.stderr
