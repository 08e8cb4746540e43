"""The first run on a new computer: from the recovery stick and the paper to the open vault."""

from collections.abc import Callable
from pathlib import Path

import pytest

from cli.failures import INTERRUPTED
from tests.support.playing import CTRL, DAY, DOWN, ENTER, ESC, PASSPHRASE, Person
from tests.unit.shell.test_wizard import FirstRun
from vault.months import Period
from vault.service import Paths, create_vault, open_vault


class Recovering(FirstRun):
    """A run by somebody with a stick and a paper."""

    def __init__(self, tmp_path: Path) -> None:
        (tmp_path / "new").mkdir()
        super().__init__(tmp_path / "new")
        self.stick = tmp_path / "stick"
        self.old = Paths(str(tmp_path / "old" / "data"), str(tmp_path / "old" / "anchors"))
        vault, self.code = create_vault(self.old, PASSPHRASE, keep=Period(6, "m"), clock=lambda: DAY)
        with vault:
            vault.add_many(["een", "twee"])
            vault.add_place(str(self.stick))

    async def to_folder(self, person: Person) -> None:
        await person.sees("pen and paper")
        await person.type(DOWN, DOWN, until="> I have a recovery stick")
        await person.type(ENTER, until="Folder:")

    async def to_secret(self, person: Person) -> None:
        await self.to_folder(person)
        await person.type(str(self.stick), ENTER, until="Code or passphrase:")

    async def to_found(self, person: Person) -> None:
        await self.to_secret(person)
        await person.type(self.code, ENTER, until="> Restore it on this computer")

    async def through(self, person: Person) -> None:
        await self.to_found(person)
        await person.type(ENTER, until="Your vault is back")
        person.presses(ENTER)

    def texts(self, secret: str = "") -> list[str]:
        with open_vault(self.paths, secret or self.code, clock=lambda: DAY) as vault:
            return sorted(note.text for note in vault.notes())


@pytest.fixture
def run(tmp_path: Path) -> Recovering:
    return Recovering(tmp_path)


def test_stick_and_paper_bring_the_vault_back_and_it_opens(run: Recovering) -> None:
    assert run.play(run.through) == 0
    assert run.wizard.vault is not None
    assert run.texts() == ["een", "twee"]
    assert run.texts(PASSPHRASE) == ["een", "twee"]


def test_what_has_to_be_known_is_said_before_anything_is_written(run: Recovering) -> None:
    async def scenario(person: Person) -> None:
        await run.to_found(person)
        seen = " ".join(person.seen().split())
        assert "holds 2 notes" in seen
        assert "is not on it and does not come back" in seen
        assert "is still on it: destroy it again" in seen
        assert run.untouched
        person.presses(CTRL["c"])

    assert run.play(scenario) == INTERRUPTED
    assert run.untouched


@pytest.mark.parametrize("step", ["to_folder", "to_secret", "to_found"])
def test_leaving_on_the_way_leaves_nothing_on_the_disk(run: Recovering, step: str) -> None:
    async def scenario(person: Person) -> None:
        await getattr(run, step)(person)
        person.presses(CTRL["c"])

    assert run.play(scenario) == INTERRUPTED
    assert run.untouched


def test_a_wrong_code_and_a_wrong_folder_are_told_and_can_be_typed_again(run: Recovering) -> None:
    async def scenario(person: Person) -> None:
        await run.to_folder(person)
        await person.type(str(run.folder), ENTER, until="no recovery stick in that folder")
        await person.type("\x15", str(run.stick), ENTER, until="Code or passphrase:")
        await person.type("geraden wachtzin", ENTER, until="That did not work.")
        assert "geraden" not in person.seen()
        await person.type(ESC, until="Code or passphrase:")
        await person.type(PASSPHRASE, ENTER, until="> Restore it on this computer")
        await person.type(ENTER, until="Your vault is back")
        person.presses(ENTER)

    assert run.play(scenario) == 0
    assert run.texts() == ["een", "twee"]


def test_esc_leads_back_to_the_first_question(run: Recovering) -> None:
    async def scenario(person: Person) -> None:
        await run.to_found(person)
        for text in ("Code or passphrase:", "Folder:", "> I have a recovery stick"):
            await person.type(ESC, until=text)
        person.presses(CTRL["c"])

    assert run.play(scenario) == INTERRUPTED
    assert run.untouched


def _vanishes(run: Recovering) -> None:
    (run.stick / "vault.db").rename(run.stick.parent / "weg.db")


def _comes_back(run: Recovering) -> None:
    (run.stick.parent / "weg.db").rename(run.stick / "vault.db")


@pytest.mark.parametrize(("harm", "mend"), [(_vanishes, _comes_back)])
def test_a_stick_that_is_pulled_out_is_told_and_tried_again(
    run: Recovering, harm: Callable[[Recovering], None], mend: Callable[[Recovering], None]
) -> None:
    async def scenario(person: Person) -> None:
        await run.to_found(person)
        harm(run)
        await person.type(ENTER, until="That did not work.")
        assert run.untouched
        mend(run)
        await person.type(ENTER, until="Your vault is back")
        person.presses(ENTER)

    assert run.play(scenario) == 0
    assert run.texts() == ["een", "twee"]
