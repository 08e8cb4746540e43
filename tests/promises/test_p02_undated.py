"""P2: no time of any note's creation, edit or read is in any field, order, page layout, row id, file time or file size.

Seen to fail: slots taken from the front of the free list, handles or ids counted up, expiry months handed out in turn
(every test of an order, the last ten included; the first is built in below); the tomb of `keep` in the first free slot;
`still` emptied, and left out of `close` (file times); a field `changed` in the settings, a column `title` in a table
(white list).
"""

import itertools
import os
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from tests.support.pages import database_page_of_slots
from tests.support.statistics import Z_LIMIT, byte_evenness, evenness, kendall, mean_z
from tests.support.vaults import Place, enrolled, expiry_of, slots_of
from vault import errors, handles, ledger, limits
from vault.files import EPOCH_TIME
from vault.formats import settings as settings_format
from vault.formats.anchorfile import Anchor, Record
from vault.formats.enrolled import Enrolled, KnownDevice
from vault.formats.head import Head
from vault.formats.header import Cost, Header, Method
from vault.formats.lockrow import LockRow
from vault.formats.rights import Engagement, Requests, Rights, UnderWay
from vault.formats.safety import Ancestor, Factor, Home, OpenReceipt, Safety, Stick
from vault.formats.safety import Place as SettingsPlace
from vault.formats.settings import Settings
from vault.months import Period
from vault.service import Vault
from vault.service import notes as service_notes

MANY = 1000
LAST = 10

# -- order -------------------------------------------------------------------------------------------------------------


def orders(place: Place, vault: Vault, written: list[str]) -> dict[str, list[int]]:
    """For the notes in the order in which they were written: every number that an order could be read from."""
    slots = [slots_of(vault, handle)[0] for handle in written]
    pages = database_page_of_slots(place)
    shown = {note.handle: at for at, note in enumerate(vault.notes())}
    listed = {handle: at for at, handle in enumerate(vault.handles())}
    return {
        "slot": slots,
        "database page": [pages[slot] for slot in slots],
        "ledger page": [ledger.page_of(slot) for slot in slots],
        "handle": [handles.number_of(handle) for handle in written],
        "list": [listed[handle] for handle in written],
        "shown": [shown[handle] for handle in written],
        "expiry": [expiry_of(vault, handle) for handle in written],
        "id": [vault._state.ledger.ids[slot] for slot in slots],
    }


def one_by_one(place: Place, count: int = MANY) -> tuple[Vault, list[str]]:
    vault = place.create(keep="2y")
    return vault, [vault.add(f"notitie {at}").handle for at in range(count)]


def imported(place: Place, count: int = MANY) -> tuple[Vault, list[str]]:
    vault = place.create(keep="2y")
    return vault, vault.add_many(f"notitie {at}" for at in range(count))


@pytest.mark.parametrize("write", [one_by_one, imported])
def test_a_thousand_notes_lie_in_no_telling_order(
    place: Place, write: Callable[[Place], tuple[Vault, list[str]]]
) -> None:
    vault, written = write(place)
    with vault:
        for name, order in orders(place, vault, written).items():
            tau, z = kendall(range(MANY), order)
            assert abs(z) < Z_LIMIT, f"{name}: tau {tau:.3f}"
            # the ten written last lie among the others as any ten would
            late = [float(at >= MANY - LAST) for at in range(MANY)]
            assert abs(kendall(late, order)[1]) < Z_LIMIT, name


def test_the_last_ten_lie_in_no_telling_order(tmp_path: Path) -> None:
    # ten notes say little, so it is done forty times: together they would show a tau of 0.2 or more
    found: dict[str, list[float]] = {}
    for number in range(4):
        place = Place(tmp_path / str(number))
        vault, written = imported(place, 20)
        with vault:
            for _ in range(10):
                last = [vault.add(f"notitie {at}").handle for at in range(LAST)]
                for name, order in orders(place, vault, written + last).items():
                    found.setdefault(name, []).append(kendall(range(LAST), order[-LAST:])[1])
                    late = [float(at >= 20) for at in range(30)]
                    found.setdefault(f"{name}, last or not", []).append(kendall(late, order)[1])
                vault.shred(last)
    for name, values in found.items():
        assert abs(mean_z(values)) < Z_LIMIT, f"{name}: {mean_z(values):.1f}"


def test_edited_notes_lie_in_no_telling_order(place: Place) -> None:
    vault, written = one_by_one(place, 200)
    with vault:
        edited = written[::-2]
        for handle in edited:
            vault.edit(handle, "anders")
        for name, order in orders(place, vault, edited).items():
            assert abs(kendall(range(len(edited)), order)[1]) < Z_LIMIT, name


def test_tombs_lie_in_no_telling_order(place: Place) -> None:
    vault, written = one_by_one(place, 200)
    with vault:
        enrolled(vault)
        # or moving house would stir them in between
        vault.make_room(2 * limits.POOL_LEAST)
        ids = {}
        for turn, handle in enumerate(written[::-1]):
            ids[vault._state.ledger.ids[slots_of(vault, handle)[0]]] = turn
            vault.keep(handle, Period(1, "y"), longer=True) if turn % 2 else vault.edit(handle, "anders")
        tombs = vault._state.ledger.tombs()
        assert len(tombs) == 200
        for remainder in (0, 1):
            # those of an edit lie where the note lay, those of another expiry in a free slot
            turns = [ids[tomb.id] for tomb in tombs if ids[tomb.id] % 2 == remainder]
            assert abs(kendall(range(100), turns)[1]) < Z_LIMIT
        turns = [ids[tomb.id] for tomb in sorted(tombs, key=lambda tomb: tomb.id)]
        assert abs(kendall(range(200), turns)[1]) < Z_LIMIT


def test_filling_from_the_front_is_found(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = itertools.count()
    monkeypatch.setattr(service_notes, "below", lambda count: next(counted) if count == handles.COUNT else 0)
    vault = place.create()
    with vault:
        written = vault.add_many(f"notitie {at}" for at in range(200))
        found = orders(place, vault, written)
        assert abs(kendall(range(200), found["slot"])[1]) > 2 * Z_LIMIT
        assert abs(kendall(range(200), found["database page"])[1]) > 2 * Z_LIMIT
        assert abs(kendall(range(200), found["handle"])[1]) > 2 * Z_LIMIT


def test_every_slot_has_its_place_in_the_file_from_the_start(tmp_path: Path) -> None:
    place, other = Place(tmp_path / "one"), Place(tmp_path / "other")
    place.create().close()
    before = database_page_of_slots(place)
    with place.open() as vault, other.create() as second:
        for at in range(30):
            vault.edit(vault.add(f"notitie {at}").handle, "langer " * 400)
        second.add("kort")
    assert len(before) == limits.POOL_LEAST
    assert database_page_of_slots(place) == before == database_page_of_slots(other)


def test_expiry_months_of_one_period_do_not_follow_the_order_of_writing(place: Place) -> None:
    with place.create(keep="5y") as vault:
        months = [expiry_of(vault, vault.add(f"notitie {at}").handle) for at in range(400)]
        assert len(set(months)) >= 20
        assert abs(kendall(range(400), months)[1]) < Z_LIMIT
        assert abs(evenness([months.count(month) for month in set(months)])) < Z_LIMIT


# -- numbers -----------------------------------------------------------------------------------------------------------


def test_keys_ids_and_handles_are_noise(place: Place) -> None:
    with place.create() as vault:
        written = vault.add_many(f"notitie {at}" for at in range(MANY))
        keys = [vault._state.ledger.entry(slots_of(vault, handle)[0]).key for handle in written]
        assert len(set(keys)) == len(set(written)) == MANY
        assert abs(byte_evenness(b"".join(keys))) < Z_LIMIT
        ids = [vault._state.ledger.ids[slots_of(vault, handle)[0]] for handle in written]
        assert len(set(ids)) == MANY
        assert abs(byte_evenness(b"".join(each.to_bytes(8, "little") for each in ids))) < Z_LIMIT
        numbers = [handles.number_of(handle) for handle in written]
        assert abs(evenness([sum(n % 17 == rest for n in numbers) for rest in range(17)])) < Z_LIMIT
        tenth = handles.COUNT // 10 + 1
        assert abs(evenness([sum(n // tenth == part for n in numbers) for part in range(10)])) < Z_LIMIT


WHITE_LIST: dict[type, dict[str, str]] = {
    ledger.Entry: {
        "kind": "free, first part, further part, draft",
        "expiry": "month at whose end the note goes; drawn at random",
        "next": "slot of the next part",
        "handle": "random number",
        "key": "random key",
        "id": "random id of the version",
        "parent": "random id of the version before, while the vault is enrolled",
    },
    Head: {
        "version": "counts commits of the whole vault, kept nowhere else",
        "epoch": "random id",
        "pool": "slots",
        "root": "hash of the pages",
        "previous": "hash of the head before",
    },
    Settings: {
        "stretched": "secrets of the unlock methods",
        "inbox": "secret key",
        "seen": "highest month ever seen: the only time, and the vault's, not a note's",
        "keep": "period for new notes",
        "idle": "minutes",
        "guard": "policy",
        "allowed": "words in the order of their bytes, not of their coming",
        "templates": "questions, in the order that the coach gives them",
        "rights": "see below",
        "origin": "random id of the first vault of the account",
        "enrolled": "see below",
        "safety": "see below",
    },
    Enrolled: {
        "account": "random id",
        "index": "of this device, 0 to 11",
        "signing": "random seed",
        "receive": "random key",
        "next_receive": "random key",
        "prepared": "version of the server's head that a key was made for: counts the account's commits",
        "url": "of the server",
        "pin": "hash of the server's key",
        "receipt_key": "of the server",
        "country": "rule",
        "version": "of the last head: counts the account's commits, kept with no note",
        "head": "hash",
        "written": "as version, of the last head that this device wrote",
        "generation": "random",
        "common": "hash of the common settings",
        "server_month": "the server's, not a note's",
        "synced": "month of the last sync, which the server and the network see too; no note's",
        "shaped": "day of the last session that the program ran by itself, which follows no note (docs/adr/0018)",
        "devices": "by index",
    },
    KnownDevice: {
        "index": "0 to 11",
        "state": "active, revoked, away",
        "key": "random",
        "version": "of the last head that it wrote",
        "month": "of that head",
        "name": "what the coach calls it",
    },
    Rights: {
        "seed": "random, made once",
        "engagements": "in the order of their aliases, not of their coming",
        "requests": "in the order of months",
        "under_way": "in the order of their bytes; gone when done",
    },
    Engagement: {
        "alias": "what the coach calls it",
        "key": "x or P, from a random code",
        "next": "how many notes it has had while open; none for a strict one",
    },
    Requests: {"month": "of requests, not of a note", "copies": "count", "erasures": "count"},
    UnderWay: {
        "stage": "copy or receipt",
        "claimed": "by claim code or by hand",
        "notes": "how many",
        "month": "of a destruction, until the receipt is out",
        "path": "of an unfinished copy, until somebody was told",
    },
    Header: {"vault_id": "random id", "inbox": "public key", "methods": "unlock methods"},
    Method: {
        "id": "random id",
        "kind": "passphrase or code",
        "cost": "Argon2id",
        "salt": "random",
        "wrap": "box",
        "factor": "none, key file or security key",
        "described": "for a security key its flags, a random salt, and the credential id that it drew",
    },
    Safety: {
        "lineage": "random id",
        "ancestors": "at most four, in the order of restores: of the vault, not of a note",
        "home": "see below",
        "factors": "see below",
        "places": "in the order in which sticks were added: of the coach's, not of a note",
        "receipts": "at most eight, until the last place confirms",
    },
    Ancestor: {"lineage": "random id", "version": "of a head: counts commits, kept with no note"},
    Home: {"id": "random id", "version": "as above"},
    Factor: {"method": "random id", "base": "stretched passphrase", "secret": "of the factor"},
    SettingsPlace: {
        "id": "random id",
        "kind": "stick",
        "version": "of a head, as above",
        "owes": "yes or no",
        "digest": "of the ids and months of what lives, in the order of their bytes",
        "folder": "where the stick is plugged in",
    },
    Stick: {"id": "random id", "waits": "yes or no"},
    OpenReceipt: {
        "claimed": "by claim code or by hand",
        "notes": "how many",
        "month": "of a destruction, until the receipt is complete, a year at most",
        "version": "of the server's head: counts the account's commits",
        "devices": "which there were",
        "waiting": "which have yet to confirm",
        "server": "yes or no",
        "server_waits": "yes or no",
        "sticks": "by id",
    },
    Cost: {"m_kib": "memory", "t": "passes", "p": "lanes"},
    LockRow: {"epoch": "random id", "header_hash": "hash", "wraps": "boxes"},
    Anchor: {"epoch": "random id", "secret": "random"},
    Record: {"before": "hash", "after": "hash", "done": "yes or no"},
}


def test_every_stored_field_is_on_the_white_list() -> None:
    for kind, fields in WHITE_LIST.items():
        assert list(getattr(kind, "_fields", ())) == list(fields), kind.__name__


def test_every_stored_byte_belongs_to_a_field_on_the_white_list(place: Place) -> None:
    # a page of the ledger is its columns and zero bytes; so nothing unlisted can be in it
    parts = ((0, 64), (64, 128), (192, 256), (448, 256), (704, 2048), (2752, 512), (3264, 512))
    assert parts == ledger._COLUMNS
    with place.create() as vault:
        vault.add("een notitie " * 400)
        settings = vault._state.settings
        body = b"".join(settings_format.encode(settings))
        written = ledger.encode_page(vault._state.ledger, 0)
    # version, seen, idle, keep, inbox, methods, policy, allowed, templates; then zero bytes: nothing of clients
    assert not any(body[1 + 2 + 1 + 5 + 32 + 1 + 48 * len(settings.stretched) + 1 + 2 + 1 :])
    assert not any(written[59 * 64 :])
    with place.database() as database:
        columns = {
            table: [name for _, name, *_ in database.execute(f"PRAGMA table_info({table})")]
            for (table,) in database.execute("SELECT name FROM sqlite_schema")
        }
    assert columns == {table: ["n", "box"] for table in ("slot", "page", "head")}


def test_the_settings_change_with_the_month_and_with_nothing_else(place: Place) -> None:
    with place.create() as vault:
        before = settings_format.encode(vault._state.settings)
        place.day = date(2026, 11, 30)
        for at in range(5):
            vault.edit(vault.add(f"notitie {at}").handle, "anders")
        vault.shred(vault.handles()[:2])
        assert settings_format.encode(vault._state.settings) == before
    with place.open() as vault:
        assert settings_format.encode(vault._state.settings) == before


def test_allowed_words_do_not_tell_in_which_order_they_were_allowed(tmp_path: Path) -> None:
    # seen to fail: new words put behind the others
    bodies = []
    for number, words in enumerate((["Inez", "Bram", "de Eik"], ["de Eik", "Inez", "Bram"])):
        with Place(tmp_path / str(number)).create() as vault:
            for word in words:
                vault.allow_words([word])
            vault.allow_words(["Wout"])
            vault.forget_allowed(["wout"])
            bodies.append(b"".join(settings_format.encode(vault._state.settings._replace(stretched={}, inbox=b""))))
    assert bodies[0] == bodies[1]
    assert b"Bram" in bodies[0]


def test_engagements_do_not_tell_in_which_order_they_were_opened(tmp_path: Path) -> None:
    # seen to fail: a new engagement put behind the others
    orders = []
    for number, aliases in enumerate((["Eik", "Beuk", "Den"], ["Den", "Eik", "Beuk"])):
        with Place(tmp_path / str(number)).create() as vault:
            for alias in aliases:
                vault.open_engagement(alias, strict=alias == "Den")
            orders.append([(each.alias, each.next) for each in vault._state.settings.rights.engagements])
            assert [each.alias for each in vault.engagements()] == ["Beuk", "Den", "Eik"]
    assert orders[0] == orders[1] == [("Beuk", 1), ("Den", 0), ("Eik", 1)]


def test_a_day_within_a_month_leaves_no_trace(tmp_path: Path) -> None:
    # what is drawn from is the same on every day of a month, except where the day moves the deadline's month
    seen = set()
    for day in (2, 9, 17, 28):
        place = Place(tmp_path / str(day), date(2026, 11, day))
        with place.create(keep="1y") as vault:
            seen.add((vault._state.settings.seen, vault.moment().now))
    assert len(seen) == 1


# -- files -------------------------------------------------------------------------------------------------------------


def everything(place: Place, vault: Vault) -> list[Path]:
    """Every file and folder of a vault. Named and not looked up, since listing a folder is a reading of its own."""
    folder = Path(place.paths.anchor(vault._state.vault_id))
    beside = [folder / name for name in ("anchor", "CACHEDIR.TAG", ".nobackup", "inbox")]
    return [place.header, place.db, place.data / "lock", place.data, *beside, folder, place.state]


def moved(paths: list[Path]) -> list[str]:
    """What does not show the constant time."""
    status = [(path.name, path.stat()) for path in paths]
    return [name for name, each in status if (each.st_mtime, each.st_atime) != (EPOCH_TIME, EPOCH_TIME)]


def test_file_times_are_constant_after_every_change(place: Place) -> None:
    vault = place.create()
    paths = everything(place, vault)
    handle = vault.add("een notitie").handle
    changes: dict[str, Callable[[], object]] = {
        "add": lambda: vault.add("nog een"),
        "edit": lambda: vault.edit(handle, "anders"),
        "keep": lambda: vault.keep(handle, Period(3, "m")),
        "draft": lambda: vault.seal_draft("half"),
        "second draft": lambda: vault.seal_draft("bijna"),
        "no draft": vault.drop_draft,
        "settings": lambda: vault.set_idle_minutes(3),
        "passphrase": lambda: vault.change_passphrase("een heel andere zin"),
        "shred": lambda: vault.shred([handle]),
        "import into a larger house": lambda: vault.add_many(["notitie"] * limits.POOL_LEAST),
        "close": vault.close,
    }
    for name, change in changes.items():
        change()
        assert moved(paths) == [], name
    found = {path for root in (place.data, place.state) for path in root.rglob("*")} | {place.data, place.state}
    assert found == set(paths)


def test_file_times_are_constant_after_reading(place: Place) -> None:
    vault = place.create()
    paths = everything(place, vault)
    handle = vault.add("een notitie").handle
    vault.close()
    with place.open() as vault:
        vault.show(handle)
    assert moved(paths) == []
    with place.open(place.code) as vault:
        vault.notes()
    assert moved(paths) == []
    with pytest.raises(errors.WrongSecret):
        place.open("een verkeerde zin")
    assert moved(paths) == []


def test_file_times_that_a_crash_or_a_copy_left_are_gone_after_unlocking(place: Place) -> None:
    with place.create() as vault:
        paths = everything(place, vault)
    for path in paths:
        os.utime(path)
    assert moved(paths)
    with place.open():
        assert moved(paths) == []


def test_no_file_changes_its_size_inside_a_pool(place: Place) -> None:
    with place.create() as vault:
        sizes = {name: len(raw) for name, raw in place.snapshot().items()}
        for at in range(40):
            handle = vault.add("tekst " * 30 * at + "einde").handle
            if at % 3 == 0:
                vault.edit(handle, "kort")
            if at % 5 == 0:
                vault.shred([handle])
            assert {name: len(raw) for name, raw in place.snapshot().items()} == sizes
        assert vault.status().pool == limits.POOL_LEAST
