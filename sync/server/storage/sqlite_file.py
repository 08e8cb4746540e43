"""SQLite underneath: the file, connections for reading, one thread that writes, and its errors as ours.

Measured (two cores, one virtual disk): a write-ahead log needs one flush for a commit where a rollback journal needs
two or three (0.4 to 0.7 ms against 0.8 to 7 ms for one slot), readers never wait, and no copy of what is destroyed is
put in a journal. `synchronous=FULL` makes each commit durable before it returns.
"""

import contextlib
import os
import queue
import sqlite3
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import Any, TypeVar

from sync.server.storage.contract import Damaged, Full, Newer, StorageError, Unavailable
from sync.server.storage.sqlite_schema import APPLICATION, PAGE_SIZE

Steps = Sequence[Sequence[str]]
Result = TypeVar("Result")

READERS = 8
"""Connections for reading at most; who comes later waits for one."""
BATCH = 64
"""Operations that share one flush at most, so that the first doesn't wait for ever."""
CONSTANT_TIME = 946_684_800
"""1 January 2000 00:00 UTC: what the files show as their time."""
LOG_MOST = 16 << 20
"""Bytes of the write-ahead log from which on a commit brings it into the database."""
IDLE_SECONDS = 2.0
"""After so long without a write the log is emptied, so that the newest state is all there is."""
_BUSY_MS = 10_000
_WIPE_BUSY_MS = 500
_ROWS = 256
"""Rows in one statement: the interpreter's lock is let go once for each, and taking it back may take long."""


def typed(error: sqlite3.Error) -> StorageError:
    """Our error for one of SQLite's, with nothing of it but its code."""
    name = getattr(error, "sqlite_errorname", "") or ""
    if name == "SQLITE_FULL":
        return Full()
    # SQLITE_ERROR: a statement of ours that names what isn't there
    if name.startswith(("SQLITE_CORRUPT", "SQLITE_NOTADB", "SQLITE_CONSTRAINT")) or name == "SQLITE_ERROR":
        return Damaged(name)
    return Unavailable(name)


@contextlib.contextmanager
def as_ours() -> Iterator[None]:
    """Turns SQLite's errors into ours; what they were caused by is left out, it may name a row."""
    try:
        yield
    except sqlite3.Error as error:
        raise typed(error) from None


def put_rows(connection: sqlite3.Connection, into: str, rows: Sequence[tuple[Any, ...]]) -> None:
    """Inserts or replaces rows; `into` is the table with its columns."""
    for start in range(0, len(rows), _ROWS):
        part = rows[start : start + _ROWS]
        marks = "(" + ",".join("?" * len(part[0])) + ")"
        connection.execute(
            f"INSERT OR REPLACE INTO {into} VALUES {','.join([marks] * len(part))}",  # noqa: S608 (names are ours)
            [value for row in part for value in row],
        )


def prepare(path: Path, steps: Steps) -> None:
    """Makes the file (0600) in its folder (0700) where needed and brings its tables up to the last of `steps`. Raises
    Newer, Damaged, Unavailable, Full."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        path.parent.chmod(0o700)
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        path.chmod(0o600)
    except OSError as error:
        raise Unavailable(type(error).__name__) from None
    with as_ours(), contextlib.closing(_connect(path)) as connection:
        connection.execute(f"PRAGMA page_size={PAGE_SIZE}")
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("BEGIN IMMEDIATE")
        version = _version(connection)
        if version > len(steps):
            raise Newer
        if version < len(steps):
            for statement in (statement for step in steps[version:] for statement in step):
                connection.execute(statement)
            connection.execute("UPDATE schema SET version = ?", (len(steps),))
            connection.execute(f"PRAGMA application_id={APPLICATION}")
        connection.execute("COMMIT")


def _version(connection: sqlite3.Connection) -> int:
    # An empty file is a new database; anything else must be marked as ours and say its version.
    mark = connection.execute("PRAGMA application_id").fetchone()[0]
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if mark == 0 and tables == 0:
        return 0
    if mark != APPLICATION:
        raise Damaged
    rows = connection.execute("SELECT version FROM schema").fetchall()
    if len(rows) != 1:
        raise Damaged
    return int(rows[0][0])


def _connect(path: Path) -> sqlite3.Connection:
    # mode=rw: a database that went away while we run is not made anew
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?mode=rw", uri=True, isolation_level=None, check_same_thread=False
    )
    connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
    connection.execute("PRAGMA synchronous=FULL")
    return connection


class Readers:
    """Connections that only read, each used by one thread at a time."""

    def __init__(self, path: Path) -> None:
        """Opens none yet."""
        self._path = path
        self._idle: list[sqlite3.Connection] = []
        self._places = threading.BoundedSemaphore(READERS)
        self._closed = False

    @contextlib.contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """A connection in a transaction: everything it reads is of one moment."""
        with self._places, as_ours():
            if self._closed:
                raise Unavailable
            try:
                connection = self._idle.pop()
            except IndexError:
                connection = self._open()
            try:
                connection.execute("BEGIN")
                try:
                    yield connection
                finally:
                    connection.execute("COMMIT")
            except sqlite3.Error:
                connection.close()
                raise
            except BaseException:
                self._idle.append(connection)
                raise
            self._idle.append(connection)

    def close(self) -> None:
        """Closes them; waits for those in use."""
        self._closed = True
        for _ in range(READERS):
            self._places.acquire()
        while self._idle:
            self._idle.pop().close()
        self._places.release(READERS)

    def _open(self) -> sqlite3.Connection:
        connection = _connect(self._path)
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA cache_size=-512")
        return connection


class _Job(Future[Any]):
    def __init__(self, operation: Callable[[sqlite3.Connection], Any]) -> None:
        super().__init__()
        self.operation = operation


class Writer:
    """One thread that does all writing. What is waiting when it comes round is done in one transaction with one flush,
    each operation in a savepoint of its own, so that none spoils another; the callers are told after the flush."""

    def __init__(self, path: Path) -> None:
        """Starts the thread."""
        self._files = (path, path.with_name(path.name + "-wal"), path.with_name(path.name + "-shm"), path.parent)
        self._connection = _connect(path)
        self._connection.execute("PRAGMA secure_delete=ON")
        self._connection.execute(f"PRAGMA wal_autocheckpoint={LOG_MOST // PAGE_SIZE}")
        self._connection.execute(f"PRAGMA journal_size_limit={LOG_MOST}")
        self._queue: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._closed = False
        self._wipe = False
        self._thread = threading.Thread(target=self._work, name="storage-writer", daemon=True)
        self._thread.start()

    @property
    def connection(self) -> sqlite3.Connection:
        """The connection that writes; for tests, while nobody writes."""
        return self._connection

    @property
    def waiting(self) -> int:
        """How many operations wait to be begun."""
        return self._queue.qsize()

    def run(self, operation: Callable[[sqlite3.Connection], Result]) -> Result:
        """Does the operation and returns its result when that is durable; it must change nothing but the database, as
        it may be done a second time. Raises what it raised, having changed nothing, or an error of the disk."""
        job = _Job(operation)
        with self._lock:
            if self._closed:
                raise Unavailable
            self._queue.put(job)
        result: Result = job.result()
        return result

    def wipe(self) -> None:
        """To be called by an operation that destroys: its callers are told when the log doesn't hold it any more
        either, or readers keep it in use for too long; then it is tried again later."""
        self._wipe = True

    def close(self) -> None:
        """Ends after what is waiting. May be called twice."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        self._thread.join()

    def _work(self) -> None:
        try:
            self._serve()
        finally:
            # if this thread ever ended before its time, nobody may wait for it for ever
            with self._lock:
                self._closed = True
            while not self._queue.empty():
                left = self._queue.get()
                if left is not None:
                    left.set_exception(Unavailable())
            self._connection.close()
            self._still()

    def _serve(self) -> None:
        dirty = False
        while True:
            try:
                jobs, last = self._next(IDLE_SECONDS if dirty else None)
            except queue.Empty:
                dirty = not self._empty_log()
                self._still()
                continue
            self._do(jobs)
            if last:
                return
            dirty = True

    def _next(self, timeout: float | None) -> tuple[list[_Job], bool]:
        """What is waiting, and whether nothing comes after it."""
        first = self._queue.get(timeout=timeout)
        if first is None:
            return [], True
        jobs = [first]
        while len(jobs) < BATCH:
            try:
                more = self._queue.get_nowait()
            except queue.Empty:
                break
            if more is None:
                return jobs, True
            jobs.append(more)
        return jobs, False

    def _do(self, jobs: list[_Job]) -> None:
        try:
            told = self._done(jobs)
        except BaseException:
            for job in jobs:
                job.set_exception(Unavailable())
            raise
        for job, outcome in told:
            if isinstance(outcome, BaseException):
                job.set_exception(outcome)
            else:
                job.set_result(outcome)

    def _done(self, jobs: list[_Job]) -> list[tuple[_Job, Any]]:
        """Each with its result or exception."""
        told = self._together(jobs)
        if told is None:
            # The transaction was lost: by one that met a full disk, say. Each on its own, so that only that one fails.
            told = [pair for job in jobs for pair in self._together([job]) or ()]
        if self._wipe:
            self._empty_log()
        self._still()
        return told

    def _still(self) -> None:
        """Gives the files the constant time: that of the last write would be finer than a month."""
        for name in self._files:
            with contextlib.suppress(OSError):
                os.utime(name, (CONSTANT_TIME, CONSTANT_TIME))

    def _together(self, jobs: list[_Job]) -> list[tuple[_Job, Any]] | None:
        """Each with its result or exception, all durable; None if the transaction was lost and may be tried again."""
        connection = self._connection
        told: list[tuple[_Job, Any]] = []
        try:
            connection.execute("BEGIN IMMEDIATE")
            for job in jobs:
                outcome = self._in_savepoint(job)
                if not connection.in_transaction:
                    return None if len(jobs) > 1 else [(job, outcome)]
                told.append((job, outcome))
            connection.execute("COMMIT")
        except sqlite3.Error as error:
            self._roll_back()
            if len(jobs) > 1 and isinstance(typed(error), Full):
                return None
            return [(job, typed(error)) for job in jobs]
        return told

    def _in_savepoint(self, job: _Job) -> Any:
        connection = self._connection
        connection.execute("SAVEPOINT one")
        try:
            outcome = job.operation(connection)
        except Exception as error:  # noqa: BLE001 (handed to the caller)
            outcome = typed(error) if isinstance(error, sqlite3.Error) else error
            if not connection.in_transaction:
                return outcome
            connection.execute("ROLLBACK TO one")
        connection.execute("RELEASE one")
        return outcome

    def _roll_back(self) -> None:
        if self._connection.in_transaction:
            try:
                self._connection.execute("ROLLBACK")
            except sqlite3.Error:
                pass

    def _empty_log(self) -> bool:
        """Brings the log into the database and cuts it off; whether no reader kept that from happening."""
        connection = self._connection
        try:
            connection.execute(f"PRAGMA busy_timeout={_WIPE_BUSY_MS}")
            emptied = bool(connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0)
        except sqlite3.Error:
            return False
        finally:
            connection.execute(f"PRAGMA busy_timeout={_BUSY_MS}")
        if emptied:
            self._wipe = False
        return emptied
