"""The guard on the command line: it refuses where nobody can be asked, else it asks; it never tells what it found.

Lessons 23 to 25 and 27: nothing of a note in the scrollback, in arguments, in messages, or in a history.
"""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT, Program
from tests.support.pty import Program as Screen
from tests.support.pty import plain_on_disk

NOTE = "Gesproken met Sanne over grenzen.\nHaar collega Fatima belt Sanne op 06-12345678."
FOUND = ("Sanne", "Fatima", "06-12345678")


@pytest.fixture
def letter(tmp_path: Path) -> str:
    path = tmp_path / "brief.txt"
    path.write_text(NOTE)
    return str(path)


def texts(vault: Program) -> set[str]:
    return {vault.json("show", note["handle"])["text"] for note in vault.json("list")["notes"]}


# -- without a terminal ------------------------------------------------------------------------------------------------


def test_without_a_terminal_a_text_with_finds_is_refused_whatever_the_vault_says(vault: Program, letter: str) -> None:
    for policy in ("ask", "redact", "off"):
        assert vault("guard", "policy", policy).returncode == 0
        done = vault("add", letter)
        assert done.returncode == 5
        assert "3 names, 1 telephone number. Nothing was stored." in done.stderr
        assert "--guard redact" in done.stderr
    assert texts(vault) == set()
    assert vault("add", "--guard", "ask", text=NOTE).returncode == 5


def test_redact_stores_neutral_words_and_off_stores_the_text(vault: Program, letter: str) -> None:
    done = vault("add", letter, "--guard", "redact")
    assert done.returncode == 0
    assert "The privacy guard replaced: 3 names, 1 telephone number." in done.stderr
    (clean,) = texts(vault)
    assert "persoon A" in clean
    assert not [word for word in FOUND if word in clean]
    handle = done.stdout.strip()
    assert vault("edit", handle, letter, "--guard", "off").returncode == 0
    assert texts(vault) == {NOTE}
    assert vault("edit", handle, letter).returncode == 5
    assert vault("edit", handle, letter, "--guard", "redact").returncode == 0
    assert texts(vault) == {clean}


def test_a_text_for_a_note_that_is_not_there_is_told_so(vault: Program, letter: str) -> None:
    assert vault("edit", "bakemo", letter).returncode == 4


def test_import_refuses_all_files_and_names_those_with_finds(vault: Program, tmp_path: Path) -> None:
    folder = tmp_path / "notities"
    folder.mkdir()
    (folder / "een.md").write_text("# Kop\nNiets bijzonders.")
    (folder / "twee.md").write_text(NOTE)
    done = vault("import", str(folder))
    assert done.returncode == 5
    assert "twee.md" in done.stderr
    assert "een.md" not in done.stderr
    assert texts(vault) == set()
    done = vault("import", str(folder), "--guard", "redact")
    assert done.returncode == 0
    assert not [word for word in FOUND for text in texts(vault) if word in text]
    assert len(texts(vault)) == 2


def test_what_was_found_is_in_no_message_and_in_no_file(vault: Program, letter: str, tmp_path: Path) -> None:
    os.unlink(letter)
    folder = tmp_path / "notities"
    folder.mkdir()
    said = [vault("add", *words, text=NOTE) for words in ([], ["--json"], ["--guard", "redact"], ["--lang", "nl"])]
    handle = said[2].stdout.strip()
    said += [vault("edit", handle, text=NOTE), vault("edit", handle, "--json", text=NOTE)]
    assert [done.returncode for done in said] == [5, 5, 0, 5, 5, 5]
    for done in said:
        assert not [word for word in FOUND if word in done.stdout + done.stderr + " ".join(done.args)]
    assert plain_on_disk(tmp_path, *FOUND) == []


def test_allowed_words_let_a_text_in_and_forgotten_ones_do_not(vault: Program, letter: str, tmp_path: Path) -> None:
    words = tmp_path / "woorden"
    words.write_text("sanne\nFATIMA\n\n06-12345678\n")
    done = vault("guard", "allow", str(words))
    assert (done.returncode, done.stdout) == (0, "3 words are allowed in this vault.\n")
    assert vault("guard", "list").stdout == "06-12345678\nFATIMA\nsanne\n"
    assert vault("add", letter).returncode == 0
    assert vault("guard", "forget", "-", text="Fatima").returncode == 0
    done = vault("add", letter)
    assert done.returncode == 5
    assert "found: 1 name." in done.stderr


def test_the_guard_tells_its_policy(vault: Program) -> None:
    assert vault("guard").stdout.startswith("ask: you are asked")
    assert vault("guard", "policy", "refuse", "--lang", "nl").stdout.startswith("refuse: een tekst met een vondst")
    assert vault.json("guard") == {"policy": "refuse", "allowed_words": 0}


def test_scan_needs_no_vault_and_shows_finds_between_marks(program: Program, letter: str, tmp_path: Path) -> None:
    done = program("scan", letter, passphrase=False)
    assert done.returncode == 0
    assert "«Sanne»" in done.stdout
    assert "→ [telefoon]" in done.stdout
    assert done.stdout.endswith("Found: 3 names, 1 telephone number.\n")
    assert "\x1b" not in done.stdout
    assert program("scan", text="Niets.", passphrase=False).stdout == "Nothing personal was found.\n"
    (tmp_path / "leeg").write_bytes(b"")
    assert program("scan", str(tmp_path / "leeg"), passphrase=False).returncode == 0
    (tmp_path / "bits").write_bytes(b"\xff\xfe")
    assert program("scan", str(tmp_path / "bits"), passphrase=False).returncode == 2
    assert not program.data.exists()


# -- at a terminal -----------------------------------------------------------------------------------------------------


def at_screen(vault: Program, *words: str, rows: int = 24) -> Screen:
    return Screen(
        vault.folder,
        *words,
        "--passphrase-file",
        str(vault.secret),
        rows=rows,
        LANG="nl_NL.UTF-8",
        XDG_DATA_HOME=vault.environ["XDG_DATA_HOME"],
        XDG_STATE_HOME=vault.environ["XDG_STATE_HOME"],
    )


def test_each_find_is_asked_and_the_result_is_shown_before_it_is_sealed(vault: Program, letter: str) -> None:
    with at_screen(vault, "add", letter) as screen:
        screen.sees("1 van 3: naam, 2 keer")
        assert screen.screen.second
        screen.sees("Gesproken met «Sanne» over grenzen.")
        screen.sees("In plaats daarvan: persoon A")
        screen.types("\x1b[A", "x", "\r")
        screen.sees("2 van 3: naam, 1 keer")
        screen.types("h")
        screen.sees("3 van 3: telefoon")
        screen.types("a")
        screen.sees("Zo wordt de notitie bewaard:")
        screen.sees("Gesproken met «persoon A» over grenzen.")
        assert vault("list").returncode == 10
        screen.types("\r")
        assert screen.ends() == 0
        shown = screen.screen.first_screen
    assert texts(vault) == {NOTE.replace("Sanne", "persoon A")}
    assert vault.json("guard", "list") == {"words": ["06-12345678"]}
    # nothing of the note can be scrolled back to
    assert not [word for word in (*FOUND, "grenzen") if word in shown]
    assert not [word for word in FOUND if word in screen.screen.second_screen]


@pytest.mark.parametrize("keys", ["s", "\x1b", "\x04", "as", "\rs", "hhs"])
def test_stopping_stores_nothing_and_allows_nothing(vault: Program, letter: str, keys: str) -> None:
    with at_screen(vault, "add", letter) as screen:
        for number, key in enumerate(keys, 1):
            screen.sees(f"{number} van 3")
            screen.types(key)
        assert screen.ends() == 3
        assert "Gestopt. Er is niets bewaard." in screen.screen.first_screen
    assert texts(vault) == set()
    assert vault.json("guard", "list") == {"words": []}


def test_stopping_at_the_result_stores_nothing(vault: Program, letter: str) -> None:
    with at_screen(vault, "add", letter) as screen:
        screen.sees("1 van 3")
        screen.types("r")
        screen.sees("Zo wordt de notitie bewaard:")
        screen.sees("«[telefoon]»")
        screen.types("s")
        assert screen.ends() == 3
    assert texts(vault) == set()


@pytest.mark.parametrize("rows", [24, 10])
def test_everything_is_replaced_with_one_key(vault: Program, letter: str, rows: int) -> None:
    with at_screen(vault, "add", letter, rows=rows) as screen:
        screen.sees("1 van 3")
        screen.types("r")
        screen.sees("Zo wordt de notitie bewaard:")
        screen.types("\r")
        assert screen.ends() == 0
    (text,) = texts(vault)
    assert not [word for word in FOUND if word in text]


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x1a", None)])
def test_ctrl_c_leaves_and_ctrl_z_does_nothing(vault: Program, letter: str, key: str, code: int | None) -> None:
    with at_screen(vault, "add", letter) as screen:
        screen.sees("1 van 3")
        screen.types(key)
        if code is None:
            screen.types("s")
        assert screen.ends() == (code or 3)
        assert not screen.screen.second
        assert "Sanne" not in screen.screen.first_screen + screen.screen.second_screen
    assert texts(vault) == set()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_told_to_end_it_empties_the_screen(vault: Program, letter: str, number: int) -> None:
    with at_screen(vault, "add", letter) as screen:
        screen.sees("1 van 3")
        screen.signal(number)
        assert screen.ends() == -number
        assert not screen.screen.second
        assert "Sanne" not in screen.screen.first_screen + screen.screen.second_screen
    assert texts(vault) == set()


def test_json_never_asks(vault: Program, letter: str) -> None:
    with at_screen(vault, "add", letter, "--json") as screen:
        assert screen.ends() == 5
        assert "GuardRefused" in screen.screen.first_screen
        assert not [word for word in FOUND if word in screen.screen.first_screen]


def test_import_asks_once_for_each_different_find(vault: Program, tmp_path: Path) -> None:
    for number in range(5):
        (tmp_path / f"{number}.md").write_text(
            "Sanne had het zwaar.\nWeer over werk, met Sanne en Fatima." + " Stil." * number
        )
    with at_screen(vault, "import", *(str(tmp_path / f"{number}.md") for number in range(5))) as screen:
        screen.sees("1 van 2: naam, 10 keer")
        screen.types("\r")
        screen.sees("2 van 2: naam, 5 keer")
        screen.types("h")
        screen.sees("Zo worden 5 notities bewaard:")
        screen.types("\r")
        screen.sees("5 bestanden overschrijven en verwijderen?")
        screen.types("\r")
        assert screen.ends() == 0
    assert not [text for text in texts(vault) if "Sanne" in text or "Fatima" not in text]


def test_at_a_terminal_the_vault_decides(vault: Program, letter: str) -> None:
    assert vault("guard", "policy", "redact").returncode == 0
    with at_screen(vault, "add", letter) as screen:
        assert screen.ends() == 0
        assert "De privacywacht verving: 3 namen, 1 telefoonnummer." in screen.screen.first_screen
    assert vault("guard", "policy", "off").returncode == 0
    with at_screen(vault, "add", letter) as screen:
        assert screen.ends() == 0
    assert NOTE in texts(vault)


def test_on_the_page_that_add_opens_the_option_holds_too(vault: Program) -> None:
    with at_screen(vault, "add", "--guard", "refuse") as screen:
        screen.sees("Nieuwe notitie")
        screen.types("Gesproken met Sanne.", "\x13")
        screen.sees("Niet bewaard")
        screen.types("\x12")
        screen.no_longer_sees("Sanne")
        screen.types("\x13")
        assert screen.ends() == 0
    assert not [text for text in texts(vault) if "Sanne" in text]
    with at_screen(vault, "add", "--guard", "off") as screen:
        screen.sees("Nieuwe notitie")
        screen.types("Gesproken met Fatima.", "\x13")
        assert screen.ends() == 0
    assert "Gesproken met Fatima." in texts(vault)


def test_words_to_allow_are_typed_and_never_stand_in_an_argument(vault: Program) -> None:
    with at_screen(vault, "guard", "allow") as screen:
        screen.sees("met een lege regel ben je klaar")
        screen.types("Inez\r", "de Eik\r", "\r")
        assert screen.ends() == 0
    assert vault.json("guard", "list") == {"words": ["de Eik", "Inez"]}


# -- loading -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("words", "after"), [(["add"], True), (["add", "--guard", "off"], False), (["list"], False)])
def test_the_guard_is_not_loaded_before_the_passphrase_is_asked(
    vault: Program, tmp_path: Path, words: list[str], after: bool
) -> None:
    (tmp_path / "stil.txt").write_text("Niets bijzonders.")
    script = (
        "import sys\n"
        "from cli.ask import Ask\n"
        "from tests.support.program import run\n"
        "asked = Ask.passphrase\n"
        "def loaded(): return any(name.startswith('vault.guard') for name in sys.modules)\n"
        "def passphrase(self, prompt=''):\n"
        "    print(loaded(), file=sys.stderr)\n"
        "    return asked(self, prompt)\n"
        "Ask.passphrase = passphrase\n"
        "code = run(sys.argv[1:])\n"
        "print(code, loaded(), file=sys.stderr)\n"
    )
    file = [str(tmp_path / "stil.txt")] if words[0] == "add" else []
    done = subprocess.run(
        [sys.executable, "-c", script, "-", *words, *file, "--passphrase-file", str(vault.secret)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=vault.environ,
        start_new_session=True,
        check=True,
    )
    assert done.stderr.splitlines()[0] == "False"
    assert done.stderr.splitlines()[-1] == f"0 {after}"
