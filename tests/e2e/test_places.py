"""`ongemerkt place`: recovery sticks on the command line, in both languages, and what waits for them."""

import json
import shutil
from pathlib import Path

import pytest

from tests.support.command import Program


@pytest.fixture
def medium(tmp_path: Path) -> Path:
    folder = tmp_path / "usb"
    folder.mkdir()
    (folder / "vakantie.jpg").write_bytes(b"foto")
    return folder


def only(vault: Program, field: str = "sticks") -> dict[str, object]:
    (found,) = vault.json("status")[field]
    return dict(found)


def test_a_stick_is_made_told_refreshed_and_removed(vault: Program, medium: Path, tmp_path: Path) -> None:
    assert "Make a recovery stick: ongemerkt place add DIR" in vault("status").stdout
    made = vault("place", "add", str(medium), "--yes")
    assert made.returncode == 0
    assert "opens with your passphrase or recovery code" in made.stderr
    assert "on the same disk as the vault" in made.stderr
    assert "LEESMIJ.txt" in {path.name for path in (medium / "ongemerkt").iterdir()}
    name = str(medium / "ongemerkt")
    assert only(vault) == {"kind": "stick", "name": name, "reachable": True, "lacks": False, "owes": False}
    vault("add", text="erbij")
    listed = vault("place", "list")
    assert listed.stdout.splitlines()[-1].split("  ")[-1] == "lacks what is new"
    assert "A recovery stick is behind." in vault("status").stdout
    refreshed = vault("place", "refresh", "--json")
    assert refreshed.returncode == 0
    assert json.loads(refreshed.stdout)["refreshed"] == [name]
    assert vault.json("place", "remove", str(medium), "--yes") == {"removed": True, "sticks": 0}
    assert [path.name for path in medium.iterdir()] == ["vakantie.jpg"]


def test_what_a_stick_still_holds_is_exit_code_nine_with_its_name_and_the_command(
    vault: Program, medium: Path, tmp_path: Path
) -> None:
    handle = vault.json("add", text="weg")["handle"]
    vault("place", "add", str(medium), "--yes")
    shutil.move(medium, tmp_path / "in de la")
    done = vault("shred", handle, "--yes", "--json", "--receipt", str(tmp_path / "b.json"))
    assert done.returncode == 9
    assert json.loads(done.stdout)["waiting"] == {"stick": 1}
    assert f"Not everything is destroyed on {medium}/ongemerkt yet." in done.stderr
    assert "ongemerkt place refresh" in done.stderr
    expired = vault("expire", "--json")
    assert (expired.returncode, json.loads(expired.stdout)["sticks_waiting"]) == (9, 1)
    assert vault("expire", "--dry-run").returncode == 0
    assert vault("place", "refresh").returncode == 4
    (waits,) = vault.json("receipt", "list")["receipts"]
    assert (waits["waiting"], waits["out"], waits["complete"]) == ({"stick": 1}, True, False)
    assert "wacht op: 1 herstelstick" in vault("receipt", "list", "--lang", "nl").stdout
    shutil.move(tmp_path / "in de la", medium)
    refreshed = vault("place", "refresh")
    assert refreshed.returncode == 0
    assert "A receipt is complete" in refreshed.stderr
    assert "A receipt is complete" in vault("list").stderr
    again = vault.json("receipt", "again", str(tmp_path / "c.json"))
    assert (again["confirmed"], again["waiting"]) == ({"device": 1, "stick": 1}, {})
    assert vault.json("receipt", "list") == {"receipts": []}
    assert vault("expire").returncode == 0


def test_a_stick_that_is_plugged_in_follows_a_shred_at_once_and_stands_on_the_receipt(
    vault: Program, medium: Path, tmp_path: Path
) -> None:
    handle = vault.json("add", text="weg")["handle"]
    vault("place", "add", str(medium), "--yes")
    done = vault("shred", handle, "--yes", "--lang", "nl", "--receipt", str(tmp_path / "b.json"))
    assert done.returncode == 0
    assert f"Ook vernietigd op de herstelstick: {medium}/ongemerkt." in done.stderr
    assert json.loads((tmp_path / "b.json").read_bytes())["confirmed"] == {"device": 1, "stick": 1}


def test_a_lost_stick_is_given_up_with_a_word_about_what_it_holds(vault: Program, medium: Path) -> None:
    vault("place", "add", str(medium), "--yes")
    shutil.rmtree(medium)
    assert vault("place", "remove", str(medium), "--yes").returncode == 4
    done = vault("place", "remove", str(medium), "--lost", "--yes")
    assert done.returncode == 0
    assert "keeps what it held" in done.stderr
    assert vault.json("place", "list") == {"places": [{"kind": "device", "name": None, "own": True, "owes": False}]}


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["place", "list", "map"], 2),
        (["place", "add"], 2),
        (["place", "remove"], 2),
        (["place", "refresh", "--lost"], 2),
        (["place", "refresh"], 4),
        (["place", "refresh", "nergens"], 4),
        (["place", "remove", "nergens", "--yes"], 4),
        (["place", "remove", "nergens"], 3),
        (["receipt", "list", "bestand"], 2),
        (["receipt", "again"], 2),
    ],
)
def test_what_can_not_be_done_is_told(vault: Program, words: list[str], code: int) -> None:
    done = vault(*words)
    assert done.returncode == code
    assert done.stderr.strip()


def test_a_stick_on_the_vaults_own_disk_asks_for_a_yes(vault: Program, tmp_path: Path) -> None:
    done = vault("place", "add", str(tmp_path / "stick"))
    assert done.returncode == 3
    assert not (tmp_path / "stick").exists()
