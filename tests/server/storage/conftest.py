"""The backends, an account to begin with, and a PostgreSQL server."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from sync.server.storage import open_storage
from sync.server.storage.contract import Storage
from tests.server.storage.making import Enrolled, enrol
from tests.support.postgres import postgres_address

__all__ = ["postgres_address"]


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """The name of an empty database of each kind; a module may ask for one kind by its own `database`."""
    if request.param == "sqlite":
        return "sqlite"
    address: str = request.getfixturevalue("postgres_address")
    return address


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "server"


@pytest.fixture
def opener(database: str, folder: Path) -> Iterator[Callable[[], Storage]]:
    """Opens the database, as often as asked; all are closed in the end."""
    opened: list[Storage] = []

    def another() -> Storage:
        opened.append(open_storage(database, str(folder)))
        return opened[-1]

    yield another
    for storage in opened:
        storage.close()


@pytest.fixture
def storage(opener: Callable[[], Storage]) -> Storage:
    return opener()


@pytest.fixture
def enrolled(storage: Storage) -> Enrolled:
    return enrol(storage)
