-- A database as version 1 of the schema left it: one account with a whole pool, and one of everything else.
-- Written once; it does not change with the program.
PRAGMA page_size=8192;
PRAGMA application_id=1869506413;
CREATE TABLE schema (version INTEGER PRIMARY KEY);
CREATE TABLE account (
    id BLOB PRIMARY KEY, month INTEGER NOT NULL, quota INTEGER,
    version INTEGER, generation BLOB, pool INTEGER, head BLOB
) WITHOUT ROWID;
CREATE TABLE device (id BLOB PRIMARY KEY, account BLOB NOT NULL, signing_key BLOB NOT NULL, notice BLOB) WITHOUT ROWID;
CREATE INDEX device_account ON device (account);
CREATE TABLE pool (
    place INTEGER PRIMARY KEY, account BLOB NOT NULL, generation BLOB NOT NULL,
    pool INTEGER NOT NULL, held INTEGER NOT NULL
);
CREATE UNIQUE INDEX pool_account ON pool (account, generation);
CREATE TABLE slot (n INTEGER PRIMARY KEY, box BLOB NOT NULL);
CREATE TABLE page (n INTEGER PRIMARY KEY, hash BLOB NOT NULL, box BLOB NOT NULL);
CREATE TABLE share (account BLOB, month INTEGER, share BLOB NOT NULL, PRIMARY KEY (account, month)) WITHOUT ROWID;
CREATE TABLE invitation (digest BLOB PRIMARY KEY, uses INTEGER NOT NULL, last_day INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE offer (id BLOB PRIMARY KEY, box BLOB NOT NULL, last_day INTEGER NOT NULL) WITHOUT ROWID;
INSERT INTO schema VALUES (1);
INSERT INTO account VALUES (x'11111111111111111111111111111111', 300, NULL, 1, x'2222222222222222', 256, CAST(replace(hex(zeroblob(1153)), '00', char(68)) AS BLOB));
INSERT INTO device VALUES (x'cf8d997b80f81b5d', x'11111111111111111111111111111111', x'3333333333333333333333333333333333333333333333333333333333333333', NULL);
INSERT INTO pool VALUES (77, x'11111111111111111111111111111111', x'2222222222222222', 256, 256);
INSERT INTO slot WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 255)
    SELECT (77 << 18) + n, CAST(replace(hex(zeroblob(1984)), '00', char(85)) AS BLOB) FROM number;
INSERT INTO page WITH RECURSIVE number(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM number WHERE n < 13)
    SELECT (77 << 18) + n, CAST(replace(hex(zeroblob(32)), '00', char(102)) AS BLOB), CAST(replace(hex(zeroblob(3960)), '00', char(119)) AS BLOB) FROM number;
INSERT INTO share WITH RECURSIVE number(n) AS (SELECT 300 UNION ALL SELECT n + 1 FROM number WHERE n < 420)
    SELECT x'11111111111111111111111111111111', n, CAST(replace(hex(zeroblob(32)), '00', char(8)) AS BLOB) FROM number;
INSERT INTO invitation VALUES (x'9999999999999999999999999999999999999999999999999999999999999999', 2, 9000);
INSERT INTO offer VALUES (x'aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', CAST(replace(hex(zeroblob(512)), '00', char(123)) AS BLOB), 9000);
