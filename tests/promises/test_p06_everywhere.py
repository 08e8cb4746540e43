"""P6 across everything that came to the vault one by one: the anchor in a file or in a TPM, each way to unlock, two
sticks, backups of every age, jots. What was destroyed, in whatever way, and confirmed by the places opens with nothing:
every file there ever was but the old anchors, the anchors of now of all places, and all secrets.

One career for each kind of anchor and of factor; every way in is then tried on all of its remains.

Seen to fail: with the old anchors in the attacker's hands, who then reads everything that was destroyed, each thing by
each way in; with backups as the only source of slots; with an inbox key that does not turn; with a stick that was not
refreshed; with the TPM's counter left where it was (all built in below: the attack is real).
"""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import NamedTuple

import pytest

from tests.promises.test_p06_sticks import OnStick
from tests.support import tpm as tpms
from tests.support.attacker import Attacker
from tests.support.authenticator import SoftKey
from tests.support.camera import Camera
from tests.support.command import ROOT
from tests.support.fleet import MEMORY
from tests.support.holder import Holder
from tests.support.tpm import Tpm, as_files, opened_by
from tests.support.vaults import Place, Snapshot
from vault import sodium
from vault.anchor import tpm as tpm_anchor
from vault.factor import fido2
from vault.formats.breaches import FIRST_MINUTE, Breach
from vault.months import Period, month_of
from vault.service import Vault
from vault.service.backup import NAME
from vault.service.factors import factor_secrets
from vault.service.jotting import jot

ALIVE = ("de levende notitie", "de levende melding", "het levende briefje")
DESTROYED = ("shred", "expiry", "edit", "register", "jot")
ANCHORS = ("file", "tpm")
FACTORS = ("", "keyfile", "fido2")


def canary(what: str) -> str:
    return f"kanarie {what} "


class Loot(NamedTuple):
    """What somebody has who missed nothing. `data`: every file there ever was, backups and jots among them, but the
    anchors; `anchors` those of now, of all places; `old` those of then. `factors`: the secrets of second factors."""

    data: list[Snapshot]
    anchors: list[Snapshot]
    old: list[Snapshot]
    passphrase: str
    code: str
    factors: set[bytes]

    def ways_in(self) -> dict[str, tuple[list[str], set[bytes]]]:
        """What each way to unlock takes, and all of it together."""
        return {
            "everything": ([self.passphrase, self.code], self.factors),
            "passphrase": ([self.passphrase], self.factors),
            "recovery code": ([self.code], set()),
        }


class Career:
    """A vault, two sticks, a disk for backups; everything that can be destroyed is, and confirmed by every place."""

    def __init__(self, place: Place, tpm: Tpm | None, factor: str, monkeypatch: pytest.MonkeyPatch) -> None:
        self.place, self._tpm, self._factor = place, tpm, factor
        self._holder = Holder(place.folder / "sleutel" if factor == "keyfile" else None)
        self.sticks = [OnStick(place.folder / f"plek {number}") for number in (1, 2)]
        for number, stick in enumerate(self.sticks):
            stick.data = place.folder / f"stick {number}"
        self._cameras = [Camera(each, monkeypatch) for each in (place, *self.sticks)]
        self._ages: list[Snapshot] = []
        self._factors: set[bytes] = set()
        self.last_refresh = True

    def run(self) -> Loot:
        self._begins()
        self._takes_in()
        self._destroys()
        self._is_confirmed()
        for camera in self._cameras:
            camera.shoot()
        return self._loot()

    def _begins(self) -> None:
        place = self.place
        if self._tpm is not None:
            place.paths = place.paths._replace(tpm=self._tpm.tcti)
        with place.create() as vault:
            if self._tpm is not None:
                vault.move_anchor("tpm")
                # the limit of that promise: whoever had the disk before the move has the first inbox key
                self._cameras[0].images.clear()
            for what in ("shred", "edit"):
                vault.add(canary(what))
            vault.add(canary("expiry"), Period(2, "m"))
            vault.add(ALIVE[0])
            for text in (ALIVE[1], canary("register")):
                vault.add_breach(Breach(0, FIRST_MINUTE, text))
            for stick in self.sticks:
                vault.add_place(str(stick.data))
            self._back_up(vault)
            if self._factor:
                vault.add_factor(self._factor, self._holder)
                self._factors |= set(factor_secrets(vault._state).values())
        place.person = self._holder
        jot(place.paths, canary("jot"))
        jot(place.paths, ALIVE[2])

    def _takes_in(self) -> None:
        with self.place.open() as vault:
            # one after the other: the second is sealed anew in between
            for text in (canary("jot"), ALIVE[2]):
                vault.take_in({each.name: each.text for each in vault.jots() if each.text == text})
                self._back_up(vault)
            vault.refresh_place(str(self.sticks[0].data))

    def _destroys(self) -> None:
        # by the recovery code: no way to unlock may leave anything behind
        with self.place.open(self.place.code) as vault:
            handles = {note.text: note.handle for note in vault.notes()}
            vault.shred([handles[canary("shred")]])
            self._back_up(vault)
            vault.edit(handles[canary("edit")], "iets anders")
            vault.shred([handles[canary("jot")]])
            vault.refresh_place(str(self.sticks[0].data))
            vault.remove_breach(2)
            self._back_up(vault)

    def _is_confirmed(self) -> None:
        self.place.to_month(month_of(self.place.day) + 2)
        with self.place.open() as vault:
            assert vault.expired_at_open == 1
            self._back_up(vault)
            for stick in self.sticks[: 2 if self.last_refresh else 1]:
                vault.refresh_place(str(stick.data))
            assert [each.owes for each in vault.places()] == [False, not self.last_refresh]

    def _back_up(self, vault: Vault) -> None:
        folder = self.place.folder / "disk"
        folder.mkdir(exist_ok=True)
        vault.back_up(str(folder))
        self._ages.append({f"disk/{NAME}": (folder / NAME).read_bytes()})

    def _loot(self) -> Loot:
        data = [image for camera in self._cameras for image in camera.of_data()]
        anchors = [_anchors(each.snapshot()) for each in (self.place, *self.sticks)]
        old = [_anchors(image) for camera in self._cameras for image in camera.images]
        if self._tpm is not None:
            # a disk keeps everything, the anchor's files too: what counts is what the TPM opens of them now
            anchors += [_anchors(image) for image in self._cameras[0].images]
            anchors += as_files(opened_by(self._tpm, self._cameras[0].images))
        return Loot([*data, *self._ages], anchors, old, self.place.passphrase, self.place.code, self._factors)


def _anchors(image: Snapshot) -> Snapshot:
    return {name: raw for name, raw in image.items() if name.startswith("state/")}


@pytest.fixture
def place() -> Iterator[Place]:
    """In memory where there is such a folder: a career is some hundred commits, and no crash is played here."""
    with TemporaryDirectory(prefix="everywhere-", dir=MEMORY if MEMORY.is_dir() else None) as folder:
        yield Place(Path(folder))


@pytest.fixture
def career(place: Place, tmp_path: Path, anchor: str, factor: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Career]:
    key = SoftKey()
    monkeypatch.setattr(fido2, "plugged_in", lambda: [key])
    if anchor == "file":
        yield Career(place, None, factor, monkeypatch)
        return
    for tpm in tpms.running(tmp_path / "tpm"):
        yield Career(place, tpm, factor, monkeypatch)


def found(read: bytes) -> list[str]:
    """What was destroyed, and can be read all the same."""
    return [what for what in DESTROYED if canary(what).encode() in read]


def lives(read: bytes) -> bool:
    return all(text.encode() in read for text in ALIVE)


@pytest.mark.parametrize("factor", FACTORS)
@pytest.mark.parametrize("anchor", ANCHORS)
def test_nothing_that_was_destroyed_opens_by_any_way_in_and_what_lives_does(career: Career) -> None:
    loot = career.run()
    names = {name.rpartition("/")[2] for image in loot.data for name in image}
    assert {"header", "header.next", "vault.db", "vault.db-journal", NAME} <= names
    assert sum("/inbox/" in name for image in loot.data for name in image) > 10
    for way, (secrets, factors) in loot.ways_in().items():
        read = Attacker([*loot.data, *loot.anchors], secrets, factors).reads()
        assert lives(read), f"the attack does not even open what lives, by {way}"
        assert found(read) == [], way
    # neither half of a passphrase with a factor opens anything any more
    read = Attacker([*loot.data, *loot.anchors], [loot.passphrase]).reads()
    assert lives(read) == (not loot.factors)
    assert found(read) == []


# -- the limit of the promise


def test_who_opened_an_old_copy_opens_the_next_ones_too_and_the_threat_model_says_so(place: Place) -> None:
    with place.create() as vault:
        old = place.snapshot()
        vault.change_passphrase("een heel andere wachtzin")
        vault.add(ALIVE[0])
    now = place.snapshot()
    assert ALIVE[0].encode() in Attacker([old, now], [place.passphrase]).reads()
    assert ALIVE[0].encode() not in Attacker([now], [place.passphrase]).reads()
    told = " ".join((ROOT / "docs" / "threat-model.md").read_text().split())
    assert "Whoever opened one copy needs no secret for the next ones that come with their anchor" in told


# -- the attack is real: each protection taken out


@pytest.mark.parametrize("factor", FACTORS[:2])
@pytest.mark.parametrize("anchor", ANCHORS[:1])
def test_with_the_old_anchors_every_way_in_reads_all_that_was_destroyed(career: Career) -> None:
    loot = career.run()
    old = list({raw: image for image in loot.old for raw in image.values()}.values())
    for way, (secrets, factors) in loot.ways_in().items():
        read = Attacker([*loot.data, *old], secrets, factors).reads()
        assert found(read) == list(DESTROYED), way


@pytest.mark.parametrize("factor", FACTORS[:1])
@pytest.mark.parametrize("anchor", ANCHORS[:1])
def test_with_the_old_anchors_backups_alone_give_their_slots(career: Career) -> None:
    loot = career.run()
    read = Attacker([*loot.data, *loot.old], [loot.code], slots_from_backups_only=True).reads()
    assert found(read) == list(DESTROYED)
    read = Attacker([*loot.data, *loot.anchors], [loot.code], slots_from_backups_only=True).reads()
    assert lives(read)
    assert found(read) == []


@pytest.mark.parametrize("factor", FACTORS[:1])
@pytest.mark.parametrize("anchor", ANCHORS[1:])
def test_without_the_counters_step_the_tpm_gives_all_that_was_destroyed(
    career: Career, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tpm_anchor.TpmAnchor, "_step", lambda *_: None)
    loot = career.run()
    assert found(Attacker([*loot.data, *loot.anchors], [loot.passphrase]).reads()) == list(DESTROYED)


@pytest.mark.parametrize("factor", FACTORS[:1])
@pytest.mark.parametrize("anchor", ANCHORS[:1])
def test_an_inbox_key_that_does_not_turn_gives_the_jot(career: Career, monkeypatch: pytest.MonkeyPatch) -> None:
    pair = sodium.key_pair()
    monkeypatch.setattr(sodium, "key_pair", lambda: pair)
    # the key drawn for one jot must not be the inbox's own
    monkeypatch.setattr("vault.crypto.inbox.sodium", _Drawing(sodium))
    loot = career.run()
    assert found(Attacker([*loot.data, *loot.anchors], [loot.code]).reads()) == ["jot"]


class _Drawing:
    """The module, with a pair of keys that is drawn anew each time."""

    def __init__(self, plain: object) -> None:
        self._plain = plain

    def __getattr__(self, name: str) -> object:
        return getattr(self._plain, name)

    @staticmethod
    def key_pair() -> tuple[bytes, bytes]:
        from os import urandom

        secret = urandom(32)
        return sodium.public_of(secret), secret


@pytest.mark.parametrize("factor", FACTORS[2:])
@pytest.mark.parametrize("anchor", ANCHORS[:1])
def test_a_stick_that_owes_gives_what_it_owes_and_the_vault_says_so(career: Career) -> None:
    career.last_refresh = False
    loot = career.run()
    for way, (secrets, factors) in loot.ways_in().items():
        read = Attacker([*loot.data, *loot.anchors], secrets, factors).reads()
        # of the first jot it holds no note, but the secret that the jot was sealed to
        assert found(read) == list(DESTROYED), way
