"""The part of an open vault that destroys: what was asked, and what is due."""

from collections.abc import Iterable, Sequence
from itertools import chain

from vault import errors
from vault.expiry import Moment
from vault.formats.settings import Settings
from vault.ledger import DRAFT, FIRST
from vault.service import notes, versions
from vault.service.change import Part, commit, new_epoch
from vault.service.reading import Reading


class Destroying(Reading):
    """Every destruction is one commit with a new epoch. Base of vault.service.vault.Vault."""

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

    # -- what was asked

    def _destroy(
        self,
        firsts: Sequence[int],
        fresh: Iterable[Part] | None = None,
        settings: Settings | None = None,
        leaves: notes.Leaves | None = None,
    ) -> None:
        """Shreds the notes or drafts in these slots, but for the tombs they leave, writes `fresh`, turns the epoch."""
        state = self._state
        gone = [slot for first in firsts for slot in notes.chain(state, first)]
        if self._texts is not None:
            self._texts.forget(firsts)
        try:
            parts = chain(notes.erase(gone, leaves or {}), fresh or ())
            commit(state, parts, settings=settings, epoch=new_epoch(state))
        except errors.DatabaseDamaged:
            if fresh is not None:
                raise
            # a box on a page that can't be read can't be overwritten either; its key goes all the same
            commit(state, notes.forget(gone, leaves or {}), settings=settings, epoch=new_epoch(state))

    def shred(self, starts: Sequence[str]) -> int:
        """Destroys notes for good. How many. Raises NoteNotFound, HandleAmbiguous, HandleMalformed: then none is."""
        firsts = sorted({self._find(start) for start in starts})
        if firsts:
            self._shred(firsts)
        return len(firsts)

    def _shred(self, firsts: list[int], settings: Settings | None = None) -> None:
        leaves = versions.tombs(self._state, firsts, shredded=True)
        self._destroy(self._with_drafts(firsts), settings=settings, leaves=leaves)

    def _with_drafts(self, firsts: list[int]) -> list[int]:
        """These notes and, with them, what was being written to them."""
        ledger = self._state.ledger
        handles = {ledger.handles[first] for first in firsts}
        return firsts + [
            slot for slot in ledger.firsts(DRAFT) if ledger.handles[slot] in handles and slot not in firsts
        ]
