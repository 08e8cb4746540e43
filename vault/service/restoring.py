"""Restoring a vault from a place, and rehearsing that (docs/spec/places.md section 4).

What lives is what the place's ledger says, whatever backups hold: so nothing is revived, and nothing is shredded.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from os import urandom
from typing import TYPE_CHECKING, NamedTuple

from vault import errors, files, limits
from vault.anchor.file import FileAnchor
from vault.anchor.home import AnchorHome
from vault.crypto import aead
from vault.expiry import is_due
from vault.formats.reader import FormatError
from vault.formats.safety import NONE, STICK, Ancestor, Home, Place
from vault.formats.settings import Settings
from vault.ledger import FREE, RECORD, TOMB
from vault.placing import copied
from vault.service import sticks
from vault.service.backup import BackupReader
from vault.service.callbacks import Clock, Progress
from vault.service.create import Fresh, clear_unfinished, write_fresh
from vault.service.entering import Candidate, Entered
from vault.service.looking import look_at_place
from vault.service.moving import Move, carry_out
from vault.service.paths import Paths, exists
from vault.service.slots import LOST, all_boxes, opens
from vault.service.state import State
from vault.store.lock import ProcessLock

if TYPE_CHECKING:
    from collections.abc import Callable

    from vault.service.methods import Factors
    from vault.service.vault import Vault

_STEP = 64
"""So many slots are done between two reports of progress."""


class Opened(NamedTuple):
    """A place that opened: the folder that was given, the folder that it is in, and the state of the vault in it."""

    given: str
    folder: str
    state: State


class Closed(NamedTuple):
    """A place that did not open, and why."""

    given: str
    error: errors.VaultError


class Examined(NamedTuple):
    """What a place, with backups, gives back. `notes` live; of these `due` have a month that is past, `damaged` open
    nowhere, and `mended` open with the help of a backup. `registers`: those of the coach's registers that open nowhere.
    `boxes`: slot → the box that a backup had for it."""

    notes: int
    due: int
    damaged: int
    mended: int
    registers: int
    boxes: dict[int, bytes]

    @property
    def whole(self) -> bool:
        """Whether everything opens."""
        return not (self.damaged or self.registers)


@contextmanager
def open_places(
    folders: Sequence[str],
    secret: str,
    on_stretch: "Callable[[], None] | None" = None,
    factors: "Factors | None" = None,
) -> Iterator[tuple[Opened, list[Closed]]]:
    """The newest of these places, opened for reading only, and those that did not open.

    Raises what the first one raised if none opens, PlacesDiffer if none of them is the newest.
    """
    opened: list[Opened] = []
    closed: list[Closed] = []
    with ExitStack() as stack:
        for folder in folders:
            try:
                state = stack.enter_context(look_at_place(folder, secret, on_stretch, factors))
                opened.append(Opened(folder, sticks.stick_folder(folder), state))
            except errors.VaultError as error:
                closed.append(Closed(folder, error))
        if not opened:
            raise closed[0].error
        yield newest(opened), closed


def newest(opened: Sequence[Opened]) -> Opened:
    """The place that was refreshed last. Raises PlacesDiffer."""
    for each in opened:
        if all(_follows(each.state, other.state) for other in opened):
            return each
    raise errors.PlacesDiffer


def _follows(one: State, other: State) -> bool:
    """Whether one place was refreshed no earlier than the other, in the same life of the vault or a later one."""
    safety, earlier = one.settings.safety, other.settings.safety
    if one.vault_id != other.vault_id:
        return False
    lives = {each.lineage: each.version for each in safety.ancestors} | {safety.lineage: safety.home.version}
    return earlier.home.version <= lives.get(earlier.lineage, -1)


@contextmanager
def open_backups(state: State, folders: Sequence[str]) -> Iterator[list[BackupReader]]:
    """Backups of this vault. Raises BackupMissing, BackupDamaged, BackupOfAnother, StorageFailed."""
    with ExitStack() as stack:
        yield [stack.enter_context(BackupReader(folder, state.vault_id, state.static)) for folder in folders]


def examine(state: State, backups: Sequence[BackupReader], now: int, progress: Progress | None = None) -> Examined:
    """Opens every part of every note, from the place or else from a backup. `now`: the month by the clock."""
    ledger = state.ledger
    bad: set[int] = set()
    boxes: dict[int, bytes] = {}
    notes = {first: _chain(state, first) for first in ledger.firsts()}
    registers = [_chain(state, first) for first in ledger.firsts(RECORD)]
    wanted = {slot for chain in (*notes.values(), *registers) for slot in chain}
    for slot, box in enumerate(all_boxes(state.store, ledger.pool)):
        if progress and slot % _STEP == 0:
            progress(slot, ledger.pool)
        if slot not in wanted or opens(ledger, state.vault_id, slot, box):
            continue
        found = _from_backups(state, backups, slot)
        if found is None:
            bad.add(slot)
        else:
            boxes[slot] = found

    def lost(chain: list[int]) -> bool:
        return not chain or not bad.isdisjoint(chain)

    month = max(now, state.settings.seen)
    return Examined(
        notes=len(notes),
        due=sum(is_due(ledger.expiries[first], month) for first in notes),
        damaged=sum(map(lost, notes.values())),
        mended=sum(not lost(chain) and not boxes.keys().isdisjoint(chain) for chain in notes.values()),
        registers=sum(map(lost, registers)),
        boxes=boxes,
    )


def _chain(state: State, first: int) -> list[int]:
    try:
        return state.ledger.chain(first)
    except FormatError:
        return []


def _from_backups(state: State, backups: Sequence[BackupReader], slot: int) -> bytes | None:
    for backup in backups:
        box = backup.box(slot)
        if box is not None and opens(state.ledger, state.vault_id, slot, box):
            return box
    return None


# -- restoring


def anchor_in_use(paths: Paths, vault_id: bytes) -> bool:
    """Whether a vault with this id has an anchor here, and not one that an interrupted restore left."""
    begun = files.read(paths.begun(), limits.EPOCH_BYTES)
    if begun is not None and not FileAnchor(paths.anchor(vault_id)).holds_another(begun):
        return False
    return bool(AnchorHome(paths.anchor(vault_id), paths.tpm).kinds())


def restore_vault(
    paths: Paths,
    place: Opened,
    boxes: Mapping[int, bytes],
    *,
    clock: Clock,
    replace: bool = False,
    progress: Progress | None = None,
) -> "Vault":
    """Writes a vault with what the place holds, and `boxes` in these slots; the vault, open.

    `replace`: another copy of it on this machine, of which only the anchor is known, is given up. Raises VaultExists,
    VaultBusy, AnchorInUse, StorageFailed: then there is no vault, or what there was.
    """
    from vault.service import open_entered

    if exists(paths):
        raise errors.VaultExists
    files.make_folder(paths.data)
    lock = ProcessLock(paths.data)
    try:
        if exists(paths):
            raise errors.VaultExists
        in_use = anchor_in_use(paths, place.state.vault_id)
        if in_use and not replace:
            raise errors.AnchorInUse
        clear_unfinished(paths)
        fresh = _fresh(place)
        write_fresh(paths, fresh, _slots(place.state, boxes, progress))
    finally:
        lock.release()
    method = fresh.header.methods[0]
    candidate = Candidate(paths.header(), fresh.header_bytes, fresh.header)
    entered = Entered(candidate, method, fresh.settings.stretched[method.id], fresh.static)
    return open_entered(paths, entered, clock)


def _fresh(place: Opened) -> Fresh:
    state = place.state
    home = state.settings.safety.home
    settings = restored_settings(state.settings, place.folder, sticks.living_digest(state.ledger))
    return Fresh(
        state.header, state.header_bytes, state.static, settings, copied(state.ledger), version=home.version + 1
    )


def restored_settings(settings: Settings, folder: str, digest: bytes) -> Settings:
    """The settings of a vault that is restored from the place in `folder` that has these."""
    safety = settings.safety
    ancestors = (Ancestor(safety.lineage, safety.home.version), *safety.ancestors)[: limits.ANCESTORS]
    # a name that is too long is written when the place is refreshed under a shorter one
    named = folder if len(folder.encode(errors="surrogateescape")) <= limits.PLACE_FOLDER_BYTES else sticks.NAME
    place = Place(safety.home.id, STICK, safety.home.version, False, digest, named)
    life = safety._replace(lineage=urandom(16), home=Home(NONE, 0), ancestors=ancestors, places=(place,), receipts=())
    return settings._replace(safety=life, enrolled=None)


def _slots(state: State, boxes: Mapping[int, bytes], progress: Progress | None) -> Iterator[bytes]:
    ledger = state.ledger
    for slot, box in enumerate(all_boxes(state.store, state.head.pool)):
        if progress and slot % _STEP == 0:
            progress(slot, state.head.pool)
        if ledger.kinds[slot] in (FREE, TOMB):
            yield box or aead.noise(limits.SLOT_BOX)
        elif slot in boxes:
            yield boxes[slot]
        else:
            # a backup that has what is lost here must not be given noise for it
            yield box if box is not None and opens(ledger, state.vault_id, slot, box) else LOST


# -- mending a vault that is there


def mend(state: State, backups: Sequence[BackupReader], now: int, progress: Progress | None = None) -> Examined:
    """Puts boxes from backups where the open vault's own do not open: a new database, in which every slot and key stays
    what it was. Raises StorageFailed (nothing changed)."""
    examined = examine(state, backups, now, progress)
    if examined.boxes:
        carry_out(state, state.new_store(), _Mended(state, examined.boxes), progress)
    return examined


class _Mended(Move):
    def __init__(self, state: State, boxes: Mapping[int, bytes]) -> None:
        super().__init__(state, state.head.pool)
        self._ledger, self._boxes = copied(state.ledger), boxes

    def slots(self, progress: Progress | None) -> Iterator[bytes]:
        """See Move."""
        return _slots(self._state, self._boxes, progress)
