"""What a coach does with sticks, backups and computers, and what happens to them; and what the model says of it. See
places_notes for what these return."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.support.places_model import Life, Stick
from tests.support.places_notes import AtTheVault
from tests.support.places_world import DISKS, MOUNTS, flip
from tests.support.vaults import Snapshot
from vault import errors, limits
from vault.crypto import aead
from vault.service.backup import NAME, back_up_unattended
from vault.service.views import handle_of
from vault.store.names import DATABASE

STICKS = 4


class AtThePlaces(AtTheVault):
    """Sticks, backups, damage, older copies."""

    image: tuple[Snapshot, Life] | None = None
    """The whole computer, anchor included, as it was once."""

    # -- sticks that come and go

    def free_mounts(self) -> list[str]:
        return [each for each in MOUNTS if each not in {stick.folder for stick in self.sticks}]

    def add_stick(self) -> str:
        if len(self.sticks) >= STICKS or not self.free_mounts():
            return ""
        made = Stick({}, 0, "", 0, identity=next(self.uids), folder=self.chance.choice(self.free_mounts()))
        self.life.expire(self.month)
        self.life.begin(self.lineages)
        self.vault.add_place(str(self.path(made)))
        self.sticks.append(made)
        self.follows(made)
        return f"add stick {made.identity} as {made.folder}"

    def follows(self, stick: Stick) -> None:
        """It was brought up to date, and this is what the vault and the model know then."""
        self.life.put_on(stick, next(self.ticks))
        stick.rotten = False
        self.life.confirmed(stick)
        if self.one_in(2):
            self.check_stick(stick)

    def refresh_one(self) -> str:
        if self.free_mounts() and self.one_in(12):
            self.life.expire(self.month)
            with pytest.raises(errors.PlaceMissing):
                self.vault.refresh_place(str(self.folder / self.free_mounts()[0]))
            return "refresh: nothing is plugged in"
        return self.refresh(self.chance.choice(self.plugged)) if self.plugged else ""

    def refresh(self, stick: Stick) -> str:
        self.take_loot(stick)
        self.life.expire(self.month)
        why = self.life.refuses(stick)
        return self._brought_up(stick, why, lambda: self.vault.refresh_place(str(self.path(stick))))

    def take_in_stick(self) -> str:
        """Adding one that is a stick already: known, forgotten, or of another life."""
        unknown = [each for each in self.plugged if self.life.listed(each) is None]
        if not self.plugged or len(self.life.places) >= limits.PLACES or (not unknown and self.one_in(2)):
            return ""
        stick = self.chance.choice(unknown or self.plugged)
        self.life.expire(self.month)
        why = self.life.refuses_to_add(stick)
        if why is not errors.PlaceExists:
            self.life.begin(self.lineages)
        return "add: " + self._brought_up(stick, why, lambda: self.vault.add_place(str(self.path(stick))))

    def _brought_up(self, stick: Stick, why: type[errors.VaultError] | None, does: Callable[[], object]) -> str:
        name = f"refresh stick {stick.identity}"
        if why is not None:
            before = self.files_of(stick)
            with pytest.raises(why):
                does()
            assert self.files_of(stick) == before, "a stick that was refused was written"
            return f"{name} refused: {why.__name__}"
        if stick.rotten and stick.pool == self.life.pool:
            with pytest.raises(errors.PlaceDamaged):
                does()
            return f"{name}: damaged, {self.half_done(stick)}"
        does()
        self.follows(stick)
        return name

    def half_done(self, stick: Stick) -> str:
        """A page of it can't be read: it has the new or the old, and the vault counts on neither."""
        # a commit, so that the next refresh is one of a later version, as after one that succeeds
        self.vault.set_idle_minutes(self.vault.idle_minutes)
        new = stick.copy()
        self.life.put_on(new, next(self.ticks))
        new.lost |= frozenset(part for part in stick.lost if part[0] in new.texts)
        new.told = False
        for each, told in ((new, "it has the new"), (stick, "it has the old")):
            try:
                self.check_stick(each)
            except (AssertionError, errors.WrongSecret):
                continue
            self.sticks[self.sticks.index(stick)] = each
            return told
        raise AssertionError("neither the old nor the new")

    def files_of(self, stick: Stick) -> dict[str, bytes]:
        return {str(each): each.read_bytes() for each in self.path(stick).rglob("*") if each.is_file()}

    def unplug(self) -> str:
        if not self.plugged:
            return ""
        return self.into_the_drawer(self.chance.choice(self.plugged))

    def into_the_drawer(self, stick: Stick) -> str:
        old, stick.folder = self.path(stick), ""
        old.rename(self.path(stick))
        return f"unplug stick {stick.identity}"

    def plug(self) -> str:
        away, free = [each for each in self.sticks if not each.folder], self.free_mounts()
        if not away or not free:
            return ""
        stick = self.chance.choice(away)
        old, stick.folder = self.path(stick), self.chance.choice(free)
        old.rename(self.path(stick))
        return f"plug stick {stick.identity} in as {stick.folder}"

    def forget(self) -> str:
        """A stick is lost; somebody may find it again."""
        if not self.life.places:
            return ""
        at = self.chance.randrange(len(self.life.places))
        self.vault.forget_place(self.vault.places()[at].name)
        gone = self.life.places.pop(at)
        for stick in self.plugged:
            if stick.identity == gone.identity and not self.one_in(3):
                self.into_the_drawer(stick)
        return f"stick {gone.identity} is lost"

    def remove(self) -> str:
        if not self.plugged:
            return ""
        stick = self.chance.choice(self.plugged)
        path = self.path(stick)
        if self.life.listed(stick) is None:
            with pytest.raises(errors.PlaceUnknown):
                self.vault.remove_place(str(path))
            self.check_stick(stick)
            return f"remove stick {stick.identity} refused"
        self.vault.remove_place(str(path))
        assert not path.exists()
        self.life.places = [each for each in self.life.places if each.identity != stick.identity]
        self.life.stick_confirmed(stick.identity)
        self.sticks.remove(stick)
        self.copies = [each for each in self.copies if each[0].identity != stick.identity]
        return f"remove stick {stick.identity}"

    # -- older copies

    def take_loot(self, stick: Stick | None = None) -> None:
        """Somebody copies a database now and then."""
        if stick is not None and self.one_in(2):
            self.loot.take(str(stick.identity), self.path(stick) / DATABASE, self.vault._state, stick.tick)
        elif stick is None and self.one_in(4):
            self.loot.take(self.here.place.folder.name, self.here.place.db, self.vault._state)
        elif stick is None and self.one_in(10):
            self.image = (self.here.place.snapshot(), self.life.copy())

    def copy_stick(self) -> str:
        if not self.sticks:
            return ""
        stick = self.chance.choice(self.sticks)
        folder = self.folder / "copies" / str(next(self.uids))
        shutil.copytree(self.path(stick), folder)
        self.copies.append((stick.copy(), folder))
        return f"copy stick {stick.identity}"

    def put_copy_back(self) -> str:
        """A stick with its anchor, as it was: nothing can tell, until it is refreshed."""
        if not self.copies:
            return ""
        kept, folder = self.chance.choice(self.copies)
        at = next(at for at, each in enumerate(self.sticks) if each.identity == kept.identity)
        old, new = self.sticks[at], kept.copy()
        new.folder, new.told = old.folder, old.told and old.tick == kept.tick
        shutil.rmtree(self.path(old))
        shutil.copytree(folder, self.path(new))
        self.sticks[at] = new
        return f"the copy of stick {new.identity} is put back"

    @contextmanager
    def older(self, database: Path, owner: str, tick: int = -1) -> Iterator[bool]:
        """An older database, not of this refresh, in the place of the one that is there; False if there is none."""
        raw, found = database.read_bytes(), self.loot.images.get(owner, {})
        images = [each for each, taken in found.items() if each != raw and taken != tick]
        if images:
            database.write_bytes(self.chance.choice(images))
        yield bool(images)
        database.write_bytes(raw)

    def put_database_back(self) -> str:
        place = self.here.place
        self.vault.close()
        with self.older(place.db, place.folder.name) as there:
            if there:
                with pytest.raises(errors.VaultDamaged):
                    place.open(self.code)
        self.reopen()
        return "an older vault.db is refused" if there else ""

    def put_database_of_stick_back(self) -> str:
        if not self.plugged:
            return ""
        stick = self.chance.choice(self.plugged)
        with self.older(self.path(stick) / DATABASE, str(stick.identity), stick.tick) as there:
            if there:
                self.life.expire(self.month)
                with pytest.raises(errors.PlaceDamaged):
                    self.vault.refresh_place(str(self.path(stick)))
                with pytest.raises(errors.PlaceDamaged), self.looking(stick):
                    pass
        return f"an older vault.db on stick {stick.identity} is refused" if there else ""

    def put_computer_back(self) -> str:
        """Vault and anchor as they were: only a stick that was refreshed since can tell (section 3.2)."""
        if self.image is None:
            return ""
        self.vault.close()
        files, life, told = *self.image, []
        forward = self.here.place.snapshot()
        self.here.place.restore(files)
        with self.here.place.open(self.code) as vault:
            for stick in self.plugged:
                if life.lineage == stick.lineage:
                    # versions count commits: unlocking and refreshing make two at most
                    ahead = stick.changes > life.changes + 2
                else:
                    ahead = stick.lineage not in dict(life.ancestors)
                if ahead:
                    before = self.files_of(stick)
                    with pytest.raises(errors.PlaceAhead):
                        vault.refresh_place(str(self.path(stick)))
                    assert self.files_of(stick) == before, "a stick that was refused was written"
                    told.append(stick.identity)
        self.here.place.restore(forward)
        self.reopen()
        return f"the computer of before is put back, and sticks {told} tell"

    # -- backups

    def back_up(self) -> str:
        disk = self.folder / self.chance.choice(DISKS)
        there = disk / NAME in [each / NAME for each in self.backups]
        if there and self.one_in(2):
            kept = self.folder / f"{disk.name}-{next(self.uids)}"
            kept.mkdir()
            shutil.copy(disk / NAME, kept)
            self.backups[kept] = set(self.backups[disk])
        nightly = there and self.one_in(3)
        if nightly:
            self.vault.allow_unattended_backups()
            self.vault.close()
            back_up_unattended(self.here.place.paths, str(disk))
        else:
            self.vault.back_up(str(disk))
        lost = {(self.life.house, *part) for part in self.life.lost}
        # what can't be read any more stays in the backup that has it
        self.backups[disk] = self.life.boxes() | (self.backups.get(disk, set()) & lost)
        if nightly:
            self.reopen()
        return f"back up to {disk.name}{' by night' if nightly else ''}"

    def mend(self, disks: list[Path]) -> str:
        life, given = self.life, [self.backups[each] for each in disks]
        _notes, _due, damaged, mended, boxes = self.expected(life, given)
        found = self.vault.mend([str(each) for each in disks])
        assert (found.damaged, found.mended, len(found.boxes)) == (damaged, mended, boxes), "mended"
        life.lost -= life.found_in(given)
        return f"mended {mended}, {damaged} left"

    def live_with_damage(self) -> str:
        """What a restore could not give back is kept on, backed up and put on sticks with the rest; and is mended when
        a backup turns up that has it."""
        if not self.life.lost:
            return ""
        told = [each() for each in self.chance.choices([self.keep_damaged, self.back_up, self.refresh_one], k=2)]
        told += [self.mend(self.some(list(self.backups))) for _ in range(not self.one_in(3))]
        return f"{sorted(text[:9] for text in self.life.broken)} damaged: " + "; ".join(filter(None, told))

    def keep_damaged(self) -> str:
        shown = self.life.shown(self.month)
        damaged = [handle for handle, note in shown.items() if note.text in self.life.broken]
        return self.keep(self.chance.choice(damaged)) if damaged else ""

    # -- damage

    def rot_in_the_vault(self) -> str:
        """A page of the disk can't be read. It is mended from backups; where they have nothing, the disk recovers."""
        if not self.life.shown(self.month):
            return ""
        db, handle = self.here.place.db, self.any_handle()
        beside = self.slots_beside(db, self.slot_of(handle), self.life.pool)
        parts = self.parts_on(self.vault._state, self.life, beside)
        if parts is None:
            return ""
        at = self.page_of(db, min(beside)) + self.chance.randrange(100, 4000)
        self.vault.close()
        flip(db, at)
        before, self.life.lost = self.life.lost, self.life.lost | parts
        self.reopen()
        self.check()
        told = [self.back_up() for _ in range(self.one_in(2))]
        told += [self.refresh(self.chance.choice(self.plugged)) for _ in range(bool(self.plugged) and self.one_in(2))]
        told.append(self.mend(self.some(list(self.backups))))
        if parts & self.life.lost and parts <= self.life.lost | before:
            self.vault.close()
            flip(db, at)
            self.life.lost = before & self.life.lost
            self.reopen()
            told.append("the disk recovers")
        return f"{sorted(text[:9] for text, _ in parts)} can't be read; " + "; ".join(told)

    def spoil_on_a_stick(self) -> str:
        """A box of a stick is noise now: the next refresh writes it once more."""
        found = self.on_a_stick()
        if found is None:
            return ""
        stick, slot = found
        with self.looking(stick) as state:
            parts = self.parts_on(state, stick, {slot})
        assert parts is not None
        with self.database(self.path(stick) / DATABASE) as connection:
            connection.execute("UPDATE slot SET box=? WHERE n=?", (aead.noise(limits.SLOT_BOX), slot))
        stick.lost |= parts
        return f"{sorted(text[:9] for text, _ in parts)} spoiled on stick {stick.identity}"

    def rot_on_a_stick(self) -> str:
        """A page of a stick can't be read, and not be written any more."""
        found = self.on_a_stick()
        if found is None:
            return ""
        stick, slot = found
        db = self.path(stick) / DATABASE
        beside = self.slots_beside(db, slot, stick.pool)
        with self.looking(stick) as state:
            parts = self.parts_on(state, stick, beside)
        assert parts is not None
        flip(db, self.page_of(db, slot) + self.chance.randrange(100, 4000))
        stick.lost |= parts
        stick.rotten = True
        return f"{sorted(text[:9] for text, _ in parts)} can't be read on stick {stick.identity}"

    def on_a_stick(self) -> tuple[Stick, int] | None:
        """A stick that is not rotten, and a slot of one of its notes."""
        sound = [each for each in self.sticks if each.notes and not each.rotten]
        if not sound:
            return None
        stick = self.chance.choice(sound)
        with self.looking(stick) as state:
            wanted = self.chance.choice(list(stick.notes))
            first = next(at for at in state.ledger.firsts() if handle_of(state, at) == wanted)
            return stick, self.chance.choice(state.ledger.chain(first))
