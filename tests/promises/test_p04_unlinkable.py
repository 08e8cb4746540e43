"""P4: without the claim code nobody can tell better than chance whether two notes belong together.

The game: an unlocked vault with forty engagements, half of them closed and half of them strict. The distinguisher has
every file, every key that opening yields, and takes any number that a note has: tag, slot, page, handle, expiry, key,
id, parent, box, and what is free. It compares the pairs that belong together with those that would if the labels were
dealt out anew; if it could pair notes, the first would stand out. Told to nobody is what docs/spec/rights.md section 8
tells: notes written in one season with one keep time, as here, have expiry months in common whoever they are of.

Seen to fail, built in below: the ordinal in the clear; four bytes of P in the clear; expiry and slot chosen by client;
x left behind after closing. Seen by hand: an ordinal counted up for strict engagements.
"""

import random
from collections.abc import Callable, Iterator
from itertools import combinations
from pathlib import Path
from statistics import mean, pstdev

import pytest

from tests.support.attacker import Attacker
from tests.support.camera import Camera
from tests.support.notes import generate
from tests.support.pages import database_page_of_slots
from tests.support.statistics import Z_LIMIT
from tests.support.vaults import Place, enrolled, expiry_of, slots_of
from vault import errors, ledger, sodium
from vault.crypto import claim as claims
from vault.crypto.claim import Claim
from vault.formats import note as note_format
from vault.formats import rights as rights_format
from vault.formats import settings as settings_format
from vault.handles import number_of
from vault.service import Vault, notes

ENGAGEMENTS, EACH, OTHERS = 40, 6, 40
DEALS = 300

# -- what the distinguisher sees ---------------------------------------------------------------------------------------


class Seen:
    """Every number of a note that the unlocked vault and its files have."""

    def __init__(self, vault: Vault, pages: dict[int, int], handle: str) -> None:
        state = vault._state
        self.slot = slots_of(vault, handle)[0]
        self.page = pages[self.slot]
        self.ledger_page = ledger.page_of(self.slot)
        self.handle = number_of(handle)
        self.expiry = expiry_of(vault, handle)
        entry = state.ledger.entry(self.slot)
        self.key, self.id, self.parent = entry.key, entry.id, entry.parent
        self.box = state.store.read_slot(self.slot)
        self.tag = note_format.tag_of(notes.open_slot(state, self.slot, self.box))


Measure = Callable[[Seen, Seen], float]


def bits(one: bytes, other: bytes) -> int:
    """How many bits differ."""
    return (int.from_bytes(one, "big") ^ int.from_bytes(other, "big")).bit_count()


def shared(one: bytes, other: bytes) -> int:
    """How many bytes are the same at the same place."""
    return sum(left == right for left, right in zip(one, other, strict=True))


MEASURES: dict[str, Measure] = {
    "slots apart": lambda one, other: abs(one.slot - other.slot),
    "database pages apart": lambda one, other: abs(one.page - other.page),
    "same ledger page": lambda one, other: one.ledger_page == other.ledger_page,
    "handles apart": lambda one, other: abs(one.handle - other.handle),
    "months apart": lambda one, other: abs(one.expiry - other.expiry),
    "bits of the tags": lambda one, other: bits(one.tag, other.tag),
    "bytes of the tags": lambda one, other: shared(one.tag, other.tag),
    "bits of the ephemeral keys": lambda one, other: bits(one.tag[:32], other.tag[:32]),
    "ephemeral keys apart": lambda one, other: abs(one.tag[31] - other.tag[31]),
    "bits of the sealed ordinals": lambda one, other: bits(one.tag[48:], other.tag[48:]),
    "same sealed ordinal": lambda one, other: one.tag[48:] == other.tag[48:],
    "bits of the authenticators": lambda one, other: bits(one.tag[32:48], other.tag[32:48]),
    "bits of the note keys": lambda one, other: bits(one.key, other.key),
    "bits of the ids": lambda one, other: (one.id ^ other.id).bit_count(),
    "same parent": lambda one, other: one.parent == other.parent,
    "bits of the boxes": lambda one, other: bits(one.box, other.box),
}


def advantages(seen: list[Seen], owners: list[int]) -> dict[str, float]:
    """For each measure, z of the true pairs among pairs of labels dealt out at random."""
    dealer = random.Random(4)
    found = {}
    table = [[0.0] * len(seen) for _ in seen]
    true = pairs(owners)
    deals = []
    for _ in range(DEALS):
        dealt = list(owners)
        dealer.shuffle(dealt)
        deals.append(pairs(dealt))
    for name, measure in MEASURES.items():
        for one, other in combinations(range(len(seen)), 2):
            table[one][other] = measure(seen[one], seen[other])
        scores = [mean(table[one][other] for one, other in deal) for deal in deals]
        spread = pstdev(scores)
        found[name] = (mean(table[one][other] for one, other in true) - mean(scores)) / spread if spread else 0.0
    return found


def pairs(owners: list[int]) -> list[tuple[int, int]]:
    """The pairs that belong together."""
    members: dict[int, list[int]] = {}
    for at, owner in enumerate(owners):
        members.setdefault(owner, []).append(at)
    return [pair for each in members.values() for pair in combinations(each, 2)]


# -- the vault ---------------------------------------------------------------------------------------------------------


class Practice:
    """A vault with closed and strict engagements. `owners`: the handle → the number of its engagement."""

    def __init__(self, place: Place, *, close: Callable[[Vault, str], None] = Vault.close_engagement) -> None:
        dealer = random.Random(3)
        self.vault = place.create(keep="2y")
        # then the edits below leave parents and tombs, and closing leaves tombs
        enrolled(self.vault)
        self.codes = [self.vault.open_engagement(alias(n), strict=n % 2 == 1) for n in range(ENGAGEMENTS)]
        turns = [number for number in range(ENGAGEMENTS) for _ in range(EACH)] + [-1] * OTHERS
        dealer.shuffle(turns)
        self.owners: dict[str, int] = {}
        for turn, number in enumerate(turns):
            added = self.vault.add(f"notitie {turn}", engagement=alias(number) if number >= 0 else "")
            self.owners[added.handle] = number
        for handle in dealer.sample(sorted(self.owners), 30):
            self.vault.edit(handle, "herschreven")
        for number in range(0, ENGAGEMENTS, 2):
            close(self.vault, alias(number))
        self.place = place

    def seen(self) -> tuple[list[Seen], list[int]]:
        """The notes of engagements, and whose they are."""
        pages = database_page_of_slots(self.place)
        mine = [handle for handle, owner in self.owners.items() if owner >= 0]
        return [Seen(self.vault, pages, handle) for handle in mine], [self.owners[handle] for handle in mine]


def alias(number: int) -> str:
    return f"alias {number:02}"


@pytest.fixture
def practice(place: Place) -> Iterator[Practice]:
    made = Practice(place)
    with made.vault:
        yield made


# -- the game ----------------------------------------------------------------------------------------------------------


def test_nothing_that_a_note_has_pairs_it_with_another_of_its_engagement(practice: Practice) -> None:
    for name, z in advantages(*practice.seen()).items():
        assert abs(z) < Z_LIMIT, f"{name}: z {z:.1f}"


def test_notes_of_an_engagement_look_like_notes_of_none(practice: Practice) -> None:
    pages = database_page_of_slots(practice.place)
    of_one = [handle for handle, owner in practice.owners.items() if owner >= 0][:OTHERS]
    of_none = [handle for handle, owner in practice.owners.items() if owner < 0]
    seen = [Seen(practice.vault, pages, handle) for handle in [*of_one, *of_none]]
    for name, z in advantages(seen, [0] * OTHERS + [1] * OTHERS).items():
        assert abs(z) < Z_LIMIT, f"{name}: z {z:.1f}"


def test_no_key_in_the_unlocked_vault_opens_a_tag(practice: Practice) -> None:
    assert opened_by_anything(practice) == set()


def opened_by_anything(practice: Practice) -> set[int]:
    """The engagements of which some 32 bytes in the sealed settings, taken as x, open a note's tag."""
    vault = practice.vault
    body = b"".join(settings_format.encode(vault._state.settings)).rstrip(b"\0") + bytes(32)
    of_each = {owner: handle for handle, owner in practice.owners.items() if owner >= 0}
    pages = database_page_of_slots(practice.place)
    tags = {owner: Seen(vault, pages, handle).tag for owner, handle in of_each.items()}
    found = set()
    for at in range(len(body) - 31):
        claim = claims.of_secret(body[at : at + 32])
        found |= {owner for owner, tag in tags.items() if claims.ordinal_of(tag, claim) is not None}
    return found


def test_adding_to_a_strict_engagement_changes_nothing_but_a_slot(place: Place) -> None:
    # with a counter, two copies of one epoch would tell which note came between them
    with place.create() as vault:
        vault.open_engagement("Eik", strict=True)
        before = settings_format.encode(vault._state.settings), vault._state.page_hashes[:8]
        vault.add("een", engagement="Eik")
        vault.add("van niemand")
        assert (settings_format.encode(vault._state.settings), vault._state.page_hashes[:8]) == before


def test_an_ordinal_in_the_clear_would_be_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = claims.tag
    monkeypatch.setattr(claims, "tag", lambda public, n: plain(public, n)[:48] + n.to_bytes(2, "big"))
    made = Practice(place)
    seen, owners = made.seen()
    counted = [at for at, owner in enumerate(owners) if owner % 2 == 0]
    found = advantages([seen[at] for at in counted], [owners[at] for at in counted])
    assert abs(found["same sealed ordinal"]) > Z_LIMIT


def test_a_part_of_the_public_key_in_the_clear_would_be_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = claims.tag
    monkeypatch.setattr(claims, "tag", lambda public, n: plain(public, n)[:46] + public[:4])
    found = advantages(*Practice(place).seen())
    assert abs(found["bits of the sealed ordinals"]) > 2 * Z_LIMIT
    assert abs(found["bytes of the tags"]) > Z_LIMIT


def test_a_place_chosen_by_client_would_be_seen(place: Place) -> None:
    made = Practice(place)
    seen, owners = made.seen()
    for each, owner in zip(seen, owners, strict=True):
        each.slot += 100 * owner
        each.expiry += owner % 8 * 3
    found = advantages(seen, owners)
    assert abs(found["slots apart"]) > Z_LIMIT
    assert abs(found["months apart"]) > Z_LIMIT


def test_a_key_left_behind_by_closing_would_be_seen(place: Place) -> None:
    def rename(vault: Vault, name: str) -> None:
        rights, kept = vault._rights, vault._known(name)
        others = tuple(each for each in rights.engagements if each is not kept)
        renamed = (*others, kept._replace(alias="x" + name))
        vault._store(vault._with_rights(rights._replace(engagements=renamed)), destroys=True)

    made = Practice(place, close=rename)
    assert opened_by_anything(made) == set(range(0, ENGAGEMENTS, 2))


# -- with the code -----------------------------------------------------------------------------------------------------


def test_the_code_finds_exactly_its_notes_of_closed_and_strict_engagements(practice: Practice) -> None:
    vault = practice.vault
    for number, code in enumerate(practice.codes):
        found = vault.notes_of(claim=vault.claim(code))
        assert {note.handle for note in found} == {h for h, owner in practice.owners.items() if owner == number}
        assert [note.ordinal for note in found] == ([0] * EACH if number % 2 else list(range(1, EACH + 1)))


def test_the_code_finds_exactly_its_notes_among_ten_thousand(place: Place) -> None:
    with place.create() as vault:
        code, other = vault.open_engagement("Eik"), vault.open_engagement("Beuk")
        vault.add_many(generate(1, 4850))
        mine = vault.add_many(generate(2, 300), engagement="Eik")
        vault.add_many(generate(3, 4849))
        vault.add("één", engagement="Beuk")
        vault.close_engagement("Eik")
        heard: list[tuple[int, int]] = []
        found = vault.notes_of(claim=vault.claim(code), progress=lambda done, total: heard.append((done, total)))
        assert [note.handle for note in found] == mine
        assert [note.text for note in found] == list(generate(2, 300))
        assert heard[-1] == (10_000, 10_000)
        assert [note.text for note in vault.notes_of(engagement="Beuk")] == ["één"]
        assert len(vault.notes_of(claim=vault.claim(other))) == 1


def test_a_code_that_fits_nothing_answers_like_one_whose_notes_are_gone(place: Place) -> None:
    with place.create() as vault:
        code = vault.open_engagement("Eik")
        handle = vault.add("een", engagement="Eik").handle
        vault.add("twee")
        vault.close_engagement("Eik")
        vault.shred([handle])
        for each in (code, bytes(11)):
            claim = vault.claim(each)
            assert vault.notes_of(claim=claim) == []
            with pytest.raises(errors.NothingThere):
                vault.shred_for_client([], claimed=True)


def test_the_code_of_one_vault_fits_no_other(tmp_path: Path) -> None:
    with Place(tmp_path / "one").create() as one, Place(tmp_path / "other").create() as other:
        code = one.open_engagement("Eik")
        assert one.claim(code) != other.claim(code)
        assert one.claim(code).secret == one._rights.engagements[0].key


# -- closing -----------------------------------------------------------------------------------------------------------


def traces(read: bytes, claim: Claim) -> list[str]:
    """What of a closed engagement can be read."""
    sought = {"alias": b"kanarievogel", "P": claim.public, "x": claim.secret}
    return [name for name, piece in sought.items() if piece in read]


def closed(place: Place, camera: Camera, *, strict: bool) -> tuple[bytes, bytes, Claim]:
    """What an attacker with everything reads before and after an engagement is closed."""

    def reads() -> bytes:
        state = {name: raw for name, raw in place.snapshot().items() if name.startswith("state/")}
        return Attacker([*camera.of_data(), state], [place.passphrase, place.code]).reads()

    with place.create() as vault:
        claim = vault.claim(vault.open_engagement("kanarievogel", strict=strict))
        vault.add("een", engagement="kanarievogel")
        vault.seal_draft("begonnen", engagement="kanarievogel")
        assert vault.draft_engagement() == "kanarievogel"
        before = reads()
        vault.close_engagement("KANARIEVOGEL")
        assert vault.draft() == ("begonnen", "")
        assert vault.draft_engagement() == ""
        camera.shoot()
    return before, reads(), claim


@pytest.mark.parametrize("strict", [False, True])
def test_closing_erases_alias_and_keys_from_everything_that_opens(
    place: Place, monkeypatch: pytest.MonkeyPatch, strict: bool
) -> None:
    before, after, claim = closed(place, Camera(place, monkeypatch), strict=strict)
    # P of an engagement that isn't strict is in the draft that was begun for it
    assert traces(before, claim) == (["alias", "P"] if strict else ["alias", "P", "x"])
    assert b"begonnen" in after, "the attack does not even open what lives"
    assert traces(after, claim) == []


def test_closing_without_a_new_epoch_would_be_seen(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    from vault.service import destroying
    from vault.service.change import NewEpoch
    from vault.service.state import State

    def same_epoch(state: State) -> NewEpoch:
        kept = state.anchor.find(state.head.epoch)
        return NewEpoch(kept, state.epoch_key, state.header, state.header_bytes)

    monkeypatch.setattr(destroying, "new_epoch", same_epoch)
    _, after, claim = closed(place, Camera(place, monkeypatch), strict=False)
    assert traces(after, claim) == ["alias", "P", "x"]


def test_the_claim_code_is_kept_nowhere(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    camera = Camera(place, monkeypatch)
    with place.create() as vault:
        code = vault.open_engagement("Eik")
        vault.add("een", engagement="Eik")
    read = Attacker(camera.images, [place.passphrase, place.code]).reads()
    assert b"Eik" in read
    assert code not in read
    assert rights_format.KEY_BYTES == sodium.KEY_BYTES == 32
