"""What devices would send: keys, boxes, heads and commits that fit, in the right sizes and different each time."""

import hashlib
import os
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sync import protocol
from sync.server.storage.contract import Commit, Storage

MONTH = 300
DAY = 9_000
POOL = protocol.POOL_LEAST
PAGES = protocol.pages_of(POOL)


class Enrolled(NamedTuple):
    """An account and its first device."""

    account: bytes
    key: bytes
    device: bytes


def filler(size: int, *tag: object) -> bytes:
    """Bytes that follow from the tag, and differ for another."""
    return hashlib.shake_128(repr(tag).encode()).digest(size)


def slot_box(*tag: object) -> bytes:
    return filler(protocol.SLOT_BOX, "slot", *tag)


def page_box(*tag: object) -> bytes:
    return filler(protocol.PAGE_BOX, "page", *tag)


def pages(numbers: Iterable[int], *tag: object) -> list[tuple[int, bytes, bytes]]:
    """Pages as a commit holds them."""
    boxes = ((number, page_box(number, *tag)) for number in numbers)
    return [(number, box, protocol.page_hash(box)) for number, box in boxes]


def slots(numbers: Iterable[int], *tag: object) -> list[tuple[int, bytes]]:
    return [(number, slot_box(number, *tag)) for number in numbers]


def enrol(storage: Storage, month: int = MONTH, day: int = DAY) -> Enrolled:
    """A new account with an invitation of its own."""
    digest, account, key = os.urandom(32), os.urandom(protocol.ACCOUNT), os.urandom(protocol.KEY)
    storage.invite(digest, 1, day)
    storage.enrol(digest, account, key, day=day, month=month)
    return Enrolled(account, key, protocol.device_id(key))


def commit_on(
    head: bytes | None,
    account: bytes,
    pages: Sequence[tuple[int, bytes, bytes]] = (),
    slots: Sequence[tuple[int, bytes]] = (),
    *,
    generation: bytes | None = None,
    pool: int = POOL,
    month: int = MONTH,
) -> Commit:
    """The commit that follows `head`; of its generation, if no other is given."""
    present = None if head is None else protocol.decode_head(head)
    version = 1 if present is None else present.version + 1
    previous = bytes(protocol.HASH) if head is None else protocol.head_hash(head)
    if generation is None:
        assert present is not None
        generation, pool = present.generation, present.pool
    # the signature is noise, so that two heads that say the same differ
    fields = protocol.Head(
        account,
        version,
        previous,
        generation,
        pool,
        protocol.root_hash(digest for _, _, digest in pages),
        (bytes(protocol.SEALED_T),) * protocol.DEVICES_MOST,
        bytes(protocol.DEVICE),
        os.urandom(protocol.SIGNATURE),
    )
    return Commit(protocol.encode_head(fields), version, previous, generation, pool, pages, slots, month)


def head_of(storage: Storage, account: bytes, month: int = MONTH) -> bytes | None:
    """The present head."""
    return storage.snapshot(account, bytes(protocol.GENERATION), (), month=month).head


def upload(storage: Storage, account: bytes, generation: bytes, pool: int = POOL, tag: object = 0) -> None:
    """Stages a whole pool, in as many parts as the protocol asks for."""
    for start in range(0, pool, protocol.SLOTS_MOST):
        part = range(start, min(start + protocol.SLOTS_MOST, pool))
        storage.stage(account, generation, pool, start, [slot_box(number, tag) for number in part])


def write_pool(storage: Storage, account: bytes, pool: int = POOL, tag: object = 0, month: int = MONTH) -> Commit:
    """Uploads a pool and commits it."""
    generation = os.urandom(protocol.GENERATION)
    upload(storage, account, generation, pool, tag)
    made = commit_on(
        head_of(storage, account, month),
        account,
        pages(range(protocol.pages_of(pool)), tag),
        generation=generation,
        pool=pool,
        month=month,
    )
    storage.commit(account, made)
    return made
