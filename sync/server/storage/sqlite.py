"""The SQLite backend: one database file in one folder, for a server of one process (sync §9).

Other processes may use the same file meanwhile (the keeper's commands), but nonces are this process's own.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from sync import protocol
from sync.server.storage import rules, sqlite_mirror
from sync.server.storage.contract import AccountLine, Commit, Device, Exists, Missing, Numbers, Snapshot
from sync.server.storage.nonces import Nonces
from sync.server.storage.sqlite_file import Readers, Steps, Writer, prepare, put_rows
from sync.server.storage.sqlite_schema import STEPS


class SqliteStorage:
    """A Storage (contract.py) in one file, in a folder for the server alone."""

    def __init__(self, path: Path, steps: Steps = STEPS) -> None:
        """Opens the database, made or brought up to the last of `steps` where needed. Raises Newer, Damaged,
        Unavailable, Full."""
        prepare(path, steps)
        self._nonces = Nonces()
        self._readers = Readers(path)
        self._writer = Writer(path)

    def close(self) -> None:
        """As in the contract."""
        self._readers.close()
        self._writer.close()

    # -- letting in

    def invite(self, digest: bytes, uses: int, last_day: int) -> None:
        """As in the contract."""
        row = (digest, uses, last_day)
        self._writer.run(lambda c: put_rows(c, "invitation", [row]))

    def enrol(self, digest: bytes, account: bytes, signing_key: bytes, *, day: int, month: int) -> None:
        """As in the contract."""
        shares = [(account, reached, os.urandom(protocol.SHARE)) for reached in rules.in_reach(month)]

        def operation(c: sqlite3.Connection) -> None:
            row = c.execute("SELECT uses FROM invitation WHERE digest = ? AND last_day >= ?", (digest, day)).fetchone()
            if row is None:
                raise Missing
            if c.execute("SELECT 1 FROM account WHERE id = ?", (account,)).fetchone():
                raise Exists
            if row[0] > 1:
                c.execute("UPDATE invitation SET uses = uses - 1 WHERE digest = ?", (digest,))
            else:
                c.execute("DELETE FROM invitation WHERE digest = ?", (digest,))
            c.execute("INSERT INTO account (id, month) VALUES (?, ?)", (account, month))
            _insert_device(c, account, signing_key)
            put_rows(c, "share", shares)

        self._writer.run(operation)

    def device(self, device: bytes) -> Device | None:
        """As in the contract."""
        with self._readers.reading() as c:
            row = c.execute("SELECT account, signing_key, notice FROM device WHERE id = ?", (device,)).fetchone()
        return None if row is None else Device(*row)

    def add_device(self, account: bytes, signing_key: bytes, offer_id: bytes, offer: bytes, last_day: int) -> None:
        """As in the contract."""

        def operation(c: sqlite3.Connection) -> None:
            sqlite_mirror.present(c, account)
            rules.check_devices(
                *c.execute(
                    "SELECT count(*) - count(notice), count(*) FROM device WHERE account = ?", (account,)
                ).fetchone()
            )
            if c.execute("SELECT 1 FROM offer WHERE id = ?", (offer_id,)).fetchone():
                raise Exists
            _insert_device(c, account, signing_key)
            c.execute("INSERT INTO offer VALUES (?, ?, ?)", (offer_id, offer, last_day))

        self._writer.run(operation)

    def take_offer(self, offer_id: bytes, *, day: int) -> bytes:
        """As in the contract."""

        def operation(c: sqlite3.Connection) -> bytes:
            row = c.execute("SELECT box FROM offer WHERE id = ? AND last_day >= ?", (offer_id, day)).fetchone()
            if row is None:
                raise Missing
            c.execute("DELETE FROM offer WHERE id = ?", (offer_id,))
            box: bytes = row[0]
            return box

        return self._writer.run(operation)

    def remove_device(self, account: bytes, device: bytes, notice: bytes) -> None:
        """As in the contract."""

        def operation(c: sqlite3.Connection) -> None:
            done = c.execute("UPDATE device SET notice = ? WHERE id = ? AND account = ?", (notice, device, account))
            if not done.rowcount:
                raise Missing

        self._writer.run(operation)
        self._nonces.forget(device)

    def leave(self, account: bytes, device: bytes) -> None:
        """As in the contract."""

        def operation(c: sqlite3.Connection) -> None:
            if not c.execute("DELETE FROM device WHERE id = ? AND account = ?", (device, account)).rowcount:
                return
            if not c.execute("SELECT 1 FROM device WHERE account = ? AND notice IS NULL", (account,)).fetchone():
                self._forget(c, account)

        self._writer.run(operation)
        self._nonces.forget(device)

    # -- nonces

    def put_nonces(self, device: bytes, nonces: Sequence[bytes]) -> None:
        """As in the contract."""
        self._nonces.put(device, nonces)

    def use_nonce(self, device: bytes, nonce: bytes, fresh: bytes) -> bool:
        """As in the contract."""
        return self._nonces.use(device, nonce, fresh)

    # -- the mirror

    def snapshot(self, account: bytes, generation: bytes, known: Sequence[bytes], *, month: int) -> Snapshot:
        """As in the contract."""
        with self._readers.reading() as c:
            destroy, draw = rules.share_changes(sqlite_mirror.share_months(c, account), month)
            if not destroy and not draw:
                return sqlite_mirror.snapshot(c, account, generation, known, month=month)

        def operation(c: sqlite3.Connection) -> Snapshot:
            sqlite_mirror.present(c, account)
            destroy, draw = rules.share_changes(sqlite_mirror.share_months(c, account), month)
            if destroy:
                c.execute("DELETE FROM share WHERE account = ? AND month < ?", (account, month))
                self._writer.wipe()
            put_rows(c, "share", [(account, reached, os.urandom(protocol.SHARE)) for reached in draw])
            return sqlite_mirror.snapshot(c, account, generation, known, month=month)

        return self._writer.run(operation)

    def read_slots(self, account: bytes, version: int, slots: Sequence[int]) -> list[bytes]:
        """As in the contract."""
        with self._readers.reading() as c:
            return sqlite_mirror.read_slots(c, account, version, slots)

    def stage(self, account: bytes, generation: bytes, pool: int, start: int, boxes: Sequence[bytes]) -> None:
        """As in the contract."""
        self._writer.run(lambda c: sqlite_mirror.stage(c, account, generation, pool, start, boxes))

    def commit(self, account: bytes, commit: Commit) -> None:
        """As in the contract."""
        self._writer.run(lambda c: sqlite_mirror.commit(c, account, commit))

    # -- the keeper's

    def accounts(self) -> list[AccountLine]:
        """As in the contract."""
        with self._readers.reading() as c:
            rows = c.execute(
                "SELECT id, coalesce(pool, 0), (SELECT count(*) FROM device WHERE account = account.id), month,"
                " coalesce(quota, ?) FROM account ORDER BY id",
                (protocol.QUOTA,),
            ).fetchall()
        return [AccountLine(*row) for row in rows]

    def purge_account(self, account: bytes) -> None:
        """As in the contract."""

        def operation(c: sqlite3.Connection) -> None:
            sqlite_mirror.present(c, account)
            self._forget(c, account)

        self._writer.run(operation)

    def set_quota(self, account: bytes, size: int) -> None:
        """As in the contract."""
        kept = None if size == protocol.QUOTA else size

        def operation(c: sqlite3.Connection) -> None:
            if not c.execute("UPDATE account SET quota = ? WHERE id = ?", (kept, account)).rowcount:
                raise Missing

        self._writer.run(operation)

    def purge(self, *, month: int, day: int, dormant_months: int) -> int:
        """As in the contract."""

        def operation(c: sqlite3.Connection) -> int:
            if c.execute("DELETE FROM share WHERE month < ?", (month,)).rowcount:
                self._writer.wipe()
            c.execute("DELETE FROM invitation WHERE last_day < ?", (day,))
            c.execute("DELETE FROM offer WHERE last_day < ?", (day,))
            dormant = c.execute("SELECT id FROM account WHERE month < ?", (month - dormant_months,)).fetchall()
            for (account,) in dormant:
                self._forget(c, account)
            return len(dormant)

        return self._writer.run(operation)

    def numbers(self, *, month: int) -> Numbers:
        """As in the contract."""
        with self._readers.reading() as c:
            pools = dict(c.execute("SELECT coalesce(pool, 0), count(*) FROM account GROUP BY 1 ORDER BY 1").fetchall())
            devices = c.execute("SELECT count(*) FROM device WHERE notice IS NULL").fetchone()[0]
            first, last = c.execute(
                "SELECT coalesce(min(month), 0), coalesce(max(month), 0) FROM share WHERE month >= ?", (month,)
            ).fetchone()
            slots = c.execute("SELECT coalesce(sum(held), 0) FROM pool").fetchone()[0]
        return Numbers(pools, devices, first, last, rules.held_bytes(pools, slots))

    def _forget(self, c: sqlite3.Connection, account: bytes) -> None:
        sqlite_mirror.forget(c, account)
        self._writer.wipe()


def _insert_device(c: sqlite3.Connection, account: bytes, signing_key: bytes) -> None:
    device = protocol.device_id(signing_key)
    if c.execute("SELECT 1 FROM device WHERE id = ?", (device,)).fetchone():
        raise Exists
    c.execute("INSERT INTO device VALUES (?, ?, ?, NULL)", (device, account, signing_key))
