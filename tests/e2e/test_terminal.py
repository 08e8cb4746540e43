"""At a real terminal, as a coach meets the program: questions, no echo, and a second screen for the recovery code."""

import re
import signal
import sys

import pexpect
import pytest

from tests.support.command import DAY, PASSPHRASE, ROOT, Program

WAITING = "Opening the vault…\r\x1b[K"
"""What the program shows while it waits for the key derivation, and takes away again."""
CODE = re.compile(r"([0-9A-Z]{5}-){5}[0-9A-Z]{5}")


class Terminal:
    """A terminal in which the program runs."""

    def __init__(self, program: Program, *words: str, dutch: bool = False, day: str = DAY, term: str = "xterm") -> None:
        environ = {**program.environ, "TERM": term}
        if dutch:
            environ["LANG"] = "nl_NL.UTF-8"
        self.child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable,
            ["-m", "tests.support.program", day, *words],
            cwd=str(ROOT),
            env=environ,
            encoding="utf-8",
            timeout=20,
            dimensions=(24, 80),
        )

    def sees(self, text: str) -> str:
        """Waits for the text; what came before it."""
        self.child.expect_exact(text)
        return self.child.before or ""

    def types(self, text: str) -> None:
        """Types a line."""
        self.child.sendline(text)

    def ends(self, code: int) -> str:
        """Waits for the end; what was still shown."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        assert self.child.exitstatus == code, self.child.before
        shown = self.child.before or ""
        assert "Traceback" not in shown
        return shown.replace(WAITING, "")


@pytest.fixture
def note(vault: Program) -> str:
    """A note's handle."""
    return vault.add("Zegt vaak ja.")


def test_init_asks_in_lines_where_no_screen_can_be_shown_and_tests_the_recovery_code(program: Program) -> None:
    screen = Terminal(program, "init", dutch=True, term="dumb")
    screen.sees("Nieuwe wachtwoordzin: ")
    screen.types("kort")
    screen.sees("Te kort: gebruik minstens 8 tekens.")
    screen.sees("Nieuwe wachtwoordzin: ")
    screen.types(PASSPHRASE)
    screen.sees("nog een keer: ")
    screen.types("iets anders")
    screen.sees("niet gelijk")
    for prompt in ("Nieuwe wachtwoordzin: ", "nog een keer: "):
        screen.sees(prompt)
        screen.types(PASSPHRASE)
    screen.sees("\x1b[?1049h")
    found = CODE.search(screen.sees("Druk dan op Enter"))
    assert found
    code = found.group()
    screen.types("")
    for _ in range(3):
        screen.sees("De code van je papier: ")
        screen.types("geen idee")
        screen.sees("Dat is de code niet.")
    assert code in screen.sees("Druk dan op Enter")
    screen.types("")
    screen.sees("De code van je papier: ")
    screen.types(code.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
    screen.sees("\x1b[?1049l")
    shown = screen.ends(0)
    assert "Dat klopt." in shown
    assert code not in shown
    assert program("list").returncode == 0


def test_leaving_the_test_of_the_code_still_hands_it_over(program: Program) -> None:
    screen = Terminal(program, "init", term="dumb")
    for prompt in ("New passphrase: ", "Once more, to be sure: "):
        screen.sees(prompt)
        screen.types(PASSPHRASE)
    found = CODE.search(screen.sees("press Enter"))
    assert found
    screen.child.sendintr()
    assert found.group() in screen.ends(0)
    program.secret.write_text(found.group() + "\n")
    assert program("list").returncode == 0


def test_a_passphrase_is_never_echoed_and_may_be_tried_three_times(vault: Program, note: str) -> None:
    screen = Terminal(vault, "list")
    for _ in range(2):
        screen.sees("Passphrase: ")
        screen.types("verkeerd paard")
        assert "verkeerd" not in screen.sees("does not fit")
    screen.sees("Passphrase: ")
    screen.types(PASSPHRASE)
    shown = screen.ends(0)
    assert note in shown
    assert PASSPHRASE not in shown


def test_after_three_wrong_passphrases_it_ends(vault: Program) -> None:
    screen = Terminal(vault, "list")
    for _ in range(3):
        screen.sees("Passphrase: ")
        screen.types("verkeerd paard")
    screen.ends(3)


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 3)])
def test_ctrl_c_and_ctrl_d_leave_quietly(vault: Program, key: str, code: int) -> None:
    screen = Terminal(vault, "list")
    screen.sees("Passphrase: ")
    screen.child.send(key)
    screen.ends(code)


def test_shred_announces_and_the_default_is_no(vault: Program, note: str) -> None:
    secret = str(vault.secret)
    screen = Terminal(vault, "shred", note, "--passphrase-file", secret, dutch=True)
    assert "Zegt vaak ja." in screen.sees("[j/N]")
    screen.types("")
    screen.ends(3)
    assert note in vault("list").stdout
    screen = Terminal(vault, "shred", note, "--passphrase-file", secret, dutch=True)
    screen.sees("[j/N]")
    screen.types("ja")
    assert "1 notitie is vernietigd." in screen.ends(0)
    assert note not in vault("list").stdout


def test_two_processes_at_once(vault: Program, note: str) -> None:
    first = Terminal(vault, "shred", note, "--passphrase-file", str(vault.secret))
    first.sees("[y/N]")
    second = vault("list")
    assert second.returncode == 10
    assert "another window" in second.stderr
    first.types("n")
    first.ends(3)
    assert note in vault("list").stdout


def test_a_longer_keep_time_is_asked(vault: Program, note: str) -> None:
    screen = Terminal(vault, "keep", note, "5y", "--passphrase-file", str(vault.secret))
    screen.sees("longer than it is now")
    screen.types("y")
    assert "It is kept for at least" in screen.ends(0)


def test_a_doubtful_clock_is_asked_before_anything_is_destroyed(vault: Program, note: str) -> None:
    secret = str(vault.secret)
    screen = Terminal(vault, "expire", "--passphrase-file", secret, day="2099-01-01")
    screen.sees("the time of 1 note is up")
    screen.sees("Is today's date on it right?")
    screen.types("n")
    screen.ends(3)
    assert note in vault("list").stdout
    screen = Terminal(vault, "expire", "--passphrase-file", secret, day="2099-01-01")
    screen.sees("[y/N]")
    screen.types("y")
    assert "1 note had expired" in screen.ends(0)


def test_a_note_is_written_on_the_screen(vault: Program) -> None:
    screen = Terminal(vault, "add", "--passphrase-file", str(vault.secret), dutch=True)
    screen.sees("Nieuwe notitie")
    screen.child.send("Op het scherm geschreven.")
    screen.sees("geschreven.")
    screen.child.send("\x13")
    assert "bewaard" in screen.ends(0)
    (row,) = vault.json("list")["notes"]
    assert row["first_words"] == "Op het scherm geschreven."


def test_leaving_the_editor_stores_nothing(vault: Program, note: str) -> None:
    for words in (["add"], ["edit", note]):
        screen = Terminal(vault, *words, "--passphrase-file", str(vault.secret))
        screen.sees("Esc")
        screen.child.send("\x1b")
        assert "Nothing was" in screen.ends(0)
    assert vault("show", note).stdout == "Zegt vaak ja.\n"


def test_a_hostile_note_can_not_drive_the_terminal(vault: Program) -> None:
    handle = vault.add("\x1b]0;titel\x07\x1b[2Jweg\u202eomgekeerd \x9b31m")
    for words in (["show", handle], ["list"]):
        shown = Terminal(vault, *words, "--passphrase-file", str(vault.secret)).ends(0)
        assert not re.search("[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f-\x9f\u202e]", shown)
    assert vault("show", handle).stdout.startswith("\x1b]0;")


def test_long_lines_are_broken_between_words(vault: Program) -> None:
    handle = vault.add("woorden " * 40)
    shown = Terminal(vault, "show", handle, "--passphrase-file", str(vault.secret)).ends(0)
    assert all(len(line) < 80 for line in shown.splitlines())
    assert not re.search(r"woor$", shown, re.MULTILINE)


def test_the_new_passphrase_is_typed_twice(vault: Program) -> None:
    screen = Terminal(vault, "passphrase", "change")
    for prompt, text in (
        ("Passphrase: ", PASSPHRASE),
        ("New passphrase: ", "peren wandelen dinsdag"),
        ("Once more, to be sure: ", "peren wandelen dinsdag"),
    ):
        screen.sees(prompt)
        screen.types(text)
    assert "the old one opens nothing" in screen.ends(0)
    assert vault("list").returncode == 3


def test_a_program_that_is_told_to_stop_leaves_the_terminal_as_it_was(vault: Program) -> None:
    screen = Terminal(vault, "list")
    screen.sees("Passphrase: ")
    assert not screen.child.getecho()
    screen.child.kill(signal.SIGTERM)
    screen.child.expect(pexpect.EOF)
    assert screen.child.getecho()
    screen.child.close()
    assert screen.child.signalstatus == signal.SIGTERM
