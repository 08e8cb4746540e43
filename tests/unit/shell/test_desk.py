"""The open vault on the screen, played with real keys on a real vault."""

from pathlib import Path

import pytest

from cli.shell.desk import Desk
from cli.shell.relock import LOCKED
from tests.support.playing import CTRL, ENTER, ESC, F12, PAGE_DOWN, Person, new_vault, play, reopened
from vault.service import Vault


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    return new_vault(tmp_path)


def test_a_note_is_written_found_and_shown(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.sees("0 notes")
        await coach.type("new", ENTER, until="Ctrl-S save")
        await coach.type("Grenzen stellen.", ENTER, "En ademen.", until="En ademen.")
        await coach.type(CTRL["s"], until="Saved as")
        assert "It is kept for at least 4 and at most 6 months." in coach.seen()
        await coach.type("find GRÉNZEN", ENTER, until="1 note found.")
        assert coach.styles("Grenzen") == {"class:page class:hit"} or "hit" in str(coach.styles("Grenzen"))
        handle = vault.handles()[0]
        await coach.type("show ", handle[:3], "\t", ENTER, until="En ademen.")
        coach.presses("quit", ENTER)

    assert play(lambda: Desk(vault, "en"), scenario) == 0
    assert [note.text for note in vault.notes()] == ["Grenzen stellen.\nEn ademen."]
