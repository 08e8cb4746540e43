"""A coach's computers, sticks and disks with backups, in real files; beside each what the model says of it.

Everything is drawn from one seed: what the coach does, and what the vault draws by itself of months, handles and slots.
Keys, ids and nonces are the system's own, and nothing that happens hangs on them.
"""

import os
import random
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import count
from pathlib import Path
from unittest.mock import patch

import sqlcipher3

from tests.support.holder import Holder
from tests.support.places_loot import Loot
from tests.support.places_model import Books, Box, Life, Note, Part, Stick
from tests.support.vaults import DAY, PASSPHRASE, Place, expiry_of, slots_of
from vault import limits
from vault.crypto.derive import database_key
from vault.expiry import candidates, is_due
from vault.ledger import DRAFT, FREE
from vault.months import Period, first_day, month_of
from vault.service import AtHand, Vault, moving, notes
from vault.service.looking import look_at_place
from vault.service.state import State
from vault.service.views import handle_of

MEMORY = Path("/dev/shm")
PAGE = 4096
MOUNTS = ("usb-0", "usb-1", "usb-2")
DISKS = ("disk-0", "disk-1")
Frozen = dict[str, tuple[int, ...]]


@dataclass
class Computer:
    """A vault's folders, and what the model says is in them."""

    place: Place
    life: Life


class First:
    """Where this process plays, and what its runs begin with, since making a vault takes longer than most of them do:
    `bare`, a vault without notes, and `placed`, the same with a stick. What a vault knows of a stick holds the name of
    its folder, so every run is played in one and the same folder."""

    def __init__(self) -> None:
        self._kept = tempfile.TemporaryDirectory(prefix="places-", dir=MEMORY if MEMORY.is_dir() else None)
        self.bare, self.placed, self.world = (Path(self._kept.name, name) for name in ("bare", "placed", "world"))
        place = Place(self.world / "computer-0")
        with place.create() as vault:
            self.code = place.code
            shutil.copytree(self.world, self.bare)
            vault.add_place(str(self.world / MOUNTS[0]))
        self.world.rename(self.placed)

    def close(self) -> None:
        """Clears up."""
        self._kept.cleanup()
        first.cache_clear()


@cache
def first() -> First:
    """One for this process, until it is closed."""
    return First()


class World:
    """See above. `vault` is the open one of the computer `here`; `old` are computers that were lost."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self._drawn = random.Random(~seed)
        self.folder, self.code = first().world, first().code
        self.day = DAY
        self.log: list[str] = []
        self.texts, self.versions, self.houses, self.lineages, self.ticks, self.uids = (count(1) for _ in range(6))
        self.ids: dict[int, int] = {}
        """Version → the id that it has wherever it is."""
        self.claims: dict[str, bytes] = {}
        self.old: list[Computer] = []
        self.sticks: list[Stick] = []
        self.copies: list[tuple[Stick, Path]] = []
        self.backups: dict[Path, set[Box]] = {}
        self.loot = Loot()
        life = Life({}, month_of(DAY), PASSPHRASE, next(self.houses), uid=next(self.uids))
        placed = not self.one_in(4)
        shutil.copytree(first().placed if placed else first().bare, self.folder)
        self.here = Computer(Place(self.folder / "computer-0"), life)
        if placed:
            life.begin(self.lineages)
            stick = Stick({}, 0, "", 0, identity=next(self.uids), folder=MOUNTS[0])
            life.put_on(stick, next(self.ticks))
            life.confirmed(stick)
            self.sticks.append(stick)
        for name in (*DISKS, "out", "keys", "drawer", "copies"):
            (self.folder / name).mkdir()
        self.vault: Vault
        self.reopen(self.code)

    def new_place(self) -> Place:
        return Place(self.folder / f"computer-{len(self.old)}", self.day)

    def close(self) -> None:
        if hasattr(self, "vault"):
            self.vault.close()
        shutil.rmtree(self.folder)

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """The vault's own choices come from the seed too."""

        def below(count: int) -> int:
            return self._drawn.randrange(count)

        with patch.object(notes, "below", below), patch.object(moving, "below", below):
            yield

    # -- short for what is asked all the time

    @property
    def life(self) -> Life:
        return self.here.life

    @property
    def month(self) -> int:
        return month_of(self.day)

    @property
    def sure(self) -> bool:
        return self.life.sure(self.month)

    def one_in(self, number: int) -> bool:
        return self.chance.randrange(number) == 0

    def some(self, things: list[Path]) -> list[Path]:
        """Some of them, or none, in any order."""
        return self.chance.sample(things, self.chance.randint(0, len(things)))

    def path(self, stick: Stick) -> Path:
        """Where its files are now: plugged in, or in the drawer."""
        return self.folder / (stick.folder or f"drawer/{stick.identity}")

    @property
    def plugged(self) -> list[Stick]:
        return [each for each in self.sticks if each.folder]

    @property
    def static(self) -> bytes:
        return self.vault._state.static

    # -- opening

    def reopen(self, secret: str = "") -> None:
        """Locked and unlocked again."""
        if hasattr(self, "vault"):
            self.vault.close()
        place, life = self.here.place, self.life
        place.day, place.passphrase, place.person = self.day, life.passphrase, self.holder(life)
        self.vault = place.open(secret or life.passphrase)
        assert self.vault.expired_at_open == life.expire(self.month)

    def holder(self, books: Books) -> Holder:
        """Somebody who has the key file that these books ask for."""
        return Holder(books.key_file or None)

    def clock(self) -> date:
        return self.day

    def set_day(self, day_of_month: int, month: int) -> None:
        self.day = first_day(max(month, limits.RELEASE_MONTH - 12)).replace(day=day_of_month)
        for each in (self.here, *self.old):
            each.place.day = self.day

    @contextmanager
    def looking(self, stick: Stick, secret: str = "") -> Iterator[State]:
        """The stick, opened without writing."""
        with look_at_place(str(self.path(stick)), secret or self.code, None, AtHand(self.holder(stick))) as state:
            yield state

    # -- what was just written

    def wrote(self, handle: str, text: str, keep: Period, client: str = "") -> None:
        """A new note; its month was drawn among those that may be."""
        assert handle not in self.life.notes
        expiry = expiry_of(self.vault, handle)
        assert expiry in self.months(keep)
        self.life.write(handle, Note(text, expiry, next(self.versions), client))

    def months(self, keep: Period) -> list[int]:
        """The months that a note may get that is written today."""
        return candidates(self.day if self.month >= self.life.seen else first_day(self.life.seen), keep)

    # -- comparing

    def check(self) -> None:
        """The open vault is what the model says, as far as it tells without looking at other places."""
        life, vault = self.life, self.vault
        shown = life.shown(self.month)
        found = vault.find_readable([])
        now, broken = life.now(self.month), life.broken
        readable = {(handle, each.text, each.expiry - now) for handle, each in shown.items() if each.text not in broken}
        assert {(each.handle, each.text, each.months_left) for each in found.notes} == readable, "notes"
        assert found.unreadable == len(shown) - len(readable), "unreadable"
        assert vault.due() == len(life.notes) - len(shown), "due"
        draft = vault.draft()
        assert (draft and draft[0]) == (life.draft[0] if life.draft and life.draft[1] >= now else None), "draft"
        assert [each.alias for each in vault.engagements()] == sorted(life.clients), "engagements"
        assert vault.allowed_words() == sorted(life.words), "words"
        self._check_ledger(vault._state, life, life.used() - sum(len(note.parts) for note in life.notes.values()))
        self._check_places()
        told = [tuple(each) for each in vault.receipts()]
        listed = {each.identity for each in life.places}
        assert told == [each.facts(listed) for each in life.open_receipts(self.month)], "receipts"

    def _check_places(self) -> None:
        mounted = {str(self.path(each)) for each in self.sticks}
        told = [(each.folder, each.reachable, each.lacks, each.owes) for each in self.vault.places()]
        places = [
            (str(self.folder / each.folder), each.digest != self.life.digest, each.owes) for each in self.life.places
        ]
        assert told == [(folder, folder in mounted, lacks, owes) for folder, lacks, owes in places], "places"

    def check_stick(self, stick: Stick) -> None:
        """It holds exactly what it got at its last refresh, what is due and what it lost included, and opens with the
        secrets of then."""
        secret = self.code if self.one_in(2) else stick.passphrase
        with self.looking(stick, secret) as state:
            self.check_state(state, stick)

    def check_state(self, state: State, books: Stick) -> None:
        """What a stick's ledger says lives, and what of it opens."""
        ledger, damaged = state.ledger, list[int]()
        firsts = ledger.firsts()
        texts = {first: data.decode() for first, data in notes.all_texts(state, firsts, damaged)}
        rows = {(handle_of(state, at), text, ledger.expiries[at]) for at, text in texts.items()}
        assert rows == {row for row in books.rows if row[1] not in books.broken}, "the stick's notes"
        assert len(damaged) == len(books.broken), "what is damaged on the stick"
        assert state.settings.seen == books.seen
        assert not ledger.firsts(DRAFT)
        self._check_ledger(state, books, 0)

    def _check_ledger(self, state: State, books: Books, drafts: int) -> None:
        """No slot is used by anything else, and a version has one id wherever it is."""
        ledger = state.ledger
        parts = sum(len(note.parts) for note in books.notes.values())
        assert (ledger.pool, ledger.pool - ledger.kinds.count(FREE)) == (books.pool, parts + drafts), "slots"
        by_handle = {handle_of(state, at): ledger.ids[at] for at in ledger.firsts()}
        if books.lineage:
            for handle, note in books.notes.items():
                assert by_handle[handle], "a note without an id"
                assert self.ids.setdefault(note.version, by_handle[handle]) == by_handle[handle], "a version's id"
            assert len(set(by_handle.values())) == len(by_handle), "an id for two notes"

    def expected(self, books: Books, backups: list[set[Box]]) -> tuple[int, int, int, int, int]:
        """What `examine` says of these books with these backups: notes, due, damaged, mended, boxes taken."""
        found = books.found_in(backups)
        damaged = {text for text, _ in books.lost - found}
        mended = {text for text, _ in found} - damaged
        due = sum(is_due(note.expiry, books.now(self.month)) for note in books.notes.values())
        return len(books.notes), due, len(damaged), len(mended), len(found)

    # -- nothing was written

    def frozen(self, but: Path | None = None) -> Frozen:
        """Sizes and times of everything, but for what is below `but`."""
        found: Frozen = {}
        for parent, folders, names in os.walk(self.folder):
            folders[:] = [each for each in folders if Path(parent, each) != but]
            for name in names:
                status = os.stat(Path(parent, name))
                times = (status.st_atime_ns, status.st_mtime_ns, status.st_ctime_ns)
                found[str(Path(parent, name))] = (*times, status.st_ino, status.st_size, status.st_mode)
        return found

    # -- damage

    def parts_on(self, state: State, books: Books, slots: set[int]) -> frozenset[Part] | None:
        """What of these notes lies in these slots; None if anything else does."""
        found = set()
        for first in state.ledger.firsts():
            note = books.notes[handle_of(state, first)]
            found |= {part for part, slot in zip(note.parts, state.ledger.chain(first), strict=True) if slot in slots}
        used = sum(state.ledger.kinds[slot] != FREE for slot in slots)
        return frozenset(found) if used == len(found) else None

    def page_of(self, db: Path, slot: int) -> int:
        """Where the page with this slot begins in a database file."""
        size = db.stat().st_size
        if (size, slot) not in _PAGES:
            before = db.read_bytes()
            with tempfile.TemporaryDirectory(dir=self.folder) as folder:
                other = Path(shutil.copy(db, folder))
                with self.database(other) as connection:
                    connection.execute("UPDATE slot SET box=randomblob(?) WHERE n=?", (limits.SLOT_BOX, slot))
                after = other.read_bytes()
            # the first page has a counter of changes
            (at,) = (at for at in range(PAGE, size, PAGE) if before[at : at + PAGE] != after[at : at + PAGE])
            _PAGES[size, slot] = at
        return _PAGES[size, slot]

    def slots_beside(self, db: Path, slot: int, pool: int) -> set[int]:
        """The slots on the page of this one: two fill one."""
        page = self.page_of(db, slot)
        return {at for at in range(max(0, slot - 1), min(pool, slot + 2)) if self.page_of(db, at) == page}

    @contextmanager
    def database(self, db: Path) -> Iterator[sqlcipher3.Connection]:
        """A database past the program."""
        with closing(sqlcipher3.connect(db, isolation_level=None)) as connection:
            salt = db.read_bytes()[:16]
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f"PRAGMA key=\"x'{database_key(self.static, salt).hex()}{salt.hex()}'\"")
            yield connection

    def slot_of(self, handle: str) -> int:
        """One of the slots of a note."""
        return self.chance.choice(slots_of(self.vault, handle))


_PAGES: dict[tuple[int, int], int] = {}
"""Size of a database file and slot → where the page with that slot begins: rows never move (vault section 4.1)."""


def flip(path: Path, at: int) -> None:
    """One bit."""
    with path.open("r+b") as file:
        file.seek(at)
        (byte,) = file.read(1)
        file.seek(at)
        file.write(bytes([byte ^ 1]))
