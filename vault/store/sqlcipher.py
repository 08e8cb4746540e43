"""The store on disk: one SQLCipher file (docs/spec/vault.md section 4.1, docs/adr/0001 and 0004)."""

import os
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, nullcontext
from typing import Any

import sqlcipher3

from vault import errors, files, limits
from vault.store.contract import Rest
from vault.store.names import DATABASE, NEW_DATABASE

SALT_BYTES = 16
KeyOf = Callable[[bytes], bytes]
"""From the salt in a file's first 16 bytes to that file's raw key (32 bytes)."""
_FREE_CORE = 0.5
"""Reading ahead pays while the load leaves this much of a core."""
_LOCK, _HEAD = 0, 1
_ROWS_BEYOND = (
    "SELECT EXISTS(SELECT 1 FROM slot WHERE n<0) OR EXISTS(SELECT 1 FROM slot WHERE n>=?) OR "
    "EXISTS(SELECT 1 FROM head WHERE n NOT BETWEEN 0 AND 1)"
)
_SCHEMA = (
    "CREATE TABLE slot(n INTEGER PRIMARY KEY, box BLOB NOT NULL)",
    "CREATE TABLE page(n INTEGER PRIMARY KEY, box BLOB NOT NULL)",
    "CREATE TABLE head(n INTEGER PRIMARY KEY, box BLOB NOT NULL)",
)
_BATCH = 32
"""Slots a row of _SCAN: one step of the database without the interpreter's lock reads so many."""
_SCAN = (
    "SELECT s0.n, "  # noqa: S608 (no value from outside)
    + ", ".join(f"s{at}.box" for at in range(_BATCH))
    + " FROM slot s0 "
    + " ".join(f"CROSS JOIN slot s{at} ON s{at}.n = s0.n + {at}" for at in range(1, _BATCH))
    + f" WHERE s0.n % {_BATCH} = 0"
)
_PRAGMAS = (
    # EXTRA also makes the journal's removal durable: an acknowledged note survives a power cut
    "PRAGMA synchronous=EXTRA",
    "PRAGMA fullfsync=ON",
    "PRAGMA journal_mode=DELETE",
    "PRAGMA secure_delete=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA trusted_schema=OFF",
    "PRAGMA cell_size_check=ON",
    # a sweep reads every page once, so a larger cache would only hold memory (KiB)
    "PRAGMA cache_size=-2000",
    # it would cost a third of a bulk write, and guards only the layer that carries no promise (docs/adr/0005)
    "PRAGMA cipher_memory_security=OFF",
)


def _connect(path: str, key_of: KeyOf, salt: bytes) -> Any:
    connection = sqlcipher3.connect(path, isolation_level=None, timeout=0, check_same_thread=False)
    # SQLCipher would write a line with the time of day to the terminal for every damaged page (lesson 25)
    connection.execute("PRAGMA cipher_log_level=NONE")
    raw = key_of(salt).hex() + salt.hex()
    connection.execute(f"PRAGMA key=\"x'{raw}'\"")
    for pragma in _PRAGMAS:
        connection.execute(pragma)
    return connection


@contextmanager
def _told() -> Iterator[None]:
    """Turns the database's exceptions into typed ones, without their words: those can hold paths."""
    try:
        yield
    except sqlcipher3.Error as error:
        raise _typed(error) from None


def _typed(error: Exception) -> errors.VaultError:
    if isinstance(error, sqlcipher3.ProgrammingError):
        # a closed connection: after a failure that left it unclear what the disk holds
        return errors.StorageFailed()
    name = getattr(error, "sqlite_errorname", None) or _guess(str(error))
    if name.startswith("SQLITE_FULL"):
        return errors.StorageFailed(full=True)
    if name.startswith(("SQLITE_READONLY", "SQLITE_PERM")):
        return errors.StorageFailed(read_only=True)
    if name.startswith(("SQLITE_IOERR", "SQLITE_CANTOPEN")):
        # CANTOPEN is a journal that can't be made: the folder may be read-only, the disk full, or failing
        return errors.StorageFailed()
    if name.startswith("SQLITE_BUSY"):
        return errors.VaultBusy()
    return errors.DatabaseDamaged()


def _guess(words: str) -> str:
    for part, name in (
        ("full", "SQLITE_FULL"),
        ("readonly", "SQLITE_READONLY"),
        ("unable to open", "SQLITE_CANTOPEN"),
        ("I/O", "SQLITE_IOERR"),
        ("locked", "SQLITE_BUSY"),
    ):
        if part in words:
            return name
    return "SQLITE_NOTADB"


class SqlcipherStore:
    """An open vault.db. See contract.Store."""

    def __init__(self, folder: str, key_of: KeyOf) -> None:
        """Opens the vault.db in `folder`. Raises DatabaseDamaged, StorageFailed."""
        self._path = os.path.join(folder, DATABASE)
        _check_beside(self._path)
        salt = files.read(self._path, SALT_BYTES)
        if salt is None or len(salt) <= SALT_BYTES:
            raise errors.DatabaseDamaged
        self._folder = folder
        self._key_of = key_of
        self._salt = salt[:SALT_BYTES]
        with _told():
            self._connection = _connect(self._path, key_of, self._salt)
            tables = self._connection.execute("SELECT type, sql FROM sqlite_schema").fetchall()
        if set(tables) != {("table", statement) for statement in _SCHEMA}:
            self.close()
            raise errors.DatabaseDamaged

    @contextmanager
    def _reading(self) -> Iterator[None]:
        try:
            with _told():
                yield
        except errors.DatabaseDamaged:
            self._reconnect()
            raise

    def _reconnect(self) -> None:
        # a connection that has met one damaged page refuses the sound ones too, and calls the file read-only
        self._connection.close()
        with _told():
            self._connection = _connect(self._path, self._key_of, self._salt)

    def _row(self, query: str, size: int, *values: int) -> bytes:
        with self._reading():
            row = self._connection.execute(query, values).fetchone()
        if row is None or not _fits(row[0], size):
            raise errors.DatabaseDamaged
        return bytes(row[0])

    def read_lock(self) -> bytes:
        """See contract.Store."""
        return self._row("SELECT box FROM head WHERE n=?", limits.LOCK_ROW, _LOCK)

    def read_head(self) -> bytes:
        """See contract.Store."""
        return self._row("SELECT box FROM head WHERE n=?", limits.HEAD_BOX, _HEAD)

    def read_pages(self) -> list[bytes]:
        """See contract.Store."""
        with self._reading():
            rows = self._connection.execute(
                "SELECT n, box FROM page ORDER BY n LIMIT ?", (limits.PAGES_MOST,)
            ).fetchall()
        if any(n != at or not _fits(box, limits.PAGE_BOX) for at, (n, box) in enumerate(rows)):
            raise errors.DatabaseDamaged
        if self._has_rows_beyond((len(rows) - limits.SETTINGS_PAGES) * limits.PAGE_ENTRIES):
            raise errors.DatabaseDamaged
        return [box for _, box in rows]

    def _has_rows_beyond(self, pool: int) -> bool:
        try:
            with self._reading():
                return bool(self._connection.execute(_ROWS_BEYOND, (pool,)).fetchone()[0])
        except errors.DatabaseDamaged:
            # a page that can't be read costs the notes in it, not all others
            return False

    def read_slot(self, number: int) -> bytes:
        """See contract.Store."""
        return self._row("SELECT box FROM slot WHERE n=?", limits.SLOT_BOX, number)

    def scan_slots(self) -> Iterator[tuple[int, bytes]]:
        """See contract.Store. While a core is free, another thread reads ahead and the caller opens boxes meanwhile."""
        with self._reading(), self._ahead(self._connection.execute(_SCAN)) as rows:
            for first, *boxes in rows:
                if set(map(type, boxes)) != {bytes} or set(map(len, boxes)) != {limits.SLOT_BOX}:
                    raise errors.DatabaseDamaged
                yield from enumerate(boxes, first)

    def _ahead(self, rows: Iterable[Any]) -> AbstractContextManager[Iterable[Any]]:
        # without a free core, two threads that hand the interpreter's lock to and fro lose more than they gain
        if os.getloadavg()[0] > (os.cpu_count() or 1) - _FREE_CORE:
            return nullcontext(rows)
        # threads and queues take longer to import than a single slot to read
        from vault.store.readahead import ReadAhead

        return closing(ReadAhead(rows))

    @contextmanager
    def transaction(self) -> Iterator["_Transaction"]:
        """See contract.Store."""
        with _told():
            self._connection.execute("BEGIN IMMEDIATE")
        try:
            yield _Transaction(self._connection)
            with _told():
                self._connection.execute("COMMIT")
        except BaseException as error:
            if self._connection.in_transaction:
                with _told():
                    self._connection.execute("ROLLBACK")
            if isinstance(error, errors.DatabaseDamaged):
                self._reconnect()
            elif isinstance(error, errors.StorageFailed) and not os.access(self._folder, os.W_OK):
                # the database says no more than that its journal can't be made
                error.read_only = True
            raise
        finally:
            files.still(self._path, self._folder)

    def settle(self) -> None:
        """See contract.Store."""
        # a journal that had something to undo is gone by now; this one was begun and never counted
        files.remove(self._path + "-journal")
        files.sync_folder(self._folder)

    def close(self) -> None:
        """See contract.Store."""
        self._connection.close()


class _Transaction:
    def __init__(self, connection: Any) -> None:
        self._connection = connection

    def _put(self, query: str, box: bytes, size: int, number: int) -> None:
        if len(box) != size:
            raise ValueError("a row keeps its size")
        with _told():
            if self._connection.execute(query, (box, number)).rowcount != 1:
                raise errors.DatabaseDamaged

    def put_slot(self, number: int, box: bytes) -> None:
        self._put("UPDATE slot SET box=? WHERE n=?", box, limits.SLOT_BOX, number)

    def put_page(self, number: int, box: bytes) -> None:
        self._put("UPDATE page SET box=? WHERE n=?", box, limits.PAGE_BOX, number)

    def put_lock(self, row: bytes) -> None:
        self._put("UPDATE head SET box=? WHERE n=?", row, limits.LOCK_ROW, _LOCK)

    def put_head(self, box: bytes) -> None:
        self._put("UPDATE head SET box=? WHERE n=?", box, limits.HEAD_BOX, _HEAD)


class NewSqlcipherStore:
    """A vault.db in the making, under another name and with a database key of its own. See contract.NewStore."""

    def __init__(self, folder: str, key_of: KeyOf) -> None:
        """Nothing is written yet; an unfinished one of earlier is removed first. Raises StorageFailed."""
        self._folder = folder
        self._key_of = key_of
        self._path = os.path.join(folder, NEW_DATABASE)
        remove_unfinished(folder)

    def fill(self, slots: Iterable[bytes], rest: Callable[[], Rest]) -> None:
        """See contract.NewStore."""
        try:
            with _told():
                connection = _connect(self._path, self._key_of, os.urandom(SALT_BYTES))
                try:
                    # nothing counts on this file until it is renamed: a journal would only write everything twice
                    connection.execute("PRAGMA journal_mode=OFF")
                    connection.execute("BEGIN")
                    for statement in _SCHEMA:
                        connection.execute(statement)
                    connection.executemany("INSERT INTO slot VALUES(?,?)", enumerate(slots))
                    pages, lock, head = rest()
                    connection.executemany("INSERT INTO page VALUES(?,?)", enumerate(pages))
                    connection.executemany("INSERT INTO head VALUES(?,?)", ((_LOCK, lock), (_HEAD, head)))
                    connection.execute("COMMIT")
                finally:
                    connection.close()
            files.for_its_owner(self._path)
        except BaseException:
            self.discard()
            raise

    def publish(self) -> SqlcipherStore:
        """See contract.NewStore."""
        files.still(self._path)
        files.rename(self._path, os.path.join(self._folder, DATABASE))
        return SqlcipherStore(self._folder, self._key_of)

    def settle(self) -> None:
        """See contract.NewStore."""
        files.sync_folder(self._folder)
        files.still(self._folder)

    def discard(self) -> None:
        """See contract.NewStore."""
        remove_unfinished(self._folder)
        files.still(self._folder)


def _check_beside(path: str) -> None:
    """The database opens these by itself, and would wait at a pipe for ever. Raises DatabaseDamaged, StorageFailed."""
    for ending in ("", "-journal", "-wal", "-shm"):
        try:
            found = os.lstat(path + ending)
        except FileNotFoundError:
            continue
        except OSError as error:
            raise files.failed(error) from None
        if stat.S_ISFIFO(found.st_mode):
            raise errors.DatabaseDamaged


def _fits(box: object, size: int) -> bool:
    return isinstance(box, bytes) and len(box) == size


def remove_unfinished(folder: str) -> None:
    """Removes a database that a crash left unfinished. Raises StorageFailed."""
    for name in (NEW_DATABASE, NEW_DATABASE + "-journal"):
        files.remove(os.path.join(folder, name))
