"""Whatever ends the screen, the text that was being written is sealed, not lost and not left in the clear."""

import os
import signal
from pathlib import Path

import pytest

from cli.shell.desk import Desk
from cli.shell.relock import HUNG_UP, LOCKED
from tests.support.disk import full_disk
from tests.support.playing import CTRL, ENTER, ESC, F12, Person, new_vault, order, play, reopened
from vault.service import Vault


class Desks:
    """Desks on one vault, with a clock that the test moves."""

    def __init__(self, vault: Vault) -> None:
        self.now = 0.0
        self.vault = vault

    def __call__(self) -> Desk:
        return Desk(self.vault, "en", idle_seconds=600, clock=lambda: self.now)


async def writes(coach: Person, text: str = "Halverwege") -> None:
    await coach.type(CTRL["n"], until="New note")
    await coach.type(text, until=text)


@pytest.mark.parametrize("key", [CTRL["l"], F12])
def test_locking_in_the_middle_of_a_note_seals_it_and_offers_it_back(tmp_path: Path, key: str) -> None:
    with new_vault(tmp_path) as vault:

        async def scenario(coach: Person) -> None:
            await writes(coach)
            coach.presses(key)

        assert play(Desks(vault), scenario) == LOCKED
        assert vault.notes() == []
    with reopened(tmp_path) as vault:

        async def again(coach: Person) -> None:
            await coach.sees("You were writing this when the vault was locked.")
            assert "Halverwege" in coach.seen()
            await coach.type(" en klaar.", CTRL["s"], until="Saved as")
            coach.presses(CTRL["q"])

        assert play(Desks(vault), again) == 0
        assert [note.text for note in vault.notes()] == ["Halverwege en klaar."]
        assert vault.draft() is None


def test_a_draft_of_a_note_goes_back_into_that_note(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        handle = vault.add("Begin.").handle

        async def scenario(coach: Person) -> None:
            await coach.type(order(f"edit {handle}"), until="Begin.")
            await coach.type(" Midden.", until="Midden.")
            coach.presses(CTRL["l"])

        assert play(Desks(vault), scenario) == LOCKED
        assert vault.show(handle).text == "Begin."
    with reopened(tmp_path) as vault:

        async def again(coach: Person) -> None:
            await coach.sees(f"Note {handle}")
            await coach.type(CTRL["s"], until=f"Saved as {handle}.")
            coach.presses(CTRL["q"])

        play(Desks(vault), again)
        assert [note.text for note in vault.notes()] == ["Begin. Midden."]


def test_a_draft_that_is_thrown_away_is_gone(vault: Vault) -> None:
    vault.seal_draft("Weg ermee.")

    async def scenario(coach: Person) -> None:
        await coach.sees("Weg ermee.")
        await coach.type(ESC, until="This text is not saved.")
        assert vault.draft() is not None
        await coach.type(CTRL["x"], until="Nothing was stored.")
        coach.presses(CTRL["q"])

    play(Desks(vault), scenario)
    assert vault.draft() is None
    assert vault.notes() == []


def test_the_vault_locks_when_no_key_was_pressed_for_a_while(vault: Vault, quick_watch: None) -> None:
    desks = Desks(vault)

    async def scenario(coach: Person) -> None:
        await writes(coach)
        desks.now += 599
        await coach.type(".", until="Halverwege.")
        desks.now += 599
        await coach.type(".", until="Halverwege..")
        desks.now += 601

    assert play(desks, scenario) == LOCKED
    assert vault.draft() == ("Halverwege..", "")


def test_an_idle_vault_without_a_text_locks_too(vault: Vault, quick_watch: None) -> None:
    desks = Desks(vault)

    async def scenario(coach: Person) -> None:
        await coach.sees("open")
        desks.now += 601

    assert play(desks, scenario) == LOCKED
    assert vault.draft() is None


def test_the_idle_watch_runs_by_a_real_clock(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.sees("open")

    assert play(lambda: Desk(vault, "en", idle_seconds=0.1), scenario) == LOCKED


def test_the_lock_command_locks(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        coach.presses(order("lock"))

    assert play(Desks(vault), scenario) == LOCKED


def test_locking_during_a_question_answers_nothing(vault: Vault) -> None:
    handle = vault.add("Blijft.").handle

    async def scenario(coach: Person) -> None:
        await coach.type(order(f"shred {handle}"), until="[y/N]")
        coach.presses("y", CTRL["l"])

    assert play(Desks(vault), scenario) == LOCKED
    assert vault.handles() == [handle]


def test_a_text_that_cannot_be_sealed_is_covered_not_lost(vault: Vault, quick_watch: None) -> None:
    desks = Desks(vault)

    async def scenario(coach: Person) -> None:
        await writes(coach, "Kostbaar")
        with full_disk():
            await coach.type(CTRL["l"], until="Not locked: your text can't be sealed.")
            assert "Kostbaar" not in coach.seen()
            await coach.type("x", until="Kostbaar")
            assert "Kostbaarx" not in coach.seen()
            assert "Not locked" in coach.seen()
            desks.now += 601
            await coach.no_longer_sees("Kostbaar")
            await coach.type(ENTER, until="Kostbaar")
        desks.now += 601

    assert play(desks, scenario) == LOCKED
    assert vault.draft() == ("Kostbaar", "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_a_signal_seals_the_text_and_leaves(vault: Vault, number: signal.Signals) -> None:
    async def scenario(coach: Person) -> None:
        await writes(coach)
        os.kill(os.getpid(), number)

    assert play(Desks(vault), scenario) == 128 + number
    assert vault.draft() == ("Halverwege", "")


def test_a_suspend_signal_is_ignored_while_text_is_on_the_screen(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await writes(coach)
        assert signal.getsignal(signal.SIGTSTP) == signal.SIG_IGN
        coach.presses(CTRL["l"])

    play(Desks(vault), scenario)
    assert signal.getsignal(signal.SIGTSTP) == signal.SIG_DFL


def test_a_request_to_stop_waits_once_for_a_text_that_cannot_be_sealed(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await writes(coach)
        with full_disk():
            os.kill(os.getpid(), signal.SIGTERM)
            await coach.sees("can't be sealed")
            assert "Halverwege" in coach.seen()
        os.kill(os.getpid(), signal.SIGTERM)

    assert play(Desks(vault), scenario) == 128 + signal.SIGTERM
    assert vault.draft() == ("Halverwege", "")


def test_a_terminal_that_goes_away_seals_the_text(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await writes(coach)
        coach.hangs_up()

    assert play(Desks(vault), scenario) == HUNG_UP
    assert vault.draft() == ("Halverwege", "")


def test_a_bug_while_writing_still_seals_the_text(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    async def scenario(coach: Person) -> None:
        await writes(coach)
        monkeypatch.setattr(vault, "add", None)
        coach.presses(CTRL["s"])

    with pytest.raises(TypeError):
        play(Desks(vault), scenario)
    assert vault.draft() == ("Halverwege", "")


def test_a_text_without_words_is_no_draft(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type(CTRL["n"], until="New note")
        coach.presses("  ", ENTER, CTRL["l"])

    assert play(Desks(vault), scenario) == LOCKED
    assert vault.draft() is None
