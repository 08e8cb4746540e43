"""Second factors as a coach meets them: at a terminal, in the desk, and in scripts."""

import json
import sys
from pathlib import Path

import pexpect
import pytest

from tests.support.command import DAY, PASSPHRASE, ROOT, Program
from tests.support.playing import PASSPHRASE as DESK_PASSPHRASE
from tests.support.playing import new_vault
from tests.support.pty import Program as Screen

KEY, OTHER = "aabb", "ccdd"
CTRL_L, CTRL_Q = "\x0c", "\x11"


@pytest.fixture
def program(tmp_path: Path) -> Program:
    made = Program(tmp_path)
    made.module = "tests.support.keyprogram"
    made.environ["SOFT_KEY"] = KEY
    return made


class Terminal:
    """A Dutch terminal in which the program runs, on a machine with a security key."""

    def __init__(self, program: Program, *words: str, key: str = KEY) -> None:
        self.child: pexpect.spawn[str] = pexpect.spawn(
            sys.executable,
            ["-m", program.module, DAY, *words],
            cwd=str(ROOT),
            env={**program.environ, "TERM": "xterm", "LANG": "nl_NL.UTF-8", "SOFT_KEY": key},
            encoding="utf-8",
            timeout=20,
            dimensions=(24, 200),
        )

    def answers(self, *pairs: tuple[str, str]) -> None:
        """Waits for each text and types what belongs to it."""
        for text, typed in pairs:
            self.child.expect_exact(text)
            self.child.sendline(typed)

    def ends(self, code: int) -> str:
        """Waits for the end; what was still shown."""
        self.child.expect(pexpect.EOF)
        self.child.close()
        shown = self.child.before or ""
        assert self.child.exitstatus == code, shown
        assert "Traceback" not in shown
        return shown


UNLOCK = ("Wachtwoordzin: ", PASSPHRASE)


def with_key_file(vault: Program) -> Path:
    """The vault's new key file."""
    path = vault.folder / "sleutel"
    assert vault("factor", "add", "keyfile", str(path), "--yes").returncode == 0
    return path


def test_a_key_file_from_adding_to_removing_at_a_terminal(vault: Program) -> None:
    note = vault.add("Zegt vaak ja.")
    path = str(vault.folder / "sleutel")
    screen = Terminal(vault, "factor", "add", "keyfile", path)
    screen.answers(UNLOCK)
    screen.child.expect_exact("Toevoegen? [j/N]")
    before = screen.child.before or ""
    assert "herstelcode opent de kluis nog wel zonder de tweede factor" in before
    assert "is alle notities kwijt" in before
    screen.child.sendline("")
    assert "Er is niets veranderd." in screen.ends(3)
    assert not Path(path).exists()

    screen = Terminal(vault, "factor", "add", "keyfile", path)
    screen.answers(UNLOCK, ("[j/N]", "j"))
    assert "op dezelfde schijf als de kluis" in screen.ends(0)

    screen = Terminal(vault, "list")
    screen.answers(UNLOCK, ("Waar is je sleutelbestand?", "/nergens"), ("Waar is", f"  '{path}' "))
    assert note in screen.ends(0)

    # a wrong passphrase and another file are told alike, and the path need not be typed twice
    screen = Terminal(vault, "list")
    screen.answers(("Wachtwoordzin: ", "verkeerd paard"), ("sleutelbestand?", path))
    screen.child.expect_exact("De wachtwoordzin of de tweede factor past niet")
    screen.answers(UNLOCK, (f"[{path}]", ""))
    assert note in screen.ends(0)

    screen = Terminal(vault, "factor", "remove", "keyfile", "--key-file", path)
    screen.answers(UNLOCK, ("Verwijderen? [j/N]", "j"))
    screen.ends(0)
    screen = Terminal(vault, "list")
    screen.answers(UNLOCK)
    assert note in screen.ends(0)


def test_a_security_key_from_adding_to_losing_it_at_a_terminal(vault: Program) -> None:
    note = vault.add("Zegt vaak ja.")
    screen = Terminal(vault, "factor", "add", "fido2", key=f"{KEY} 1234")
    screen.answers(UNLOCK, ("[j/N]", "j"), ("Pincode", "0000"), ("Pincode", "1234"))
    shown = screen.ends(0)
    for text in ("Raak nu de nieuwe sleutel aan…", "Raak hem nog eens aan", "om zeker te zijn"):
        assert text in shown
    assert "1234" not in shown

    screen = Terminal(vault, "list", key=f"{KEY} 1234")
    screen.answers(UNLOCK)
    shown = screen.ends(0)
    assert "Raak nu je sleutel aan…" in shown
    assert note in shown

    screen = Terminal(vault, "list", key=f"{KEY} unplugged")
    screen.answers(UNLOCK, ("Steek je beveiligingssleutel erin, en druk op Enter.", ""), ("druk op Enter.", "\x04"))
    assert "Er zit geen beveiligingssleutel" in screen.ends(3)

    screen = Terminal(vault, "list", key=OTHER)
    screen.answers(UNLOCK)
    screen.child.expect_exact("hoort niet bij deze kluis")
    screen.child.sendintr()
    screen.ends(130)

    for trouble, told in (("untouched", "niet op tijd aangeraakt"), ("gone", "er intussen uit gegaan")):
        screen = Terminal(vault, "list", key=f"{KEY} {trouble}")
        screen.answers(UNLOCK)
        assert screen.ends(3).count(told) == 3, "it may be tried three times, without the passphrase"


@pytest.mark.parametrize("kind", ["keyfile", "fido2"])
def test_the_recovery_code_opens_without_the_factor_and_takes_a_lost_one_out(program: Program, kind: str) -> None:
    code = json.loads(program("init", "--json").stdout)["recovery_code"]
    note = program.add("Zegt vaak ja.")
    file = [str(program.folder / "sleutel")] if kind == "keyfile" else []
    assert program("factor", "add", kind, *file, "--yes").returncode == 0
    program.environ["SOFT_KEY"] = f"{KEY} unplugged"
    assert program("list").returncode == 3
    program.secret.write_text(code + "\n")
    assert note in program("list").stdout
    assert program("factor", "remove", "1", "--yes").returncode == 0
    program.secret.write_text(PASSPHRASE + "\n")
    assert note in program("list").stdout


# -- scripts


def test_scripts_give_the_key_file_by_option_or_environment_and_nothing_hangs_without(vault: Program) -> None:
    note = vault.add("Zegt vaak ja.")
    path = with_key_file(vault)
    assert path.stat().st_mode & 0o777 == 0o600
    assert note in vault("list", "--key-file", str(path)).stdout
    assert note in vault("list", environ={"ONGEMERKT_KEY_FILE": str(path)}).stdout
    assert (
        note
        in vault("list", environ={"ONGEMERKT_KEY_FILE": "/nergens"}).stderr
        + vault("list", "--key-file", str(path), environ={"ONGEMERKT_KEY_FILE": "/nergens"}).stdout
    )
    for words, kind in (([], "FactorNeeded"), (["--key-file", "/nergens"], "KeyFileMissing")):
        done = vault("list", "--json", *words)
        assert done.returncode == 3
        assert json.loads(done.stdout) == {"error": {"code": 3, "kind": kind}}
    assert vault("list", "--key-file", "").returncode == 2
    other = vault.folder / "ander"
    other.write_bytes(bytes(40))
    done = vault("list", "--json", "--key-file", str(other))
    assert (done.returncode, json.loads(done.stdout)["error"]["kind"]) == (3, "WrongSecret")


def test_scripts_with_a_security_key_say_on_stderr_that_it_is_to_be_touched(vault: Program) -> None:
    note = vault.add("Zegt vaak ja.")
    done = vault("factor", "add", "fido2", "--yes", "--json")
    assert json.loads(done.stdout) == {"number": 1, "kind": "fido2"}
    done = vault("list")
    assert note in done.stdout
    assert done.stderr == "Touch your security key now…\n"
    for key, reason in ((f"{KEY} unplugged", "No security key"), (OTHER, "not one of"), (f"{KEY} gone", "went away")):
        done = vault("list", environ={"SOFT_KEY": key})
        assert done.returncode == 3
        assert reason in done.stderr
    # a PIN is asked for on a terminal only
    done = vault("factor", "add", "fido2", "--yes", environ={"SOFT_KEY": f"{OTHER} 1234"})
    assert done.returncode == 3


def test_list_and_remove_in_json(vault: Program) -> None:
    assert vault.json("factor", "list") == {"factors": []}
    path = with_key_file(vault)
    vault.environ["ONGEMERKT_KEY_FILE"] = str(path)
    vault.json("factor", "add", "fido2", "--yes")
    both = [{"number": 1, "kind": "keyfile"}, {"number": 2, "kind": "fido2"}]
    assert vault.json("factor", "list") == {"factors": both}
    assert vault("factor", "remove", "3", "--yes").returncode == 4
    assert vault.json("factor", "remove", "1", "--yes") == {"removed": 1, "kind": "keyfile"}
    assert vault.json("factor", "list") == {"factors": [{"number": 1, "kind": "fido2"}]}


@pytest.mark.parametrize(
    "words",
    [
        ("add",),
        ("add", "keyfile"),
        ("add", "fido2", "bestand"),
        ("add", "vingerafdruk"),
        ("list", "keyfile"),
        ("remove",),
        ("remove", "1", "bestand"),
        (),
    ],
)
def test_what_can_not_be_meant_is_refused_before_a_passphrase_is_asked(vault: Program, words: tuple[str, ...]) -> None:
    assert vault("factor", *words, passphrase=False).returncode == 2


def test_nothing_is_changed_without_a_yes(vault: Program) -> None:
    done = vault("factor", "add", "keyfile", str(vault.folder / "sleutel"))
    assert done.returncode == 3
    assert not (vault.folder / "sleutel").exists()
    inside = vault.data / "sleutel"
    assert vault("factor", "add", "keyfile", str(inside), "--yes").returncode == 2
    assert not inside.exists()


# -- the desk


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty vault that takes a key file and a security key."""
    from tests.support.authenticator import SoftKey
    from tests.support.holder import Holder
    from vault.factor import fido2

    (tmp_path / "anchors").mkdir()
    (tmp_path / "ongemerkt").symlink_to(tmp_path / "anchors")
    with new_vault(tmp_path) as vault, pytest.MonkeyPatch.context() as patch:
        patch.setattr(fido2, "plugged_in", lambda: [SoftKey(seed=bytes.fromhex(KEY)).again()])
        vault.add_factor("keyfile", Holder(tmp_path / "sleutel"))
        vault.add_factor("fido2", Holder())
    return tmp_path


def desk(home: Path, key: str, *words: str) -> Screen:
    options = ("--vault", str(home / "data"), "--lang", "nl", *words)
    return Screen(home, *options, module="tests.support.keyprogram", XDG_STATE_HOME=str(home), SOFT_KEY=key)


def test_the_desk_asks_for_the_factor_and_again_when_it_was_locked(home: Path) -> None:
    with desk(home, KEY) as run:
        for _ in range(2):
            run.sees("Wachtwoordzin:")
            run.types(DESK_PASSPHRASE, "\r")
            run.sees("Zoek:")
            assert b"Raak nu je sleutel aan" in run.raw
            run.raw = b""
            run.types(CTRL_L)
            run.sees("De kluis is op slot.")
        run.sees("Wachtwoordzin:")
        run.types("\x03")
        assert run.ends() == 130
    assert "sleutel" not in run.screen.first_screen


def test_the_desk_knows_after_a_lock_where_the_key_file_is_and_asks_the_passphrase_all_the_same(home: Path) -> None:
    with desk(home, f"{KEY} unplugged") as run:
        run.sees("Wachtwoordzin:")
        run.types(DESK_PASSPHRASE, "\r")
        run.sees("Waar is je sleutelbestand?")
        run.types(str(home / "sleutel"), "\r")
        run.sees("Zoek:")
        run.types(CTRL_L)
        run.sees("Wachtwoordzin:")
        run.types("verkeerd paard", "\r")
        run.sees("De wachtwoordzin of de tweede factor past niet")
        run.sees("Wachtwoordzin:", times=2)
        run.types(DESK_PASSPHRASE, "\r")
        run.sees("Zoek:")
        run.types(CTRL_Q)
        assert run.ends() == 0


def test_the_plain_lines_ask_for_the_factor_without_anything_that_moves(home: Path) -> None:
    with desk(home, f"{KEY} untouched", "--plain") as run:
        run.sees("Wachtwoordzin:")
        run.types(DESK_PASSPHRASE, "\r")
        run.sees("niet op tijd aangeraakt")
        run.ends()
        assert "▪".encode() not in run.raw
