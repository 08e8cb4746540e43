"""Any sequence of operations on a real vault agrees with a dictionary that knows nothing of keys, slots and files.

Seen to fail: `edit` taking a new handle; `expire` forgetting drafts; a moved house in which a key stayed with its new
box; `take_slots` giving a slot twice; the clock of the last opening not remembered. Of tombs: left by what expired; not
left by `shred`, `keep` or `edit`; said to be shredded by `edit`; lost when the house moved; a new version with the
parent of the old one, or with the same id; an id for drafts.
"""

import shutil
import tempfile
from hashlib import blake2b
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    precondition,
    rule,
)

from tests.support.vaults import Place, enrolled, expiry_of, slots_of
from vault import errors, limits
from vault.expiry import candidates
from vault.formats.note import slots_needed
from vault.ledger import FIRST, FREE, TOMB
from vault.months import Period, first_day, month_of
from vault.service import Vault

PASSPHRASES = ("een lange wachtzin", "een heel andere wachtzin", "nog weer een andere")
texts = st.one_of(
    st.sampled_from(["x", "vier kleuren", "é" * 928, "é" * 929, "lang " * 1200]),
    st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=60).filter(
        str.strip
    ),
)
keeps = st.sampled_from([Period(2, "m"), Period(90, "d"), Period(6, "m"), Period(1, "y"), Period(10, "y")])


class Told(NamedTuple):
    """What the model knows of a note."""

    text: str
    expiry: int
    id: int
    parent: int


class VaultMachine(RuleBasedStateMachine):
    """A vault on disk beside a dictionary. Handles of notes that are gone stay in `handles`, to be asked for again."""

    handles = Bundle("handles")

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="model-"))
        self.place = Place(self.folder)
        self.notes: dict[str, Told] = {}
        self.draft: tuple[str, str, int] | None = None
        self.seen = 0
        self.keys: dict[bytes, bytes] = {}
        self.index: int | None = None
        self.ids: set[int] = set()
        self.tombs: dict[int, tuple[int, bool]] = {}
        self.vault: Vault

    @initialize(passphrase=st.sampled_from(PASSPHRASES), index=st.one_of(st.none(), st.integers(0, 11)))
    def create(self, passphrase: str, index: int | None) -> None:
        self.place.passphrase = passphrase
        self.vault = self.place.create(keep="1y")
        self.seen = self.now
        if index is not None:
            self.enrol(index)

    def teardown(self) -> None:
        if hasattr(self, "vault"):
            self.vault.close()
        shutil.rmtree(self.folder)

    # -- what the model says

    @property
    def now(self) -> int:
        return max(month_of(self.place.day), self.seen)

    @property
    def shown(self) -> dict[str, Told]:
        return {handle: told for handle, told in self.notes.items() if told.expiry >= self.now}

    @property
    def sure(self) -> bool:
        return self.now - self.seen <= limits.JUMP_MONTHS

    def expire(self) -> int:
        """What opening or expiring does to the model; how many notes it destroyed."""
        if not self.sure:
            return 0
        self.seen = self.now
        gone = [handle for handle, told in self.notes.items() if told.expiry < self.now]
        self.let_go(gone)
        if self.draft and self.draft[2] < self.now:
            self.draft = None
        return len(gone)

    def let_go(self, gone: list[str]) -> None:
        for handle in gone:
            del self.notes[handle]
        if self.draft and self.draft[1] in gone:
            self.draft = None

    def wrote(self, handle: str, text: str, keep: Period) -> None:
        assert handle not in self.notes
        expiry = expiry_of(self.vault, handle)
        assert expiry in candidates(self.vault.moment().today, keep)
        self.notes[handle] = Told(text, expiry, self.fresh_id(handle), 0)

    def fresh_id(self, handle: str) -> int:
        """The id of a version that was just written: no other ever had it."""
        identity = self.vault._state.ledger.ids[slots_of(self.vault, handle)[0]]
        assert identity
        assert identity not in self.ids
        self.ids.add(identity)
        return identity

    def buried(self, handle: str, *, shredded: bool) -> None:
        """This version of the note is no more."""
        if self.index is not None:
            told = self.notes[handle]
            self.tombs[told.id] = (told.parent, shredded)

    def changed(self, handle: str, **changes: Any) -> None:
        """A new version took the place of this one."""
        self.buried(handle, shredded=False)
        told = self.notes[handle]
        parent = 0 if self.index is None else told.id
        self.notes[handle] = told._replace(id=self.fresh_id(handle), parent=parent, **changes)

    # -- what can be done

    @rule(target=handles, text=texts, keep=keeps)
    def add(self, text: str, keep: Period) -> str:
        if not self.sure:
            with pytest.raises(errors.ClockUnsure):
                self.vault.add(text, keep)
            return "bababa"
        handle = self.vault.add(text, keep).handle
        self.wrote(handle, text, keep)
        return handle

    @precondition(lambda self: self.sure)
    @rule(target=handles, batch=st.lists(texts, max_size=6), keep=keeps)
    def add_many(self, batch: list[str], keep: Period) -> object:
        handles = self.vault.add_many(batch, keep)
        for handle, text in zip(handles, batch, strict=True):
            self.wrote(handle, text, keep)
        return multiple(*handles)

    @precondition(lambda self: self.sure and self.vault.status().pool == limits.POOL_LEAST)
    @rule(target=handles)
    def add_until_the_house_is_too_small(self) -> object:
        free = self.vault._state.ledger.free_count()
        handles = self.vault.add_many(["vol"] * (free + 1), Period(2, "m"))
        for handle in handles:
            self.wrote(handle, "vol", Period(2, "m"))
        return multiple(*handles[:3])

    @rule(handle=handles, text=texts)
    def edit(self, handle: str, text: str) -> None:
        if handle not in self.shown:
            with pytest.raises(errors.NoteNotFound):
                self.vault.edit(handle, text)
            return
        assert self.vault.edit(handle, text) == handle
        self.changed(handle, text=text)

    @rule(handle=handles, period=keeps, longer=st.booleans())
    def keep(self, handle: str, period: Period, longer: bool) -> None:
        if handle not in self.shown:
            with pytest.raises(errors.NoteNotFound):
                self.vault.keep(handle, period, longer=longer)
        elif not self.sure:
            with pytest.raises(errors.ClockUnsure):
                self.vault.keep(handle, period, longer=longer)
        else:
            possible = candidates(self.vault.moment().today, period)
            if possible[-1] > self.notes[handle].expiry and not longer:
                with pytest.raises(errors.KeepLonger):
                    self.vault.keep(handle, period)
                return
            self.vault.keep(handle, period, longer=longer)
            expiry = expiry_of(self.vault, handle)
            assert expiry in possible
            self.changed(handle, expiry=expiry)

    @rule(handle=consumes(handles))
    def shred(self, handle: str) -> None:
        if handle not in self.shown:
            with pytest.raises(errors.NoteNotFound):
                self.vault.shred([handle])
            return
        assert self.vault.shred([handle]) == 1
        self.buried(handle, shredded=True)
        self.let_go([handle])

    @rule(share=st.integers(0, 3))
    def shred_many(self, share: int) -> None:
        going = sorted(self.shown)[share::4]
        assert self.vault.shred(going) == len(going)
        for handle in going:
            self.buried(handle, shredded=True)
        self.let_go(going)

    @precondition(lambda self: self.index is None)
    @rule(index=st.integers(0, 11))
    def enrol(self, index: int) -> None:
        self.index = index
        enrolled(self.vault, index)

    @rule(text=texts, handle=st.one_of(st.just(""), handles))
    def seal_draft(self, text: str, handle: str) -> None:
        if handle and handle not in self.shown:
            with pytest.raises(errors.NoteNotFound):
                self.vault.seal_draft(text, of=handle)
            return
        self.vault.seal_draft(text, of=handle)
        expiry = self.draft_expiry()
        assert expiry in candidates(self.vault.moment().sure_today, Period(limits.KEEP_LEAST_MONTHS, "m"))
        self.draft = (text, handle, expiry)

    def draft_expiry(self) -> int:
        ledger = self.vault._state.ledger
        (first,) = ledger.firsts(3)
        return ledger.expiries[first]

    @rule()
    def drop_draft(self) -> None:
        self.vault.drop_draft()
        self.draft = None

    @rule(months=st.sampled_from([1, 1, 1, 2, 2, 3, 7, -1, -5]), day=st.integers(0, 27))
    def time_passes(self, months: int, day: int) -> None:
        month = max(month_of(self.place.day) + months, limits.RELEASE_MONTH - 12)
        self.place.day = first_day(month).replace(day=day + 1)

    @rule()
    def expire_while_open(self) -> None:
        assert self.vault.expire() == self.expire()

    @precondition(lambda self: not self.sure)
    @rule()
    def confirm_the_clock(self) -> None:
        self.vault.confirm_clock()
        self.seen = self.now
        self.expire()
        # the confirmation holds until the vault is closed; here it ends at once, so that the model stays simple
        self.reopen("passphrase")

    @rule(by=st.sampled_from(["passphrase", "code"]))
    def reopen(self, by: str) -> None:
        self.vault.close()
        with pytest.raises(errors.VaultLocked):
            self.vault.handles()
        self.vault = self.place.open(self.place.code if by == "code" else self.place.passphrase)
        assert self.vault.expired_at_open == self.expire()

    @rule(new=st.sampled_from(PASSPHRASES))
    def change_passphrase(self, new: str) -> None:
        old = self.place.passphrase
        self.vault.change_passphrase(new)
        self.place.passphrase = new
        if new != old:
            self.vault.close()
            with pytest.raises(errors.WrongSecret):
                self.place.open(old)
            self.reopen_after_close()

    def reopen_after_close(self) -> None:
        self.vault = self.place.open()
        assert self.vault.expired_at_open == self.expire()

    @rule(piece=st.sampled_from(["vier", "LANG", "é", "x", "kleuren", "niet te vinden"]), remember=st.booleans())
    def find(self, piece: str, remember: bool) -> None:
        self.vault.remember_texts(remember)
        found = {note.handle: note.text for note in self.vault.find([piece])}
        for handle, text in found.items():
            assert self.shown[handle].text == text
        for handle, told in self.shown.items():
            if piece in told.text:
                assert handle in found

    # -- what always holds

    @invariant()
    def the_same_notes_are_shown(self) -> None:
        shown = self.shown
        assert self.vault.handles() == sorted(shown)
        notes = self.vault.notes()
        assert [(note.handle, note.text) for note in notes] == [
            (handle, shown[handle].text) for handle in sorted(shown)
        ]
        assert all(note.months_left == shown[note.handle].expiry - self.now >= 0 for note in notes)
        assert self.vault.due() == len(self.notes) - len(shown)

    @invariant()
    def the_same_draft_is_there(self) -> None:
        if self.draft is None or self.draft[2] < self.now:
            assert self.vault.draft() is None
        else:
            assert self.vault.draft() == self.draft[:2]

    @invariant()
    def every_slot_is_accounted_for(self) -> None:
        ledger = self.vault._state.ledger
        sizes = [told.text for told in self.notes.values()] + ([self.draft[0]] if self.draft else [])
        used = sum(slots_needed(len(text.encode())) for text in sizes)
        used += len(self.tombs)
        assert ledger.pool - ledger.kinds.count(FREE) == self.vault.status().used == used
        chains = [slot for handle in self.notes for slot in slots_of(self.vault, handle)]
        assert len(chains) == len(set(chains))

    @invariant()
    def what_was_replaced_or_shredded_has_a_tomb_and_nothing_else_has(self) -> None:
        tombs = self.vault._state.ledger.tombs()
        assert {tomb.id: (tomb.parent, tomb.shredded) for tomb in tombs} == self.tombs
        assert len(tombs) == len(self.tombs)
        assert {(tomb.known, tomb.pushed) for tomb in tombs} <= {(1 << (self.index or 0), False)}

    @invariant()
    def every_version_knows_itself_and_the_one_before(self) -> None:
        ledger = self.vault._state.ledger
        for handle, told in self.notes.items():
            first = ledger.entry(slots_of(self.vault, handle)[0])
            assert (first.id, first.parent) == (told.id, told.parent)
        for slot, kind in enumerate(ledger.kinds):
            if kind not in (FIRST, TOMB):
                assert (ledger.ids[slot], ledger.parents[slot]) == (0, 0)
        assert self.vault.twins() == []

    @invariant()
    def no_key_is_ever_used_for_a_second_box(self) -> None:
        state = self.vault._state
        boxes = dict(state.store.scan_slots())
        for slot, kind in enumerate(state.ledger.kinds):
            if kind in (FREE, TOMB):
                assert state.ledger.entry(slot).key == bytes(32)
                continue
            key = state.ledger.entry(slot).key
            box = blake2b(boxes[slot], digest_size=16).digest()
            assert self.keys.setdefault(key, box) == box

    @invariant()
    def the_file_has_the_size_of_its_pool(self) -> None:
        pool = self.vault._state.ledger.pool
        assert self.place.db.stat().st_size == self.vault.status().file_bytes > pool * limits.SLOT_BOX
        assert pool in (256, 512)


class TestVaultModel(VaultMachine.TestCase):  # type: ignore[misc, valid-type]
    """At most so many steps, so that a run takes seconds; the long run is `--hypothesis-profile=full`."""

    settings = settings(stateful_step_count=25)
