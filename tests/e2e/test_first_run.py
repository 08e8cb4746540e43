"""The first run in a real pseudo-terminal: what is left behind by whoever leaves, is cut off or is killed."""

import re
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.firstrun import ENTER, STEPS, answered
from tests.support.playing import PASSPHRASE
from tests.support.pty import Program, plain_on_disk

CTRL_C = "\x03"


def program(home: Path, *arguments: str, **environment: str) -> Program:
    words = [*arguments, "--vault", str(home / "data"), "--lang", "en"]
    return Program(home, *words, rows=24, columns=80, XDG_STATE_HOME=str(home / "state"), **environment)


def clean_terminal(run: Program, *secrets: str) -> None:
    """No secret on either screen or to scroll back to, no traceback, no title."""
    assert not run.screen.second
    for word in (*secrets, "Traceback"):
        assert word not in run.screen.first_screen
        assert word not in run.screen.second_screen
    assert b"\x1b]" not in run.raw
    assert plain_on_disk(run.home, *secrets) == []


def nothing_made(home: Path) -> bool:
    return not (home / "data").exists() and not (home / "state").exists()


@pytest.mark.parametrize("step", STEPS[:-1])
def test_ctrl_c_at_any_step_leaves_nothing_behind(tmp_path: Path, step: str) -> None:
    with program(tmp_path) as run:
        paper = answered(run, step)
        run.types(CTRL_C)
        assert run.ends() == 130
    assert nothing_made(tmp_path)
    clean_terminal(run, *filter(None, [paper.words, paper.code]))
    assert "There is no vault yet." in run.screen.first_screen


def _ends_by(number: signal.Signals) -> Callable[[Program], None]:
    return lambda run: run.signal(number)


@pytest.mark.parametrize("step", STEPS[:-1])
@pytest.mark.parametrize(
    ("cut", "codes"),
    [
        (_ends_by(signal.SIGTERM), [143]),
        (_ends_by(signal.SIGHUP), [129]),
        (_ends_by(signal.SIGKILL), [-9]),
        (Program.hang_up, [129]),
    ],
    ids=["term", "hup", "kill", "window closed"],
)
def test_cut_off_at_any_step_it_leaves_nothing_behind(
    tmp_path: Path, step: str, cut: Callable[[Program], None], codes: list[int]
) -> None:
    with program(tmp_path) as run:
        answered(run, step)
        cut(run)
        assert (run.waits_for_end() if cut is Program.hang_up else run.ends()) in codes
    assert nothing_made(tmp_path)
    assert b"Traceback" not in run.raw


def test_cut_off_at_the_last_step_the_vault_is_there_and_opens(tmp_path: Path) -> None:
    with program(tmp_path) as run:
        paper = answered(run, "done")
        run.signal(signal.SIGTERM)
        assert run.ends() == 143
    clean_terminal(run, paper.words, paper.code)
    for secret in (paper.words, paper.code):
        with program(tmp_path, "list") as run:
            run.sees("Passphrase:")
            run.types(secret, ENTER)
            assert run.ends() == 0


def test_killed_while_it_is_made_there_is_a_vault_that_opens_or_none(tmp_path: Path) -> None:
    for wait in range(4):
        home = tmp_path / str(wait)
        home.mkdir()
        with program(home) as run:
            paper = answered(run, "guard")
            run.types(ENTER)
            for _ in range(wait):
                run.sees("vault")
            run.signal(signal.SIGKILL)
            run.ends()
        with program(home, "list") as run:
            if (home / "data" / "header").exists():
                run.sees("Passphrase:")
                run.types(paper.words, ENTER)
                assert run.ends() == 0
            else:
                assert run.ends() == 11


def test_init_asks_in_the_same_way_and_ends_on_the_first_screen(tmp_path: Path) -> None:
    with program(tmp_path, "init", "--cost", "fast") as run:
        paper = answered(run, "done")
        run.types(ENTER)
        assert run.ends() == 0
    clean_terminal(run, paper.words, paper.code)
    assert "Your vault is made:" in run.screen.first_screen


def test_init_does_not_ask_for_what_was_given(tmp_path: Path) -> None:
    with program(tmp_path, "init", "--keep", "90d") as run:
        paper = answered(run, "test")
        run.types(paper.code, ENTER)
        run.sees("The privacy guard reads along")
        run.types(ENTER)
        run.sees("Your vault is made.")
        run.types(ENTER)
        assert run.ends() == 0


def test_a_passphrase_from_a_file_is_used_without_a_wizard(tmp_path: Path) -> None:
    given = tmp_path / "passphrase"
    given.write_text(PASSPHRASE)
    with program(tmp_path, "--passphrase-file", str(given)) as run:
        run.sees("Write the code down.")
        code = re.search(r"(?:[0-9A-Z]{5}-){5}[0-9A-Z]{5}", run.seen)
        assert code
        run.types(ENTER)
        run.sees("The code from your paper:")
        run.types(code.group(), ENTER)
        run.sees("Find:")
        run.types("\x11")
        assert run.ends() == 0


def test_without_colour_the_marks_remain(tmp_path: Path) -> None:
    with program(tmp_path, NO_COLOR="1") as run:
        answered(run, "guard")
        assert "«Fatima»" in run.seen
        assert "> Ask me at each find" in run.seen
        run.types(CTRL_C)
        run.ends()
    codes = [code for found in re.findall(rb"\x1b\[([0-9;]*)m", run.raw) for code in found.split(b";")]
    assert [code for code in codes if len(code) > 1] == []


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_every_step_fits_on_eighty_by_twenty_four(tmp_path: Path, lang: str) -> None:
    with Program(tmp_path, "--lang", lang, rows=24, columns=80) as run:
        answered(run, "done", lang)
        run.types(CTRL_C)
        assert run.ends() == 130


def test_an_unwritable_folder_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with Program(tmp_path, "--vault", str(tmp_path / "file" / "data"), "--lang", "en") as run:
        assert run.ends() == 2
    assert "is not a folder" in run.screen.first_screen
