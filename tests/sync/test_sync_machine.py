"""P9 and P10: three and more real devices and a server that is now honest, now not, agree with a model of sets.

Whatever is written, edited, kept, shredded, expires, is killed between any two effects, loses requests or answers, is
let in, revoked or lied to: each device shows at every step just what it has heard of, nothing shredded ever lives
again, no acknowledged note is lost, and when all sync they come to rest with the same notes. No canary ever passes the
server: it looks for one in every request and answer.

Seen to fail: …
"""

from collections.abc import Iterable
from typing import TypeVar

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from sync import engine, errors
from sync.engine import Effect
from tests.support.attacks import Attack, attacks_on_anybody, attacks_on_receipts
from tests.support.coach import Coach
from tests.support.fleet import Fleet, Killed, shown, version_of
from tests.support.lies import Breaks, Holds, put_back
from tests.support.sync_model import Heard
from vault import errors as vault_errors
from vault.months import Period, month_of

KEEPS = (Period(2, "m"), Period(90, "d"), Period(6, "m"), Period(1, "y"))
WAYS = ("edit", "edit", "shred", "0", "3")
"""What becomes of a note: edited, shredded, or kept for another of KEEPS."""
DEVICES_MOST = 5
AWAY_MONTHS = 12
MANY = 20
"""So many new versions fit one round of a session, whatever slots it draws: then a kill leaves all or none of them."""
ATTACKS = attacks_on_anybody() + attacks_on_receipts()
numbers = st.integers(0, 1 << 16)
T = TypeVar("T")


def pick(among: Iterable[T], number: int) -> T:
    """One of these, by a number that hypothesis drew."""
    found = list(among)
    return found[number % len(found)]


class CoachMachine(RuleBasedStateMachine):
    """Devices and server, beside what each has heard of."""

    def __init__(self) -> None:
        super().__init__()
        self.fleet = Fleet()
        self.heard: dict[str, Heard] = {}
        self.server = Heard()
        self.synced: dict[str, int] = {}
        self.asleep: set[str] = set()
        self.touched: set[str] = set()
        self.written = 0
        self.named = 0

    @initialize()
    def three_devices(self) -> None:
        self.fleet.three()
        self.named = 3
        self.heard = {name: Heard() for name in "abc"}
        self.synced = dict.fromkeys("abc", self.month)
        self.take_note_of("a", self.fleet.devices["a"].vault.add_many([self.text() for _ in range(3)], KEEPS[3]))
        self.everyone_syncs()

    def teardown(self) -> None:
        try:
            if self.heard:
                self.everyone_syncs()
        finally:
            self.fleet.close()

    # -- who and what

    @property
    def month(self) -> int:
        return month_of(self.fleet.day)

    def some(self, number: int) -> tuple[str, Coach, Heard]:
        """A device, awake and sure of its clock."""
        name = pick(sorted(self.heard), number)
        if name in self.asleep:
            self.wake(name)
        if name not in self.heard:
            # it was away for too long
            return self.some(number)
        self.touched.add(name)
        return name, self.fleet.devices[name], self.heard[name]

    def wake(self, name: str) -> None:
        self.asleep.remove(name)
        device = self.fleet.devices[name]
        device.vault = device.place.open()
        if not device.vault.moment().sure:
            with pytest.raises(vault_errors.ClockUnsure):
                device.vault.add("kanarie")
            self.session(name)

    def is_away(self, name: str) -> bool:
        """Whether it may have been taken for one that will never come back."""
        return self.month - self.synced[name] > AWAY_MONTHS

    def text(self, size: int = 0) -> str:
        self.written += 1
        return f"kanarie {self.written} " + "lang " * size

    # -- what a coach does

    @rule(number=numbers, count=st.integers(1, 3), keep=st.sampled_from(KEEPS), size=st.sampled_from([0, 0, 900]))
    def add(self, number: int, count: int, keep: Period, size: int) -> None:
        name, device, _ = self.some(number)
        self.take_note_of(name, device.vault.add_many([self.text(size) for _ in range(count)], keep))

    @rule(number=numbers, which=numbers, how=st.sampled_from(WAYS))
    def change(self, number: int, which: int, how: str) -> None:
        name, device, _ = self.some(number)
        if handles := device.vault.handles():
            self.do(name, pick(handles, which), how)

    @rule(number=numbers, which=numbers, ways=st.lists(st.sampled_from(WAYS), min_size=2, max_size=4))
    def change_one_note_on_two_devices(self, number: int, which: int, ways: list[str]) -> None:
        pair = [self.some(number)[0], self.some(number + 1)[0]]
        if not set(pair) <= self.heard.keys():
            return
        common = shown(self.fleet.devices[pair[0]].vault).keys() & shown(self.fleet.devices[pair[1]].vault).keys()
        if not common:
            return
        note = pick(sorted(common), which)
        handles = {name: self.handle_of(name, note) for name in pair}
        for at, how in enumerate(ways):
            name = pair[at % 2]
            if handles[name] in self.fleet.devices[name].vault.handles():
                self.do(name, handles[name], how)

    def do(self, name: str, handle: str, how: str) -> None:
        vault, heard = self.fleet.devices[name].vault, self.heard[name]
        old = version_of(vault, handle)
        if how == "shred":
            vault.shred([handle])
            heard.shredded.add(old.id)
        elif how == "edit":
            assert vault.edit(handle, self.text()) == handle
            self.take_note_of(name, [handle], old.id)
        else:
            vault.keep(handle, KEEPS[int(how)], longer=True)
            self.take_note_of(name, [handle], old.id)

    def take_note_of(self, name: str, handles: list[str], parent: int = 0) -> None:
        for handle in handles:
            self.heard[name].write(version_of(self.fleet.devices[name].vault, handle)._replace(parent=parent))

    def handle_of(self, name: str, note: int) -> str:
        vault = self.fleet.devices[name].vault
        return next(handle for handle in vault.handles() if version_of(vault, handle).id == note)

    @rule(number=numbers, which=numbers, count=st.integers(2, 4))
    def shred_some(self, number: int, which: int, count: int) -> None:
        _, device, heard = self.some(number)
        handles = {pick(device.vault.handles(), which + at) for at in range(count) if device.vault.handles()}
        heard.shredded |= {version_of(device.vault, handle).id for handle in handles}
        device.vault.shred(sorted(handles))

    @precondition(lambda self: self.written < 100)
    @rule(number=numbers)
    def write_more_than_the_pool_holds(self, number: int) -> None:
        name, device, _ = self.some(number)
        self.take_note_of(name, device.vault.add_many([self.text() for _ in range(150)], Period(2, "m")))

    @rule(number=numbers)
    def sleep(self, number: int) -> None:
        name, device, _ = self.some(number)
        device.close()
        self.touched.discard(name)
        self.asleep.add(name)

    @rule(months=st.sampled_from([1, 1, 1, 2, 5]))
    def months_pass(self, months: int) -> None:
        for _ in range(months):
            self.fleet.to_month(self.month + 1)
            for name in self.heard.keys() - self.asleep:
                self.fleet.devices[name].vault.expire()
                self.touched.add(name)

    # -- sessions

    def session(self, name: str, *, shaped: bool = False, kill_at: int | None = None) -> None:
        """One session, and what follows from how far it came. Raises what ended it, but for Killed."""
        heard, begun = self.heard[name], list[Effect]()

        def stop(effect: Effect) -> None:
            if begun and isinstance(begun[-1], engine.Merge):
                heard.hear(self.server)
            if len(begun) == kill_at:
                raise Killed
            begun.append(effect)

        version = self.fleet.version
        try:
            self.fleet.devices[name].sync(shaped=shaped, stop=stop)
        except Killed:
            self.fleet.kill(name)
        except (vault_errors.DeviceAway, vault_errors.DeviceOutdated, vault_errors.ServerForged):
            # without a notice, when the session that was to bring it was killed, it can't know better
            if not self.is_away(name):
                raise
            self.show(name)
            self.leave(name)
        finally:
            if self.fleet.version > version and name in self.heard:
                self.server.hear(heard)
                self.synced[name] = self.month

    @rule(number=numbers, shaped=st.booleans())
    def sync(self, number: int, shaped: bool) -> None:
        name, _, _ = self.some(number)
        self.session(name, shaped=shaped)

    @rule(number=numbers, shaped=st.booleans(), kill_at=st.integers(0, 10))
    def be_killed_between_two_effects(self, number: int, shaped: bool, kill_at: int) -> None:
        name, _, heard = self.some(number)
        if heard.unheard_by(self.server) <= MANY:
            self.session(name, shaped=shaped, kill_at=kill_at)

    @rule(number=numbers, shaped=st.booleans(), at=st.integers(0, 3), carried_out=st.booleans(), once=st.booleans())
    def lose_a_request_or_its_answer(self, number: int, shaped: bool, at: int, carried_out: bool, once: bool) -> None:
        name, _, heard = self.some(number)
        if heard.unheard_by(self.server) <= MANY:
            with self.fleet.server.odd(Breaks(at, carried_out=carried_out, once=once)):
                try:
                    self.session(name, shaped=shaped)
                except errors.ServerOutOfReach:
                    pass

    @rule()
    def everyone_syncs(self) -> None:
        for name in sorted(self.asleep):
            self.wake(name)
        for name in sorted(self.heard) * 2:
            if name in self.heard:
                self.session(name)
        everything = self.server.shown(self.month)
        for name, heard in self.heard.items():
            assert heard.shown(self.month) == everything
            self.show(name)
        self.fleet.settle(*self.heard)

    # -- devices come and go

    @precondition(lambda self: len(self.heard) < DEVICES_MOST)
    @rule(number=numbers)
    def let_one_in(self, number: int) -> None:
        by, _, heard = self.some(number)
        self.session(by)
        if by not in self.heard:
            return
        new = chr(ord("a") + self.named)
        self.named += 1
        heard.hear(self.server)
        self.server.hear(heard)
        self.fleet.join(new, by)
        self.heard[new] = self.server.copy()
        self.synced[by] = self.synced[new] = self.month
        self.touched.add(new)

    @precondition(lambda self: len(self.heard) > 2)
    @rule(number=numbers, other=numbers)
    def revoke_one(self, number: int, other: int) -> None:
        by, device, heard = self.some(number)
        gone = pick(sorted(self.heard.keys() - {by}), other)
        self.session(by)
        if by not in self.heard or self.is_away(gone):
            return
        heard.hear(self.server)
        self.server.hear(heard)
        device.revoke(gone)
        self.synced[by] = self.month
        lost = self.leave(gone)
        lost.vault = lost.place.open()
        with pytest.raises(vault_errors.DeviceRevoked):
            lost.sync()
        assert lost.vault.notes() == []
        lost.close()

    def leave(self, name: str) -> Coach:
        """A device that the model knows no more."""
        self.asleep.discard(name)
        self.touched.discard(name)
        del self.heard[name]
        device = self.fleet.devices.pop(name)
        device.close()
        return device

    # -- a server that lies

    @rule(number=numbers, attack=st.sampled_from(ATTACKS), times=st.integers(1, 3))
    def be_lied_to(self, number: int, attack: Attack, times: int) -> None:
        name, _, heard = self.some(number)
        if heard.unheard_by(self.server) > MANY or self.is_away(name):
            return
        lie = attack.lie()
        doing = self.fleet.server.lying if isinstance(lie, Holds) else self.fleet.server.odd
        with doing(lie):
            for _ in range(times):
                with pytest.raises((attack.in_step, attack.with_news, vault_errors.ServerForged)):
                    self.session(name, shaped=True)
                self.show(name)

    @rule(number=numbers, which=numbers)
    def be_shown_the_past(self, number: int, which: int) -> None:
        name, _, _ = self.some(number)
        known = self.fleet.known_version(name)
        older = [past for past in self.fleet.past() if 0 < past.version < known]
        if older and not self.is_away(name):
            with self.fleet.server.lying(Holds(put_back(pick(older, which)))):
                for _ in range(2):
                    with pytest.raises(vault_errors.ServerRolledBack):
                        self.session(name, shaped=True)

    # -- what always holds

    def show(self, name: str) -> None:
        should = {found: (each.text, each.expiry) for found, each in self.heard[name].shown(self.month).items()}
        assert shown(self.fleet.devices[name].vault) == should

    @invariant()
    def each_shows_what_it_has_heard_of(self) -> None:
        for name in self.touched & self.heard.keys():
            self.show(name)
        self.touched.clear()


class TestCoachMachine(CoachMachine.TestCase):  # type: ignore[misc, valid-type]
    """At most so many steps, so that a run takes seconds."""

    # seconds on a quiet machine; on a busy one it may not be cut off
    pytestmark = pytest.mark.timeout(900)
    settings = settings(max_examples=25, stateful_step_count=40, phases=set(Phase) - {Phase.explain})
