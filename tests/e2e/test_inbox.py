"""`jot` and `inbox` as a coach uses them: while the vault is locked or open elsewhere, at a terminal and in a pipe."""

import signal
from pathlib import Path

import pytest

from tests.support.command import Program
from tests.support.playing import PASSPHRASE, new_vault, reopened
from tests.support.pty import Program as Screen
from tests.support.pty import plain_on_disk
from vault.formats import header as header_format
from vault.service import Paths
from vault.service.jotting import jot
from vault.sodium import key_pair

ENTER, CTRL_C, CTRL_D, CTRL_Q, CTRL_R, CTRL_S = "\r", "\x03", "\x04", "\x11", "\x12", "\x13"
CANARY = "kwartelei"
NAMED = f"Gebeld met Machteld Doornbos over het {CANARY}."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with an empty vault, for `screen`."""
    new_vault(tmp_path).close()
    (tmp_path / "ongemerkt").symlink_to(tmp_path / "anchors")
    return tmp_path


def screen(home: Path, *words: str) -> Screen:
    return Screen(home, "--vault", str(home / "data"), "--lang", "en", *words, XDG_STATE_HOME=str(home))


def _jot(home: Path, text: str) -> None:
    jot(Paths(str(home / "data"), str(home / "anchors")), text)


def _nothing_left(run: Screen) -> None:
    assert not run.screen.second
    for word in (CANARY, "Doornbos", "Traceback"):
        assert word not in run.screen.first_screen
        assert word not in run.screen.second_screen
    assert plain_on_disk(run.home, CANARY, "Doornbos") == []


# -- in a pipe


def test_without_a_vault_nothing_is_sealed(program: Program) -> None:
    assert program("jot", text=CANARY, passphrase=False).returncode == 11
    assert not program.data.exists()


def test_a_jot_asks_no_passphrase_and_becomes_a_note_at_the_next_taking_in(vault: Program) -> None:
    done = vault("jot", text="Wil vaker nee zeggen.", passphrase=False)
    assert (done.returncode, done.stdout) == (0, "")
    assert vault.json("jot", "-", text="Meer rust.") == {"jotted": True, "waiting": 2}
    assert "2 jots wait in your inbox." in vault("list").stderr
    assert vault.json("status")["jots"] == 2
    taken = vault.json("inbox", "--keep", "3m")
    assert len(taken.pop("taken_in")) == 2
    assert taken == {"waiting": 0, "unreadable": 0, "discarded": 0}
    assert sorted(note["first_words"] for note in vault.json("list")["notes"]) == [
        "Meer rust.",
        "Wil vaker nee zeggen.",
    ]
    assert vault("inbox").stdout == ""
    assert vault.json("inbox")["taken_in"] == []


def test_the_guard_stands_between_inbox_and_notes(vault: Program) -> None:
    vault("jot", text=NAMED)
    vault("jot", text="Niets bijzonders.")
    refused = vault("inbox")
    assert refused.returncode == 5
    assert "Doornbos" not in refused.stderr
    assert vault.json("status")["jots"] == 2
    assert vault.json("inbox", "--later")["waiting"] == 1
    assert vault.json("inbox", "--guard", "redact")["waiting"] == 0
    assert [note["first_words"] for note in vault.json("find", CANARY)["notes"]] == [
        f"Gebeld met persoon A over het {CANARY}."
    ]


def test_what_cannot_be_read_is_told_kept_and_destroyed_with_a_yes(vault: Program) -> None:
    (vault.data / "inbox").mkdir()
    (vault.data / "inbox" / "\x1b[2Jnaam").write_text(CANARY)
    for word in ("list", "inbox"):
        told = vault(word)
        assert told.returncode == 0
        assert "can't be read" in told.stderr
        assert "naam" not in told.stderr
    assert vault("inbox", "--discard-unreadable").returncode == 3
    assert vault.json("status")["unreadable_jots"] == 1
    assert vault.json("inbox", "--discard-unreadable", "--yes")["discarded"] == 1
    assert vault.json("status")["unreadable_jots"] == 0


def test_an_exchanged_key_is_told_at_the_jot_and_at_the_unlock_and_then_all_is_well(vault: Program) -> None:
    header = vault.data / "header"
    read = header_format.decode(header.read_bytes())
    header.write_bytes(header_format.encode(read._replace(inbox=key_pair()[0])))
    jotted = vault("jot", text=CANARY)
    assert (jotted.returncode, CANARY in jotted.stderr) == (6, False)
    assert vault("list").returncode == 6
    assert vault("list").returncode == 0
    assert vault("jot", text=CANARY).returncode == 0


# -- at a terminal


def test_typed_at_a_terminal_the_guard_shows_what_it_finds_and_nothing_stays_on_it(home: Path) -> None:
    with screen(home, "jot") as run:
        run.sees("Jot it down")
        run.types(NAMED, ENTER, "Meer rust.", ENTER, ENTER)
        run.sees("«Machteld Doornbos»")
        run.types(ENTER)
        assert run.ends() == 0
    assert "Sealed in your inbox." in run.screen.first_screen
    _nothing_left(run)
    with reopened(home) as vault:
        assert [each.text for each in vault.jots()] == [f"{NAMED}\nMeer rust."]


@pytest.mark.parametrize(
    ("keys", "code"),
    [((ENTER,), 3), ((CTRL_D,), 3), ((NAMED, ENTER, ENTER, "s", ENTER), 3), ((NAMED, ENTER, CTRL_C), 130)],
)
def test_stopped_at_a_terminal_nothing_is_sealed_and_nothing_stays_on_it(
    home: Path, keys: tuple[str, ...], code: int
) -> None:
    with screen(home, "jot") as run:
        run.sees("Jot it down")
        for key in keys:
            if key == "s":
                run.sees("s: stop")
            run.types(key)
        assert run.ends() == code
    _nothing_left(run)
    with reopened(home) as vault:
        assert vault.jots() == []


def test_told_to_end_while_somebody_types_the_screen_is_cleared(home: Path) -> None:
    with screen(home, "jot") as run:
        run.sees("Jot it down")
        run.types(NAMED)
        run.sees(CANARY)
        run.signal(signal.SIGTERM)
        assert run.ends() == -signal.SIGTERM
    _nothing_left(run)


# Seen to fail when what is found is not asked about.
def test_the_desk_offers_what_waits_and_asks_about_what_the_guard_finds(home: Path) -> None:
    for text in ("Niets bijzonders.", NAMED):
        _jot(home, text)
    with screen(home) as run:
        run.sees("Passphrase:")
        run.types(PASSPHRASE, ENTER)
        run.sees("2 jots wait in your inbox. Take it in now?")
        run.types(ENTER)
        run.sees("of 2")
        run.sees("«Machteld Doornbos»")
        run.types("l", ENTER)
        run.sees("1 jot is a note now.")
        run.types(CTRL_Q)
        assert run.ends() == 0
    _nothing_left(run)
    with reopened(home) as vault:
        assert [note.text for note in vault.notes()] == ["Niets bijzonders."]
        assert [each.text for each in vault.jots()] == [NAMED]


def test_a_jot_is_changed_in_the_editor_and_taken_in_in_one_step(home: Path) -> None:
    _jot(home, NAMED)
    with screen(home) as run:
        run.sees("Passphrase:")
        run.types(PASSPHRASE, ENTER)
        run.sees("Take it in now?")
        run.types(ENTER)
        run.sees("e edit")
        run.types("e", ENTER)
        run.sees("From your inbox")
        run.types("Later meer.")
        run.sees("1 name found")
        run.types(CTRL_R)
        run.no_longer_sees("Doornbos")
        run.types(CTRL_S)
        run.sees("1 jot is a note now.")
        run.types(CTRL_Q)
        assert run.ends() == 0
    _nothing_left(run)
    with reopened(home) as vault:
        (note,) = vault.notes()
        assert "persoon A" in note.text
        assert "Later meer." in note.text
        assert vault.inbox() == (0, 0, False)


def test_left_for_later_or_thrown_away_in_plain_lines(home: Path) -> None:
    _jot(home, NAMED)
    with screen(home, "--plain") as run:
        run.sees("Passphrase:")
        run.types(PASSPHRASE, ENTER)
        run.sees("Take it in now?")
        run.types("n", ENTER)
        run.types("inbox", ENTER)
        run.sees("d destroy")
        run.types("d", ENTER)
        run.sees("no way back")
        run.types("y", ENTER)
        run.sees("1 jot is destroyed.")
        run.types("quit", ENTER)
        assert run.ends() == 0
    _nothing_left(run)
    with reopened(home) as vault:
        assert (vault.notes(), vault.inbox()) == ([], (0, 0, False))
