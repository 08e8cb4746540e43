"""The editor, alone on the screen."""

import os
import signal
from collections.abc import Awaitable, Callable

import pytest

from cli.failures import NOT_ALLOWED, Refused
from cli.shell.editor import write_note
from tests.support.disk import full_disk
from tests.support.playing import CTRL, ENTER, ESC, Person, play_on
from vault import limits
from vault.service import Vault

UP, HOME, END = "\x1b[A", "\x1b[H", "\x1b[F"
UNDO, REDO = "\x1bu", "\x1be"


def written(scenario: Callable[[Person], Awaitable[None]], text: str = "", **options: object) -> str | None:
    """What write_note returns when `scenario` plays on it."""
    return play_on(lambda: write_note(text, title="Titel", **options), scenario)  # type: ignore[arg-type]


def test_what_is_saved_comes_back() -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Eén.", ENTER, "Twee.", until="Twee.")
        assert "Titel" in coach.seen()
        coach.presses(CTRL["s"])

    assert written(scenario) == "Eén.\nTwee."


@pytest.mark.parametrize("key", [ESC, CTRL["q"], CTRL["c"]])
def test_leaving_asks_only_when_words_would_be_lost(key: str) -> None:
    async def unchanged(coach: Person) -> None:
        await coach.type(key, until="")

    async def changed(coach: Person) -> None:
        await coach.type("!", key, until="This text is not saved.")
        coach.presses(CTRL["x"])

    assert written(unchanged, "Staat al.") is None
    assert written(unchanged) is None
    assert written(changed, "Staat al.") is None


@pytest.mark.parametrize("key", [ESC, ENTER, "x", UP, CTRL["c"], CTRL["q"]])
def test_any_other_answer_goes_on_writing(key: str) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Woorden", ESC, until="This text is not saved.")
        await coach.type(key, until="Ctrl-S save")
        await coach.type(".", until="Woorden.")
        await coach.type(ESC, until="This text is not saved.")
        coach.presses(CTRL["s"])

    assert written(scenario) == "Woorden."


def test_ctrl_z_does_nothing() -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("a", CTRL["z"], "b", until="ab")
        coach.presses(CTRL["s"])

    assert written(scenario) == "ab"


def test_undo_goes_back_by_the_word_and_redo_forward() -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("een twee drie", until="een twee drie")
        coach.presses(UNDO)
        await coach.no_longer_sees("drie")
        coach.presses(UNDO)
        await coach.no_longer_sees("twee")
        await coach.type(HOME, END, REDO, until="een twee")
        coach.presses(CTRL["s"])

    assert written(scenario) == "een twee"


@pytest.mark.parametrize("bracketed", [True, False])
def test_a_paste_of_100_kilobytes_arrives_as_it_was(bracketed: bool) -> None:
    text = "\n".join(
        f"    regel {number} met wat woorden erachter; en [31m tekens" for number in range(2000 if bracketed else 300)
    )
    assert not bracketed or len(text) > 100_000
    sent = text.replace("\n", "\r")

    async def scenario(coach: Person) -> None:
        await coach.type(
            f"\x1b[200~{sent}\x1b[201~" if bracketed else sent,
            until="regel 1999 met wat" if bracketed else "regel 299 met wat",
        )
        coach.presses(CTRL["s"])

    # the guard would take "regel 1999" for a year
    assert written(scenario, policy="off") == text


def test_a_paste_is_stripped_of_what_is_not_text() -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("\x1b[200~een\x00\x07\x1b[31m\r\ntwee\x9b\x7f\x1b[201~", until="twee")
        coach.presses(CTRL["s"])

    assert written(scenario) == "een[31m\ntwee"


def test_a_text_too_long_for_a_note_is_not_taken() -> None:
    nearly = "a" * (limits.NOTE_BYTES - 3)

    async def scenario(coach: Person) -> None:
        await coach.type("éé", until="That does not fit")
        await coach.type(CTRL["s"], until="")

    assert written(scenario, nearly) == nearly + "é"


def test_a_save_that_fails_keeps_the_editor_open(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        with full_disk():
            await coach.type("Kostbaar", CTRL["s"], until="the disk failed")
        await coach.type(".", until="Kostbaar.")
        coach.presses(CTRL["s"])

    assert written(scenario, save=vault.add) == "Kostbaar."
    assert [note.text for note in vault.notes()] == ["Kostbaar."]


def test_lines_wrap_between_words_and_the_cursor_moves_by_the_rows_that_are_seen() -> None:
    long = "woord " * 30

    async def scenario(coach: Person) -> None:
        await coach.sees("woord woord")
        rows = [row for row in coach.seen().split("\n") if row.startswith("woord")]
        assert len(rows) == 3
        assert all(row.endswith("woord") and len(row) < 80 for row in rows)
        await coach.type(UP, HOME, "HIER", until="\nHIERwoord")
        coach.presses(CTRL["s"])

    text = written(scenario, long)
    assert text is not None
    assert text.index("HIER") == 78


def test_locking_seals_the_text_in_the_vault_and_says_so(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Halverwege", until="Halverwege")
        coach.presses(CTRL["l"])

    with pytest.raises(Refused) as refused:
        written(scenario, vault=vault)
    assert refused.value.code == NOT_ALLOWED
    assert "Your text is kept, sealed" in refused.value.sentence
    assert vault.draft() == ("Halverwege", "")


def test_without_a_vault_locking_covers_the_text() -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Halverwege", until="Halverwege")
        await coach.type(CTRL["l"], until="Covered.")
        assert "Halverwege" not in coach.seen()
        await coach.type(" ", until="Halverwege")
        coach.presses(CTRL["s"])

    assert written(scenario) == "Halverwege"


def test_a_first_request_to_stop_does_not_take_unsaved_text_along() -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Halverwege", until="Halverwege")
        os.kill(os.getpid(), signal.SIGTERM)
        await coach.sees("Save your text now")
        coach.presses(CTRL["s"])

    assert written(scenario) == "Halverwege"


def test_nothing_but_this_process_ever_has_the_text(monkeypatch: pytest.MonkeyPatch) -> None:
    """No key starts another editor or makes a temporary file."""
    import subprocess
    import tempfile

    def never(*_: object, **__: object) -> None:
        raise AssertionError("the text left the process")

    monkeypatch.setattr(tempfile, "mkstemp", never)
    monkeypatch.setattr(tempfile, "mkdtemp", never)
    monkeypatch.setattr(subprocess, "Popen", never)
    monkeypatch.setattr(os, "system", never)

    async def scenario(coach: Person) -> None:
        await coach.type("Tekst", CTRL["x"], CTRL["e"], "\x1bv", "v", CTRL["o"], "\x1b#", "\x1b!", until="Tekst")
        coach.presses(CTRL["s"])

    assert "Tekst" in str(written(scenario))
