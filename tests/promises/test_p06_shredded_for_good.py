"""P6: every old file, journal and remnant, with every passphrase and code there ever was and the *current* anchor,
opens no shredded, expired, replaced or edited-away text.

Seen to fail: with an epoch that keeps key and anchor (built in below); with a shred that leaves the box (built in
below); with the old anchors in the attacker's hands, who then reads everything (built in below: the attack is real);
with the old anchor copied beside the new one, and with it removed but not overwritten, and with words forgotten and
templates changed without a new epoch (by hand).
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.support.attacker import Attacker, rolled_back
from tests.support.camera import Camera
from tests.support.independent import cipher_pages
from tests.support.vaults import Place, Snapshot, enrolled, slots_of
from vault import errors, limits
from vault.formats.anchorfile import Anchor
from vault.ledger import EMPTY
from vault.months import Period
from vault.service import Template, Vault, change, destroying, notes
from vault.service.change import NewEpoch, Part
from vault.service.state import State

GONE = {
    "shredded alone": "kanarie een ",
    "shredded with others": "kanarie twee ",
    "shredded with others too": "kanarie drie ",
    "shredded, in many parts": "kanarie vier " * 400,
    "edited away": "kanarie vijf ",
    "expired": "kanarie zes ",
    "a draft that was replaced": "kanarie zeven ",
    "a draft that was dropped": "kanarie acht ",
    "shredded after moving house": "kanarie negen ",
    "shredded after a change of passphrase": "kanarie tien ",
}
ALIVE = "de levende notitie"
WORDS = {why: text.split()[1] for why, text in GONE.items()}
NEW = "een heel andere wachtzin"


def career(place: Place, camera: Camera, *, on_a_server: bool = False) -> None:
    """Writes everything in GONE, and lets it go in each way there is."""
    with place.create() as vault:
        if on_a_server:
            enrolled(vault)
        written = {why: vault.add(text).handle for why, text in GONE.items() if "draft" not in why}
        vault.add(ALIVE)
        vault.keep(written["expired"], Period(2, "m"))
        vault.shred([written["shredded alone"]])
        vault.shred([written[why] for why in written if why.startswith("shredded with") or "parts" in why])
        vault.edit(written["edited away"], "een andere tekst")
        vault.seal_draft(GONE["a draft that was replaced"])
        vault.seal_draft(GONE["a draft that was dropped"])
        vault.drop_draft()
        vault.add_many(["vulling"] * limits.POOL_LEAST)
        vault.shred([written["shredded after moving house"]])
        vault.change_passphrase(NEW)
        vault.shred([written["shredded after a change of passphrase"]])
    place.passphrase, old = NEW, place.passphrase
    for _ in range(2):
        place.to_month(vault_month(place) + 1)
        place.open().close()
    with place.open(place.code) as vault:
        texts = {note.text for note in vault.notes()}
    assert texts == {ALIVE, "een andere tekst", "vulling"}
    place.passphrase = old
    camera.shoot()


def vault_month(place: Place) -> int:
    return (place.day.year - 2000) * 12 + place.day.month - 1


def found(read: bytes) -> list[str]:
    return [why for why, word in WORDS.items() if f"kanarie {word}".encode() in read]


@pytest.fixture
def camera(place: Place, monkeypatch: pytest.MonkeyPatch) -> Camera:
    return Camera(place, monkeypatch)


def current_state(place: Place) -> Snapshot:
    return {name: raw for name, raw in place.snapshot().items() if name.startswith("state/")}


@pytest.mark.parametrize("on_a_server", [False, True])
def test_all_old_files_and_every_secret_and_the_current_anchor_open_nothing_that_is_gone(
    place: Place, camera: Camera, on_a_server: bool
) -> None:
    career(place, camera, on_a_server=on_a_server)
    images = camera.of_data()
    assert sum("data/vault.db-journal" in image for image in images) >= 10
    assert any("data/vault.db.new" in image for image in images)
    assert any("data/header.next" in image for image in images)
    attacker = Attacker([*images, current_state(place)], [place.passphrase, NEW, place.code])
    read = attacker.reads()
    assert ALIVE.encode() in read, "the attack does not even open what lives"
    assert found(read) == []


@pytest.mark.parametrize("which", ["old passphrase", "new passphrase", "recovery code"])
def test_the_same_for_every_unlock_method_alone(place: Place, camera: Camera, which: str) -> None:
    career(place, camera)
    secret = {"old passphrase": place.passphrase, "new passphrase": NEW, "recovery code": place.code}[which]
    read = Attacker([*camera.of_data(), current_state(place)], [secret]).reads()
    assert found(read) == []
    # the old passphrase opens nothing at all any more, not even what lives
    assert (ALIVE.encode() in read) == (which != "old passphrase")


def test_with_the_old_anchors_the_attacker_reads_everything(place: Place, camera: Camera) -> None:
    career(place, camera)
    read = Attacker(camera.images, [place.passphrase, NEW, place.code]).reads()
    assert found(read) == list(GONE)


def forget_word(vault: Vault) -> None:
    vault.forget_allowed(["KANARIE"])


def change_template(vault: Vault) -> None:
    vault.set_templates([Template("GROW", "Doel?")])


def drop_template(vault: Vault) -> None:
    vault.set_templates([])


@pytest.mark.parametrize("forget", [forget_word, change_template, drop_template])
def test_a_forgotten_word_or_template_is_in_nothing_that_opens(
    place: Place, camera: Camera, forget: Callable[[Vault], None]
) -> None:
    with place.create() as vault:
        if forget is forget_word:
            vault.allow_words(["Kanarie", "de levende"])
        else:
            vault.set_templates([Template("GROW", "Kanarie?")])
        vault.add(ALIVE)
        before = Attacker([*camera.of_data(), current_state(place)], [place.passphrase]).reads()
        forget(vault)
    read = Attacker([*camera.of_data(), current_state(place)], [place.passphrase, place.code]).reads()
    assert b"Kanarie" in before
    assert ALIVE.encode() in read
    assert b"Kanarie" not in read


def test_an_epoch_that_kept_its_key_and_anchor_would_be_seen(
    place: Place, camera: Camera, monkeypatch: pytest.MonkeyPatch
) -> None:
    def same_epoch(state: State, header: Any = None, header_bytes: bytes | None = None) -> NewEpoch:
        kept: Anchor = state.anchor.find(state.head.epoch)
        return NewEpoch(kept, state.epoch_key, header or state.header, header_bytes or state.header_bytes)

    monkeypatch.setattr(destroying, "new_epoch", same_epoch)
    with place.create() as vault:
        handle = vault.add(GONE["shredded alone"]).handle
        vault.shred([handle])
    read = Attacker([*camera.of_data(), current_state(place)], [place.passphrase]).reads()
    assert found(read) == ["shredded alone"]


def test_the_program_itself_opens_no_old_data_folder_with_the_current_anchor(place: Place, camera: Camera) -> None:
    career(place, camera)
    last = place.snapshot()
    refusals = set()
    for image in camera.of_data()[:-1:7]:
        mixed = {**image, **current_state_of(last)}
        for secret in (place.passphrase, NEW, place.code):
            place.restore(mixed)
            try:
                with place.open(secret) as vault:
                    texts = " ".join(note.text for note in vault.notes())
                    assert found(texts.encode()) == []
            except errors.VaultError as error:
                refusals.add(type(error))
    assert errors.AnchorMismatch in refusals
    assert errors.WrongSecret in refusals


def current_state_of(snapshot: Snapshot) -> Snapshot:
    return {name: raw for name, raw in snapshot.items() if name.startswith("state/")}


# -- residue -----------------------------------------------------------------------------------------------------------


def residue(place: Place, boxes: list[bytes]) -> list[int]:
    """Which of these boxes are anywhere in the database file: living pages, free pages, unused space."""
    raw = place.db.read_bytes()
    pages = b"".join(cipher_pages(raw, place.database_key(raw)))
    assert pages[:16] == b"SQLite format 3\0"
    return [at for at, box in enumerate(boxes) if box[64:96] in pages or box[-32:] in pages]


def write_and_shred(place: Place) -> list[bytes]:
    """The boxes of a note that was shredded, and of every ledger page and the lock row before it was."""
    with place.create() as vault:
        handle = vault.add("kanarie " * 1000).handle
        store = vault._state.store
        boxes = [store.read_slot(slot) for slot in slots_of(vault, handle)]
        boxes += [*store.read_pages(), store.read_lock()[:200], store.read_head()]
        assert residue(place, boxes) == list(range(len(boxes)))
        vault.shred([handle])
    return boxes


def test_no_old_box_is_anywhere_in_the_decrypted_database(place: Place) -> None:
    boxes = write_and_shred(place)
    assert residue(place, boxes) == []


def test_a_box_left_in_its_slot_would_be_found(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(notes, "erase", lambda slots, leaves: (Part(slot, EMPTY, None) for slot in slots))
    boxes = write_and_shred(place)
    assert residue(place, boxes) == [0, 1, 2, 3, 4]


def test_no_text_is_in_any_decrypted_page_of_any_version(place: Place, camera: Camera) -> None:
    with place.create() as vault:
        handle = vault.add("kanarie " * 1000).handle
        vault.edit(handle, "kanarie twee")
        vault.shred([handle])
    key = place.database_key()
    versions = {image["data/vault.db"] for image in camera.of_data() if "data/vault.db" in image}
    for image in camera.of_data():
        assert not any(b"kanarie" in raw for raw in image.values())
        if journal := image.get("data/vault.db-journal"):
            versions.add(rolled_back(image["data/vault.db"], journal))
    assert len(versions) >= 3
    for raw in sorted(versions)[:6]:
        assert b"kanarie" not in b"".join(cipher_pages(raw, key))


def test_the_old_anchor_is_overwritten_before_it_is_removed(place: Place) -> None:
    with place.create() as vault:
        handle = vault.add("kanarie").handle
        before = place.anchor.read_bytes()
        # who holds the file open sees what became of its bytes after it lost its name
        with place.anchor.open("rb") as old:
            vault.shred([handle])
            old.seek(0)
            after = old.read()
    assert place.anchor.read_bytes()[33:65] != before[33:65]
    assert len(after) == len(before)
    assert sum(one == other for one, other in zip(before, after, strict=True)) < len(before) // 64
    assert not any(before[33:65] in raw for raw in place.snapshot().values())


def test_a_failed_shred_is_no_shred(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    # the other way round: as long as the program has not said so, the note is there
    with place.create() as vault:
        handle = vault.add("kanarie").handle

        def broken(*_: object) -> None:
            raise errors.StorageFailed

        with monkeypatch.context() as patch:
            patch.setattr(change, "encode_page", broken)
            with pytest.raises(errors.StorageFailed):
                vault.shred([handle])
        assert vault.show(handle).text == "kanarie"
    with place.open() as vault:
        assert vault.show(handle).text == "kanarie"
