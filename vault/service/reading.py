"""The part of an open vault that finds and reads notes."""

from collections.abc import Collection, Iterator, Sequence
from operator import attrgetter

from vault import errors
from vault.expiry import is_due
from vault.handles import LETTERS, clean, number_of
from vault.service import notes
from vault.service.callbacks import Clock, Progress
from vault.service.preferences import Preferences
from vault.service.state import State
from vault.service.texts import Query, Texts
from vault.service.views import Found, Note, handle_of

PROGRESS_STEP = 64
"""So many notes are done between two reports of progress."""


class Reading(Preferences):
    """Reading leaves no trace. Base of vault.service.vault.Vault."""

    def __init__(self, state: State, clock: Clock) -> None:
        super().__init__(state, clock)
        self._texts: Texts | None = None

    def _firsts(self) -> list[int]:
        ledger, now = self._state.ledger, self.moment().now
        return [slot for slot in ledger.firsts() if not is_due(ledger.expiries[slot], now)]

    def handles(self) -> list[str]:
        """The handles of all notes shown, in no telling order."""
        return sorted(handle_of(self._state, slot) for slot in self._firsts())

    def _find(self, start: str) -> int:
        letters = clean(start)
        if len(letters) == LETTERS:
            return self._exact(letters)
        found = [slot for slot in self._firsts() if handle_of(self._state, slot).startswith(letters)]
        if not found:
            raise errors.NoteNotFound
        if len(found) > 1:
            raise errors.HandleAmbiguous
        return found[0]

    def _exact(self, handle: str) -> int:
        state = self._state
        first = state.ledger.find(number_of(handle))
        if first is None or is_due(state.ledger.expiries[first], self.moment().now):
            raise errors.NoteNotFound
        return first

    def resolve(self, starts: Sequence[str]) -> list[str]:
        """The whole handles. Raises NoteNotFound, HandleAmbiguous, HandleMalformed."""
        return [handle_of(self._state, self._find(start)) for start in starts]

    def _note(self, first: int, data: bytes, now: int) -> Note:
        return Note(handle_of(self._state, first), data, self._state.ledger.expiries[first] - now)

    def show(self, start: str) -> Note:
        """One note. Raises NoteNotFound, HandleAmbiguous, HandleMalformed."""
        first = self._find(start)
        known = self._texts.get(first) if self._texts is not None else None
        data = known[0] if known else notes.text_bytes(notes.payloads(self._state, first))
        note = self._note(first, data, self.moment().now)
        notes.decode(note.data)
        return note

    def months_left(self) -> dict[str, int]:
        """The months that each note has left at most, by its handle. Reads no note."""
        ledger, now = self._state.ledger, self.moment().now
        return {handle_of(self._state, slot): ledger.expiries[slot] - now for slot in self._firsts()}

    def notes(self) -> list[Note]:
        """All notes, ordered by handle: an order that says nothing. Raises as `find` does."""
        return self.find([])

    def find(
        self, words: Sequence[str], progress: Progress | None = None, among: Collection[str] | None = None
    ) -> list[Note]:
        """The notes that hold all these words, case and accents ignored, ordered by handle.

        `among` are handles: only these notes are looked at. Raises SlotTampered or DatabaseDamaged when one of them is
        damaged: for what must be complete, such as a client's copy. Looking goes on in `find_readable`.
        """
        return self._found(words, progress, among, None)

    def find_readable(
        self, words: Sequence[str], progress: Progress | None = None, among: Collection[str] | None = None
    ) -> Found:
        """As `find`, but a damaged note is counted and the others are found all the same."""
        damaged: list[int] = []
        found = self._found(words, progress, among, damaged)
        if self._texts is not None:
            self._texts.unreadable.update(damaged)
        return Found(found, len(damaged))

    def _found(
        self,
        words: Sequence[str],
        progress: Progress | None,
        among: Collection[str] | None,
        damaged: list[int] | None,
    ) -> list[Note]:
        query, now, firsts = Query(words), self.moment().now, self._firsts()
        if among is not None and len(among) < len(firsts):
            numbers, handles = set(map(number_of, among)), self._state.ledger.handles
            firsts = [first for first in firsts if handles[first] in numbers]
        found = []
        for done, (first, data) in enumerate(self._matching(query, firsts, damaged)):
            if progress and done % PROGRESS_STEP == 0:
                progress(done, len(firsts))
            if data is not None:
                found.append(self._note(first, data, now))
        return sorted(found, key=attrgetter("handle"))

    def _text(self, first: int) -> str:
        return notes.decode(notes.text_bytes(notes.payloads(self._state, first)))

    def _matching(
        self, query: Query, firsts: list[int], damaged: list[int] | None
    ) -> Iterator[tuple[int, bytes | None]]:
        """(first slot, text) of each note, the text None when the query does not match it."""
        texts = self._texts
        if texts is None:
            for first, data in notes.all_texts(self._state, firsts, damaged):
                yield first, data if query.matches(data) else None
            return
        unknown = []
        for first in firsts:
            if (known := texts.get(first)) is not None:
                yield first, known[0] if query.matches_sifted(*known) else None
            else:
                unknown.append(first)
        for first, data in notes.all_texts(self._state, unknown, damaged):
            yield first, data if query.matches_sifted(*texts.put(first, data)) else None

    def remember_texts(self, on: bool) -> None:
        """Whether texts once read stay in memory while the vault is open, so that finding again is instant."""
        self._texts = Texts() if on else None

    def read_ahead(self, most: int) -> int:
        """Reads so many notes that are not remembered yet; how many are left then. See `remember_texts`."""
        texts = self._texts
        if texts is None:
            return 0
        unread = [first for first in self._firsts() if texts.get(first) is None and first not in texts.unreadable]
        for first in unread[:most]:
            try:
                texts.put(first, notes.text_bytes(notes.payloads(self._state, first)))
            except notes.DAMAGE:
                texts.unreadable.add(first)
        return max(len(unread) - most, 0)

    def unreadable(self) -> int:
        """How many of the notes shown were found damaged so far, while texts are remembered. Reads no note."""
        ledger, now = self._state.ledger, self.moment().now
        # a copy: another thread may be at work
        known = list(self._texts.unreadable) if self._texts is not None else []
        return sum(not is_due(ledger.expiries[slot], now) for slot in known)
