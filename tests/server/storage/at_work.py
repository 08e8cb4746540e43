"""Devices at work on a storage: many on one account that compare and set, or one that writes as fast as it can.

Also a program, for tests that need other processes:
    python -m tests.server.storage.at_work contend DATABASE FOLDER ACCOUNT FIRST COUNT TIMES
    python -m tests.server.storage.at_work load DATABASE FOLDER ACCOUNT…
"""

import os
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from sync import protocol
from sync.server.storage import open_storage
from sync.server.storage.contract import Conflict, Storage, StorageError
from tests.server.storage.making import PAGES, POOL, commit_on, head_of, pages, slots, upload

SLOTS = 64
"""Slots that each commit under load changes."""


def contend(storage: Storage, account: bytes, device: int, times: int) -> list[int]:
    """Commits so often to slot `device`, each time on the newest head, and again on a conflict; the versions made."""
    versions: list[int] = []
    while len(versions) < times:
        made = commit_on(head_of(storage, account), account, pages([0], device), slots([device], len(versions)))
        try:
            storage.commit(account, made)
        except Conflict:
            continue
        versions.append(made.version)
    return versions


def contend_together(storage: Storage, account: bytes, devices: Sequence[int], times: int) -> dict[int, list[int]]:
    """Each device in a thread of its own."""
    with ThreadPoolExecutor(len(devices)) as threads:
        versions = threads.map(lambda device: contend(storage, account, device, times), devices)
        return dict(zip(devices, versions, strict=True))


def load(storage: Storage, account: bytes, acknowledged: Callable[[int], None]) -> None:
    """Commits for ever, all pages and some slots at a time, every fourth time a whole pool; says each version once it
    is acknowledged. Ends when the storage is away."""
    head = head_of(storage, account)
    generation = None if head is None else protocol.decode_head(head).generation
    version = 0 if head is None else protocol.decode_head(head).version
    try:
        while True:
            version += 1
            if generation is None or version % 4 == 0:
                generation = os.urandom(protocol.GENERATION)
                upload(storage, account, generation, tag=version)
            made = commit_on(
                head,
                account,
                pages(range(PAGES), version),
                slots(range(SLOTS), version),
                generation=generation,
                pool=POOL,
            )
            storage.commit(account, made)
            acknowledged(version)
            head = made.head
    except StorageError:
        return


def _load_all(storage: Storage, accounts: Sequence[bytes]) -> None:
    def say(number: int, version: int) -> None:
        # one write, so that lines of several threads don't mix
        os.write(1, f"{number} {version}\n".encode())

    with ThreadPoolExecutor(len(accounts)) as threads:
        for number, account in enumerate(accounts):
            threads.submit(load, storage, account, partial(say, number))


def main() -> None:
    """Begins when a line comes in."""
    what, database, folder, *rest = sys.argv[1:]
    storage = open_storage(database, folder)
    sys.stdin.readline()
    if what == "load":
        _load_all(storage, [bytes.fromhex(account) for account in rest])
        return
    account, first, count, times = bytes.fromhex(rest[0]), *map(int, rest[1:])
    made = contend_together(storage, account, range(first, first + count), times)
    storage.close()
    for device, versions in made.items():
        print(device, *versions)


if __name__ == "__main__":
    main()
