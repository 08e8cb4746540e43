"""SQLite's files are the server's alone, and one that is not as it was is told by name."""

import sqlite3
import stat
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from sync.server.storage import sqlite_schema
from sync.server.storage.contract import Damaged, Newer, StorageError, Unavailable
from sync.server.storage.sqlite import SqliteStorage
from tests.server.storage.making import MONTH, enrol, write_pool


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database in use."""
    path = tmp_path / "server" / "server.db"
    storage = SqliteStorage(path)
    write_pool(storage, enrol(storage).account)
    storage.close()
    return path


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_nobody_else_may_read_the_files(tmp_path: Path) -> None:
    folder = tmp_path / "server"
    folder.mkdir(mode=0o755)
    storage = SqliteStorage(folder / "server.db")
    enrol(storage)
    storage.accounts()
    assert mode(folder) == 0o700
    assert {path.name: mode(path) for path in folder.iterdir()} == {
        "server.db": 0o600,
        "server.db-wal": 0o600,
        "server.db-shm": 0o600,
    }
    storage.close()
    assert [path.name for path in folder.iterdir()] == ["server.db"]


def test_a_commit_waits_for_the_disk(path: Path) -> None:
    storage = SqliteStorage(path)
    full = 2
    assert storage._writer.connection.execute("PRAGMA synchronous").fetchone() == (full,)
    assert storage._writer.connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    storage.close()


def overwrite_start(path: Path) -> None:
    with path.open("r+b") as file:
        file.write(b"no database at all")


def cut_off(path: Path) -> None:
    with path.open("r+b") as file:
        file.truncate(path.stat().st_size // 2)


def not_ours(path: Path) -> None:
    with closing(sqlite3.connect(path)) as c:
        c.execute("PRAGMA application_id=1")


def no_version(path: Path) -> None:
    with closing(sqlite3.connect(path)) as c, c:
        c.execute("DELETE FROM schema")


def no_schema(path: Path) -> None:
    with closing(sqlite3.connect(path)) as c:
        c.execute("DROP TABLE schema")


def refused(path: Path) -> StorageError:
    with pytest.raises(StorageError) as caught:
        SqliteStorage(path)
    return caught.value


@pytest.mark.parametrize("damage", [overwrite_start, cut_off, not_ours, no_version, no_schema])
def test_a_damaged_database_is_told_when_it_is_opened(path: Path, damage: Callable[[Path], None]) -> None:
    damage(path)
    error = refused(path)
    assert type(error) is Damaged
    # nothing of the database or its place
    assert str(error) in {"", "SQLITE_NOTADB", "SQLITE_CORRUPT", "SQLITE_ERROR"}
    assert error.__cause__ is None
    assert error.__suppress_context__ or error.__context__ is None


def test_damage_that_is_met_later_is_told_then(path: Path) -> None:
    with closing(sqlite3.connect(path)) as c, c:
        account = c.execute("SELECT id FROM account").fetchone()[0]
        c.execute("DELETE FROM slot WHERE n = (SELECT max(n) FROM slot)")
        c.execute("DELETE FROM page WHERE n = (SELECT max(n) FROM page)")
        c.execute("DROP TABLE offer")
    storage = SqliteStorage(path)
    with pytest.raises(Damaged):
        storage.read_slots(account, 1, [255])
    with pytest.raises(Damaged):
        storage.snapshot(account, bytes(8), (), month=MONTH)
    with pytest.raises(Damaged):
        storage.take_offer(bytes(16), day=1)
    storage.close()


def test_a_newer_database_is_refused_and_left_alone(path: Path) -> None:
    with closing(sqlite3.connect(path)) as c, c:
        c.execute("UPDATE schema SET version = ?", (len(sqlite_schema.STEPS) + 1,))
    before = path.read_bytes()
    assert type(refused(path)) is Newer
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_is_unavailable(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert type(refused(tmp_path / "file" / "server.db")) is Unavailable
    (tmp_path / "folder" / "server.db").mkdir(parents=True)
    assert type(refused(tmp_path / "folder" / "server.db")) is Unavailable


def test_a_database_that_someone_else_keeps_is_unavailable(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sync.server.storage.sqlite_file._BUSY_MS", 50)
    storage = SqliteStorage(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as c:
        c.execute("BEGIN IMMEDIATE")
        with pytest.raises(Unavailable):
            storage.invite(bytes(32), 1, 1)
        c.execute("COMMIT")
    storage.invite(bytes(32), 1, 1)
    storage.close()
