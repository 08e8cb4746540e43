"""What a coach does with the vault itself, and what the model says of it. See places_world.

Each of these does one thing, or finds that it must be refused, and returns what was done for the log; or "" when there
was nothing to do it with.
"""

from pathlib import Path

import pytest

from tests.support.holder import Holder
from tests.support.places_model import Note, Receipt, Stick
from tests.support.places_world import World
from vault import errors, limits, receipt
from vault.ledger import DRAFT
from vault.months import Period
from vault.receipt import CLAIM, HAND
from vault.service.jotting import jot

KEEPS = [Period(2, "m"), Period(3, "m"), Period(90, "d"), Period(6, "m"), Period(1, "y")]
FILLS_HALF = 14_500
"""Repetitions of a text that takes more than half of the slots of a new vault."""


class AtTheVault(World):
    """Notes, drafts, jots, engagements, time, secrets, receipts."""

    def fresh_text(self, times: int = 0) -> str:
        return f"tekst {next(self.texts)}, en meer. " * (times or self.chance.choice([1, 1, 1, 1, 100, 250]))

    def any_handle(self) -> str:
        return self.chance.choice(list(self.life.shown(self.month)))

    def needs(self, parts: int, *, clock: bool = True) -> type[errors.VaultError] | None:
        """Why so many parts can't be written now; if they can, the model makes room for them."""
        if clock and not self.sure:
            return errors.ClockUnsure
        if not self.life.fits(parts) and self.life.lost:
            # the house is not moved with something in it that does not open
            return errors.SlotTampered
        self.life.grow(parts, self.houses)
        return None

    # -- notes

    def add(self, times: int = 0) -> str:
        text, keep = self.fresh_text(times), self.chance.choice(KEEPS)
        client = self.chance.choice(["", *self.life.clients])
        if why := self.needs(len(Note(text, 0, 0).parts)):
            with pytest.raises(why):
                self.vault.add(text, keep, engagement=client)
            return f"add refused: {why.__name__}"
        self.wrote(self.vault.add(text, keep, engagement=client).handle, text, keep, client)
        return f"add {text[:9]!r} for {keep}"

    def add_what_fills_the_house(self) -> str:
        if self.life.pool > limits.POOL_LEAST or not self.one_in(3):
            return ""
        return f"{self.add(FILLS_HALF)}, {self.add(FILLS_HALF)}, long ones"

    def edit(self) -> str:
        if not self.life.shown(self.month):
            return ""
        handle, text = self.any_handle(), self.fresh_text()
        old = self.life.notes[handle]
        why = self.needs(len(Note(text, 0, 0).parts), clock=False)
        if why or old.parts[0] in self.life.lost:
            with pytest.raises(errors.SlotTampered):
                self.vault.edit(handle, text)
            return "edit refused"
        assert self.vault.edit(handle, text) == handle
        self.life.write(handle, old._replace(text=text, version=next(self.versions)))
        return f"edit {old.text[:9]!r} to {text[:9]!r}"

    def keep(self, handle: str = "") -> str:
        if not self.life.shown(self.month):
            return ""
        handle = handle or self.any_handle()
        keep, longer = self.chance.choice(KEEPS), not self.one_in(4)
        old = self.life.notes[handle]
        why: type[errors.VaultError] | None = None if self.sure else errors.ClockUnsure
        if why is None and not longer and self.months(keep)[-1] > old.expiry:
            why = errors.KeepLonger
        if why is not None:
            with pytest.raises(why):
                self.vault.keep(handle, keep, longer=longer)
            return f"keep refused: {why.__name__}"
        self.vault.keep(handle, keep, longer=longer)
        left = self.vault.months_left()[handle] + self.life.now(self.month)
        assert left in self.months(keep)
        self.life.write(handle, old._replace(expiry=left, version=next(self.versions)))
        return f"keep {old.text[:9]!r} for {keep}"

    def shred(self) -> str:
        shown = list(self.life.shown(self.month))
        gone = self.chance.sample(shown, min(len(shown), self.chance.randint(1, 3)))
        assert self.vault.shred(gone) == len(gone)
        told = f"shred {[self.life.notes[each].text[:9] for each in gone]}"
        self.life.destroy(gone)
        return told if gone else ""

    def write_draft(self) -> str:
        if self.life.draft and self.one_in(2):
            self.vault.drop_draft()
            self.life.draft = None
            return "draft dropped"
        text = self.fresh_text()
        if why := self.needs(len(Note(text, 0, 0).parts), clock=False):
            with pytest.raises(why):
                self.vault.seal_draft(text)
            return "draft refused"
        self.vault.seal_draft(text)
        ledger = self.vault._state.ledger
        (first,) = ledger.firsts(DRAFT)
        self.life.draft = (text, ledger.expiries[first])
        return f"draft {text[:9]!r}"

    # -- jots

    def jot(self) -> str:
        text = self.fresh_text()
        self.life.jots.append(text)
        assert jot(self.here.place.paths, text) == len(self.life.jots)
        return f"jot {text[:9]!r}"

    def take_in(self) -> str:
        if not self.life.jots:
            return self.jot()
        names = {each.text: each.name for each in self.vault.jots()}
        assert sorted(names) == sorted(self.life.jots)
        keep = self.chance.choice(KEEPS)
        taken = [text for text in self.life.jots if not self.one_in(4)]
        thrown = [text for text in self.life.jots if text not in taken and self.one_in(2)]
        if not taken and not thrown:
            return ""
        texts, discard = {names[text]: text for text in taken}, [names[text] for text in thrown]
        if why := self.needs(sum(len(Note(text, 0, 0).parts) for text in taken)):
            with pytest.raises(why):
                self.vault.take_in(texts, keep, discard=discard)
            return f"take in refused: {why.__name__}"
        handles = self.vault.take_in(texts, keep, discard=discard).handles
        for text in taken:
            self.wrote(handles[names[text]], text, keep)
        self.life.jots = [text for text in self.life.jots if text not in taken + thrown]
        # the key of what was jotted is on the sticks too
        self.life.owe()
        return f"take in {[text[:9] for text in taken]}, throw away {[text[:9] for text in thrown]}"

    # -- clients

    def open_engagement(self) -> str:
        alias = f"client {len(self.claims)}"
        self.claims[alias] = self.vault.open_engagement(alias, strict=self.one_in(3))
        self.life.clients = (*self.life.clients, alias)
        self.life.changes += 1
        return f"open {alias}"

    def close_engagement(self) -> str:
        if not self.life.clients:
            return ""
        alias = self.chance.choice(self.life.clients)
        self.vault.close_engagement(alias)
        self.life.clients = tuple(each for each in self.life.clients if each != alias)
        self.life.owe()
        return f"close {alias}"

    def of_claim(self, alias: str) -> list[str]:
        """The handles of a client's notes, found by the claim code, whether the engagement is open or not."""
        shown = {handle: note for handle, note in self.life.shown(self.month).items() if note.client == alias}
        found = self.vault.notes_of(claim=self.vault.claim(self.claims[alias]))
        assert {each.handle: each.text for each in found} == {handle: note.text for handle, note in shown.items()}
        return list(shown)

    def claim(self) -> str:
        if not self.claims:
            return ""
        alias = self.chance.choice(list(self.claims))
        if any(note.text in self.life.broken for note in self.life.shown(self.month).values()):
            with pytest.raises(errors.SlotTampered):
                self.of_claim(alias)
            return "claim refused"
        return f"claim of {alias}: {len(self.of_claim(alias))}"

    # -- time

    def time_passes(self) -> str:
        months = self.chance.choice([0, 1, 1, 1, 2, 2, 2, 3, -1, -2])
        self.set_day(self.chance.randint(1, 28), self.month + months)
        return f"it is {self.day:%Y-%m-%d}"

    def expire(self) -> str:
        if self.sure:
            gone = self.vault.expire()
            assert gone == self.life.expire(self.month)
            return f"expire: {gone}"
        if self.one_in(3):
            assert self.vault.expire() == 0
            return "expire: in doubt"
        gone = self.vault.confirm_clock()
        self.life.seen = self.month
        assert gone == self.life.expire(self.month)
        # the confirmation holds until the vault is closed; here it ends at once, so that the model stays simple
        self.reopen()
        return f"the clock is right: {gone}"

    # -- secrets and words

    def lock(self) -> str:
        by_code = self.one_in(2)
        self.reopen(self.code if by_code else "")
        return f"unlock with the {'code' if by_code else 'passphrase'}"

    def change_passphrase(self) -> str:
        old, new = self.life.passphrase, f"wachtzin nummer {next(self.texts)}"
        self.vault.change_passphrase(new)
        self.life.passphrase = new
        self.life.owe()
        assert not self.vault.fits(old)
        return f"passphrase {new!r}"

    def change_factor(self) -> str:
        if self.life.key_file:
            self.vault.remove_factor("keyfile")
            self.life.key_file = ""
        else:
            self.life.key_file = str(self.folder / "keys" / f"key-{next(self.texts)}")
            self.vault.add_factor("keyfile", Holder(self.life.key_file))
        self.life.owe()
        return f"key file {Path(self.life.key_file).name!r}"

    def change_words(self) -> str:
        if self.life.words and self.one_in(2):
            word = self.chance.choice(self.life.words)
            assert self.vault.forget_allowed([word]) == 1
            self.life.words = tuple(each for each in self.life.words if each != word)
            self.life.owe()
            return f"forget {word}"
        word = f"woord{next(self.texts)}"
        assert self.vault.allow_words([word]) == 1
        self.life.words = (*self.life.words, word)
        self.life.changes += 1
        return f"allow {word}"

    # -- receipts

    def out(self) -> Path:
        return self.folder / "out" / f"{next(self.texts)}.json"

    def shred_for_client(self) -> str:
        life, shown = self.life, self.life.shown(self.month)
        if not shown or len(life.receipts) >= limits.OPEN_RECEIPTS - 1:
            return ""
        claimed = bool(self.claims) and not life.lost and self.one_in(2)
        gone = self.of_claim(self.chance.choice(list(self.claims))) if claimed else [self.any_handle()]
        target = str(self.out())
        if not gone or not self.sure:
            with pytest.raises(errors.ClockUnsure if not self.sure else errors.NothingThere):
                self.vault.shred_for_client(gone, claimed=claimed, receipt_to=target)
            return "shred with receipt refused"
        following = self.chance.choice(self.plugged) if self.plugged and self.one_in(2) else None
        asked = CLAIM if claimed else HAND

        def destroyed() -> None:
            life.receipt(asked, len(gone), self.month)
            life.destroy(gone)
            if following is not None:
                self.refresh(following)

        texts = [life.notes[each].text[:9] for each in gone]
        before = life.receipts.copy()
        done = self.vault.shred_for_client(gone, claimed=claimed, receipt_to=target, destroyed=destroyed)
        opened = [each for each in life.receipts if all(each is not other for other in before)]
        self._check_receipt(done.receipt, *(opened or [Receipt(asked, len(gone), life.now(self.month), {})]))
        for each in opened:
            if not any(each.sticks.values()):
                life.receipts.remove(each)
        return f"shred with receipt {texts}, {'with' if following else 'without'} refreshing"

    def refresh(self, stick: Stick) -> str:
        """See places_sticks."""
        raise NotImplementedError

    def _check_receipt(self, document: bytes, expected: Receipt) -> None:
        found = receipt.verify(document)
        facts = expected.facts(set())
        assert (found.notes, found.month, found.asked, dict(found.confirmed), dict(found.waiting)) == facts[:5]

    def write_receipt(self) -> str:
        complete = [each for each in self.life.open_receipts(self.month) if not any(each.sticks.values())]
        target = self.out()
        if not complete:
            with pytest.raises(errors.NoReceiptWaiting):
                self.vault.write_waiting_receipt(str(target))
            return "no receipt to be written anew" if self.life.receipts else ""
        self._check_receipt(self.vault.write_waiting_receipt(str(target)).receipt, complete[0])
        self.life.receipts.remove(complete[0])
        return "receipt written anew"
