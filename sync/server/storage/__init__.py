"""Where the server keeps what it keeps: one backend a file, all after the contract in contract.py."""

from collections.abc import Callable
from pathlib import Path

from sync.server.storage.contract import Storage, StorageError

SQLITE_FILE = "server.db"


class NoBackend(StorageError):
    """The name of a database that none of ours is for."""


def _sqlite(_database: str, folder: str) -> Storage:
    from sync.server.storage.sqlite import SqliteStorage

    return SqliteStorage(Path(folder) / SQLITE_FILE)


def _postgresql(database: str, _folder: str) -> Storage:
    from sync.server.storage.postgresql import PostgresqlStorage

    return PostgresqlStorage(database)


BACKENDS: tuple[tuple[str, Callable[[str, str], Storage]], ...] = (
    ("sqlite", _sqlite),
    ("postgresql", _postgresql),
    ("postgres", _postgresql),
)
"""How a database's name begins, and what opens it."""


def open_storage(database: str, folder: str) -> Storage:
    """Opens the server's storage, made or brought up to the present schema where needed: `sqlite` is one file in
    `folder`, `postgresql://…` (a libpq address) a database for one server or several. Raises NoBackend, Newer,
    Damaged, Unavailable, Full."""
    for start, opener in BACKENDS:
        if database == start or database.startswith(start + ":"):
            return opener(database, folder)
    raise NoBackend
