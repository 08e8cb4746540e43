"""P11: rollback, replay, transplant, truncation, injection of slots, pages, heads, headers, anchors: detected, named,
refused, and nothing overwritten.

Seen to fail: `is_newest` always true (older copies of one epoch open); the anchor's epoch not compared; the root over
the pages not compared (the mixed pages); the index left out of a box's place, and the vault's id (forged slots);
H(header) not compared (the swapped inbox key, older headers); the schema, the rows beyond and the rows' types not
looked at; the header's checksum not compared.
"""

from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import pytest

from tests.support import cheap_kdf
from tests.support.camera import Camera
from tests.support.vaults import PASSPHRASE, Place, Snapshot, slots_of
from vault import errors, limits
from vault.crypto import aead, stretch
from vault.formats import anchorfile
from vault.formats import header as header_format
from vault.formats.reader import FormatError

MANY = 120
JOURNAL_MAGIC = bytes.fromhex("d9d505f920a163d7")
NEW = "een heel andere wachtzin"


class Past(NamedTuple):
    """One vault at several times. `added` is of the same epoch as `first`; each one after it begins a new epoch."""

    place: Place
    first: Snapshot
    added: Snapshot
    shredded: Snapshot
    changed: Snapshot
    kept: str
    """A living note's handle, in every snapshot."""


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Past:
    """Lived through once: making it takes longer than any of these tests."""
    before = stretch.POLICY
    cheap_kdf.install()
    try:
        return live(Place(tmp_path_factory.mktemp("past")))
    finally:
        stretch.POLICY = before


@pytest.fixture
def past(place: Place, lived: Past) -> Past:
    """The same past in a folder of this test's own."""
    place.code = lived.place.code
    place.restore(lived.changed)
    return lived._replace(place=place)


def live(place: Place) -> Past:
    with place.create() as vault:
        kept, gone = vault.add("blijft").handle, vault.add("gaat weg").handle
        first = place.snapshot()
        vault.add_many(["later geschreven"] * MANY)
        added = place.snapshot()
        vault.shred([gone])
        shredded = place.snapshot()
        vault.change_passphrase(NEW)
        changed = place.snapshot()
    return Past(place, first, added, shredded, changed, kept)


def mixed(newer: Snapshot, older: Snapshot, name: str) -> Snapshot:
    """Everything as it is, and one file (by the end of its name) from another time."""
    return {path: older[path] if path.endswith(name) else raw for path, raw in newer.items()}


def refused(place: Place, state: Snapshot, secret: str | None = None) -> type[BaseException]:
    """How the program refuses these files; they must be the same files afterwards."""
    place.restore(state)
    with pytest.raises(errors.VaultError) as raised:
        place.open(secret).close()
    assert place.snapshot() == state, "something was overwritten"
    return raised.type


# -- older copies ------------------------------------------------------------------------------------------------------


def test_an_older_database_of_the_same_epoch_is_a_rollback(past: Past) -> None:
    assert refused(past.place, mixed(past.added, past.first, "vault.db")) is errors.RolledBack


def test_an_older_database_of_an_older_epoch_has_no_anchor(past: Past) -> None:
    assert refused(past.place, mixed(past.shredded, past.added, "vault.db")) is errors.AnchorMismatch
    assert refused(past.place, mixed(past.shredded, past.first, "vault.db")) is errors.AnchorMismatch


def test_an_older_anchor_is_of_another_epoch(past: Past) -> None:
    assert refused(past.place, mixed(past.shredded, past.added, "/anchor")) is errors.AnchorMismatch


def test_an_older_anchor_of_the_same_epoch_does_not_know_the_newer_head(past: Past) -> None:
    assert refused(past.place, mixed(past.added, past.first, "/anchor")) is errors.RolledBack


def test_the_whole_data_folder_of_earlier_is_refused(past: Past) -> None:
    older = {name: raw for name, raw in past.shredded.items() if name.startswith("data/")}
    newer = {name: raw for name, raw in past.changed.items() if name.startswith("state/")}
    assert refused(past.place, {**older, **newer}) is errors.AnchorMismatch


def test_the_refusal_holds_however_often_one_tries(past: Past) -> None:
    state = mixed(past.added, past.first, "vault.db")
    assert {refused(past.place, state) for _ in range(5)} == {errors.RolledBack}
    past.place.restore(past.added)
    past.place.open().close()


def test_the_header_of_before_the_change_of_passphrase_opens_nothing(past: Past) -> None:
    state = mixed(past.changed, past.shredded, "data/header")
    assert refused(past.place, state) is errors.HeaderDamaged
    assert refused(past.place, state, past.place.code) is errors.HeaderDamaged
    assert refused(past.place, state, NEW) is errors.WrongSecret


def test_an_older_journal_put_back_is_a_rollback(past: Past, monkeypatch: pytest.MonkeyPatch) -> None:
    place = past.place
    place.restore(past.first)
    with place.open() as vault, monkeypatch.context() as patch:
        camera = Camera(place, patch)
        vault.add("een")
    later = place.snapshot()
    journal = next(image["data/vault.db-journal"] for image in camera.images if "data/vault.db-journal" in image)
    # as it is on the disk just before a commit: with its magic and the number of its records
    records = (len(journal) - int.from_bytes(journal[20:24], "big")) // (4096 + 8)
    journal = JOURNAL_MAGIC + records.to_bytes(4, "big") + journal[12:]
    place.restore({**later, "data/vault.db-journal": journal})
    with pytest.raises(errors.RolledBack):
        place.open()
    # SQLite played it back, which is as if the older pages had been written into the file; nothing else changed
    assert place.snapshot() == {**later, "data/vault.db": place.db.read_bytes()} != later
    place.restore(later)
    place.open().close()


# -- mixed rows --------------------------------------------------------------------------------------------------------


def rows(place: Place, state: Snapshot, table: str) -> dict[int, bytes]:
    place.restore(state)
    with place.database() as database:
        return dict(database.execute(f"SELECT n, box FROM {table}"))


def with_row(past: Past, newer: Snapshot, older: Snapshot, table: str, number: int) -> Snapshot:
    """The newer files with one row of the older ones in the database."""
    box = rows(past.place, older, table)[number]
    past.place.restore(newer)
    past.place.passphrase = NEW if newer is past.changed else PASSPHRASE
    with past.place.database() as database:
        assert database.execute(f"UPDATE {table} SET box=? WHERE n=?", (box, number)).rowcount == 1
    return past.place.snapshot()


def test_one_ledger_page_of_an_earlier_version_is_noticed(past: Past) -> None:
    changed = 0
    before, after = (rows(past.place, state, "page") for state in (past.first, past.added))
    for number in before:
        if before[number] != after[number]:
            changed += 1
            state = with_row(past, past.added, past.first, "page", number)
            assert refused(past.place, state) is errors.LedgerTampered
    assert changed == 4, "every page of entries was written by so many notes"


def test_one_ledger_page_of_an_earlier_epoch_is_noticed(past: Past) -> None:
    for number in (0, 7, 8, 11):
        state = with_row(past, past.shredded, past.added, "page", number)
        assert refused(past.place, state) is errors.LedgerTampered


def test_an_earlier_head_is_noticed(past: Past) -> None:
    assert refused(past.place, with_row(past, past.added, past.first, "head", 1)) is errors.RolledBack
    assert refused(past.place, with_row(past, past.shredded, past.added, "head", 1)) is errors.LedgerTampered


def test_an_earlier_lock_row_is_noticed(past: Past) -> None:
    assert refused(past.place, with_row(past, past.shredded, past.added, "head", 0)) is errors.AnchorMismatch
    # the one before a change of passphrase names another header
    assert refused(past.place, with_row(past, past.changed, past.shredded, "head", 0), NEW) is errors.HeaderDamaged


def test_all_rows_but_the_head_of_an_earlier_version_are_noticed(past: Past) -> None:
    pages = rows(past.place, past.first, "page")
    past.place.restore(past.added)
    with past.place.database() as database:
        database.executemany("UPDATE page SET box=? WHERE n=?", [(box, number) for number, box in pages.items()])
    assert refused(past.place, past.place.snapshot()) is errors.LedgerTampered


def test_swapped_ledger_pages_are_noticed(past: Past) -> None:
    pages = rows(past.place, past.added, "page")
    with past.place.database() as database:
        database.executemany("UPDATE page SET box=? WHERE n=?", [(pages[8], 9), (pages[9], 8)])
    assert refused(past.place, past.place.snapshot()) is errors.LedgerTampered


def slot_refused(place: Place, handle: str) -> None:
    """Showing this note is refused by name; so is a list with it in it; the files stay as they are."""
    header, database = place.header.read_bytes(), place.db.read_bytes()
    with place.open() as vault:
        with pytest.raises(errors.SlotTampered):
            vault.show(handle)
        with pytest.raises(errors.SlotTampered):
            vault.notes()
    assert (place.header.read_bytes(), place.db.read_bytes()) == (header, database)


def put_slot(place: Place, slot: int, box: bytes) -> None:
    with place.database() as database:
        assert database.execute("UPDATE slot SET box=? WHERE n=?", (box, slot)).rowcount == 1


def test_swapped_slots_are_noticed(place: Place) -> None:
    with place.create() as vault:
        one, other = vault.add_many(["een", "twee"])
        (first,), (second,) = slots_of(vault, one), slots_of(vault, other)
        boxes = vault._state.store.read_slot(first), vault._state.store.read_slot(second)
    put_slot(place, first, boxes[1])
    put_slot(place, second, boxes[0])
    slot_refused(place, one)


def test_an_older_box_in_its_own_slot_is_noticed(place: Place) -> None:
    # edit until the new text lands in the slot of an older one: then both boxes have the same place
    with place.create() as vault:
        handle = vault.add("eerste versie").handle
        boxes: dict[int, bytes] = {}
        (slot,) = slots_of(vault, handle)
        while slot not in boxes:
            boxes[slot] = vault._state.store.read_slot(slot)
            vault.edit(handle, f"versie {len(boxes)}")
            (slot,) = slots_of(vault, handle)
    put_slot(place, slot, boxes[slot])
    slot_refused(place, handle)


def test_a_slot_of_another_vault_is_noticed(tmp_path: Path) -> None:
    place, other = Place(tmp_path / "one"), Place(tmp_path / "other")
    with place.create() as vault:
        handle = vault.add("van hier").handle
        (slot,) = slots_of(vault, handle)
    with other.create() as vault:
        vault.add_many(["van daar"] * 200)
        boxes = [box for _, box in vault._state.store.scan_slots()]
    put_slot(place, slot, boxes[slot])
    slot_refused(place, handle)


def test_a_slot_sealed_under_the_right_key_for_another_vault_or_place_is_noticed(place: Place) -> None:
    with place.create() as vault:
        handle = vault.add("van hier").handle
        (slot,) = slots_of(vault, handle)
        state = vault._state
        key, payload = state.ledger.entry(slot).key, b"\x01" + bytes(limits.SLOT_BOX - 74)
    for forged in (
        aead.seal(key, bytes(16), aead.SLOT, slot, payload),
        aead.seal(key, state.vault_id, aead.PAGE, slot, payload),
        aead.seal(key, state.vault_id, aead.SLOT, slot + 1, payload),
    ):
        put_slot(place, slot, forged)
        slot_refused(place, handle)
    put_slot(place, slot, aead.seal(key, state.vault_id, aead.SLOT, slot, payload))
    with place.open() as vault:
        assert vault.show(handle).text == ""


EXTRA = (
    "INSERT INTO slot VALUES(256, zeroblob(1984))",
    "INSERT INTO slot VALUES(-1, x'00')",
    "INSERT INTO page VALUES(12, zeroblob(3960))",
    "INSERT INTO page VALUES(-1, zeroblob(3960))",
    "INSERT INTO head VALUES(2, zeroblob(512))",
    "CREATE TABLE diary(n INTEGER PRIMARY KEY, day TEXT)",
    "CREATE INDEX diary ON slot(n)",
    "CREATE VIEW diary AS SELECT 1",
    "CREATE TRIGGER diary AFTER UPDATE ON slot BEGIN SELECT 1; END",
    "ALTER TABLE slot ADD COLUMN day TEXT",
    "DROP TABLE slot",
    "DELETE FROM page WHERE n=11",
    "DELETE FROM head WHERE n=0",
    "DELETE FROM head WHERE n=1",
    "UPDATE page SET box=5 WHERE n=9",
    "UPDATE page SET box='tekst' WHERE n=9",
    "UPDATE page SET box=zeroblob(3961) WHERE n=9",
    "UPDATE head SET box='tekst' WHERE n=0",
    "UPDATE head SET box=7.5 WHERE n=1",
)


@pytest.mark.parametrize("statement", EXTRA)
def test_rows_and_tables_that_do_not_belong_are_noticed(past: Past, statement: str) -> None:
    past.place.restore(past.added)
    with past.place.database() as database:
        database.execute(statement)
    assert refused(past.place, past.place.snapshot()) in (errors.DatabaseDamaged, errors.LedgerTampered)


@pytest.mark.parametrize("value", ["5", "'tekst'", "zeroblob(1985)", "x''"])
def test_a_slot_that_is_no_box_is_noticed(past: Past, value: str) -> None:
    past.place.restore(past.added)
    with past.place.database() as database:
        database.execute(f"UPDATE slot SET box={value}")
    state = past.place.snapshot()
    with past.place.open() as vault:
        for look in (vault.notes, lambda: vault.show(past.kept)):
            with pytest.raises(errors.DatabaseDamaged):
                look()
    assert past.place.snapshot() == state


def test_missing_slots_are_noticed(past: Past) -> None:
    past.place.restore(past.added)
    with past.place.database() as database:
        database.execute("DELETE FROM slot WHERE n BETWEEN 10 AND 250")
    with past.place.open() as vault, pytest.raises(errors.DatabaseDamaged):
        vault.notes()


# -- header ------------------------------------------------------------------------------------------------------------


def sealed_header(place: Place, change: Callable[[header_format.Header], header_format.Header]) -> bytes:
    return header_format.encode(change(place.read_header()))


def test_a_swapped_inbox_key_is_noticed(past: Past) -> None:
    place = past.place
    place.restore(past.added)
    forged = sealed_header(place, lambda header: header._replace(inbox=bytes(range(32))))
    # with the copy of the key it is put right as well: test_inbox.py
    without = {name: data for name, data in past.added.items() if not name.endswith("/inbox")}
    assert refused(place, {**without, "data/header": forged}) is errors.HeaderDamaged


def test_a_method_added_or_dropped_is_noticed(past: Past) -> None:
    place = past.place
    place.restore(past.added)
    header = place.read_header()
    for methods in (
        header.methods[:1],
        header.methods[::-1],
        (*header.methods, header.methods[0]._replace(id=bytes(16))),
    ):
        forged = header_format.encode(header._replace(methods=methods))
        assert refused(place, {**past.added, "data/header": forged}) is errors.HeaderDamaged


def test_the_header_of_another_vault_opens_nothing(past: Past, tmp_path: Path) -> None:
    other = Place(tmp_path / "other")
    other.create().close()
    forged = {**past.added, "data/header": other.header.read_bytes()}
    # the same passphrase, another static secret: the database does not belong to it
    assert refused(past.place, forged) is errors.DatabaseDamaged
    assert refused(past.place, forged, past.place.code) is errors.WrongSecret


def test_the_anchor_of_another_vault_opens_nothing(past: Past, tmp_path: Path) -> None:
    other = Place(tmp_path / "other")
    other.create().close()
    name = next(name for name in past.added if name.endswith("/anchor"))
    theirs = other.anchor.read_bytes()
    assert refused(past.place, {**past.added, name: theirs}) is errors.AnchorMismatch
    # with our epoch's id on it, and its head as witnessed by ours: still another secret
    ours = anchorfile.decode(past.added[name])
    forged = anchorfile.encode(anchorfile.decode(theirs)._replace(epoch=ours.epoch), anchorfile.Record(b"", b"", True))
    forged = forged[: anchorfile.SECTOR] + past.added[name][anchorfile.SECTOR :]
    assert refused(past.place, {**past.added, name: forged}) is errors.LedgerTampered


def test_a_missing_file_is_named(past: Past) -> None:
    cases = {
        "data/header": errors.HeaderDamaged,
        "data/vault.db": errors.DatabaseDamaged,
        next(name for name in past.added if name.endswith("/anchor")): errors.AnchorMissing,
    }
    for gone, error in cases.items():
        assert refused(past.place, {name: raw for name, raw in past.added.items() if name != gone}) is error


# -- damage ------------------------------------------------------------------------------------------------------------


def flipped(raw: bytes, at: int) -> bytes:
    return raw[:at] + bytes([raw[at] ^ 1 << at % 8]) + raw[at + 1 :]


def test_a_bit_flipped_in_any_byte_of_the_header_is_noticed(past: Past) -> None:
    place, raw = past.place, past.added["data/header"]
    place.restore(past.added)
    for at in range(limits.HEADER_BYTES):
        place.header.write_bytes(flipped(raw, at))
        with pytest.raises((errors.HeaderDamaged, errors.VersionUnknown)):
            place.open()
    place.header.write_bytes(raw)
    assert place.snapshot() == past.added


def test_a_bit_flipped_in_any_byte_of_the_anchor_is_noticed_or_changes_nothing(past: Past) -> None:
    place = past.place
    name = next(name for name in past.added if name.endswith("/anchor"))
    raw, harmless = past.added[name], 0
    sectors = [range(start, start + 97) for start in (0, anchorfile.SECTOR, 2 * anchorfile.SECTOR)]
    for at in (at for sector in sectors for at in sector):
        place.restore({**past.added, name: flipped(raw, at)})
        try:
            with place.open() as vault:
                assert len(vault.handles()) == MANY + 2
            harmless += 1
        except (errors.AnchorDamaged, errors.RolledBack):
            assert place.snapshot() == {**past.added, name: flipped(raw, at)}
    # the padding, and the record of the head before the newest
    assert harmless <= 3 * 97 - 2 * anchorfile.RECORD_BYTES


def test_no_flipped_bit_makes_the_anchor_vouch_for_another_head(past: Past) -> None:
    name = next(name for name in past.added if name.endswith("/anchor"))
    raw = past.added[name]
    anchor, heads = anchorfile.decode(raw), anchorfile.decode_records(raw)
    newest = next(record.after for record in heads if record and anchorfile.accepts(heads, record.after))
    older = {record.before for record in heads if record}
    for at in range(len(raw)):
        changed = flipped(raw, at)
        try:
            assert anchorfile.decode(changed) == anchor
        except FormatError:
            continue
        records = anchorfile.decode_records(changed)
        if anchorfile.accepts(records, newest):
            assert not any(anchorfile.accepts(records, head) for head in older - {newest})


def test_a_bit_flipped_in_the_database_is_noticed_or_harms_no_note(past: Past) -> None:
    place, raw = past.place, past.added["data/vault.db"]
    noticed = 0
    for at in range(7, len(raw), 4096 + 531):
        state = {**past.added, "data/vault.db": flipped(raw, at)}
        place.restore(state)
        try:
            with place.open() as vault:
                assert len(vault.notes()) == MANY + 2
        except errors.DatabaseDamaged:
            noticed += 1
        assert place.snapshot() == state
    # the rest lie on pages that hold no note
    assert noticed > 60


@pytest.mark.parametrize("length", [0, 1, 15, 16, 17, 4095, 4096, 40_960, -4096, -1])
def test_a_database_cut_off_is_noticed(past: Past, length: int) -> None:
    raw = past.added["data/vault.db"]
    assert refused(past.place, {**past.added, "data/vault.db": raw[:length]}) is errors.DatabaseDamaged


@pytest.mark.parametrize("length", [0, 1, 16, 17, 100, 4080, -1])
def test_a_header_cut_off_is_noticed(past: Past, length: int) -> None:
    raw = past.added["data/header"]
    assert refused(past.place, {**past.added, "data/header": raw[:length]}) is errors.HeaderDamaged
    assert refused(past.place, {**past.added, "data/header": raw + raw[:1]}) is errors.HeaderDamaged


@pytest.mark.parametrize("length", [0, 1, 80, 4096, 8192, -1])
def test_an_anchor_cut_off_is_noticed(past: Past, length: int) -> None:
    name = next(name for name in past.added if name.endswith("/anchor"))
    raw = past.added[name]
    assert refused(past.place, {**past.added, name: raw[:length]}) is errors.AnchorDamaged
    assert refused(past.place, {**past.added, name: raw + b"\0"}) is errors.AnchorDamaged


def test_files_of_another_kind_are_noticed(past: Past) -> None:
    for name in ("data/header", "data/vault.db"):
        for other in (b"", b"\0" * 4096, b"SQLite format 3\0" + bytes(8176), bytes(range(256)) * 64):
            assert refused(past.place, {**past.added, name: other}) in (errors.HeaderDamaged, errors.DatabaseDamaged)
