-- A database as version 1 of the schema left it: one account with a whole pool, and one of everything else.
-- Written once; it does not change with the program.
CREATE TABLE schema (version int NOT NULL, cleaned int NOT NULL);
CREATE TABLE account (
    id bytea PRIMARY KEY, month int NOT NULL, quota bigint,
    version bigint, generation bytea, pool int, head bytea
);
CREATE TABLE device (id bytea PRIMARY KEY, account bytea NOT NULL, signing_key bytea NOT NULL, notice bytea);
CREATE INDEX device_account ON device (account);
CREATE TABLE pool (
    place bigint PRIMARY KEY, account bytea NOT NULL, generation bytea NOT NULL,
    pool int NOT NULL, held int NOT NULL
);
CREATE UNIQUE INDEX pool_account ON pool (account, generation);
CREATE TABLE slot (place bigint, n int, box bytea NOT NULL, PRIMARY KEY (place, n));
CREATE TABLE page (place bigint, n int, hash bytea NOT NULL, box bytea NOT NULL, PRIMARY KEY (place, n));
ALTER TABLE slot ALTER COLUMN box SET STORAGE PLAIN;
ALTER TABLE page ALTER COLUMN box SET STORAGE PLAIN;
CREATE TABLE share (account bytea, month int, share bytea NOT NULL, PRIMARY KEY (account, month));
CREATE TABLE invitation (digest bytea PRIMARY KEY, uses int NOT NULL, last_day int NOT NULL);
CREATE TABLE offer (id bytea PRIMARY KEY, box bytea NOT NULL, last_day int NOT NULL);
CREATE UNLOGGED TABLE nonce (device bytea PRIMARY KEY, nonces bytea[] NOT NULL);
INSERT INTO schema VALUES (1, 0);
INSERT INTO account VALUES ('\x11111111111111111111111111111111', 300, NULL, 1, '\x2222222222222222', 256, decode(repeat('44', 1153), 'hex'));
INSERT INTO device VALUES ('\xcf8d997b80f81b5d', '\x11111111111111111111111111111111', '\x3333333333333333333333333333333333333333333333333333333333333333', NULL);
INSERT INTO pool VALUES (77, '\x11111111111111111111111111111111', '\x2222222222222222', 256, 256);
INSERT INTO slot SELECT 77, n, decode(repeat('55', 1984), 'hex') FROM generate_series(0, 255) AS n;
INSERT INTO page SELECT 77, n, decode(repeat('66', 32), 'hex'), decode(repeat('77', 3960), 'hex') FROM generate_series(0, 13) AS n;
INSERT INTO share SELECT '\x11111111111111111111111111111111', month, decode(repeat('88', 32), 'hex') FROM generate_series(300, 420) AS month;
INSERT INTO invitation VALUES ('\x9999999999999999999999999999999999999999999999999999999999999999', 2, 9000);
INSERT INTO offer VALUES ('\xaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa', decode(repeat('7b', 512), 'hex'), 9000);
