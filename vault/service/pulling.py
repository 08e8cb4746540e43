"""Taking in what the server has: one local commit (docs/spec/sync-protocol.md sections 2.2 and 6.1, *merge*)."""

from collections.abc import Iterator, Mapping
from itertools import chain
from typing import NamedTuple

from vault import common as common_format
from vault import errors, trust
from vault.crypto import aead, wire
from vault.formats import note as note_format
from vault.formats import settings as settings_format
from vault.formats import synchead
from vault.formats.enrolled import Enrolled
from vault.formats.reader import FormatError
from vault.formats.settings import Settings
from vault.handles import COUNT, spell
from vault.ledger import DRAFT, EMPTY, FIRST, KEY_BYTES, NO_SLOT, Entry, Ledger
from vault.merge import Half, Version, rehandle, twins
from vault.placing import tomb_entry
from vault.service import mirror as mirrors
from vault.service import notes, open_receipts
from vault.service.change import Part, commit, new_epoch
from vault.service.mirror import Mirror
from vault.service.notes import Seats, below
from vault.service.session import Session
from vault.service.texts import fold


class Pulled(NamedTuple):
    """A version that came, with the slots that are drawn for it here."""

    version: Version
    slots: list[int]


def pull(session: Session, boxes: Mapping[int, bytes]) -> None:
    """Merges what the server has into the vault. Raises ServerTampered, StorageFailed: then nothing was written."""
    server = session.server
    if server is None:
        return
    _Pull(session, server, boxes).run()


class _Pull:
    def __init__(self, session: Session, server: Mirror, boxes: Mapping[int, bytes]) -> None:
        self._session, self._server, self._boxes = session, server, boxes
        self._state = session.hands.state
        self._both = session.both()
        self._places = server.ledger.by_id()

    def run(self) -> None:
        state, both = self._state, self._both
        came = self._came()
        given = rehandle(both, self._places.keys(), lambda: below(COUNT))
        live = dict(both.live)
        live.update({found: live[found]._replace(handle=handle) for found, handle in given.items()})
        self._session.hands.ensure_room(sum(came.values()) + len(both.tombs))
        # only now: the pool may have moved house
        first_of = state.ledger.by_id()
        gone = [first for found, first in first_of.items() if found not in live]
        changes = _Changes(state.ledger)
        dead = {slot for first in gone + self._drafts_of(gone, live) for slot in notes.chain(state, first)}
        for version in self._session.mine.live.values():
            if version.id in live and live[version.id] != version:
                first = first_of[version.id]
                changes.adjust(first, notes.chain(state, first), live[version.id])
        seats = Seats(state, max(len(came), 2))
        pulled = [Pulled(live[found], seats.take_slots(size)) for found, size in came.items()]
        for slot in dead:
            changes.put(slot, EMPTY)
        changes.tombs(both, list(dead), {slot for each in pulled for slot in each.slots})
        settings = self._settings()
        self._session.hands.forget_texts(gone)
        self._report(pulled, gone, given)
        self._commit(changes, pulled, dead, settings)
        mirrors.save(self._session.hands.folder, self._server.cached)
        self._session.remembered = self._server

    # -- what came

    def _came(self) -> dict[int, int]:
        """The versions that are new here, by id, each opened and found whole: how many slots they take."""
        here = self._state.ledger.by_id()
        came = [each for found, each in self._both.live.items() if found not in here]
        return {each.id: len(self._payloads(each)) for each in came}

    def _payloads(self, version: Version) -> list[bytes]:
        account, ledger = self._session.account, self._server.ledger
        share = share_of(self._session, version.expiry)
        payloads = []
        for slot in self._server.chain(self._places[version.id]):
            key = bytes(ledger.keys[KEY_BYTES * slot : KEY_BYTES * (slot + 1)])
            box = self._boxes.get(slot)
            try:
                if box is None:
                    raise aead.BoxRefused
                payloads.append(wire.open_slot(key, account, share, slot, box))
            except aead.BoxRefused:
                raise errors.ServerTampered from None
        try:
            note_format.text_bytes(payloads)
            note_format.tag_of(payloads[0])
        except FormatError:
            raise errors.ServerTampered from None
        return payloads

    def _sealed(self, pulled: list[Pulled]) -> Iterator[Part]:
        # opened once more, one by one while they are written: ten thousand of them never lie in memory together
        for version, slots in pulled:
            first = Entry(FIRST, version.expiry, NO_SLOT, version.handle, b"", version.id, version.parent)
            yield from notes.seal_payloads(self._state, self._payloads(version), first, slots)

    # -- what goes

    def _drafts_of(self, gone: list[int], live: Mapping[int, Version]) -> list[int]:
        """Drafts to notes that are shredded; those to a note that lives on in another version stay."""
        ledger = self._state.ledger
        left = {each.handle for each in live.values()}
        handles = {ledger.handles[first] for first in gone} - left
        return [slot for slot in ledger.firsts(DRAFT) if ledger.handles[slot] in handles]

    # -- settings

    def _settings(self) -> Settings:
        state, server, enrolled = self._state, self._server, self._session.enrolled
        mine, theirs = common_format.common_of(state.settings, state.settings.origin), server.common
        dead = {found for found, tomb in self._both.tombs.items() if tomb.shredded}
        common = common_format.merge_common(mine, theirs, enrolled.common, dead, fold)
        safety, known = state.settings.safety, self._known()
        receipts = open_receipts.devices_confirmed(safety.receipts, enrolled, known)
        settings = common_format.with_common(state.settings, common)
        settings = settings._replace(enrolled=known, safety=safety._replace(receipts=receipts))
        if not settings_format.has_room(settings):
            # each device was within its limits; together, and with what only this one keeps, it is too much
            raise errors.SettingsFull
        return settings

    def _known(self) -> Enrolled:
        server, enrolled, session = self._server, self._session.enrolled, self._session
        own = next(each for each in server.devices if each.index == enrolled.index)
        fresh = enrolled._replace(
            version=server.head.version,
            head=synchead.head_hash(server.raw),
            generation=server.head.generation,
            common=common_format.common_hash(server.common),
            server_month=session.month,
            written=own.version,
            devices=trust.known_devices(server.devices),
        )
        if server.introduced and any(enrolled.next_receive):
            # a head of ours was taken, and its confirmation did not reach us; later sessions may start from it again
            fresh = fresh._replace(receive=enrolled.next_receive, next_receive=bytes(32), prepared=0)
        return fresh

    # -- writing

    def _commit(self, changes: "_Changes", pulled: list[Pulled], dead: set[int], settings: Settings) -> None:
        state = self._state
        parts = [Part(slot, entry, noise() if slot in dead else None) for slot, entry in changes.entries.items()]
        if not parts and not pulled and settings == state.settings:
            return
        destroys = bool(dead) or _loses(state.settings, settings)
        epoch = new_epoch(state) if destroys else None
        commit(state, chain(self._sealed(pulled), parts), settings=settings, epoch=epoch)

    def _report(self, pulled: list[Pulled], gone: list[int], given: Mapping[int, int]) -> None:
        state, both = self._state, self._both
        ledger = state.ledger
        on_server = self._places.keys()
        shredded = {found for found, tomb in both.tombs.items() if tomb.shredded}
        destroyed = [first for first in gone if ledger.ids[first] in shredded]
        lost = tuple(
            spell(ledger.handles[first])
            for first in destroyed
            if ledger.ids[first] not in on_server and ledger.parents[first]
        )
        old = {each.id: each.handle for each in both.live.values()}
        here = ledger.by_id()
        renamed = tuple((spell(old[found]), spell(handle)) for found, handle in given.items() if found in here)
        groups = tuple(tuple(sorted(spell(given.get(each, old[each])) for each in group)) for group in twins(both))
        before = self._session.report
        self._session.report = before._replace(
            received=before.received + len(pulled),
            destroyed=before.destroyed + len(destroyed),
            lost_edits=before.lost_edits + lost,
            renamed=before.renamed + renamed,
            twins=groups,
        )


class _Changes:
    """Entries that change in the local ledger without a new box."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.entries: dict[int, Entry] = {}

    def put(self, slot: int, entry: Entry) -> None:
        if self._ledger.entry(slot) != entry:
            self.entries[slot] = entry
        else:
            self.entries.pop(slot, None)

    def adjust(self, first: int, chain: list[int], version: Version) -> None:
        """A note that stays: its parent may be forgotten, its handle another, its month earlier."""
        ledger = self._ledger
        for slot in chain:
            entry = ledger.entry(slot)._replace(expiry=version.expiry)
            if slot == first:
                entry = entry._replace(parent=version.parent, handle=version.handle)
            self.put(slot, entry)

    def tombs(self, both: Half, freed: list[int], taken: set[int]) -> None:
        """The tombs of `both` and no others; new ones go into slots that were freed, or are free and not taken."""
        present = {tomb.id: tomb for tomb in self._ledger.tombs()}
        for found, old in present.items():
            tomb = both.tombs.get(found)
            if tomb is None:
                self.put(old.slot, EMPTY)
            else:
                # as shredded it was not pushed yet if it was pushed as replaced
                pushed = old.pushed and old.shredded == tomb.shredded
                self.put(old.slot, tomb_entry(tomb, pushed=pushed))
        missing = [tomb for found, tomb in both.tombs.items() if found not in present]
        if missing:
            free = [slot for slot in self._ledger.free() if slot not in taken]
            places = freed + [free[at] for at in _drawn(len(free), max(len(missing) - len(freed), 0))]
            for tomb, slot in zip(missing, places, strict=False):
                self.entries[slot] = tomb_entry(tomb)


def _drawn(count: int, wanted: int) -> list[int]:
    numbers = list(range(count))
    for at in range(wanted):
        other = at + below(count - at)
        numbers[at], numbers[other] = numbers[other], numbers[at]
    return numbers[:wanted]


def noise() -> bytes:
    """What a freed slot holds."""
    from vault import limits

    return aead.noise(limits.SLOT_BOX)


def share_of(session: Session, month: int) -> bytes:
    """The server's share of a month. Raises ServerSharesChanged when it isn't there."""
    first, shares = session.shares
    if not 0 <= month - first < len(shares):
        raise errors.ServerSharesChanged
    return shares[month - first]


def _loses(old: Settings, new: Settings) -> bool:
    """Whether something goes that no older copy may tell: an engagement, an allowed word, a template, a key."""
    keys = {each.key for each in old.rights.engagements} - {each.key for each in new.rights.engagements}
    words = set(old.allowed) - set(new.allowed)
    templates = set(old.templates) - set(new.templates)
    one, other = old.enrolled, new.enrolled
    return bool(keys or words or templates) or (one is not None and other is not None and one.receive != other.receive)
