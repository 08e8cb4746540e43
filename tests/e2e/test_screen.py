"""The interactive vault in a real pseudo-terminal, as a coach uses it."""

import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.firstrun import answered
from tests.support.playing import PASSPHRASE, new_vault, reopened
from tests.support.pty import Program, plain_on_disk

ENTER, ESC = "\r", "\x1b"
CTRL_C, CTRL_E, CTRL_L, CTRL_N, CTRL_P = "\x03", "\x05", "\x0c", "\x0e", "\x10"
CTRL_Q, CTRL_S, CTRL_X, CTRL_Z = "\x11", "\x13", "\x18", "\x1a"
CANARY = "kwartelei"
SIZES = [(24, 80), (50, 200)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty vault, for `program`."""
    new_vault(tmp_path).close()
    # the program looks for its anchors in XDG_STATE_HOME/ongemerkt
    (tmp_path / "ongemerkt").symlink_to(tmp_path / "anchors")
    return tmp_path


def program(home: Path, *arguments: str, rows: int = 24, columns: int = 80, **environment: str) -> Program:
    """The program on the vault in `home`."""
    words = ["--vault", str(home / "data"), "--lang", "en", *arguments]
    return Program(home, *words, rows=rows, columns=columns, XDG_STATE_HOME=str(home), **environment)


def unlock(run: Program) -> None:
    run.sees("Passphrase:")
    run.types(PASSPHRASE, ENTER)


def write(run: Program, text: str) -> None:
    """Unlocks, and leaves a new text in the editor."""
    unlock(run)
    run.sees("Find:")
    run.types(CTRL_N)
    run.sees("Ctrl-S save")
    run.types(text)
    run.sees(text)


def save_and_quit(run: Program) -> None:
    run.types(CTRL_S)
    run.sees("Saved as")
    run.types(CTRL_Q)
    assert run.ends() == 0


def nothing_left(run: Program, *words: str) -> None:
    """The terminal is as it was: first screen, no word of a note to see or to scroll back to, no traceback."""
    assert not run.screen.second
    for word in (*words, "Traceback", PASSPHRASE):
        assert word not in run.screen.first_screen
        assert word not in run.screen.second_screen, "a terminal can be told to show its second screen again"
    assert b"\x1b]" not in run.raw, "the title was set"
    assert plain_on_disk(run.home, *words) == []


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_first_run_makes_a_vault_then_writes_finds_and_edits(tmp_path: Path, rows: int, columns: int) -> None:
    with Program(tmp_path, "--lang", "en", rows=rows, columns=columns) as run:
        paper = answered(run, "done")
        run.types(ENTER)
        run.sees("Find:")
        run.types(CTRL_N)
        run.sees("Ctrl-S save")
        run.types(f"Over het {CANARY}.", ENTER, "Tweede regel.")
        run.sees("Tweede regel.")
        run.types(CTRL_S)
        run.sees("Saved as")
        run.types(CANARY.upper())
        run.sees("1 of 1 note")
        run.types(CTRL_E)
        run.sees("Ctrl-S save")
        run.types(" Derde.", CTRL_S)
        run.sees("Tweede regel. Derde.")
        run.types(CTRL_Q)
        assert run.ends() == 0
    nothing_left(run, CANARY, "Derde", paper.words, paper.code)


@pytest.mark.parametrize(("rows", "columns"), SIZES)
def test_a_locked_vault_gives_the_draft_back_after_unlocking(home: Path, rows: int, columns: int) -> None:
    with program(home, rows=rows, columns=columns) as run:
        write(run, f"Half {CANARY}")
        before = run.pid
        run.types(CTRL_L)
        run.sees("The vault is locked.")
        for shown in (run.seen, run.screen.first_screen, run.screen.second_screen):
            assert CANARY not in shown
        assert run.pid == before
        assert b"--locked" in Path(f"/proc/{run.pid}/cmdline").read_bytes()
        unlock(run)
        run.sees("You were writing this when the vault was locked.")
        assert f"Half {CANARY}" in run.seen
        run.types(" en heel.")
        save_and_quit(run)
    nothing_left(run, CANARY)
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == [f"Half {CANARY} en heel."]


def test_a_locked_vault_asks_the_passphrase_even_if_a_file_gave_it(home: Path) -> None:
    given = home / "passphrase"
    given.write_text(PASSPHRASE)
    with program(home, "--passphrase-file", str(given)) as run:
        run.sees("Find:")
        run.types(CTRL_P, "lock", ENTER)
        run.sees("Passphrase:")
        run.types(CTRL_C)
        assert run.ends() == 130
    nothing_left(run)


def test_resizing_lays_the_text_out_anew(home: Path) -> None:
    with program(home) as run:
        write(run, "woorden die over de rand lopen")
        run.types(" woorden die over de rand lopen" * 5, " ")
        for rows, columns in ((50, 200), (10, 40), (24, 80), (3, 12), (24, 80)):
            run.resize(rows, columns)
            run.types(".")
        run.sees("lopen .....")
        run.sees("Ctrl-S save")
        save_and_quit(run)
    nothing_left(run, "woorden die over")


def test_a_paste_of_100_kilobytes_is_saved_as_it_was(home: Path) -> None:
    text = "\n".join(f"Regel {number} van een lang {CANARY}verhaal." for number in range(2900))
    assert len(text) > 100_000
    with program(home) as run:
        write(run, "Begin")
        run.types("\x1b[200~", text.replace("\n", "\r"), "\x1b[201~")
        run.sees("Regel 2899")
        save_and_quit(run)
    nothing_left(run, CANARY)
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == ["Begin" + text]


def test_ctrl_z_and_ctrl_c_neither_suspend_nor_lose_text(home: Path) -> None:
    with program(home) as run:
        unlock(run)
        run.sees("Find:")
        run.types(CTRL_Z, "sho", CTRL_C)
        run.types(CTRL_N)
        run.sees("Ctrl-S save")
        run.types(CANARY, CTRL_Z, "!")
        run.sees(CANARY + "!")
        assert run.state() != "T"
        # sending it proves nothing: a process without a job-controlling shell above it is never suspended
        assert run.ignores(signal.SIGTSTP)
        run.types(CTRL_C)
        run.sees("This text is not saved.")
        run.signal(signal.SIGINT)
        run.sees("Ctrl-S save  Esc")
        run.types(CTRL_C)
        run.sees("This text is not saved.")
        run.types(CTRL_X)
        run.sees("Nothing was stored.")
        run.types(CTRL_Q)
        assert run.ends() == 0
    nothing_left(run, CANARY)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_seals_the_text_and_leaves_the_screen_clean(home: Path, number: signal.Signals) -> None:
    with program(home) as run:
        write(run, CANARY)
        run.signal(number)
        assert run.ends() == 128 + number
    nothing_left(run, CANARY)
    with reopened(home) as vault:
        assert vault.draft() == (CANARY, "")


def test_closing_the_window_seals_the_text(home: Path) -> None:
    with program(home) as run:
        write(run, CANARY)
        run.hang_up()
        assert run.waits_for_end() == 128 + signal.SIGHUP
    assert plain_on_disk(home, CANARY) == []
    with reopened(home) as vault:
        assert vault.draft() == (CANARY, "")


def test_a_killed_program_leaves_no_text_on_the_disk(home: Path) -> None:
    with program(home) as run:
        write(run, CANARY)
        run.signal(signal.SIGKILL)
        assert run.ends() == -signal.SIGKILL
    assert plain_on_disk(home, CANARY) == []


def test_a_wrong_passphrase_leaves_the_terminal_as_it_was(home: Path) -> None:
    with program(home) as run:
        for times in (1, 2, 3):
            run.sees("Passphrase:", times)
            run.types("iets heel anders", ENTER)
        assert run.ends() == 3
    nothing_left(run)
    assert "That passphrase does not fit this vault." in run.screen.first_screen


def test_colours_are_left_out_on_request(home: Path) -> None:
    with program(home, NO_COLOR="1") as run:
        unlock(run)
        run.sees("Find:")
        run.types(CTRL_P, "shr")
        run.sees("destroy notes for good")
        run.types(CTRL_C, CTRL_Q)
        assert run.ends() == 0
    codes = [code for found in re.findall(rb"\x1b\[([0-9;]*)m", run.raw) for code in found.split(b";")]
    assert [code for code in codes if len(code) > 1] == []


def test_without_a_terminal_the_program_says_so_and_does_not_wait(home: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "tests.support.program", "-", "--lang", "en", "--vault", str(home / "data")],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == 3
    assert "needs a terminal" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_terminal_that_cannot_show_a_screen_is_told_so(home: Path) -> None:
    with program(home, TERM="dumb") as run:
        assert run.ends() == 3
    assert "ongemerkt --plain" in " ".join(run.screen.first_screen.split())


# -- `add` with the editor on a screen of its own


def test_add_opens_the_editor_and_prints_only_the_handle(home: Path) -> None:
    with program(home, "add") as run:
        unlock(run)
        run.sees("Ctrl-S save")
        run.types(CANARY)
        run.sees(CANARY)
        run.types(CTRL_S)
        assert run.ends() == 0
    nothing_left(run, CANARY)
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == [CANARY]
        assert vault.handles()[0] in run.screen.first_screen


def test_locking_the_editor_of_add_keeps_the_text_for_the_vault_on_the_screen(home: Path) -> None:
    with program(home, "add") as run:
        unlock(run)
        run.sees("Ctrl-S save")
        run.types(CANARY)
        run.sees(CANARY)
        run.types(CTRL_L)
        assert run.ends() == 3
    nothing_left(run, CANARY)
    assert "Your text is kept, sealed" in run.screen.first_screen
    with program(home) as run:
        unlock(run)
        run.sees("You were writing this when the vault was locked.")
        run.types(ESC)
        run.sees("This text is not saved.")
        run.types(CTRL_X)
        run.sees("Nothing was stored.")
        run.types(CTRL_Q)
        assert run.ends() == 0
    nothing_left(run, CANARY)
