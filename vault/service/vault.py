"""The open vault: everything that can be done with notes once the secret was right."""

import os
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Self

from vault import errors, expiry, limits
from vault.crypto.claim import Claim
from vault.expiry import Span, is_due
from vault.formats import note as note_format
from vault.handles import spell
from vault.ledger import DRAFT, NO_HANDLE
from vault.months import Period
from vault.service import notes, versions
from vault.service.callbacks import Clock, Progress
from vault.service.change import Part, commit
from vault.service.emptying import Emptying
from vault.service.engagements import Tags
from vault.service.methods import find_static
from vault.service.notes import Seats
from vault.service.paths import Paths
from vault.service.reading import PROGRESS_STEP
from vault.service.state import State
from vault.service.views import Added, Status, status_of
from vault.store.lock import ProcessLock

if TYPE_CHECKING:
    from vault.service.backup import BackedUp
    from vault.service.factors import Factor, Person
    from vault.service.restoring import Examined


class Vault(Emptying):
    """An unlocked vault. Closing it lets go of the lock and wipes what can be wiped; afterwards nothing works on it.

    Every method may raise StorageFailed and the VaultDamaged family, and VaultLocked after `close`.
    """

    def __init__(self, paths: Paths, state: State, lock: ProcessLock, clock: Clock, destroy_due: bool = True) -> None:
        """Takes over a state that `unlock` read; what is due is destroyed, or hidden, before anybody can look."""
        super().__init__(state, clock)
        self._paths = paths
        self._lock = lock
        self._settle_inbox()
        self._clear_unfinished_copy()
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

    # -- writing

    def add(
        self,
        text: str,
        keep: Period | None = None,
        progress: Progress | None = None,
        *,
        engagement: str = "",
        claim: Claim | None = None,
    ) -> Added:
        """Seals one note, of the open engagement with this alias or of this claim if one is given.

        `progress` hears of a pool that has to grow first. Raises NoteEmpty, NoteTooLong, NoteNotText, PeriodTooShort,
        PeriodTooLong, ClockUnsure, EngagementUnknown.
        """
        period = keep or self.keep_default
        handle = self.add_many([text], period, progress, engagement=engagement, claim=claim)[0]
        return Added(handle, expiry.span(self.moment().today, period))

    def add_many(
        self,
        texts: Iterable[str],
        keep: Period | None = None,
        progress: Progress | None = None,
        *,
        engagement: str = "",
        claim: Claim | None = None,
    ) -> list[str]:
        """Seals notes in one step: all of them or none. Every text is checked before the first is written.

        Raises as `add` does.
        """
        checked = [notes.checked(text) for text in texts]
        months = expiry.candidates(self._sure_today().today, keep or self.keep_default)
        self._ensure_room(sum(note_format.slots_needed(len(text.encode())) for text in checked), progress)
        handles: list[int] = []
        tags = self._tags(engagement, claim, len(checked), progress)
        settings = tags.settings if tags else None
        commit(self._state, self._new_notes(checked, months, handles, tags, progress), settings=settings)
        return [spell(handle) for handle in handles]

    def _new_notes(
        self, texts: list[str], months: list[int], handles: list[int], tags: Tags | None, progress: Progress | None
    ) -> Iterator[Part]:
        seats = Seats(self._state, len(texts))
        drawn = tags.take() if tags else iter(notes.throwaway_tag, b"")
        for done, text in enumerate(texts):
            if progress and done % PROGRESS_STEP == 0:
                progress(done, len(texts))
            handles.append(seats.take_handle())
            month = months[notes.below(len(months))]
            slots = seats.take_slots(note_format.slots_needed(len(text.encode())))
            yield from notes.seal_note(self._state, text, month, handles[-1], slots, tag=next(drawn))

    def free_slots(self) -> int:
        """How many slots are free before the pool has to grow."""
        return self._state.ledger.free_count()

    def make_room(self, slots: int, progress: Progress | None = None) -> None:
        """Grows the pool if fewer slots than these are free: a second or more when it is large."""
        self._ensure_room(slots, progress)

    def edit(self, start: str, text: str, progress: Progress | None = None) -> str:
        """Replaces a note's text; handle and expiry stay, the old text is destroyed. The handle.

        Raises NoteNotFound, HandleAmbiguous, HandleMalformed, NoteEmpty, NoteTooLong, NoteNotText.
        """
        text = notes.checked(text)
        first = self._find(start)
        handle = self._state.ledger.handles[first]
        self._ensure_room(note_format.slots_needed(len(text.encode())), progress)
        state = self._state
        first = self._exact(spell(handle))
        old = state.ledger.entry(first)
        tag = note_format.tag_of(notes.open_slot(state, first, state.store.read_slot(first)))
        slots = Seats(state).take_slots(note_format.slots_needed(len(text.encode())))
        version = versions.successor(state, first)
        fresh = notes.seal_note(state, text, old.expiry, handle, slots, tag=tag, version=version)
        self._destroy([first], fresh, leaves=versions.tombs(state, [first], shredded=False))
        return spell(handle)

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
        handle = self._state.ledger.handles[first]
        self._ensure_room(int(self._state.settings.enrolled is not None))
        state = self._state
        first = self._exact(spell(handle))
        changed = {slot: state.ledger.entry(slot)._replace(expiry=month) for slot in notes.chain(state, first)}
        version = versions.successor(state, first)
        changed[first] = changed[first]._replace(id=version.id, parent=version.parent)
        # a free slot is noise already
        for tomb in versions.tombs(state, [first], shredded=False).values():
            changed[Seats(state).take_slots(1)[0]] = tomb
        commit(state, [Part(slot, entry, None) for slot, entry in changed.items()])
        return expiry.span(today, period)

    # -- the draft: text that was being written when the vault locked itself

    def seal_draft(self, text: str, of: str = "", engagement: str = "") -> None:
        """Seals unfinished text in the pool, hidden from everything but `draft`; an earlier draft is destroyed.

        `of` is the handle of the note being edited, or empty; `engagement` the alias that a new note was begun for, see
        `draft_engagement`. Works with a clock in doubt too: text must not be lost. Raises NoteEmpty, NoteTooLong,
        NoteNotText, EngagementUnknown.
        """
        text = notes.checked(text)
        period = Period(limits.KEEP_LEAST_MONTHS, "m")
        month = expiry.draw(self.moment().sure_today, period, notes.below)
        handle = self._state.ledger.handles[self._find(of)] if of else NO_HANDLE
        self._ensure_room(note_format.slots_needed(len(text.encode())))
        state = self._state
        slots = Seats(state).take_slots(note_format.slots_needed(len(text.encode())))
        tag = self._draft_tag(engagement)
        fresh = notes.seal_draft(state, text, month, handle, slots, tag=tag)
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
        """Whether this is the passphrase (its second factor is not asked for) or the recovery code.

        Costs a key derivation. Raises MemoryRefused.
        """
        from vault.service.factors import factor_secrets

        try:
            find_static(self._state.header, secret, lambda _methods: factor_secrets(self._state))
        except errors.WrongSecret:
            return False
        return True

    def change_passphrase(self, new: str, cost: str | None = None) -> None:
        """Replaces the passphrase in one step; the old one opens nothing any more. Raises PassphraseTooShort."""
        from vault.service.passphrase import change_passphrase

        change_passphrase(self._paths, self._state, new, cost)

    def factors(self) -> "list[Factor]":
        """The second factors, any one of which the passphrase takes; none for a passphrase that opens alone."""
        from vault.service.factors import listed

        return listed(self._state)

    def add_factor(self, name: str, person: "Person") -> None:
        """Makes or takes in a second factor ("keyfile" or "fido2"), asks it once more, and only then puts it in force.

        From then on the passphrase opens nothing without one; the recovery code does. Raises FactorsTooMany,
        FactorKnown, FactorNotVerified, SettingsFull, KeyFileInside and what vault.factor raises: then nothing is
        changed. ResidueLeft: changed.
        """
        from vault.service.factors import add_factor

        add_factor(self._paths, self._state, name, person)

    def remove_factor(self, which: str) -> None:
        """Takes a second factor out, by its number or its name; with the last the passphrase opens alone again.

        Raises FactorUnknown, StorageFailed: then nothing is changed. ResidueLeft: changed.
        """
        from vault.service.factors import remove_factor

        remove_factor(self._paths, self._state, which)

    # -- backups (docs/spec/places.md section 5)

    def back_up(self, folder: str, progress: Progress | None = None) -> "BackedUp":
        """Brings the backup in `folder` up to date, or makes it. Raises as vault.service.backup.back_up does."""
        from vault.service.backup import back_up

        state = self._state
        return back_up(state.store, state.vault_id, state.static, state.head.pool, folder, progress)

    def mend(self, folders: Sequence[str], progress: Progress | None = None) -> "Examined":
        """Takes what does not open here from the backups in these folders. Raises BackupMissing, BackupDamaged,
        BackupOfAnother."""
        from vault.service.restoring import mend, open_backups

        state = self._state
        if self._texts is not None:
            self._texts.clear()
        with open_backups(state, folders) as backups:
            return mend(state, backups, self.moment().now, progress)

    def allow_unattended_backups(self) -> None:
        """Writes the key file of the nightly run (vault.service.backup): it opens no note."""
        from vault.service.backup import write_key

        write_key(self._paths, self._state.static)

    def move_anchor(self, kind: str) -> bool:
        """Moves the anchor to "file" or "tpm", with a new epoch; False if it is there already.

        Raises TpmUnreachable (nothing changed), ResidueLeft.
        """
        from vault.service.anchors import move

        return move(self._state, kind)

    def status(self) -> Status:
        """What the vault holds."""
        size = os.path.getsize(self._paths.database())
        found = status_of(self._state, self._firsts(), self.moment().now, self.due(), size)
        inbox = self.inbox()
        return found._replace(jots=inbox.waiting, unreadable_jots=inbox.unreadable)
