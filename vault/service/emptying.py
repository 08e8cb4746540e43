"""The part of an open vault that destroys all that is in it: a practice closes (docs/spec/rights.md section 6.3)."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import NamedTuple

from vault import errors
from vault.formats.rights import COPYING, DESTROYED, UnderWay
from vault.formats.settings import Settings
from vault.ledger import DRAFT, FREE, RECORD, TOMB
from vault.service import inboxfolder, notes, open_receipts, versions
from vault.service.change import Part, commit, new_epoch
from vault.service.inbox import Taking, TakingIn
from vault.service.inboxfolder import InboxLock
from vault.service.notes import Leaves, Seats
from vault.service.places import Places
from vault.service.records import Records
from vault.service.rights import Shredded


class Contents(NamedTuple):
    """How much there is of everything that `Emptying.shred_all` destroys; notes that are due and hidden count too.

    `requests`: copies and erasures that were counted. `unreadable`: things in the inbox that are no jots.
    """

    notes: int
    drafts: int
    engagements: int
    allowed: int
    templates: int
    registers: int
    requests: int
    jots: int
    unreadable: int


class Emptying(TakingIn, Places, Records):
    """Base of vault.service.vault.Vault."""

    def contents(self) -> Contents:
        """What is in the vault, in numbers. Reads no note."""
        ledger, settings, inbox = self._state.ledger, self._state.settings, self.inbox()
        return Contents(
            len(ledger.firsts()),
            len(ledger.firsts(DRAFT)),
            len(settings.rights.engagements),
            len(settings.allowed),
            len(settings.templates),
            len(ledger.firsts(RECORD)),
            sum(each.copies + each.erasures for each in settings.rights.requests),
            inbox.waiting,
            inbox.unreadable,
        )

    def shred_all(self, *, receipt_to: str = "", destroyed: Callable[[], None] | None = None) -> Shredded:
        """Destroys everything that `contents` counts, in one step; after it a receipt of the notes, if one is wanted.

        What stays: unlock methods, places, account, how the vault is set, and receipts that others still wait for.
        `destroyed` is called in between, as by `shred_for_client`. Nobody asked for this, so it counts as no request.

        Raises InboxBusy, InboxStrange, StorageFailed and, if a receipt is wanted, ClockUnsure, ReceiptsWaiting,
        TargetExists, TargetFailed and NothingThere (there is no note): nothing is destroyed. ResidueLeft: destroyed,
        but the receipt has to wait for the next unlock.
        """
        month = self._sure_today().now if receipt_to else 0
        held = self.contents()
        if receipt_to and not held.notes:
            raise errors.NothingThere
        self._check_targets("", receipt_to)
        entry = UnderWay(DESTROYED, False, held.notes, month)
        if any(held):
            self._empty(entry if receipt_to else None)
        if destroyed is not None:
            destroyed()
        return self._hand_receipt(entry, receipt_to) if receipt_to else Shredded(held.notes, b"", False)

    def _empty(self, entry: UnderWay | None) -> None:
        state = self._state
        rights = state.settings.rights
        found = [versions.tomb_of_engagement(state, each.key) for each in rights.engagements]
        tombs = [tomb for tomb in found if tomb is not None]
        self._ensure_room(len(tombs))
        under_way = tuple(each for each in rights.under_way if each.stage != COPYING)
        seed = rights.seed
        if entry is not None:
            seed, under_way = self._seed(), (*under_way, entry)
        settings = self._with_rights(rights._replace(seed=seed, engagements=(), requests=(), under_way=under_way))
        if entry is not None:
            settings = open_receipts.with_one_more(settings, open_receipts.opened(entry, settings))
        settings = settings._replace(allowed=(), templates=())
        # by the ledger, not along the notes: one whose parts don't follow each other goes like any other
        slots = [slot for slot, kind in enumerate(state.ledger.kinds) if kind not in (FREE, TOMB)]
        leaves = versions.tombs(state, state.ledger.firsts(), shredded=True)
        leaves |= zip(Seats(state).take_slots(len(tombs)), tombs, strict=True)
        self._forget_everything(sorted({*slots, *leaves}), leaves, settings)
        with suppress(errors.StorageFailed, errors.InboxBusy, errors.InboxStrange):
            # nobody can read it; what stays is told at every unlock
            self.discard_unreadable()

    def _forget_everything(self, slots: list[int], leaves: Leaves, settings: Settings) -> None:
        if self._texts is not None:
            self._texts.clear()
        try:
            self._commit_with_inbox(notes.erase(slots, leaves), settings)
        except errors.DatabaseDamaged:
            # what can't be overwritten loses its key all the same
            self._commit_with_inbox(notes.forget(slots, leaves), settings)

    def _commit_with_inbox(self, parts: Iterable[Part], settings: Settings) -> None:
        """One commit with a new epoch. The inbox key turns in it if jots wait: so no jot opens any more either."""
        state = self._state
        if inboxfolder.is_there(self._paths):
            with InboxLock(self._paths):
                taking = Taking(self._paths, state, {}, [])
                if taking.begin(None):
                    taking.finish(settings=settings, more=parts)
                    return
        commit(state, parts, settings=settings, epoch=new_epoch(state))
