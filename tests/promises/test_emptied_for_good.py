"""`shred --all`: everything that the vault holds goes in one commit, and no copy of it opens any more.

Spec: docs/spec/rights.md section 6.3; properties P6, P9. What is killed on the way: tests/faults.
Seen to fail: committed without a new epoch; with the allowed words, the templates, the engagements or the inbox key
left as they were; with tombs left out; with only the notes' slots erased.
"""

from pathlib import Path

import pytest

from tests.support.attacker import Attacker
from tests.support.camera import Camera
from tests.support.fleet import fleet
from tests.support.vaults import DAY, Place, Snapshot, enrolled, slots_of
from vault import errors, receipt
from vault.common import engagement_id
from vault.crypto import aead
from vault.crypto.inbox import open_jot
from vault.formats.breaches import Breach
from vault.ledger import FREE, TOMB
from vault.months import month_of
from vault.service import Template, Unfinished, Vault
from vault.service.emptying import Contents
from vault.service.jotting import jot

EMPTY = Contents(0, 0, 0, 0, 0, 0, 0, 0, 0)
LONG = "kanarie lang " * 400


def fill(vault: Vault, place: Place) -> None:
    """One of everything, with the word kanarie in it."""
    vault.add("kanarie alleen")
    vault.open_engagement("Kanarie Beuk")
    vault.open_engagement("Kanarie Eik", strict=True)
    vault.add_many(["kanarie van Beuk", LONG], engagement="Kanarie Beuk")
    vault.seal_draft("kanarie onaf", engagement="Kanarie Beuk")
    vault.allow_words(["Kanarie"])
    vault.set_templates([Template("Kanarie", "kanarie?")])
    vault.add_breach(Breach(0, 29_900_000, "kanarie in de trein"))
    gone = vault.add("kanarie eerder weg").handle
    vault.shred_for_client([gone], claimed=True)
    jot(place.paths, "kanarie gekrabbeld")
    jot(place.paths, "kanarie nog een")
    (place.data / "inbox" / "rommel").write_bytes(b"kanarie")


FULL = Contents(3, 1, 2, 1, 1, 1, 1, 2, 1)


def test_everything_is_gone_and_what_the_coach_set_stays(place: Place) -> None:
    with place.create() as vault:
        fill(vault, place)
        vault.set_guard_policy("refuse")
        assert vault.contents() == FULL
        assert vault.shred_all() == (3, b"", False)
        assert vault.contents() == EMPTY
    with place.open(place.code) as vault:
        assert (vault.contents(), vault.guard_policy) == (EMPTY, "refuse")
        assert (vault.notes(), vault.draft(), vault.jots(), vault.engagements()) == ([], None, [], [])
        assert set(vault._state.ledger.kinds) == {FREE}
        assert sorted(path.name for path in (place.data / "inbox").iterdir()) == ["lock"]
        assert jot(place.paths, "weer een") == 1
        assert [each.text for each in vault.jots()] == ["weer een"]
        assert vault.shred_all() == (0, b"", False)


def test_what_is_due_and_hidden_since_the_clock_is_in_doubt_goes_too(place: Place) -> None:
    with place.create(keep="2m") as vault:
        vault.add("kanarie")
    place.to_month(month_of(DAY) + 12)
    with place.open() as vault:
        assert (vault.notes(), vault.due(), vault.contents().notes) == ([], 1, 1)
        with pytest.raises(errors.ClockUnsure):
            vault.shred_all(receipt_to=str(place.folder / "bewijs.json"))
        assert vault.contents().notes == 1
        vault.shred_all()
        assert (vault.due(), vault.contents()) == (0, EMPTY)


# -- P6


@pytest.mark.parametrize("on_a_server", [False, True])
def test_old_files_every_secret_and_the_current_anchor_read_nothing_of_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, on_a_server: bool
) -> None:
    camera = Camera(place, monkeypatch)
    with place.create() as vault:
        if on_a_server:
            enrolled(vault)
        fill(vault, place)
        jots = [path.read_bytes() for path in (place.data / "inbox").iterdir() if len(path.name) == 16]
        vault.shred_all()
        vault.add("de levende notitie")
        assert not any(_opens(vault, data) for data in jots)
    camera.shoot()
    state: Snapshot = {name: raw for name, raw in place.snapshot().items() if name.startswith("state/")}
    read = Attacker([*camera.of_data(), state], [place.passphrase, place.code]).reads()
    assert b"de levende notitie" in read, "the attack does not even open what lives"
    assert b"kanarie" not in read.lower()
    everything = Attacker(camera.images, [place.passphrase, place.code]).reads()
    assert everything.lower().count(b"kanarie") > 400, "with the old anchors it does not read what was there"


def _opens(vault: Vault, data: bytes) -> bool:
    state = vault._state
    try:
        open_jot(state.settings.inbox, state.header.inbox, state.vault_id, data)
    except aead.BoxRefused:
        return False
    return True


# -- other places


def test_an_enrolled_vault_leaves_a_tomb_of_every_note_and_engagement_and_of_nothing_else(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        fill(vault, place)
        ledger = vault._state.ledger
        ids = {ledger.ids[slots_of(vault, handle)[0]] for handle in vault.handles()}
        ids |= {engagement_id(each.key) for each in vault._state.settings.rights.engagements}
        earlier = {tomb.id for tomb in ledger.tombs()}
        vault.shred_all()
        assert {tomb.id for tomb in ledger.tombs()} == ids | earlier
        assert all(tomb.shredded for tomb in ledger.tombs())
        assert set(ledger.kinds) == {FREE, TOMB}
        assert vault.unconfirmed() == {"server": 1, "device": 1}


def test_there_is_room_for_the_tombs_of_engagements_in_a_pool_that_is_full(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        for alias in ("Beuk", "Eik"):
            vault.open_engagement(alias)
        vault.add_many(["vol"] * vault.free_slots())
        vault.shred_all()
        assert len(vault._state.ledger.tombs()) == 256 + 2


def test_every_device_follows_and_nothing_comes_back() -> None:
    with fleet() as there:
        one, two, three = there.three()
        one.vault.open_engagement("Beuk")
        one.vault.add("van een", engagement="Beuk")
        two.add("van twee")
        there.settle()
        assert two.texts() == ["van een", "van twee"]
        three.add("buiten bereik geschreven")
        one.vault.allow_words(["Beuk"])
        one.vault.shred_all()
        there.settle()
        # what nobody knew of here was not destroyed here
        assert [each.texts() for each in (one, two, three)] == [["buiten bereik geschreven"]] * 3
        assert one.vault.engagements() == two.vault.engagements() == three.vault.engagements() == []
        assert one.vault.allowed_words() == two.vault.allowed_words() == []


def test_a_stick_owes_until_it_followed_and_the_receipt_says_so(place: Place, tmp_path: Path) -> None:
    stick, paper, anew = (str(tmp_path / name) for name in ("stick", "bewijs.json", "opnieuw.json"))
    with place.create() as vault:
        fill(vault, place)
        vault.add_place(stick)
        done = vault.shred_all(receipt_to=paper)
        assert receipt.verify(done.receipt)[:5] == (3, month_of(DAY), "hand", {"device": 1}, {"stick": 1})
        assert [each.owes for each in vault.places()] == [True]
        vault.refresh_place(stick)
        assert dict(receipt.verify(vault.write_waiting_receipt(anew).receipt).waiting) == {}
        vault.add("opnieuw begonnen")

        def follow() -> None:
            vault.refresh_place(stick)

        done = vault.shred_all(receipt_to=str(tmp_path / "nog een.json"), destroyed=follow)
        assert dict(receipt.verify(done.receipt).confirmed) == {"device": 1, "stick": 1}


# -- receipts


def test_receipts_that_others_wait_for_stay(place: Place, tmp_path: Path) -> None:
    missing = str(tmp_path / "weg")
    with place.create() as vault:
        handles = vault.add_many(["een", "twee"])
        vault.add_place(missing)
        vault.shred_for_client(handles[:1], claimed=True, receipt_to=str(tmp_path / "client.json"))
        vault.shred_all(receipt_to=str(tmp_path / "alles.json"))
        assert [each.asked for each in vault.receipts()] == ["claim", "hand"]
        vault.refresh_place(missing)
        assert vault.complete_receipts() == 2


def test_without_notes_there_is_no_receipt_and_nothing_is_destroyed(place: Place, tmp_path: Path) -> None:
    with place.create() as vault:
        vault.allow_words(["Beuk"])
        with pytest.raises(errors.NothingThere):
            vault.shred_all(receipt_to=str(tmp_path / "bewijs.json"))
        assert vault.allowed_words() == ["Beuk"]


def test_a_name_that_is_taken_is_refused_before_anything_is_destroyed(place: Place, tmp_path: Path) -> None:
    taken = tmp_path / "bewijs.json"
    taken.write_text("van een ander")
    with place.create() as vault:
        vault.add("blijft")
        with pytest.raises(errors.TargetExists):
            vault.shred_all(receipt_to=str(taken))
        assert vault.contents().notes == 1
        assert Unfinished(False, 1) not in vault.unfinished()
