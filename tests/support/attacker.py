"""Somebody with every old file, every passphrase there ever was, and the program's own code (adversaries C and F).

Tries every key that can be derived on everything that was ever sealed, until nothing new comes out.
"""

import os
import struct
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from itertools import product
from typing import Any

import sqlcipher3

from tests.support.vaults import Snapshot
from vault import errors, limits, sodium
from vault.crypto import aead, recovery, stretch
from vault.crypto.derive import backup_key, database_key, epoch_wrap_key, static_wrap_key, with_factor
from vault.crypto.inbox import open_jot
from vault.formats import anchorfile, lockrow
from vault.formats import backup as backup_format
from vault.formats import header as header_format
from vault.formats import jot as jot_format
from vault.formats import settings as settings_format
from vault.formats.header import Header, header_hash
from vault.formats.lockrow import LockRow
from vault.formats.reader import FormatError
from vault.ledger import FREE, decode_pages
from vault.service.backup import NAME as BACKUP

_FOLLOWING = bytes(settings_format.PAYLOAD * (limits.SETTINGS_PAGES - 1))


class Attacker:
    """Takes loot, and says what it can read."""

    def __init__(
        self,
        images: Iterable[Snapshot],
        secrets: Iterable[str],
        factors: Iterable[bytes] = (),
        *,
        slots_from_backups_only: bool = False,
    ) -> None:
        """`images` are all versions of all files, backups and jots among them, `secrets` every passphrase and recovery
        code, `factors` the secrets of second factors. `slots_from_backups_only`: whoever never saw a slot elsewhere."""
        self._secrets, self._factors = list(secrets), list(factors)
        self._headers: dict[bytes, Header] = {}
        self._databases: dict[bytes, None] = {}
        self._anchors: set[bytes] = set()
        self._backups: set[bytes] = set()
        self._jots: set[bytes] = set()
        self._inbox_secrets: set[bytes] = set()
        self._slots_from_backups_only = slots_from_backups_only
        for image in images:
            self._take(image)
        self._stretched: set[bytes] = set()
        self._mixed: set[tuple[bytes, bytes]] = set()
        """What a factor was mixed into, and the method that alone takes it."""
        self._rows: dict[str, set[tuple[int, bytes]]] = {"slot": set(), "page": set(), "head": set()}
        self._settings_pages: set[bytes] = set()
        self.payloads: set[bytes] = set()
        """What was opened: the plaintext of slots."""

    def _take(self, image: Snapshot) -> None:
        for name, raw in image.items():
            kind = os.path.basename(name)
            if kind.startswith("header"):
                try:
                    self._headers[header_hash(raw)] = header_format.decode(raw)
                except FormatError:
                    continue
            elif kind in ("vault.db", "vault.db.new"):
                self._databases[raw] = None
                if journal := image.get(name + "-journal"):
                    self._databases[rolled_back(raw, journal)] = None
            elif kind == BACKUP:
                self._backups.add(raw)
            elif len(raw) in jot_format.SIZES and os.path.basename(os.path.dirname(name)) == "inbox":
                self._jots.add(raw)
            elif kind.startswith("anchor"):
                try:
                    self._anchors.add(anchorfile.decode(raw).secret)
                except FormatError:
                    continue

    def reads(self) -> bytes:
        """Everything that can be opened, one payload after the other."""
        self._stretch()
        self._read_databases()
        before = -1
        while before != len(self._stretched) + len(self.payloads):
            before = len(self._stretched) + len(self.payloads)
            for key in set(self._epoch_keys()):
                self._open_pages(key)
        self._open_jots()
        return b"\n".join([*self.payloads, *self._settings_pages])

    @property
    def _vault_ids(self) -> set[bytes]:
        return {header.vault_id for header in self._headers.values()}

    @property
    def _methods(self) -> set[bytes]:
        return {method.id for header in self._headers.values() for method in header.methods}

    def _stretch(self) -> None:
        salts = {(method.salt, method.cost) for header in self._headers.values() for method in header.methods}
        for secret in self._secrets:
            code = recovery.normalise(secret)
            for data in [stretch.passphrase_bytes(secret), *([code.encode()] if code else [])]:
                bases = {stretch.stretch(data, salt, cost) for salt, cost in salts}
                self._stretched |= bases
                mixed = product(bases, self._methods, self._factors)
                self._mixed |= {(with_factor(base, method, factor), method) for base, method, factor in mixed}

    def _stretched_for_methods(self) -> Iterable[tuple[bytes, bytes]]:
        return self._mixed | set(product(self._stretched, self._methods))

    def _statics(self) -> Iterator[bytes]:
        wraps = {method.wrap for header in self._headers.values() for method in header.methods}
        for vault_id in self._vault_ids:
            for stretched, method in self._stretched_for_methods():
                key = static_wrap_key(stretched, vault_id, method)
                yield from _opened(key, vault_id, aead.STATIC_WRAP, 0, wraps)

    def _read_databases(self) -> None:
        for static in set(self._statics()):
            for raw in self._databases:
                with database(raw, database_key(static, raw[:16])) as connection:
                    for table, rows in self._rows.items():
                        if table != "slot" or not self._slots_from_backups_only:
                            rows.update(_all_rows(connection, table))
            for raw in self._backups:
                self._rows["slot"].update(_boxes_in(raw, static))

    def _lock_rows(self) -> Iterator[LockRow]:
        for number, row in self._rows["head"]:
            if number == 0:
                try:
                    yield lockrow.decode(row)
                except FormatError:
                    continue

    def _epoch_keys(self) -> Iterator[bytes]:
        for row in self._lock_rows():
            hashes = {row.header_hash, *self._headers}
            for vault_id in self._vault_ids:
                for stretched, method in self._stretched_for_methods():
                    for anchor in self._anchors:
                        for digest in hashes:
                            key = epoch_wrap_key(stretched, anchor, digest, row.epoch, method)
                            yield from _opened(key, vault_id, aead.EPOCH_WRAP, 0, set(row.wraps.values()))

    def _open_pages(self, key: bytes) -> None:
        boxes: dict[int, set[bytes]] = {}
        for number, box in self._rows["slot"]:
            boxes.setdefault(number, set()).add(box)
        for vault_id in self._vault_ids:
            for number, box in self._rows["page"]:
                for payload in _opened(key, vault_id, aead.PAGE, number, {box}):
                    if number < limits.SETTINGS_PAGES:
                        self._settings(payload)
                    else:
                        self._entries(payload, number - limits.SETTINGS_PAGES, vault_id, boxes)

    def _settings(self, payload: bytes) -> None:
        self._settings_pages.add(payload)
        try:
            # the methods come first and lie in the first page, whatever follows them
            settings = settings_format.decode([payload[: 42 + 48 * payload[41]], _FOLLOWING])
        except FormatError:
            return
        self._stretched |= set(settings.stretched.values())
        self._inbox_secrets.add(settings.inbox)

    def _open_jots(self) -> None:
        for secret in self._inbox_secrets:
            for vault_id in self._vault_ids:
                for raw in self._jots:
                    with suppress(aead.BoxRefused):
                        self.payloads.add(open_jot(secret, sodium.public_of(secret), vault_id, raw))

    def _entries(self, payload: bytes, page: int, vault_id: bytes, boxes: dict[int, set[bytes]]) -> None:
        ledger = decode_pages([payload], limits.PAGE_ENTRIES)
        for at in range(limits.PAGE_ENTRIES):
            if ledger.kinds[at] != FREE:
                slot = page * limits.PAGE_ENTRIES + at
                found = _opened(ledger.entry(at).key, vault_id, aead.SLOT, slot, boxes.get(slot, set()))
                self.payloads.update(found)


def _boxes_in(raw: bytes, static: bytes) -> Iterator[tuple[int, bytes]]:
    """The slots in a backup whose outer layer this static secret opens."""
    found = backup_format.decode(raw[: backup_format.SECTOR])
    key = backup_key(static, found.vault_id)
    for segment in range(found.segments):
        start = backup_format.place_of(segment)
        box = raw[start : start + backup_format.SEGMENT]
        for plain in _opened(key, found.vault_id, aead.BACKUP, segment, [box]):
            yield from enumerate(backup_format.split(plain), segment * limits.BACKUP_SEGMENT)


def _opened(key: bytes, vault_id: bytes, kind: bytes, index: int, boxes: Iterable[bytes]) -> Iterator[bytes]:
    for box in boxes:
        try:
            yield aead.open_box(key, vault_id, kind, index, box)
        except aead.BoxRefused:
            continue


def _all_rows(connection: Any, table: str) -> list[tuple[int, bytes]]:
    try:
        return list(connection.execute(f"SELECT n, box FROM {table}"))
    except sqlcipher3.Error:
        return []


@contextmanager
def database(raw: bytes, key: bytes) -> Iterator[Any]:
    """A connection to a copy of a SQLCipher file."""
    with tempfile.TemporaryDirectory(prefix="loot-") as folder:
        path = os.path.join(folder, "loot.db")
        with open(path, "wb") as file:
            file.write(raw)
        connection = sqlcipher3.connect(path, isolation_level=None)
        try:
            connection.execute("PRAGMA cipher_log_level=NONE")
            connection.execute(f"PRAGMA key=\"x'{key.hex()}{raw[:16].hex()}'\"")
            yield connection
        finally:
            connection.close()


def rolled_back(raw: bytes, journal: bytes) -> bytes:
    """A database file with every page image of its rollback journal put back, whatever the journal's header says."""
    sector, size = struct.unpack(">II", journal[20:28])
    if not sector or size != 4096:
        return raw
    out = bytearray(raw)
    for at in range(sector, len(journal) - size - 7, size + 8):
        number = struct.unpack(">I", journal[at : at + 4])[0]
        if 1 <= number <= len(raw) // size:
            out[(number - 1) * size : number * size] = journal[at + 4 : at + 4 + size]
    return bytes(out)


def refused(error: BaseException) -> bool:
    """Whether the program said no, and not that it broke."""
    return isinstance(error, errors.VaultError)
