"""The guard while writing: it marks, offers, asks, and never loses a word."""

from collections.abc import Awaitable, Callable

import pytest

from cli.shell.aids import Aids
from cli.shell.editing import Editor
from cli.shell.editor import write_note
from cli.shell.frame import _STYLE
from cli.shell.kinds import counted, named
from cli.shell.saving import Saving
from tests.support.disk import full_disk
from tests.support.playing import CTRL, ENTER, ESC, Person, play_on
from vault.guard import KINDS, Find
from vault.service import Vault

F1, F2, HOME, TAB = "\x1bOP", "\x1bOQ", "\x1b[H", "\t"
UNDO, REDO = "\x1bu", "\x1be"
TEXT = "Gesproken met Jan over rust. Op 3 maart belde Jan met Fatima."


def written(
    vault: Vault, scenario: Callable[[Person], Awaitable[None]], text: str = "", **options: object
) -> str | None:
    """What write_note returns when `scenario` plays on it."""
    saving = Saving(vault)
    return play_on(lambda: write_note(text, title="Titel", save=saving, vault=vault, **options), scenario)  # type: ignore[arg-type]


def stored(vault: Vault) -> list[str]:
    return [note.text for note in vault.notes()]


async def discard(coach: Person) -> None:
    await coach.type(ESC, until="This text is not saved.")
    coach.presses(CTRL["x"])


# -- marks


def test_what_is_found_is_marked_while_typing_and_counted(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type(TEXT, until="3 names, 1 date found · Ctrl-G")
        assert all("class:guard" in style for style in coach.styles("Fatima"))
        assert not any("class:guard" in style for style in coach.styles("Gesproken"))
        await discard(coach)

    assert written(vault, scenario) is None


def test_marks_are_seen_without_colour() -> None:
    looks = _STYLE.get_attrs_for_style_str("class:guard") if hasattr(_STYLE, "get_attrs_for_style_str") else None
    assert looks is not None
    assert looks.underline


def test_with_the_guard_off_nothing_is_marked_and_saving_asks_nothing(vault: Vault) -> None:
    vault.set_guard_policy("off")

    async def scenario(coach: Person) -> None:
        await coach.type(TEXT, until="Fatima.")
        assert "found" not in coach.seen()
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == TEXT


def test_the_lists_are_not_read_before_an_editor_is_drawn(vault: Vault) -> None:
    aids = Aids(vault)
    Editor("Jan", title="", save=Saving(vault), on_done=lambda _: None, aids=aids)
    assert not aids.ready


# -- one find after the other


@pytest.mark.parametrize("key", [CTRL["g"], F2])
def test_one_key_replaces_every_mention_of_a_person_and_one_undo_takes_it_back(vault: Vault, key: str) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type(TEXT, HOME, until="found")
        await coach.type(key, until="name: Jan → persoon A (2×)")
        assert any("class:selected" in style for style in coach.styles("Jan"))
        await coach.type(ENTER, until="Gesproken met persoon A over rust. Op 3 maart belde persoon A met Fatima.")
        await coach.type(ESC, UNDO, until=TEXT)
        await coach.type(REDO, until="belde persoon A met Fatima")
        await discard(coach)

    written(vault, scenario)


def test_two_people_never_get_the_same_word(vault: Vault) -> None:
    """Also when the first was replaced before the second; and who comes back is called as before."""

    async def scenario(coach: Person) -> None:
        await coach.type(TEXT, HOME, CTRL["g"], until="persoon A (2×)")
        await coach.type(ENTER, TAB, until="name: Fatima → persoon B")
        await coach.type(ENTER, until="persoon A met persoon B.")
        await coach.type(ESC, "\x1b[F", " Later sprak Fatima. ", until="1 name, 1 date found")
        await coach.type(CTRL["r"], until="Later sprak persoon B.")
        await discard(coach)

    written(vault, scenario)


@pytest.mark.parametrize("key", ["k", "h"])
def test_what_is_kept_is_asked_no_more_in_this_editor(vault: Vault, key: str) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Gesproken met Jan.", CTRL["g"], until="name: Jan")
        await coach.type(key, until="Nothing is left")
        await coach.type(" Ook Jan zelf.", until="nothing personal found")
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "Gesproken met Jan. Ook Jan zelf."
    assert vault.allowed_words() == []


def test_what_is_allowed_for_ever_is_not_marked_in_the_next_note(vault: Vault) -> None:
    async def first(coach: Person) -> None:
        await coach.type("Model van Fatima.", CTRL["g"], until="name: Fatima")
        await coach.type("a", until="Nothing is left")
        coach.presses(CTRL["s"])

    async def second(coach: Person) -> None:
        await coach.type("Weer met fatima. ", until="nothing personal found")
        coach.presses(CTRL["s"])

    written(vault, first)
    assert vault.allowed_words() == ["Fatima"]
    assert written(vault, second) == "Weer met fatima. "


def test_allowing_that_fails_is_told_and_changes_nothing(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Met Fatima.", CTRL["g"], until="name: Fatima")
        with full_disk():
            await coach.type("a", until="the disk failed")
        await coach.type(ESC, until="1 name found")
        await discard(coach)

    written(vault, scenario)
    assert vault.allowed_words() == []


def test_everything_is_replaced_at_once_and_taken_back_at_once(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type(TEXT, CTRL["g"], until="name: Jan")
        await coach.type("r", until="Op [datum] belde persoon A met persoon B.")
        assert "Replaced: 3 names, 1 date." in coach.seen()
        await coach.type(UNDO, until=TEXT)
        await discard(coach)

    written(vault, scenario)


def test_a_theme_that_is_a_name_is_marked_and_stays_a_theme(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Met Fatima.", CTRL["t"], until="Themes:")
        await coach.type("fatima", ENTER, until="2 names found")
        await coach.type(CTRL["r"], until="#persoon-a")
        await discard(coach)

    written(vault, scenario)


# -- saving


def test_saving_asks_once_and_a_second_time_saves_as_it_is(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Met Jan en Fatima.", CTRL["s"], until="Still in it: 2 names.")
        assert stored(vault) == []
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "Met Jan en Fatima."
    assert stored(vault) == ["Met Jan en Fatima."]


def test_a_yes_holds_for_the_text_that_was_seen_only(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        with full_disk():
            await coach.type("Met Jan.", CTRL["s"], until="Still in it: 1 name.")
            await coach.type(CTRL["s"], until="the disk failed")
        await coach.type(" En Fatima.", CTRL["s"], until="Still in it: 2 names.")
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "Met Jan. En Fatima."


def test_the_question_leads_to_the_finds_or_replaces_all_or_back(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Met Jan.", CTRL["s"], until="Still in it: 1 name.")
        await coach.type(CTRL["g"], until="name: Jan → persoon A")
        await coach.type(ESC, CTRL["s"], until="Still in it: 1 name.")
        await coach.type(ESC, "!", until="Met Jan.!")
        await coach.type(CTRL["s"], until="Still in it: 1 name.")
        await coach.type(CTRL["r"], until="Met persoon A.!")
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "Met persoon A.!"


def test_redact_shows_what_will_be_stored_before_it_is_stored(vault: Vault) -> None:
    vault.set_guard_policy("redact")

    async def scenario(coach: Person) -> None:
        await coach.type("Met Jan.", CTRL["s"], until="Met persoon A.")
        assert "Read it once more" in coach.seen()
        assert stored(vault) == []
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "Met persoon A."


def test_refuse_saves_nothing_while_a_find_is_left(vault: Vault) -> None:
    vault.set_guard_policy("refuse")

    async def scenario(coach: Person) -> None:
        await coach.type("Met Jan en Fatima.", CTRL["s"], until="Not saved: replace it first.")
        await coach.type(CTRL["s"], until="Not saved: replace it first.")
        await coach.type(CTRL["g"], until="name: Jan")
        assert "k keep" not in coach.seen()
        await coach.type("k", "h", ENTER, until="name: Fatima")
        assert stored(vault) == []
        await coach.type("a", until="Nothing is left")
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "Met persoon A en Fatima."


def test_an_existing_note_left_as_it_is_needs_no_answer(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.sees("1 name found")
        coach.presses(CTRL["s"])

    assert written(vault, scenario, "Met Fatima.") is None


def test_without_a_vault_the_guard_works_and_offers_no_allowing() -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Met Jan.", CTRL["g"], until="name: Jan")
        assert "always fine" not in coach.seen()
        await coach.type("a", ENTER, until="Met persoon A.")
        coach.presses(CTRL["s"])

    assert play_on(lambda: write_note("", title="Titel"), scenario) == "Met persoon A."


def test_the_keys_page_is_closed_by_any_key_and_a_question_mark_is_text(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("Waarom?", F1, until="go to what the guard found")
        assert "Waarom?" not in coach.seen()
        assert all(len(row) <= 80 for row in coach.seen().split("\n"))
        await coach.type("?", until="Waarom?")
        await coach.no_longer_sees("go to what")
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "Waarom?"


def test_locking_at_the_bar_seals_the_text(vault: Vault) -> None:
    from cli.failures import Refused

    async def scenario(coach: Person) -> None:
        await coach.type("Met Jan.", CTRL["g"], until="name: Jan")
        coach.presses(CTRL["l"])

    with pytest.raises(Refused):
        written(vault, scenario)
    assert vault.draft() == ("Met Jan.", "")


def test_a_paste_of_100_kilobytes_is_scanned_beside_the_keys(vault: Vault) -> None:
    text = "\r".join(f"Regel met {name} erin, en nog wat woorden erachter." for name in ["Fatima", "rust"] * 1000)
    assert len(text) > 90_000

    async def scenario(coach: Person) -> None:
        await coach.type(f"\x1b[200~{text}\x1b[201~", until="en nog wat woorden erachter.")
        await coach.type("!", until="erachter.!")
        await coach.sees("1000 names found")
        await discard(coach)

    assert written(vault, scenario) is None


def test_one_endless_sentence_waits_for_a_pause_and_is_marked_then(vault: Vault) -> None:
    text = "rustig en " * 3000

    async def scenario(coach: Person) -> None:
        await coach.type(f"\x1b[200~{text}\x1b[201~", until="nothing personal found")
        await coach.type("met ", "Fatima ", until="met Fatima")
        await coach.sees("1 name found")
        await discard(coach)

    assert written(vault, scenario) is None


def test_after_leaving_nothing_of_the_text_is_held(vault: Vault) -> None:
    aids = Aids(vault)
    aids.lists()
    editor = Editor("Met Fatima.", title="", save=Saving(vault), on_done=lambda _: None, aids=aids)
    assert editor.guarding.settle()
    editor.guarding.forget()
    assert editor.guarding.finds == []


def test_a_click_puts_the_cursor_there(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("een twee drie", until="een twee drie")
        await coach.type("\x1b[<0;5;2M\x1b[<0;5;2m", "X", until="een Xtwee drie")
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == "een Xtwee drie"


def test_shifted_arrows_select(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("een twee drie", HOME, "\x1b[1;2C\x1b[1;2C\x1b[1;2C", until="een twee")
        assert any("class:selected" in style for style in coach.styles("een"))
        await coach.type(CTRL["x"], "\x1b[F", CTRL["v"], until=" twee drieeen")
        coach.presses(CTRL["s"])

    assert written(vault, scenario) == " twee drieeen"


def test_every_kind_of_find_has_a_name_and_is_counted() -> None:
    for kind in KINDS:
        assert named(kind) != kind or kind == "postcode"
        assert counted([Find(0, 1, kind, "x")]).startswith("1 ")
    assert counted([Find(0, 1, kind, "x") for kind in KINDS]) == "1 name, 1 date, 1 place, 11 others"
