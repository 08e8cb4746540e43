"""Every backend keeps the same contract."""

from collections.abc import Callable

import pytest

from sync.server.storage.contract import Storage
from tests.server.storage.contract_mirror import MirrorContract
from tests.server.storage.contract_people import PeopleContract


@pytest.fixture
def reopen(storage: Storage, opener: Callable[[], Storage]) -> Callable[[], Storage]:
    """Closes the storage and opens it again."""

    def again() -> Storage:
        storage.close()
        return opener()

    return again


class TestStorage(PeopleContract, MirrorContract):
    pass
