"""Bringing a recovery stick to what the vault holds now (docs/spec/places.md section 3.2, steps 2 to 5)."""

from collections.abc import Iterator, Sequence

from vault import errors, limits
from vault.crypto import aead
from vault.formats.safety import NONE, Home, Safety
from vault.formats.settings import Settings
from vault.ledger import EMPTY, FREE, TOMB, Ledger, encode_page, pages_in
from vault.placing import copied
from vault.service.callbacks import Progress
from vault.service.change import Part, commit, new_epoch
from vault.service.headers import change_header
from vault.service.moving import Move, carry_out
from vault.service.notes import open_slot
from vault.service.owing import draft_slots
from vault.service.state import State
from vault.service.sticks import OfTheVault, Stick, of_the_stick, stick_settings

_STEP = 64
"""So many slots are done between two reports of progress."""


def is_older(stick: Safety, vault: State) -> bool:
    """Whether a stick's last refresh lies before the vault as it is: in its own lineage, or in an ancestor's."""
    safety = vault.settings.safety
    versions = {each.lineage: each.version for each in safety.ancestors} | {safety.lineage: vault.head.version}
    return stick.lineage != NONE and stick.home.version <= versions.get(stick.lineage, -1)


def refresh(vault: State, stick: Stick, identity: bytes, progress: Progress | None = None) -> None:
    """Brings a stick to what the vault holds now, in one commit with a new epoch, and reads it back (steps 2 to 5).

    Raises PlaceAhead (nothing was written), PlaceNotVerified, PlaceDamaged, PlaceFailed.
    """
    if not is_older(stick.safety, vault):
        raise errors.PlaceAhead
    _Refresh(vault, stick, Home(identity, vault.head.version), progress).run()


class _Refresh:
    def __init__(self, vault: State, stick: Stick, home: Home, progress: Progress | None) -> None:
        self._vault, self._stick, self._progress = vault, stick, progress
        self._settings = stick_settings(vault, home)
        self._target = _as_on_a_stick(vault.ledger)

    def run(self) -> None:
        vault, stick = self._vault, self._stick
        with of_the_stick():
            if stick.state.ledger.pool != vault.ledger.pool:
                move = _Copy(self, stick.state)
                carry_out(stick.state, stick.state.new_store(), move, self._progress)
            self._commit(self._changed(list(self._differing())))
            bad = self._damaged()
            if bad:
                # a medium that forgets: what the vault can still open is written once more
                commit(stick.state, (Part(slot, self._target.entry(slot), self.box(slot)) for slot in bad))
                if self._damaged():
                    raise errors.PlaceNotVerified

    def _commit(self, parts: Iterator[Part]) -> None:
        vault, stick = self._vault, self._stick
        if stick.state.header_bytes != vault.header_bytes:
            change_header(stick.paths, stick.state, vault.header, self._settings, parts)
        else:
            commit(stick.state, parts, settings=self._settings, epoch=new_epoch(stick.state))

    def _differing(self) -> Iterator[int]:
        found, target = self._stick.state.ledger, self._target
        for page in range(pages_in(target.pool)):
            if encode_page(found, page) == encode_page(target, page):
                continue
            for slot in range(page * limits.PAGE_ENTRIES, (page + 1) * limits.PAGE_ENTRIES):
                if found.entry(slot) != target.entry(slot):
                    yield slot

    def _changed(self, slots: Sequence[int]) -> Iterator[Part]:
        """The vault's entries for these slots, and its boxes where the stick has not the same one: a key has one box,
        and it may be whole there and damaged here."""
        found, target = self._stick.state.ledger, self._target
        for done, slot in enumerate(slots):
            if self._progress and done % _STEP == 0:
                self._progress(done, len(slots))
            entry = target.entry(slot)
            same = entry.kind != FREE and entry.key == found.entry(slot).key
            yield Part(slot, entry, None if same else self.box(slot))

    def box(self, slot: int) -> bytes:
        """What the slot is to hold; noise for one that the vault can't read: it is lost here already."""
        if self._target.kinds[slot] == FREE:
            return aead.noise(limits.SLOT_BOX)
        try:
            return self._vault.store.read_slot(slot)
        except errors.DatabaseDamaged:
            return aead.noise(limits.SLOT_BOX)
        except errors.VaultError as error:
            raise OfTheVault(error) from None

    @property
    def target(self) -> Ledger:
        """The ledger that the stick gets; the caller makes it its own."""
        return copied(self._target)

    @property
    def settings(self) -> Settings:
        """The settings that the stick gets."""
        return self._settings

    # -- reading back

    def _damaged(self) -> list[int]:
        """Opens the stick anew; the slots that do not open there but do in the vault. Raises PlaceNotVerified."""
        stick, vault, target = self._stick, self._vault, self._target
        stick.reopen(vault)
        state = stick.state
        pages = range(pages_in(target.pool))
        if (
            state.header_bytes != vault.header_bytes
            or state.settings != self._settings
            or state.ledger.pool != target.pool
            or any(encode_page(state.ledger, page) != encode_page(target, page) for page in pages)
        ):
            raise errors.PlaceNotVerified
        closed = []
        for slot, box in state.store.scan_slots():
            if self._progress and slot % _STEP == 0:
                self._progress(slot, target.pool)
            if target.kinds[slot] != FREE and not _opens(state, slot, box):
                closed.append(slot)
        return [slot for slot in closed if _opens(vault, slot, self.box(slot))]


def _as_on_a_stick(ledger: Ledger) -> Ledger:
    """Without tombs, parents and drafts."""
    found = copied(ledger)
    gone = draft_slots(ledger) | {slot for slot, kind in enumerate(ledger.kinds) if kind == TOMB}
    found.apply(dict.fromkeys(gone, EMPTY))
    for slot, parent in enumerate(ledger.parents):
        if parent:
            found.parents[slot] = 0
    return found


def _opens(state: State, slot: int, box: bytes) -> bool:
    try:
        open_slot(state, slot, box)
    except errors.SlotTampered:
        return False
    return True


class _Copy(Move):
    """A stick's move to a file of the vault's size, which holds what the vault holds, slot by slot."""

    def __init__(self, refreshed: _Refresh, state: State) -> None:
        target = refreshed.target
        super().__init__(state, target.pool)
        self._ledger, self._settings = target, refreshed.settings
        self._box = refreshed.box

    def slots(self, progress: Progress | None) -> Iterator[bytes]:
        """See Move."""
        pool = self._ledger.pool
        for slot in range(pool):
            if progress and slot % _STEP == 0:
                progress(slot, pool)
            yield self._box(slot)
