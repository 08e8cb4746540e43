"""What an enrolled vault remembers of what was replaced or shredded, and one that is on no server does not.

The bytes: docs/spec/sync-protocol.md section 2. Any order of operations: tests/properties/test_vault_model.py.
Seen to fail: tombs left by a vault that isn't enrolled; a tomb in another slot than the freed one; tombs left out when
a page can't be read; no room made for the tomb of `keep`; a second tomb of one engagement; P hashed in the place of x;
twins that are due; claim codes salted with the joined vault's own id.
"""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support import independent
from tests.support.vaults import Place, enrolled, slots_of
from vault import errors, limits
from vault.crypto import aead, claim
from vault.formats.rights import UnderWay
from vault.formats.settings import NO_ORIGIN, Settings
from vault.handles import number_of
from vault.ledger import EMPTY, FREE, TOMB, Tomb
from vault.months import Period
from vault.service import Copy, Vault, create_joined_vault, versions
from vault.service import notes as service_notes
from vault.service.change import Part, commit, new_epoch

LONG = "lang gesprek " * 400


def version_of(vault: Vault, handle: str) -> versions.Version:
    first = vault._state.ledger.entry(slots_of(vault, handle)[0])
    return versions.Version(first.id, first.parent)


def tombs(vault: Vault) -> list[Tomb]:
    return vault._state.ledger.tombs()


# -- without a server --------------------------------------------------------------------------------------------------


def test_a_vault_on_no_server_has_ids_and_neither_parents_nor_tombs(place: Place) -> None:
    with place.create() as vault:
        handles = [vault.add("een").handle, *vault.add_many(["twee", LONG])]
        before = [version_of(vault, handle) for handle in handles]
        vault.edit(handles[0], "anders")
        vault.keep(handles[1], Period(3, "m"))
        vault.shred([handles[2]])
        vault.open_engagement("Beuk")
        vault.close_engagement("Beuk")
        after = [version_of(vault, handle) for handle in handles[:2]]
        assert tombs(vault) == []
        assert not any(vault._state.ledger.parents)
    ids = [version.id for version in before + after]
    assert 0 not in ids
    assert len(set(ids)) == 5


def test_a_note_from_before_there_were_ids_gets_one_when_it_is_written_next(place: Place) -> None:
    with place.create() as vault:
        for handle in vault.add_many(["een", "twee"]):
            (slot,) = slots_of(vault, handle)
            commit(vault._state, [Part(slot, vault._state.ledger.entry(slot)._replace(id=0), None)])
            assert version_of(vault, handle).id == 0
        one, other = vault.handles()
        vault.edit(one, "anders")
        vault.keep(other, Period(3, "m"))
        assert version_of(vault, one).id
        assert version_of(vault, other).id


# -- enrolled ----------------------------------------------------------------------------------------------------------


def test_an_edit_leaves_a_tomb_in_the_slot_of_the_old_version(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault, index=7)
        handle = vault.add(LONG).handle
        slots, old = slots_of(vault, handle), version_of(vault, handle)
        box = vault._state.store.read_slot(slots[0])
        vault.edit(handle, "kort")
        new = version_of(vault, handle)
        assert new.parent == old.id != new.id
        assert tombs(vault) == [Tomb(slots[0], old.id, 0, 1 << 7, False)]
        assert {vault._state.ledger.kinds[slot] for slot in slots[1:]} == {FREE}
        assert vault._state.store.read_slot(slots[0]) != box
        vault.edit(handle, "korter")
        assert version_of(vault, handle).parent == new.id
        assert {(tomb.id, tomb.parent) for tomb in tombs(vault)} == {(old.id, 0), (new.id, old.id)}
    with place.open() as vault:
        assert len(tombs(vault)) == 2
        assert vault.status().used == 3


def test_another_expiry_is_another_version_in_the_same_slots(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        handle = vault.add(LONG).handle
        state, slots, old = vault._state, slots_of(vault, handle), version_of(vault, handle)
        keys = [state.ledger.entry(slot).key for slot in slots]
        boxes = dict(state.store.scan_slots())
        vault.keep(handle, Period(3, "m"))
        assert slots_of(vault, handle) == slots
        assert [state.ledger.entry(slot).key for slot in slots] == keys
        # what a thief sees of it are ledger pages
        assert dict(state.store.scan_slots()) == boxes
        (tomb,) = tombs(vault)
        assert tomb == Tomb(tomb.slot, old.id, 0, 1, False)
        assert version_of(vault, handle).parent == old.id


def test_the_tomb_of_another_expiry_finds_room_in_a_full_house(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        vault.add_many(["vol"] * (limits.POOL_LEAST - 1))
        handle = vault.add("het laatste").handle
        old = version_of(vault, handle)
        assert vault.free_slots() == 0
        vault.keep(handle, Period(3, "m"))
        assert vault.status().pool == 2 * limits.POOL_LEAST
        assert [tomb.id for tomb in tombs(vault)] == [old.id]
        assert vault.show(handle).text == "het laatste"


def by_hand(vault: Vault, handles: list[str], folder: Path) -> None:
    vault.shred(handles)


def for_a_client(vault: Vault, handles: list[str], folder: Path) -> None:
    copy = Copy(str(folder / "copy"), lambda _: b"x", lambda *_: None)
    vault.shred_for_client(handles, claimed=True, copy=copy, receipt_to=str(folder / "receipt"))


@pytest.mark.parametrize("shred", [by_hand, for_a_client])
def test_whatever_way_notes_are_shredded_their_tombs_say_so(
    place: Place, tmp_path: Path, shred: Callable[[Vault, list[str], Path], None]
) -> None:
    with place.create() as vault:
        enrolled(vault, index=11)
        going, staying = vault.add_many(["een", LONG]), vault.add("blijft").handle
        vault.edit(going[0], "een, anders")
        vault.seal_draft("half", of=going[1])
        ended = {slots_of(vault, handle)[0]: version_of(vault, handle) for handle in going}
        earlier = tombs(vault)
        shred(vault, going, tmp_path)
        fresh = [tomb for tomb in tombs(vault) if tomb not in earlier]
        assert fresh == [Tomb(slot, *ended[slot], 1 << 11, True) for slot in sorted(ended)]
        assert vault.handles() == [staying]
        assert vault.draft() is None


def test_what_expired_leaves_no_tomb_nor_does_a_draft(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        vault.add("kort", Period(2, "m"))
        vault.seal_draft("half")
        vault.seal_draft("bijna")
        vault.drop_draft()
        gone = 0
        for _ in range(2):
            place.to_month(vault.moment().now + 2)
            gone += vault.expire()
        assert gone == 1
        assert tombs(vault) == []
        assert vault.status().used == 0


def test_a_note_on_a_page_that_cannot_be_read_leaves_its_tomb_all_the_same(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    with place.create() as vault:
        enrolled(vault)
        handle = vault.add("een").handle
        old = version_of(vault, handle)

        def broken(*_: object) -> object:
            raise errors.DatabaseDamaged

        monkeypatch.setattr(service_notes, "erase", broken)
        vault.shred([handle])
        assert [(tomb.id, tomb.shredded) for tomb in tombs(vault)] == [(old.id, True)]


# -- engagements -------------------------------------------------------------------------------------------------------


def tomb_of(key: bytes) -> int:
    return int.from_bytes(independent.blake2b(key, size=8, person=b"ongemerkt-enga-1"), "little")


@pytest.mark.parametrize("strict", [False, True])
def test_a_closed_engagement_leaves_a_tomb_that_its_key_can_be_known_by(place: Place, strict: bool) -> None:
    with place.create() as vault:
        enrolled(vault, index=2)
        keys = vault.claim(vault.open_engagement("Beuk", strict))
        vault.add("een", engagement="Beuk")
        vault.seal_draft(LONG, engagement="Beuk")
        vault.close_engagement("Beuk")
        (tomb,) = tombs(vault)
        assert tomb == Tomb(tomb.slot, tomb_of(keys.public if strict else keys.secret), 0, 1 << 2, True)
        assert vault.draft() == (LONG, "")
        assert vault.status().used == 2 + len(slots_of_draft(vault))


def slots_of_draft(vault: Vault) -> list[int]:
    (first,) = vault._state.ledger.firsts(3)
    return vault._state.ledger.chain(first)


def test_an_engagement_closed_twice_has_one_tomb(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        code = vault.open_engagement("Beuk")
        vault.close_engagement("Beuk")
        vault.open_engagement("Eik", code=code)
        vault.close_engagement("Eik")
        assert len(tombs(vault)) == 1


def test_closing_an_engagement_finds_room_in_a_full_house(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        vault.open_engagement("Beuk")
        vault.add_many(["vol"] * limits.POOL_LEAST)
        assert vault.free_slots() == 0
        vault.close_engagement("Beuk")
        assert len(tombs(vault)) == 1
        assert len(vault.handles()) == limits.POOL_LEAST


# -- twins -------------------------------------------------------------------------------------------------------------


def make_siblings(vault: Vault, count: int) -> list[str]:
    """Notes that a merge would leave of one note that was edited on so many devices."""
    state = vault._state
    handles = vault.add_many(["broers"] * count)
    slots = [slots_of(vault, handle)[0] for handle in handles]
    commit(state, [Part(slot, state.ledger.entry(slot)._replace(parent=99), None) for slot in slots])
    return sorted(handles)


def test_notes_that_came_of_one_are_told(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        vault.edit(vault.add("niemands broer").handle, "anders")
        one, other = make_siblings(vault, 2)
        assert vault.twins() == [(one, other)]
        vault.shred([one])
        assert vault.twins() == []
        (tomb,) = [tomb for tomb in tombs(vault) if tomb.shredded]
        assert tomb.parent == 99
        # only that version: the other one lives
        assert vault.show(other).text == "broers"


def test_three_of_one_are_told_together_until_they_are_edited_or_due(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
        a, b, c = make_siblings(vault, 3)
        assert vault.twins() == [(a, b, c)]
        vault.edit(b, "anders")
        assert vault.twins() == [(a, c)]
        vault.keep(a, Period(2, "m"))
        assert vault.twins() == []
        a, b = make_siblings(vault, 2)
        assert [len(group) for group in vault.twins()] == [3]
        place.to_month(vault.moment().now + 40)
        assert vault.twins() == []


# -- what a merge writes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("with_epoch", [False, True])
def test_one_commit_takes_tombs_with_and_without_a_box_and_lets_them_go(place: Place, with_epoch: bool) -> None:
    with place.create() as vault:
        enrolled(vault)
        state = vault._state
        handle = vault.add("dood elders").handle
        (slot,) = slots_of(vault, handle)
        dead = Tomb(slot, version_of(vault, handle).id, 5, 0b11, True)
        one, two = service_notes.Seats(state).take_slots(2)
        pulled, foreign = Tomb(one, 77, 0, 0b10, False, True), service_notes.Seats(state, 2).take_handle()
        parts = [
            Part(slot, dead.entry(), aead.noise(limits.SLOT_BOX)),
            Part(one, pulled.entry(), None),
            *service_notes.seal_note(state, "van elders", 330, foreign, [two], version=versions.Version(78, 77)),
        ]
        commit(state, parts, epoch=new_epoch(state) if with_epoch else None)
    with place.open() as vault:
        assert sorted(tombs(vault)) == sorted([dead, pulled])
        (note,) = vault.notes()
        assert (note.text, number_of(note.handle), version_of(vault, note.handle)) == ("van elders", foreign, (78, 77))
        vault.make_room(limits.POOL_LEAST)
        moved = tombs(vault)
        assert {tomb._replace(slot=0) for tomb in moved} == {tomb._replace(slot=0) for tomb in (dead, pulled)}
        commit(vault._state, [Part(tomb.slot, EMPTY, None) for tomb in moved])
        assert TOMB not in vault._state.ledger.kinds
        assert vault.status().used == 1


# -- a vault that joins ------------------------------------------------------------------------------------------------


def join(first: Vault, second: Place, shared: Settings) -> Vault:
    vault, second.code = create_joined_vault(
        second.paths,
        second.passphrase,
        shared=shared,
        enrolled=first._state.settings.enrolled,
        clock=second.clock,
        cost="fast",
    )
    return vault


def test_a_vault_that_joins_has_secrets_of_its_own_and_finds_the_account_s_clients(tmp_path: Path) -> None:
    first, second = Place(tmp_path / "1"), Place(tmp_path / "2")
    second.passphrase = "een andere wachtzin"
    with first.create(keep="2y") as vault:
        assert vault._state.settings.origin == NO_ORIGIN
        enrolled(vault, index=1)
        code = vault.open_engagement("Beuk")
        vault.allow_words(["Inez"])
        vault.set_guard_policy("refuse")
        shared = vault._state.settings
        shared = shared._replace(seen=999, rights=shared.rights._replace(under_way=(UnderWay(2, True, 1, 322),)))
        with join(vault, second, shared) as joined:
            ours, theirs = vault._state, joined._state
            assert theirs.vault_id != ours.vault_id == theirs.origin == ours.origin
            assert not set(theirs.settings.stretched) & set(ours.settings.stretched)
            assert theirs.settings.inbox != ours.settings.inbox
            assert (theirs.settings.seen, joined.unfinished()) == (322, [])
            assert theirs.settings.enrolled == ours.settings.enrolled
            assert (joined.keep_default, joined.guard_policy) == (Period(2, "y"), "refuse")
            assert joined.allowed_words() == ["Inez"]
            assert joined.claim(code) == vault.claim(code) == claim.derive(code, ours.vault_id)
            joined.add("een", engagement="Beuk")
    for secret in (second.passphrase, second.code):
        with second.open(secret) as joined:
            assert [note.text for note in joined.notes_of(claim=joined.claim(code))] == ["een"]
            assert joined._state.settings.enrolled is not None
    with pytest.raises(errors.WrongSecret):
        second.open(first.passphrase)
