"""P10: a laptop with two recovery sticks, a second device, a server with its recovery paper. Whichever one of them is
destroyed, and whichever two, everything that was written and refreshed or synced comes back from each that is left, as
the table in docs/nl/herstellen.md says; and where nothing can come back, that is said.

Seen to fail: with a restore that leaves a note out of its ledger, and with a refresh that does not read a slot of the
vault that it could (both by hand).
"""

import shutil
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path

import pytest

from sync import codes
from tests.support.coach import by_paper, take_own_keys, with_paper
from tests.support.fleet import Fleet, fleet
from tests.support.memory_line import URL
from tests.support.restoring import as_vault, spoil
from tests.support.vaults import Place
from vault import errors
from vault.months import Period
from vault.service.restoring import examine, open_backups, open_places, restore_vault
from vault.service.session import Change

LAPTOP, STICK_1, STICK_2, DEVICE, SERVER = PLACES = ("laptop", "stick 1", "stick 2", "second device", "server")
SINGLE = [(each,) for each in PLACES]
PAIRS = list(combinations(PLACES, 2))
EARLY = ["een van de laptop", "een van het tweede apparaat", "een lange " * 700]
LATE = "na de laatste keer dat stick 2 werd bijgewerkt"


class Practice:
    """All of it, with every note where it should be; and what the coach has on paper."""

    def __init__(self, found: Fleet) -> None:
        self.fleet = found
        laptop = found.first("laptop")
        laptop.sync()
        device = found.join("second device", "laptop")
        self.sticks = {name: str(found.folder / name) for name in (STICK_1, STICK_2)}
        self.disk = str(found.folder / "disk")
        Path(self.disk).mkdir()
        laptop.vault.add_many([EARLY[0], EARLY[2]], Period(1, "y"))
        device.add(EARLY[1])
        found.settle()
        for folder in self.sticks.values():
            laptop.vault.add_place(folder)
        self.paper: codes.Paper = with_paper(laptop)
        laptop.add(LATE)
        found.settle()
        laptop.vault.refresh_place(self.sticks[STICK_1])
        laptop.vault.back_up(self.disk)
        self.secrets = {"passphrase": laptop.place.passphrase, "recovery code": laptop.place.code}

    def destroy(self, name: str) -> None:
        """It burns, or lies at the bottom of a canal."""
        if name in self.sticks:
            shutil.rmtree(self.sticks[name])
        elif name == SERVER:
            # an empty one has its address
            for device in self.fleet.devices.values():
                device.hang_up()
            self.fleet.server.storage.purge_account(self.fleet.account)
        else:
            device = self.fleet.devices.pop(name)
            device.close()
            shutil.rmtree(device.place.folder)

    # -- what comes back

    def from_device(self, name: str) -> list[str]:
        """By opening what is there; it can be written to as ever."""
        device = self.fleet.devices[name]
        device.reopen()
        device.vault.shred([device.vault.add("en het gaat verder").handle])
        return device.texts()

    def from_stick(self, name: str, secret: str) -> list[str]:
        """On a new computer, with one secret; the stick is the new vault's afterwards."""
        place = Place(self.fleet.folder / f"nieuw {name} {secret}", self.fleet.day)
        with (
            open_places([self.sticks[name]], self.secrets[secret]) as (found, _),
            restore_vault(place.paths, found, {}, clock=place.clock) as vault,
        ):
            vault.close()
        place.passphrase = self.secrets[secret]
        with place.open() as vault:
            return sorted(note.text for note in vault.notes())

    def on_another_server(self) -> list[str]:
        """What another device gets there, once the laptop has enrolled anew."""
        laptop = self.fleet.devices[LAPTOP]
        laptop.vault.leave_sync()
        laptop.enrol(URL, self.fleet.invitation())
        laptop.sync()
        return self.fleet.join("new", LAPTOP).texts()

    def from_server(self) -> list[str]:
        """On a new computer, with the recovery paper; it works once."""
        new = self.fleet.devices["new"] = by_paper(self.fleet._place("new"), self.paper)
        new.sync()
        take_own_keys(new, "studio")
        return new.texts()


@pytest.fixture
def practice() -> Iterator[Practice]:
    with fleet() as found:
        yield Practice(found)


def everything() -> list[str]:
    return sorted([*EARLY, LATE])


@pytest.mark.parametrize("gone", [*SINGLE, *PAIRS], ids=" and ".join)
def test_everything_comes_back_from_each_place_that_is_left(practice: Practice, gone: tuple[str, ...]) -> None:
    for name in gone:
        practice.destroy(name)
    for name in (LAPTOP, DEVICE):
        if name not in gone:
            assert practice.from_device(name) == everything()
    for name, held in ((STICK_1, everything()), (STICK_2, sorted(EARLY))):
        if name not in gone:
            assert [practice.from_stick(name, secret) for secret in practice.secrets] == [held, held]
    if SERVER not in gone:
        assert practice.from_server() == everything()
    elif LAPTOP not in gone:
        assert practice.on_another_server() == everything()


@pytest.mark.parametrize("secret", ["passphrase", "recovery code"])
def test_of_two_sticks_the_newer_one_is_taken_and_the_other_named_as_old(practice: Practice, secret: str) -> None:
    practice.destroy(LAPTOP)
    folders = [practice.sticks[STICK_2], practice.sticks[STICK_1]]
    with open_places(folders, practice.secrets[secret]) as (found, closed):
        assert found.given == practice.sticks[STICK_1]
        assert closed == []


def test_everything_gone_but_a_server_that_was_emptied_or_a_backup_says_that_nothing_comes_back(
    practice: Practice,
) -> None:
    for name in PLACES:
        practice.destroy(name)
    with pytest.raises(errors.PaperMissing):
        practice.from_server()
    for folder in (practice.disk, *practice.sticks.values()):
        with pytest.raises(errors.PlaceMissing), open_places([folder], practice.secrets["recovery code"]):
            pass


def test_a_server_without_the_paper_gives_nothing(practice: Practice) -> None:
    device = practice.fleet.devices[DEVICE]
    device.sync(change=Change(removing=device.vault.paper()))
    for name in (LAPTOP, DEVICE, STICK_1, STICK_2):
        practice.destroy(name)
    with pytest.raises(errors.PaperMissing):
        practice.from_server()


def test_a_stick_that_is_half_unreadable_and_a_backup_make_a_whole_one(practice: Practice) -> None:
    stick = practice.sticks[STICK_1]
    firsts = practice.fleet.devices[LAPTOP].vault._state.ledger.firsts()
    for slot in firsts[:2]:
        spoil(as_vault(practice.fleet.devices[LAPTOP].place, Path(stick)), slot)
    practice.destroy(LAPTOP)
    place = Place(practice.fleet.folder / "nieuw", practice.fleet.day)
    with open_places([stick], practice.secrets["recovery code"]) as (found, _):
        assert examine(found.state, [], 0).damaged == 2
        with open_backups(found.state, [practice.disk]) as backups:
            mended = examine(found.state, backups, 0)
        assert (mended.notes, mended.damaged, mended.mended) == (len(everything()), 0, 2)
        with restore_vault(place.paths, found, mended.boxes, clock=place.clock) as vault:
            assert sorted(note.text for note in vault.notes()) == everything()
