"""A client's notes on the desk: engagements, the slip at the table, a copy to take along, everything destroyed."""

import json
from pathlib import Path

import pytest

from cli.failures import Refused
from cli.shell.desk import Desk
from cli.writing import write
from tests.support.playing import CTRL, ENTER, ESC, Person, order, play, play_on
from tests.support.slips import mistyped
from vault import receipt
from vault.service import Vault, claim_words


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that names without one are in: a long path would break a message over lines."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def desk(vault: Vault) -> Desk:
    return Desk(vault, "en", grace_seconds=0.05)


def leave(coach: Person) -> None:
    coach.presses(CTRL["q"])


def slip(vault: Vault, alias: str, *texts: str, strict: bool = False) -> str:
    """The words of the slip of a new engagement with these notes."""
    code = vault.open_engagement(alias, strict)
    for text in texts:
        vault.add(text, engagement=alias)
    return " ".join(claim_words(code, "en"))


def test_an_engagement_is_opened_written_for_and_closed_and_the_slip_is_shown_once(
    vault: Vault, tmp_path: Path
) -> None:
    paper = tmp_path / "slip.txt"

    async def scenario(coach: Person) -> None:
        await coach.type(order("engagement"), until="No engagement is open.")
        await coach.type(order("engagement open beech"), until="CLAIM SLIP")
        await coach.type(str(tmp_path), ENTER, until="choose a name that ends in")
        await coach.type(str(paper), ENTER, until="The slip is in")
        assert "engagement: beech" in coach.seen()
        await coach.type(CTRL["n"], until="New note")
        await coach.type("Eerste gesprek.", CTRL["s"], until="Saved as")
        await coach.type(CTRL["n"], until="New note")
        await coach.type("Tweede gesprek.", CTRL["s"], until="Saved as")
        coach.presses(ESC)
        await coach.no_longer_sees("engagement: beech")
        await coach.type(order("engagement beech"), until="engagement: beech")
        rows = coach.seen().split("\n")
        # the last talk first: that is what a coach rereads before the next
        assert "Tweede" in rows[1]
        assert "Eerste" in rows[2]
        await coach.type(order("engagement close beech"), until="[y/N]")
        await coach.type("y", ENTER, until="its alias and its keys are erased.")
        await coach.type(order("engagement beech"), until="There is no such engagement.")
        leave(coach)

    assert play(lambda: desk(vault), scenario) == 0
    assert vault.engagements() == []
    assert len(vault.handles()) == 2
    assert "CLAIM SLIP" in paper.read_text()
    assert paper.stat().st_mode & 0o777 == 0o600


# Seen to fail when the guard does not look at the alias.
def test_an_alias_that_is_a_name_is_asked_about(vault: Vault) -> None:
    async def scenario(coach: Person) -> None:
        await coach.type(order("engagement open Machteld Doornbos"), until="The guard found: 1 name.")
        await coach.type(ENTER, until="Nothing was changed.")
        leave(coach)

    play(lambda: desk(vault), scenario)
    assert vault.engagements() == []


def unwrapped(coach: Person) -> str:
    """What is on the screen; where its lines end depends on how long the names of files are."""
    return " ".join(coach.seen().split())


def test_a_client_at_the_table_sees_the_notes_corrects_them_and_takes_a_copy(vault: Vault, here: Path) -> None:
    words = slip(vault, "beech", "Eerste gesprek.", "Tweede gesprek.")
    slip(vault, "oak", "Van een ander.")
    vault.close_engagement("beech")
    copy = here / "copy.json"

    async def scenario(coach: Person) -> None:
        await coach.sees("3 notes")
        await coach.type(order("client"), until="eight words")
        # one letter typed wrong, and capitals
        await coach.type(
            " ".join(mistyped(words.split(), "en", lambda word: word[:-1] + "q")).upper(),
            ENTER,
            until="a client's slip: 2 notes",
        )
        assert "Van een ander." not in coach.seen()
        await coach.type(CTRL["e"], until="Ctrl-S save")
        await coach.type(" Gecorrigeerd.", CTRL["s"], until="Saved as")
        await coach.type(order(f"export {copy.name}"), until="2 notes are in")
        assert "This file is not sealed" in unwrapped(coach)
        coach.presses(ESC)
        await coach.sees("? help")
        coach.presses(ESC)
        await coach.sees("Van een ander.")
        leave(coach)

    play(lambda: desk(vault), scenario)
    texts = {note["text"] for note in json.loads(copy.read_text())["notes"]}
    assert len(texts) == 2
    assert sum("Gecorrigeerd." in text for text in texts) == 1
    assert len(vault.handles()) == 3


# Seen to fail when the code is not tried.
def test_everything_of_a_client_is_copied_destroyed_and_receipted_and_nothing_else(vault: Vault, here: Path) -> None:
    words = slip(vault, "beech", "Eerste gesprek.", "Tweede gesprek.", strict=True)
    other = vault.add("Van een ander.").handle
    copy, paper = here / "copy.html", here / "receipt.json"

    async def scenario(coach: Person) -> None:
        await coach.type(order("erase"), until="Whose notes?")
        await coach.type(order("client"), until="eight words")
        await coach.type(words, ENTER, until="a client's slip: 2 notes")
        await coach.type(order("erase"), until="A copy for the client first?")
        await coach.type(copy.name, ENTER, until="Press Enter when you have it.")
        lines = coach.seen().split("\n")
        code = lines[next(at for at, line in enumerate(lines) if "The spoken code" in line) + 2].strip()
        await coach.type(ENTER, until="Type it from your paper.")
        assert code not in coach.seen()
        await coach.type("iets heel anders", ENTER, until="That is not the code.")
        await coach.type(code, ENTER, until="A receipt for the client?")
        await coach.type(paper.name, ENTER, until="[y/N]")
        assert "2 notes will be destroyed:" in coach.seen()
        await coach.type("y", ENTER, until="2 notes are destroyed.")
        await coach.waits(lambda: "The receipt is in" in unwrapped(coach), "the receipt")
        leave(coach)

    play(lambda: desk(vault), scenario)
    assert vault.handles() == [other]
    assert receipt.verify(paper.read_bytes()).notes == 2
    assert "2 notes were destroyed for good" in paper.with_suffix(".txt").read_text()
    assert b"Eerste gesprek" not in copy.read_bytes()


# Seen to fail when nobody is asked for a yes.
@pytest.mark.parametrize("step", ["copy", "code", "receipt", "yes"])
def test_going_back_at_any_step_destroys_nothing(vault: Vault, tmp_path: Path, step: str) -> None:
    words = slip(vault, "beech", "Eerste gesprek.")

    async def scenario(coach: Person) -> None:
        await coach.type(order("client"), until="eight words")
        await coach.type(words, ENTER, until="a client's slip: 1 note")
        await coach.type(order("erase"), until="A copy for the client first?")
        if step == "code":
            await coach.type(str(tmp_path / "copy.age"), ENTER, until="Press Enter when you have it.")
        elif step in ("receipt", "yes"):
            await coach.type(ENTER, until="A receipt for the client?")
            if step == "yes":
                await coach.type(ENTER, until="[y/N]")
        await coach.type(CTRL["c"], until="Nothing was destroyed.")
        leave(coach)

    play(lambda: desk(vault), scenario)
    assert len(vault.handles()) == 1
    assert list(tmp_path.glob("copy*")) == []


def test_a_slip_that_fits_nothing_answers_like_one_whose_notes_are_gone(vault: Vault) -> None:
    words = slip(vault, "beech", "Eerste gesprek.")
    vault.shred(vault.handles())
    answers = []

    async def scenario(coach: Person) -> None:
        for typed in (words, " ".join(claim_words(bytes(range(11)), "en"))):
            await coach.type(order("client"), until="eight words")
            await coach.type(typed, ENTER, until="No notes belong to this slip (any more).")
            answers.append(coach.seen().replace(typed, "WORDS"))
        leave(coach)

    play(lambda: desk(vault), scenario)
    first, second = (" ".join(answer.split("No notes belong", 1)[1].split()[:14]) for answer in answers)
    assert first.split("read as:")[0] == second.split("read as:")[0]


def test_a_text_that_was_locked_away_is_given_back_to_its_engagement(vault: Vault) -> None:
    slip(vault, "beech")

    async def locks(coach: Person) -> None:
        await coach.type("Half geschreven", until="Half geschreven")
        coach.presses(CTRL["l"])

    # as `add --engagement beech` opens it
    with pytest.raises(Refused):
        play_on(lambda: write(vault, "New note", engagement="beech"), locks)
    assert vault.draft_engagement() == "beech"

    async def goes_on(coach: Person) -> None:
        await coach.type(" en klaar.", CTRL["s"], until="Saved as")
        leave(coach)

    play(lambda: desk(vault), goes_on)
    assert [note.text for note in vault.notes_of("beech")] == ["Half geschreven en klaar."]
