"""What a vault, its sticks and its backups should hold, by a model that knows sets and dictionaries, and nothing of
keys, slots, epochs, anchors or bytes (docs/spec/places.md).

A text is written once in a run, so a text names what was written. Of what is a fact of the disk (which part of a note
shares a page with which, which month was drawn) the model is told; everything that follows from it, it says itself.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from vault import errors, limits

Part = tuple[str, int]
"""A text, and which of its parts: what one slot holds."""
Box = tuple[int, str, int]
"""In which house (a pool before the next move of house) that part was sealed: a move seals every part anew."""
NOBODY = 0
"""The lineage of a vault that never had a place."""


class Note(NamedTuple):
    """What is known of a note. `version`: another one at each change; `client`: the alias that it was written for."""

    text: str
    expiry: int
    version: int
    client: str = ""

    @property
    def parts(self) -> list[Part]:
        """What its slots hold: 55 bytes go before the text, 1,911 fit a slot (vault section 4.2)."""
        return [(self.text, at) for at in range(-(-(55 + len(self.text.encode())) // 1911))]


@dataclass
class Books:
    """What a vault holds and its sticks hold too. `lost`: parts whose box opens no more."""

    notes: dict[str, Note]
    seen: int
    passphrase: str
    house: int
    pool: int = limits.POOL_LEAST
    key_file: str = ""
    clients: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    lineage: int = NOBODY
    ancestors: tuple[tuple[int, int], ...] = ()
    changes: int = 0
    lost: frozenset[Part] = frozenset()

    @property
    def texts(self) -> set[str]:
        return {note.text for note in self.notes.values()}

    @property
    def rows(self) -> set[tuple[str, str, int]]:
        """Handle, text and month of every note."""
        return {(handle, note.text, note.expiry) for handle, note in self.notes.items()}

    @property
    def digest(self) -> frozenset[tuple[int, int]]:
        """What two places with the same notes agree on."""
        return frozenset((note.version, note.expiry) for note in self.notes.values())

    @property
    def broken(self) -> set[str]:
        """The texts that can't be read."""
        return {text for text, _ in self.lost}

    def boxes(self) -> set[Box]:
        """The boxes that open."""
        parts = {part for note in self.notes.values() for part in note.parts}
        return {(self.house, *part) for part in parts - self.lost}

    def found_in(self, backups: Iterable[set[Box]]) -> frozenset[Part]:
        """The lost parts that these backups have."""
        return frozenset(part for part in self.lost if any((self.house, *part) in each for each in backups))

    def now(self, month: int) -> int:
        """The month that counts, when the clock shows this one."""
        return max(month, self.seen)

    def forget_lost(self) -> None:
        """What is gone is not lost."""
        texts = self.texts
        self.lost = frozenset(part for part in self.lost if part[0] in texts)


@dataclass
class Stick(Books):
    """A stick: what it got at its last refresh. `tick` tells which refresh of all, `by` of which computer's vault.

    `told`: whether that vault knows of it (not of a refresh that failed at its end, nor of an older copy that somebody
    put back). `rotten`: a page on its medium can't be read.
    """

    identity: int = 0
    folder: str = ""
    tick: int = 0
    by: int = 0
    told: bool = True
    rotten: bool = False

    def copy(self) -> "Stick":
        return replace(self, notes=dict(self.notes))

    def follows(self, other: "Stick") -> bool:
        """Whether it was refreshed no earlier than the other, in the same life of the vault or in a later one."""
        return other.tick <= (dict(self.ancestors) | {self.lineage: self.tick}).get(other.lineage, -1)


def newest(sticks: list[Stick]) -> Stick | None:
    """The stick to restore from; None when lives went apart."""
    return next((each for each in sticks if all(each.follows(other) for other in sticks)), None)


@dataclass
class Listed:
    """A place as the vault's settings know it. `held`: the texts that it got at its last refresh."""

    identity: int
    folder: str
    digest: frozenset[tuple[int, int]]
    held: frozenset[str]
    owes: bool = False


@dataclass
class Receipt:
    """A receipt that is out. `sticks`: whether each of them has yet to confirm."""

    asked: str
    notes: int
    month: int
    sticks: dict[int, bool]

    def facts(self, listed: set[int]) -> tuple[object, ...]:
        """As vault.service.rights.ReceiptState has it."""
        waits = sum(self.sticks.values())
        confirmed = {"device": 1} | ({"stick": len(self.sticks) - waits} if waits < len(self.sticks) else {})
        possible = all(stick in listed for stick, waiting in self.sticks.items() if waiting)
        waiting = {"stick": waits} if waits else {}
        return (self.notes, self.month, self.asked, confirmed, waiting, True, not waits, possible)


@dataclass
class Life(Books):
    """The vault of one computer."""

    uid: int = 0
    places: list[Listed] = field(default_factory=list)
    receipts: list[Receipt] = field(default_factory=list)
    jots: list[str] = field(default_factory=list)
    draft: tuple[str, int] | None = None
    once: set[str] = field(default_factory=set)
    """Every text that this vault ever had."""

    def copy(self) -> "Life":
        return replace(
            self,
            notes=dict(self.notes),
            places=[replace(each) for each in self.places],
            receipts=[replace(each, sticks=dict(each.sticks)) for each in self.receipts],
            jots=list(self.jots),
            once=set(self.once),
        )

    # -- time

    def sure(self, month: int) -> bool:
        return month - self.seen <= limits.JUMP_MONTHS

    def shown(self, month: int) -> dict[str, Note]:
        return {handle: note for handle, note in self.notes.items() if note.expiry >= self.now(month)}

    def expire(self, month: int) -> int:
        """What is due goes, unless the clock is in doubt. How many notes that were."""
        if not self.sure(month):
            return 0
        self.seen = self.now(month)
        due = [handle for handle, note in self.notes.items() if note.expiry < self.seen]
        if self.draft and self.draft[1] < self.seen:
            self.draft = None
        self.destroy(due)
        return len(due)

    # -- writing and destroying

    def write(self, handle: str, note: Note) -> None:
        """A new note, or a new version in the place of another: what that said is gone."""
        old = self.notes.get(handle)
        self.notes[handle] = note
        self.once.add(note.text)
        self.changes += 1
        if old and old.text != note.text:
            self.owe()

    def destroy(self, handles: Iterable[str]) -> None:
        gone = [self.notes.pop(handle) for handle in handles]
        if gone:
            self.owe()

    def owe(self) -> None:
        """Something is gone that every place may still hold."""
        self.changes += 1
        self.forget_lost()
        for each in self.places:
            each.owes = True

    def used(self) -> int:
        """Slots of notes and draft."""
        drafts = [Note(self.draft[0], 0, 0)] if self.draft else []
        return sum(len(note.parts) for note in (*self.notes.values(), *drafts))

    def fits(self, parts: int) -> bool:
        return self.pool - self.used() >= parts

    def grow(self, parts: int, houses: Iterator[int]) -> None:
        """The house is moved when it has no room for so many parts."""
        if not self.fits(parts):
            self.house = next(houses)
        while not self.fits(parts):
            self.pool *= 2

    # -- places

    def listed(self, stick: Stick) -> Listed | None:
        return next((each for each in self.places if each.identity == stick.identity), None)

    def is_later(self, stick: Stick) -> bool:
        """Whether the stick was refreshed before this vault came to what it is: in its own life or an ancestor's."""
        if stick.lineage == self.lineage:
            # whoever refreshed it in this life was this vault, and that was earlier
            return True
        return stick.tick <= dict(self.ancestors).get(stick.lineage, -1)

    def refuses(self, stick: Stick) -> type[errors.VaultError] | None:
        """Why it can't be refreshed (section 3.2, step 2)."""
        if self.listed(stick) is None and stick.lineage not in dict(self.ancestors):
            return errors.PlaceUnknown if self.is_later(stick) else errors.PlaceAhead
        return None if self.is_later(stick) else errors.PlaceAhead

    def refuses_to_add(self, stick: Stick) -> type[errors.VaultError] | None:
        """Why it can't be taken in."""
        if self.listed(stick) is not None:
            return errors.PlaceExists
        return None if self.is_later(stick) else errors.PlaceAhead

    def begin(self, lineages: Iterator[int]) -> None:
        self.lineage = self.lineage or next(lineages)

    def put_on(self, stick: Stick, tick: int) -> None:
        """A stick gets what the vault has. What it has whole stays whole; what the vault can't read, it doesn't get."""
        kept = {part for part in self.lost if stick.house == self.house and part[0] in stick.texts} - stick.lost
        for name in Books.__dataclass_fields__:
            setattr(stick, name, getattr(self, name))
        stick.notes = dict(self.notes)
        stick.lost = self.lost - kept
        stick.tick, stick.by = tick, self.uid

    def confirmed(self, stick: Stick) -> None:
        """The stick has it, and was read back: whoever waited for it waits no more."""
        fresh = Listed(stick.identity, stick.folder, self.digest, frozenset(self.texts))
        if self.listed(stick) is None:
            self.places.append(fresh)
        self.places = [fresh if each.identity == stick.identity else each for each in self.places]
        self.stick_confirmed(stick.identity)
        stick.told = True

    def stick_confirmed(self, identity: int) -> None:
        for each in self.receipts:
            if identity in each.sticks:
                each.sticks[identity] = False

    # -- receipts

    def open_receipts(self, month: int) -> list[Receipt]:
        return [each for each in self.receipts if self.now(month) - each.month < limits.RECEIPT_MONTHS]

    def receipt(self, asked: str, notes: int, month: int) -> None:
        """A receipt of what is destroyed now, for which every place waits."""
        if self.places:
            self.receipts = self.open_receipts(month)
            sticks = {each.identity: True for each in self.places}
            self.receipts.append(Receipt(asked, notes, self.now(month), sticks))


def restored(stick: Stick, uid: int, lineage: int, found: frozenset[Part]) -> Life:
    """The vault that comes of a stick, and of the parts that backups had for it (section 4)."""
    life = Life(**{name: getattr(stick, name) for name in Books.__dataclass_fields__}, uid=uid)
    life.notes = dict(stick.notes)
    life.lost = stick.lost - found
    life.once = set(stick.texts)
    life.ancestors = ((stick.lineage, stick.tick), *stick.ancestors)[: limits.ANCESTORS]
    life.lineage = lineage
    life.places = [Listed(stick.identity, stick.folder, stick.digest, frozenset(stick.texts))]
    return life
