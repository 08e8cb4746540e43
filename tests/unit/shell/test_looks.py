"""What stands around the notes: it fits the window, in both languages, and says what a coach needs."""

from pathlib import Path

import pytest

from cli import i18n
from cli.shell.desk import Desk
from cli.shell.looks import fitting
from cli.shell.rows import cells
from tests.support.playing import CTRL, ENTER, Person, new_vault, play
from vault.service import Vault

SIGNS = {"en": ("? help", "Ctrl-L lock"), "nl": ("? hulp", "Ctrl-L op slot")}


@pytest.mark.parametrize("lang", ["en", "nl"])
def test_help_and_lock_are_on_a_screen_of_eighty_columns(tmp_path: Path, lang: str) -> None:
    i18n.install(lang)
    try:
        with new_vault(tmp_path) as vault:
            vault.add("Iets.")

            async def scenario(coach: Person) -> None:
                await coach.sees("Iets.")
                for sign in SIGNS[lang]:
                    assert sign in coach.seen()
                coach.presses(ENTER)
                await coach.sees("Esc")
                coach.presses(CTRL["q"])

            play(lambda: Desk(vault, lang), scenario)
    finally:
        i18n.install("en")


@pytest.mark.parametrize("width", [1, 20, 40, 80, 200])
def test_keys_are_left_out_rather_than_cut_in_two(width: int) -> None:
    keys = [("Ctrl-N", "nieuw"), ("Enter", "lezen"), ("↑ ↓", "schuiven"), ("F1", "toetsen")]
    shown = "".join(fragment[1] for fragment in fitting(keys, width))
    assert cells(shown.rstrip()) <= width
    assert all(f" {key} {label} " in shown or key not in shown for key, label in keys)


def test_a_damaged_note_leaves_the_others_readable(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cli.shell.ahead._STILL", 0.0)
    vault.add_many(["Een aap.", "Een beer.", "Een cavia."])
    broken = vault.handles()[1]
    others = [note.text for note in vault.notes() if note.handle != broken]
    state = vault._state
    slot = vault._find(broken)
    with state.store.transaction() as change:
        change.put_slot(slot, bytes(len(state.store.read_slot(slot))))

    async def scenario(coach: Person) -> None:
        await coach.sees("can't be read")
        for text in others:
            assert text in coach.seen()
        await coach.type("\x1b[B", until="The stored text of a note was damaged")
        # nor do finding, themes and reading ahead bring the screen down
        await coach.type("aap", until="Find: aap")
        await coach.type(" #", until="Find: aap #")
        await coach.type("!", until="Find: aap #!")
        coach.presses(CTRL["q"])

    play(lambda: Desk(vault, "en"), scenario)
