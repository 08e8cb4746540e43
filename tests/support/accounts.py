"""An account whose devices' keys are known: heads, pages, lists as an honest device writes them, and as none should."""

import hashlib
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from vault import errors, sodium
from vault.crypto import wire
from vault.formats import devices as devices_format
from vault.formats import synchead
from vault.formats.devices import DeviceEntry, Shares
from vault.formats.enrolled import ACTIVE, NO_KEY, KnownDevice
from vault.formats.synchead import NO_HASH, SyncHead
from vault.trust import DEVICES_PAGE, SHARES_PAGE, Known, accept

ACCOUNT, OTHER_ACCOUNT = b"account of tests", b"another account!"
POOL = 256
MONTH = 330
SHARE_LIST = tuple(hashlib.sha256(b"share %d" % month).digest() for month in range(MONTH, MONTH + 121))


class Member(NamedTuple):
    """A device: its index, and what its secrets are drawn from."""

    place: int
    drawn: bytes

    @property
    def seed(self) -> bytes:
        """Of its signing key."""
        return hashlib.sha256(b"seed" + self.drawn).digest()

    @property
    def key(self) -> bytes:
        """Ed25519, public."""
        return wire.signing_public(self.seed)

    @property
    def id(self) -> bytes:
        """Device id."""
        return synchead.device_id(self.key)

    def secret(self, turn: int = 0) -> bytes:
        """X25519: its receive secret, or a later one."""
        return hashlib.sha256(b"receive %d" % turn + self.drawn).digest()

    def receive(self, turn: int = 0) -> bytes:
        """The receive key with it."""
        return sodium.public_of(self.secret(turn))


def member(place: int, drawn: str = "") -> Member:
    """The device with this index; another one for another text."""
    return Member(place, drawn.encode() or b"device %d" % place)


def entry(who: Member, adder: Member | None = None, *, version: int = 0, account: bytes = ACCOUNT) -> DeviceEntry:
    """Its entry, active, let in by `adder` (itself if none) and rightly signed."""
    adder = adder or who
    certificate = wire.certify(adder.seed, account, who.place, who.key)
    name = f"toestel {who.place}"
    return DeviceEntry(who.place, ACTIVE, who.key, who.receive(), version, MONTH, adder.id, certificate, name)


def removed(listed: DeviceEntry, remover: Member, state: int) -> DeviceEntry:
    """The entry once `remover` has put it into `state`."""
    removal = wire.sign_removal(remover.seed, ACCOUNT, state, synchead.device_id(listed.key))
    return listed._replace(state=state, remover=remover.id, removal=removal)


class Made(NamedTuple):
    """A head's bytes, its pages' boxes by number, T."""

    data: bytes
    boxes: list[bytes]
    t: bytes

    @property
    def hash(self) -> bytes:
        """Of the head."""
        return synchead.head_hash(self.data)


def made(
    listed: Sequence[DeviceEntry], signer: Member, version: int, *, previous: bytes = bytes(32),
    account: bytes = ACCOUNT, receivers: Mapping[int, bytes] | None = None, payloads: Mapping[int, bytes] | None = None,
) -> Made:  # fmt: skip
    """A head and its pages. Without more, all is as an honest device would write it."""
    t = hashlib.sha256(b"T %d" % version).digest()
    plain = dict.fromkeys(range(synchead.pages_of(POOL)), bytes(devices_format.PAYLOAD))
    plain[DEVICES_PAGE] = devices_format.encode(tuple(listed))
    plain[SHARES_PAGE] = devices_format.encode_shares(Shares(MONTH, tuple(map(wire.share_mark, SHARE_LIST))))
    boxes = [wire.seal_page(t, account, number, page) for number, page in (plain | dict(payloads or {})).items()]
    if receivers is None:
        receivers = {each.index: each.receive for each in listed if each.state == ACTIVE}
    sealed = wire.seal_t(t, receivers)
    return signed(SyncHead(account, version, previous, b"generati", POOL, b"", sealed, signer.id), boxes, signer, t)


def signed(head: SyncHead, boxes: list[bytes], signer: Member, t: bytes) -> Made:
    """The head with the root over these boxes and the signature of `signer`."""
    root = synchead.root_hash(map(synchead.page_hash, boxes))
    return Made(wire.sign_head(signer.seed, synchead.encode(head._replace(root=root))), boxes, t)


def known(own: Member, listed: Sequence[DeviceEntry], version: int, head: bytes = NO_HASH) -> Known:
    """What the device `own` knows after accepting a head with this list."""
    written = next((each.version for each in listed if each.key == own.key), 0)
    devices = tuple(
        KnownDevice(each.index, each.state, each.key, each.version, each.month, each.name) for each in listed
    )
    return Known(ACCOUNT, own.place, own.key, own.secret(), NO_KEY, 0, version, head, written, devices)


# -- a cast -----------------------------------------------------------------------------------------------------------

LAPTOP, PHONE, DESK, THIEF = member(0), member(1), member(2), member(5, "thief")
"""The first device; ours; one let in by ours; one that nobody let in."""
LIST = (entry(LAPTOP, version=6), entry(PHONE, LAPTOP, version=5), entry(DESK, PHONE, version=4))
LAST = made(LIST, LAPTOP, 6)
KNOWN = known(PHONE, LIST, 6, LAST.hash)


def wrote(who: Member, version: int = 7, listed: Sequence[DeviceEntry] = LIST) -> tuple[DeviceEntry, ...]:
    """The list as `who` writes it in its next head."""
    return tuple(each._replace(version=version) if each.key == who.key else each for each in listed)


def following(listed: Sequence[DeviceEntry] | None = None, signer: Member = LAPTOP, version: int = 7) -> Made:
    """The next head."""
    return made(wrote(signer, version) if listed is None else listed, signer, version, previous=LAST.hash)


def changed(who: Member, listed: Sequence[DeviceEntry], **fields: object) -> tuple[DeviceEntry, ...]:
    """The list with other fields in the entry of `who`."""
    return tuple(each._replace(**fields) if each.key == who.key else each for each in listed)  # type: ignore[arg-type]


def refusal(found: Made | None, knowing: Known = KNOWN) -> type[Exception] | None:
    """What `accept` raises: the same the second time."""
    raised: list[type[Exception] | None] = []
    for _ in range(2):
        try:
            accept(knowing, found and found.data, found.boxes if found else [])
            raised.append(None)
        except errors.VaultError as error:
            raised.append(type(error))
    assert raised[0] == raised[1]
    return raised[0]
