"""Sealing what the server shall hold next, and what follows from its receipt (docs/spec/sync-protocol.md section 6).

The receive key that a head brings in is durable before the head leaves; the old one is destroyed with a new epoch once
the server has said that it holds that head.
"""

from collections.abc import Iterable, Iterator
from collections.abc import Set as AbstractSet
from os import urandom
from typing import NamedTuple

from vault import common as common_format
from vault import errors, limits, sodium, trust
from vault.common import Common
from vault.crypto import aead, wire
from vault.formats import devices as devices_format
from vault.formats import said, synchead
from vault.formats.devices import DeviceEntry, Shares
from vault.formats.enrolled import ACTIVE, Enrolled
from vault.formats.synchead import CONTROL_PAGES, SyncHead
from vault.ledger import EMPTY, KEY_BYTES, Ledger, encode_page
from vault.merge import Half, acknowledge, due, settle
from vault.placing import Chance, Placing, Plan, drawn_slots, half_of, tomb_entry, whole
from vault.service import devices as device_list
from vault.service import mirror as mirrors
from vault.service import notes, open_receipts
from vault.service.change import Part, commit, new_epoch
from vault.service.mirror import Mirror
from vault.service.open_receipts import Receipts
from vault.service.pulling import share_of
from vault.service.session import NO_CHANGE, Sealed, Session
from vault.service.state import State

SHAPED_SLOTS = 384
"""Slots that every shaped session rewrites (section 6.3)."""
SLOTS_MOST = 2048
"""Slots of one commit, and of one part of an upload (section 8)."""
LARGE_PARTS = 24
"""A note of more slots may never find room among those that a shaped session draws: a page of 45,000 letters."""
CHANGES_MOST = SLOTS_MOST - SHAPED_SLOTS
"""New parts that a commit takes at most."""
_CHANCE = Chance(notes.below, urandom)


class Pushed(NamedTuple):
    """What was sealed, and what holds once the server has it; `next` is None when there is nothing to tell. `told`: the
    ids of the tombs that were here then; `receipts`: the open receipts."""

    sealed: Sealed
    next: Mirror | None
    enrolled: Enrolled | None
    target: Half
    waiting: tuple[str, ...]
    told: frozenset[int] = frozenset()
    receipts: Receipts = ()


def push(session: Session) -> Pushed:
    """Seals it; the next receive key is durable when this returns. Raises StorageFailed, DevicesTooMany, …"""
    return _Push(session).run()


class _Push:
    def __init__(self, session: Session) -> None:
        self._session, self._server = session, session.server
        self._state, self._enrolled = session.hands.state, session.enrolled
        self._now = session.hands.moment().now

    def run(self) -> Pushed:
        session, enrolled, server = self._session, self._enrolled, self._server
        receipts = self._state.settings.safety.receipts
        # one that was sent before may be in a head that the server has kept back: it is brought in, and then replaced
        again = any(enrolled.next_receive)
        receive = enrolled.next_receive if again else sodium.key_pair()[1]
        version = server.head.version + 1 if server is not None else 1
        listed = device_list.next_list(session, server, version, self._now, sodium.public_of(receive))
        active = sum(1 << each.index for each in listed if each.awaited)
        target = settle(acknowledge(_only_used(session.both(), listed), enrolled.index), active)
        target = due(target, session.month)
        waiting = _waiting(target, listed)
        if self._nothing_to_tell(target, listed):
            nothing = Sealed(b"", None, (), (), bytes(8), 0, None, False)
            return Pushed(nothing, None, None, target, waiting)
        common = common_format.common_of(self._state.settings, self._state.settings.origin)
        plan, is_whole = self._plan(target)
        fresh = is_whole or self._needs_new_key(target, listed, common)
        t = urandom(wire.T_BYTES) if fresh or server is None else server.t
        generation = urandom(8) if is_whole or server is None else server.head.generation
        control = self._control(common, listed)
        boxes, changed = self._pages(plan, control, t, fresh)
        kept = mirrors.cached(b"", boxes)
        raw = self._head(version, generation, plan.ledger.pool, kept.hashes, listed, t)
        pages = tuple((number, boxes[number]) for number in changed)
        more = plan.left > 0 or again
        session.must_tell = again
        # durable before it leaves: whoever holds T sealed to this key alone must be able to open it
        waits = enrolled._replace(next_receive=receive, prepared=version)
        commit(self._state, settings=self._state.settings._replace(enrolled=waits))
        uploads = self._uploads(plan) if is_whole else None
        slots = () if is_whole else tuple(self._boxes(plan, sorted(plan.writes)))
        sealed = Sealed(urandom(16), raw, pages, slots, generation, plan.ledger.pool, uploads, more)
        devices = tuple(listed)
        half = target if not plan.left else half_of(plan.ledger)
        kept, head = kept._replace(raw=raw), synchead.decode(raw)
        mirror = Mirror(kept, head, t, False, tuple(control), common, devices, self._marks(), plan.ledger, half)
        told = frozenset(tomb.id for tomb in self._state.ledger.tombs())
        return Pushed(sealed, mirror, waits, target, waiting, told, receipts)

    # -- whether there is anything to tell

    def _nothing_to_tell(self, target: Half, listed: list[DeviceEntry]) -> bool:
        session, server = self._session, self._server
        if session.shaped or session.must_tell or server is None or session.change != NO_CHANGE:
            return False
        if server.half != target:
            return False
        common = common_format.common_of(self._state.settings, self._state.settings.origin)
        if common_format.common_hash(common) != common_format.common_hash(server.common):
            return False
        own = next(each for each in server.devices if each.index == self._enrolled.index)
        states = {each.index: each.state for each in server.devices}
        # a device that joined replaces the receive key of its offer, and a new month is told
        return own.version > 0 and own.month == self._now and states == {each.index: each.state for each in listed}

    def _needs_new_key(self, target: Half, listed: list[DeviceEntry], common: Common) -> bool:
        """Whether something ends that T must not open any more (section 3)."""
        server = self._server
        if server is None or self._session.shaped:
            return True
        gone = server.half.live.keys() - target.live.keys()
        active = {each.index for each in server.devices if each.state == ACTIVE}
        left = active - {each.index for each in listed if each.state == ACTIVE}
        return bool(gone or left) or _loses(server.common, common)

    # -- places

    def _plan(self, target: Half) -> tuple[Plan, bool]:
        server = self._server
        if server is not None:
            parts = self._parts(target.live.keys() - server.half.live.keys())
            placing = Placing(server.ledger, server.half, target, _CHANCE)
            shaped = self._session.shaped
            # more than a commit takes is a generation of its own; up to that, a shaped session takes rounds
            large = shaped and max(parts.values(), default=0) > LARGE_PARTS
            if not large and not placing.needs_larger_pool(parts) and placing.new_parts(parts) <= CHANGES_MOST:
                if shaped:
                    return placing.shaped(parts, drawn_slots(server.ledger.pool, SHAPED_SLOTS, _CHANCE)), False
                return placing.plain(parts), False
        plan = whole(target, self._parts(target.live.keys()), _CHANCE)
        if plan.ledger.pool > limits.SERVER_POOL_MOST:
            raise errors.ServerPoolFull
        return plan, True

    def _parts(self, wanted: AbstractSet[int]) -> dict[int, int]:
        """How many slots each of these versions takes. All of them are here: they were merged before."""
        state = self._state
        first_of = state.ledger.by_id()
        return {found: len(notes.chain(state, first_of[found])) for found in wanted}

    def _boxes(self, plan: Plan, slots: Iterable[int]) -> Iterator[tuple[int, bytes]]:
        state, account, ledger = self._state, self._session.account, plan.ledger
        first_of = state.ledger.by_id()
        chains: dict[int, list[int]] = {}
        for slot in slots:
            holds = plan.writes[slot]
            if holds is None:
                yield slot, aead.noise(limits.SLOT_BOX)
                continue
            identity, at = holds
            if identity not in chains:
                chains[identity] = notes.chain(state, first_of[identity])
            local = chains[identity][at]
            payload = notes.open_slot(state, local, state.store.read_slot(local))
            share = share_of(self._session, ledger.expiries[slot])
            key = bytes(ledger.keys[KEY_BYTES * slot : KEY_BYTES * (slot + 1)])
            yield slot, wire.seal_slot(key, account, share, slot, payload)

    def _uploads(self, plan: Plan) -> Iterator[tuple[int, bytes]]:
        for start in range(0, plan.ledger.pool, SLOTS_MOST):
            slots = range(start, min(start + SLOTS_MOST, plan.ledger.pool))
            yield start, b"".join(box for _, box in self._boxes(plan, slots))

    # -- pages and head

    def _control(self, common: Common, listed: list[DeviceEntry]) -> list[bytes]:
        return [
            *common_format.encode(common),
            devices_format.encode(tuple(listed), self._enrolled.receipt_key),
            devices_format.encode_shares(self._marks()),
        ]

    def _marks(self) -> Shares:
        first, shares = self._session.shares
        now = self._session.month
        return Shares(
            max(first, now), tuple(wire.share_mark(share) for at, share in enumerate(shares) if first + at >= now)
        )

    def _pages(self, plan: Plan, control: list[bytes], t: bytes, fresh: bool) -> tuple[list[bytes], list[int]]:
        account, server, ledger = self._session.account, self._server, plan.ledger
        if fresh or server is None:
            numbers = set(range(CONTROL_PAGES + ledger.pool // limits.PAGE_ENTRIES))
            boxes = [b""] * len(numbers)
        else:
            numbers = {at for at in range(CONTROL_PAGES) if control[at] != server.control[at]}
            numbers |= {CONTROL_PAGES + page for page in plan.touched}
            boxes = list(server.cached.boxes)
        for number in numbers:
            payload = control[number] if number < CONTROL_PAGES else encode_page(ledger, number - CONTROL_PAGES)
            boxes[number] = wire.seal_page(t, account, number, payload)
        return boxes, sorted(numbers)

    def _head(
        self, version: int, generation: bytes, pool: int, hashes: Iterable[bytes], listed: list[DeviceEntry], t: bytes
    ) -> bytes:
        server, session = self._server, self._session
        previous = synchead.head_hash(server.raw) if server is not None else bytes(32)
        receives = {each.index: each.receive for each in listed if each.state == ACTIVE}
        sealed = wire.seal_t(t, receives)
        root = synchead.root_hash(hashes)
        head = SyncHead(session.account, version, previous, generation, pool, root, sealed, session.device_id)
        return wire.sign_head(session.enrolled.signing, synchead.encode(head))


def _only_used(half: Half, listed: Iterable[DeviceEntry]) -> Half:
    """Without the marks of devices that are not in the list any more: an index may be given to another one."""
    used = sum(1 << each.index for each in listed)
    return half._replace(tombs={found: tomb._replace(known=tomb.known & used) for found, tomb in half.tombs.items()})


def _waiting(target: Half, listed: Iterable[DeviceEntry]) -> tuple[str, ...]:
    """The names of active devices that do not know every tomb yet."""
    known = -1
    for tomb in target.tombs.values():
        known &= tomb.known
    return tuple(each.name for each in listed if each.awaited and not known >> each.index & 1)


def _loses(old: Common, new: Common) -> bool:
    keys = {each.key for each in old.engagements} - {each.key for each in new.engagements}
    return bool(keys or set(old.allowed) - set(new.allowed) or set(old.templates) - set(new.templates))


# -- afterwards


def confirm(session: Session, pushed: Pushed, month: int, signature: bytes) -> None:
    """See Session.confirm. Raises ServerReceiptWrong, StorageFailed, ResidueLeft."""
    mirror, sealed = pushed.next, pushed.sealed
    if mirror is None or pushed.enrolled is None:
        return
    enrolled, state = pushed.enrolled, session.hands.state
    head_hash = synchead.head_hash(mirror.raw)
    signed = said.holds(enrolled.account, sealed.nonce, mirror.head.version, head_hash, month)
    if not sodium.is_signed(signed, signature, enrolled.receipt_key):
        raise errors.ServerReceiptWrong
    held = enrolled._replace(
        receive=enrolled.next_receive,
        next_receive=bytes(32),
        prepared=0,
        version=mirror.head.version,
        head=head_hash,
        written=mirror.head.version,
        generation=mirror.head.generation,
        common=common_format.common_hash(mirror.common),
        server_month=month,
        synced=session.hands.moment().now,
        shaped=session.day or enrolled.shaped,
        devices=trust.known_devices(mirror.devices),
    )
    parts = list(_settled(state.ledger, pushed))
    safety = state.settings.safety
    receipts = open_receipts.server_confirmed(safety.receipts, pushed.receipts, held.version)
    receipts = open_receipts.devices_confirmed(receipts, state.settings.enrolled, held)
    settings = state.settings._replace(enrolled=held, safety=safety._replace(receipts=receipts))
    commit(state, parts, settings=settings, epoch=new_epoch(state))
    mirrors.save(session.hands.folder, mirror.cached)
    session.remembered = session.server = mirror
    session.settled = state.head_hash if _holds_all(state, mirror) else b""
    session.report = session.report._replace(sent=True, waiting=pushed.waiting)


def _holds_all(state: State, mirror: Mirror) -> bool:
    """Whether the server holds just what is here, and nothing waits for another device."""
    if mirror.half.tombs or state.ledger.tombs() or state.ledger.by_id().keys() != mirror.half.live.keys():
        return False
    return common_format.common_of(state.settings, state.settings.origin) == mirror.common


def _settled(ledger: Ledger, pushed: Pushed) -> Iterator[Part]:
    """What the server has now, this vault remembers of it; what every device knows is forgotten."""
    target = pushed.target
    for tomb in ledger.tombs():
        if tomb.id not in pushed.told:
            # of something that was destroyed while the head was on its way: the server does not know yet
            continue
        kept = target.tombs.get(tomb.id)
        yield Part(tomb.slot, EMPTY if kept is None else tomb_entry(kept, pushed=True), None)
    for first, parent in enumerate(ledger.parents):
        version = target.live.get(ledger.ids[first]) if parent else None
        if version is not None and version.parent != parent:
            yield Part(first, ledger.entry(first)._replace(parent=version.parent), None)
