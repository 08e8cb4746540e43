"""A vault on disk for a test: its two folders, its secrets, and a calendar that stands still until a test moves it."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import sqlcipher3

from vault.crypto.derive import database_key
from vault.formats import header as header_format
from vault.formats.enrolled import ACTIVE, NO_KEY, Enrolled, KnownDevice
from vault.formats.header import Header
from vault.handles import number_of
from vault.months import first_day, month_of, parse_period
from vault.service import AtHand, Paths, Person, Vault, create_vault, open_vault
from vault.service.change import commit
from vault.service.methods import Factors, find_static

PASSPHRASE = "paard accu nietje"
DAY = date(2026, 11, 22)
CANARY = "kanarie KANARIE kanarie"
Snapshot = dict[str, bytes]
"""Path inside the place (data/… or state/…) → content, of every file but the process lock, which is always empty."""


class Place:
    """Where a vault lives. Nothing is there until `create`."""

    def __init__(self, folder: Path, day: date = DAY) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.state = folder / "state"
        self.paths = Paths(str(self.data), str(self.state))
        self.day = day
        self.passphrase = PASSPHRASE
        self.code = ""
        self.person: Person | None = None
        """Who has the second factors."""

    def clock(self) -> date:
        """The calendar."""
        return self.day

    def to_month(self, month: int) -> None:
        """Moves the calendar to the first day of a month."""
        self.day = first_day(month)

    def create(self, keep: str = "1y", cost: str = "fast") -> Vault:
        """A new vault, open."""
        vault, self.code = create_vault(
            self.paths, self.passphrase, keep=parse_period(keep), clock=self.clock, cost=cost
        )
        return vault

    def open(self, secret: str | None = None) -> Vault:
        """The vault, unlocked."""
        return open_vault(self.paths, secret or self.passphrase, clock=self.clock, factors=self.factors)

    @property
    def factors(self) -> Factors | None:
        """What `open_vault` asks for second factors."""
        return AtHand(self.person) if self.person is not None else None

    # -- files

    @property
    def header(self) -> Path:
        """The header file."""
        return self.data / "header"

    @property
    def db(self) -> Path:
        """The database file."""
        return self.data / "vault.db"

    @property
    def anchor(self) -> Path:
        """The anchor file of the vault that the header names."""
        return Path(self.paths.anchor(self.read_header().vault_id)) / "anchor"

    def read_header(self) -> Header:
        """The header, decoded."""
        return header_format.decode(self.header.read_bytes())

    def snapshot(self) -> Snapshot:
        """Every file as it is now."""
        found = {}
        for root in (self.data, self.state):
            for folder, _, names in os.walk(root):
                for name in names:
                    path = Path(folder, name)
                    if name != "lock":
                        found[str(path.relative_to(self.folder))] = path.read_bytes()
        return found

    def restore(self, snapshot: Snapshot) -> None:
        """Puts every file back as it was then, and nothing else."""
        for root in (self.data, self.state):
            shutil.rmtree(root, ignore_errors=True)
        for name, content in snapshot.items():
            path = self.folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)

    # -- what somebody with the secret can do without the program

    def database_key(self, raw: bytes | None = None, secret: str | None = None) -> bytes:
        """SQLCipher's key for the database, or for another version of it."""
        salt = (raw or self.db.read_bytes())[:16]
        return database_key(find_static(self.read_header(), secret or self.passphrase, self.factors)[2], salt)

    @contextmanager
    def database(self) -> Iterator[Any]:
        """A connection to the database past the program; what is changed is committed."""
        connection = sqlcipher3.connect(self.db, isolation_level=None)
        try:
            key = self.database_key().hex() + self.db.read_bytes()[:16].hex()
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f"PRAGMA key=\"x'{key}'\"")
            yield connection
        finally:
            connection.close()


def enrolled(vault: Vault, index: int = 0, **fields: Any) -> Enrolled:
    """Puts an open vault into the state of an enrolled one, with a made-up account; `fields` are those of Enrolled."""
    devices = tuple(
        KnownDevice(at, ACTIVE, os.urandom(32), 1, month_of(DAY), f"apparaat {at}") for at in sorted({0, 1, index})
    )
    made = Enrolled(
        account=os.urandom(16),
        index=index,
        signing=os.urandom(32),
        receive=os.urandom(32),
        next_receive=NO_KEY,
        prepared=0,
        url="https://notities.voorbeeld.nl",
        pin=os.urandom(32),
        receipt_key=os.urandom(32),
        country="nl",
        version=1,
        head=os.urandom(32),
        written=1,
        generation=os.urandom(8),
        common=os.urandom(16),
        server_month=month_of(DAY),
        synced=month_of(DAY),
        shaped=0,
        devices=devices,
    )._replace(**fields)
    state = vault._state
    commit(state, settings=state.settings._replace(enrolled=made, origin=state.origin))
    return made


def slots_of(vault: Vault, handle: str) -> list[int]:
    """The slots of a note, in reading order."""
    ledger = vault._state.ledger
    first = ledger.find(number_of(handle))
    assert first is not None
    return ledger.chain(first)


def expiry_of(vault: Vault, handle: str) -> int:
    """The month at whose end a note expires."""
    return vault._state.ledger.expiries[slots_of(vault, handle)[0]]
