"""The open vault: everything that can be done with notes once the secret was right."""

import os
from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import chain
from operator import attrgetter
from typing import Self

from vault import errors, expiry, limits
from vault.expiry import Moment, Span, is_due
from vault.formats import note as note_format
from vault.formats.settings import Settings
from vault.handles import LETTERS, clean, number_of, spell
from vault.ledger import DRAFT, FIRST, NO_HANDLE
from vault.months import Period
from vault.service import notes
from vault.service.callbacks import Clock, Progress
from vault.service.change import Part, commit, new_epoch
from vault.service.methods import find_static
from vault.service.notes import Seats
from vault.service.paths import Paths
from vault.service.preferences import Preferences
from vault.service.state import State
from vault.service.texts import Query, Texts
from vault.service.views import Added, Note, Status, handle_of, status_of
from vault.store.lock import ProcessLock

_PROGRESS_STEP = 64


class Vault(Preferences):
    """An unlocked vault. Closing it lets go of the lock and wipes what can be wiped; afterwards nothing works on it.

    Every method may raise StorageFailed and the VaultDamaged family, and VaultLocked after `close`.
    """

    def __init__(self, paths: Paths, state: State, lock: ProcessLock, clock: Clock, destroy_due: bool = True) -> None:
        """Takes over a state that `unlock` read; what is due is destroyed, or hidden, before anybody can look."""
        super().__init__(state, clock)
        self._paths = paths
        self._lock = lock
        self._texts: Texts | None = None
        self.expired_at_open = self.expire() if destroy_due else 0

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Locks. May be called twice."""
        state, self._open_state = self._open_state, None
        if state is not None:
            state.ledger.wipe()
            state.store.close()
            self._paths.still()
            state.anchor.still()
        if self._texts is not None:
            self._texts.clear()
        self._lock.release()

    # -- time (docs/spec/vault.md section 7)

    def confirm_clock(self) -> int:
        """Somebody says that the clock is right: what is due by it is destroyed. How many notes that were."""
        self._confirmed = True
        return self.expire()

    def due(self) -> int:
        """How many notes are hidden because they are due, and not destroyed yet because the clock is in doubt."""
        state, now = self._state, self.moment().now
        return sum(state.ledger.kinds[slot] == FIRST for slot in state.ledger.due(now))

    def expire(self) -> int:
        """Destroys what is due, unless the clock is in doubt. How many notes that were."""
        state, moment = self._state, self.moment()
        if not moment.sure:
            return 0
        due = state.ledger.due(moment.now)
        count = sum(state.ledger.kinds[slot] == FIRST for slot in due)
        settings = state.settings._replace(seen=moment.now) if moment.now > state.settings.seen else None
        if due:
            self._destroy(self._with_drafts(due), settings=settings)
        elif settings:
            self._remember_month(settings)
        return count

    def _remember_month(self, settings: Settings) -> None:
        try:
            commit(self._state, settings=settings)
        except errors.StorageFailed:
            # nothing is due, so a disk that is full or read-only must not keep anybody from reading
            return

    def _sure_today(self) -> Moment:
        moment = self.moment()
        if not moment.sure:
            raise errors.ClockUnsure(moment.months_ahead)
        return moment

    # -- writing

    def add(self, text: str, keep: Period | None = None, progress: Progress | None = None) -> Added:
        """Seals one note; `progress` hears of a pool that has to grow first.

        Raises NoteEmpty, NoteTooLong, NoteNotText, PeriodTooShort, PeriodTooLong, ClockUnsure.
        """
        period = keep or self.keep_default
        handle = self.add_many([text], period, progress)[0]
        return Added(handle, expiry.span(self.moment().today, period))

    def add_many(self, texts: Iterable[str], keep: Period | None = None, progress: Progress | None = None) -> list[str]:
        """Seals notes in one step: all of them or none. Every text is checked before the first is written.

        Raises as `add` does.
        """
        checked = [notes.checked(text) for text in texts]
        months = expiry.candidates(self._sure_today().today, keep or self.keep_default)
        self._make_room(sum(note_format.slots_needed(len(text.encode())) for text in checked), progress)
        handles: list[int] = []
        commit(self._state, self._new_notes(checked, months, handles, progress))
        return [spell(handle) for handle in handles]

    def _new_notes(
        self, texts: list[str], months: list[int], handles: list[int], progress: Progress | None
    ) -> Iterator[Part]:
        seats = Seats(self._state, len(texts))
        for done, text in enumerate(texts):
            if progress and done % _PROGRESS_STEP == 0:
                progress(done, len(texts))
            handles.append(seats.take_handle())
            month = months[notes.below(len(months))]
            slots = seats.take_slots(note_format.slots_needed(len(text.encode())))
            yield from notes.seal_note(self._state, text, month, handles[-1], slots)

    def free_slots(self) -> int:
        """How many slots are free before the pool has to grow."""
        return self._state.ledger.free_count()

    def make_room(self, slots: int, progress: Progress | None = None) -> None:
        """Grows the pool if fewer slots than these are free: a second or more when it is large."""
        self._make_room(slots, progress)

    def _make_room(self, slots: int, progress: Progress | None = None) -> None:
        state = self._state
        free = state.ledger.free_count()
        if free < slots:
            from vault.service.moving import move_house, pool_for

            pool = pool_for(state.ledger.pool - free + slots)
            if self._texts is not None:
                self._texts.clear()
            move_house(state, state.new_store(), pool, progress)

    def edit(self, start: str, text: str, progress: Progress | None = None) -> str:
        """Replaces a note's text; handle and expiry stay, the old text is destroyed. The handle.

        Raises NoteNotFound, HandleAmbiguous, HandleMalformed, NoteEmpty, NoteTooLong, NoteNotText.
        """
        text = notes.checked(text)
        first = self._find(start)
        handle = self._state.ledger.handles[first]
        self._make_room(note_format.slots_needed(len(text.encode())), progress)
        state = self._state
        first = self._exact(spell(handle))
        old = state.ledger.entry(first)
        tag = note_format.tag_of(notes.open_slot(state, first, state.store.read_slot(first)))
        slots = Seats(state).take_slots(note_format.slots_needed(len(text.encode())))
        fresh = notes.seal_note(state, text, old.expiry, handle, slots, tag=tag)
        self._destroy([first], fresh)
        return spell(handle)

    def _destroy(
        self, firsts: Sequence[int], fresh: Iterable[Part] | None = None, settings: Settings | None = None
    ) -> None:
        """Shreds the notes or drafts in these slots, writes `fresh`, and turns the epoch."""
        state = self._state
        gone = [slot for first in firsts for slot in notes.chain(state, first)]
        if self._texts is not None:
            self._texts.forget(firsts)
        try:
            commit(state, chain(notes.erase(gone), fresh or ()), settings=settings, epoch=new_epoch(state))
        except errors.DatabaseDamaged:
            if fresh is not None:
                raise
            # a box on a page that can't be read can't be overwritten either; its key goes all the same
            commit(state, notes.forget(gone), settings=settings, epoch=new_epoch(state))

    def shred(self, starts: Sequence[str]) -> int:
        """Destroys notes for good. How many. Raises NoteNotFound, HandleAmbiguous, HandleMalformed: then none is."""
        firsts = sorted({self._find(start) for start in starts})
        if firsts:
            self._destroy(self._with_drafts(firsts))
        return len(firsts)

    def _with_drafts(self, firsts: list[int]) -> list[int]:
        """These notes and, with them, what was being written to them."""
        ledger = self._state.ledger
        handles = {ledger.handles[first] for first in firsts}
        return firsts + [
            slot for slot in ledger.firsts(DRAFT) if ledger.handles[slot] in handles and slot not in firsts
        ]

    # -- expiry of one note

    def keep_preview(self, start: str, period: Period) -> bool:
        """Whether the period may keep the note longer than it is kept now."""
        months = expiry.candidates(self.moment().today, period)
        return months[-1] > self._state.ledger.expiries[self._find(start)]

    def keep(self, start: str, period: Period, *, longer: bool = False) -> Span:
        """Moves a note's expiry as if it were written today. Raises ClockUnsure, and KeepLonger unless `longer`."""
        first = self._find(start)
        today = self._sure_today().today
        if self.keep_preview(start, period) and not longer:
            raise errors.KeepLonger
        month = expiry.draw(today, period, notes.below)
        state = self._state
        entries = ((slot, state.ledger.entry(slot)) for slot in notes.chain(state, first))
        commit(state, [Part(slot, entry._replace(expiry=month), None) for slot, entry in entries])
        return expiry.span(today, period)

    # -- reading

    def _firsts(self) -> list[int]:
        ledger, now = self._state.ledger, self.moment().now
        return [slot for slot in ledger.firsts() if not is_due(ledger.expiries[slot], now)]

    def handles(self) -> list[str]:
        """The handles of all notes shown, in no telling order."""
        return sorted(handle_of(self._state, slot) for slot in self._firsts())

    def _find(self, start: str) -> int:
        letters = clean(start)
        if len(letters) == LETTERS:
            return self._exact(letters)
        found = [slot for slot in self._firsts() if handle_of(self._state, slot).startswith(letters)]
        if not found:
            raise errors.NoteNotFound
        if len(found) > 1:
            raise errors.HandleAmbiguous
        return found[0]

    def _exact(self, handle: str) -> int:
        state = self._state
        first = state.ledger.find(number_of(handle))
        if first is None or is_due(state.ledger.expiries[first], self.moment().now):
            raise errors.NoteNotFound
        return first

    def resolve(self, starts: Sequence[str]) -> list[str]:
        """The whole handles. Raises NoteNotFound, HandleAmbiguous, HandleMalformed."""
        return [handle_of(self._state, self._find(start)) for start in starts]

    def _note(self, first: int, data: bytes, now: int) -> Note:
        return Note(handle_of(self._state, first), data, self._state.ledger.expiries[first] - now)

    def show(self, start: str) -> Note:
        """One note. Raises NoteNotFound, HandleAmbiguous, HandleMalformed."""
        first = self._find(start)
        known = self._texts.get(first) if self._texts is not None else None
        data = known[0] if known else notes.text_bytes(notes.payloads(self._state, first))
        note = self._note(first, data, self.moment().now)
        notes.decode(note.data)
        return note

    def months_left(self) -> dict[str, int]:
        """The months that each note has left at most, by its handle. Reads no note."""
        ledger, now = self._state.ledger, self.moment().now
        return {handle_of(self._state, slot): ledger.expiries[slot] - now for slot in self._firsts()}

    def notes(self) -> list[Note]:
        """All notes, ordered by handle: an order that says nothing."""
        return self.find([])

    def find(
        self, words: Sequence[str], progress: Progress | None = None, among: Collection[str] | None = None
    ) -> list[Note]:
        """The notes that hold all these words, case and accents ignored, ordered by handle.

        `among` are handles: only these notes are looked at.
        """
        query, now, firsts = Query(words), self.moment().now, self._firsts()
        if among is not None and len(among) < len(firsts):
            numbers, handles = set(map(number_of, among)), self._state.ledger.handles
            firsts = [first for first in firsts if handles[first] in numbers]
        found = []
        for done, (first, data) in enumerate(self._matching(query, firsts)):
            if progress and done % _PROGRESS_STEP == 0:
                progress(done, len(firsts))
            if data is not None:
                found.append(self._note(first, data, now))
        return sorted(found, key=attrgetter("handle"))

    def _text(self, first: int) -> str:
        return notes.decode(notes.text_bytes(notes.payloads(self._state, first)))

    def _matching(self, query: Query, firsts: list[int]) -> Iterator[tuple[int, bytes | None]]:
        """(first slot, text) of each note, the text None when the query does not match it."""
        texts = self._texts
        if texts is None:
            for first, data in notes.all_texts(self._state, firsts):
                yield first, data if query.matches(data) else None
            return
        unknown = []
        for first in firsts:
            if (known := texts.get(first)) is not None:
                yield first, known[0] if query.matches_sifted(*known) else None
            else:
                unknown.append(first)
        for first, data in notes.all_texts(self._state, unknown):
            yield first, data if query.matches_sifted(*texts.put(first, data)) else None

    def remember_texts(self, on: bool) -> None:
        """Whether texts once read stay in memory while the vault is open, so that finding again is instant."""
        self._texts = Texts() if on else None

    def read_ahead(self, most: int) -> int:
        """Reads so many notes that are not remembered yet; how many are left then. See `remember_texts`."""
        if self._texts is None:
            return 0
        unread = [first for first in self._firsts() if self._texts.get(first) is None]
        for first in unread[:most]:
            self._texts.put(first, notes.text_bytes(notes.payloads(self._state, first)))
        return max(len(unread) - most, 0)

    # -- the draft: text that was being written when the vault locked itself

    def seal_draft(self, text: str, of: str = "") -> None:
        """Seals unfinished text in the pool, hidden from everything but `draft`; an earlier draft is destroyed.

        `of` is the handle of the note being edited, or empty. Works with a clock in doubt too: text must not be lost.
        Raises NoteEmpty, NoteTooLong, NoteNotText.
        """
        text = notes.checked(text)
        period = Period(limits.KEEP_LEAST_MONTHS, "m")
        month = expiry.draw(self.moment().sure_today, period, notes.below)
        handle = self._state.ledger.handles[self._find(of)] if of else NO_HANDLE
        self._make_room(note_format.slots_needed(len(text.encode())))
        state = self._state
        slots = Seats(state).take_slots(note_format.slots_needed(len(text.encode())))
        fresh = notes.seal_note(state, text, month, handle, slots, kind=DRAFT)
        if earlier := state.ledger.firsts(DRAFT):
            self._destroy(earlier, fresh)
        else:
            commit(state, fresh)

    def draft(self) -> tuple[str, str] | None:
        """The sealed draft's text and the handle of the note it is of (empty for a new one or one that is gone)."""
        state, now = self._state, self.moment().now
        for first in state.ledger.firsts(DRAFT):
            if not is_due(state.ledger.expiries[first], now):
                handle = state.ledger.handles[first]
                of = spell(handle) if state.ledger.find(handle) is not None else ""
                return self._text(first), of
        return None

    def drop_draft(self) -> None:
        """Destroys the draft, if there is one."""
        if drafts := self._state.ledger.firsts(DRAFT):
            self._destroy(drafts)

    # -- unlock methods

    def fits(self, secret: str) -> bool:
        """Whether this passphrase or recovery code opens the vault. Costs a key derivation. Raises MemoryRefused."""
        try:
            find_static(self._state.header, secret)
        except errors.WrongSecret:
            return False
        return True

    def change_passphrase(self, new: str, cost: str | None = None) -> None:
        """Replaces the passphrase in one step; the old one opens nothing any more. Raises PassphraseTooShort."""
        from vault.service.passphrase import change_passphrase

        change_passphrase(self._paths, self._state, new, cost)

    def status(self) -> Status:
        """What the vault holds."""
        size = os.path.getsize(self._paths.database())
        return status_of(self._state, self._firsts(), self.moment().now, self.due(), size)
