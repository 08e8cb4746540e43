"""The vault in plain lines, in a real pseudo-terminal, as somebody with a screen reader uses it."""

import signal
from pathlib import Path

import pytest

from tests.support.playing import PASSPHRASE, new_vault, reopened
from tests.support.pty import Program, plain_on_disk
from vault import limits

ENTER, CTRL_C = "\r", "\x03"
CANARY = "kwartelei"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty vault, for `program`."""
    new_vault(tmp_path).close()
    (tmp_path / "ongemerkt").symlink_to(tmp_path / "anchors")
    return tmp_path


def program(home: Path, *arguments: str, term: str = "xterm-256color") -> Program:
    """The program in plain lines on the vault in `home`."""
    words = ["--vault", str(home / "data"), "--lang", "en", "--plain", *arguments]
    return Program(home, *words, XDG_STATE_HOME=str(home), TERM=term)


def unlock(run: Program) -> None:
    run.sees("Passphrase:")
    run.types(PASSPHRASE, ENTER)
    run.sees("The vault is open.")


def write(run: Program, *lines: str) -> None:
    run.types("new", ENTER)
    run.sees("Type line by line.")
    for line in lines:
        run.types(line, ENTER)


def nothing_left(run: Program, *words: str) -> None:
    """The terminal is as it was, and nothing of a note stands on it or on the disk."""
    assert not run.screen.second
    for word in (*words, "Traceback", PASSPHRASE):
        assert word not in run.screen.first_screen
        assert word not in run.screen.second_screen
    assert plain_on_disk(run.home, *words) == []


# Seen to fail when the second screen is not left.
def test_a_note_is_written_found_read_changed_and_destroyed_line_by_line(home: Path) -> None:
    with program(home) as run:
        unlock(run)
        write(run, f"Over het {CANARY}.", "Tweede regel.", ".")
        run.sees("Saved as")
        run.types(f"find {CANARY.upper()}", ENTER)
        run.sees("1 note found.")
        run.types("edit", ENTER)
        run.sees("2  Tweede regel.")
        run.types(":2 Andere regel.", ENTER, ":", ENTER)
        run.sees("2  Andere regel.")
        run.types(":9", ENTER)
        run.sees("There is no such line.")
        run.types("Derde regel.", ENTER, ".", ENTER)
        run.sees("Derde regel.", 2)
        run.types("shred", ENTER)
        run.sees("There is no way back. [y/N]")
        run.types("y", ENTER)
        run.sees("is destroyed in 5 s")
        run.types(CTRL_C)
        run.sees("Nothing was destroyed.")
        run.types("shred", ENTER)
        run.sees("There is no way back. [y/N]", 2)
        run.types("y", ENTER)
        run.sees("is destroyed in 5 s", 2)
        run.types(ENTER)
        run.sees("1 note is destroyed.")
        run.types("quit", ENTER)
        assert run.ends() == 0
    nothing_left(run, CANARY, "Derde")
    with reopened(home) as vault:
        assert vault.notes() == []


def test_nothing_moves_the_cursor_about(home: Path) -> None:
    with program(home) as run:
        unlock(run)
        write(run, "Iets.", ".")
        run.sees("Saved as")
        run.types("help", ENTER)
        run.sees("Enter: more.")
        run.types(ENTER)
        run.sees("Ctrl-C goes back")
        run.types("list", ENTER)
        run.sees("left  Iets.")
        run.types("quit", ENTER)
        assert run.ends() == 0
    # between going to the second screen and leaving it nothing is drawn over: a reader reads what comes
    inside = run.raw.split(b"The vault is open.", 1)[1].rsplit(b"\x1b[2J\x1b[H\x1b[?1049l", 1)[0]
    inside = inside.replace(b"\r\x1b[K", b"")
    assert b"\x1b" not in inside


def test_ctrl_c_leaves_only_after_a_yes(home: Path) -> None:
    with program(home) as run:
        unlock(run)
        write(run, CANARY, ":")
        # the terminal throws away what it has not handed over yet when Ctrl-C comes
        run.sees(f"1  {CANARY}")
        run.types(CTRL_C)
        run.sees("Throw it away?")
        run.types(ENTER)
        run.sees("Go on writing.")
        run.types(CTRL_C)
        run.sees("Throw it away?", 2)
        run.types("y", ENTER)
        run.sees("Nothing was stored.")
        run.types("quit", ENTER)
        assert run.ends() == 0
    nothing_left(run, CANARY)


@pytest.mark.parametrize("number", [signal.SIGHUP, signal.SIGTERM])
def test_a_signal_seals_the_lines_that_were_typed(home: Path, number: signal.Signals) -> None:
    with program(home) as run:
        unlock(run)
        write(run, CANARY)
        run.types(":", ENTER)
        run.sees(f"1  {CANARY}")
        run.signal(number)
        assert run.ends() == 128 + number
    nothing_left(run, CANARY)
    with reopened(home) as vault:
        assert vault.draft() == (CANARY, "")


def test_the_window_closed_seals_the_lines_that_were_typed(home: Path) -> None:
    with program(home) as run:
        unlock(run)
        write(run, CANARY)
        run.types(":", ENTER)
        run.sees(f"1  {CANARY}")
        run.hang_up()
        assert run.waits_for_end() == 128 + signal.SIGHUP
    assert plain_on_disk(home, CANARY) == []
    with reopened(home) as vault:
        assert vault.draft() == (CANARY, "")


def test_a_draft_is_offered_back_and_locking_asks_the_passphrase_anew(home: Path) -> None:
    with reopened(home) as vault:
        vault.seal_draft(f"Half {CANARY}")
    with program(home) as run:
        unlock(run)
        run.sees("You were writing this when the vault was locked.")
        run.types("en heel.", ENTER, ".", ENTER)
        run.sees("Saved as")
        run.types("lock", ENTER)
        run.sees("The vault is locked.")
        assert CANARY not in run.screen.second_screen
        run.types(CTRL_C)
        assert run.ends() == 130
    nothing_left(run, CANARY)
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == [f"Half {CANARY}\nen heel."]


def test_it_works_on_a_terminal_that_can_show_no_screen(home: Path) -> None:
    with program(home, term="dumb") as run:
        unlock(run)
        run.types("status", ENTER)
        run.sees("All of it: ongemerkt status")
        run.types("quit", ENTER)
        assert run.ends() == 0


@pytest.mark.parametrize(
    ("letter", "stored"), [("", "persoon A zei het."), ("k", "Machteld zei het."), ("a", "Machteld zei het.")]
)
def test_the_guard_asks_about_a_name_before_the_note_is_stored(home: Path, letter: str, stored: str) -> None:
    with program(home) as run:
        unlock(run)
        write(run, "Machteld zei het.", ".")
        run.sees("Enter replaces it")
        run.types(letter, ENTER)
        if not letter:
            run.sees("This is how the note is stored:")
            run.types(ENTER)
        run.sees("Saved as")
        run.types("quit", ENTER)
        assert run.ends() == 0
    with reopened(home) as vault:
        assert vault.notes()[0].text.lower() == stored.lower()
        assert vault.allowed_words() == (["Machteld"] if letter == "a" else [])


# Seen to fail when what is left after the questions is not looked at again.
def test_a_vault_that_refuses_names_stores_none_whatever_is_answered(home: Path) -> None:
    with reopened(home) as vault:
        vault.set_guard_policy("refuse")
    with program(home) as run:
        unlock(run)
        write(run, "Machteld zei het.", ".")
        run.sees("Enter replaces it")
        run.types("k", ENTER)
        run.sees("This vault stores no names and dates.")
        run.types(":1 Iemand zei het.", ENTER, ".", ENTER)
        run.sees("Saved as")
        run.types("quit", ENTER)
        assert run.ends() == 0
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == ["Iemand zei het."]


# Seen to fail when the guard's answers are taken outside of what saving catches: the lines were gone.
def test_a_word_that_cannot_be_allowed_loses_no_line(home: Path) -> None:
    with reopened(home) as vault:
        vault.allow_words(f"w{number}" for number in range(limits.ALLOWED_WORDS - len(vault.allowed_words())))
    with program(home) as run:
        unlock(run)
        write(run, "Machteld zei het.", ".")
        run.sees("Enter replaces it")
        run.types("a", ENTER)
        run.sees("Too many words are allowed")
        run.types(":", ENTER)
        run.sees("1  Machteld zei het.")
        run.types(".", ENTER)
        run.sees("Enter replaces it", 2)
        run.types("k", ENTER)
        run.sees("Saved as")
        run.types("quit", ENTER)
        assert run.ends() == 0
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == ["Machteld zei het."]
