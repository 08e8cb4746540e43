"""The open vault on the screen, played with real keys on a real vault."""

from collections.abc import Callable
from datetime import date
from pathlib import Path

from cli.shell.desk import Desk
from tests.support.disk import full_disk
from tests.support.playing import CTRL, DAY, ENTER, ESC, PAGE_DOWN, PASSPHRASE, Person, new_vault, play, reopened
from vault.errors import WrongSecret
from vault.months import Period
from vault.service import Vault


def remembered(vault: Vault) -> tuple[Callable[[], Desk], Callable[[], Desk]]:
    """The desk that was made, and what makes it."""
    made: list[Desk] = []

    def make() -> Desk:
        made.append(Desk(vault, "en"))
        return made[0]

    return lambda: made[0], make


def leave(coach: Person) -> None:
    coach.presses("quit", ENTER)


def test_a_note_is_written_found_and_shown(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.sees("0 notes")
        await coach.type("new", ENTER, until="Ctrl-S save")
        await coach.type("Grenzen stellen.", ENTER, "En ademen.", until="En ademen.")
        await coach.type(CTRL["s"], until="Saved as")
        assert "It is kept for at least 4 and at most 6 months." in coach.seen()
        await coach.type("find GRÉNZEN", ENTER, until="1 note found.")
        assert all("class:hit" in style for style in coach.styles("Grenzen"))
        assert not any("class:hit" in style for style in coach.styles("stellen"))
        coach.presses("list", ENTER)
        await coach.sees("Grenzen stellen. En ademen.")
        await coach.type("show ", vault.handles()[0][:3], "\t", ENTER, until="\n\nGrenzen stellen.\nEn ademen.")
        leave(coach)

    assert play(lambda: Desk(vault, "en"), scenario) == 0
    assert [note.text for note in vault.notes()] == ["Grenzen stellen.\nEn ademen."]


def test_dutch_and_english_words_both_work(vault: Vault) -> None:
    vault.add("Over rouw.")

    async def scenario(coach: Person) -> None:
        await coach.sees("  nieuw ")
        await coach.type("zoek rouw", ENTER, until="1 note found.")
        await coach.type("find niets", ENTER, until="No note holds all of these words.")
        await coach.type("HULP", ENTER, until="vernietig")
        await coach.type("?", ENTER, until="vernietig")
        coach.presses("stop", ENTER)

    assert play(lambda: Desk(vault, "nl"), scenario) == 0


def test_a_note_is_changed_and_the_new_text_is_shown(vault: Vault) -> None:
    handle = vault.add("Oude woorden.").handle

    async def scenario(coach: Person) -> None:
        await coach.type("edit ", handle, ENTER, until=f"Note {handle}")
        await coach.type(" Nieuwe ook.", CTRL["s"], until=f"Saved as {handle}.")
        await coach.sees("Oude woorden. Nieuwe ook.")
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)
    assert vault.show(handle).text == "Oude woorden. Nieuwe ook."


def test_keep_shortens_at_once_and_asks_before_it_lengthens(vault: Vault) -> None:
    handle = vault.add("Iets.").handle
    before = vault.show(handle).months_left

    async def scenario(coach: Person) -> None:
        await coach.type("keep ", handle, " 2y", ENTER, until="[y/N]")
        await coach.type(ENTER, until="Nothing was changed.")
        assert vault.show(handle).months_left == before
        await coach.type("keep ", handle, " 2y", ENTER, until="[y/N]")
        await coach.type("y", ENTER, until="It is kept for at least")
        assert vault.show(handle).months_left > before
        await coach.type("keep ", handle, " 2m", ENTER, until="weeks.")
        await coach.type("keep ", handle, " 1m", ENTER, until="at least two months")
        await coach.type("keep ", handle, " lang", ENTER, until="Write a period as")
        await coach.type("keep ", handle, ENTER, until="Type it like this: keep HANDLE PERIOD")
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)
    assert vault.show(handle).months_left <= 1


def test_new_takes_a_period(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("new 2m", ENTER, until="New note")
        await coach.type("Kort houdbaar.", CTRL["s"], until="Saved as")
        await coach.type("new 2x", ENTER, until="Write a period as")
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)
    assert vault.notes()[0].months_left <= 1


def test_shred_is_announced_and_can_be_cancelled_until_confirmed(vault: Vault) -> None:
    handles = sorted(vault.add(text).handle for text in ("Eerste geheim.", "Tweede geheim."))

    async def scenario(coach: Person) -> None:
        for refusal in (ESC, CTRL["c"], CTRL["d"], ENTER, "n" + ENTER, "maybe" + ENTER):
            await coach.type("shred ", " ".join(handles), ENTER, until="2 notes will be destroyed:")
            assert "Eerste geheim." in coach.seen()
            await coach.type(refusal, until="Nothing was destroyed.")
        assert vault.handles() == handles
        await coach.type("shred ", " ".join(handles), ENTER, until="[y/N]")
        await coach.type("yes", ENTER, until="2 notes are destroyed.")
        assert "geheim" not in coach.seen()
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)
    assert vault.notes() == []


def test_an_answer_typed_ahead_destroys_nothing(vault: Vault) -> None:
    handle = vault.add("Blijft.").handle

    async def scenario(coach: Person) -> None:
        await coach.type("shred ", handle, ENTER, "yes", ENTER, "y", ENTER, until="[y/N]")
        # nor is what follows an answer taken for a command
        await coach.type("n", ENTER, "quit", ENTER, until="Nothing was destroyed.")
        await coach.type("help", ENTER, until="vault is closed")
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)
    assert vault.handles() == [handle]


def test_mistakes_are_told_in_a_sentence(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("kletspraat", ENTER, until="There is no command 'kletspraat' here. Type help")
        await coach.type("show", ENTER, until="Type it like this: show HANDLE")
        await coach.type("show xx", ENTER, until="That is not a handle.")
        await coach.type("show bakemo", ENTER, until="There is no note with that handle.")
        await coach.type("find", ENTER, until="Type it like this: find WORD…")
        await coach.type("shred", ENTER, until="Type it like this: shred HANDLE…")
        await coach.type("edit a b", ENTER, until="Type it like this: edit HANDLE")
        await coach.type("list", ENTER, until="There are no notes yet.")
        leave(coach)

    assert play(lambda: Desk(vault, "en"), scenario) == 0


def test_a_long_list_turns_by_the_page(vault: Vault) -> None:
    vault.add_many([f"Notitie {number}." for number in range(90)])
    last = vault.handles()[-1]

    async def scenario(coach: Person) -> None:
        await coach.type("list", ENTER, until="PgDn")
        assert last not in coach.seen()
        await coach.type(PAGE_DOWN, PAGE_DOWN, PAGE_DOWN, until=last)
        assert "PgDn" not in coach.seen()
        assert "PgUp" in coach.seen()
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)


def test_status_counts_without_naming_a_day(vault: Vault) -> None:
    vault.add("Een.")

    async def scenario(coach: Person) -> None:
        await coach.type("status", ENTER, until="The smallest crowd")
        assert "2026" not in coach.seen()
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)


def test_the_passphrase_is_changed_unseen_and_leaves_no_trace_in_the_line(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:

        async def scenario(coach: Person) -> None:
            await coach.type("passphrase", ENTER, until="recovery code now:")
            await coach.type("van iemand anders", ENTER, until="does not fit this vault. Nothing was changed.")
            await coach.type("passphrase", ENTER, until="recovery code now:")
            await coach.type(PASSPHRASE, ENTER, until="New passphrase:")
            await coach.type("kort", ENTER, until="Too short")
            await coach.type("passphrase", ENTER, until="recovery code now:")
            await coach.type(PASSPHRASE, ENTER, until="New passphrase:")
            await coach.type("zeven gele fietsen", until="******************")
            await coach.type(CTRL["u"], "zeven gele fietsen", ENTER, until="Once more")
            await coach.type("zeven gele fiets", ENTER, until="The two are not the same.")
            await coach.type("passphrase", ENTER, until="recovery code now:")
            await coach.type(PASSPHRASE, ENTER, until="New passphrase:")
            await coach.type("zeven gele fietsen", ENTER, until="Once more")
            await coach.type("zeven gele fietsen", ENTER, until="The new passphrase holds")
            # neither the history nor what was cut gives it back
            await coach.type("\x1b[A", CTRL["y"], until="> passphrase")
            await coach.type(CTRL["c"], "new", ENTER, until="New note")
            await coach.type(CTRL["y"], "klaar", until="klaar")
            assert "gele" not in coach.seen()
            await coach.type(ESC, until="not saved")
            await coach.type(CTRL["x"], until="Nothing was stored.")
            leave(coach)

        play(lambda: Desk(vault, "en"), scenario)
    try:
        reopened(tmp_path).close()
    except WrongSecret:
        pass
    else:
        raise AssertionError("the old passphrase still opens the vault")


def test_ctrl_c_clears_the_line_and_ctrl_z_does_nothing(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("shred alles", until="> shred alles")
        await coach.type(CTRL["z"], CTRL["q"], CTRL["s"], "!", until="> shred alles!")
        coach.presses(CTRL["c"])
        await coach.no_longer_sees("shred alles")
        coach.presses(CTRL["d"])

    assert play(lambda: Desk(vault, "en"), scenario) == 0


def test_a_paste_of_several_lines_runs_no_command(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("\x1b[200~quit\rquit\nquit\x1b[201~", until="> quit quit quit")
        coach.presses(CTRL["c"])
        leave(coach)

    assert play(lambda: Desk(vault, "en"), scenario) == 0


def test_tab_completes_words_and_handles(vault: Vault) -> None:
    handle = vault.add("Iets.").handle

    async def scenario(coach: Person) -> None:
        await coach.type("sho\t", until="> show")
        await coach.type(handle[0], "\t", until=f"> show {handle}")
        await coach.type(CTRL["c"], "list \t", "x", until="> list x")
        coach.presses(CTRL["c"])
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)


def test_sought_words_stay_in_memory(tmp_path: Path, own_home: Path) -> None:
    with new_vault(tmp_path) as vault:

        async def scenario(coach: Person) -> None:
            await coach.type("find kwartelei", ENTER, until="No note holds")
            await coach.type("\x1b[A", until="> find kwartelei")
            coach.presses(CTRL["c"])
            leave(coach)

        play(lambda: Desk(vault, "en"), scenario)
    for folder in (tmp_path, own_home):
        assert not any(b"kwartelei" in path.read_bytes() for path in folder.rglob("*") if path.is_file())


# -- time


def test_a_clock_that_jumped_destroys_nothing_until_the_coach_says_it_is_right(tmp_path: Path) -> None:
    with new_vault(tmp_path) as vault:
        vault.add("Vergaat.", Period(2, "m"))
    with reopened(tmp_path, lambda: date(2028, 1, 10)) as vault:

        async def doubts(coach: Person) -> None:
            await coach.sees("The clock of this computer is 14 months ahead of the last time.")
            await coach.type(ENTER, until="Then nothing is destroyed for now.")
            assert vault.due() == 1
            await coach.type("new", ENTER, until="[y/N]")
            await coach.type("n", ENTER, until="Then nothing is destroyed for now.")
            leave(coach)

        play(lambda: Desk(vault, "en"), doubts)
        assert vault.due() == 1

        async def is_sure(coach: Person) -> None:
            await coach.sees("[y/N]")
            await coach.type("y", ENTER, until="1 note had expired and was shredded.")
            leave(coach)

        play(lambda: Desk(vault, "en"), is_sure)
        assert vault.due() == 0


def test_what_expires_while_the_vault_is_open_leaves_the_screen(tmp_path: Path) -> None:
    today = [DAY]
    with new_vault(tmp_path, lambda: today[0]) as vault:
        handle = vault.add("Vergankelijk.", Period(2, "m")).handle
        desk, make = remembered(vault)

        async def scenario(coach: Person) -> None:
            for day in (date(2027, 1, 5), date(2027, 2, 5)):
                await coach.type("show ", handle, ENTER, until="Vergankelijk.")
                today[0] = day
                desk().turn_month()
                await coach.no_longer_sees("Vergankelijk.")
                if not vault.handles():
                    break
            await coach.sees("1 note had expired and was shredded.")
            await coach.sees("0 notes")
            leave(coach)

        play(make, scenario)
        assert vault.status().used == 0


def test_a_new_month_is_noticed_at_the_next_command(tmp_path: Path) -> None:
    today = [DAY]
    with new_vault(tmp_path, lambda: today[0]) as vault:
        vault.add("Vergankelijk.", Period(2, "m"))

        async def scenario(coach: Person) -> None:
            for day in (date(2027, 1, 5), date(2027, 2, 5)):
                await coach.type("help", ENTER, until="vault is closed")
                today[0] = day
                coach.presses(ENTER)
                await coach.no_longer_sees("vault is closed")
            leave(coach)

        play(lambda: Desk(vault, "en"), scenario)
        assert vault.status().used == 0


def test_a_note_that_expires_under_the_editor_can_be_kept_as_a_new_one(tmp_path: Path) -> None:
    today = [DAY]
    with new_vault(tmp_path, lambda: today[0]) as vault:
        handle = vault.add("Vergankelijk.", Period(2, "m")).handle
        desk, make = remembered(vault)

        async def scenario(coach: Person) -> None:
            await coach.type("edit ", handle, ENTER, until="Ctrl-S save")
            for day in (date(2027, 1, 5), date(2027, 2, 5)):
                today[0] = day
                desk().turn_month()
            await coach.type(" Toch niet.", CTRL["s"], until="was destroyed while you were writing")
            await coach.type(CTRL["s"], until="Saved as")
            leave(coach)

        play(make, scenario)
        assert [note.text for note in vault.notes()] == ["Vergankelijk. Toch niet."]
        assert vault.handles() != [handle]


# -- trouble


def test_a_full_disk_keeps_the_text_in_the_editor_and_saving_can_be_retried(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type("new", ENTER, until="New note")
        with full_disk():
            await coach.type("Kostbaar.", CTRL["s"], until="the disk failed")
            assert "Kostbaar." in coach.seen()
        await coach.type(CTRL["s"], until="Saved as")
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)
    assert [note.text for note in vault.notes()] == ["Kostbaar."]


def test_control_characters_of_a_note_are_shown_and_never_sent(vault: Vault) -> None:
    handle = vault.add("voor\x1b[2Jna\x9b31m\x07 \u202eomgekeerd").handle

    async def scenario(coach: Person) -> None:
        for command in (f"show {handle}", "list", "find voor"):
            await coach.type(command, ENTER, until="voor^[[2Jna<9b>31m^G �omgekeerd")
        await coach.type("edit ", handle, ENTER, until="voor^[[2Jna<9b>31m^G �omgekeerd")
        await coach.type(ESC, until="Nothing was stored.")
        leave(coach)

    play(lambda: Desk(vault, "en"), scenario)
