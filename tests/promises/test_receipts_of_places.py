"""A receipt never says of a place that it destroyed what it did not (lesson 21), and is issued anew once every place
has: recovery sticks, the server, other devices (places section 8).
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.fleet import Fleet, fleet
from tests.support.memory_line import URL
from tests.support.vaults import Place, enrolled
from vault import errors, limits, receipt
from vault.formats.enrolled import ACTIVE, PAPER, KnownDevice
from vault.formats.safety import NEVER
from vault.service import Vault, handing


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    return tmp_path / "stick"


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "uit"
    folder.mkdir()
    return folder


def shredded(vault: Vault, handle: str, target: Path) -> receipt.Receipt:
    return receipt.verify(vault.shred_for_client([handle], claimed=False, receipt_to=str(target)).receipt)


def again(vault: Vault, target: Path) -> receipt.Receipt:
    done = vault.write_waiting_receipt(str(target))
    assert done.receipt == target.read_bytes()
    return receipt.verify(done.receipt)


def waiting(vault: Vault) -> list[dict[str, int]]:
    return [dict(each.waiting) for each in vault.receipts()]


# -- sticks


def test_a_receipt_waits_for_every_stick_and_is_written_anew_when_the_last_one_followed(
    place: Place, tmp_path: Path, out: Path
) -> None:
    one, two = tmp_path / "een", tmp_path / "twee"
    with place.create() as vault:
        handle = vault.add("weg").handle
        vault.add_place(str(one))
        vault.add_place(str(two))
        first = shredded(vault, handle, out / "bewijs.json")
        assert (first.confirmed, first.waiting) == ({"device": 1}, {"stick": 2})
        assert waiting(vault) == [{"stick": 2}]
        vault.refresh_place(str(one))
        assert (waiting(vault), vault.complete_receipts()) == ([{"stick": 1}], 0)
        with pytest.raises(errors.NoReceiptWaiting):
            vault.write_waiting_receipt(str(out / "te vroeg.json"))
    with place.open() as vault:
        assert waiting(vault) == [{"stick": 1}]
        vault.refresh_place(str(two))
        assert (waiting(vault), vault.complete_receipts()) == ([{}], 1)
        last = again(vault, out / "volledig.json")
        assert (last.confirmed, last.waiting) == ({"device": 1, "stick": 2}, {})
        assert (last.notes, last.month, last.asked, last.key) == (first.notes, first.month, first.asked, first.key)
        assert vault.receipts() == []
        with pytest.raises(errors.NoReceiptWaiting):
            vault.write_waiting_receipt(str(out / "nog een.json"))


def test_sticks_that_follow_before_the_receipt_is_written_stand_on_it_as_confirmed(
    place: Place, stick: Path, out: Path
) -> None:
    with place.create() as vault:
        handle = vault.add("weg").handle
        vault.add_place(str(stick))

        def follow() -> None:
            vault.refresh_place(str(stick))

        done = vault.shred_for_client(
            [handle],
            claimed=True,
            receipt_to=str(out / "b.json"),
            destroyed=follow,
        )
        found = receipt.verify(done.receipt)
        assert (found.confirmed, found.waiting) == ({"device": 1, "stick": 1}, {})
        assert vault.receipts() == []


# Seen to fail: with the stick confirmed before it is read back; with a forgotten stick taken out of what waits; with
# a stick removed by its folder's name taken for confirmed.
def test_a_stick_that_failed_or_was_lost_never_confirms(
    place: Place, stick: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from vault.service import refreshing

    with place.create() as vault:
        handles = [vault.add("weg").handle, vault.add("ook weg").handle]
        vault.add_place(str(stick))
        shredded(vault, handles[0], out / "b.json")

        def broken(*_: object) -> list[int]:
            raise errors.PlaceNotVerified

        with monkeypatch.context() as patch:
            patch.setattr(refreshing._Refresh, "_damaged", broken)
            with pytest.raises(errors.PlaceNotVerified):
                vault.refresh_place(str(stick))
        assert waiting(vault) == [{"stick": 1}]
        vault.forget_place(str(stick))
        assert waiting(vault) == [{"stick": 1}]
        assert [each.can_complete for each in vault.receipts()] == [False]
        # found again after all: the same stick follows, and only now confirms
        vault.add_place(str(stick))
        assert vault.complete_receipts() == 1
        again(vault, out / "volledig.json")
        shredded(vault, handles[1], out / "b2.json")
        (stick / "vault.db").write_bytes(b"kapot")
        vault.remove_place(str(stick))
        assert waiting(vault) == [{"stick": 1}]
        assert vault.complete_receipts() == 0


def test_a_stick_that_was_opened_and_then_destroyed_confirms(place: Place, stick: Path, out: Path) -> None:
    with place.create() as vault:
        handle = vault.add("weg").handle
        vault.add_place(str(stick))
        shredded(vault, handle, out / "b.json")
        vault.remove_place(str(stick))
        assert vault.complete_receipts() == 1


def test_a_stick_that_was_added_later_is_not_waited_for(place: Place, tmp_path: Path, out: Path) -> None:
    with place.create() as vault:
        handles = [vault.add(text).handle for text in ("weg", "later weg")]
        vault.add_place(str(tmp_path / "een"))
        shredded(vault, handles[0], out / "b.json")
        vault.add_place(str(tmp_path / "twee"))
        vault.shred([handles[1]])
        vault.refresh_place(str(tmp_path / "een"))
        assert again(vault, out / "c.json").confirmed == {"device": 1, "stick": 1}


def test_a_receipt_without_places_is_not_taken_for_an_earlier_one_like_it(place: Place, stick: Path, out: Path) -> None:
    # Seen to fail with no open receipt of its own: it said of a stick that is no place what the earlier one says of it.
    with place.create() as vault:
        one, two, three = vault.add_many(["weg", "ook weg", "en weg"])
        vault.add_place(str(stick))
        assert shredded(vault, one, out / "een.json").waiting == {"stick": 1}
        vault.forget_place(str(stick))
        last = shredded(vault, two, out / "twee.json")
        assert (last.confirmed, last.waiting) == ({"device": 1}, {})
        assert waiting(vault) == [{"stick": 1}]
        # nor does it take the place of one that is complete, and waits to be written anew
        vault.add_place(str(stick))
        vault.remove_place(str(stick))
        assert shredded(vault, three, out / "drie.json").confirmed == {"device": 1}
        assert again(vault, out / "een, volledig.json").confirmed == {"device": 1, "stick": 1}


def test_a_receipt_that_could_not_be_written_tells_what_is_true_when_it_is(
    place: Place, stick: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise errors.TargetFailed(full=True)

    with place.create() as vault:
        handle = vault.add("weg").handle
        vault.add_place(str(stick))
        with monkeypatch.context() as patch:
            patch.setattr(handing, "_write", full)
            assert not vault.shred_for_client([handle], claimed=False, receipt_to=str(out / "b.json")).written
        assert [(each.out, dict(each.waiting)) for each in vault.receipts()] == [(False, {"stick": 1})]
        vault.refresh_place(str(stick))
        assert vault.complete_receipts() == 0
        assert again(vault, out / "b.json").confirmed == {"device": 1, "stick": 1}
        assert vault.receipts() == []


def test_open_receipts_have_an_end_and_an_age(place: Place, tmp_path: Path, out: Path) -> None:
    lost, kept = tmp_path / "kwijt", tmp_path / "stick"
    with place.create() as vault:
        handles = vault.add_many(["weg"] * (limits.OPEN_RECEIPTS + 2))
        vault.add_place(str(lost))
        shredded(vault, handles[0], out / "0.json")
        vault.forget_place(str(lost))
        vault.add_place(str(kept))
        for at, handle in enumerate(handles[1:-1], 1):
            shredded(vault, handle, out / f"{at}.json")
        # the one for the lost stick went first: it would never have been complete
        assert [each.can_complete for each in vault.receipts()] == [True] * limits.OPEN_RECEIPTS
    place.to_month(322 + limits.RECEIPT_MONTHS)
    with place.open() as vault:
        vault.confirm_clock()
        assert vault.receipts() == []
        assert vault.complete_receipts() == 0


# -- the server and other devices


@pytest.fixture
def there() -> Iterator[Fleet]:
    with fleet() as found:
        yield found


def test_a_receipt_is_issued_anew_when_server_devices_and_stick_have_confirmed(
    there: Fleet, stick: Path, out: Path
) -> None:
    a, b, c = there.three()
    handle = a.add("weg")
    a.vault.add_place(str(stick))
    there.settle()
    first = shredded(a.vault, handle, out / "b.json")
    assert (first.confirmed, first.waiting) == ({"device": 1}, {"server": 1, "device": 2, "stick": 1})
    # nobody but a has heard of it
    b.sync()
    assert waiting(a.vault) == [{"server": 1, "device": 2, "stick": 1}]
    a.sync()
    assert waiting(a.vault) == [{"device": 2, "stick": 1}]
    # b has destroyed it, and a can't know yet
    b.sync()
    assert waiting(a.vault) == [{"device": 2, "stick": 1}]
    a.sync()
    assert waiting(a.vault) == [{"device": 1, "stick": 1}]
    a.vault.refresh_place(str(stick))
    assert a.vault.complete_receipts() == 0
    c.sync()
    a.sync()
    assert a.vault.complete_receipts() == 1
    last = again(a.vault, out / "c.json")
    assert (last.confirmed, last.waiting) == ({"device": 3, "server": 1, "stick": 1}, {})
    assert there.all_show()


# Seen to fail: with `told` (what was open when the head was sealed) left out of server_confirmed.
def test_a_destruction_while_a_head_is_on_its_way_is_not_confirmed_by_that_head(there: Fleet, out: Path) -> None:
    a = there.first("a")
    a.sync()
    handle, other = a.add("weg"), a.add("ander")
    a.sync()
    a.vault.shred([other])

    done: list[receipt.Receipt] = []

    def meanwhile(effect: object) -> None:
        # just after the head was sealed, and before the server's answer to it
        if type(effect).__name__ == "Commit" and not done:
            done.append(shredded(a.vault, handle, out / "b.json"))

    a.sync(stop=meanwhile)
    assert done
    assert waiting(a.vault) == [{"server": 1}]
    a.sync()
    assert a.vault.complete_receipts() == 1


# Seen to fail: with devices_confirmed that looks at the index alone.
def test_a_device_that_was_taken_out_never_confirms_whoever_gets_its_place(there: Fleet, out: Path) -> None:
    a, _b, c = there.three()
    handle = a.add("weg")
    there.settle()
    shredded(a.vault, handle, out / "b.json")
    a.sync()
    a.revoke("b")
    c.sync()
    a.sync()
    assert waiting(a.vault) != [{}]
    assert a.vault._state.settings.safety.receipts[0].version == NEVER
    there.devices.pop("b").close()
    # its index is given away again as soon as all have seen it go
    d = there.join("d", "a")
    for _ in range(3):
        for coach in (c, d, a):
            coach.sync(shaped=True)
    indices = [each.index for each in a.vault._state.settings.enrolled.devices if each.name == "d"]  # type: ignore[union-attr]
    assert indices == [1]
    assert a.vault.complete_receipts() == 0
    assert [each.can_complete for each in a.vault.receipts()] == [False]


def test_what_the_server_has_not_confirmed_when_the_vault_leaves_it_is_never_confirmed(there: Fleet, out: Path) -> None:
    a = there.first("a")
    a.sync()
    handle = a.add("weg")
    a.sync()
    shredded(a.vault, handle, out / "b.json")
    a.vault.leave_sync()
    assert waiting(a.vault) == [{"server": 1}]
    # another account, whose server never had the note, confirms nothing of it
    a.hang_up()
    a.enrol(URL, there.invitation())
    a.add("nieuw")
    a.sync()
    assert waiting(a.vault) == [{"server": 1}]
    assert [each.can_complete for each in a.vault.receipts()] == [False]


def test_a_recovery_paper_is_no_device_that_is_waited_for(place: Place, out: Path) -> None:
    with place.create() as vault:
        handle = vault.add("weg").handle
        devices = tuple(
            KnownDevice(at, ACTIVE, bytes([at + 1] * 32), 1, 322, name) for at, name in enumerate(("a", "b", PAPER))
        )
        enrolled(vault, devices=devices)
        assert shredded(vault, handle, out / "b.json").waiting == {"server": 1, "device": 1}


def test_rotating_receive_keys_makes_no_stick_owe(there: Fleet, stick: Path) -> None:
    # seen to fail: with every new epoch taken for a destruction
    a = there.first("a")
    a.sync()
    a.add("een")
    a.vault.add_place(str(stick))
    for _ in range(2):
        a.sync(shaped=True)
    assert not a.vault.places()[0].owes
    b = there.join("b", "a")
    handle = b.vault.handles()[0]
    b.vault.shred([handle])
    b.sync()
    a.sync()
    assert a.vault.places()[0].owes


def test_a_stick_of_an_enrolled_vault_has_no_account_no_tombs_and_no_parents(there: Fleet, stick: Path) -> None:
    from vault.service.sticks import Stick

    a, _b, _c = there.three()
    handle = a.add("eerste vorm")
    there.settle()
    a.vault.edit(handle, "tweede vorm")
    a.vault.shred([a.add("weg")])
    a.vault.add_place(str(stick))
    assert a.vault._state.ledger.tombs()
    with Stick(str(stick), a.vault._state) as found:
        state = found.state
        assert state.settings.enrolled is None
        assert state.ledger.tombs() == []
        assert not any(state.ledger.parents)
        assert state.settings.safety.places == ()


def test_a_stick_moved_to_another_folder_is_still_the_one_that_a_receipt_waits_for(
    place: Place, stick: Path, tmp_path: Path, out: Path
) -> None:
    with place.create() as vault:
        handle = vault.add("weg").handle
        vault.add_place(str(stick))
        shredded(vault, handle, out / "b.json")
        shutil.move(stick, tmp_path / "elders")
        vault.refresh_place(str(tmp_path / "elders"))
        assert vault.complete_receipts() == 1
