"""What every backend decides in the same way. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple

from sync import protocol
from sync.server.storage.contract import Commit, Conflict, Exists, Full, Incomplete

DEVICES_REMEMBERED = 64
"""Devices of an account with the removed ones, whose notices wait for them for as long as the account is there."""


class Present(NamedTuple):
    """What an account has now; version 0, no head and an empty pool before its first commit."""

    head: bytes | None
    version: int
    generation: bytes
    pool: int
    quota: int


def pages_of(pool: int) -> int:
    """How many pages go with such a pool. Raises Incomplete for a number that is no pool."""
    try:
        return protocol.pages_of(pool)
    except protocol.Malformed:
        raise Incomplete from None


def held_bytes(pools: Mapping[int, int], slots: int) -> int:
    """Bytes of so many slots, and of the pages of so many accounts by pool (0 for empty ones)."""
    pages = sum(pages_of(pool) * count for pool, count in pools.items() if pool)
    return slots * protocol.SLOT_BOX + pages * protocol.PAGE_BOX


def check_devices(active: int, remembered: int) -> None:
    """An account with so many devices may have another, or Exists is raised; `remembered` are the removed ones too."""
    if active >= protocol.DEVICES_MOST or remembered >= DEVICES_REMEMBERED:
        raise Exists


# -- staging (sync §8.7)


def check_stage(now: Present, generation: bytes, pool: int, start: int, count: int) -> None:
    """So many slots may be staged there. Raises Conflict, Incomplete."""
    if now.head is not None and generation == now.generation:
        raise Conflict
    pages_of(pool)
    if start < 0 or start + count > pool:
        raise Incomplete


def check_room(now: Present, staged: int) -> None:
    """The quota holds the present pool and so many staged slots, or Full is raised."""
    used = held_bytes({now.pool: 1}, now.pool + staged)
    if used > now.quota:
        raise Full


# -- committing (sync §8.6)


def check_commit(now: Present, commit: Commit) -> bool:
    """The commit follows the present head and names nothing beyond its pool; whether it brings a new generation. Raises
    Conflict, Incomplete."""
    previous = bytes(protocol.HASH) if now.head is None else protocol.head_hash(now.head)
    if commit.version != now.version + 1 or commit.previous != previous:
        raise Conflict
    pages = pages_of(commit.pool)
    if any(not 0 <= number < pages for number, _, _ in commit.pages):
        raise Incomplete
    if any(not 0 <= number < commit.pool for number, _ in commit.slots):
        raise Incomplete
    if now.head is None or commit.generation != now.generation:
        return True
    if commit.pool != now.pool:
        raise Incomplete
    return False


def check_whole(now: Present, commit: Commit, staged: tuple[int, int] | None) -> None:
    """The new generation is there as a whole: `staged` is its pool and how many of its slots are there. Raises
    Incomplete, Full."""
    if staged != (commit.pool, commit.pool):
        raise Incomplete
    if len({number for number, _, _ in commit.pages}) != pages_of(commit.pool):
        raise Incomplete
    if held_bytes({commit.pool: 1}, commit.pool) > now.quota:
        raise Full


# -- reading (sync §8.4, §8.5)


def check_read(now: Present, version: int, slots: Sequence[int]) -> None:
    """These slots of this version are there. Raises Conflict, Incomplete."""
    if now.head is None or now.version != version:
        raise Conflict
    if any(not 0 <= number < now.pool for number in slots):
        raise Incomplete


def differing(hashes: Sequence[bytes], known: Sequence[bytes], *, same_generation: bool) -> list[int]:
    """Numbers of the pages whose hash doesn't start as in `known`; all, if generation or number differs."""
    if not same_generation or len(hashes) != len(known):
        return list(range(len(hashes)))
    return [number for number, start in enumerate(known) if not start or not hashes[number].startswith(start)]


# -- shares (sync §6.5)


def in_reach(month: int) -> range:
    """The months for which shares are handed out in `month`."""
    return range(month, month + protocol.SHARE_MONTHS + 1)


def share_changes(months: Collection[int], month: int) -> tuple[bool, range]:
    """Whether an account has shares to be destroyed in `month`, and for which months it lacks one.

    Nothing is drawn for a month before one that is there: if it was destroyed too early (the clock was ahead for a
    while), a new one would open nothing.
    """
    first = max(max(months, default=month - 1) + 1, month)
    return any(held < month for held in months), range(first, in_reach(month).stop)
