"""PostgreSQL underneath: a few connections, transactions that survive a restart of the database, its errors as ours."""

import contextlib
import threading
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

import psycopg
from psycopg import conninfo, errors

from sync.server.storage.contract import Damaged, Full, Newer, StorageError, Unavailable

Connection = psycopg.Connection[tuple[Any, ...]]
Steps = Sequence[Sequence[str]]
Result = TypeVar("Result")

CONNECTIONS = 8
"""At most, of one pool; who comes later waits for one."""
WAIT_SECONDS = 10.0
TRIES = 5
"""So often a transaction is begun that the database broke off for the sake of another, or lost."""
READ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
WRITE = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
_MIGRATING = 0x6F6E676D
"""Advisory lock: one node at a time looks at the schema."""
_DEFAULTS = {"connect_timeout": "5", "keepalives_idle": "30", "tcp_user_timeout": "10000"}
_SETTINGS = (
    # someone waits at the other end; a node that hangs must not keep the others from an account for ever
    "SELECT set_config('lock_timeout', '30s', false)",
    "SELECT set_config('idle_in_transaction_session_timeout', '60s', false)",
)
DURABLE = "SELECT set_config('synchronous_commit', 'on', false) WHERE current_setting('synchronous_commit') = 'off'"
FLEETING = "SELECT set_config('synchronous_commit', 'off', false)"


def typed(error: psycopg.Error) -> StorageError:
    """Our error for one of PostgreSQL's, with nothing of it but its code."""
    code = error.sqlstate or ""
    if isinstance(error, errors.DiskFull):
        return Full()
    # data or index corrupted, a constraint that our own statements keep, tables or columns that are not there
    if code.startswith(("XX001", "XX002", "23", "42P01", "42703")):
        return Damaged(code)
    return Unavailable(code)


class Pool:
    """Connections to one database, each used by one thread at a time."""

    def __init__(self, address: str, setting: str, most: int = CONNECTIONS) -> None:
        """Opens none yet; `setting` is a statement that each connection begins with. Raises Unavailable for an address
        that is none."""
        try:
            given = conninfo.conninfo_to_dict(address)
            self._address = conninfo.make_conninfo(address, **{k: v for k, v in _DEFAULTS.items() if k not in given})
        except psycopg.Error:
            raise Unavailable from None
        self._setting = setting
        self._most = most
        self._idle: list[Connection] = []
        self._places = threading.BoundedSemaphore(most)
        self._closed = False

    def close(self) -> None:
        """Closes them; waits for those in use."""
        self._closed = True
        for _ in range(self._most):
            self._places.acquire()
        self._drop_idle()
        self._places.release(self._most)

    def run(self, operation: Callable[[Connection], Result], begin: str | None = WRITE) -> Result:
        """Does the operation in a transaction and returns its result when that is durable. Without `begin` it is one
        statement, a transaction by itself, and one that may be done twice.

        It is done again when the database broke it off or the connection was lost before the end, so it must change
        nothing but the database. Raises what it raised, having changed nothing; Unavailable also where it can't be told
        whether the transaction was done.
        """
        if not self._places.acquire(timeout=WAIT_SECONDS):
            raise Unavailable
        try:
            for _ in range(TRIES - 1):
                try:
                    return self._once(operation, begin)
                except _Again:
                    pass
            try:
                return self._once(operation, begin)
            except _Again:
                raise Unavailable from None
        finally:
            self._places.release()

    def _once(self, operation: Callable[[Connection], Result], begin: str | None) -> Result:
        connection = self._take()
        ending = False
        try:
            if begin is not None:
                connection.execute(begin)
            result = operation(connection)
            if begin is not None:
                ending = True
                connection.execute("COMMIT")
        except psycopg.Error as error:
            self._recover(connection)
            if isinstance(error, errors.DeadlockDetected | errors.SerializationFailure):
                raise _Again from None
            if connection.closed and not ending:
                raise _Again from None
            raise typed(error) from None
        except BaseException:
            self._recover(connection)
            raise
        self._idle.append(connection)
        return result

    def _take(self) -> Connection:
        if self._closed:
            raise Unavailable
        try:
            return self._idle.pop()
        except IndexError:
            return self._connect()

    def _connect(self) -> Connection:
        connection = None
        try:
            connection = psycopg.connect(self._address, autocommit=True)
            for setting in (*_SETTINGS, self._setting):
                connection.execute(setting)
        except psycopg.Error as error:
            if connection is not None:
                connection.close()
            raise Unavailable(error.sqlstate or "") from None
        return connection

    def _recover(self, connection: Connection) -> None:
        """Keeps the connection for others, or, if it is lost, none: the database was restarted, and those that wait
        are lost as well."""
        try:
            if connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE:
                connection.execute("ROLLBACK")
        except psycopg.Error:
            connection.close()
        if connection.closed:
            self._drop_idle()
        else:
            self._idle.append(connection)

    def _drop_idle(self) -> None:
        while self._idle:
            with contextlib.suppress(IndexError):
                self._idle.pop().close()


class _Again(Exception):
    """The transaction was not done, and may be tried again."""


def prepare(pool: Pool, steps: Steps) -> None:
    """Brings the tables up to the last of `steps`, made where there are none. Raises Newer, Damaged, Unavailable."""

    def operation(c: Connection) -> None:
        c.execute("SELECT pg_advisory_xact_lock(%s)", (_MIGRATING,))
        version = 0
        if c.execute("SELECT to_regclass('schema') IS NOT NULL").fetchone() == (True,):
            rows = c.execute("SELECT version FROM schema").fetchall()
            if len(rows) != 1:
                raise Damaged
            version = rows[0][0]
        if version > len(steps):
            raise Newer
        if version == len(steps):
            return
        for statement in (statement for step in steps[version:] for statement in step):
            c.execute(statement)
        c.execute("UPDATE schema SET version = %s", (len(steps),))

    pool.run(operation)
