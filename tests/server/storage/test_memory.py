"""The storage in memory, with which other tests are made, keeps the contract too (but for what is durable)."""

from collections.abc import Callable

import pytest

from sync.server.storage.contract import Storage
from tests.server.storage.contract_mirror import MirrorContract
from tests.server.storage.contract_people import PeopleContract
from tests.support.memory_storage import MemoryStorage


@pytest.fixture
def reopen() -> Callable[[], Storage]:
    kept = MemoryStorage()
    return lambda: kept


@pytest.fixture
def storage(reopen: Callable[[], Storage]) -> Storage:
    return reopen()


class TestMemory(PeopleContract, MirrorContract):
    pass
