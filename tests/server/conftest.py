"""One server for a whole file of tests, on either database; each test has accounts of its own."""

from collections.abc import Iterator
from contextlib import ExitStack

import pytest

from sync.server.storage import open_storage
from tests.support.device import Device, enrolled
from tests.support.postgres import postgres, schema_of_its_own
from tests.support.server import InThread, server_in_thread

__all__ = ["postgres"]


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[InThread]:
    folder = tmp_path_factory.mktemp("server")
    with ExitStack() as stack:
        database = "sqlite"
        if request.param == "postgresql":
            database = stack.enter_context(schema_of_its_own(request.getfixturevalue("postgres")))
        with server_in_thread(folder, storage=open_storage(database, str(folder))) as running:
            yield running


@pytest.fixture
def device(server: InThread) -> Iterator[Device]:
    with enrolled(server) as found:
        yield found
