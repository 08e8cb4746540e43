"""A coach's devices in one test: real vaults, the production client and transport, and a hostile server in memory."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from shutil import rmtree

from sync import codes
from tests.support.coach import Coach, joined
from tests.support.hostile_server import HostileServer, Past
from tests.support.memory_line import PIN, URL, lines_to
from tests.support.sync_model import Version
from tests.support.vaults import DAY, Place
from vault.handles import number_of
from vault.months import first_day, month_of
from vault.service import Vault
from vault.service.session import Report

MEMORY = Path("/dev/shm")
"""Where files cost no disk; crashes here are between steps, never within one."""


class Killed(BaseException):
    """The process ends here."""


class Fleet:
    """Devices of one account, by name, in `devices`; every clock shows `day`."""

    def __init__(self, day: date = DAY) -> None:
        self.day = day
        self.server = HostileServer(lambda: self.day)
        self.devices: dict[str, Coach] = {}
        self.folder = Path(tempfile.mkdtemp(prefix="fleet-", dir=MEMORY if MEMORY.is_dir() else None))
        self._lines = lines_to(self.server)
        self._lines.__enter__()

    def close(self) -> None:
        """Locks everything and clears up."""
        for device in self.devices.values():
            device.close()
        self._lines.__exit__(None, None, None)
        rmtree(self.folder)

    # -- devices

    def invitation(self) -> str:
        """An invitation to the server, as a code."""
        return codes.encode_code(codes.Invitation(self.server.invite(), PIN[:16]))

    def first(self, name: str) -> Coach:
        """A vault with an account of its own; it has not synced yet."""
        device = self.alone(name)
        device.enrol(URL, self.invitation())
        return device

    def alone(self, name: str) -> Coach:
        """A vault without an account."""
        device = self.devices[name] = Coach(self._place(name), name=name)
        return device

    def join(self, name: str, by: str) -> Coach:
        """A device that another one let in; it has synced."""
        device = self.devices[name] = joined(self._place(name), self.devices[by].pairing_code(name), name=name)
        device.sync()
        return device

    def three(self) -> tuple[Coach, Coach, Coach]:
        """Devices a, b and c of one account, all synced."""
        first = self.first("a")
        first.sync()
        return first, self.join("b", "a"), self.join("c", "a")

    def _place(self, name: str) -> Place:
        return Place(self.folder / name, self.day)

    # -- what the server holds

    @property
    def account(self) -> bytes:
        """The account of the first device."""
        return next(iter(self.server.past))

    @property
    def version(self) -> int:
        """The version of the head that the server holds, 0 for none."""
        book = self.server.storage.books.get(self.account)
        return book.version if book else 0

    def past(self) -> list[Past]:
        """Every state that the server had of the account."""
        return self.server.past[self.account]

    def known_version(self, name: str) -> int:
        """The version of the last head that a device knows."""
        enrolled = self.devices[name].vault._state.settings.enrolled
        assert enrolled is not None
        return enrolled.version

    def all_show(self, *texts: str) -> bool:
        """Whether every device shows these texts and no other."""
        return all(device.texts() == sorted(texts) for device in self.devices.values())

    # -- what happens

    def kill(self, name: str) -> None:
        """The process ends: what was durable at this moment is all that is left, and is opened again."""
        device = self.devices[name]
        image = device.place.snapshot()
        device.close()
        device.place.restore(image)
        device.vault = device.place.open()

    def to_month(self, month: int) -> None:
        """The calendars of all move to the first of a month; the server does what it does then."""
        self.day = first_day(month)
        for device in self.devices.values():
            device.place.day = self.day
            device.hang_up()
        self.server.month_passes()

    def months_pass(self, months: int) -> None:
        """Month after month, with every vault open."""
        for _ in range(months):
            self.to_month(month_of(self.day) + 1)
            for device in self.devices.values():
                device.vault.expire()

    def settle(self, *names: str) -> list[Report]:
        """The devices sync in turn until nobody has anything to tell; the reports of all rounds."""
        reports = []
        for _ in range(6):
            last = [self.devices[name].sync() for name in names or sorted(self.devices)]
            reports += last
            if not any(report.sent or report.received for report in last):
                return reports
        raise AssertionError("the devices never come to rest")


@contextmanager
def fleet(day: date = DAY) -> Iterator[Fleet]:
    """A fleet without devices yet."""
    found = Fleet(day)
    try:
        yield found
    finally:
        found.close()


def version_of(vault: Vault, handle: str) -> Version:
    """A shown note as the model knows it; its parent is the vault's business, so 0."""
    ledger = vault._state.ledger
    first = ledger.find(number_of(handle))
    assert first is not None
    return Version(ledger.ids[first], 0, vault.show(handle).text, ledger.expiries[first])


def shown(vault: Vault) -> dict[int, tuple[str, int]]:
    """What a vault shows: id → text and month."""
    ledger = vault._state.ledger
    found = {}
    for note in vault.notes():
        first = ledger.find(number_of(note.handle))
        assert first is not None
        found[ledger.ids[first]] = (note.text, ledger.expiries[first])
    return found
