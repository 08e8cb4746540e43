"""The PostgreSQL backend: one database for several servers behind one name (sync §9).

What changes an account locks its row, so it makes no difference which server a device talks to.

PostgreSQL keeps what was deleted in its files for a while. In each month `purge` rewrites the small tables (shares
among them), so that they hold neither what was destroyed nor the order in which rows came; and once more at the next
purge, since what a transaction elsewhere still sees is taken along. The log that PostgreSQL writes ahead keeps pages
until it is recycled, an archive of it or a backup for as long as the keeper has that.
"""

import os
from collections.abc import Sequence

from psycopg import sql

from sync import protocol
from sync.server.storage import postgresql_mirror as mirror
from sync.server.storage import rules
from sync.server.storage.contract import AccountLine, Commit, Device, Exists, Missing, Numbers, Snapshot, Unavailable
from sync.server.storage.nonces import PER_DEVICE
from sync.server.storage.postgresql_mirror import rows
from sync.server.storage.postgresql_pool import DURABLE, FLEETING, READ, Connection, Pool, Steps, prepare
from sync.server.storage.postgresql_schema import STEPS

_FLEETING_CONNECTIONS = 4
_REWRITTEN = ("share", "account", "device", "invitation", "offer")


class PostgresqlStorage:
    """A Storage (contract.py) in a database that others may use at the same time."""

    def __init__(self, address: str, steps: Steps = STEPS) -> None:
        """Connects to a libpq address; the tables are made or brought up to the last of `steps` where needed. Raises
        Newer, Damaged, Unavailable, Full."""
        self._pool = Pool(address, DURABLE)
        self._nonce_pool = Pool(address, FLEETING, _FLEETING_CONNECTIONS)
        try:
            prepare(self._pool, steps)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        """As in the contract."""
        self._pool.close()
        self._nonce_pool.close()

    # -- letting in

    def invite(self, digest: bytes, uses: int, last_day: int) -> None:
        """As in the contract."""
        self._pool.run(
            lambda c: c.execute(
                "INSERT INTO invitation VALUES (%s, %s, %s)"
                " ON CONFLICT (digest) DO UPDATE SET uses = excluded.uses, last_day = excluded.last_day",
                (digest, uses, last_day),
            )
        )

    def enrol(self, digest: bytes, account: bytes, signing_key: bytes, *, day: int, month: int) -> None:
        """As in the contract."""

        def operation(c: Connection) -> None:
            taken = c.execute(
                "UPDATE invitation SET uses = uses - 1 WHERE digest = %s AND last_day >= %s", (digest, day)
            )
            if not taken.rowcount:
                raise Missing
            c.execute("DELETE FROM invitation WHERE digest = %s AND uses < 1", (digest,))
            added = c.execute(
                "INSERT INTO account (id, month) VALUES (%s, %s) ON CONFLICT (id) DO NOTHING", (account, month)
            )
            if not added.rowcount:
                raise Exists
            _insert_device(c, account, signing_key)
            mirror.put_shares(c, account, [(reached, os.urandom(protocol.SHARE)) for reached in rules.in_reach(month)])

        self._pool.run(operation)

    def device(self, device: bytes) -> Device | None:
        """As in the contract."""
        query = "SELECT account, signing_key, notice FROM device WHERE id = %s"
        found = self._pool.run(lambda c: rows(c, query, (device,)), begin=None)
        return Device(*found[0]) if found else None

    def add_device(self, account: bytes, signing_key: bytes, offer_id: bytes, offer: bytes, last_day: int) -> None:
        """As in the contract."""

        def operation(c: Connection) -> None:
            mirror.present(c, account, lock=True)
            query = "SELECT count(*) - count(notice), count(*) FROM device WHERE account = %s"
            rules.check_devices(*rows(c, query, (account,))[0])
            _insert_device(c, account, signing_key)
            added = c.execute(
                "INSERT INTO offer VALUES (%s, %s, %s) ON CONFLICT (id) DO NOTHING", (offer_id, offer, last_day)
            )
            if not added.rowcount:
                raise Exists

        self._pool.run(operation)

    def take_offer(self, offer_id: bytes, *, day: int) -> bytes:
        """As in the contract."""
        query = "DELETE FROM offer WHERE id = %s AND last_day >= %s RETURNING box"
        found = self._pool.run(lambda c: rows(c, query, (offer_id, day)))
        if not found:
            raise Missing
        box: bytes = found[0][0]
        return box

    def remove_device(self, account: bytes, device: bytes, notice: bytes) -> None:
        """As in the contract."""

        def operation(c: Connection) -> None:
            mirror.present(c, account, lock=True)
            done = c.execute("UPDATE device SET notice = %s WHERE id = %s AND account = %s", (notice, device, account))
            if not done.rowcount:
                raise Missing
            c.execute("DELETE FROM nonce WHERE device = %s", (device,))

        self._pool.run(operation)

    def leave(self, account: bytes, device: bytes) -> None:
        """As in the contract."""

        def operation(c: Connection) -> None:
            c.execute("SELECT 1 FROM account WHERE id = %s FOR UPDATE", (account,))
            gone = c.execute("DELETE FROM device WHERE id = %s AND account = %s", (device, account))
            if not gone.rowcount:
                return
            c.execute("DELETE FROM nonce WHERE device = %s", (device,))
            if not rows(c, "SELECT 1 FROM device WHERE account = %s AND notice IS NULL LIMIT 1", (account,)):
                mirror.forget(c, account)

        self._pool.run(operation)

    # -- nonces

    def put_nonces(self, device: bytes, nonces: Sequence[bytes]) -> None:
        """As in the contract; of a device that isn't known none are kept."""
        self._nonce_pool.run(
            lambda c: c.execute(
                "INSERT INTO nonce SELECT id, %(nonces)b::bytea[] FROM device WHERE id = %(device)s"
                " ON CONFLICT (device) DO UPDATE SET nonces = (nonce.nonces || excluded.nonces)"
                "[greatest(1, cardinality(nonce.nonces || excluded.nonces) - %(most)s + 1):]",
                {"device": device, "nonces": list(nonces), "most": PER_DEVICE},
            ),
            begin=None,
        )

    def use_nonce(self, device: bytes, nonce: bytes, fresh: bytes) -> bool:
        """As in the contract."""
        # the row is locked and looked at again once another that uses it has ended: one of two wins, on any node
        used = self._nonce_pool.run(
            lambda c: c.execute(
                "UPDATE nonce SET nonces = array_remove(nonces, %(nonce)b::bytea) || %(fresh)b::bytea"
                " WHERE device = %(device)s AND %(nonce)b::bytea = ANY(nonces)",
                {"device": device, "nonce": nonce, "fresh": fresh},
            ),
            begin=None,
        )
        return used.rowcount == 1

    # -- the mirror

    def snapshot(self, account: bytes, generation: bytes, known: Sequence[bytes], *, month: int) -> Snapshot:
        """As in the contract."""

        def look(c: Connection) -> Snapshot | None:
            destroy, draw = rules.share_changes(mirror.share_months(c, account), month)
            return None if destroy or draw else mirror.snapshot(c, account, generation, known, month=month)

        def change(c: Connection) -> Snapshot:
            mirror.present(c, account, lock=True)
            _, draw = rules.share_changes(mirror.share_months(c, account), month)
            c.execute("DELETE FROM share WHERE account = %s AND month < %s", (account, month))
            mirror.put_shares(c, account, [(reached, os.urandom(protocol.SHARE)) for reached in draw])
            return mirror.snapshot(c, account, generation, known, month=month)

        return self._pool.run(look, READ) or self._pool.run(change)

    def read_slots(self, account: bytes, version: int, slots: Sequence[int]) -> list[bytes]:
        """As in the contract."""
        return self._pool.run(lambda c: mirror.read_slots(c, account, version, slots), READ)

    def stage(self, account: bytes, generation: bytes, pool: int, start: int, boxes: Sequence[bytes]) -> None:
        """As in the contract."""
        self._pool.run(lambda c: mirror.stage(c, account, generation, pool, start, boxes))

    def commit(self, account: bytes, commit: Commit) -> None:
        """As in the contract."""
        self._pool.run(lambda c: mirror.commit(c, account, commit))

    # -- the keeper's

    def accounts(self) -> list[AccountLine]:
        """As in the contract."""
        query = (
            "SELECT id, coalesce(pool, 0), (SELECT count(*) FROM device WHERE account = account.id), month,"
            " coalesce(quota, %s) FROM account ORDER BY id"
        )
        return [AccountLine(*row) for row in self._pool.run(lambda c: rows(c, query, (protocol.QUOTA,)), READ)]

    def purge_account(self, account: bytes) -> None:
        """As in the contract."""

        def operation(c: Connection) -> None:
            mirror.present(c, account, lock=True)
            mirror.forget(c, account)

        self._pool.run(operation)

    def set_quota(self, account: bytes, size: int) -> None:
        """As in the contract."""
        kept = None if size == protocol.QUOTA else size
        done = self._pool.run(lambda c: c.execute("UPDATE account SET quota = %s WHERE id = %s", (kept, account)))
        if not done.rowcount:
            raise Missing

    def purge(self, *, month: int, day: int, dormant_months: int) -> int:
        """As in the contract."""

        def operation(c: Connection) -> int:
            query = "SELECT id FROM account WHERE month < %s ORDER BY id FOR UPDATE"
            dormant = rows(c, query, (month - dormant_months,))
            for (account,) in dormant:
                mirror.forget(c, account)
            c.execute("DELETE FROM share WHERE month < %s", (month,))
            c.execute("DELETE FROM invitation WHERE last_day < %s", (day,))
            c.execute("DELETE FROM offer WHERE last_day < %s", (day,))
            return len(dormant)

        gone = self._pool.run(operation)
        self._clean(month)
        return gone

    def numbers(self, *, month: int) -> Numbers:
        """As in the contract."""

        def operation(c: Connection) -> Numbers:
            pools = dict(rows(c, "SELECT coalesce(pool, 0), count(*) FROM account GROUP BY 1 ORDER BY 1"))
            devices = rows(c, "SELECT count(*) FROM device WHERE notice IS NULL")[0][0]
            query = "SELECT coalesce(min(month), 0), coalesce(max(month), 0) FROM share WHERE month >= %s"
            first, last = rows(c, query, (month,))[0]
            slots = rows(c, "SELECT coalesce(sum(held), 0)::bigint FROM pool")[0][0]
            return Numbers(pools, devices, first, last, rules.held_bytes(pools, slots))

        return self._pool.run(operation, READ)

    def _clean(self, month: int) -> None:
        """The small tables anew, in the order of their random keys, and the old files gone; twice in a month. What
        fails is left to the next purge."""
        cleaned = self._pool.run(lambda c: rows(c, "SELECT cleaned FROM schema"), READ)[0][0]
        if cleaned == 2 * month + 1:
            return
        done = 2 * month + (cleaned == 2 * month)
        try:
            for table in _REWRITTEN:
                self._rewrite(table)
            self._pool.run(lambda c: c.execute("UPDATE schema SET cleaned = %s", (done,)))
        except Unavailable:
            pass

    def _rewrite(self, table: str) -> None:
        # a transaction for each: the table is closed to others meanwhile
        query = sql.SQL("CLUSTER {} USING {}").format(sql.Identifier(table), sql.Identifier(f"{table}_pkey"))
        self._pool.run(lambda c: c.execute(query))


def _insert_device(c: Connection, account: bytes, signing_key: bytes) -> None:
    added = c.execute(
        "INSERT INTO device VALUES (%s, %s, %s, NULL) ON CONFLICT (id) DO NOTHING",
        (protocol.device_id(signing_key), account, signing_key),
    )
    if not added.rowcount:
        raise Exists
