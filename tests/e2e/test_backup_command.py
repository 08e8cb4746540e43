"""`ongemerkt backup` as a coach uses it, and the nightly run as systemd and cron start it."""

import json
import os
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from cli import nightly
from cli.failures import Refused
from cli.nightly import Run
from tests.support.command import PASSPHRASE, ROOT, Program
from vault.service.backup import NAME

AWKWARD = 'een "schijf" 100% van $HOME\'s \\ map'
"""A folder as nobody should name it: quotes, a percent sign, a variable, an apostrophe, a backslash."""


@pytest.fixture
def disk(tmp_path: Path) -> Path:
    folder = tmp_path / AWKWARD
    folder.mkdir()
    return folder


@pytest.fixture
def home(vault: Program, tmp_path: Path) -> Program:
    """A vault whose user has no systemd that listens, and a crontab."""
    programs = tmp_path / "bin"
    programs.mkdir()
    crontab = programs / "crontab"
    table = tmp_path / "table"
    crontab.write_text(f'#!/bin/sh\nif [ "$1" = -l ]; then cat {table} 2>/dev/null || exit 1; else cat > {table}; fi\n')
    crontab.chmod(0o700)
    vault.environ["XDG_CONFIG_HOME"] = str(tmp_path / "config")
    vault.environ["PATH"] = f"{programs}:{os.environ['PATH']}"
    for name in ("DBUS_SESSION_BUS_ADDRESS", "XDG_RUNTIME_DIR"):
        vault.environ.pop(name, None)
    return vault


def units(home: Program) -> dict[str, Path]:
    folder = Path(home.environ["XDG_CONFIG_HOME"]) / "systemd" / "user"
    return {path.suffix: path for path in sorted(folder.iterdir())} if folder.exists() else {}


def exec_start(service: Path) -> list[str]:
    """The words of the ExecStart line as systemd reads them."""
    line = next(line for line in service.read_text().splitlines() if line.startswith("ExecStart=:"))
    # its double quotes are a shell's, but for $, which the colon makes ordinary, and for %
    return [word.replace("%%", "%") for word in shlex.split(line.removeprefix("ExecStart=:"))]


def started(home: Program, words: list[str], **environ: str) -> "subprocess.CompletedProcess[bytes]":
    """Runs it as a timer does: with no more than a home, no terminal and nothing on stdin."""
    bare = {"HOME": home.environ["HOME"], "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8", **environ}
    return subprocess.run(
        words,
        cwd=ROOT,
        env=bare,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        start_new_session=True,
        timeout=60,
        check=False,
    )


def test_a_backup_is_made_and_brought_up_to_date(vault: Program, disk: Path) -> None:
    vault.add("een")
    done = vault("backup", str(disk))
    assert (done.returncode, sorted(os.listdir(disk))) == (0, [NAME])
    assert "was read back" in done.stdout
    assert "holds no keys" in done.stdout
    found = vault.json("backup", str(disk))
    assert found["backup"]["written"] == 0
    assert found["backup"]["file"] == str(disk / NAME)
    assert "backup" in vault.json("backup", str(disk))


def test_a_folder_that_is_not_there_is_not_made(vault: Program, tmp_path: Path) -> None:
    done = vault("backup", str(tmp_path / "niet aangesloten"))
    assert done.returncode == 4
    assert not (tmp_path / "niet aangesloten").exists()


def test_no_backup_goes_where_the_vault_or_its_anchor_is(vault: Program) -> None:
    for folder in (vault.data, vault.state):
        assert vault("backup", str(folder)).returncode == 2
        assert NAME not in os.listdir(folder)


def test_a_backup_of_another_vault_or_no_backup_at_all_is_left_alone(
    vault: Program, disk: Path, tmp_path: Path
) -> None:
    (disk / NAME).write_bytes(b"brieven van oma")
    assert vault("backup", str(disk)).returncode == 6
    assert (disk / NAME).read_bytes() == b"brieven van oma"
    (disk / NAME).unlink()
    (tmp_path / "ander").mkdir()
    Program(tmp_path / "ander").made()("backup", str(disk))
    raw = (disk / NAME).read_bytes()
    assert vault("backup", str(disk)).returncode == 2
    assert (disk / NAME).read_bytes() == raw


# -- every night


def test_the_timer_starts_a_run_that_needs_no_passphrase(home: Program, disk: Path) -> None:
    home.add("een")
    found = home.json("backup", str(disk), "--nightly", "3:15")["nightly"]
    assert (found["time"], found["by"], found["enabled"]) == ("03:15", "systemd", False)
    assert "systemctl --user daemon-reload" in found["by_hand"]
    assert sorted(found["files"]) == sorted(
        [*map(str, units(home).values()), str(next(home.state.glob("*/backup.key")))]
    )
    words = exec_start(units(home)[".service"])
    assert str(disk) in words
    home.add("twee")
    raw = (disk / NAME).read_bytes()
    done = started(home, words, XDG_STATE_HOME=home.environ["XDG_STATE_HOME"])
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
    assert (disk / NAME).read_bytes() != raw
    assert home.json("backup", str(disk))["backup"]["written"] == 0
    assert f'Environment="XDG_STATE_HOME={home.environ["XDG_STATE_HOME"]}"' in units(home)[".service"].read_text()


def test_systemd_finds_nothing_wrong_with_what_is_written(home: Program, disk: Path, tmp_path: Path) -> None:
    # Seen to fail with an unquoted path, and with Type=oneshot, which takes no RestartForceExitStatus.
    if shutil.which("systemd-analyze") is None:
        pytest.skip("no systemd-analyze")
    home("backup", str(disk), "--nightly")
    (tmp_path / "run").mkdir()
    done = subprocess.run(
        ["systemd-analyze", "verify", "--user", *map(str, units(home).values())],
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path / "run")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "OnCalendar=*-*-* 02:00:00\nPersistent=true" in units(home)[".timer"].read_text()


def test_a_run_while_the_vault_is_open_ends_with_10_and_is_started_again(home: Program, disk: Path) -> None:
    from vault.service import Paths
    from vault.store.lock import ProcessLock

    home("backup", str(disk), "--nightly")
    text = units(home)[".service"].read_text()
    assert "RestartForceExitStatus=10\nRestartSec=1h" in text
    assert "StartLimitBurst=4" in text
    lock = ProcessLock(Paths(str(home.data), "").data)
    try:
        done = started(home, exec_start(units(home)[".service"]), XDG_STATE_HOME=home.environ["XDG_STATE_HOME"])
    finally:
        lock.release()
    assert done.returncode == 10
    assert b"open in another" in done.stderr


def test_a_run_whose_disk_is_not_plugged_in_says_so_and_fills_no_empty_folder(home: Program, disk: Path) -> None:
    home("backup", str(disk), "--nightly")
    (disk / NAME).unlink()
    words = exec_start(units(home)[".service"])
    done = started(home, words, XDG_STATE_HOME=home.environ["XDG_STATE_HOME"])
    assert (done.returncode, os.listdir(disk)) == (4, [])
    disk.rmdir()
    assert started(home, words, XDG_STATE_HOME=home.environ["XDG_STATE_HOME"]).returncode == 4


def test_cron_gets_lines_that_start_the_same_run(home: Program, disk: Path, tmp_path: Path) -> None:
    table = tmp_path / "table"
    table.write_text("5 4 * * * echo van mij\n")
    home.add("een")
    done = home("backup", str(disk), "--nightly", "23:30", "--cron")
    assert done.returncode == 0
    assert "every night at 23:30" in done.stdout
    assert units(home) == {}
    mine, mark, line = table.read_text().splitlines()
    assert (mine, mark[0]) == ("5 4 * * * echo van mij", "#")
    times, command = line.split(" * * * ", 1)
    assert times == "30 23,0,1,2"
    home.add("twee")
    # cron hands what follows to sh, with \% as %
    raw = (disk / NAME).read_bytes()
    done_by_cron = started(home, ["/bin/sh", "-c", command.replace("\\%", "%")])
    assert (done_by_cron.returncode, done_by_cron.stdout, done_by_cron.stderr) == (0, b"", b"")
    assert (disk / NAME).read_bytes() != raw
    # a second time changes the lines and adds none
    home("backup", str(disk), "--nightly", "1:00", "--cron")
    assert len(table.read_text().splitlines()) == 3
    # from cron to systemd: one of the two only
    home("backup", str(disk), "--nightly")
    assert table.read_text() == "5 4 * * * echo van mij\n"
    assert set(units(home)) == {".service", ".timer"}


@pytest.mark.parametrize("by", [(), ("--cron",)])
def test_off_takes_everything_away_again_without_a_passphrase(
    home: Program, disk: Path, tmp_path: Path, by: tuple[str, ...]
) -> None:
    home("backup", str(disk), "--nightly", *by)
    assert list(home.state.glob("*/backup.key"))
    done = home("backup", "--nightly", "off", passphrase=False)
    assert done.returncode == 0
    assert not list(home.state.glob("*/backup.key"))
    assert units(home) == {}
    assert not (tmp_path / "table").exists() or (tmp_path / "table").read_text() == ""
    assert (disk / NAME).exists()
    again = home("backup", "--nightly", "off", "--json", passphrase=False)
    assert json.loads(again.stdout) == {"removed": [], "cron": False}


def test_nothing_that_is_written_or_said_holds_a_secret(home: Program, disk: Path) -> None:
    home.add("kanarie")
    done = home("backup", str(disk), "--nightly")
    key = next(home.state.glob("*/backup.key")).read_bytes()[:32]
    said = done.stdout + done.stderr + "".join(path.read_text() for path in units(home).values())
    for secret in (PASSPHRASE, "kanarie", key.hex(), key.hex().upper()):
        assert secret not in said


@pytest.mark.parametrize("time", ["24:00", "2", "02:60", "half drie", "02:00:00", "²:00", "aan"])
def test_a_time_that_is_none_is_refused_before_anything_is_done(home: Program, disk: Path, time: str) -> None:
    assert home("backup", str(disk), "--nightly", time).returncode == 2
    assert os.listdir(disk) == []


def test_usage_is_told(vault: Program, disk: Path) -> None:
    for words in ([], [str(disk), "--cron"], [str(disk), "--nightly", "off"], ["--nightly"]):
        assert vault("backup", *words).returncode == 2, words


# -- what is written, by itself


def test_a_name_that_no_unit_can_hold_is_refused() -> None:
    for name in ("/schijf\nExecStart=/bin/kwaad", "/schijf\x00", "/schijf\x1b[31m", "/schijf\udc80"):
        with pytest.raises(Refused):
            nightly.run_for("/kluis", name, "00" * 16, {})


def test_words_are_quoted_so_that_nothing_in_them_is_special() -> None:
    run = Run(("/usr/bin/ongemerkt", "backup", AWKWARD), (("XDG_STATE_HOME", '/st%t "e'),), "ongemerkt-backup-00")
    text = nightly.service_text(run)
    assert 'ExecStart=:"/usr/bin/ongemerkt" "backup" "een \\"schijf\\" 100%% van $HOME\'s \\\\ map"\n' in text
    assert 'Environment="XDG_STATE_HOME=/st%%t \\"e"\n' in text
    assert "100\\% van" in nightly.cron_lines(run, 2, 0)[1]
