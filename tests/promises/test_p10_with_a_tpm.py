"""With the anchor in a TPM, what can happen to a TPM: each is told by its name, destroys nothing that is there, and
leaves the way that is left. Out of reach is not lost, and lost is not damaged.
"""

from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest

from tests.support import tpm as tpms
from tests.support.tpm import Tpm
from tests.support.vaults import CANARY, Place
from vault import errors
from vault.formats import anchorfile, tpmfile
from vault.formats.anchorfile import SECTOR
from vault.formats.tpmfile import Seat
from vault.service import Paths
from vault.service.anchors import tpm_trouble, whereabouts

tss = tpms.library()


@pytest.fixture
def tpm(tmp_path: Path) -> Iterator[Tpm]:
    yield from tpms.running(tmp_path / "tpm")


@pytest.fixture
def place(tmp_path: Path, tpm: Tpm) -> Place:
    """A vault with one note, its anchor in the TPM."""
    place = Place(tmp_path)
    place.paths = place.paths._replace(tpm=tpm.tcti)
    with place.create() as vault:
        vault.add(CANARY)
        vault.move_anchor("tpm")
    return place


def opens(place: Place, *texts: str) -> bool:
    with place.open() as vault:
        return {note.text for note in vault.notes()} == {*(texts or [CANARY])}


def refused(place: Place, error: type[errors.VaultError], tpm: Tpm) -> None:
    """It does not open, for this reason, and nothing is changed by trying."""
    before, counters = place.snapshot(), tpm.counters()
    for secret in (place.passphrase, place.code):
        with pytest.raises(error) as caught:
            place.open(secret)
        assert type(caught.value) is error
    assert place.snapshot() == before
    assert tpm.counters() == counters
    assert tpm.loaded() == 0


def seat_of(place: Place) -> Seat:
    return tpmfile.decode(anchor_file(place).read_bytes()).seat


def anchor_file(place: Place) -> Path:
    return place.anchor.with_name("anchor.tpm")


# -- lost: only another place helps ---------------------------------------------------------------------------------


def test_a_cleared_tpm_is_told_as_lost(place: Place, tpm: Tpm) -> None:
    tpm.clear()
    refused(place, errors.AnchorLost, tpm)


def test_another_computers_tpm_is_told_as_lost_and_the_vaults_own_opens_it_again(
    place: Place, tpm: Tpm, tmp_path: Path
) -> None:
    other = Tpm(tmp_path / "other")
    try:
        place.paths = place.paths._replace(tpm=other.tcti)
        refused(place, errors.AnchorLost, other)
    finally:
        other.off()
    place.paths = place.paths._replace(tpm=tpm.tcti)
    assert opens(place)


def test_a_counter_that_somebody_removed_is_told_as_lost(place: Place, tpm: Tpm) -> None:
    undefine(tpm, seat_of(place))
    refused(place, errors.AnchorLost, tpm)


def undefine(tpm: Tpm, seat: Seat) -> None:
    with tss.ESAPI(tpm.tcti) as esys:
        esys.nv_undefine_space(esys.tr_from_tpmpublic(seat.nv))


def define(tpm: Tpm, seat: Seat, *, kind: int = tpmfile.ATTRIBUTES, auth: bytes = b"", size: int = 8) -> None:
    area = tss.TPMS_NV_PUBLIC(nvIndex=seat.nv, nameAlg=tss.TPM2_ALG.SHA256, attributes=kind, dataSize=size)
    with tss.ESAPI(tpm.tcti) as esys:
        esys.nv_define_space(auth or seat.auth, tss.TPM2B_NV_PUBLIC(nvPublic=area))


PLAIN = 0x02040004
"""Attributes of an index that is no counter."""


@pytest.mark.parametrize("kind", ["counter of somebody else", "no counter", "never incremented"])
def test_something_else_at_the_counters_index_is_told_as_lost_and_left_alone(place: Place, tpm: Tpm, kind: str) -> None:
    seat = seat_of(place)
    undefine(tpm, seat)
    if kind == "no counter":
        define(tpm, seat, kind=PLAIN)
    else:
        define(tpm, seat, auth=b"" if kind.startswith("never") else b"another")
    refused(place, errors.AnchorLost, tpm)


def test_a_tpm_cleared_under_an_open_vault_can_still_be_moved_away_from(place: Place, tpm: Tpm) -> None:
    with place.open() as vault:
        tpm.clear()
        handle = vault.add("nog een").handle
        with pytest.raises(errors.AnchorLost):
            vault.shred([handle])
        assert vault.show(handle).text == "nog een"
        vault.move_anchor("file")
        vault.shred([handle])
    assert opens(place)
    assert whereabouts(place.paths).kinds == ("file",)


# -- tampered with -------------------------------------------------------------------------------------------------


# Seen to fail: with the parent's name not compared.
@pytest.mark.parametrize("what", ["index", "auth", "parent", "bound", "public", "private", "epoch"])
def test_every_field_of_the_file_is_what_it_was_or_the_vault_does_not_open(place: Place, tpm: Tpm, what: str) -> None:
    raw = anchor_file(place).read_bytes()
    file = tpmfile.decode(raw)
    assert file.sealed is not None
    seat, sealed, epoch = file.seat, file.sealed, file.epoch
    if what == "index":
        seat = seat._replace(nv=seat.nv ^ 1)
    elif what in ("auth", "parent"):
        fields: dict[str, Any] = {what: flipped(getattr(seat, what))}
        seat = seat._replace(**fields)
    elif what == "bound":
        sealed = sealed._replace(bound=sealed.bound + 1000)
    elif what == "epoch":
        epoch = flipped(epoch)
    else:
        halves: dict[str, Any] = {what: flipped(getattr(sealed, what))}
        sealed = sealed._replace(**halves)
    records = anchorfile.decode_records(raw, tpmfile.RECORDS_AT)
    assert records[0] is not None
    anchor_file(place).write_bytes(tpmfile.encode(epoch, seat, sealed, records[0]))
    for secret in (place.passphrase, place.code):
        with pytest.raises(errors.VaultDamaged):
            place.open(secret)
    assert tpm.loaded() == 0
    anchor_file(place).write_bytes(raw)
    assert opens(place)


def flipped(data: bytes) -> bytes:
    return data[:-1] + bytes([data[-1] ^ 1])


@pytest.mark.parametrize("size", [1, 50, 1024])
def test_a_blob_of_any_bytes_is_told_as_damaged(place: Place, tpm: Tpm, size: int) -> None:
    raw = anchor_file(place).read_bytes()
    file = tpmfile.decode(raw)
    assert file.sealed is not None
    for junk in (b"\0" * size, b"\xff" * size, file.sealed.public[:size].ljust(size, b"\0")):
        for sealed in (file.sealed._replace(public=junk), file.sealed._replace(private=junk)):
            sector = tpmfile.encode_sealed(sealed).ljust(SECTOR, b"\0")
            anchor_file(place).write_bytes(raw[:SECTOR] + sector + raw[2 * SECTOR :])
            with pytest.raises((errors.AnchorDamaged, errors.AnchorLost)):
                place.open()
    assert tpm.loaded() == 0


# -- out of reach: nothing is lost ---------------------------------------------------------------------------------


def reason(place: Place) -> str:
    before = place.snapshot()
    with pytest.raises(errors.TpmUnreachable) as caught:
        place.open()
    assert place.snapshot() == before
    assert whereabouts(place.paths).tpm_trouble == caught.value.reason
    return caught.value.reason


def test_a_tpm_that_is_off_is_told_as_out_of_reach_and_opens_when_it_is_on(place: Place, tpm: Tpm) -> None:
    tpm.off()
    assert reason(place) == "failed"
    tpm.on()
    assert opens(place)


def test_a_device_that_is_not_there_is_named(place: Place, tmp_path: Path) -> None:
    place.paths = place.paths._replace(tpm=f"device:{tmp_path}/tpmrm0")
    assert reason(place) == "missing"


def test_a_device_that_this_user_may_not_use_is_named(tmp_path: Path) -> None:
    from vault.anchor.chip import why

    # root may do everything, so the file is one that nobody may write to
    assert why("device:/proc/version") in ("refused", "failed")
    assert why("nonsense") == why("device:") == "failed"


@pytest.mark.parametrize("tcti", ["", "nonsense:x", "device:/dev/null", "swtpm:port=1", "device:\u00e9", "x" * 5000])
def test_any_address_ends_in_our_error(tcti: str) -> None:
    assert tpm_trouble(tcti) in errors.TPM_REASONS


def test_without_the_library_it_is_told(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.delitem(sys.modules, "vault.anchor.chip", raising=False)
    monkeypatch.setitem(sys.modules, "tpm2_pytss", None)
    assert reason(place) == "library"


def test_an_owner_password_is_told_and_nothing_is_lost(place: Place, tpm: Tpm) -> None:
    change_owner(tpm, b"", b"van de werkgever")
    assert reason(place) == "owned"
    change_owner(tpm, b"van de werkgever", b"")
    assert opens(place)


def change_owner(tpm: Tpm, old: bytes, new: bytes) -> None:
    with tss.ESAPI(tpm.tcti) as esys:
        esys.tr_set_auth(tss.ESYS_TR.OWNER, old)
        esys.hierarchy_change_auth(tss.ESYS_TR.OWNER, new)


def test_a_tpm_locked_by_wrong_guesses_of_others_still_serves_the_vault(place: Place, tpm: Tpm) -> None:
    # the counter and the blob take no part in it: their auth values can't be guessed
    seat = Seat(0x01900000, b"guarded", b"")
    define(tpm, seat, kind=PLAIN & ~0x02000000)
    with tss.ESAPI(tpm.tcti) as esys:
        esys.dictionary_attack_parameters(1, 1000, 1000)
        index = esys.tr_from_tpmpublic(seat.nv)
        esys.tr_set_auth(index, b"wrong")
        codes = []
        for _ in range(3):
            try:
                esys.nv_write(index, b"12345678", auth_handle=index)
            except tss.TSS2_Exception as error:
                codes.append(int(error.error))
    assert int(tss.TPM2_RC.LOCKOUT) in codes, "the TPM is not locked"
    with place.open() as vault:
        vault.shred([vault.add("nog een").handle])
    assert opens(place)


def test_no_room_for_a_counter_leaves_the_anchor_where_it_was(tmp_path: Path, tpm: Tpm) -> None:
    place = Place(tmp_path / "new")
    place.paths = place.paths._replace(tpm=tpm.tcti)
    with place.create() as vault:
        vault.add(CANARY)
        with suppress(tss.TSS2_Exception):
            for at in range(2000):
                define(tpm, Seat(0x01A00000 + at, b"full", b""), kind=PLAIN, size=2048)
        with suppress(tss.TSS2_Exception):
            for at in range(2000):
                # a little is kept free for counters
                define(tpm, Seat(0x01B00000 + at, b"full", b""))
        counters = tpm.counters()
        with pytest.raises(errors.TpmUnreachable) as caught:
            vault.move_anchor("tpm")
        assert caught.value.reason == "full"
        assert tpm.counters() == counters
        vault.shred([vault.add("nog een").handle])
    assert opens(place)
    assert whereabouts(place.paths).kinds == ("file",)


# -- a TPM that goes away while the vault is open ------------------------------------------------------------------


def test_a_shred_without_the_tpm_does_not_happen_and_can_be_done_when_it_is_back(place: Place, tpm: Tpm) -> None:
    with place.open() as vault:
        handle = vault.add("nog een").handle
        tpm.off()
        with pytest.raises(errors.TpmUnreachable):
            vault.shred([handle])
        # what needs no new epoch needs no TPM
        assert vault.show(handle).text == "nog een"
        vault.add("en nog een")
        tpm.on()
        vault.shred([handle])
    assert opens(place, CANARY, "en nog een")


def test_a_move_back_without_the_tpm_is_told_and_does_not_keep_anybody_out(place: Place, tpm: Tpm) -> None:
    with place.open() as vault:
        tpm.off()
        with pytest.raises(errors.ResidueLeft):
            vault.move_anchor("file")
    # it never comes back
    assert opens(place)
    assert whereabouts(place.paths).kinds == ("file",)
    with place.open() as vault:
        vault.shred([vault.add("nog een").handle])
    assert not any("tpm" in name for name in place.snapshot())


def test_a_move_back_is_ended_when_the_tpm_is_back(place: Place, tpm: Tpm) -> None:
    with place.open() as vault:
        tpm.off()
        with pytest.raises(errors.ResidueLeft):
            vault.move_anchor("file")
        # nothing may be destroyed while what could undo it is left
        with pytest.raises(errors.TpmUnreachable):
            vault.shred([vault.add("nog een").handle])
        tpm.on()
        vault.shred([handle for handle in (note.handle for note in vault.notes()) if vault.show(handle).text != CANARY])
    assert tpm.counters() == []
    assert opens(place)


# -- and a TPM that is not asked -----------------------------------------------------------------------------------


def test_a_vault_with_a_file_never_touches_the_tpm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    from vault.anchor import tpm as tpm_anchor

    def touched(*_: object) -> None:
        raise AssertionError("the TPM was asked")

    monkeypatch.setattr(tpm_anchor, "connect", touched)
    monkeypatch.delitem(sys.modules, "tpm2_pytss", raising=False)
    place = Place(tmp_path)
    with place.create() as vault:
        handle = vault.add("weg").handle
        vault.add(CANARY)
        vault.shred([handle])
        vault.change_passphrase("een heel andere wachtzin")
    place.passphrase = "een heel andere wachtzin"
    assert opens(place)
    assert "tpm2_pytss" not in sys.modules


def test_several_vaults_share_a_tpm_and_none_disturbs_another(tmp_path: Path, tpm: Tpm) -> None:
    places = [Place(tmp_path / str(number)) for number in range(3)]
    handles = []
    for number, each in enumerate(places):
        each.paths = Paths(str(each.data), str(tmp_path / "state"), tpm.tcti)
        with each.create() as vault:
            vault.move_anchor("tpm")
            vault.add(f"kluis {number}")
            handles.append(vault.add("weg").handle)
    assert len(tpm.counters()) == 3
    for each, handle in zip(places, handles, strict=True):
        with each.open() as vault:
            vault.shred([handle])
    with places[1].open() as vault:
        vault.move_anchor("file")
    assert len(tpm.counters()) == 2
    for number, each in enumerate(places):
        assert opens(each, f"kluis {number}")
