"""The part of an open vault that hands over to a client: copies, destruction with a copy, receipts.

The order of the steps is that of docs/spec/rights.md section 6.1: nothing is destroyed without a copy that was read
back and verified, and no receipt exists of what was not destroyed.
"""

import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from typing import NamedTuple

from vault import errors, limits, receipt
from vault.formats.rights import COPYING, DESTROYED, Requests, UnderWay
from vault.formats.rights import Rights as KeptRights
from vault.formats.safety import OpenReceipt
from vault.formats.settings import Settings
from vault.months import month_of
from vault.receipt import Receipt
from vault.service import handing, open_receipts
from vault.service.engagements import Engagements
from vault.service.views import Note


class Copy(NamedTuple):
    """A copy to be made: the file's name, what makes its bytes, and what raises unless the bytes that were read back
    are a whole copy of the notes."""

    target: str
    make: Callable[[Sequence[Note]], bytes]
    verify: Callable[[bytes, Sequence[Note]], None]


class Shredded(NamedTuple):
    """How many notes were destroyed. `receipt` is the document, if one was asked for; `written`: it is on the disk."""

    notes: int
    receipt: bytes
    written: bool


class Unfinished(NamedTuple):
    """What was begun for a client and broken off.

    A copy (`is_copy`) of so many notes: nothing was destroyed. Or so many notes were destroyed, and the receipt is not
    out: `write_waiting_receipt`.
    """

    is_copy: bool
    notes: int


class ReceiptState(NamedTuple):
    """A receipt that is not done with. `confirmed`, `waiting`: kind of place → how many. `out`: it was written once.
    `complete`: nobody waits, so that it can be written anew. `can_complete`: nobody waits who can't confirm any more.
    """

    notes: int
    month: int
    asked: str
    confirmed: Mapping[str, int]
    waiting: Mapping[str, int]
    out: bool
    complete: bool
    can_complete: bool


class Rights(Engagements):
    """Copies and receipts. Base of vault.service.vault.Vault."""

    # -- copies

    def hand_over(self, handles: Sequence[str], copy: Copy) -> int:
        """Writes a copy of these notes, read back and verified, and counts the request. How many notes.

        The notes come in the order of their handles, which follows no time. Raises NothingThere, NoteNotFound,
        TargetExists, TargetFailed, CopyNotVerified, and what `copy` raises: then there is no copy.
        """
        wanted = self._wanted(handles)
        handing.check_free(copy.target)
        self._write_copy(wanted, copy, claimed=False)
        self._end_copy(self._counted(copies=1))
        return len(wanted)

    def shred_for_client(
        self,
        handles: Sequence[str],
        *,
        claimed: bool,
        copy: Copy | None = None,
        receipt_to: str = "",
        destroyed: Callable[[], None] | None = None,
    ) -> Shredded:
        """Destroys these notes for good; before that a copy is written, after it a receipt, if they are wanted.

        `claimed`: the client's claim code chose them. `destroyed` is called in between, so that places can follow that
        the receipt then has as confirmed; what it raises leaves the receipt to `write_waiting_receipt`.

        Raises NothingThere, NoteNotFound, TargetExists, TargetFailed,
        CopyNotVerified, StorageFailed, what `copy` raises and, if a receipt is wanted, ClockUnsure and ReceiptsWaiting:
        nothing is destroyed. ResidueLeft: destroyed, but the receipt has to wait for the next unlock.
        """
        month = self._sure_today().now if receipt_to else 0
        wanted = self._wanted(handles)
        self._check_targets(copy.target if copy else "", receipt_to)
        if copy is not None:
            self._write_copy(wanted, copy, claimed=claimed)
        after = self._counted(copies=int(copy is not None), erasures=int(claimed or bool(receipt_to)))
        under_way = tuple(each for each in after.under_way if each.stage != COPYING)
        entry = UnderWay(DESTROYED, claimed, len(wanted), month)
        if receipt_to:
            after, under_way = after._replace(seed=self._seed()), (*under_way, entry)
        firsts = sorted(self._exact(handle) for handle in wanted)
        settings = self._with_rights(after._replace(under_way=under_way))
        if receipt_to:
            settings = open_receipts.with_one_more(settings, open_receipts.opened(entry, settings))
        self._shred(firsts, settings)
        if destroyed is not None:
            destroyed()
        return self._hand_receipt(entry, receipt_to) if receipt_to else Shredded(len(wanted), b"", False)

    def _check_targets(self, copy: str, receipt_to: str) -> None:
        for target in filter(None, (copy, receipt_to)):
            handing.check_free(target)
        if copy and receipt_to and os.path.abspath(copy) == os.path.abspath(receipt_to):
            raise errors.TargetExists
        waiting = sum(each.stage == DESTROYED for each in self._rights.under_way)
        if receipt_to and waiting >= limits.UNDER_WAY - 1:
            raise errors.ReceiptsWaiting

    def _wanted(self, handles: Sequence[str]) -> list[str]:
        if not handles:
            raise errors.NothingThere
        return sorted(set(self.resolve(handles)))

    def _write_copy(self, handles: list[str], copy: Copy, *, claimed: bool) -> None:
        """Steps 1 to 4. Raises as `hand_over` does; the marker is gone then, if it can be."""
        notes = self.find([], among=handles)
        if len(notes) != len(handles):
            # one fell due this very moment
            raise errors.NoteNotFound
        data = copy.make(notes)
        unfinished = handing.unfinished_name(copy.target)
        path = os.fsencode(unfinished)
        entry = UnderWay(COPYING, claimed, len(notes), 0, path if len(path) <= limits.PATH_BYTES else b"")
        under_way = tuple(each for each in self._rights.under_way if each.stage != COPYING)
        self._store(self._with_rights(self._rights._replace(under_way=(*under_way, entry))))
        try:
            handing.hand_over(copy.target, unfinished, data, lambda found: copy.verify(found, notes))
        except BaseException:
            with suppress(errors.StorageFailed, errors.ResidueLeft):
                self._end_copy(self._rights)
            raise

    def _end_copy(self, rights: KeptRights) -> None:
        """Takes the marker of a copy out, with a new epoch: its path may hold a name."""
        left = tuple(each for each in rights.under_way if each.stage != COPYING)
        if left != rights.under_way or rights != self._rights:
            self._store(self._with_rights(rights._replace(under_way=left)), destroys=True)

    def _counted(self, *, copies: int = 0, erasures: int = 0) -> KeptRights:
        """The rights with one request more in the present month."""
        rights, month = self._rights, month_of(self.moment().sure_today)
        old = next((each for each in rights.requests if each.month == month), Requests(month, 0, 0))
        most = limits.REQUESTS_MOST
        new = Requests(month, min(old.copies + copies, most), min(old.erasures + erasures, most))
        if not new.copies and not new.erasures:
            return rights
        others = sorted(each for each in rights.requests if each.month != month)
        return rights._replace(requests=(*others, new)[-limits.REQUEST_MONTHS :])

    def requests(self) -> list[Requests]:
        """How many copies and erasures were asked for, month by month: all that is kept of requests."""
        return list(self._rights.requests)

    # -- receipts

    def receipt_key(self) -> bytes:
        """The public key that receipts are signed with (32 bytes; `receipt_mark` says it in words), made if need be."""
        seed = self._seed()
        if seed != self._rights.seed:
            self._store(self._with_rights(self._rights._replace(seed=seed)))
        return receipt.public_key(seed)

    def unconfirmed(self) -> dict[str, int]:
        """Kind of place → how many that have to confirm what is destroyed here: server, devices and sticks."""
        owing = sum(each.owes for each in self._state.settings.safety.places)
        return self._others() | ({receipt.STICK: owing} if owing else {})

    def _others(self) -> dict[str, int]:
        enrolled = self._state.settings.enrolled
        if enrolled is None:
            return {}
        others = sum(each.awaited and each.index != enrolled.index for each in enrolled.devices)
        return {receipt.SERVER: 1} | ({receipt.DEVICE: others} if others else {})

    def _receipt(self, entry: UnderWay, kept: OpenReceipt | None) -> bytes:
        if kept is not None:
            return receipt.make(open_receipts.facts(kept), self._rights.seed)
        asked = receipt.CLAIM if entry.claimed else receipt.HAND
        facts = Receipt(entry.notes, entry.month, asked, {receipt.DEVICE: 1}, self._others())
        return receipt.make(facts, self._rights.seed)

    def _open_receipt(self, entry: UnderWay) -> OpenReceipt | None:
        """The newest that is like it: whatever confirmed that one has confirmed an older one, too."""
        kept = reversed(self._state.settings.safety.receipts)
        return next((each for each in kept if open_receipts.is_of(each, entry)), None)

    def _hand_receipt(self, entry: UnderWay, target: str) -> Shredded:
        """Steps 6 and 7. The destruction stands whatever happens here."""
        kept = self._open_receipt(entry)
        document = self._receipt(entry, kept)
        try:
            handing.hand_over(target, handing.unfinished_name(target), document)
        except (errors.TargetExists, errors.TargetFailed, errors.CopyNotVerified):
            return Shredded(entry.notes, document, False)
        left = list(self._rights.under_way)
        left.remove(entry)
        with suppress(errors.StorageFailed):
            # it is told once more, and the same receipt made again
            settings = self._with_rights(self._rights._replace(under_way=tuple(left)))
            self._store(_without(settings, kept))
        return Shredded(entry.notes, document, True)

    def receipts(self) -> list[ReceiptState]:
        """The receipts that are not out, and those that are and wait for places, or for being written anew."""
        settings = self._state.settings
        unwritten = [each for each in self._rights.under_way if each.stage == DESTROYED]
        found = []
        for entry in unwritten:
            kept = self._open_receipt(entry)
            facts = receipt.verify(self._receipt(entry, kept))
            done = kept is not None and open_receipts.can_complete(kept, settings)
            found.append(_state_of(facts, out=False, can_complete=kept is None or done))
        for kept in self._open_ones():
            facts, possible = open_receipts.facts(kept), open_receipts.can_complete(kept, settings)
            found.append(_state_of(facts, out=True, can_complete=possible))
        return found

    def complete_receipts(self) -> int:
        """How many receipts that are out everybody has confirmed since: `write_waiting_receipt` writes them anew."""
        return sum(open_receipts.is_complete(each) for each in self._open_ones())

    def _open_ones(self) -> list[OpenReceipt]:
        """Open receipts that are out, oldest first."""
        found = list(open_receipts.current(self._state.settings.safety.receipts, self.moment().now))
        for entry in self._rights.under_way:
            kept = self._open_receipt(entry) if entry.stage == DESTROYED else None
            if kept in found:
                found.remove(kept)
        return found

    # -- what was broken off

    def unfinished(self) -> list[Unfinished]:
        """What was begun and broken off: a copy first, then receipts that are not out."""
        found = [Unfinished(each.stage == COPYING, each.notes) for each in self._rights.under_way]
        return sorted(found, reverse=True)

    def forget_unfinished_copy(self) -> None:
        """Somebody was told of the copy that was broken off; nothing of it is kept any more."""
        self._end_copy(self._rights)

    def write_waiting_receipt(self, target: str) -> Shredded:
        """Makes a receipt that is not out yet; else the oldest one anew for which nobody waits any more.

        The same facts, and what has been confirmed since: without that, the same to the byte.

        Raises NoReceiptWaiting, TargetExists, TargetFailed, StorageFailed.
        """
        waiting = [each for each in self._rights.under_way if each.stage == DESTROYED]
        complete = [each for each in self._open_ones() if open_receipts.is_complete(each)]
        if not waiting and not complete:
            raise errors.NoReceiptWaiting
        handing.check_free(target)
        # an old anchor that could not be destroyed goes now, or there is no receipt
        self._state.anchor.settle()
        done = self._hand_receipt(waiting[0], target) if waiting else self._hand_anew(complete[0], target)
        if not done.written:
            raise errors.TargetFailed
        return done

    def _hand_anew(self, kept: OpenReceipt, target: str) -> Shredded:
        """A receipt that every place has confirmed by now."""
        document = receipt.make(open_receipts.facts(kept), self._rights.seed)
        handing.hand_over(target, handing.unfinished_name(target), document)
        with suppress(errors.StorageFailed):
            self._store(_without(self._state.settings, kept))
        return Shredded(kept.notes, document, True)

    def _clear_unfinished_copy(self) -> None:
        """Removes the file that an interrupted copy left: it may hold texts. What was interrupted is still told."""
        for each in self._rights.under_way:
            if each.path:
                with suppress(errors.StorageFailed):
                    handing.drop(os.fsdecode(each.path))


def _without(settings: Settings, kept: OpenReceipt | None) -> Settings:
    """Without an open receipt that was written, once nobody waits for it."""
    if kept is None or not open_receipts.is_complete(kept):
        return settings
    receipts = list(settings.safety.receipts)
    receipts.remove(kept)
    return settings._replace(safety=settings.safety._replace(receipts=tuple(receipts)))


def _state_of(facts: Receipt, *, out: bool, can_complete: bool) -> ReceiptState:
    complete = not facts.waiting
    return ReceiptState(
        facts.notes, facts.month, facts.asked, facts.confirmed, facts.waiting, out, complete, can_complete
    )
