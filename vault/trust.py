"""What a device accepts from a server (docs/spec/sync-protocol.md sections 4.3 and 7.3). Pure, but for its ciphers.

Devices trust each other's signatures, never the server: whatever it answers, a head goes through all of `accept` and
`check_shares` before anything of it is used. A refusal depends on nothing but what is known and what was answered, so
it stays one however often it is repeated.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

from vault import errors, sodium
from vault.crypto import wire
from vault.crypto.aead import BoxRefused
from vault.formats import devices as devices_format
from vault.formats import notice as notice_format
from vault.formats import synchead
from vault.formats.devices import DeviceEntry, Shares
from vault.formats.enrolled import ACTIVE, NO_KEY, REVOKED, Enrolled, KnownDevice
from vault.formats.notice import Certificate, Notice
from vault.formats.offer import Offer
from vault.formats.reader import FormatError, UnknownVersion
from vault.formats.synchead import NO_HASH, SyncHead, device_id
from vault.limits import CHAIN

DEVICES_PAGE, SHARES_PAGE = 8, 9


class Known(NamedTuple):
    """What a device knows of its account before it asks.

    `index`, `key`: its own, the Ed25519 key it signs with. `receive`, `next_receive`: X25519 secrets that T is sealed
    to, NO_KEY if none is being introduced; `prepared`: the version that introduces it, or 0. `version`, `head`: of the
    last head, and its hash, NO_HASH if none was seen. `written`: the last version that it wrote itself. `devices`: all
    that it knows, itself included.
    """

    account: bytes
    index: int  # type: ignore[assignment] # shadows the method of tuples, which nobody needs here
    key: bytes
    receive: bytes
    next_receive: bytes
    prepared: int
    version: int
    head: bytes
    written: int
    devices: tuple[KnownDevice, ...]


class Accepted(NamedTuple):
    """A head that has passed all checks but that of the shares, with its hash.

    `t`: the key of the pages; `introduced`: it was sealed to the receive key that was being introduced, so the head
    that was prepared is at the server. `payloads`: all pages' plaintexts, by number.
    """

    head: SyncHead
    hash: bytes
    t: bytes
    introduced: bool
    payloads: list[bytes]
    devices: tuple[DeviceEntry, ...]
    shares: Shares


def known_of(enrolled: Enrolled) -> Known:
    """What the sealed settings say."""
    return Known(
        enrolled.account,
        enrolled.index,
        wire.signing_public(enrolled.signing),
        enrolled.receive,
        enrolled.next_receive,
        enrolled.prepared,
        enrolled.version,
        enrolled.head,
        enrolled.written,
        enrolled.devices,
    )


def known_devices(devices: Iterable[DeviceEntry]) -> tuple[KnownDevice, ...]:
    """What is to be remembered of an accepted list."""
    return tuple(KnownDevice(each.index, each.state, each.key, each.version, each.month, each.name) for each in devices)


def offered_devices(offer: Offer, name: str) -> tuple[KnownDevice, ...]:
    """What a device that joins under this name knows of devices before its first head: those offered, and itself.

    Of heads it knows none: version is one less than the offer's, the hash NO_HASH, nothing is written.
    """
    own = KnownDevice(offer.index, ACTIVE, wire.signing_public(offer.signing), 0, 0, name)
    others = (KnownDevice(each.index, ACTIVE, each.key, 0, 0, "-") for each in offer.devices)
    return tuple(sorted((own, *others)))


def accept(known: Known, data: bytes | None, boxes: Sequence[bytes]) -> Accepted:
    """What the head in `data` (None: the server has none) and its pages' boxes, by number, say: all of section 4.3 but
    the shares, in its order.

    Raises ServerEmptied, ServerForged, ServerRolledBack, ServerForked, ServerTampered, ServerNewer, DeviceOutdated,
    DeviceRevoked, DeviceAway.
    """
    head = check_head(known, data)
    assert data is not None
    check_pages(head, boxes)
    found = _opened(known, head, data, boxes)
    signer = check_signer(known, head, found.devices)
    check_signatures(known, data, signer, found.devices)
    check_list(known, found.devices)
    check_versions(known, head, signer, found.devices)
    check_own(known, found.devices, introduced=found.introduced)
    return found


def opened_again(known: Known, data: bytes, boxes: Sequence[bytes]) -> Accepted:
    """A head that was accepted before, and its pages: nothing about who wrote them is asked again.

    Raises ServerForged, ServerNewer.
    """
    try:
        head = synchead.decode(data)
    except UnknownVersion:
        raise errors.ServerNewer from None
    except FormatError:
        raise errors.ServerForged from None
    check_pages(head, boxes)
    return _opened(known, head, data, boxes)


def _opened(known: Known, head: SyncHead, data: bytes, boxes: Sequence[bytes]) -> Accepted:
    t, introduced = open_t(known, head, data)
    payloads = open_pages(t, known.account, boxes)
    try:
        devices = devices_format.decode(payloads[DEVICES_PAGE])
        shares = devices_format.decode_shares(payloads[SHARES_PAGE])
    except UnknownVersion:
        raise errors.ServerNewer from None
    except FormatError:
        raise errors.ServerForged from None
    return Accepted(head, synchead.head_hash(data), t, introduced, payloads, devices, shares)


# -- the checks, in the order of the table


def check_head(known: Known, data: bytes | None) -> SyncHead:
    """There is a head, of our account, and none that is older than the last one or beside it.

    Raises ServerEmptied, ServerForged, ServerNewer, ServerRolledBack, ServerForked.
    """
    if data is None:
        raise errors.ServerEmptied
    try:
        head = synchead.decode(data)
    except UnknownVersion:
        raise errors.ServerNewer from None
    except FormatError:
        raise errors.ServerForged from None
    if head.account != known.account:
        raise errors.ServerForged
    # a device that has just been let in knows from which version on, but no hash
    seen = known.version == 0 or known.head != NO_HASH
    if head.version < known.version or (head.version == known.version and not seen):
        raise errors.ServerRolledBack
    if head.version == known.version and synchead.head_hash(data) != known.head:
        raise errors.ServerForked
    if head.version == known.version + 1 and seen and head.previous != known.head:
        raise errors.ServerForked
    return head


def check_pages(head: SyncHead, boxes: Sequence[bytes]) -> None:
    """The pages' boxes are those of the head. Raises ServerTampered."""
    if len(boxes) != synchead.pages_of(head.pool) or synchead.root_hash(map(synchead.page_hash, boxes)) != head.root:
        raise errors.ServerTampered


def open_t(known: Known, head: SyncHead, data: bytes) -> tuple[bytes, bool]:
    """T, and whether it was sealed to the receive key that is being introduced.

    Raises DeviceOutdated if a device that we know has signed the head and T is sealed to another key of ours, else
    ServerForged.
    """
    sealed = head.sealed[known.index]
    for secret, introduced in ((known.receive, False), (known.next_receive, True)):
        if secret != NO_KEY:
            try:
                return wire.open_t(sealed, secret), introduced
            except BoxRefused:
                continue
    signer = next((each for each in known.devices if device_id(each.key) == head.signer), None)
    if signer is not None and signer.state == ACTIVE and wire.is_head_signed(signer.key, data):
        raise errors.DeviceOutdated
    raise errors.ServerForged


def open_pages(t: bytes, account: bytes, boxes: Sequence[bytes]) -> list[bytes]:
    """The pages' plaintexts. Raises ServerForged."""
    try:
        return [wire.open_page(t, account, number, box) for number, box in enumerate(boxes)]
    except BoxRefused:
        raise errors.ServerForged from None


def check_signer(known: Known, head: SyncHead, devices: Sequence[DeviceEntry]) -> DeviceEntry:
    """The signer, which is active in the list and leads to a device that we know and that wasn't removed.

    Raises ServerForged.
    """
    listed = {device_id(each.key): each for each in devices}
    signer = listed.get(head.signer)
    if signer is None or signer.state != ACTIVE:
        raise errors.ServerForged
    chain = {identity: _certificate(each) for identity, each in listed.items()}
    if not _leads(known, _certificate(signer), chain):
        raise errors.ServerForged
    return signer


def _certificate(device: DeviceEntry) -> Certificate:
    return Certificate(device.index, device.key, device.adder, device.certificate)


def _leads(known: Known, first: Certificate, chain: Mapping[bytes, Certificate]) -> bool:
    """Whether certificates, by device id in `chain`, lead from `first` to an active device that we know.

    One that we know to be removed leads nowhere: it may have been in other hands when it let somebody in.
    """
    states = {each.key: each.state for each in known.devices}
    keys = {device_id(key): key for key in (*states, *(each.key for each in chain.values()))}
    at = first
    # no more steps than there are certificates, so that a circle ends
    for _ in range(len(chain) + 1):
        if at.key in states:
            return states[at.key] == ACTIVE
        adder = keys.get(at.adder)
        if adder is None or not wire.is_certified(adder, known.account, at.index, at.key, at.signature):
            return False
        if adder in states:
            return states[adder] == ACTIVE
        at = chain[at.adder]
    return False


def check_signatures(known: Known, data: bytes, signer: DeviceEntry, devices: Sequence[DeviceEntry]) -> None:
    """The head's signature, and every certificate and removal in the list. Raises ServerForged."""
    if not wire.is_head_signed(signer.key, data):
        raise errors.ServerForged
    before = {each.key: each for each in known.devices}
    keys = {device_id(key): key for key in (*before, *(each.key for each in devices))}
    for each in devices:
        earlier = before.get(each.key)
        adder = keys.get(each.adder)
        if adder is None:
            _ensure_vouched(known, earlier is not None)
        elif not wire.is_certified(adder, known.account, each.index, each.key, each.certificate):
            raise errors.ServerForged
        if each.state == ACTIVE:
            continue
        remover = keys.get(each.remover)
        if remover is None:
            _ensure_vouched(known, earlier is not None and earlier.state != ACTIVE)
        elif not wire.is_removed(remover, known.account, each.state, device_id(each.key), each.removal):
            raise errors.ServerForged


def _ensure_vouched(known: Known, before: bool) -> None:
    """Who signed is no longer listed: then we knew it `before`, or have just been let in and take the signer's word."""
    if not before and known.written:
        raise errors.ServerForged


def check_list(known: Known, devices: Sequence[DeviceEntry]) -> None:
    """Nobody whom we know is missing, nobody removed is back, T can be sealed to everybody. Raises ServerForged."""
    listed = {each.key: each for each in devices}
    for each in known.devices:
        entry = listed.get(each.key)
        if entry is None:
            lost = each.state == ACTIVE
        else:
            lost = entry.index != each.index or (entry.state == ACTIVE and each.state != ACTIVE)
        if lost:
            raise errors.ServerForged
    if not all(wire.can_receive(each.receive) for each in devices if each.state == ACTIVE):
        raise errors.ServerForged


def check_versions(known: Known, head: SyncHead, signer: DeviceEntry, devices: Sequence[DeviceEntry]) -> None:
    """No device has written less than we know, and the head is the last that its signer wrote.

    Raises ServerForked, ServerForged; DeviceOutdated if we have written more than we know.
    """
    listed = {each.key: each for each in devices}
    for each in known.devices:
        entry = listed.get(each.key)
        if entry is not None and each.key != known.key and entry.version < each.version:
            raise errors.ServerForked
    own = listed.get(known.key)
    if own is not None and own.version != known.written and not (known.prepared and own.version == known.prepared):
        raise errors.DeviceOutdated if own.version > known.written else errors.ServerForked
    if signer.version != head.version or any(each.version > head.version for each in devices):
        raise errors.ServerForged
    # a removed one bears the version of the head that took it out, which may be this one
    if any(each.version == head.version and each.state == ACTIVE for each in devices if each != signer):
        raise errors.ServerForged


def check_own(known: Known, devices: Sequence[DeviceEntry], *, introduced: bool) -> None:
    """We are in the list, active, with the receive key that T was sealed to.

    Raises ServerForged, DeviceRevoked, DeviceAway.
    """
    own = next((each for each in devices if each.key == known.key and each.index == known.index), None)
    if own is None:
        raise errors.ServerForged
    if own.state != ACTIVE:
        raise _gone(own.state)
    if own.receive != sodium.public_of(known.next_receive if introduced else known.receive):
        raise errors.ServerForged


def _gone(state: int) -> errors.VaultError:
    return errors.DeviceRevoked() if state == REVOKED else errors.DeviceAway()


def check_shares(shares: Shares, first: int, given: Sequence[bytes], now: int) -> None:
    """The server still has the share of each month from `now` on that page 9 names: `given` are those from month
    `first` on. Raises ServerSharesChanged.
    """
    for month, mark in enumerate(shares.marks, shares.first):
        at = month - first
        if month >= now and not (0 <= at < len(given) and wire.share_mark(given[at]) == mark):
            raise errors.ServerSharesChanged


# -- removal (section 7.3)


def encode_notice(devices: Sequence[DeviceEntry], removed: bytes) -> bytes:
    """The notice for the device with the id `removed`, which the list has as removed by one that it has too.

    Raises DeviceUnknown.
    """
    listed = {device_id(each.key): each for each in devices}
    gone = listed.get(removed)
    remover = listed.get(gone.remover) if gone else None
    if gone is None or gone.state == ACTIVE or remover is None:
        raise errors.DeviceUnknown
    chain = [remover]
    while len(chain) < CHAIN and (adder := listed.get(chain[-1].adder)) is not None and adder not in chain:
        chain.append(adder)
    return notice_format.encode(Notice(gone.state, removed, tuple(map(_certificate, chain)), gone.removal))


def verify_notice(known: Known, data: bytes) -> int:
    """What a device that we know has made of us: REVOKED or AWAY. Raises ServerForged, ServerNewer."""
    try:
        notice = notice_format.decode(data)
    except UnknownVersion:
        raise errors.ServerNewer from None
    except FormatError:
        raise errors.ServerForged from None
    remover, chain = notice.chain[0], {device_id(each.key): each for each in notice.chain}
    if notice.device != device_id(known.key) or not _leads(known, remover, chain):
        raise errors.ServerForged
    if not wire.is_removed(remover.key, known.account, notice.state, notice.device, notice.removal):
        raise errors.ServerForged
    return notice.state
