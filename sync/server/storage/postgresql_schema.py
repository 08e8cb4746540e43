"""The tables of the PostgreSQL backend, and the steps from each version of them to the next.

What each column is for, and why the server may have it, is in docs/spec/sync-protocol.md section 9; a test compares.
`place` is a random number that joins a pool with its rows: eight bytes instead of account and generation, so that a
slot stays below the size from which PostgreSQL would move its box to another table, in pieces.
"""

PLACE_BITS = 62

_FIRST = (
    # cleaned: twice the last month in which destroyed rows were also taken out of the tables' files, and one more when
    # that was done again (postgresql.py says why)
    "CREATE TABLE schema (version int NOT NULL, cleaned int NOT NULL)",
    "INSERT INTO schema VALUES (0, 0)",
    # version, generation, pool and head are NULL until the first commit; quota is NULL for the usual one
    """CREATE TABLE account (
        id bytea PRIMARY KEY, month int NOT NULL, quota bigint,
        version bigint, generation bytea, pool int, head bytea
    )""",
    "CREATE TABLE device (id bytea PRIMARY KEY, account bytea NOT NULL, signing_key bytea NOT NULL, notice bytea)",
    "CREATE INDEX device_account ON device (account)",
    # the present pool of an account and at most one that is being uploaded; `held` of its slots are there
    """CREATE TABLE pool (
        place bigint PRIMARY KEY, account bytea NOT NULL, generation bytea NOT NULL,
        pool int NOT NULL, held int NOT NULL
    )""",
    "CREATE UNIQUE INDEX pool_account ON pool (account, generation)",
    "CREATE TABLE slot (place bigint, n int, box bytea NOT NULL, PRIMARY KEY (place, n))",
    "CREATE TABLE page (place bigint, n int, hash bytea NOT NULL, box bytea NOT NULL, PRIMARY KEY (place, n))",
    # no attempt to compress random bytes, nor to move them elsewhere
    "ALTER TABLE slot ALTER COLUMN box SET STORAGE PLAIN",
    "ALTER TABLE page ALTER COLUMN box SET STORAGE PLAIN",
    "CREATE TABLE share (account bytea, month int, share bytea NOT NULL, PRIMARY KEY (account, month))",
    "CREATE TABLE invitation (digest bytea PRIMARY KEY, uses int NOT NULL, last_day int NOT NULL)",
    "CREATE TABLE offer (id bytea PRIMARY KEY, box bytea NOT NULL, last_day int NOT NULL)",
    # oldest first; empty after the database fell, so that devices ask for new ones
    "CREATE UNLOGGED TABLE nonce (device bytea PRIMARY KEY, nonces bytea[] NOT NULL)",
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST,)
"""Statements of each step: STEPS[n] leads from version n to n + 1. A step that was released never changes."""
