"""P11: whatever a server lies about is refused by name, as often as it is repeated, and changes nothing in the vault.

Each lie is told three times to a device that is in step with the server and to one for which there is news; afterwards
the server is honest again and the device goes on where it was. The protections are those of vault/trust.py, whose own
tests take them out one by one; here …

Seen to fail: …
"""

import os
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any, NamedTuple

import pytest

from sync import protocol
from sync.protocol import StateAnswer
from tests.support.attacks import Attack, attacks_on_anybody, attacks_on_receipts
from tests.support.coach import Coach
from tests.support.fleet import Fleet, fleet, shown
from tests.support.hostile_server import HostileServer, Lie, book_copy, copied
from tests.support.lies import (
    Forgets,
    Holds,
    SaysBoxes,
    SaysRemoved,
    SaysState,
    exchanged_pages,
    old_answer,
    old_page,
    old_slots,
    page_of,
    put_back,
    signed_by_a_stranger,
    slots_of,
    swapped,
)
from vault import errors
from vault.service import Vault


class Scene(NamedTuple):
    """A device with notes, another one of the account, and the server; `other` is the account of somebody else."""

    fleet: Fleet
    device: Coach
    second: Coach
    other: bytes


@pytest.fixture
def scene() -> Iterator[Scene]:
    """Devices a and b of one account in step, some history behind them; and c, alone in its account."""
    with fleet() as found:
        device = found.first("a")
        device.sync()
        second = found.join("b", "a")
        stranger = found.first("c")
        for at in range(3):
            device.add(f"kanarie {at}")
            second.add(f"kanarie {at} van een ander")
            stranger.add(f"kanarie {at} van een vreemde")
            found.settle()
        yield Scene(found, device, second, list(found.server.past)[1])


def ledger_of(vault: Vault) -> tuple[object, ...]:
    """Everything the vault knows of its notes."""
    ledger = vault._state.ledger
    return tuple(ledger.entry(slot) for slot in range(ledger.pool))


def kept_of(vault: Vault) -> tuple[Any, ...]:
    """What the vault knows of the account, but for what it has prepared."""
    enrolled = vault._state.settings.enrolled
    assert enrolled is not None
    return enrolled.version, enrolled.head, enrolled.receive, enrolled.written, enrolled.devices


def tell(scene: Scene, lie: Callable[[], Lie], refusal: type[Exception]) -> None:
    """Lies three times to device a, and looks what became of it."""
    vault, server = scene.device.vault, scene.fleet.server
    told = lie()
    doing = server.lying if isinstance(told, Holds) else server.odd
    for _ in range(3):
        # a reopened one has nothing in memory that could have saved it
        scene.device.reopen()
        vault = scene.device.vault
        ledger, notes, kept, head = ledger_of(vault), shown(vault), kept_of(vault), vault._state.head_hash
        with doing(lie()), pytest.raises(refusal) as caught:
            scene.device.sync(shaped=True)
        assert type(caught.value) is refusal
        assert (ledger_of(vault), shown(vault), kept_of(vault)) == (ledger, notes, kept)
        # not a byte was written
        assert vault._state.head_hash == head


def goes_on(scene: Scene) -> None:
    """The server is honest again: nothing was lost on the way."""
    texts = {*scene.device.texts(), *scene.second.texts()}
    scene.device.add("kanarie na de leugen")
    scene.fleet.settle("a", "b")
    assert set(scene.device.texts()) == set(scene.second.texts()) == texts | {"kanarie na de leugen"}


by_name = pytest.mark.parametrize("attack", attacks_on_anybody(), ids=lambda attack: attack.name)


@by_name
def test_a_device_in_step_refuses_by_name(scene: Scene, attack: Attack) -> None:
    tell(scene, attack.lie, attack.in_step)
    goes_on(scene)


@by_name
def test_a_device_for_which_there_is_news_refuses_by_name(scene: Scene, attack: Attack) -> None:
    scene.second.add("kanarie nieuws")
    scene.second.sync()
    tell(scene, attack.lie, attack.with_news)
    goes_on(scene)


@pytest.mark.parametrize("attack", attacks_on_receipts(), ids=lambda attack: attack.name)
def test_a_wrong_receipt_confirms_nothing(scene: Scene, attack: Attack) -> None:
    gone, vault = scene.device.vault.handles()[0], scene.device.vault
    scene.device.vault.shred([gone])
    notes, kept = shown(vault), kept_of(vault)
    with scene.fleet.server.odd(attack.lie()):
        with pytest.raises(attack.in_step):
            scene.device.sync(shaped=True)
        assert (shown(vault), kept_of(vault)) == (notes, kept)
        for _ in range(2):
            # the server did take it, and a device knows its own head again: what is wrong is each new receipt
            with pytest.raises(attack.in_step):
                scene.device.sync(shaped=True)
            assert shown(vault) == notes
            assert not any(tomb.pushed for tomb in vault._state.ledger.tombs())
    scene.fleet.settle("a", "b")
    assert scene.device.texts() == scene.second.texts()
    assert gone not in scene.second.vault.handles()
    goes_on(scene)


# -- what an account held before, and what another one holds


@pytest.mark.parametrize("ago", [1, 2, 5])
def test_a_server_put_back_to_an_earlier_copy(scene: Scene, ago: int) -> None:
    earlier = scene.fleet.past()[-1 - ago]
    tell(scene, lambda: Holds(put_back(earlier)), errors.ServerRolledBack)
    goes_on(scene)


def test_an_old_head_with_all_its_pages(scene: Scene) -> None:
    earlier = scene.fleet.past()[-2]
    tell(scene, lambda: old_answer(earlier), errors.ServerRolledBack)
    goes_on(scene)


def test_another_account_in_the_place_of_this_one(scene: Scene) -> None:
    tell(scene, lambda: Holds(swapped(scene.other)), errors.ServerForged)
    goes_on(scene)


@pytest.mark.parametrize("number", [0, 8, 9, 10, 13])
@pytest.mark.parametrize("news", [False, True])
def test_a_page_of_another_head_among_those_of_this_one(scene: Scene, number: int, news: bool) -> None:
    scene.second.sync(shaped=True)
    earlier = scene.fleet.past()[-1]
    scene.second.sync(shaped=True)
    if not news:
        scene.device.sync()
    tell(scene, lambda: Holds(old_page(earlier, number)), errors.ServerTampered)
    goes_on(scene)


def test_pages_in_each_others_place(scene: Scene) -> None:
    tell(scene, lambda: Holds(exchanged_pages(10, 11)), errors.ServerTampered)
    goes_on(scene)


def test_a_page_of_another_account(scene: Scene) -> None:
    tell(scene, lambda: Holds(page_of(scene.other, 10)), errors.ServerTampered)
    goes_on(scene)


def test_pages_left_out_or_added(scene: Scene) -> None:
    scene.second.sync(shaped=True)

    def left_out(_server: HostileServer, _account: bytes, answer: StateAnswer) -> StateAnswer:
        return answer._replace(pages=answer.pages[1:])

    def added(_server: HostileServer, _account: bytes, answer: StateAnswer) -> StateAnswer:
        return answer._replace(pages=(*answer.pages, (1 << 11, answer.pages[0][1])))

    tell(scene, lambda: SaysState(left_out), errors.ServerTampered)
    tell(scene, lambda: SaysState(added), errors.ServerTampered)
    goes_on(scene)


# -- slots


SLOTS: dict[str, Callable[[list[bytes]], list[bytes]]] = {
    "one for all": lambda boxes: [boxes[0]] * len(boxes),
    "in the opposite order": lambda boxes: boxes[::-1],
    "noise": lambda boxes: [b"\1" + os.urandom(protocol.SLOT_BOX - 1) for _ in boxes],
    "nothing": lambda boxes: [bytes(protocol.SLOT_BOX) for _ in boxes],
    "one bit changed": lambda boxes: [box[:500] + bytes([box[500] ^ 1]) + box[501:] for box in boxes],
}


@pytest.mark.parametrize("change", SLOTS.values(), ids=SLOTS.keys())
@pytest.mark.parametrize("shaped", [False, True])
def test_other_boxes_than_those_that_were_written(
    scene: Scene, change: Callable[[list[bytes]], list[bytes]], shaped: bool
) -> None:
    for at in range(4):
        scene.second.add(f"kanarie nieuws {at}")
    scene.second.sync(shaped=shaped)
    tell(scene, lambda: SaysBoxes(change), errors.ServerTampered)
    goes_on(scene)


def test_slots_of_an_earlier_head_under_this_one(scene: Scene) -> None:
    earlier = scene.fleet.past()[-1]
    scene.second.add("kanarie nieuws")
    scene.second.sync(shaped=True)
    tell(scene, lambda: Holds(old_slots(earlier)), errors.ServerTampered)
    goes_on(scene)


def test_slots_of_another_account(scene: Scene) -> None:
    scene.second.add("kanarie nieuws")
    scene.second.sync()
    tell(scene, lambda: Holds(slots_of(scene.other)), errors.ServerTampered)
    goes_on(scene)


# -- writing


def test_a_commit_that_was_acknowledged_and_dropped(scene: Scene) -> None:
    scene.device.add("kanarie die er moet blijven")
    lie = Forgets()
    with scene.fleet.server.odd(lie):
        scene.device.sync()
    texts = scene.device.texts()
    for _ in range(3):
        with pytest.raises(errors.ServerRolledBack):
            scene.device.sync()
        assert scene.device.texts() == texts
    # what the others write on top of what it still has is refused as well
    scene.second.sync(shaped=True)
    with pytest.raises(errors.ServerForked):
        scene.device.sync()
    assert scene.device.texts() == texts


def test_it_goes_on_when_what_was_dropped_is_found_again(scene: Scene) -> None:
    scene.device.add("kanarie die er moet blijven")
    lie = Forgets()
    with scene.fleet.server.odd(lie):
        scene.device.sync()
    with pytest.raises(errors.ServerRolledBack):
        scene.device.sync()
    scene.fleet.server.storage.books[scene.fleet.account] = lie.taken
    goes_on(scene)


def test_two_branches_for_two_devices(scene: Scene) -> None:
    server = scene.fleet.server
    one, other = server.storage, copied(server.storage)
    scene.device.sync(shaped=True)
    server.storage = other
    scene.second.sync(shaped=True)
    # a fork shows when the coach compares: the same version, other words
    first, second = scene.device.vault.sync_status(), scene.second.vault.sync_status()
    assert first is not None
    assert second is not None
    assert first.version == second.version
    assert first.fingerprint != second.fingerprint
    # and whoever is shown the other branch sees it, now and when it has grown
    for _ in range(2):
        for coach, branch in ((scene.device, other), (scene.second, one)):
            server.storage = branch
            notes, kept = shown(coach.vault), kept_of(coach.vault)
            for _ in range(3):
                with pytest.raises(errors.ServerForked):
                    coach.sync(shaped=True)
            assert (shown(coach.vault), kept_of(coach.vault)) == (notes, kept)
        server.storage = one
        scene.device.sync(shaped=True)
        server.storage = other
        scene.second.sync(shaped=True)


def test_a_device_that_the_server_let_in(scene: Scene) -> None:
    tell(scene, lambda: Holds(signed_by_a_stranger), errors.ServerForged)
    goes_on(scene)


def test_a_revoked_device_that_goes_on_with_the_help_of_the_server(scene: Scene) -> None:
    fleet = scene.fleet
    third = fleet.join("d", "a")
    fleet.settle("a", "b", "d")
    branch = copied(fleet.server.storage)
    fleet.devices["a"].revoke("d")
    honest, fleet.server.storage = fleet.server.storage, branch
    for _ in range(3):
        third.sync(shaped=True)
    fleet.server.storage = honest
    mine = branch.books[fleet.account]

    def change(server: HostileServer, account: bytes) -> None:
        server.storage.books[account] = book_copy(mine)

    tell(scene, lambda: Holds(change), errors.ServerForged)
    goes_on(scene)


# -- notices


def test_notices_for_others_are_none_for_us(scene: Scene) -> None:
    fleet = scene.fleet
    fleet.join("d", "a")
    fleet.join("e", "c")
    fleet.settle("a", "b", "d")
    fleet.devices["a"].revoke("d")
    fleet.devices["c"].revoke("e")
    notices = [device.notice for device in fleet.server.storage.devices.values() if device.notice is not None]
    assert len(notices) == 2
    for notice in notices:
        for state in (notice[1:2], b"\2", b"\3"):
            tell(scene, partial(SaysRemoved, notice[:1] + state + notice[2:]), errors.ServerForged)
    own = scene.device.vault.sync_session(shaped=False).device_id
    tell(scene, partial(SaysRemoved, notices[0][:2] + own + notices[0][10:]), errors.ServerForged)
    goes_on(scene)
