"""The tables of the SQLite backend, and the steps from each version of them to the next.

What each column is for, and why the server may have it, is in docs/spec/sync-protocol.md section 9; a test compares.
`place` is a random number that joins a pool with its rows. A slot's or page's key is place * 2**18 + its number: one
integer, so that SQLite keeps the rows of a pool together, in the order of their numbers, whenever they were written.
No table has a row number of SQLite's own, since that would tell the order in which rows came.
"""

NUMBER_BITS = 18
"""Bits of a slot's number: protocol.POOL_MOST slots."""
PLACE_BITS = 44
"""So that a key is a positive 64-bit number."""
PAGE_SIZE = 8192
"""The least page of the database that holds every row whole: four slots, two pages, an account with its head. A chain
of overflow pages would be laid out in the order of writing."""
APPLICATION = 0x6F6E676D
"""Marks the file as ours."""

_FIRST = (
    "CREATE TABLE schema (version INTEGER PRIMARY KEY)",
    "INSERT INTO schema VALUES (0)",
    # version, generation, pool and head are NULL until the first commit; quota is NULL for the usual one
    """CREATE TABLE account (
        id BLOB PRIMARY KEY, month INTEGER NOT NULL, quota INTEGER,
        version INTEGER, generation BLOB, pool INTEGER, head BLOB
    ) WITHOUT ROWID""",
    "CREATE TABLE device (id BLOB PRIMARY KEY, account BLOB NOT NULL, signing_key BLOB NOT NULL, notice BLOB)"
    " WITHOUT ROWID",
    "CREATE INDEX device_account ON device (account)",
    # the present pool of an account and at most one that is being uploaded; `held` of its slots are there
    """CREATE TABLE pool (
        place INTEGER PRIMARY KEY, account BLOB NOT NULL, generation BLOB NOT NULL,
        pool INTEGER NOT NULL, held INTEGER NOT NULL
    )""",
    "CREATE UNIQUE INDEX pool_account ON pool (account, generation)",
    "CREATE TABLE slot (n INTEGER PRIMARY KEY, box BLOB NOT NULL)",
    "CREATE TABLE page (n INTEGER PRIMARY KEY, hash BLOB NOT NULL, box BLOB NOT NULL)",
    "CREATE TABLE share (account BLOB, month INTEGER, share BLOB NOT NULL, PRIMARY KEY (account, month)) WITHOUT ROWID",
    "CREATE TABLE invitation (digest BLOB PRIMARY KEY, uses INTEGER NOT NULL, last_day INTEGER NOT NULL) WITHOUT ROWID",
    "CREATE TABLE offer (id BLOB PRIMARY KEY, box BLOB NOT NULL, last_day INTEGER NOT NULL) WITHOUT ROWID",
)

STEPS: tuple[tuple[str, ...], ...] = (_FIRST,)
"""Statements of each step: STEPS[n] leads from version n to n + 1. A step that was released never changes."""
