"""Jots: sealed without unlocking, taken in once, and never readable again by whoever kept a copy.

docs/spec/places.md section 10; properties P2, P6, P10, P11. What is killed on the way: tests/faults.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.command import ROOT
from tests.support.vaults import CANARY, Place, enrolled
from vault import errors, files, limits
from vault.crypto import aead
from vault.crypto.inbox import open_jot, seal_jot
from vault.formats import header as header_format
from vault.formats import jot as jot_format
from vault.service import Vault
from vault.service.jotting import jot
from vault.sodium import key_pair

NONE = "0123456789abcdef"


def _made(place: Place) -> None:
    place.create().close()


def _inbox(place: Place) -> Path:
    return place.data / "inbox"


def _files(place: Place) -> list[Path]:
    return sorted(path for path in _inbox(place).iterdir() if path.name != "lock")


def _texts(vault: Vault) -> list[str]:
    return sorted(each.text for each in vault.jots())


def _take(vault: Vault) -> list[str]:
    """Takes in all that waits; the texts of the notes there are then."""
    vault.take_in({each.name: each.text for each in vault.jots()})
    return sorted(note.text for note in vault.notes())


def _opens(vault: Vault, data: bytes) -> bool:
    """Whether somebody with everything that the vault holds opens this copy of a jot."""
    state = vault._state
    try:
        open_jot(state.settings.inbox, state.header.inbox, state.vault_id, data)
    except aead.BoxRefused:
        return False
    return True


def _swap(place: Place, path: Path) -> bytes:
    """Puts a key of the attacker's own in the place of the inbox key in a header; its secret half."""
    public, secret = key_pair()
    path.write_bytes(header_format.encode(header_format.decode(path.read_bytes())._replace(inbox=public)))
    return secret


# -- what waits is there, once


def test_jotted_while_locked_and_while_another_holds_it_the_text_is_there(place: Place) -> None:
    with pytest.raises(errors.NoVault):
        jot(place.paths, "Te vroeg.")
    assert not place.data.exists()
    _made(place)
    assert jot(place.paths, "Eerste.") == 1
    with place.open() as vault:
        assert vault.inbox_at_open[:2] == (1, 0)
        assert jot(place.paths, "Tweede.") == 2
        assert vault.status().jots == 2
        assert _take(vault) == ["Eerste.", "Tweede."]
        assert vault.inbox() == (0, 0, False)
        assert jot(place.paths, "Derde.") == 1
    with place.open() as vault:
        assert _texts(vault) == ["Derde."]


def test_what_waits_on_or_goes_is_not_a_note(place: Place) -> None:
    _made(place)
    for text in ("Nu.", "Later.", "Weg."):
        jot(place.paths, text)
    with place.open() as vault:
        names = {each.text: each.name for each in vault.jots()}
        taken = vault.take_in({names["Nu."]: "Nu, herzien."}, discard=[names["Weg."]])
        assert taken.left == 1
        assert vault.show(taken.handles[names["Nu."]]).text == "Nu, herzien."
    with place.open() as vault:
        assert _texts(vault) == ["Later."]
        assert _take(vault) == ["Later.", "Nu, herzien."]


def test_a_longest_jot_comes_through_and_a_longer_one_or_none_is_refused(place: Place) -> None:
    _made(place)
    longest = "é" * (limits.JOT_BYTES // 2)
    for text, wrong in ((longest + "!", errors.NoteTooLong), (" \n", errors.NoteEmpty), ("a\0", errors.NoteNotText)):
        with pytest.raises(wrong):
            jot(place.paths, text)
    with pytest.raises(errors.NoteNotText) as refused:
        jot(place.paths, CANARY + "\ud800")
    assert CANARY not in repr(refused.value.__context__)
    jot(place.paths, longest)
    with place.open() as vault:
        assert _take(vault) == [longest]


def test_a_full_inbox_refuses(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    _made(place)
    monkeypatch.setattr(limits, "JOTS", 3)
    for _ in range(3):
        jot(place.paths, "Een.")
    with pytest.raises(errors.JotsTooMany):
        jot(place.paths, "Een te veel.")
    with place.open() as vault:
        assert len(_take(vault)) == 3
    jot(place.paths, "Weer plaats.")


# Seen to fail when the id of a jot's note is drawn at random, and when copies are not told apart by it.
def test_a_copy_of_a_jot_makes_no_second_note_before_or_after_it_is_taken_in(place: Place) -> None:
    _made(place)
    jot(place.paths, "Eén keer.")
    (file,) = _files(place)
    kept = file.read_bytes()
    (_inbox(place) / NONE).write_bytes(kept)
    with place.open() as vault:
        assert vault.inbox() == (1, 0, False)
        assert _take(vault) == ["Eén keer."]
        assert _files(place) == []
        # what a taking in that was killed leaves behind
        file.write_bytes(kept)
    with place.open() as vault:
        assert vault.inbox() == (0, 0, False)
        assert [note.text for note in vault.notes()] == ["Eén keer."]
    assert _files(place) == []


# Seen to fail when taking in does not hold the inbox's lock, and when `take_in` does not seal to the new key what
# waits on.
def test_four_processes_jot_while_another_takes_in_and_none_is_lost(place: Place) -> None:
    _made(place)
    command = [sys.executable, "-m", "tests.support.jotter", place.paths.data, place.paths.anchors]
    jotters = [
        subprocess.Popen([*command, f"proces {who}", "15"], cwd=ROOT, stdout=subprocess.PIPE, text=True)
        for who in range(4)
    ]
    with place.open() as vault:
        while any(each.poll() is None for each in jotters):
            # not all of them: some wait on while the key turns
            vault.take_in({each.name: each.text for each in vault.jots()[1:]})
        found = _take(vault)
    acknowledged = [line for each in jotters for line in each.communicate()[0].splitlines()]
    assert all(each.returncode == 0 for each in jotters)
    assert len(acknowledged) == 60
    assert Counter(found) == Counter(acknowledged)


def test_in_an_enrolled_vault_jots_become_notes_as_well(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
    jot(place.paths, "Eén.")
    with place.open() as vault:
        assert _take(vault) == ["Eén."]
        vault.shred(vault.handles())
        assert vault._state.ledger.tombs()


# -- P6: what was taken in does not open any more


# Seen to fail when the key pair does not change at taking in.
@pytest.mark.parametrize("thrown_away", [False, True])
def test_p6_a_copy_of_a_jot_opens_with_nothing_once_it_was_taken_in_or_thrown_away(
    place: Place, thrown_away: bool
) -> None:
    _made(place)
    jot(place.paths, CANARY)
    kept = _files(place)[0].read_bytes()
    old = place.snapshot()
    with place.open() as vault:
        # or else nothing would be shown
        assert _opens(vault, kept)
        (waiting,) = vault.jots()
        if thrown_away:
            vault.take_in({}, discard=[waiting.name])
        else:
            handle = vault.take_in({waiting.name: waiting.text}).handles[waiting.name]
            vault.shred([handle])
        assert not _opens(vault, kept)
    for secret in (place.passphrase, place.code):
        with place.open(secret) as vault:
            assert not _opens(vault, kept)
    # the old folder with today's anchor: header, database and jot of then
    anchors = {name: data for name, data in place.snapshot().items() if name.startswith("state")}
    place.restore({**{name: data for name, data in old.items() if name.startswith("data")}, **anchors})
    for secret in (place.passphrase, place.code):
        with pytest.raises(errors.AnchorMismatch):
            place.open(secret)


def test_p6_a_jot_that_waits_on_is_sealed_anew(place: Place) -> None:
    _made(place)
    jot(place.paths, "Blijft.")
    jot(place.paths, "Gaat.")
    kept = [path.read_bytes() for path in _files(place)]
    with place.open() as vault:
        vault.take_in({each.name: each.text for each in vault.jots() if each.text == "Gaat."})
        assert not any(_opens(vault, data) for data in kept)
        assert _texts(vault) == ["Blijft."]


# Seen to fail when a device that was taken out leaves its inbox as it is.
def test_p14_a_device_that_was_taken_out_destroys_its_jots_too(place: Place) -> None:
    with place.create() as vault:
        enrolled(vault)
    jot(place.paths, CANARY)
    kept = _files(place)[0].read_bytes()
    with place.open() as vault:
        assert _opens(vault, kept)
        vault._destroy_all()
        assert vault.jots() == []
        assert not _opens(vault, kept)
    assert _files(place) == []
    for secret in (place.passphrase, place.code):
        with place.open(secret) as vault:
            assert vault.inbox_at_open == (0, 0, False)
            assert not _opens(vault, kept)
    assert jot(place.paths, "Een nieuw begin.") == 1


# -- P11: an exchanged key


# Seen to fail when jotting does not look at the copy, and when unlocking does not try the key in it.
def test_p11_an_exchanged_inbox_key_is_refused_told_once_and_put_right(place: Place) -> None:
    _made(place)
    jot(place.paths, "Ervoor.")
    header = place.header.read_bytes()
    _swap(place, place.header)
    with pytest.raises(errors.InboxSwapped):
        jot(place.paths, CANARY)
    assert len(_files(place)) == 1
    with pytest.raises(errors.InboxSwapped):
        place.open()
    assert place.header.read_bytes() == header
    assert place.header.stat().st_mtime == files.EPOCH_TIME
    assert not (place.data / "header.next").exists()
    jot(place.paths, "Erna.")
    with place.open(place.code) as vault:
        assert _take(vault) == ["Erna.", "Ervoor."]


def test_p11_exchanged_in_header_and_copy_the_vault_still_says_that_something_is_wrong(place: Place) -> None:
    _made(place)
    _swap(place, place.header)
    vault_id = place.read_header().vault_id
    Path(place.paths.inbox_key(vault_id)).write_bytes(place.read_header().inbox)
    with pytest.raises(errors.HeaderDamaged):
        place.open()


def test_p11_a_header_to_come_of_somebody_else_gets_no_jot(place: Place) -> None:
    _made(place)
    planted = place.data / "header.next"
    planted.write_bytes(place.header.read_bytes())
    _swap(place, planted)
    with pytest.raises(errors.InboxSwapped):
        jot(place.paths, CANARY)
    place.open().close()
    assert jot(place.paths, "Daarna.") == 1


def test_p11_a_key_that_is_none_seals_nothing(place: Place) -> None:
    _made(place)
    header = place.read_header()
    place.header.write_bytes(header_format.encode(header._replace(inbox=bytes(32))))
    Path(place.paths.inbox_key(header.vault_id)).write_bytes(bytes(32))
    with pytest.raises(errors.InboxSwapped):
        jot(place.paths, CANARY)
    assert _files(place) == []


def test_a_vault_of_an_older_program_gets_its_copy_at_the_first_unlock(place: Place) -> None:
    _made(place)
    copy = Path(place.paths.inbox_key(place.read_header().vault_id))
    copy.unlink()
    with pytest.raises(errors.InboxUnknown):
        jot(place.paths, "Nog niet.")
    place.open().close()
    assert copy.stat().st_mtime == files.EPOCH_TIME
    assert jot(place.paths, "Nu wel.") == 1


def test_p11_what_was_sealed_to_this_inbox_for_another_vault_or_cut_does_not_open(place: Place) -> None:
    _made(place)
    header = place.read_header()
    plaintext = jot_format.encode(b"Van elders.")
    good = seal_jot(header.inbox, header.vault_id, plaintext)
    for number, data in enumerate(
        (
            seal_jot(header.inbox, os.urandom(16), plaintext),
            seal_jot(key_pair()[0], header.vault_id, plaintext),
            good[:40] + bytes([good[40] ^ 1]) + good[41:],
            bytes(32) + good[32:],
            seal_jot(header.inbox, header.vault_id, b"\2" + plaintext[1:]),
            seal_jot(header.inbox, header.vault_id, plaintext[:-1] + b"x"),
            seal_jot(header.inbox, header.vault_id, jot_format.encode(b"\xff\xfe")),
            seal_jot(header.inbox, header.vault_id, jot_format.encode(b"  \n")),
            seal_jot(header.inbox, header.vault_id, jot_format.encode(b"")),
        )
    ):
        _inbox(place).mkdir(exist_ok=True)
        (_inbox(place) / f"{number:016x}").write_bytes(data)
    (_inbox(place) / f"{99:016x}").write_bytes(good)
    with place.open() as vault:
        assert vault.inbox() == (1, 9, False)
        assert _take(vault) == ["Van elders."]
        assert vault.inbox() == (0, 9, False)


# -- what others put in the folder


def _junk(inbox: Path, outside: Path) -> int:
    """Puts everything there that a folder can hold. How many things those are."""
    inbox.mkdir(exist_ok=True)
    (inbox / "map").mkdir()
    (inbox / "map" / "diep").write_text("x")
    os.mkfifo(inbox / "00000000000000f0")
    os.mkfifo(inbox / "00000000000000f1.next")
    (inbox / "00000000000000f2").symlink_to(outside)
    endless = outside.with_name("zonder einde")
    with open(endless, "wb") as file:
        file.truncate(1 << 40)
    (inbox / "00000000000000f3").symlink_to(endless)
    (inbox / "00000000000000f4").mkdir()
    (inbox / "\x1b[2J\n-rf").write_text("x")
    (inbox / "00000000000000f5").write_bytes(bytes(min(jot_format.SIZES)))
    (inbox / "00000000000000f6").write_bytes(b"half")
    with open(inbox / "00000000000000f7", "wb") as huge:
        huge.truncate(1 << 40)
    (inbox / "00000000000000F8").write_bytes(bytes(1984))
    (inbox / "00000000000000f9.new").mkdir()
    return 12


# Seen to fail when a file is opened before it is looked at (by hanging, if opening waits as well); and by a lost file,
# when removing follows links.
def test_junk_in_the_inbox_is_counted_kept_and_removed_on_request_only(place: Place, tmp_path: Path) -> None:
    _made(place)
    outside = tmp_path / "van een ander"
    outside.write_bytes(bytes(1984))
    os.utime(outside, (1, 1))
    count = _junk(_inbox(place), outside)
    jot(place.paths, "Echt.")
    with place.open() as vault:
        assert vault.inbox_at_open == (1, count, False)
        assert _take(vault) == ["Echt."]
        assert vault.inbox() == (0, count, False)
        assert vault.discard_unreadable() == count
        assert vault.inbox() == (0, 0, False)
    assert _files(place) == []
    assert outside.read_bytes() == bytes(1984)
    assert outside.stat().st_mtime == 1


def test_junk_beside_a_jot_that_waits_on_stands_in_nobodys_way(place: Place, tmp_path: Path) -> None:
    _made(place)
    outside = tmp_path / "van een ander"
    outside.write_bytes(b"heel")
    jot(place.paths, "Blijft.")
    jot(place.paths, "Gaat.")
    first, second = _files(place)
    os.mkdir(f"{first}.next")
    os.symlink(outside, f"{second}.next")
    with place.open() as vault:
        assert vault.inbox() == (2, 2, False)
        vault.take_in({each.name: each.text for each in vault.jots() if each.text == "Gaat."})
        assert _texts(vault) == ["Blijft."]
    assert outside.read_bytes() == b"heel"


@pytest.mark.parametrize("kind", ["file", "link"])
def test_an_inbox_that_is_no_folder_is_named_and_the_vault_opens(place: Place, tmp_path: Path, kind: str) -> None:
    _made(place)
    (tmp_path / "elders").mkdir()
    if kind == "file":
        _inbox(place).write_text("x")
    else:
        _inbox(place).symlink_to(tmp_path / "elders")
    with pytest.raises(errors.InboxStrange):
        jot(place.paths, CANARY)
    with place.open() as vault:
        with pytest.raises(errors.InboxStrange):
            vault.jots()
        vault.add("Gewoon verder.")
    assert list((tmp_path / "elders").iterdir()) == []


@pytest.mark.parametrize("put", [os.mkdir, os.mkfifo, lambda path: os.symlink("/dev/zero", path)])
def test_a_lock_that_is_none_keeps_no_vault_from_opening(place: Place, put: Callable[[str], None]) -> None:
    _made(place)
    _inbox(place).mkdir()
    put(str(_inbox(place) / "lock"))
    with place.open() as vault:
        vault.add("Gewoon verder.")


def test_a_flood_is_looked_at_in_part_when_unlocking_and_in_whole_when_taking_in(
    place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    _made(place)
    monkeypatch.setattr(limits, "INBOX_LOOKED_AT", 20)
    _inbox(place).mkdir()
    for number in range(50):
        (_inbox(place) / f"{number:016x}").write_bytes(bytes(1984))
    jot(place.paths, "Ertussen.")
    with place.open() as vault:
        assert vault.inbox_at_open.more
        assert _take(vault) == ["Ertussen."]
        assert vault.discard_unreadable() == 50


# -- P1, P2: what a jot tells on disk


def test_p2_sizes_are_powers_of_two_and_times_constant(place: Place) -> None:
    _made(place)
    names = []
    for length in (1, 1000, 1874, 1875, 4000, 30_000):
        jot(place.paths, "x" * length)
        (fresh,) = [path for path in _files(place) if path.name not in names]
        names.append(fresh.name)
        size = fresh.stat().st_size
        assert size % 1984 == 0
        assert (size // 1984).bit_count() == 1
        assert fresh.stat().st_size < max(2 * (length + 110), 1985)
    vault_id = place.read_header().vault_id
    apart = Path(place.paths.inbox_key(vault_id))
    for path in (_inbox(place), *_inbox(place).iterdir(), place.data, apart, apart.parent):
        assert path.stat().st_mtime == files.EPOCH_TIME
    with place.open() as vault:
        _take(vault)
    for path in (_inbox(place), *_inbox(place).iterdir(), place.data, apart, apart.parent):
        assert path.stat().st_mtime == files.EPOCH_TIME
    assert b"x" * 64 not in b"".join(place.snapshot().values())
