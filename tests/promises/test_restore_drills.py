"""Restore drills through the real program: what is lost, what goes on, and what can't, said before it happens.

A drill is played as a coach would: with the commands, the kit's file, a stick, a disk with backups, and a real server.
"""

import json
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.support.command import PASSPHRASE, Program
from tests.support.restoring import whole
from tests.support.server import Running, running_server

TODAY = datetime.now(UTC).date().isoformat()
TEXTS = ["Heeft rust nodig.", "Zegt vaak moeten.", "Wil leren wachten. " * 300]


@pytest.fixture(autouse=True)
def cheap() -> None:
    """The program of a drill is a process of its own, which sees to that itself."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with running_server(tmp_path_factory.mktemp("server") / "server") as running:
        yield running


class Practice:
    """A coach's things: a laptop, a paper, a stick, a disk with backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.laptop = self.new_laptop("laptop")
        self.kit, self.stick, self.disk = folder / "kit.txt", folder / "stick", folder / "disk"

    def begin(self) -> None:
        """Makes the vault, the paper, the stick and a first backup."""
        self.disk.mkdir()
        self.does(self.laptop, "init", "--kit", str(self.kit))
        for text in TEXTS:
            self.laptop.add(text)
        self.does(self.laptop, "place", "add", str(self.stick), "--yes")
        self.does(self.laptop, "backup", str(self.disk))

    def new_laptop(self, name: str) -> Program:
        """A computer without a vault."""
        (self.folder / name).mkdir(exist_ok=True)
        return Program(self.folder / name, TODAY)

    @staticmethod
    def does(program: Program, *words: str, code: int = 0) -> "subprocess.CompletedProcess[str]":
        """A command that ends as it must."""
        done = program(*words)
        assert done.returncode == code, done.stderr
        return done

    def laptop_is_gone(self) -> None:
        shutil.rmtree(self.laptop.folder)

    def restore(self, name: str = "laptop 2", *more: str, code: int = 0) -> tuple[Program, str]:
        """The vault on a new computer, with the paper and the stick; and what was said."""
        found = self.new_laptop(name)
        words = ("restore", "--kit", str(self.kit), "--place", str(self.stick), "--yes", *more)
        done = found(*words, passphrase=False)
        assert done.returncode == code, done.stderr
        return found, done.stdout + done.stderr


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A practice that every drill begins from."""
    folder = tmp_path_factory.mktemp("practice")
    Practice(folder).begin()
    return folder


@pytest.fixture
def practice(begun: Path, tmp_path: Path) -> Practice:
    shutil.copytree(begun, tmp_path, dirs_exist_ok=True)
    return Practice(tmp_path)


def texts(program: Program) -> list[str]:
    """How each note begins."""
    return sorted(note["first_words"][:17] for note in program.json("list")["notes"])


def code_on(kit: Path) -> str:
    """The recovery code on the printed sheet."""
    return next(line.strip() for line in kit.read_text().splitlines() if line.startswith("    "))


ALL = sorted(text[:17] for text in TEXTS)


# -- the laptop


def test_laptop_gone_the_paper_and_the_stick_bring_everything_back(practice: Practice) -> None:
    handles = {note["handle"] for note in practice.laptop.json("list")["notes"]}
    practice.laptop_is_gone()
    laptop, told = practice.restore()
    assert texts(laptop) == ALL
    assert {note["handle"] for note in laptop.json("list")["notes"]} == handles
    assert sorted(laptop("show", each).stdout.strip() for each in handles) == sorted(text.strip() for text in TEXTS)
    # said before anything was written
    for sentence in (
        f"The stick in {practice.stick} holds 3 notes.",
        "What you wrote or changed after its last refresh is not on it",
        "What you destroyed after its last refresh is still on it",
        "If you synced: that does not come back by itself.",
    ):
        assert sentence in told
    assert "ongemerkt passphrase change" in told
    # and it goes on: write, destroy, refresh, back up
    handle = laptop.add("verder")
    practice.does(laptop, "shred", handle, "--yes")
    practice.does(laptop, "place", "refresh", str(practice.stick))
    practice.does(laptop, "backup", str(practice.disk))


def test_laptop_gone_nothing_is_written_without_a_yes(practice: Practice) -> None:
    laptop = practice.new_laptop("laptop 2")
    before = whole(practice.stick)
    done = laptop("restore", "--kit", str(practice.kit), "--place", str(practice.stick), passphrase=False)
    assert done.returncode == 3
    assert "--yes" in done.stderr
    assert not (laptop.data / "header").exists()
    assert whole(practice.stick) == before


def test_laptop_gone_and_found_again_its_stick_does_not_know_it(practice: Practice) -> None:
    old = practice.laptop
    laptop, _told = practice.restore()
    practice.does(laptop, "place", "refresh", str(practice.stick))
    old.add("nog iets op de oude laptop")
    done = practice.does(old, "place", "refresh", str(practice.stick), code=6)
    assert "older copy" in done.stderr
    assert texts(laptop) == ALL


def test_a_damaged_stick_and_a_backup_make_a_whole_one(practice: Practice) -> None:
    from tests.support.restoring import as_vault, spoil
    from tests.support.vaults import Place

    place = Place(practice.folder / "nergens")
    place.passphrase = PASSPHRASE
    _with_cheap_keys(lambda: spoil_all(as_vault(place, practice.stick), spoil))
    practice.laptop_is_gone()
    alone = practice.new_laptop("proef")
    words = ("recovery", "rehearse", "--kit", str(practice.kit), "--place", str(practice.stick))
    done = alone(*words, passphrase=False)
    assert done.returncode == 6
    assert "would be lost" in done.stdout
    assert "A backup may have what the stick has lost" in done.stdout
    assert alone(*words, str(practice.disk), passphrase=False).returncode == 0
    laptop, told = practice.restore("laptop 2", str(practice.disk))
    assert "found whole in a backup" in told
    assert texts(laptop) == ALL
    # the restore has refreshed the stick: it is whole again
    assert alone(*words, passphrase=False).returncode == 0


def spoil_all(stick: object, spoil: object) -> None:
    """Noise in the first part of every note."""
    from tests.support.vaults import Place

    assert isinstance(stick, Place)
    with stick.open() as vault:
        firsts = vault._state.ledger.firsts()
    for slot in firsts:
        spoil(stick, slot)  # type: ignore[operator]


def _with_cheap_keys(work: object) -> None:
    from tests.support import cheap_kdf
    from vault.crypto import stretch

    policy = stretch.POLICY
    cheap_kdf.install()
    try:
        work()  # type: ignore[operator]
    finally:
        stretch.POLICY = policy


def test_what_no_backup_has_is_counted_and_mended_when_one_turns_up(practice: Practice) -> None:
    from tests.support.restoring import as_vault, spoil
    from tests.support.vaults import Place

    place = Place(practice.folder / "nergens")
    place.passphrase = PASSPHRASE
    _with_cheap_keys(lambda: spoil_all(as_vault(place, practice.stick), spoil))
    practice.laptop_is_gone()
    laptop, told = practice.restore(code=6)
    assert "3 notes are damaged on the stick and open nowhere" in told
    done = practice.does(laptop, "restore", "--mend", str(practice.disk))
    assert "3 notes were put back" in done.stdout
    assert texts(laptop) == ALL


# -- the stick


def test_stick_gone_the_laptop_goes_on_and_a_new_one_takes_its_place(practice: Practice) -> None:
    shutil.rmtree(practice.stick)
    laptop = practice.laptop
    assert texts(laptop) == ALL
    laptop.add("verder")
    practice.does(laptop, "place", "refresh", str(practice.stick), code=4)
    # the name that the coach gave it
    (stick,) = [each["name"] for each in laptop.json("place", "list")["places"] if each["kind"] == "stick"]
    practice.does(laptop, "place", "remove", stick, "--lost", "--yes")
    practice.stick = practice.folder / "nieuwe stick"
    practice.does(laptop, "place", "add", str(practice.stick), "--yes")
    practice.laptop_is_gone()
    restored, _told = practice.restore()
    assert texts(restored) == sorted([*ALL, "verder"])


def test_stick_gone_a_backup_alone_opens_nothing_and_says_so(practice: Practice) -> None:
    # said when the backup is made, and again when somebody tries
    assert "It holds no keys" in practice.does(practice.laptop, "backup", str(practice.disk)).stdout
    practice.laptop_is_gone()
    shutil.rmtree(practice.stick)
    laptop = practice.new_laptop("laptop 2")
    done = laptop("restore", str(practice.disk), "--kit", str(practice.kit), passphrase=False)
    assert done.returncode == 2
    assert "A backup alone holds no keys" in done.stderr
    words = ("restore", "--kit", str(practice.kit), "--place", str(practice.disk), "--yes")
    assert laptop(*words, passphrase=False).returncode == 4


# -- the server


def test_server_gone_everything_here_goes_on(practice: Practice, tmp_path: Path) -> None:
    with running_server(tmp_path / "server") as running:
        enrol(practice.laptop, running)
    done = practice.laptop("sync", "--once")
    assert done.returncode == 7
    assert texts(practice.laptop) == ALL
    practice.laptop.add("zonder server")
    practice.does(practice.laptop, "place", "refresh", str(practice.stick))
    practice.does(practice.laptop, "sync", "leave", "--yes", code=9)
    assert texts(practice.laptop) == sorted([*ALL, "zonder server"])


def enrol(program: Program, server: Running) -> None:
    done = program("sync", "enrol", server.url, "--invite", "-", "--name", "laptop", text=server.invite() + "\n")
    assert done.returncode == 0, done.stderr


# -- two of three


def test_laptop_and_server_gone_the_stick_brings_everything_back_without_the_account(
    practice: Practice, tmp_path: Path
) -> None:
    with running_server(tmp_path / "server") as running:
        enrol(practice.laptop, running)
        practice.laptop.add("op de server")
        practice.laptop("sync", "--once")
        practice.does(practice.laptop, "place", "refresh", str(practice.stick))
    practice.laptop_is_gone()
    laptop, _told = practice.restore()
    assert texts(laptop) == sorted([*ALL, "op de server"])
    assert laptop("sync", "--once").returncode == 2


def test_laptop_gone_the_restored_vault_enrols_anew(practice: Practice, server: Running) -> None:
    enrol(practice.laptop, server)
    practice.does(practice.laptop, "place", "refresh", str(practice.stick))
    practice.laptop_is_gone()
    laptop, told = practice.restore()
    assert "ongemerkt sync enrol URL" in told
    enrol(laptop, server)
    assert laptop("sync", "--once").returncode == 0
    assert texts(laptop) == ALL


def test_stick_and_server_gone_the_laptop_has_everything(practice: Practice, tmp_path: Path) -> None:
    with running_server(tmp_path / "server") as running:
        enrol(practice.laptop, running)
    shutil.rmtree(practice.stick)
    assert texts(practice.laptop) == ALL
    status = practice.laptop("status")
    assert status.returncode == 0


def test_laptop_and_stick_gone_another_device_has_everything_and_the_server_alone_opens_nothing(
    practice: Practice, server: Running
) -> None:
    enrol(practice.laptop, server)
    code = practice.laptop.json("device", "add", "--name", "studio")["code"]
    studio = practice.new_laptop("studio")
    assert studio("device", "join", "-", text=code + "\n").returncode == 0
    practice.laptop_is_gone()
    shutil.rmtree(practice.stick)
    assert texts(studio) == ALL
    shutil.rmtree(studio.folder)
    laptop = practice.new_laptop("laptop 2")
    done = laptop("restore", "--kit", str(practice.kit), passphrase=False)
    assert done.returncode == 2
    assert "Say where your recovery stick is" in done.stderr


# -- the secrets


def test_kit_lost_the_passphrase_opens_laptop_and_stick(practice: Practice) -> None:
    practice.kit.unlink()
    assert texts(practice.laptop) == ALL
    practice.laptop_is_gone()
    laptop = practice.new_laptop("laptop 2")
    practice.does(laptop, "restore", "--place", str(practice.stick), "--yes")
    assert texts(laptop) == ALL


def test_passphrase_forgotten_the_kit_opens_and_a_new_one_is_chosen(practice: Practice) -> None:
    laptop, _told = practice.restore()
    laptop.secret.write_text(f"{code_on(practice.kit)}\neen heel nieuwe wachtzin\n")
    practice.does(laptop, "passphrase", "change")
    laptop.secret.write_text("een heel nieuwe wachtzin\n")
    assert texts(laptop) == ALL
    laptop.secret.write_text(PASSPHRASE + "\n")
    assert laptop("list").returncode == 3


def test_kit_and_passphrase_lost_nothing_opens_and_the_paper_said_so(practice: Practice) -> None:
    sheet = " ".join(practice.kit.read_text().split())
    assert "Without a passphrase and without this code nothing opens" in sheet
    wrong = practice.folder / "geraden.txt"
    wrong.write_text("Recovery code:\n\n    00000-00000-00000-00000-00000-00000\n")
    practice.laptop.secret.write_text("geraden wachtzin\n")
    assert practice.laptop("list").returncode == 3
    laptop = practice.new_laptop("laptop 2")
    laptop.secret.write_text("geraden wachtzin\n")
    before = whole(practice.stick)
    assert laptop("restore", "--place", str(practice.stick), "--yes").returncode == 3
    done = laptop("restore", "--place", str(practice.stick), "--kit", str(wrong), "--yes", passphrase=False)
    assert done.returncode == 3
    assert whole(practice.stick) == before
    assert not (laptop.data / "header").exists()


def test_key_file_lost_the_paper_opens_and_with_the_key_file_the_passphrase_does(practice: Practice) -> None:
    key = practice.folder / "sleutel"
    practice.does(practice.laptop, "factor", "add", "keyfile", str(key), "--yes")
    practice.does(practice.laptop, "place", "refresh", str(practice.stick), "--key-file", str(key))
    words = ("restore", "--place", str(practice.stick), "--yes")
    other = practice.new_laptop("met de sleutel")
    # without the key file nothing happens, and it says what is missing
    assert "second factor" in practice.does(other, *words, code=3).stderr
    practice.does(other, *words, "--key-file", str(key))
    key.unlink()
    laptop, _told = practice.restore()
    laptop.secret.write_text(code_on(practice.kit) + "\n")
    assert texts(laptop) == ALL


# -- rehearsing


def test_a_rehearsal_opens_everything_and_touches_nothing(practice: Practice) -> None:
    # Seen to fail with a rehearsal that unlocks the stick as a refresh does.
    before = [whole(each) for each in (practice.laptop.folder / "data", practice.stick, practice.disk)]
    words = ("recovery", "rehearse", "--kit", str(practice.kit), "--place", str(practice.stick))
    done = practice.laptop(*words, passphrase=False)
    assert done.returncode == 0
    assert "3 notes open" in done.stdout
    assert "You could go on on a new computer today" in done.stdout
    found = json.loads(practice.laptop(*words, str(practice.disk), "--json", passphrase=False).stdout)
    assert found == {
        "place": str(practice.stick),
        "notes": 3,
        "due": 0,
        "mended": 0,
        "damaged": 0,
        "registers": 0,
        "recoverable": True,
    }
    assert [whole(each) for each in (practice.laptop.folder / "data", practice.stick, practice.disk)] == before


def test_a_rehearsal_ends_with_what_is_wrong(practice: Practice) -> None:
    laptop, wrong = practice.laptop, practice.folder / "verkeerd.txt"
    words = ("recovery", "rehearse", "--place", str(practice.stick))
    other = practice.new_laptop("van een ander")
    practice.does(other, "init", "--kit", str(wrong))
    assert laptop(*words, "--kit", str(wrong), passphrase=False).returncode == 3
    assert laptop("recovery", "rehearse", "--kit", str(practice.kit), passphrase=False).returncode == 2
    nowhere = ("recovery", "rehearse", "--place", str(practice.folder / "nergens"))
    assert laptop(*nowhere, "--kit", str(practice.kit), passphrase=False).returncode == 4
    wrong.write_text("hier staat geen code\n")
    assert laptop(*words, "--kit", str(wrong), passphrase=False).returncode == 3
    path = practice.stick / "vault.db"
    path.write_bytes(path.read_bytes()[:-4096])
    assert laptop(*words, "--kit", str(practice.kit), passphrase=False).returncode == 6


def test_no_vault_is_restored_over_one_that_is_there(practice: Practice) -> None:
    words = ("restore", "--kit", str(practice.kit), "--place", str(practice.stick), "--yes")
    done = practice.laptop(*words, passphrase=False)
    assert done.returncode == 11
    elsewhere = (*words, "--vault", str(practice.folder / "andere map"))
    done = practice.laptop(*elsewhere, passphrase=False)
    assert done.returncode == 11
    assert "--replace" in done.stderr
    assert texts(practice.laptop) == ALL
