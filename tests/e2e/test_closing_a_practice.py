"""`ongemerkt shred --all`, and sticks that follow a change of what opens the vault, as a coach meets them."""

import json
import shutil
from pathlib import Path

import pytest

from tests.e2e.test_terminal import Terminal
from tests.support.command import Program
from vault import receipt


@pytest.fixture
def full(vault: Program) -> Program:
    """A vault with something of nearly everything."""
    vault.add("Zegt vaak ja.")
    vault.add("Zegt soms nee.")
    vault("engagement", "open", "Beuk", "--slip", str(vault.folder / "briefje.txt"))
    vault("guard", "allow", "-", text="Beuk\n")
    vault("jot", text="Nog iets.", passphrase=False)
    vault("register", "breaches", "add", "--file", "-", text=json.dumps({"happened": "in de trein"}))
    return vault


def test_it_says_in_numbers_what_goes_and_wants_the_word_typed(full: Program) -> None:
    screen = Terminal(full, "shred", "--all", "--passphrase-file", str(full.secret), dutch=True)
    shown = screen.sees("Typ ja om alles te vernietigen:")
    for line in ("2 notities", "1 krabbel", "1 open traject", "1 toegestaan woord", "het register van datalekken"):
        assert f"  {line}\r\n" in shown
    screen.types("j")
    assert "Er is niets vernietigd." in screen.ends(3)
    assert full.json("status")["notes"] == 2
    screen = Terminal(full, "shred", "--all", "--passphrase-file", str(full.secret), dutch=True)
    screen.sees("Typ ja om alles te vernietigen:")
    screen.types("ja")
    assert "Alles is vernietigd: de kluis is leeg." in screen.ends(0)
    assert (full.json("status")["notes"], full.json("status")["jots"]) == (0, 0)
    assert full.json("register", "breaches") == {"breaches": []}
    assert full.json("engagement", "list") == {"engagements": []}


def test_a_script_says_yes_and_gets_a_receipt(full: Program, tmp_path: Path) -> None:
    bare = full("shred", "--all")
    assert (bare.returncode, full.json("status")["notes"]) == (3, 2)
    paper = tmp_path / "alles.json"
    assert full.json("shred", "--all", "--yes", "--receipt", str(paper))["shredded"] == 2
    assert receipt.verify(paper.read_bytes())[2:] == ("hand", {"device": 1}, {}, receipt.verify(paper.read_bytes()).key)
    again = full("shred", "--all", "--yes", "--lang", "nl")
    assert (again.returncode, again.stderr.splitlines()[-1]) == (0, "De kluis is al leeg.")
    assert full("shred", "--all", "--yes", "--receipt", str(tmp_path / "nog een.json")).returncode == 4


@pytest.mark.parametrize(
    "more",
    [
        ["bakemo"],
        ["--engagement", "Beuk"],
        ["--claim"],
        ["--claim-file", "woorden"],
        ["--export", "kopie.html"],
        ["--format", "html"],
        ["--code-file", "code"],
    ],
    ids=" ".join,
)
def test_it_stands_by_itself(program: Program, more: list[str]) -> None:
    # refused before a vault is looked for: there is none
    assert program("shred", "--all", "--yes").returncode == 11
    assert program("shred", "--all", "--yes", *more).returncode == 2


def test_a_stick_follows_at_once_or_is_named(full: Program, tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    full("place", "add", str(stick), "--yes")
    shutil.move(stick, tmp_path / "in de la")
    done = full("shred", "--all", "--yes", "--json", "--receipt", str(tmp_path / "alles.json"))
    assert (done.returncode, json.loads(done.stdout)["waiting"]) == (9, {"stick": 1})
    assert f"Not everything is destroyed on {stick} yet." in done.stderr
    shutil.move(tmp_path / "in de la", stick)
    full.add("opnieuw begonnen")
    done = full("shred", "--all", "--yes", "--lang", "nl")
    assert done.returncode == 0
    assert f"Ook vernietigd op de herstelstick: {stick}." in done.stderr


# Seen to fail with `follow_unlocking` left out of the command.
def test_what_opens_the_vault_opens_its_sticks_or_it_is_said(vault: Program, tmp_path: Path) -> None:
    stick, drawer = tmp_path / "stick", tmp_path / "in de la"
    vault("place", "add", str(stick), "--yes")
    old = vault.secret.read_text()

    def change(new: str) -> tuple[int, str]:
        vault.secret.write_text(old + new)
        done = vault("passphrase", "change", "--lang", "nl")
        vault.secret.write_text(new if done.returncode in (0, 9) else old)
        return done.returncode, done.stderr

    shutil.move(stick, drawer)
    code, told = change("een heel andere wachtzin\n")
    assert code == 9
    assert f"{stick} gaat nog open zoals de kluis eerst." in " ".join(told.split())
    shutil.move(drawer, stick)
    key = tmp_path / "sleutel"
    done = vault("factor", "add", "keyfile", str(key), "--yes", "--lang", "nl")
    assert done.returncode == 0
    assert "De herstelstick is ook bijgewerkt" in done.stderr
    new = ["recovery", "rehearse", "--place", str(stick)]
    assert vault(*new).returncode == 3
    assert vault(*new, "--key-file", str(key)).returncode == 0
    vault.secret.write_text(old)
    assert vault(*new, "--key-file", str(key)).returncode == 3
