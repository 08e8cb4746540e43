"""One session with the server, from this vault's side (docs/spec/sync-protocol.md section 6).

The steps are called in the order of section 6.1. Each is durable when it returns, and a session that ends anywhere is
begun again from its start. What the server says is believed only as far as vault.trust goes.
"""

from collections.abc import Callable, Iterable, Sequence
from os import urandom
from typing import NamedTuple, Protocol

from vault import errors, sodium, trust
from vault.common import common_hash, common_of
from vault.expiry import Moment
from vault.formats import said, synchead
from vault.formats.devices import DeviceEntry
from vault.formats.enrolled import ACTIVE, PAPER, Enrolled
from vault.merge import Half, merge
from vault.merge import due as without_due
from vault.placing import half_of, rewritten
from vault.service import mirror as mirrors
from vault.service.mirror import Cached, Mirror
from vault.service.state import State

_START = 8
"""Bytes of a page's hash that tell the server which pages are here (section 8.4)."""
_NONCE = 16


class Hands(NamedTuple):
    """What a session needs of the open vault."""

    state: State
    folder: str
    moment: Callable[[], Moment]
    confirm_clock: Callable[[], int]
    ensure_room: Callable[[int], None]
    forget_texts: Callable[[Sequence[int]], None]
    removed: Callable[[bytes], None]


class Answer(Protocol):
    """The server's answer to *ask*, field by field (section 8.4)."""

    @property
    def month(self) -> int:
        """The server's month."""

    @property
    def signature(self) -> bytes:
        """Its signature under that."""

    @property
    def first(self) -> int:
        """The month of the first share."""

    @property
    def shares(self) -> Sequence[bytes]:
        """The shares, 32 bytes each."""

    @property
    def head(self) -> bytes | None:
        """The head's bytes, None for an account without one."""

    @property
    def pages(self) -> Sequence[tuple[int, bytes]]:
        """The page boxes that differ, by number."""


class Asked(NamedTuple):
    """What *ask* sends: a nonce, the generation, and the starts of the hashes of the pages that are here."""

    nonce: bytes
    generation: bytes
    known: tuple[bytes, ...]


class Considered(NamedTuple):
    """The head's version (0 for none), the slots to fetch, and whether there is nothing to do on either side."""

    version: int
    wanted: list[int]
    quiet: bool


class Sealed(NamedTuple):
    """What *commit* sends. Without `head` there is nothing to tell. `parts`: a whole new generation, as (first slot,
    boxes), to be uploaded before. `more`: another round is needed for what found no room."""

    nonce: bytes
    head: bytes | None
    pages: tuple[tuple[int, bytes], ...]
    slots: tuple[tuple[int, bytes], ...]
    generation: bytes
    pool: int
    parts: Iterable[tuple[int, bytes]] | None
    more: bool


class Report(NamedTuple):
    """What a session did to this vault: notes that came, notes that other devices had destroyed (handles of those that
    were edited here meanwhile in `lost_edits`), handles that had to change, groups of twins, names of the devices that
    have not confirmed every destruction, and whether anything was sent."""

    received: int = 0
    destroyed: int = 0
    lost_edits: tuple[str, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()
    twins: tuple[tuple[str, ...], ...] = ()
    waiting: tuple[str, ...] = ()
    sent: bool = False


class Adding(NamedTuple):
    """A device to be let in: its signing key, receive key and name."""

    signing_key: bytes
    receive_key: bytes
    name: str


class Change(NamedTuple):
    """What a session changes in the list of devices: somebody comes, somebody (device id) goes."""

    adding: Adding | None = None
    removing: bytes = b""


NO_CHANGE = Change()


AWAY_MONTHS = 12
"""A device whose last head is older than this joins anew, and never merges (property P14)."""


def is_away(devices: Sequence[DeviceEntry], index: int, now: int) -> bool:
    """Whether others have gone on while the device `index` wrote nothing for more than AWAY_MONTHS."""
    active = {each.index: now - each.month for each in devices if each.awaited}
    return active.pop(index, 0) > AWAY_MONTHS >= min(active.values(), default=AWAY_MONTHS + 1)


class Session:
    """A session; `shaped` as in section 6.3. Made by vault.service.vault.Vault.sync_session."""

    def __init__(
        self,
        hands: Hands,
        remembered: Mirror | None,
        settled: bytes,
        *,
        shaped: bool,
        day: int = 0,
        change: Change = NO_CHANGE,
    ) -> None:
        """`remembered`: the mirror that is still in memory; `settled`: the vault's head at which the server held all
        that it holds. `day`: of a session that the program runs by itself."""
        self.hands, self.shaped, self.day, self.change = hands, shaped, day, change
        self.remembered = remembered
        self.settled = settled
        self.report = Report()
        self.shares: tuple[int, tuple[bytes, ...]] = (0, ())
        self.month = 0
        self.server: Mirror | None = None
        self._nonce = b""
        self._had: Cached | None = None
        self._wanted: list[int] = []
        self.must_tell = False
        self.mine = Half({}, {})
        self._vanished: frozenset[int] = frozenset()
        self._both: Half | None = None
        self._both_at = b""

    @property
    def enrolled(self) -> Enrolled:
        """What the sealed settings say of the account. Raises NotEnrolled."""
        enrolled = self.hands.state.settings.enrolled
        if enrolled is None:
            raise errors.NotEnrolled
        return enrolled

    @property
    def account(self) -> bytes:
        """The account, 16 bytes."""
        return self.enrolled.account

    @property
    def device_id(self) -> bytes:
        """This device's id, 8 bytes."""
        return synchead.device_id(self.own_key()[0])

    def own_key(self) -> tuple[bytes, bytes]:
        """This device's signing key: public and secret."""
        return sodium.signing_key(self.enrolled.signing)

    def sign(self, data: bytes) -> bytes:
        """Signs a request for the server."""
        return sodium.sign(data, self.own_key()[1])

    @property
    def wanted(self) -> int:
        """How many slots there are to fetch, once the answer was considered."""
        return len(self._wanted)

    # -- ask

    def ask(self) -> Asked:
        """What to ask for: the pages that differ from those here."""
        # nothing is told of a destruction while an old anchor is left that could undo it
        self.hands.state.anchor.settle()
        enrolled = self.enrolled
        if self.remembered is not None and synchead.head_hash(self.remembered.raw) == enrolled.head:
            self._had = self.remembered.cached
        else:
            self.remembered = None
            self._had = mirrors.load(self.hands.folder, enrolled) if enrolled.version else None
        self._nonce = urandom(_NONCE)
        if self._had is None:
            return Asked(self._nonce, bytes(8), ())
        return Asked(self._nonce, enrolled.generation, tuple(each[:_START] for each in self._had.hashes))

    # -- consider

    def consider(self, answer: Answer) -> Considered:
        """Checks everything that the server said; nothing is written. What there is to fetch.

        Raises ClockUnsure and the ServerMisbehaved family.
        """
        self._believe_month(answer)
        self.shares = (answer.first, tuple(answer.shares))
        self.server = self._both = None
        if answer.head is None:
            if self.enrolled.version:
                raise errors.ServerEmptied
            self._wanted = []
            return Considered(0, [], False)
        self.server = self._checked(answer, answer.head)
        old = self._old_mirror()
        self._vanished, self._both = self._vanished_of(old, self.server), None
        self._wanted = self._to_fetch(old, self.server)
        return Considered(self.server.head.version, self._wanted, self._is_quiet(self.server))

    def _believe_month(self, answer: Answer) -> None:
        enrolled = self.enrolled
        signed = said.month(enrolled.account, self._nonce, answer.month)
        if not sodium.is_signed(signed, answer.signature, enrolled.receipt_key):
            raise errors.ServerReceiptWrong
        self.month = answer.month
        moment = self.hands.moment()
        if not moment.sure and abs(moment.now - answer.month) <= 1:
            # the only thing that the server's month is good for (section 6.5)
            self.hands.confirm_clock()
            moment = self.hands.moment()
        if not moment.sure:
            raise errors.ClockUnsure(moment.months_ahead)
        # a server that hurries ahead can't say that shares, or notes, are past
        self.month = min(answer.month, moment.now + 1)

    def _checked(self, answer: Answer, raw: bytes) -> Mirror:
        enrolled, remembered = self.enrolled, self.remembered
        known = trust.known_of(enrolled)
        head = trust.check_head(known, raw)
        if remembered is not None and remembered.raw == raw and not answer.pages:
            trust.check_shares(remembered.marks, *self.shares, self.month)
            return remembered
        count = synchead.pages_of(head.pool)
        came = dict(answer.pages)
        here = self._had.boxes if self._had is not None and len(self._had.boxes) == count else ()
        if set(came) - set(range(count)) or any(number not in came and number >= len(here) for number in range(count)):
            raise errors.ServerTampered
        boxes = [came[number] if number in came else here[number] for number in range(count)]
        found = mirrors.opened(mirrors.cached(raw, boxes), known)
        trust.check_shares(found.marks, *self.shares, self.month)
        if is_away(found.devices, enrolled.index, self.hands.moment().now):
            raise errors.DeviceAway
        return found

    def _vanished_of(self, old: Mirror | None, new: Mirror) -> frozenset[int]:
        """What a vault made with the recovery paper took from a head and no longer is in a later one: gone.

        Others do not wait for such a device before its first head, so no tomb may tell it. Raises DeviceAway if what it
        took can't be told any more.
        """
        enrolled = self.enrolled
        own = next((each for each in new.devices if each.index == enrolled.index), None)
        took = enrolled.head != synchead.NO_HASH
        if own is None or own.name != PAPER or not took or new.head.version == enrolled.version:
            return frozenset()
        if old is None or synchead.head_hash(old.raw) != enrolled.head:
            raise errors.DeviceAway
        return frozenset(old.half.live.keys() - new.half.live.keys())

    def _old_mirror(self) -> Mirror | None:
        """What this device had, opened; for comparing only, so what does not open counts as not there."""
        if self.remembered is not None or self._had is None:
            return self.remembered
        if self.server is not None and self._had.raw == self.server.raw:
            return self.server
        try:
            return mirrors.opened(self._had, trust.known_of(self.enrolled), had=True)
        except errors.VaultError:
            return None

    def _to_fetch(self, old: Mirror | None, new: Mirror) -> list[int]:
        wanted: set[int]
        if old is new:
            wanted = set()
        elif old is not None and old.head.generation == new.head.generation and old.head.pool == new.head.pool:
            wanted = set(rewritten(old.ledger, new.ledger))
        else:
            wanted = set(range(new.head.pool))
        # what is not here although it was not rewritten since: a session that ended between fetching and merging
        if self.settled == self.hands.state.head_hash and old is new:
            return []
        lacking = self.both().live.keys() - self.hands.state.ledger.by_id().keys()
        if lacking:
            places = new.ledger.by_id()
            for identity in lacking:
                wanted.update(new.chain(places[identity]))
        return sorted(wanted)

    def _is_quiet(self, server: Mirror) -> bool:
        state, enrolled = self.hands.state, self.enrolled
        if self.shaped or self.change != NO_CHANGE or synchead.head_hash(server.raw) != enrolled.head:
            return False
        if self._wanted or any(enrolled.next_receive) or enrolled.synced != self.hands.moment().now:
            return False
        if self.settled == state.head_hash:
            return True
        if state.ledger.tombs() or server.half.tombs or state.ledger.by_id().keys() != server.half.live.keys():
            return False
        return common_hash(common_of(state.settings, state.settings.origin)) == enrolled.common

    def both(self) -> Half:
        """Both sides in one: what this vault holds, and what the server holds and is not due (section 2.2)."""
        if self._both is None or self._both_at != self.hands.state.head_hash:
            # reckoned anew after every commit: what was written meanwhile must not count as gone
            self._both_at = self.hands.state.head_hash
            self.mine = mine = half_of(self.hands.state.ledger)
            if self._vanished:
                mine = mine._replace(live={at: each for at, each in mine.live.items() if at not in self._vanished})
            theirs = Half({}, {})
            if self.server is not None:
                # a share that has ended opens nothing any more, also where the clock here is a little behind
                theirs = without_due(self.server.half, self.month)
                # what the server had from this device and has no more, every device knows
                pushed = {tomb.id for tomb in self.hands.state.ledger.tombs() if tomb.pushed} - theirs.tombs.keys()
                if pushed:
                    mine = mine._replace(tombs={at: tomb for at, tomb in mine.tombs.items() if at not in pushed})
            self._both = without_due(merge(mine, theirs), self.hands.moment().now)
        return self._both

    def gone(self) -> list[tuple[bytes, bytes]]:
        """Devices (by id) that this one took out, with the notice for each: the server is to let them in no more."""
        server = self.server
        if server is None:
            return []
        own = self.device_id
        out = [each for each in server.devices if each.state != ACTIVE and each.remover == own]
        ids = [synchead.device_id(each.key) for each in out]
        return [(device, trust.encode_notice(server.devices, device)) for device in ids]

    # -- merge, seal, confirm

    def merge(self, boxes: Sequence[bytes]) -> None:
        """Takes in what came, in one commit. Raises ServerTampered: then nothing was written."""
        from vault.service.pulling import pull

        pull(self, dict(zip(self._wanted, boxes, strict=True)))

    def seal(self) -> Sealed:
        """What is to be sent, and the receive key that it brings in, durably."""
        from vault.service.pushing import push

        self.pushed = push(self)
        return self.pushed.sealed

    def confirm(self, month: int, signature: bytes) -> None:
        """The server says that it holds what was sent: the old receive key is destroyed. Raises ServerReceiptWrong."""
        from vault.service.pushing import confirm

        confirm(self, self.pushed, month, signature)

    def removed(self, notice: bytes) -> None:
        """See vault.service.syncing.Syncing.removed: always raises."""
        self.hands.removed(notice)
