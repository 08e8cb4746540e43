"""Computers that are lost, what is restored from sticks and backups then, and computers that come back. See
places_notes for what these return."""

from pathlib import Path

import pytest

from tests.support.places_model import Life, Stick, newest, restored
from tests.support.places_sticks import AtThePlaces
from tests.support.places_world import Computer
from vault import errors
from vault.service import AtHand
from vault.service.change import Part, commit
from vault.service.places import PlaceStatus
from vault.service.restoring import Opened, examine, open_backups, open_places, restore_vault


class Practice(AtThePlaces):
    """Everything that happens in a run."""

    def begin(self) -> None:
        """Some notes; mostly on a stick, and in a backup."""
        self.log += [self.add() for _ in range(self.chance.randint(2, 5))]
        if not self.sticks and self.one_in(2):
            self.log.append(self.as_of_old())
        self.log += [self.refresh(each) for each in self.sticks if not self.one_in(4)]
        self.log += [self.back_up() for _ in range(self.one_in(2))]
        self.check()

    def as_of_old(self) -> str:
        """The notes are from before there were ids (vault section 5.3)."""
        state = self.vault._state
        bare = [Part(at, state.ledger.entry(at)._replace(id=0), None) for at in state.ledger.firsts()]
        commit(state, bare)
        return "all notes are of old"

    def rehearse(self) -> str:
        """As a restore, and nothing is written anywhere, times included."""
        if not self.sticks:
            return ""
        given = self.chance.sample(self.sticks, self.chance.randint(1, len(self.sticks)))
        before = self.frozen()
        told = self._from(given, self.code, None)
        assert self.frozen() == before, "a rehearsal wrote something"
        return f"rehearse with {[each.identity for each in given]}: {told}"

    def lose_computer(self, given: list[Stick] | None = None) -> str:
        """The laptop is gone: a new one, and the newest of the sticks that are there, with backups of any age."""
        if not self.sticks:
            return ""
        said, lost = self.vault.places(), self.life
        told = [self.spoil_on_a_stick() for _ in range(self.one_in(3))]
        self.vault.close()
        self.old.append(self.here)
        self.image = None
        given = given or self.chance.sample(self.sticks, self.chance.randint(1, len(self.sticks)))
        secret = self.code if not self.one_in(4) else self.chance.choice(given).passphrase
        told.append(self._from(given, secret, (lost, said)))
        return f"the computer is lost; restore with {[each.identity for each in given]}: {'; '.join(told)}"

    def _from(self, given: list[Stick], secret: str, instead: "tuple[Life, list[PlaceStatus]] | None") -> str:
        """Restores, or only rehearses unless it is `instead` of a vault that was lost."""
        key_file = next((each.key_file for each in given if each.passphrase == secret), "")
        person = self.holder(Stick({}, 0, "", 0, key_file=key_file))
        opening = [each for each in given if secret == self.code or self.opens(each, secret, key_file)]
        wanted = newest(opening)
        if wanted is None:
            paths = [str(self.path(each)) for each in given]
            with pytest.raises(errors.PlacesDiffer), open_places(paths, secret, None, AtHand(person)):
                pass
            # lives went apart: the coach chooses
            wanted = self.chance.choice(opening)
            given = [wanted]
        disks = self.some(list(self.backups)) if self.one_in(2) else []
        backups = [self.backups[each] for each in disks]
        found = wanted.found_in(backups)
        paths = [str(self.path(each)) for each in given]
        with (
            open_places(paths, secret, None, AtHand(person)) as (opened, closed),
            open_backups(opened.state, [str(each) for each in disks]) as readers,
        ):
            assert opened.folder == str(self.path(wanted)), "not the newest"
            assert len(closed) == len(given) - len([each for each in given if each in opening])
            examined = examine(opened.state, readers, self.month)
            assert (*examined[:4], len(examined.boxes)) == self.expected(wanted, backups), "examined"
            assert not examined.registers
            self.check_state(opened.state, wanted)
            if instead is not None:
                self._restore(opened, examined.boxes, wanted, found)
        if instead is not None:
            self._judge(wanted, *instead)
            if not self.one_in(3):
                return f"from stick {wanted.identity}, {len(found)} parts from {len(disks)}; {self.follow_up(wanted)}"
        return f"from stick {wanted.identity}, {len(found)} parts from {len(disks)} backups"

    def opens(self, stick: Stick, secret: str, key_file: str) -> bool:
        return stick.passphrase == secret and stick.key_file in ("", key_file)

    def _restore(
        self, opened: Opened, boxes: dict[int, bytes], wanted: Stick, found: frozenset[tuple[str, int]]
    ) -> None:
        place = self.new_place()
        before = self.frozen()
        self.vault = restore_vault(place.paths, opened, boxes, clock=self.clock)
        after = self.frozen(but=place.folder)
        assert after == before, "restoring wrote where it only reads"
        life = restored(wanted, next(self.uids), next(self.lineages), found)
        if not wanted.folder:
            # a place is listed under the folder that it was read from
            life.places[0].folder = str(self.path(wanted).relative_to(self.folder))
        self.here = Computer(place, life)
        assert self.vault.expired_at_open == life.expire(self.month)

    def _judge(self, wanted: Stick, lost: Life, said: list[PlaceStatus]) -> None:
        """The rule, by what the lost vault itself said of this stick, and by what there is now."""
        texts = {each.text for each in self.vault.find_readable([]).notes}
        shown = {note.text for note in lost.shown(self.month).values()}
        revived = texts - lost.texts
        missing = shown - texts - self.life.broken
        for listed, status in zip(lost.places, said, strict=True):
            if listed.identity == wanted.identity and wanted.told and wanted.by == lost.uid:
                assert not revived or status.owes, "what was destroyed is back, and nobody said so"
                assert revived <= listed.held, "what was destroyed is back without being owed"
                assert not missing or status.lacks, "what was written is lost, and nobody said so"

    def follow_up(self, stick: Stick) -> str:
        """What the program does after a restore: so the stick belongs to the new life, and refuses the old vault."""
        if stick.folder or not self.free_mounts():
            return self.refresh(stick)
        old, stick.folder = self.path(stick), self.free_mounts()[0]
        old.rename(self.path(stick))
        return self.refresh(stick)

    def old_computer(self) -> str:
        """A computer that was lost comes back, goes on, and tries the sticks."""
        if not self.old:
            return ""
        self.vault.close()
        main, self.here = self.here, self.chance.choice(self.old)
        image, self.image = self.image, None
        self.reopen()
        does = self.chance.choices([self.add, self.edit, self.shred, self.refresh_one, self.take_in_stick], k=3)
        told = [each() for each in (*does, self.refresh_one)]
        self.check()
        self.vault.close()
        self.here, self.image = main, image
        self.reopen()
        return "the old computer: " + "; ".join(filter(None, told))

    # -- the end

    def end(self) -> None:
        """Every stick; a last loss; and what somebody reads who has every older file and the anchors of now."""
        last = newest(self.sticks)
        for stick in self.sticks:
            if stick is not last:
                self.check_stick(stick)
        if self.sticks and (not self.old or self.one_in(3)):
            self.log.append("at the end " + self.lose_computer(list(self.sticks)))
            self.check()
        elif last is not None:
            self.check_stick(last)
        for owner, anchors, texts in self._owners():
            read = self.loot.reads(owner, anchors)
            assert read <= texts, f"an older database of {owner} opens and holds what is gone"

    def _owners(self) -> "list[tuple[str, Path, set[str]]]":
        found = []
        for each in (self.here, *self.old):
            draft = {each.life.draft[0]} if each.life.draft else set()
            found.append((each.place.folder.name, each.place.state, each.life.texts | draft))
        return found + [(str(each.identity), self.path(each) / "anchor", each.texts) for each in self.sticks]
