"""Copies, destruction and receipts: nothing is destroyed without a copy that was read back and verified, and a receipt
never reports an erasure that did not happen (lesson 21).

The same at every step of a kill: tests/faults/test_killed_while_handing_over.py.
"""

import json
import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.support.attacker import Attacker
from tests.support.camera import Camera
from tests.support.vaults import Place
from vault import errors, files, limits, receipt
from vault.anchor.file import FileAnchor
from vault.months import Period
from vault.receipt import Receipt
from vault.service import Copy, Note, Unfinished, Vault, handing

TEXTS = ["kanarie een", "kanarie twee", "kanarie drie " * 400]


def make(notes: Sequence[Note]) -> bytes:
    return json.dumps([note.text for note in notes]).encode()


def verify(data: bytes, notes: Sequence[Note]) -> None:
    if json.loads(data) != [note.text for note in notes]:
        raise errors.CopyNotVerified


@pytest.fixture
def vault(place: Place) -> Vault:
    return place.create()


@pytest.fixture
def mine(vault: Vault) -> list[str]:
    vault.add("van een ander")
    vault.open_engagement("Eik")
    return vault.add_many(TEXTS, engagement="Eik")


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "voor de cliënt"
    folder.mkdir()
    return folder


def copy_in(out: Path) -> Copy:
    return Copy(str(out / "kopie.json"), make, verify)


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def still_there(vault: Vault, mine: list[str]) -> bool:
    return sorted(note.text for note in vault.notes_of("Eik")) == sorted(TEXTS) and set(mine) <= set(vault.handles())


# -- as it should go ---------------------------------------------------------------------------------------------------


def test_a_copy_and_a_receipt_and_the_notes_are_gone(place: Place, vault: Vault, mine: list[str], out: Path) -> None:
    code = vault.open_engagement("Beuk")
    document = out / "bewijs.json"
    done = vault.shred_for_client(mine, claimed=True, copy=copy_in(out), receipt_to=str(document))
    assert (done.notes, done.written) == (3, True)
    assert document.read_bytes() == done.receipt
    assert sorted(json.loads((out / "kopie.json").read_bytes())) == sorted(TEXTS)
    found = receipt.verify(done.receipt)
    assert found == Receipt(3, 322, "claim", {"device": 1}, {}, vault.receipt_key())
    assert [note.text for note in vault.notes()] == ["van een ander"]
    assert vault.unfinished() == []
    assert vault.requests() == [(322, 1, 1)]
    assert names(out) == ["bewijs.json", "kopie.json"]
    for path in out.iterdir():
        assert (path.stat().st_mode & 0o777, path.stat().st_mtime) == (0o600, files.EPOCH_TIME)
    vault.close()
    with place.open() as vault:
        # nothing of the request is left but the counts
        assert vault._rights.under_way == ()
        assert vault.requests() == [(322, 1, 1)]
        assert vault.notes_of(claim=vault.claim(code)) == []


def test_a_receipt_holds_nothing_of_notes_or_client(vault: Vault, mine: list[str], out: Path) -> None:
    done = vault.shred_for_client(mine, claimed=False, receipt_to=str(out / "bewijs.json"))
    fields = json.loads(done.receipt)
    assert set(fields) == {
        "asked", "confirmed", "format", "key", "month", "notes", "signature", "version", "waiting",
    }  # fmt: skip
    assert fields["asked"] == "hand"
    for secret in ("kanarie", "Eik", *mine, "2026-11-", vault._state.vault_id.hex()):
        assert secret not in done.receipt.decode()


def test_the_same_key_signs_every_receipt_and_is_in_no_other_vault(tmp_path: Path, out: Path) -> None:
    keys = []
    for number in range(2):
        place = Place(tmp_path / str(number))
        with place.create() as vault:
            for at in range(2):
                done = vault.shred_for_client(
                    [vault.add("een").handle], claimed=False, receipt_to=str(out / f"{number}{at}")
                )
                keys.append(receipt.verify(done.receipt).key)
        with place.open() as vault:
            keys.append(vault.receipt_key())
    assert len(set(keys[:3])) == len(set(keys[3:])) == 1
    assert keys[0] != keys[3]


def test_only_requests_are_counted_and_only_five_years_of_them(place: Place, vault: Vault, out: Path) -> None:
    vault.shred([vault.add("uit zichzelf").handle])
    vault.shred_for_client([vault.add("zonder bewijs").handle], claimed=False)
    assert vault.requests() == []
    for at in range(limits.REQUEST_MONTHS + 3):
        place.to_month(322 + at)
        vault.expire()
        handle = vault.add("een").handle
        assert vault.hand_over([handle], Copy(str(out / f"{at}"), make, verify)) == 1
        vault.shred_for_client([handle], claimed=True)
    assert vault.requests() == [(month, 1, 1) for month in range(325, 325 + limits.REQUEST_MONTHS)]


def test_a_draft_goes_with_its_note(vault: Vault, mine: list[str]) -> None:
    vault.seal_draft("kanarie vier", of=mine[0])
    vault.shred_for_client(mine, claimed=True)
    assert vault.draft() is None


# -- refused before anything happens -----------------------------------------------------------------------------------


def test_a_name_that_is_taken_is_refused_and_nothing_written_over(vault: Vault, mine: list[str], out: Path) -> None:
    for name in ("kopie.json", "bewijs.json"):
        (out / name).write_text("van iemand anders")
        with pytest.raises(errors.TargetExists):
            vault.shred_for_client(mine, claimed=True, copy=copy_in(out), receipt_to=str(out / "bewijs.json"))
        assert (out / name).read_text() == "van iemand anders"
        (out / name).unlink()
        assert names(out) == []
    assert still_there(vault, mine)
    assert vault.unfinished() == []


def test_a_name_that_is_taken_meanwhile_is_refused_too(vault: Vault, mine: list[str], out: Path) -> None:
    def slow(notes: Sequence[Note]) -> bytes:
        (out / "kopie.json").write_text("van iemand anders")
        return make(notes)

    with pytest.raises(errors.TargetExists):
        vault.shred_for_client(mine, claimed=True, copy=Copy(str(out / "kopie.json"), slow, verify))
    assert (out / "kopie.json").read_text() == "van iemand anders"
    assert names(out) == ["kopie.json"]
    assert still_there(vault, mine)
    assert vault.unfinished() == []


@pytest.mark.parametrize("target", ["nergens/kopie.json", "kopie\0.json", "x" * 300])
def test_a_place_that_is_none_is_refused(vault: Vault, mine: list[str], out: Path, target: str) -> None:
    with pytest.raises(errors.TargetFailed):
        vault.shred_for_client(mine, claimed=True, copy=Copy(f"{out}/{target}", make, verify))
    with pytest.raises(errors.TargetFailed):
        vault.shred_for_client(mine, claimed=True, receipt_to=f"{out}/{target}")
    assert still_there(vault, mine)
    assert vault.unfinished() == []


def test_with_a_clock_in_doubt_there_is_no_month_to_put_on_a_receipt(
    place: Place, vault: Vault, mine: list[str], out: Path
) -> None:
    vault.keep(mine[0], Period(2, "y"), longer=True)
    place.to_month(322 + 4)
    with pytest.raises(errors.ClockUnsure):
        vault.shred_for_client(mine[:1], claimed=True, receipt_to=str(out / "bewijs.json"))
    assert names(out) == []


def test_there_is_no_receipt_for_nothing(vault: Vault, out: Path) -> None:
    with pytest.raises(errors.NothingThere):
        vault.shred_for_client([], claimed=True, copy=copy_in(out), receipt_to=str(out / "bewijs.json"))
    assert names(out) == []


# -- a copy that is not good -------------------------------------------------------------------------------------------


def short(notes: Sequence[Note]) -> bytes:
    return make(notes[1:])


def test_a_copy_that_its_own_reader_does_not_open_destroys_nothing(vault: Vault, mine: list[str], out: Path) -> None:
    # seen to fail: `verify` not called
    with pytest.raises(errors.CopyNotVerified):
        vault.shred_for_client(
            mine, claimed=True, copy=Copy(str(out / "k"), short, verify), receipt_to=str(out / "bewijs.json")
        )
    assert still_there(vault, mine)
    assert names(out) == []
    assert vault.unfinished() == []


def test_a_disk_that_gives_back_something_else_destroys_nothing(
    vault: Vault, mine: list[str], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # seen to fail: what was read back not compared
    plain = files.write_new

    def lying(path: str, data: bytes) -> None:
        plain(path, data[:-1] + b" " if path.endswith(".part") else data)

    monkeypatch.setattr(files, "write_new", lying)
    with pytest.raises(errors.CopyNotVerified):
        vault.shred_for_client(mine, claimed=True, copy=Copy(str(out / "k"), make, lambda *_: None))
    assert still_there(vault, mine)
    assert names(out) == []


@pytest.mark.parametrize("failure", [KeyboardInterrupt, MemoryError, errors.NoteNotText])
def test_whatever_goes_wrong_with_the_copy_destroys_nothing(
    vault: Vault, mine: list[str], out: Path, failure: type[BaseException]
) -> None:
    def broken(*_: object) -> bytes:
        raise failure

    for copy in (Copy(str(out / "k"), broken, verify), Copy(str(out / "k"), make, broken)):  # type: ignore[arg-type]
        with pytest.raises(failure):
            vault.shred_for_client(mine, claimed=True, copy=copy)
        assert still_there(vault, mine)
        assert names(out) == []
        assert vault.unfinished() == []


def test_a_shred_that_fails_leaves_notes_and_copy_and_no_receipt(
    vault: Vault, mine: list[str], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # seen to fail: the receipt written before the commit
    def full(*_: object) -> None:
        raise errors.StorageFailed(full=True)

    def verify_and_break(data: bytes, notes: Sequence[Note]) -> None:
        verify(data, notes)
        monkeypatch.setattr(FileAnchor, "prepare", full)

    copy = Copy(str(out / "kopie.json"), make, verify_and_break)
    with pytest.raises(errors.StorageFailed):
        vault.shred_for_client(mine, claimed=True, copy=copy, receipt_to=str(out / "bewijs.json"))
    assert still_there(vault, mine)
    assert names(out) == ["kopie.json"]
    assert vault.unfinished() == [Unfinished(True, 3)]
    monkeypatch.undo()
    vault.forget_unfinished_copy()
    assert vault.unfinished() == []


# -- the receipt -------------------------------------------------------------------------------------------------------


def test_a_receipt_that_can_not_be_written_is_made_again_to_the_byte(
    place: Place, vault: Vault, mine: list[str], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise errors.TargetFailed(full=True)

    with monkeypatch.context() as patch:
        patch.setattr(handing, "_write", full)
        done = vault.shred_for_client(mine, claimed=True, receipt_to=str(out / "bewijs.json"))
    assert (done.notes, done.written, names(out)) == (3, False, [])
    vault.close()
    with place.open() as vault:
        assert vault.unfinished() == [Unfinished(False, 3)]
        assert vault.notes_of("Eik") == []
        place.to_month(323)
        vault.expire()
        again = vault.write_waiting_receipt(str(out / "later.json"))
        assert again.receipt == done.receipt == (out / "later.json").read_bytes()
        assert vault.unfinished() == []
        with pytest.raises(errors.NoReceiptWaiting):
            vault.write_waiting_receipt(str(out / "nog een.json"))


def test_an_old_key_that_is_still_there_means_no_receipt_yet(
    place: Place, vault: Vault, mine: list[str], out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # seen to fail: ResidueLeft passed over; `settle` left out of write_waiting_receipt
    def broken(path: str, size: int) -> None:
        raise errors.StorageFailed

    target = str(out / "bewijs.json")
    with monkeypatch.context() as patch:
        patch.setattr(files, "destroy", broken)
        with pytest.raises(errors.ResidueLeft):
            vault.shred_for_client(mine, claimed=True, receipt_to=target)
        assert names(out) == []
        with pytest.raises(errors.StorageFailed):
            vault.write_waiting_receipt(target)
        assert names(out) == []
    assert receipt.verify(vault.write_waiting_receipt(target).receipt).notes == 3


def test_receipts_that_wait_have_an_end(vault: Vault, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    handles = vault.add_many(["een"] * limits.UNDER_WAY)
    with monkeypatch.context() as patch:
        patch.setattr(handing, "hand_over", lambda *_: (_ for _ in ()).throw(errors.TargetFailed()))
        for handle in handles[:-1]:
            vault.shred_for_client([handle], claimed=False, receipt_to=str(out / handle))
        with pytest.raises(errors.ReceiptsWaiting):
            vault.shred_for_client(handles[-1:], claimed=False, receipt_to=str(out / "x"))
    assert vault.handles() == handles[-1:]
    # a copy without a receipt goes on
    vault.shred_for_client(handles[-1:], claimed=False, copy=copy_in(out))
    for at in range(limits.UNDER_WAY - 1):
        vault.write_waiting_receipt(str(out / f"{at}"))
    assert vault.unfinished() == []


# -- residue -----------------------------------------------------------------------------------------------------------


def test_what_is_left_of_a_copy_goes_at_the_next_unlock_and_its_path_after_it_was_told(
    place: Place, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = Camera(place, monkeypatch)
    with place.create() as vault:
        mine = vault.add_many(TEXTS)
        with monkeypatch.context() as patch:
            # as if it were killed right there
            patch.setattr(handing, "_destroy", lambda _: None)
            patch.setattr(Vault, "_end_copy", lambda *_: None)
            with pytest.raises(errors.CopyNotVerified):
                vault.shred_for_client(mine, claimed=True, copy=Copy(str(out / "Inez.json"), short, verify))
    (left,) = out.iterdir()
    assert left.name.startswith(".ongemerkt-")
    with left.open("rb") as held:
        with place.open() as vault:
            assert names(out) == []
            assert vault.unfinished() == [Unfinished(True, 3)]
            assert len(vault.handles()) == 3
            path = os.fsencode(out)
            assert path in reads(place, camera)
            vault.forget_unfinished_copy()
            assert vault.unfinished() == []
        # overwritten, not only taken out of its folder
        assert b"kanarie" not in held.read()
    assert path not in reads(place, camera)
    assert b"Inez" not in reads(place, camera)


def reads(place: Place, camera: Camera) -> bytes:
    camera.shoot()
    state = {name: raw for name, raw in place.snapshot().items() if name.startswith("state/")}
    return Attacker([*camera.of_data(), state], [place.passphrase, place.code]).reads()


def test_only_a_plain_file_of_ours_is_removed(tmp_path: Path) -> None:
    other, link = tmp_path / "van iemand anders", tmp_path / ".ongemerkt-00000000.part"
    other.write_text("tekst")
    link.symlink_to(other)
    for path in (other, link, tmp_path / "nergens", tmp_path):
        handing.drop(str(path))
    assert other.read_text() == "tekst"
    assert link.is_symlink()


def test_no_text_is_written_into_the_vaults_own_folders(
    place: Place, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    camera = Camera(place, monkeypatch)
    with place.create() as vault:
        mine = vault.add_many(TEXTS)
        vault.shred_for_client(mine, claimed=True, copy=copy_in(out), receipt_to=str(out / "bewijs.json"))
    assert not any(b"kanarie" in raw for image in camera.images for raw in image.values())
    assert b"kanarie" not in reads(place, camera)


# -- engagements -------------------------------------------------------------------------------------------------------


def test_an_engagement_is_known_by_its_alias_case_and_accents_ignored(vault: Vault) -> None:
    vault.open_engagement("  Groene   Eik ")
    vault.add("een", engagement="groene eik")
    assert [note.text for note in vault.notes_of("GROËNE EIK")] == ["een"]
    for alias in ("groene eik", "Groéne Eik"):
        with pytest.raises(errors.EngagementExists):
            vault.open_engagement(alias)
    for wrong in (lambda: vault.notes_of("Beuk"), lambda: vault.add("een", engagement="Beuk")):
        with pytest.raises(errors.EngagementUnknown):
            wrong()
    with pytest.raises(errors.EngagementUnknown):
        vault.close_engagement("Beuk")


@pytest.mark.parametrize("alias", ["", "  ", "x" * 65, "é" * 33, "a\x1bb", "a\0b", "\ud800"])
def test_an_alias_is_one_short_line(vault: Vault, alias: str) -> None:
    with pytest.raises(errors.AliasRefused) as raised:
        vault.open_engagement(alias)
    assert raised.value.__context__ is None
    assert vault.engagements() == []


def test_engagements_have_an_end(vault: Vault) -> None:
    for number in range(limits.ENGAGEMENTS_BYTES // (64 + 36)):
        vault.open_engagement(f"{number:03}".ljust(64, "x"))
    with pytest.raises(errors.EngagementsTooMany):
        vault.open_engagement("y" * 64)
    assert len(vault.engagements()) == 71


def test_a_strict_engagement_shows_its_notes_to_the_code_only(vault: Vault) -> None:
    code = vault.open_engagement("Eik", strict=True)
    vault.add("een", engagement="Eik")
    with pytest.raises(errors.EngagementStrict):
        vault.notes_of("Eik")
    assert [note.text for note in vault.notes_of(claim=vault.claim(code))] == ["een"]


def test_notes_count_up_by_alias_by_code_and_after_closing(vault: Vault) -> None:
    code = vault.open_engagement("Eik")
    claim = vault.claim(code)
    first = vault.add("een", engagement="Eik").handle
    vault.add("twee", claim=claim)
    vault.edit(first, "een, herschreven")
    vault.close_engagement("Eik")
    vault.add("drie", claim=claim)
    vault.open_engagement("Eik opnieuw", code=code)
    vault.add("vier", engagement="Eik opnieuw")
    told = [(note.ordinal, note.text) for note in vault.notes_of("Eik opnieuw")]
    assert told == [(1, "een, herschreven"), (2, "twee"), (3, "drie"), (4, "vier")]
    with pytest.raises(errors.EngagementExists):
        vault.open_engagement("nog eens", code=code)


def test_a_note_found_by_code_can_be_corrected_and_stays_the_clients(vault: Vault) -> None:
    code = vault.open_engagement("Eik")
    vault.add("fout " * 1000, engagement="Eik")
    vault.close_engagement("Eik")
    claim = vault.claim(code)
    (note,) = vault.notes_of(claim=claim)
    vault.edit(note.handle, "goed")
    assert [(each.handle, each.text, each.ordinal) for each in vault.notes_of(claim=claim)] == [
        (note.handle, "goed", 1)
    ]


def test_a_draft_keeps_what_it_was_begun_for_until_it_is_a_note(place: Place, vault: Vault) -> None:
    code = vault.open_engagement("Eik", strict=True)
    vault.seal_draft("begonnen", engagement="Eik")
    vault.close()
    with place.open() as vault:
        assert vault.draft() == ("begonnen", "")
        assert vault.draft_engagement() == "Eik"
        vault.add("begonnen en af", engagement=vault.draft_engagement())
        vault.drop_draft()
        assert vault.draft_engagement() == ""
        vault.seal_draft("voor niemand")
        assert vault.draft_engagement() == ""
        assert [note.text for note in vault.notes_of(claim=vault.claim(code))] == ["begonnen en af"]
