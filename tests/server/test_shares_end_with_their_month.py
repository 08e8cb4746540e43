"""The server destroys by itself what is past: shares, dormant accounts, offers, invitations (sync section 6.5, P8)."""

from datetime import date
from pathlib import Path

from sync import protocol
from sync.server import calendar, chores
from tests.support.device import Device, enrolled
from tests.support.memory_storage import MemoryStorage
from tests.support.server import Clock, InThread, keeper, server_in_thread


def shares_of(device: Device) -> dict[int, bytes]:
    found = protocol.decode_state_answer(device.state().body)
    return dict(enumerate(found.shares, found.first))


def test_the_share_of_a_month_that_has_ended_is_handed_out_no_more(tmp_path: Path) -> None:
    """Seen to fail when the month is read once at the start."""
    clock = Clock(date(2026, 11, 30))
    with server_in_thread(tmp_path, clock=clock) as server, enrolled(server) as device:
        november = shares_of(device)
        clock.today = date(2026, 12, 1)
        december = shares_of(device)
        month = calendar.month_of(clock.today)
        assert min(december) == month
        assert december.keys() == set(range(month, month + protocol.SHARE_MONTHS + 1))
        assert all(november[each] == december[each] for each in december if each in november)
        clock.today = date(2026, 11, 30)
        assert month - 1 not in shares_of(device)


def test_shares_of_accounts_that_never_come_are_destroyed_too(tmp_path: Path) -> None:
    """By the chore, without any request. Seen to fail without the chore in serving.serve."""
    storage, clock = MemoryStorage(), Clock(date(2026, 11, 30))
    with server_in_thread(tmp_path, storage=storage, clock=clock) as server, enrolled(server) as device:
        account = device.account
    storage.closed = False
    assert min(storage.books[account].shares) == calendar.month_of(clock.today)
    clock.today = date(2026, 12, 1)
    with server_in_thread(tmp_path, storage=storage, clock=clock) as server:
        _wait_for_chore(server)
        assert min(storage.books[account].shares) == calendar.month_of(clock.today)


def test_an_account_dormant_for_longer_than_the_keepers_rule_is_forgotten(tmp_path: Path) -> None:
    storage, clock = MemoryStorage(), Clock(date(2026, 1, 31))
    with server_in_thread(tmp_path, storage=storage, clock=clock) as server, enrolled(server) as device:
        device.first_commit()
    for today, left in ((date(2026, 7, 31), 1), (date(2026, 8, 1), 0)):
        clock.today = today
        with server_in_thread(tmp_path, storage=storage, clock=clock) as server:
            _wait_for_chore(server)
            assert len(storage.books) == left
    assert not storage.devices


def test_the_chore_looks_often_enough_that_a_share_does_not_outlive_its_month() -> None:
    assert chores.LOOK_SECONDS <= 3600


def test_a_chore_that_fails_is_tried_again_and_the_server_serves_on(tmp_path: Path) -> None:
    class Failing(MemoryStorage):
        def purge(self, *, month: int, day: int, dormant_months: int) -> int:
            raise RuntimeError

    with server_in_thread(tmp_path, storage=Failing()) as server, enrolled(server) as device:
        _wait_for_chore(server)
        assert device.state().status == 200
        assert [line.partition(" ")[0] for line in server.told] == ["RuntimeError"]


def test_the_keepers_purge_does_the_same(tmp_path: Path) -> None:
    assert keeper("init", folder=tmp_path / "server").returncode == 0
    done = keeper("purge", "--json", folder=tmp_path / "server")
    assert done.returncode == 0


def _wait_for_chore(server: InThread) -> None:
    """The chore was handed to a thread when serving began; each thread that is free now has come after it."""
    import concurrent.futures

    waited = [server.service._threads.submit(lambda: None) for _ in range(64)]
    concurrent.futures.wait(waited, timeout=30)
