"""P1: without the passphrase nothing about content, or number of notes beyond the pool's size.

Seen to fail: with `PRAGMA key` left out of the store, every test that looks at a vault's file; with free slots of plain
random bytes, the last but one (that is the last one, built in below).
"""

import sqlite3
from os import urandom
from pathlib import Path

import pytest

from tests.support import notes
from tests.support.statistics import Z_LIMIT, byte_evenness, mean_z
from tests.support.vaults import CANARY, Place, Snapshot
from vault import limits
from vault.crypto import aead

PAGE = 4096
TELLING = (
    b"SQLite format 3", b"CREATE TABLE", b"INTEGER PRIMARY KEY", b"slot", b"page", b"head", b"box", b"seen", b"keep",
    b"stretched", CANARY.encode(), CANARY.encode("utf-16-le"),
)  # fmt: skip


def two_vaults(folder: Path) -> tuple[Place, Place]:
    """One without a note, one with 200; the same pool."""
    empty, full = Place(folder / "empty"), Place(folder / "full")
    empty.create().close()
    with full.create() as vault:
        vault.add_many(f"{CANARY} {text}"[:1500] for text in notes.generate(1, 200))
        assert vault.status().pool == limits.POOL_LEAST
    return empty, full


def pages(raw: bytes) -> list[bytes]:
    return [raw[at : at + PAGE] for at in range(0, len(raw), PAGE)]


def suspicion(raw: bytes) -> float:
    """The largest |z| of a battery that finds structure: all bytes, bytes by page, bytes by place in the page."""
    by_page = [byte_evenness(page) for page in pages(raw)]
    by_place = [byte_evenness(b"".join(page[at : at + 64] for page in pages(raw))) for at in range(0, PAGE, 64)]
    return max(abs(byte_evenness(raw)), abs(mean_z(by_page)), *(abs(z) for z in by_page), *(abs(z) for z in by_place))


def words_in(files: Snapshot) -> list[str]:
    return [f"{name}: {word!r}" for name, raw in files.items() for word in TELLING if len(word) > 4 and word in raw]


def test_the_files_hold_no_word_of_a_note_and_no_word_of_the_database(tmp_path: Path) -> None:
    _, full = two_vaults(tmp_path)
    found = words_in(full.snapshot())
    # the header's own name is no word of the database
    assert found == []


def test_the_database_is_noise_from_its_first_byte(tmp_path: Path) -> None:
    for place in two_vaults(tmp_path):
        raw = place.db.read_bytes()
        assert suspicion(raw) < Z_LIMIT + 1  # the largest of 200 values
        assert len(set(pages(raw))) == len(raw) // PAGE, "two pages are equal"


def test_the_battery_finds_an_unsealed_database(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "plain.db") as plain:
        plain.execute("CREATE TABLE slot(n INTEGER PRIMARY KEY, box BLOB NOT NULL)")
        boxes = ((n, aead.noise(limits.SLOT_BOX)) for n in range(limits.POOL_LEAST))
        plain.executemany("INSERT INTO slot VALUES(?,?)", boxes)
    plain.close()
    raw = (tmp_path / "plain.db").read_bytes()
    assert suspicion(raw) > 2 * Z_LIMIT
    assert words_in({"plain.db": raw})


def test_no_note_and_two_hundred_notes_look_the_same(tmp_path: Path) -> None:
    empty, full = two_vaults(tmp_path)
    of_empty, of_full = empty.snapshot(), full.snapshot()
    assert [len(raw) for raw in of_empty.values()] == [len(raw) for raw in of_full.values()]
    assert not set(pages(of_empty["data/vault.db"])) & set(pages(of_full["data/vault.db"]))
    difference = byte_evenness(of_empty["data/vault.db"]) - byte_evenness(of_full["data/vault.db"])
    assert abs(difference) < Z_LIMIT * 2**0.5
    # of the header, only ids, keys, salts and wraps differ: its plain fields say the same in both
    ours, theirs = empty.read_header(), full.read_header()
    assert [(method.kind, method.cost) for method in ours.methods] == [
        (method.kind, method.cost) for method in theirs.methods
    ]


def slot_first_bytes(place: Place) -> list[int]:
    with place.database() as database:
        return [box[0] for (box,) in database.execute("SELECT box FROM slot")]


def test_with_the_database_key_but_without_the_epoch_key_living_slots_look_like_free_ones(tmp_path: Path) -> None:
    # who has an old passphrase and an old header gets as far as this: the static secret never changes
    empty, full = two_vaults(tmp_path)
    assert slot_first_bytes(empty) == slot_first_bytes(full)
    with full.database() as database:
        boxes = [box for (box,) in database.execute("SELECT box FROM slot")]
    assert all(len(box) == limits.SLOT_BOX for box in boxes)
    assert len(set(boxes)) == len(boxes)
    assert abs(byte_evenness(b"".join(box[1:] for box in boxes))) < Z_LIMIT


def test_plain_random_bytes_in_free_slots_would_tell_them_from_boxes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(aead, "noise", urandom)
    empty, full = two_vaults(tmp_path)
    assert slot_first_bytes(empty) != slot_first_bytes(full)
