"""The server's state as this device last took it (docs/spec/sync-protocol.md sections 4 and 5).

The file `mirror` beside the vault holds the server's own ciphertext: head and pages. It saves fetching; what in it does
not fit what the sealed settings say counts as not there.
"""

import os
from collections.abc import Sequence
from contextlib import suppress
from typing import NamedTuple

from vault import common as common_format
from vault import errors, files, limits, trust
from vault.common import Common
from vault.formats import synchead
from vault.formats.devices import DeviceEntry, Shares
from vault.formats.enrolled import Enrolled
from vault.formats.reader import FormatError, UnknownVersion
from vault.formats.synchead import CONTROL_PAGES, SyncHead
from vault.ledger import Ledger, decode_pages
from vault.merge import Half
from vault.placing import half_of
from vault.trust import Known

NAME = "mirror"
COMMON_PAGES = 8


class Cached(NamedTuple):
    """A head with its page boxes, sealed as the server has them; `hashes` are those of the boxes."""

    raw: bytes
    boxes: tuple[bytes, ...]
    hashes: tuple[bytes, ...]


class Mirror(NamedTuple):
    """The same, opened: T, whether that was sealed to the receive key that is being introduced, the payloads of the
    control pages, what pages say, and the ledger's versions and tombs."""

    cached: Cached
    head: SyncHead
    t: bytes
    introduced: bool
    control: tuple[bytes, ...]
    common: Common
    devices: tuple[DeviceEntry, ...]
    marks: Shares
    ledger: Ledger
    half: Half

    @property
    def raw(self) -> bytes:
        """The head's bytes."""
        return self.cached.raw

    def chain(self, first: int) -> list[int]:
        """The slots of the note whose first part is in `first`. Raises ServerForged."""
        try:
            return self.ledger.chain(first)
        except FormatError:
            raise errors.ServerForged from None


def cached(raw: bytes, boxes: Sequence[bytes]) -> Cached:
    """A head and boxes with their hashes."""
    return Cached(raw, tuple(boxes), tuple(map(synchead.page_hash, boxes)))


# -- the file


def path(folder: str) -> str:
    """Where the file lies in the vault's folder."""
    return os.path.join(folder, NAME)


def load(folder: str, enrolled: Enrolled) -> Cached | None:
    """What the file holds, if that is the last head; a file that is not there, or another one's, is None."""
    most = synchead.HEAD_BYTES + (CONTROL_PAGES + limits.SERVER_POOL_MOST // limits.PAGE_ENTRIES) * limits.PAGE_BOX
    try:
        data = files.read(path(folder), most)
    except errors.StorageFailed:
        return None
    if data is None or synchead.head_hash(data[: synchead.HEAD_BYTES]) != enrolled.head:
        return None
    pages = data[synchead.HEAD_BYTES :]
    if len(pages) % limits.PAGE_BOX:
        return None
    found = cached(
        data[: synchead.HEAD_BYTES], [pages[at : at + limits.PAGE_BOX] for at in range(0, len(pages), limits.PAGE_BOX)]
    )
    try:
        head = synchead.decode(found.raw)
    except FormatError:
        return None
    return found if synchead.root_hash(found.hashes) == head.root else None


def save(folder: str, kept: Cached) -> None:
    """Writes the file; a disk that refuses costs another fetch and nothing else."""
    name = path(folder)
    with suppress(errors.StorageFailed):
        files.write_new(name + ".new", b"".join((kept.raw, *kept.boxes)))
        files.rename(name + ".new", name)
        files.still(name, folder)
        return
    forget(folder)


def forget(folder: str) -> None:
    """Removes the file."""
    with suppress(errors.StorageFailed):
        files.remove(path(folder) + ".new")
        files.remove(path(folder))


# -- opening


def opened(found: Cached, known: Known, *, had: bool = False) -> Mirror:
    """The mirror of a head and its pages, once everything about them but the shares is checked (section 4.3).

    `had`: it was checked when it came, and is opened only to be looked at. Raises the ServerMisbehaved family,
    DeviceRevoked, DeviceAway.
    """
    try:
        accepted = (
            trust.opened_again(known, found.raw, found.boxes) if had else trust.accept(known, found.raw, found.boxes)
        )
        payloads = accepted.payloads
        ledger = decode_pages(payloads[CONTROL_PAGES:], accepted.head.pool, stamped=True)
        return Mirror(
            found,
            accepted.head,
            accepted.t,
            accepted.introduced,
            tuple(payloads[:CONTROL_PAGES]),
            common_format.decode(payloads[:COMMON_PAGES]),
            accepted.devices,
            accepted.shares,
            ledger,
            half_of(ledger),
        )
    except UnknownVersion:
        raise errors.ServerNewer from None
    except FormatError:
        raise errors.ServerForged from None
