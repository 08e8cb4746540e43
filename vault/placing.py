"""Which slot of the server's pool holds what: the next state of its ledger (docs/spec/sync-protocol.md 6). Pure.

Chance comes from outside. A slot that is rewritten gets a fresh key in its ledger entry, whatever it holds: so other
devices see which were rewritten, and the server sees nothing but where.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from vault import limits
from vault.ledger import EMPTY, FIRST, FREE, KEY_BYTES, MORE, NO_HANDLE, NO_SLOT, Entry, Ledger, page_of
from vault.ledger import Tomb as TombAt
from vault.merge import Half, Tomb, Version


class Chance(NamedTuple):
    """`below(n)` draws evenly from 0 … n−1; `draw(n)` gives n random bytes."""

    below: Callable[[int], int]
    draw: Callable[[int], bytes]


class Plan(NamedTuple):
    """The next ledger. `writes`: slot → (id, number of the part) that it holds from now on, or None for noise.

    `touched`: ledger pages that differ from the old ones. `left`: notes that found no place in this round.
    """

    ledger: Ledger
    writes: dict[int, tuple[int, int] | None]
    touched: set[int]
    left: int


def half_of(ledger: Ledger) -> Half:
    """The versions and tombs of a ledger."""
    expiries, handles, ids, parents = ledger.expiries, ledger.handles, ledger.ids, ledger.parents
    live = {ids[slot]: Version(ids[slot], parents[slot], expiries[slot], handles[slot]) for slot in ledger.firsts()}
    tombs = {each.id: Tomb(each.id, each.parent, each.shredded, each.known, each.apart) for each in ledger.tombs()}
    return Half(live, tombs)


def tomb_entry(tomb: Tomb, key: bytes = bytes(KEY_BYTES), *, pushed: bool = False) -> Entry:
    """The entry of a tomb; `key` is the stamp of its slot on the server."""
    return TombAt(0, tomb.id, tomb.parent, tomb.known, tomb.shredded, pushed, tomb.apart).entry(key)


def copied(ledger: Ledger) -> Ledger:
    """A ledger of its own with the same entries."""
    new = Ledger(0)
    new.pool = ledger.pool
    new.kinds, new.keys = bytearray(ledger.kinds), bytearray(ledger.keys)
    new.expiries, new.nexts, new.handles = ledger.expiries[:], ledger.nexts[:], ledger.handles[:]
    new.ids, new.parents = ledger.ids[:], ledger.parents[:]
    return new


def rewritten(old: Ledger, new: Ledger) -> list[int]:
    """The slots that were rewritten between two states of one generation, in slot order."""
    span = limits.PAGE_ENTRIES * KEY_BYTES
    found = []
    for page in range(new.pool // limits.PAGE_ENTRIES):
        one, other = old.keys[page * span : (page + 1) * span], new.keys[page * span : (page + 1) * span]
        if one != other:
            found += [page * limits.PAGE_ENTRIES + at for at in _differing(bytes(one), bytes(other))]
    return found


def _differing(old: bytes, new: bytes) -> Iterator[int]:
    for at in range(limits.PAGE_ENTRIES):
        key = new[at * KEY_BYTES : (at + 1) * KEY_BYTES]
        if key != old[at * KEY_BYTES : (at + 1) * KEY_BYTES] and any(key):
            yield at


def pool_needed(slots: int) -> int:
    """The least pool of which so many slots are at most seven eighths."""
    pool = limits.POOL_LEAST
    while slots * 8 > pool * 7:
        pool *= 2
    return pool


def drawn_slots(pool: int, count: int, chance: Chance) -> list[int]:
    """`count` different slots drawn evenly from the whole pool, in random order; all of it if it has no more."""
    slots = list(range(pool))
    for at in range(min(count, pool)):
        other = at + chance.below(pool - at)
        slots[at], slots[other] = slots[other], slots[at]
    return slots[:count]


class Placing:
    """The next state of the server's ledger, while it is made."""

    def __init__(self, old: Ledger, held: Half, target: Half, chance: Chance) -> None:
        """From `old`, which holds `held`, to a ledger that holds `target`; what is gone is taken out at once."""
        self._old, self._held, self._target, self._chance = old, held, target, chance
        self._ledger = copied(old)
        self._touched: set[int] = set()
        self._writes: dict[int, tuple[int, int] | None] = {}
        self._places = old.by_id()
        self._lacking = False
        for identity, version in held.live.items():
            if target.live.get(identity) != version:
                self._stay_or_go(identity, self._places[identity])
        self._new = list(target.live.keys() - held.live.keys())
        if held.tombs or target.tombs:
            self._place_tombs({tomb.id: tomb.slot for tomb in old.tombs()})

    def _put(self, slot: int, entry: Entry) -> None:
        self._ledger.apply({slot: entry})
        self._touched.add(page_of(slot))

    def _stay_or_go(self, identity: int, first: int) -> None:
        old, version = self._old, self._target.live.get(identity)
        chain = old.chain(first)
        if version is None:
            for slot in chain:
                self._put(slot, EMPTY)
            return
        for slot in chain:
            entry = old.entry(slot)._replace(expiry=version.expiry)
            if slot == first:
                entry = entry._replace(parent=version.parent, handle=version.handle)
            self._put(slot, entry)

    def _place_tombs(self, tombed: Mapping[int, int]) -> None:
        tombs = self._target.tombs
        for identity, slot in tombed.items():
            entry = self._old.entry(slot)
            if (tomb := tombs.get(identity)) is None:
                # the stamp stays: the slot itself is not rewritten
                self._put(slot, EMPTY._replace(key=entry.key))
            elif entry != (fresh := tomb_entry(tomb, entry.key)):
                self._put(slot, fresh)
        missing = [tomb for identity, tomb in tombs.items() if identity not in tombed]
        if missing:
            free = self._ledger.free()
            self._lacking = len(missing) > len(free)
            for tomb, slot in zip(missing, self._some(free, len(missing)), strict=False):
                self._put(slot, tomb_entry(tomb, self._ledger.entry(slot).key))

    def _some(self, free: list[int], count: int) -> list[int]:
        for at in range(min(count, len(free))):
            other = at + self._chance.below(len(free) - at)
            free[at], free[other] = free[other], free[at]
        return free[:count]

    def needs_larger_pool(self, parts: Mapping[int, int]) -> bool:
        """Whether more than seven eighths of the slots would be in use. `parts`: id → slots of each new version."""
        used = self._ledger.pool - self._ledger.free_count() + sum(parts[identity] for identity in self._new)
        return self._lacking or used * 8 > self._ledger.pool * 7

    def new_parts(self, parts: Mapping[int, int]) -> int:
        """How many slots the versions take that are not on the server yet."""
        return sum(parts[identity] for identity in self._new)

    def plain(self, parts: Mapping[int, int]) -> Plan:
        """Writes the new versions and nothing else."""
        return self._finish(self._ledger.free(), parts)

    def shaped(self, parts: Mapping[int, int], drawn: list[int]) -> Plan:
        """Rewrites just the slots `drawn`: new versions as far as free ones reach; the rest anew or noise."""
        kinds = self._ledger.kinds
        plan = self._finish([slot for slot in drawn if kinds[slot] == FREE], parts)
        holds = {
            slot: (identity, at)
            for identity, first in self._places.items()
            if identity in self._target.live
            for at, slot in enumerate(self._old.chain(first))
        }
        for slot in drawn:
            if slot not in self._writes:
                self._writes[slot] = holds.get(slot)
                self._put(slot, self._ledger.entry(slot)._replace(key=self._chance.draw(KEY_BYTES)))
        return plan

    def _finish(self, free: list[int], parts: Mapping[int, int]) -> Plan:
        free, left = self._some(free, len(free)), 0
        # any order but that of their writing
        for identity in self._some(list(self._new), len(self._new)):
            if parts[identity] > len(free):
                left += 1
                continue
            chain = [free.pop() for _ in range(parts[identity])]
            for slot, entry in entries(self._target.live[identity], chain, self._chance.draw):
                self._put(slot, entry)
            self._writes.update({slot: (identity, at) for at, slot in enumerate(chain)})
        return Plan(self._ledger, self._writes, self._touched, left)


def entries(version: Version, chain: list[int], draw: Callable[[int], bytes]) -> Iterator[tuple[int, Entry]]:
    """The entries of a version in the slots of `chain`, each with a fresh key."""
    for at, slot in enumerate(chain):
        follower = chain[at + 1] if at + 1 < len(chain) else NO_SLOT
        first = at == 0
        yield (
            slot,
            Entry(
                FIRST if first else MORE,
                version.expiry,
                follower,
                version.handle if first else NO_HANDLE,
                draw(KEY_BYTES),
                version.id if first else 0,
                version.parent if first else 0,
            ),
        )


def whole(target: Half, parts: Mapping[int, int], chance: Chance) -> Plan:
    """A new generation: everything in places drawn at random, every slot rewritten."""
    pool = pool_needed(sum(parts[identity] for identity in target.live) + len(target.tombs))
    ledger = Ledger(pool)
    ledger.keys = bytearray(chance.draw(KEY_BYTES * pool))
    places = drawn_slots(pool, pool, chance)
    writes: dict[int, tuple[int, int] | None] = dict.fromkeys(range(pool))
    changes: dict[int, Entry] = {}
    for identity, version in target.live.items():
        chain = [places.pop() for _ in range(parts[identity])]
        changes.update(entries(version, chain, chance.draw))
        writes.update({slot: (identity, at) for at, slot in enumerate(chain)})
    for tomb in target.tombs.values():
        slot = places.pop()
        changes[slot] = tomb_entry(tomb, ledger.entry(slot).key)
    ledger.apply(changes)
    return Plan(ledger, writes, set(range(pool // limits.PAGE_ENTRIES)), 0)
