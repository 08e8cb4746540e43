"""Every limit of the core, with unit and reason (docs/spec/vault.md section 9)."""

# -- notes
NOTE_BYTES = 1 << 20
"""Longest note, bytes of UTF-8: 500 pages of writing; anything longer is not a session note."""
PASSPHRASE_CHARACTERS = 8
"""Shortest passphrase, characters. The floor against slips of the finger, not a measure of strength."""
PASSPHRASE_BYTES = 4096
"""Longest passphrase, bytes of UTF-8."""

# -- pool
SLOT_BOX = 1984
"""Bytes of a slot box: two fill one 4 KiB database page without overflow (docs/adr/0004)."""
PAGE_BOX = 3960
"""Bytes of a ledger page box: one fills one 4 KiB database page without overflow."""
PAGE_ENTRIES = 64
"""Ledger entries in a page."""
SETTINGS_PAGES = 8
"""Ledger pages that together hold the sealed settings."""
ALLOWED_WORDS = 1000
"""Words that a vault's guard leaves alone: more would be a list of people, which is what the guard is against."""
ALLOWED_WORD_BYTES = 100
"""Longest allowed word or name, bytes of UTF-8."""
ALLOWED_BYTES = 8192
"""All allowed words together, length bytes included: a quarter of the settings."""
TEMPLATES = 24
"""Templates in a vault: what a list on one screen shows."""
TEMPLATE_NAME_BYTES = 80
"""Longest name of a template, bytes of UTF-8."""
TEMPLATE_BYTES = 4000
"""Longest text of a template, bytes of UTF-8: a page of questions."""
TEMPLATES_BYTES = 12_288
"""All templates together, length bytes included: with the allowed words, two thirds of the settings."""
ENGAGEMENTS = 128
"""Open engagements: twice what a full practice has at one time."""
ALIAS_BYTES = 64
"""Longest alias of an engagement, bytes of UTF-8: a word or two."""
ENGAGEMENTS_BYTES = 7168
"""All engagements together: 128 with an alias of 20 bytes."""
ORDINAL_MOST = 0xFFFF
"""The highest ordinal: a tag has two bytes for it."""
REQUEST_MONTHS = 60
"""Months of which the number of requests is kept: five years, as long as a complaint may take."""
REQUESTS_MOST = 0xFFFF
"""Requests of one kind in a month that are counted."""
UNDER_WAY = 8
"""Receipts that may wait at a time, an unfinished copy included."""
PATH_BYTES = 1024
"""Longest path of an unfinished copy that is remembered, bytes."""
LOCK_ROW = 1024
"""Bytes of the row that holds the wrapped epoch key."""
HEAD_BOX = 512
"""Bytes of the head's box."""
POOL_LEAST = 256
"""Slots of a new vault."""
POOL_MOST = 1 << 22
"""Slots of the largest pool, 8 GiB: bounds what a hostile file can make us allocate."""
PAGES_MOST = SETTINGS_PAGES + POOL_MOST // PAGE_ENTRIES
"""Ledger pages of the largest pool."""
DATABASE_BYTES = 10 << 30
"""A vault.db or its journal at most, bytes: a tenth more than the largest pool's. Bounds what is copied to be read."""

# -- sync: docs/spec/sync-protocol.md has the bytes
DEVICES = 12
"""Devices of an account, removed ones included while they are remembered: a bit for each in a tomb."""
DEVICE_NAME_BYTES = 24
"""Longest name of a device, bytes of UTF-8: two words."""
SERVER_URL_BYTES = 200
"""Longest address of a server, bytes of ASCII."""
SERVER_POOL_MOST = 1 << 18
"""Slots of the largest pool on a server, 512 MiB: what a server may make us allocate."""
SHARE_MARKS = 160
"""Months of which page 9 names the share: those that a server holds ahead (120), and what is past meanwhile."""
CHAIN = 8
"""Certificates in a notice: as far as anybody's adder is from a device that the removed one knows."""
OFFERED_DEVICES = 9
"""Devices that an offer names, the adder among them: what fits it."""

# -- the client's papers
CLAIM_BYTES = 11
"""Bytes of a claim code: 88 bits."""
CLAIM_WORDS = 8
"""Words of a claim code, 11 bits each."""
RECEIPT_BYTES = 4096
"""Longest receipt that is read: ten times a real one."""

# -- unlock methods
METHODS_MOST = 8
"""Unlock methods in a header; what fits LOCK_ROW."""
HEADER_BYTES = 4096
"""Size of the header file, padding included."""

FACTORS = 4
"""Second factors: two security keys, a key file, and one to spare."""
FACTOR_BYTES = 512
"""Longest description of a second factor in the header, bytes: the credential id of a security key and a salt."""
KEY_FILE_LEAST = 32
KEY_FILE_MOST = 1 << 20
"""Bytes of a key file: no fewer than a key has, and no more than is read in a moment."""
SECURITY_KEY_ANSWER = 5.0
"""Seconds in which a security key answers what needs nobody's touch."""
SECURITY_KEY_TOUCH = 60.0
"""Seconds in which somebody touches it; most keys give up after 30 themselves."""
SECURITY_KEY_STOP = 1.0
"""Seconds in which it stops waiting when it is told to."""

# -- places: docs/spec/places.md has the bytes
PLACES = 6
"""Recovery sticks of a vault: more are not kept up to date."""
PLACE_FOLDER_BYTES = 200
"""Longest name of a place's folder, bytes of UTF-8."""
ANCESTORS = 4
"""Vaults that one was restored from, one after the other, that are remembered: so that their sticks are known again."""
OPEN_RECEIPTS = 8
"""Receipts that are out while places have yet to confirm."""
RECEIPT_MONTHS = 12
"""Months after which an open receipt is given up: a device that was away so long joins anew, too."""
SETTINGS_SPARE = 2048
"""Bytes of the settings that adding never takes: what has to be written in any case always finds room."""
BACKUP_SEGMENT = 64
"""Slots in a segment of a backup, 124 KiB: what is written anew when one of them changes."""
JOT_BYTES = 1 << 20
"""Longest jot, bytes of UTF-8: as long as a note."""
JOTS = 1000
"""Jots that may wait: what one unlocking takes in, in a moment."""
INBOX_BYTES = 1 << 26
"""Bytes of all files of jots that may wait: what one taking in holds in memory."""
INBOX_LOOKED_AT = 4096
"""Names in the inbox that unlocking looks at: twice the jots that may wait, and what lies between them."""
RECORD_BYTES = 1 << 18
"""Longest register kept in the vault, bytes of UTF-8: a hundred entries of a page."""
BREACHES = 200
"""Entries in the register of breaches: far more than a practice has in its life."""
BREACH_TEXT_BYTES = 4000
"""Longest answer in an entry of that register, bytes of UTF-8: a page."""
BREACH_NUMBER_MOST = 0xFFFF
"""The highest number of an entry: numbers are not used again while a later one is there."""
PAPER_LINE_BYTES = 200
"""Longest name of a practice and way to reach it on a paper, bytes of UTF-8: what fits on two lines."""

EPOCH_BYTES = 16
"""Bytes of an epoch's id."""

# -- months
RELEASE_MONTH = 322
"""November 2026: a clock before the month of this release is wrong (months since January 2000)."""
MONTH_MOST = 0xFFFF
"""The last month that two bytes hold."""
JUMP_MONTHS = 2
"""A clock further ahead of the last unlock than this destroys nothing until somebody confirms it."""
INIT_AHEAD_MONTHS = 120
"""A new vault with the clock further ahead of the release than this needs a confirmation."""
KEEP_LEAST_MONTHS = 2
KEEP_MOST_MONTHS = 120

# -- exports: docs/spec/export.md has the bytes
EXPORT_BYTES = 1 << 26
"""Largest document of an export, bytes: 64 longest notes, and what a browser still opens."""
EXPORT_ITERATIONS = 600_000
"""PBKDF2-HMAC-SHA-256 iterations of a sealed page, and the least that is opened: a quarter of a second."""
EXPORT_ITERATIONS_MOST = 10_000_000
"""The most that is opened: a forged file can't keep a reader busy for longer than some seconds."""
EXPORT_CODE_WORDS = 6
"""Words of an export's code: 66 bits, and few enough to read out by telephone."""

TPM_STEPS = 1000
"""Steps of a TPM's counter for one new epoch at most. One, and one for each change since the last epoch that did not
happen; more than these only a forged file asks for, and each wears the TPM a little."""
