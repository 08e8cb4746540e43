"""Themes, templates and the expiry of the note that is being written."""

from collections.abc import Awaitable, Callable
from datetime import date
from pathlib import Path

import pytest

from cli.i18n import install
from cli.shell.aids import Aids, themes_of
from cli.shell.editor import write_note
from cli.shell.saving import Saving
from cli.shell.templates import forms, put_in, questions
from tests.support.disk import full_disk
from tests.support.playing import CTRL, DELETE, DOWN, ENTER, ESC, UP, Person, new_vault, play_on
from vault.errors import NoteNotText
from vault.guard import load, scan
from vault.months import Period
from vault.service import Template, Vault

UNDO, TAB, HOME = "\x1bu", "\t", "\x1b[H"


def written(
    vault: Vault, scenario: Callable[[Person], Awaitable[None]], text: str = "", of: str = ""
) -> tuple[str | None, Saving]:
    """What write_note returns when `scenario` plays on it, and what became of it."""
    saving = Saving(vault, of)
    return play_on(lambda: write_note(text, title="Titel", save=saving, vault=vault, of=of), scenario), saving


async def discard(coach: Person) -> None:
    await coach.type(ESC, until="This text is not saved.")
    coach.presses(CTRL["x"])


# -- themes


def test_themes_are_set_changed_and_taken_away(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Lang stil.", CTRL["t"], until="Themes:")
        await coach.type("Grenzen, rust", ENTER, until="\n#grenzen #rust")
        await coach.type(CTRL["t"], until="Themes: grenzen rust")
        await coach.type("moed", ENTER, until="#grenzen #rust #moed")
        await coach.type(UNDO, until="Lang stil.")
        await coach.no_longer_sees("#moed")
        await coach.type(CTRL["t"], until="Themes: grenzen rust")
        coach.presses(*["\x7f"] * 20, ENTER)
        await coach.no_longer_sees("#grenzen")
        coach.presses(CTRL["s"])

    assert written(vault, scenario)[0] == "Lang stil."


def test_themes_that_exist_are_shown_and_filled_in(vault: Vault) -> None:
    vault.add("a\n\n#grenzen #rust")
    vault.add("b\n\n#grenzen #rouw")
    assert themes_of(vault)() == ["grenzen", "rouw", "rust"]

    async def scenario(coach: Person) -> None:
        await coach.type("Tekst.", CTRL["t"], until="grenzen  rouw  rust")
        await coach.type("r", until="rouw  rust")
        await coach.type(TAB, until="Themes: rouw")
        await coach.type(TAB, until="Themes: rust")
        await coach.type(ENTER, until="#rust")
        coach.presses(CTRL["s"])

    assert written(vault, scenario)[0] == "Tekst.\n\n#rust"


def test_leaving_the_themes_changes_nothing(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Tekst.", CTRL["t"], until="Themes:")
        await coach.type("rust", ESC, until="Ctrl-S save")
        coach.presses(CTRL["s"])

    assert written(vault, scenario)[0] == "Tekst."


# -- templates


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_questions_of_templates_are_no_personal_data(language: str) -> None:
    install(language)
    try:
        for form in forms():
            assert scan(form.text, load()) == [], form.name
        assert {"GROW", "STARR"} <= {form.name for form in forms()}
        assert len(questions()) >= 18
    finally:
        install("en")


def test_a_template_begins_an_empty_note_with_the_cursor_below_the_first_question(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type(CTRL["o"], until="Begin with a template")
        await coach.type(DOWN, UP, ENTER, until="Way forward")
        await coach.type("Rust.", until="\nRust.")
        coach.presses(CTRL["s"])

    text, _saving = written(vault, scenario)
    assert text is not None
    assert text.startswith("Goal: what do you want to reach?\nRust.\n\nReality")


def test_a_template_goes_in_where_the_cursor_is_and_undo_takes_it_out(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Vooraf.", CTRL["o"], until="Begin with a template")
        await coach.type("2", until="Situation: what was going on?")
        assert "Vooraf." in coach.seen()
        coach.presses(UNDO)
        await coach.no_longer_sees("Situation")
        coach.presses(CTRL["s"])

    assert written(vault, scenario)[0] == "Vooraf."
    assert put_in("a\nb", 1, "V?\n") == ("a\n\nV?\n\nb", 6)


def test_a_text_is_kept_as_a_template_used_and_taken_away(vault: Vault) -> None:
    async def first(coach: Person) -> None:
        await coach.type("Wat raakt je?", ENTER, CTRL["o"], until="Begin with a template")
        await coach.type("n", until="Name of the template:")
        await coach.type("Mijn begin", ENTER, until="Kept as a template: Mijn begin")
        await discard(coach)

    async def second(coach: Person) -> None:
        await coach.type(CTRL["o"], until="Mijn begin · yours")
        await coach.type("5", until="Wat raakt je?")
        await coach.type(CTRL["o"], until="Mijn begin · yours")
        await coach.type(UP, DELETE, until="Del again removes it")
        coach.presses(DELETE)
        await coach.no_longer_sees("Mijn begin")
        coach.presses(ESC)
        await discard(coach)

    written(vault, first)
    assert vault.templates() == [Template("Mijn begin", "Wat raakt je?\n")]
    written(vault, second)
    assert vault.templates() == []


def test_a_text_with_a_name_in_it_is_no_template(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Wat vindt Fatima?", CTRL["o"], until="Begin with a template")
        await coach.type("n", until="Not kept: 1 name in it.")
        await coach.type(CTRL["r"], CTRL["o"], "n", until="Name of the template:")
        await coach.type("Voor Fatima", ENTER, until="Not kept: 1 name in it.")
        await discard(coach)

    written(vault, scenario)
    assert vault.templates() == []


def test_a_template_that_cannot_be_kept_is_told_and_the_text_stays(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Vraag?", CTRL["o"], until="Begin with a template")
        await coach.type("n", until="Name of the template:")
        with full_disk():
            await coach.type("Mijn", ENTER, until="the disk failed")
        await coach.sees("Vraag?")
        await discard(coach)

    written(vault, scenario)


def test_the_lines_of_a_template_of_ones_own_are_left_alone(vault: Vault) -> None:
    vault.set_templates([Template("Beeld", "Wat zou Fatima zeggen?\n")])

    async def scenario(coach: Person) -> None:
        await coach.type(CTRL["o"], "5", until="Wat zou Fatima zeggen?")
        await coach.type("rust", until="nothing personal found")
        await coach.type(" van Fatima. ", until="1 name found")
        await discard(coach)

    written(vault, scenario)


# -- how long the note stays


def test_the_title_says_how_long_a_new_note_stays_and_one_key_changes_it(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.sees("kept at least 4, at most 6 months · Ctrl-E")
        for told in ("8, at most 12 months", "at most 24 months", "at most 5 years", "at most 6 weeks"):
            await coach.type(CTRL["e"], until=told)
        await coach.type("Kort.", CTRL["s"], until="")

    text, saving = written(vault, scenario)
    assert text == "Kort."
    assert saving.keep == Period(2, "m")
    assert [note.months_left for note in vault.notes()] == [1]


def test_an_existing_note_is_shortened_at_saving_without_a_question(vault: Vault) -> None:
    handle = vault.add("Noot.", Period(5, "y")).handle
    before = vault.show(handle).months_left

    async def scenario(coach: Person) -> None:
        await coach.type(CTRL["e"], until="at most 6 weeks (shorter than now)")
        assert vault.show(handle).months_left == before
        coach.presses(CTRL["s"])

    written(vault, scenario, "Noot.", handle)
    assert vault.show(handle).months_left == 1
    assert vault.show(handle).text == "Noot."


def test_an_existing_note_is_kept_longer_only_after_a_yes(vault: Vault) -> None:
    handle = vault.add("Noot.", Period(2, "m")).handle

    async def scenario(coach: Person) -> None:
        await coach.type(CTRL["e"], CTRL["e"], CTRL["e"], until="(longer than now)")
        await coach.type(CTRL["s"], until="The note may be kept longer than it is now.")
        await coach.type(ESC, "!", until="Noot.!")
        await coach.type(CTRL["s"], until="The note may be kept longer than it is now.")
        assert vault.show(handle).months_left == 1
        coach.presses(CTRL["s"])

    text, saving = written(vault, scenario, "Noot.", handle)
    assert text == "Noot.!"
    assert vault.show(handle).months_left >= 3
    assert saving.span is not None


def test_leaving_asks_when_only_the_expiry_was_changed(vault: Vault) -> None:
    handle = vault.add("Noot.", Period(5, "y")).handle
    before = vault.show(handle).months_left

    async def scenario(coach: Person) -> None:
        await coach.type(CTRL["e"], until="(shorter than now)")
        await coach.type(ESC, until="is not saved")
        coach.presses(CTRL["x"])

    written(vault, scenario, "Noot.", handle)
    assert vault.show(handle).months_left == before


def test_after_the_last_period_an_existing_note_stays_as_it_is(vault: Vault) -> None:
    handle = vault.add("Noot.", Period(1, "y")).handle
    saving = Saving(vault, handle)
    before = saving.told()
    for _ in range(7):
        saving.turn_keep()
    assert saving.moved is None
    assert saving.told() == before


def test_a_text_that_fails_to_be_stored_does_not_move_the_expiry_twice(vault: Vault) -> None:
    handle = vault.add("Noot.", Period(5, "y")).handle
    saving = Saving(vault, handle)
    saving.turn_keep()
    with pytest.raises(NoteNotText):
        saving("x\0y")
    left = vault.show(handle).months_left
    saving("Nieuw.")
    assert (vault.show(handle).text, vault.show(handle).months_left) == ("Nieuw.", left)


def test_a_clock_in_doubt_keeps_the_editor_open(tmp_path: Path) -> None:
    day = [date(2026, 11, 22)]
    with new_vault(tmp_path, clock=lambda: day[0]) as vault:

        async def scenario(coach: Person) -> None:
            day[0] = date(2027, 9, 1)
            await coach.type("Kostbaar.", CTRL["s"], until="may be wrong")
            day[0] = date(2026, 11, 22)
            coach.presses(CTRL["s"])

        assert written(vault, scenario)[0] == "Kostbaar."


def test_aids_without_a_vault_have_no_themes_and_no_templates_of_ones_own() -> None:
    aids = Aids()
    assert (list(aids.themes()), aids.templates(), aids.allowed()) == ([], [], frozenset())
