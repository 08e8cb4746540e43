"""Two states of one vault's notes become one (docs/spec/sync-protocol.md section 2). Pure.

A state is made of versions that live and of tombs. Ids are 8 random bytes as numbers, never 0; parent 0 is none. To put
two states together is to take everything that either says and then what follows from it; so it does not matter which
comes first, how they are grouped, or how often it is done. One version has one parent, or has forgotten it: where
somebody hostile says otherwise, only the grouping may matter.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from collections.abc import Set as AbstractSet
from typing import NamedTuple, TypeVar


class Version(NamedTuple):
    """A living version of a note: its id, the id of the one it replaced, expiry month, handle number."""

    id: int
    parent: int
    expiry: int
    handle: int


class Tomb(NamedTuple):
    """What is left of a version that was replaced or shredded.

    `known`: the devices that know it as it is, bit i for index i. `apart`: whoever replaced it had seen its twins and
    chose to go on with them as notes of their own.
    """

    id: int
    parent: int
    shredded: bool
    known: int
    apart: bool = False


class Half(NamedTuple):
    """One state: living versions and tombs by id, no id in both."""

    live: Mapping[int, Version]
    tombs: Mapping[int, Tomb]


_Each = TypeVar("_Each", Version, Tomb)


def merge(one: Half, other: Half) -> Half:
    """The state that follows from both (section 2.2)."""
    live = _joined(one.live, other.live, _one_version)
    tombs = _joined(one.tombs, other.tombs, _one_tomb)
    for dead in live.keys() & tombs.keys():
        # the tomb inherits the parent, so that a shred further up finds what lies beyond
        parent = max(live.pop(dead).parent, tombs[dead].parent)
        tombs[dead] = tombs[dead]._replace(parent=parent)
    _shred_descendants(live, tombs)
    return Half(live, tombs)


def _joined(
    one: Mapping[int, _Each], other: Mapping[int, _Each], both: Callable[[_Each, _Each], _Each]
) -> dict[int, _Each]:
    if one == other:
        return dict(one)
    joined = dict(one)
    for found, theirs in other.items():
        mine = joined.get(found)
        if mine != theirs:
            joined[found] = theirs if mine is None else both(mine, theirs)
    return joined


def _one_version(mine: Version, theirs: Version) -> Version:
    """A parent that one of them has forgotten is kept; a month is never exceeded; of handles any fixed choice will do.

    Honest versions of one id differ in parent and handle only: another month is another version (section 2.1).
    """
    parent = max(mine.parent, theirs.parent)
    return Version(mine.id, parent, min(mine.expiry, theirs.expiry), min(mine.handle, theirs.handle))


def _one_tomb(mine: Tomb, theirs: Tomb) -> Tomb:
    parent, apart = max(mine.parent, theirs.parent), mine.apart or theirs.apart
    if mine.shredded == theirs.shredded:
        known = mine.known | theirs.known
    else:
        # who knows it as replaced does not know yet that it was shredded, and may hold an edit of it
        known = mine.known if mine.shredded else theirs.known
    return Tomb(mine.id, parent, mine.shredded or theirs.shredded, known, apart)


def _shred_descendants(live: dict[int, Version], tombs: dict[int, Tomb]) -> None:
    """Whatever goes back to something shredded is shredded: living versions, and tombs of replaced ones."""
    reached = [found for found, tomb in tombs.items() if tomb.shredded]
    if not reached:
        return
    children: defaultdict[int, list[int]] = defaultdict(list)
    for found, (_, parent, _, _) in live.items():
        if parent:
            children[parent].append(found)
    for found, tomb in tombs.items():
        if tomb.parent and not tomb.shredded:
            children[tomb.parent].append(found)
    while reached:
        # taken out of `children`, so that a circle ends
        for found in children.pop(reached.pop(), ()):
            if found in live:
                tombs[found] = Tomb(found, live.pop(found).parent, True, 0)
            elif not tombs[found].shredded:
                tombs[found] = tombs[found]._replace(shredded=True, known=0)
            reached.append(found)


# -- between two merges


def acknowledge(half: Half, index: int) -> Half:
    """The same with every tomb known to the device `index`: only once the merge is durable (section 6.1)."""
    bit = 1 << index
    return half._replace(tombs={found: tomb._replace(known=tomb.known | bit) for found, tomb in half.tombs.items()})


def due(half: Half, now: int) -> Half:
    """Without the versions whose month is over in month `now`; they leave no tomb (section 2.2)."""
    return half._replace(live={found: each for found, each in half.live.items() if each.expiry >= now})


def settle(half: Half, active: int) -> Half:
    """Without the tombs that all `active` devices (bit i for index i) know, and without parents that say no more.

    A tomb through which living versions are twins stays until they aren't.
    """
    lineage = _lineage(half)
    groups = lineage.groups()
    together = {found for group in groups for found in group}
    linking = {passed for group in groups for passed in lineage.links(group)}
    tombs = {found: tomb for found, tomb in half.tombs.items() if tomb.known & active != active or found in linking}
    for found, tomb in tombs.items():
        if tomb.parent and tomb.parent not in tombs and found not in linking:
            tombs[found] = tomb._replace(parent=0)
    live = dict(half.live)
    for found, version in half.live.items():
        if version.parent and version.parent not in tombs and found not in together:
            live[found] = version._replace(parent=0)
    return Half(live, tombs)


def twins(half: Half) -> list[tuple[int, ...]]:
    """The groups of two or more living versions that go back to one version; ids ascending, groups ascending."""
    return sorted(_lineage(half).groups())


class _Lineage(NamedTuple):
    """How living versions go back along tombs.

    `parents`: of each living version that has one. `nexts`: of every id on a walk the next, 0 at its end; what was
    replaced by somebody who had seen the twins ends a walk. `ends`: the end of the walk from an id.
    """

    parents: dict[int, int]
    nexts: dict[int, int]
    ends: dict[int, int]

    def groups(self) -> list[tuple[int, ...]]:
        """Living versions whose walks meet, ids ascending."""
        groups: defaultdict[int, list[int]] = defaultdict(list)
        for found, parent in self.parents.items():
            groups[self.ends[parent]].append(found)
        return [tuple(sorted(group)) for group in groups.values() if len(group) > 1]

    def links(self, group: tuple[int, ...]) -> set[int]:
        """What lies on the walks of a group's versions before the first id that all of them pass."""
        came: defaultdict[int, list[int]] = defaultdict(list)
        for found in group:
            below, at = 0, self.parents[found]
            while at:
                came[at].append(below)
                if len(came[at]) > 1:
                    break
                below, at = at, self.nexts[at]
        fork = self.ends[self.parents[group[0]]]
        passed_by_all = {fork}
        while len(came[fork]) == 1:
            fork = came[fork][0]
            passed_by_all.add(fork)
        return came.keys() - passed_by_all


def _lineage(half: Half) -> _Lineage:
    parents = {found: parent for found, (_, parent, _, _) in half.live.items() if parent}
    nexts: dict[int, int] = {}
    ends: dict[int, int] = {}
    for parent in parents.values():
        walk, at = [], parent
        while at and at not in nexts:
            tomb = half.tombs.get(at)
            nexts[at] = 0 if tomb is None or tomb.apart else tomb.parent
            walk.append(at)
            at = nexts[at]
        if at and at not in ends:
            # a circle, which no honest device makes: it ends in its least id, wherever one came in
            circle = walk[walk.index(at) :]
            end = min(circle)
            nexts.update(dict.fromkeys(circle, end))
            nexts[end] = 0
            ends.update(dict.fromkeys(circle, end))
        for passed in reversed(walk):
            if passed not in ends:
                ends[passed] = ends[nexts[passed]] if nexts[passed] else passed
    return _Lineage(parents, nexts, ends)


def rehandle(half: Half, on_server: AbstractSet[int], draw: Callable[[], int]) -> dict[int, int]:
    """New handles by id for the versions whose handle another one keeps: one on the server, else one of lower id.

    `draw` gives random handles, and is asked again while what it gives is taken.
    """
    keepers = {version.handle: found for found, version in half.live.items()}
    if len(keepers) == len(half.live):
        return {}
    for found in sorted(half.live, key=lambda each: (each in on_server, -each)):
        keepers[half.live[found].handle] = found
    given: dict[int, int] = {}
    for found in sorted(half.live):
        if keepers[half.live[found].handle] != found:
            handle = draw()
            while handle in keepers:
                handle = draw()
            keepers[handle] = found
            given[found] = handle
    return given
