"""The desk with its guard in a pseudo-terminal and in tmux: writing, panic, sizes, and nothing left behind."""

from pathlib import Path

import pytest

from tests.support.playing import PASSPHRASE, new_vault, reopened
from tests.support.pty import Program, plain_on_disk
from tests.support.tmux import TMUX, Pane

ENTER, ESC, F12, DELETE = "\r", "\x1b", "\x1b[24~", "\x1b[3~"
CTRL_E, CTRL_G, CTRL_N, CTRL_P, CTRL_Q, CTRL_S = "\x05", "\x07", "\x0e", "\x10", "\x11", "\x13"
CANARY = "kwartelei"
NAME = "Machteld Doornbos"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty vault, for `program`."""
    new_vault(tmp_path).close()
    (tmp_path / "ongemerkt").symlink_to(tmp_path / "anchors")
    return tmp_path


def words(home: Path, lang: str = "en") -> list[str]:
    return ["--vault", str(home / "data"), "--lang", lang]


def program(home: Path, lang: str = "en", rows: int = 24, columns: int = 80) -> Program:
    return Program(home, *words(home, lang), rows=rows, columns=columns, XDG_STATE_HOME=str(home))


def unlock(run: Program, prompt: str = "Passphrase:", sign: str = "Find:") -> None:
    run.sees(prompt)
    run.types(PASSPHRASE, ENTER)
    run.sees(sign)


def nothing_left(run: Program, *canaries: str) -> None:
    assert not run.screen.second
    for canary in (*canaries, "Traceback"):
        assert canary not in run.screen.first_screen
        assert canary not in run.screen.second_screen
    assert b"\x1b]" not in run.raw, "the title was set"
    assert plain_on_disk(run.home, *canaries) == []


@pytest.mark.parametrize(("rows", "columns"), [(24, 80), (50, 200)])
def test_a_name_is_marked_asked_about_and_replaced_before_the_note_is_stored(
    home: Path, rows: int, columns: int
) -> None:
    with program(home, rows=rows, columns=columns) as run:
        unlock(run)
        run.types(CTRL_N)
        run.sees("Ctrl-S save")
        run.types(f"{NAME} zei {CANARY}.")
        run.sees("1 name found")
        run.types(CTRL_S)
        run.sees("Ctrl-G")
        run.types(CTRL_G)
        run.sees(f"{NAME} →")
        run.types(ENTER)
        run.no_longer_sees(NAME)
        run.types(CTRL_S)
        run.sees("Saved as")
        run.types(CTRL_Q)
        assert run.ends() == 0
    nothing_left(run, CANARY, "Doornbos")
    with reopened(home) as vault:
        (note,) = vault.notes()
        assert "Doornbos" not in note.text
        assert CANARY in note.text


def test_a_coach_who_insists_may_keep_the_name(home: Path) -> None:
    with program(home) as run:
        unlock(run)
        run.types(CTRL_N)
        run.sees("Ctrl-S save")
        run.types(f"{NAME} kwam.")
        run.sees("1 name found")
        run.types(CTRL_S)
        run.sees("Ctrl-G")
        run.types(CTRL_S)
        run.sees("Saved as")
        run.types(CTRL_Q)
        assert run.ends() == 0
    with reopened(home) as vault:
        assert vault.notes()[0].text == f"{NAME} kwam."


# Seen to fail when F12 is no key.
@pytest.mark.parametrize("where", ["list", "page", "editor", "palette", "question", "grace", "help"])
def test_the_panic_key_locks_at_once_from_everywhere(home: Path, where: str) -> None:
    with reopened(home) as vault:
        vault.add(f"Over het {CANARY}.")
    with program(home) as run:
        unlock(run)
        run.sees(CANARY)
        if where == "page":
            run.types(ENTER)
            run.sees("Esc back")
        elif where == "editor":
            run.types(CTRL_E)
            run.sees("Ctrl-S save")
            run.types(" En meer.")
            run.sees("En meer.")
        elif where == "palette":
            run.types(CTRL_P)
            run.sees("Command:")
        elif where in ("question", "grace"):
            run.types(DELETE)
            run.sees("[y/N]")
            if where == "grace":
                run.types("y", ENTER)
                run.sees("is destroyed in")
        elif where == "help":
            run.types("?")
            run.sees("Commands")
        run.types(F12)
        run.sees("The vault is locked.")
        for shown in (run.seen, run.screen.first_screen, run.screen.second_screen):
            assert CANARY not in shown
        run.types("\x03")
        assert run.ends() == 130
    nothing_left(run, CANARY)
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == [f"Over het {CANARY}."]
        assert vault.draft() == ((f"Over het {CANARY}. En meer.", vault.handles()[0]) if where == "editor" else None)


def test_list_and_page_stand_side_by_side_on_a_wide_window(home: Path) -> None:
    with reopened(home) as vault:
        vault.add(f"Over het {CANARY}.")
    with program(home, rows=50, columns=200) as run:
        unlock(run)
        run.sees(CANARY)
        assert any(row.count(CANARY) == 2 or "at most" in row for row in run.screen.rows[:3])
        for rows, columns in ((24, 80), (8, 30), (50, 200), (2, 10), (24, 80)):
            run.resize(rows, columns)
        run.sees(f"Over het {CANARY}.")
        run.types(CTRL_Q)
        assert run.ends() == 0
    nothing_left(run, CANARY)


@pytest.mark.skipif(TMUX is None, reason="tmux is not installed")
# Seen to fail when the desk does not run on the second screen (full_screen and erase_when_done off in frame.py).
def test_in_tmux_nothing_of_a_session_stays_in_the_scrollback_or_the_title(home: Path) -> None:
    with Pane(home, *words(home, "nl")) as pane:
        pane.sees("Wachtwoordzin:")
        before = pane.everything.splitlines()[-1]
        pane.types(PASSPHRASE, "Enter")
        pane.sees("Zoek:")
        pane.types("C-n")
        pane.sees("Nieuwe notitie")
        pane.types(f"Rust en {CANARY}.")
        pane.sees(CANARY)
        pane.resize(50, 200)
        pane.types("C-s")
        pane.sees("1 notitie")
        pane.types(CANARY)
        pane.sees("1 van 1 notitie")
        pane.resize(24, 80)
        assert pane.everything.splitlines()[-1] == before
        pane.types("C-q")
        assert pane.ends() == 0
        assert CANARY not in pane.everything
        assert PASSPHRASE not in pane.everything
    assert plain_on_disk(home, CANARY) == []
