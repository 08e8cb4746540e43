"""P7 with every place that came beside the server: all that the server ever held, and everything that is there now of
two devices, a recovery stick and a vault that was restored from it, opens nothing that was shredded, expired or edited
away. With the recovery paper on it does, from the day of the paper on: that is the price, and it is told.

Seen to fail: with the keys of a device from before the shred (built in below); with a stick that is not refreshed,
which holds what it holds, without any server (built in below).
"""

from collections.abc import Iterator

import pytest

from cli import bypaper
from tests.support.coach import Coach, with_paper
from tests.support.fleet import Fleet, fleet
from tests.support.server_attacker import ServerAttacker, secrets_in, secrets_of
from tests.support.vaults import Place
from vault.crypto import wire
from vault.ledger import Ledger
from vault.months import Period
from vault.placing import copied
from vault.service.looking import look_at_place
from vault.service.notes import all_texts
from vault.service.restoring import open_places, restore_vault

ALIVE = "wat blijft "
GONE = ("shred", "edit", "expiry")


def canary(what: str) -> str:
    return f"kanarie {what} "


class Scene:
    """Two devices of one account, a stick of the first."""

    def __init__(self, found: Fleet) -> None:
        self.fleet = found
        self.first: Coach = found.first("a")
        self.first.sync()
        found.join("b", "a")
        self.stick = str(found.folder / "stick")
        self.keys: set[bytes] = set()
        self.ledgers: list[Ledger] = []
        vault = self.first.vault
        self.handles = {what: vault.add(canary(what), Period(1, "y")).handle for what in GONE[:2]}
        vault.add(canary("expiry"), Period(2, "m"))
        vault.add(ALIVE, Period(1, "y"))
        vault.add_place(self.stick)
        found.settle()

    def destroy(self) -> None:
        """Everything that goes goes, and everybody confirms it, but the stick."""
        vault = self.first.vault
        vault.shred([self.handles["shred"]])
        vault.edit(self.handles["edit"], "iets anders")
        self.fleet.settle()
        self.fleet.months_pass(2)
        self.fleet.settle()
        assert all(not any(gone in text for gone in GONE) for text in self.first.texts())

    def restored(self) -> None:
        """A vault from the stick on a third computer, which is nobody's device; its keys are loot as well."""
        place = Place(self.fleet.folder / "restored", self.fleet.day)
        with (
            open_places([self.stick], self.first.place.passphrase) as (found, _),
            restore_vault(place.paths, found, {}, clock=place.clock) as vault,
        ):
            assert not vault.enrolled
            self.take(secrets_of(vault), vault._state.ledger)

    def take(self, keys: set[bytes], ledger: Ledger) -> None:
        """Loot: secrets, and the keys of slots."""
        self.keys |= keys
        self.ledgers.append(copied(ledger))

    def take_devices(self) -> None:
        """All that the devices have now."""
        for device in self.fleet.devices.values():
            device.reopen()
            self.take(secrets_of(device.vault), device.vault._state.ledger)

    def take_stick(self) -> str:
        """All that the stick has now; its texts."""
        with look_at_place(self.stick, self.first.place.passphrase) as state:
            self.take(secrets_in(state), state.ledger)
            return " ".join(text.decode() for _, text in all_texts(state, state.ledger.firsts()))

    def read(self, *more: bytes) -> list[str]:
        """What the attacker reads of all that was written, with everything taken so far."""
        loot = self.fleet.server.loot[self.fleet.account]
        attacker = ServerAttacker(self.fleet.account, loot, [*self.keys, *more], self.ledgers)
        wanted = {what: canary(what) for what in GONE} | {"alive": ALIVE}
        return [what for what, text in wanted.items() if any(text.encode() in each for each in attacker.reads)]


@pytest.fixture
def scene() -> Iterator[Scene]:
    with fleet() as found:
        yield Scene(found)


def test_stick_and_restored_vault_add_nothing_to_what_the_server_kept(scene: Scene) -> None:
    scene.destroy()
    scene.first.vault.refresh_place(scene.stick)
    scene.restored()
    assert not any(canary(what) in scene.take_stick() for what in GONE)
    scene.take_devices()
    assert scene.read() == ["alive"]


def test_the_keys_of_a_device_from_before_would_open_it(scene: Scene) -> None:
    before = secrets_of(scene.first.vault)
    scene.destroy()
    assert scene.read(*before) == [*GONE, "alive"]


def test_a_stick_that_owes_gives_its_own_notes_and_still_nothing_of_the_server(scene: Scene) -> None:
    scene.destroy()
    assert [each.owes for each in scene.first.vault.places()] == [True]
    assert all(canary(what) in scene.take_stick() for what in GONE)
    # its keys are those of its own slots, not of the server's
    assert scene.read() == []


def test_with_the_recovery_paper_the_servers_past_opens_as_the_coach_was_told(scene: Scene) -> None:
    paper = with_paper(scene.first)
    scene.fleet.settle()
    scene.destroy()
    scene.first.vault.refresh_place(scene.stick)
    scene.restored()
    scene.take_stick()
    scene.take_devices()
    assert scene.read() == ["alive"]
    # the shares of months that are past are the server's to destroy; this one kept them
    assert scene.read(*wire.paper_keys(paper.secret)) == [*GONE, "alive"]
    told = " ".join(bypaper._costs())
    assert "whoever has this paper and an old copy of the server can read notes that you shredded after" in told
