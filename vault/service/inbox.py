"""Taking in what was jotted down while the vault was locked (docs/spec/places.md section 10).

Every taking in turns the inbox key in the very commit that holds the notes: a jot that opens is in no note yet, and one
that is does not open any more. What an interrupted taking in left is put right by the next look, from this alone.
"""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from itertools import chain
from typing import NamedTuple

from vault import errors, expiry, files, limits, sodium
from vault.crypto import aead
from vault.crypto.inbox import open_jot, seal_jot
from vault.expiry import Span
from vault.formats import jot as jot_format
from vault.formats import note as note_format
from vault.formats.jot import NEXT
from vault.formats.reader import FormatError
from vault.formats.settings import Settings
from vault.handles import spell
from vault.ledger import FIRST, TOMB
from vault.months import Period
from vault.service import inboxfolder, notes
from vault.service.callbacks import Progress
from vault.service.change import Part
from vault.service.headers import change_header
from vault.service.inboxfolder import InboxLock
from vault.service.notes import Seats
from vault.service.paths import Paths
from vault.service.state import State
from vault.service.syncing import Syncing
from vault.service.versions import Version

_BRIEFLY = 1.0
"""Seconds that counting waits for a jot that is being sealed."""


class Inbox(NamedTuple):
    """What the inbox holds: jots that wait, and what can't be read. `more`: not everything was looked at."""

    waiting: int = 0
    unreadable: int = 0
    more: bool = False


class Jot(NamedTuple):
    """A jot that waits: its name, which is random, and its text."""

    name: str
    text: str


class TakenIn(NamedTuple):
    """`handles`: of each jot that is a note now, by its name. `span`: how long they live. `left`: jots that wait."""

    handles: dict[str, str]
    span: Span
    left: int


class TakingIn(Syncing):
    """The part of an open vault that is about its inbox. Base of vault.service.vault.Vault."""

    inbox_at_open = Inbox()
    """What the inbox held when the vault was unlocked."""

    def _settle_inbox(self) -> None:
        """At the unlock: whoever jots can check the key, and what an interrupted taking in left is put right."""
        state = self._state
        # neither a full disk nor anything that others put there may keep a vault from opening
        self.inbox_at_open = self.inbox()
        with suppress(errors.StorageFailed):
            inboxfolder.remember_keys(self._paths, state.vault_id, [state.header.inbox])

    def inbox(self) -> Inbox:
        """What the inbox holds now; what it held at the unlock when it can't be looked at."""
        with suppress(errors.StorageFailed, errors.InboxBusy, errors.InboxStrange):
            if not inboxfolder.is_there(self._paths):
                return Inbox()
            with InboxLock(self._paths, _BRIEFLY):
                return _look(self._paths, self._state, limits.INBOX_LOOKED_AT).counts()
        return self.inbox_at_open

    def jots(self) -> list[Jot]:
        """The jots that wait, in no telling order; no more than limits.JOTS and limits.INBOX_BYTES at a time.

        Raises InboxBusy, InboxStrange.
        """
        if not inboxfolder.is_there(self._paths):
            return []
        with InboxLock(self._paths):
            return list(_first(self._paths, self._state, _look(self._paths, self._state)))

    def take_in(
        self,
        texts: Mapping[str, str],
        keep: Period | None = None,
        progress: Progress | None = None,
        *,
        discard: Collection[str] = (),
    ) -> TakenIn:
        """Makes notes of jots, in one step: `texts` are those to be sealed, by the name of the jot.

        Jots named in `discard` are destroyed, all others wait on. The inbox key turns, so that no remnant of what was
        taken in or destroyed opens any more. A jot that is not there any more is left out.

        Raises NoteEmpty, NoteTooLong, NoteNotText, PeriodTooShort, PeriodTooLong, ClockUnsure, InboxBusy, InboxStrange,
        ResidueLeft (done).
        """
        checked = {name: notes.checked(text) for name, text in texts.items()}
        period = keep or self.keep_default
        today = self._sure_today().today
        months = expiry.candidates(today, period)
        span = expiry.span(today, period)
        self._ensure_room(sum(note_format.slots_needed(len(text.encode())) for text in checked.values()), progress)
        with InboxLock(self._paths):
            taking = Taking(self._paths, self._state, checked, months)
            if not taking.begin(discard):
                return TakenIn({}, span, taking.left)
            taking.finish(progress)
        return TakenIn(taking.handles, span, taking.left)

    def discard_unreadable(self) -> int:
        """Removes what is in the inbox and opens under no key. How many that were. Raises InboxBusy, InboxStrange."""
        if not inboxfolder.is_there(self._paths):
            return 0
        with InboxLock(self._paths):
            found = _look(self._paths, self._state)
            for name in found.strange:
                inboxfolder.remove_anything(os.path.join(self._paths.inbox(), name))
            self._still(found)
            return len(found.strange)

    def _still(self, found: "_Found") -> None:
        folder = self._paths.inbox()
        files.still_itself(*(os.path.join(folder, name) for name in found.jots.values()), folder)


# -- looking


class _Found(NamedTuple):
    """`jots`: the name of each jot that waits, and the file in which it opens. `strange`: the files that open under no
    key. `more`: there are more names."""

    jots: dict[str, str]
    strange: list[str]
    more: bool

    def counts(self) -> Inbox:
        """The same in numbers."""
        return Inbox(len(self.jots), len(self.strange), self.more)


def _look(paths: Paths, state: State, most: int | None = None) -> _Found:
    """Opens every file in the inbox, of `most` names if given, and puts right what an interrupted taking in left.

    Called with the inbox's lock held. Raises StorageFailed: then nobody may conclude anything.
    """
    # refuses when nobody knows whether the last change happened, and so which key is in force
    state.store.read_lock()
    names = inboxfolder.names(paths, most)
    inboxfolder.clear_unfinished(paths, names)
    looking = _Looking(paths, state)
    room = limits.INBOX_BYTES
    more = most is not None and len(names) >= most - 1
    for name in sorted({jot for name in names if (jot := jot_format.jot_of(name))}):
        room -= looking.size(name)
        if most is not None and room < 0:
            more = True
            break
        looking.at(name)
    strange = [name for name in names if not jot_format.jot_of(name) and not jot_format.is_unfinished(name)]
    folder = paths.inbox()
    strange += [name for name in names if jot_format.is_unfinished(name) and files.is_there(os.path.join(folder, name))]
    files.still_itself(folder)
    return _Found(looking.jots, looking.strange + strange, more)


class _Looking:
    """Looks at one jot after another."""

    def __init__(self, paths: Paths, state: State) -> None:
        self.jots: dict[str, str] = {}
        self.strange: list[str] = []
        self._state = state
        self._folder = paths.inbox()
        self._ids: set[int] | None = None
        self._seen: set[int] = set()

    def size(self, name: str) -> int:
        """Bytes that looking at a name reads. Raises StorageFailed."""
        return sum(inboxfolder.size(os.path.join(self._folder, each)) for each in (name, name + NEXT))

    def at(self, name: str) -> None:
        """Which of the two files of this name counts."""
        mine = {each: opened for each in (name + NEXT, name) if (opened := self._open(each))}
        after, before = mine.get(name + NEXT), mine.get(name)
        if after and after.text == "":
            # thrown away, and killed before the files were gone
            if self._remove(name):
                self._remove(name + NEXT)
        elif after and after.text:
            # sealed to this key when it was still to come: what lies under the name itself is the same to the old one
            self.jots[name] = name if self._rename(name + NEXT, name) else name + NEXT
        elif before and before.text:
            # the key that the other was sealed to never came in force, or it is half of one
            if inboxfolder.is_file(os.path.join(self._folder, name + NEXT)):
                self._remove(name + NEXT)
            self._keep(name, before)
        else:
            self._judge(name, mine)
        self.strange += [
            each
            for each in (name, name + NEXT)
            if each not in mine and files.is_there(os.path.join(self._folder, each))
        ]

    def _keep(self, name: str, opened: "_Opened") -> None:
        if opened.id in self._seen:
            # somebody made a copy: it is one jot, and becomes one note
            self._remove(name)
            return
        self._seen.add(opened.id)
        self.jots[name] = name

    def _judge(self, name: str, mine: "dict[str, _Opened]") -> None:
        """Files that open under no key: what was taken in is in a note, or was; anything else is strange."""
        # killed between the two files of a jot that nobody was told of yet
        is_half = not files.is_there(os.path.join(self._folder, name))
        for each, opened in mine.items():
            if is_half or opened.id in self._known():
                self._remove(each)
            else:
                self.strange.append(each)

    def _known(self) -> set[int]:
        if self._ids is None:
            ledger = self._state.ledger
            self._ids = {ledger.ids[slot] for kind in (FIRST, TOMB) for slot in ledger.firsts(kind)}
        return self._ids

    def _open(self, name: str) -> "_Opened | None":
        data = inboxfolder.read(os.path.join(self._folder, name))
        return None if data is None else _Opened(jot_format.note_id(data), _text(self._state, data))

    def _remove(self, name: str) -> bool:
        try:
            files.remove(os.path.join(self._folder, name))
        except errors.StorageFailed:
            return False
        return True

    def _rename(self, name: str, to: str) -> bool:
        try:
            files.rename(os.path.join(self._folder, name), os.path.join(self._folder, to))
        except errors.StorageFailed:
            return False
        return True


class _Opened(NamedTuple):
    """A file of a jot's size: the id of its note, and its text; None when it does not open."""

    id: int
    text: str | None


def _text(state: State, data: bytes) -> str | None:
    try:
        opened = open_jot(state.settings.inbox, state.header.inbox, state.vault_id, data)
        text = jot_format.decode(opened)
    except (aead.BoxRefused, FormatError):
        return None
    # a note of nothing but blanks is none, whoever sealed it
    return text if text.strip() or not text else None


def _first(paths: Paths, state: State, found: _Found) -> Iterator[Jot]:
    """The jots that are taken in at a time."""
    room = limits.INBOX_BYTES
    for name, file in list(found.jots.items())[: limits.JOTS]:
        data = inboxfolder.read(os.path.join(paths.inbox(), file))
        text = _text(state, data) if data else None
        if data is None or not text:
            continue
        room -= len(data)
        if room < 0:
            return
        yield Jot(name, text)


# -- taking in


class Taking:
    """One taking in, with the inbox's lock held: `begin`, and if that says so `finish`."""

    def __init__(self, paths: Paths, state: State, texts: dict[str, str], months: list[int]) -> None:
        self._paths = paths
        self._state = state
        self._texts = texts
        self._months = months
        self._folder = paths.inbox()
        self._ids: dict[str, int] = {}
        self._public, self._secret = sodium.key_pair()
        self.handles: dict[str, str] = {}
        self.left = 0

    def begin(self, discard: Collection[str] | None) -> bool:
        """Makes all that waits ready for the new key; `discard` None: all of it is destroyed.

        False when there is nothing to be done. Raises StorageFailed.
        """
        found = _look(self._paths, self._state)
        gone = {name for name in found.jots if discard is None or name in discard}
        self._texts = {name: text for name, text in self._texts.items() if name in found.jots and name not in gone}
        self._ids = {name: self._id(found.jots[name]) for name in self._texts}
        self.left = len(found.jots) - len(gone) - len(self._texts)
        if not gone and not self._texts:
            return False
        # both are right while nobody knows which is in force
        state = self._state
        inboxfolder.remember_keys(self._paths, state.vault_id, [state.header.inbox, self._public])
        for name, file in found.jots.items():
            if name not in self._texts:
                self._prepare(name, file, thrown_away=name in gone)
        files.sync_folder(self._folder)
        return True

    def _id(self, file: str) -> int:
        data = inboxfolder.read(os.path.join(self._folder, file))
        if data is None:
            raise errors.StorageFailed
        return jot_format.note_id(data)

    def _prepare(self, name: str, file: str, *, thrown_away: bool) -> None:
        """Seals a jot to the new key, beside itself."""
        data = inboxfolder.read(os.path.join(self._folder, file))
        text = _text(self._state, data) if data else None
        if not text or file != name:
            # it opened a moment ago, so the disk does not do what it is asked
            raise errors.StorageFailed
        plaintext = jot_format.encode(b"" if thrown_away else text.encode())
        path = os.path.join(self._folder, name + NEXT)
        if files.is_there(path):
            inboxfolder.remove_anything(path)
        files.write_new(path, seal_jot(self._public, self._state.vault_id, plaintext))

    def finish(
        self, progress: Progress | None = None, settings: Settings | None = None, more: Iterable[Part] = ()
    ) -> None:
        """The one commit, of which `settings` and the parts in `more` can be part, and what follows from it.

        Raises StorageFailed (nothing changed, or the next unlock finds out), ResidueLeft (done).
        """
        state = self._state
        header = state.header._replace(inbox=self._public)
        settings = (settings or state.settings)._replace(inbox=self._secret)
        try:
            change_header(self._paths, state, header, settings, chain(self._parts(progress), more))
        except errors.ResidueLeft:
            # done all the same; the header may lie where it did, so both keys stay known
            self._end()
            raise
        self._end()
        with suppress(errors.StorageFailed):
            inboxfolder.remember_keys(self._paths, state.vault_id, [state.header.inbox])

    def _parts(self, progress: Progress | None) -> Iterator[Part]:
        state = self._state
        seats = Seats(state, len(self._texts))
        for done, (name, text) in enumerate(self._texts.items()):
            if progress:
                progress(done, len(self._texts))
            handle = seats.take_handle()
            self.handles[name] = spell(handle)
            month = self._months[notes.below(len(self._months))]
            slots = seats.take_slots(note_format.slots_needed(len(text.encode())))
            yield from notes.seal_note(state, text, month, handle, slots, version=Version(self._ids[name]))

    def _end(self) -> None:
        """What was taken in goes, what was left takes its place: as after an interruption."""
        with suppress(errors.StorageFailed):
            _look(self._paths, self._state)
            files.sync_folder(self._folder)
            files.still_itself(self._folder)
