"""The part of an open vault that syncs (docs/spec/sync-protocol.md sections 5 to 7). The network is not here."""

from collections.abc import Callable
from datetime import datetime
from os import urandom
from typing import NamedTuple

from vault import common as common_format
from vault import errors, limits, schedule, sodium, trust
from vault.crypto import wire
from vault.crypto.claim import numbered
from vault.formats import offer as offer_format
from vault.formats import synchead
from vault.formats.enrolled import ACTIVE, COUNTRIES, PAPER, REVOKED, USED, Enrolled, KnownDevice
from vault.formats.offer import Offer, Vouched
from vault.formats.settings import Settings
from vault.handles import spell
from vault.ledger import EMPTY
from vault.merge import due, twins
from vault.placing import half_of
from vault.service import mirror as mirrors
from vault.service import open_receipts, revoked, same_alias, versions
from vault.service.change import Part, commit, new_epoch
from vault.service.mirror import Mirror
from vault.service.paths import Paths
from vault.service.preferences import one_line
from vault.service.rights import Rights
from vault.service.session import NO_CHANGE, Adding, Change, Hands, Session

RULES = COUNTRIES
"""Where the server may stand, in the order of their numbers in the settings."""
FINGERPRINT_WORDS = 6
_PAPERS = (PAPER, USED)
"""Names of a recovery paper in the list of devices: no device to anybody."""


class Identity(NamedTuple):
    """What a new account is made with: its id, this device's signing seed, and the public key of that."""

    account: bytes
    seed: bytes
    signing_key: bytes

    @property
    def device_id(self) -> bytes:
        """The device's id, 8 bytes."""
        return synchead.device_id(self.signing_key)

    def sign(self, data: bytes) -> bytes:
        """Signs the request that makes the account."""
        return sodium.sign(data, sodium.signing_key(self.seed)[1])


class Server(NamedTuple):
    """Where the account is: address, pin of the TLS key (32 bytes), the key that receipts are signed with, rule."""

    url: str
    pin: bytes
    receipt_key: bytes
    rule: str


class SyncDevice(NamedTuple):
    """A device of the account: id (8 bytes), name, whether it is this one, whether it still belongs, months since it
    last wrote, whether it lacks destructions that this vault knows, and whether it has ever written: it has joined."""

    id: bytes
    name: str
    own: bool
    active: bool
    months_away: int
    behind: bool
    joined: bool


class SyncStatus(NamedTuple):
    """What is known of the account without asking the server. `unsynced`: notes and destructions that it lacks, None if
    the mirror is not here. `month`: of the last confirmed head, 0 for never. `recovery`: whether there is a recovery
    paper, with which a new computer gets everything that the server holds (section 11); it is none of `devices`."""

    server: Server
    devices: tuple[SyncDevice, ...]
    version: int
    month: int
    fingerprint: bytes
    unsynced: int | None
    twins: tuple[tuple[str, ...], ...]
    server_pool: int
    recovery: bool


class NewDevice(NamedTuple):
    """A device that is being let in: the pairing secret, what goes into the list, and what goes into its offer."""

    secret: bytes
    adding: Adding
    seed: bytes
    receive: bytes


class Syncing(Rights):
    """Base of vault.service.vault.Vault."""

    _paths: Paths
    _remembered: Mirror | None = None
    _settled = b""

    @property
    def _enrolled(self) -> Enrolled:
        enrolled = self._state.settings.enrolled
        if enrolled is None:
            raise errors.NotEnrolled
        return enrolled

    @property
    def enrolled(self) -> bool:
        """Whether this vault belongs to an account."""
        return self._state.settings.enrolled is not None

    # -- beginning and ending

    def new_identity(self) -> Identity:
        """What to make an account with. Nothing is written. Raises AlreadyEnrolled."""
        if self.enrolled:
            raise errors.AlreadyEnrolled
        seed = urandom(32)
        return Identity(urandom(16), seed, sodium.signing_key(seed)[0])

    def enrol(self, identity: Identity, server: Server, name: str) -> None:
        """The account exists: from now on versions have parents, and what is destroyed leaves tombs.

        Raises AlreadyEnrolled, DeviceNameRefused, StorageFailed.
        """
        if self.enrolled:
            raise errors.AlreadyEnrolled
        state = self._state
        own = KnownDevice(0, ACTIVE, identity.signing_key, 0, 0, checked_name(name))
        fresh = Enrolled(
            account=identity.account,
            index=0,
            signing=identity.seed,
            receive=sodium.key_pair()[1],
            next_receive=bytes(32),
            prepared=0,
            url=server.url,
            pin=server.pin,
            receipt_key=server.receipt_key,
            country=server.rule,
            version=0,
            head=bytes(32),
            written=0,
            generation=bytes(8),
            common=bytes(16),
            server_month=0,
            synced=0,
            shaped=0,
            devices=(own,),
        )
        settings = state.settings
        rights = settings.rights._replace(seed=self._seed())
        origin = settings.origin if any(settings.origin) else state.vault_id
        ids = [
            Part(slot, state.ledger.entry(slot)._replace(id=versions.new_id()), None)
            for slot in state.ledger.firsts()
            if not state.ledger.ids[slot]
        ]
        commit(state, ids, settings=settings._replace(rights=rights, origin=origin, enrolled=fresh))

    def leave_sync(self) -> None:
        """The vault goes on by itself; its notes stay. What it knew of account and devices is destroyed."""
        state = self._state
        if state.settings.enrolled is None:
            raise errors.NotEnrolled
        tombs = [Part(tomb.slot, EMPTY, None) for tomb in state.ledger.tombs()]
        parents = [
            Part(slot, state.ledger.entry(slot)._replace(parent=0), None)
            for slot in state.ledger.firsts()
            if state.ledger.parents[slot]
        ]
        safety = state.settings.safety
        safety = safety._replace(receipts=open_receipts.account_left(safety.receipts))
        settings = state.settings._replace(enrolled=None, safety=safety)
        commit(state, [*tombs, *parents], settings=settings, epoch=new_epoch(state))
        self._remembered = None
        mirrors.forget(self._paths.data)

    def set_server(self, server: Server) -> None:
        """Another address, pin or rule for the same server: somebody compared the key by hand."""
        enrolled = self._enrolled._replace(url=server.url, pin=server.pin, country=server.rule)
        self._store(self._state.settings._replace(enrolled=enrolled))

    # -- a session

    def sync_session(
        self, *, shaped: bool, day: int = 0, change: Change = NO_CHANGE, make_room: Callable[[int], None] | None = None
    ) -> Session:
        """One session with the server. `day` (vault.schedule.day_number): of one that the program runs by itself.

        What is due is destroyed first. Raises NotEnrolled.
        """
        self._enrolled  # noqa: B018 (raises)
        self.expire()
        hands = Hands(
            self._state,
            self._paths.data,
            self.moment,
            self.confirm_clock,
            make_room or self._ensure_room,
            self._forget_texts,
            self.removed,
        )
        return Session(hands, self._remembered, self._settled, shaped=shaped, day=day, change=change)

    def end_session(self, session: Session) -> None:
        """Keeps in memory what the session knows of the server, so that the next one is quick."""
        self._remembered, self._settled = session.remembered, session.settled

    def _forget_texts(self, firsts: object) -> None:
        if self._texts is not None:
            self._texts.forget(firsts)  # type: ignore[arg-type]

    def is_time_to_sync(self, now: datetime) -> bool:
        """Whether today's session by itself is to run now (section 6.3)."""
        enrolled = self._state.settings.enrolled
        return enrolled is not None and schedule.is_time(enrolled.signing, now, enrolled.shaped)

    def has_synced_on(self, day: int) -> bool:
        """Whether the session that the program runs by itself has been on that day (vault.schedule.day_number)."""
        enrolled = self._state.settings.enrolled
        return enrolled is not None and enrolled.shaped == day

    # -- what is known

    def twins(self) -> list[tuple[str, ...]]:
        """Notes that were edited on two devices at a time: groups of handles, all versions of one note."""
        half = due(half_of(self._state.ledger), self.moment().now)
        return [tuple(sorted(spell(half.live[found].handle) for found in group)) for group in twins(half)]

    def server(self) -> Server:
        """Where the account is. Raises NotEnrolled."""
        enrolled = self._enrolled
        return Server(enrolled.url, enrolled.pin, enrolled.receipt_key, enrolled.country)

    def sync_status(self) -> SyncStatus | None:
        """What is known of the account, None without one."""
        enrolled = self._state.settings.enrolled
        if enrolled is None:
            return None
        mirror = self._mirror(enrolled)
        return SyncStatus(
            self.server(),
            tuple(self._device(each, enrolled) for each in enrolled.devices if each.name not in _PAPERS),
            enrolled.version,
            enrolled.synced,
            wire.fingerprint(enrolled.head),
            None if mirror is None and enrolled.version else self._unsynced(mirror),
            tuple(self.twins()),
            mirror.head.pool if mirror is not None else 0,
            self.recovery,
        )

    def _mirror(self, enrolled: Enrolled) -> Mirror | None:
        kept = self._remembered
        if kept is not None and synchead.head_hash(kept.raw) == enrolled.head:
            return kept
        found = mirrors.load(self._paths.data, enrolled) if enrolled.version else None
        if found is None:
            return None
        try:
            self._remembered = mirrors.opened(found, trust.known_of(enrolled), had=True)
        except errors.VaultError:
            return None
        return self._remembered

    def _unsynced(self, mirror: Mirror | None) -> int:
        mine = self._state.ledger.by_id().keys()
        theirs = mirror.ledger.by_id().keys() if mirror is not None else set()
        return len(mine ^ theirs)

    def _device(self, each: KnownDevice, enrolled: Enrolled) -> SyncDevice:
        bit = 1 << each.index
        behind = any(not tomb.known & bit for tomb in self._state.ledger.tombs())
        own = each.index == enrolled.index
        # one that never wrote has the month of its making, or none yet
        away = max(self.moment().now - each.month, 0) if each.month else 0
        active, joined = each.state == ACTIVE, own or each.version > 0
        return SyncDevice(synchead.device_id(each.key), each.name, own, active, away, behind and not own, joined)

    def _paper_id(self) -> bytes:
        devices = self._enrolled.devices
        found = [each for each in devices if each.state == ACTIVE and each.name == PAPER]
        return synchead.device_id(found[0].key) if found else b""

    @property
    def recovery(self) -> bool:
        """Whether the account has a recovery paper. Raises NotEnrolled."""
        return self._paper_id() != b""

    # -- other devices

    def new_device(self, name: str) -> NewDevice:
        """Draws what another device shall be let in with. Nothing is written. Raises NotEnrolled, DeviceNameRefused."""
        name = checked_name(name)
        if any(same_alias(each.name, name) for each in self._enrolled.devices if each.state == ACTIVE):
            raise errors.DeviceNameRefused
        seed, (public, receive) = urandom(32), sodium.key_pair()
        return NewDevice(urandom(16), Adding(sodium.signing_key(seed)[0], public, name), seed, receive)

    def offer(self, new: NewDevice) -> tuple[bytes, bytes]:
        """Id and box of the offer, once a head that lists the device is confirmed. Raises DeviceUnknown."""
        enrolled = self._enrolled
        listed = next((each for each in enrolled.devices if each.key == new.adding.signing_key), None)
        if listed is None:
            raise errors.DeviceUnknown
        active = [each for each in enrolled.devices if each.state == ACTIVE and each.index != listed.index]
        # this device first, so that it is never the one left out
        active.sort(key=lambda each: each.index != enrolled.index)
        content = Offer(
            enrolled.account,
            listed.index,
            new.seed,
            new.receive,
            enrolled.version,
            enrolled.receipt_key,
            enrolled.country,
            tuple(Vouched(each.index, each.key) for each in active[: limits.OFFERED_DEVICES]),
        )
        return wire.offer_id(new.secret), wire.seal_offer(new.secret, offer_format.encode(content))

    def find_device(self, name: str) -> bytes:
        """The id of the active device with this name or this start of it, never of this one. Raises DeviceUnknown."""
        from vault.service.texts import fold

        enrolled = self._enrolled
        others = [each for each in enrolled.devices if each.awaited and each.index != enrolled.index]
        exact = [each for each in others if fold(each.name) == fold(name)]
        found = exact or [each for each in others if fold(each.name).startswith(fold(name))]
        if len(found) != 1:
            raise errors.DeviceUnknown
        return synchead.device_id(found[0].key)

    def notice(self, device: bytes) -> bytes:
        """What the removed device is told, once the head without it is confirmed. Raises DeviceUnknown."""
        mirror = self._mirror(self._enrolled)
        if mirror is None:
            raise errors.DeviceUnknown
        return trust.encode_notice(mirror.devices, device)

    def removed(self, notice: bytes) -> None:
        """The server says that this device was taken out: believed only with a signature of a device that we know.

        Raises DeviceRevoked after everything here was destroyed, DeviceAway (nothing was), ServerForged.
        """
        state, enrolled = self._state, self._enrolled
        if trust.verify_notice(trust.known_of(enrolled), notice) != REVOKED:
            raise errors.DeviceAway
        self._destroy_all()
        mirrors.forget(self._paths.data)
        self._remembered = None
        del state
        raise errors.DeviceRevoked

    def _destroy_all(self) -> None:
        if self._texts is not None:
            self._texts.clear()
        revoked.destroy_all(self._paths, self._state)


def joined_enrolled(offer: Offer, url: str, pin: bytes, name: str, shared: Settings) -> Enrolled:
    """What a vault that is made from an offer with the settings `shared` knows at its birth (section 7.2)."""
    vouched = [KnownDevice(each.index, ACTIVE, each.key, 0, 0, "?") for each in offer.devices]
    own = KnownDevice(offer.index, ACTIVE, sodium.signing_key(offer.signing)[0], 0, 0, name)
    return Enrolled(
        account=offer.account,
        index=offer.index,
        signing=offer.signing,
        receive=offer.receive,
        next_receive=bytes(32),
        prepared=0,
        url=url,
        pin=pin,
        receipt_key=offer.receipt_key,
        country=offer.country,
        version=offer.version - 1,
        head=bytes(32),
        written=0,
        generation=bytes(8),
        # nothing of its own yet: what the account has in common holds
        common=common_format.common_hash(common_format.common_of(shared, shared.origin)),
        server_month=0,
        synced=0,
        shaped=0,
        devices=tuple(sorted((*vouched, own))),
    )


def fingerprint_words(fingerprint: bytes, lang: str) -> list[str]:
    """A fingerprint as six words of a language."""
    return numbered(fingerprint, FINGERPRINT_WORDS, lang)


def checked_name(name: str) -> str:
    """A device's name as it is kept. Raises DeviceNameRefused."""
    name = " ".join(name.split())
    if not name or name in (PAPER, USED) or not one_line(name) or len(name.encode()) > limits.DEVICE_NAME_BYTES:
        raise errors.DeviceNameRefused
    return name
