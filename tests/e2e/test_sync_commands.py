"""Syncing from the command line: a real server process, real TLS, and vaults as coaches and scripts use them."""

import json
import shutil
import socket
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Program
from tests.support.server import Running, running_server

TODAY = datetime.now(UTC).date().isoformat()
DUTCH = {"LANG": "nl_NL.UTF-8"}
REPORT = {"received", "destroyed", "late_edits", "twins", "renamed", "waiting"}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """One server for all; every test makes an account of its own."""
    with running_server(tmp_path_factory.mktemp("server") / "server") as running:
        yield running


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Running]:
    """A server that a test may harm."""
    with running_server(tmp_path / "server") as running:
        yield running


def device(folder: Path) -> Program:
    """The program of a device, without a vault."""
    folder.mkdir()
    return Program(folder, TODAY)


def enrolled(folder: Path, server: Running, *texts: str) -> Program:
    """A device with these notes, on the server."""
    found = device(folder).made()
    for text in texts:
        found.add(text)
    done = found("sync", "enrol", server.url, "--invite", "-", "--name", "laptop", text=server.invite() + "\n")
    assert done.returncode == 0, done.stderr
    return found


def joined(folder: Path, other: Program, name: str = "studio") -> Program:
    """A further device of the same account, filled."""
    code = other.json("device", "add", "--name", name)["code"]
    found = device(folder)
    done = found("device", "join", "-", text=code + "\n")
    assert done.returncode == 0, done.stderr
    return found


def texts(program: Program) -> list[str]:
    return sorted(note["first_words"] for note in program.json("list")["notes"])


def handle_of(program: Program, word: str) -> str:
    (note,) = program.json("find", word)["notes"]
    handle: str = note["handle"]
    return handle


def once(program: Program, code: int = 0, **how: Any) -> str:
    """What `sync --once` says."""
    done = program("sync", "--once", **how)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


# -- two devices


def test_two_devices_have_the_same_notes_and_edits_on_both_are_kept(server: Running, tmp_path: Path) -> None:
    laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.", "Heeft rust nodig.")
    studio = joined(tmp_path / "studio", laptop)
    assert texts(studio) == texts(laptop) == ["Heeft rust nodig.", "Zegt vaak moeten."]
    handle = handle_of(laptop, "rust")
    laptop("edit", handle, text="Heeft rust en ruimte nodig.")
    studio("edit", handle, text="Heeft rust gevonden.")
    once(laptop, 9)
    told = once(studio)
    assert "1 note is new here or changed, from another device." in told
    # in the order of the alphabet, which the handle that was drawn for the second one may come before
    (line,) = [line for line in told.splitlines() if line.startswith("Changed on two devices: ")]
    assert handle in line
    once(laptop)
    kept = ["Heeft rust en ruimte nodig.", "Heeft rust gevonden.", "Zegt vaak moeten."]
    assert texts(laptop) == texts(studio) == kept
    assert len(laptop.json("sync", "status")["twins"]) == 1


def test_shred_ends_with_9_until_every_place_has_confirmed(server: Running, tmp_path: Path) -> None:
    laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.", "Heeft rust nodig.")
    studio = joined(tmp_path / "studio", laptop)
    late = handle_of(studio, "moeten")
    studio("edit", late, text="Zegt nu vaker willen.")
    done = laptop("shred", handle_of(laptop, "moeten"), "--yes", "--receipt", str(tmp_path / "bewijs.json"))
    assert done.returncode == 9
    assert "The server and 1 device confirm at their next session." in done.stderr
    receipt = laptop.json("receipt", "verify", str(tmp_path / "bewijs.json"))
    assert receipt["confirmed"] == {"device": 1}
    assert receipt["waiting"] == {"device": 1, "server": 1}
    told = once(laptop, 9)
    assert "studio does so at its next session" in told
    # of what it had changed itself the old text is destroyed too, and the laptop has to confirm that
    told = once(studio, 9)
    assert f"Changed here too late: {late} had been destroyed elsewhere" in told
    once(laptop)
    once(studio)
    assert texts(laptop) == texts(studio) == ["Heeft rust nodig."]


def test_every_word_of_it_is_there_in_dutch(server: Running, tmp_path: Path) -> None:
    laptop = device(tmp_path / "laptop").made()
    laptop.add("Zegt vaak moeten.")
    done = laptop("sync", "enrol", server.url, "--invite", server.invite(), environ=DUTCH)
    assert done.returncode == 0
    assert "De server staat op deze computer zelf." in done.stderr
    assert "Je kluis staat nu verzegeld op de server." in done.stdout
    assert "Hij ziet nooit: een tekst, een kenmerk, een naam" in done.stdout
    studio = joined(tmp_path / "studio", laptop, "werkkamer")
    handle = handle_of(laptop, "moeten")
    studio("edit", handle, text="Zegt nu vaker willen.")
    done = laptop("shred", handle, "--yes", environ=DUTCH)
    assert "Hier vernietigd. De server en 1 apparaat bevestigen het bij hun volgende sessie." in done.stderr
    told = once(laptop, 9, environ=DUTCH)
    assert "Wat vernietigd is, is nog niet overal bevestigd: werkkamer doet dat" in told
    assert "Meteen gestuurd, en alleen wat veranderd is: de server kan dus zien hoeveel dat was." in told
    assert f"Te laat gewijzigd: {handle} was elders al vernietigd, en is weg." in once(studio, 9, environ=DUTCH)
    shown = laptop("sync", "status", environ=DUTCH).stdout
    assert "alleen in Nederland" in shown
    assert "alles, verzegeld, bijgewerkt in " in shown
    assert "werkkamer  is bij" in shown or "werkkamer  moet nog iets vernietigen" in shown
    shown = laptop("status", environ=DUTCH).stdout
    assert "Plekken met de sleutels" in shown
    assert "2 (computer en werkkamer" in shown


# -- documents


def test_every_document_has_the_documented_fields(server: Running, tmp_path: Path) -> None:
    laptop = device(tmp_path / "laptop").made()
    assert laptop.json("sync", "status") == {"enrolled": False}
    done = laptop.json("sync", "enrol", server.url, "--invite", server.invite())
    assert set(done) == {"url", "place", "fingerprint"} | REPORT
    assert done["place"] == {"kind": "loopback"}
    assert len(done["fingerprint"].split()) == 6
    assert laptop.json("sync") == {"synced": False, "done_today": False}
    assert set(laptop.json("sync", "--once")) == {"synced"} | REPORT
    status = laptop.json("sync", "status")
    assert set(status) == {
        *("enrolled", "url", "place", "country", "month", "unsynced", "fingerprint", "devices", "recovery", "twins")
    }
    assert (status["month"], status["unsynced"]) == (TODAY[:7], 0)
    assert laptop.json("status")["server"] == {"month": TODAY[:7], "unsynced": 0, "behind": []}
    added = laptop.json("device", "add")
    assert set(added) == {"code", "name"}
    assert added["name"] == "computer 2"
    assert "has not used its pairing code yet" in laptop("device", "list").stdout
    studio = device(tmp_path / "studio")
    made = studio.json("device", "join", added["code"])
    assert set(made) == {"vault", "recovery_code", "synced"} | REPORT
    devices = laptop.json("device", "list")["devices"]
    assert [each["name"] for each in devices] == ["computer", "computer 2"]
    assert all(set(each) == {"name", "own", "active", "joined", "behind", "months_away"} for each in devices)
    assert laptop.json("sync", "pin", "--pin", server.pin.hex()) == {"changed": False, "pin": server.pin.hex()}
    assert laptop.json("sync", "country", "eu") == {"country": "eu"}
    assert laptop.json("device", "revoke", "computer 2", "--yes") == {"revoked": "computer 2"}
    assert laptop.json("sync", "leave", "--yes") == {"left": True, "server_told": True}


def test_the_session_of_the_day_runs_once_when_its_moment_has_come(server: Running, tmp_path: Path) -> None:
    laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.")
    early, late, night = (f"{TODAY}T{time}" for time in ("08:59", "20:59", "21:00"))
    done = laptop("sync", day=early)
    assert done.returncode == 0
    assert "Still today, at a moment between 9 and 21" in done.stdout
    assert "Today's time is over." in laptop("sync", day=night).stdout
    assert laptop.json("sync", day=late)["synced"] is True
    assert laptop.json("sync", day=late) == {"synced": False, "done_today": True}
    assert "Today's session has been." in laptop("sync", day=late).stdout


# -- codes


@pytest.fixture(scope="module")
def bystander(tmp_path_factory: pytest.TempPathFactory) -> Program:
    """A device with a vault that is on no server."""
    return device(tmp_path_factory.mktemp("bystander") / "laptop").made()


@pytest.fixture(scope="module")
def invitation(server: Running) -> str:
    """An invitation that nobody has used."""
    return server.invite()


@pytest.mark.parametrize(
    ("words", "code", "kind"),
    [
        (["sync", "enrol", "http://127.0.0.1", "--invite", "{invite}"], 2, "UrlRefused"),
        (["sync", "enrol", "{url}/pad", "--invite", "{invite}"], 2, "UrlRefused"),
        (["sync", "enrol", "{url}", "--invite", "nee"], 2, "CodeMalformed"),
        (["sync", "enrol", "{url}"], 3, "NoWayToAsk"),
        (["sync", "enrol"], 2, "Usage"),
        (["sync", "leave", "{url}"], 2, "Usage"),
        (["sync", "status", "--once"], 2, "Usage"),
        (["sync", "country", "be"], 2, "Usage"),
        (["sync", "enrol", "{url}", "--invite", "{invite}", "--name", "x" * 25], 2, "DeviceNameRefused"),
        (["sync", "enrol", "https://8.8.8.8", "--invite", "{invite}"], 8, "ServerAbroad"),
        (["sync", "enrol", "https://192.0.2.1", "--invite", "{invite}"], 8, "CountryUnknown"),
        (["sync", "--once"], 2, "NotEnrolled"),
        (["sync", "leave", "--yes"], 2, "NotEnrolled"),
        (["device", "list"], 2, "NotEnrolled"),
        (["device", "add"], 2, "NotEnrolled"),
        (["device", "revoke", "studio", "--yes"], 2, "NotEnrolled"),
        (["device", "revoke"], 2, "Usage"),
        (["device", "join", "nee"], 11, "VaultExists"),
    ],
)
def test_what_can_not_be_is_refused_by_name_before_anything_is_sent(
    bystander: Program, invitation: str, server: Running, words: list[str], code: int, kind: str
) -> None:
    given = [word.format(url=server.url, invite=invitation) for word in words]
    done = bystander(*given, "--json")
    assert json.loads(done.stdout) == {"error": {"code": code, "kind": kind}}
    assert done.stderr.strip()


def test_what_was_refused_has_used_up_nothing(bystander: Program, invitation: str, server: Running) -> None:
    assert bystander.json("sync", "status") == {"enrolled": False}
    done = bystander("sync", "enrol", server.url, "--invite", invitation)
    assert done.returncode == 0, done.stderr


def test_an_invitation_and_a_pairing_code_work_once(server: Running, tmp_path: Path) -> None:
    invitation = server.invite()
    laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.")
    other = device(tmp_path / "other").made()
    (tmp_path / "invite").write_text(invitation + "\n")
    first = other("sync", "enrol", server.url, "--invite-file", str(tmp_path / "invite"))
    assert first.returncode == 0, first.stderr
    third = device(tmp_path / "third").made()
    assert third("sync", "enrol", server.url, "--invite", invitation).returncode == 4
    code = laptop.json("device", "add")["code"]
    assert "pairing code" in third("sync", "enrol", server.url, "--invite", code).stderr
    assert device(tmp_path / "wrong")("device", "join", invitation).returncode == 2
    assert device(tmp_path / "studio")("device", "join", code).returncode == 0
    late = device(tmp_path / "late")
    done = late("device", "join", code)
    assert done.returncode == 4
    assert "somebody else did: revoke that device" in done.stderr
    assert not late.data.exists()


# -- devices that go


def test_a_revoked_device_destroys_everything_when_it_next_syncs(server: Running, tmp_path: Path) -> None:
    laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.")
    studio = joined(tmp_path / "studio", laptop)
    done = laptop("device", "revoke", "stu", "--yes")
    assert done.returncode == 0, done.stderr
    assert texts(studio) == ["Zegt vaak moeten."]
    done = studio("sync", "--once", environ=DUTCH)
    assert done.returncode == 11
    assert "Dit apparaat is ingetrokken: alles in zijn kluis is vernietigd." in done.stderr
    assert texts(studio) == []
    assert studio.json("sync", "status") == {"enrolled": False}
    assert texts(laptop) == ["Zegt vaak moeten."]
    once(laptop)


def test_leaving_keeps_the_notes_and_the_server_keeps_nothing(own_server: Running, tmp_path: Path) -> None:
    laptop = enrolled(tmp_path / "laptop", own_server, "Zegt vaak moeten.")
    laptop.add("Nog niet daar.")
    assert laptop("sync", "leave").returncode == 3
    done = laptop("sync", "leave", "--yes")
    assert done.returncode == 0, done.stderr
    assert "Not everything is on the server yet." in done.stderr
    assert texts(laptop) == ["Nog niet daar.", "Zegt vaak moeten."]
    assert laptop.json("sync", "status") == {"enrolled": False}
    again = laptop("sync", "enrol", own_server.url, "--invite", own_server.invite())
    assert again.returncode == 0, again.stderr


# -- a server that is away, or wrong


def away() -> str:
    """The URL of a port where nothing listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"https://127.0.0.1:{taken.getsockname()[1]}"


def test_no_command_but_those_about_servers_and_devices_touches_the_network(server: Running, tmp_path: Path) -> None:
    laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.", "Heeft rust nodig.")
    laptop.module = "tests.support.offline"
    (tmp_path / "een.md").write_text("Uit een bestand.")
    handle = handle_of(laptop, "moeten")
    for words, code in [
        (["list"], 0),
        (["find", "rust"], 0),
        (["show", handle], 0),
        (["add"], 0),
        (["edit", handle], 0),
        (["keep", handle, "2m"], 0),
        (["expire"], 0),
        (["status"], 0),
        (["engagement", "open", "Eik", "--yes"], 0),
        (["export", handle, "--to", str(tmp_path / "kopie.md")], 0),
        (["import", str(tmp_path / "een.md")], 0),
        (["guard"], 0),
        (["scan"], 0),
        (["sync"], 0),
        (["shred", handle, "--yes", "--receipt", str(tmp_path / "bewijs.json")], 9),
        (["receipt", "verify", str(tmp_path / "bewijs.json")], 0),
        (["device", "list"], 0),
        (["sync", "country", "eu"], 0),
    ]:
        done = laptop(*words, text="Iets nieuws." if words[0] in ("add", "edit", "scan") else "")
        assert done.returncode == code, (words, done.stderr)
    # the same guard stops what does ask the server
    assert laptop("sync", "--once").returncode == 97
    assert laptop("device", "add").returncode == 97


def test_a_server_out_of_reach_is_told_with_7_and_nothing_is_lost(tmp_path: Path) -> None:
    with running_server(tmp_path / "server") as server:
        laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.")
    laptop.add("Nieuw, terwijl de server weg is.")
    done = laptop("sync", "--once", environ=DUTCH)
    assert done.returncode == 7
    assert "De server is niet bereikbaar. Hier gaat alles gewoon door" in done.stderr
    status = laptop.json("sync", "status")
    assert status["unsynced"] == 1
    assert laptop("device", "add").returncode == 7
    other = device(tmp_path / "other").made()
    with running_server(tmp_path / "server") as server:
        invitation = server.invite()
    assert other("sync", "enrol", away(), "--invite", invitation).returncode == 7
    done = laptop("sync", "leave", "--yes")
    assert done.returncode == 9
    assert "The server was not told." in done.stderr
    assert len(texts(laptop)) == 2


def test_a_server_with_another_key_is_refused_until_the_coach_has_compared_it(
    own_server: Running, tmp_path: Path
) -> None:
    laptop = enrolled(tmp_path / "laptop", own_server, "Zegt vaak moeten.")
    with running_server(tmp_path / "swapped") as other:
        # the coach's server is another one now, at the place where the first one was
        _moved_to(laptop, own_server.url, other.url)
        done = laptop("sync", "--once")
        assert done.returncode == 8
        assert "ongemerkt sync pin" in done.stderr
        assert laptop("sync", "pin", "--yes").returncode == 2
        assert laptop("sync", "pin", "--pin", own_server.pin.hex()).returncode == 8
        done = laptop("sync", "pin", "--pin", other.pin.hex()[:32])
        assert done.returncode == 0, done.stderr
        # its key is right now, but it is no server that knows this vault
        done = laptop("sync", "--once", environ=DUTCH)
        assert done.returncode == 8
        assert "De server kent dit apparaat niet meer." in done.stderr
    assert texts(laptop) == ["Zegt vaak moeten."]


def _moved_to(program: Program, old: str, new: str) -> None:
    from tests.support import cheap_kdf
    from tests.support.command import PASSPHRASE
    from vault.service import Paths, open_vault

    cheap_kdf.install()
    day = datetime.fromisoformat(TODAY).date()
    with open_vault(Paths(str(program.data), str(program.state)), PASSPHRASE, clock=lambda: day) as vault:
        assert vault.server().url == old
        vault.set_server(vault.server()._replace(url=new))


def test_a_server_restored_from_a_copy_is_refused_by_name_however_often_and_nothing_changes_here(
    tmp_path: Path,
) -> None:
    with running_server(tmp_path / "server") as server:
        laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.", "Heeft rust nodig.")
    shutil.copytree(tmp_path / "server", tmp_path / "copy")
    port = server.port
    with running_server(tmp_path / "server", options=["--port", str(port)]):
        laptop("shred", handle_of(laptop, "moeten"), "--yes")
        once(laptop)
    shutil.rmtree(tmp_path / "server")
    shutil.copytree(tmp_path / "copy", tmp_path / "server")
    with running_server(tmp_path / "server", options=["--port", str(port)]):
        for _attempt in range(2):
            done = laptop("sync", "--once", "--json")
            assert json.loads(done.stdout) == {"error": {"code": 8, "kind": "ServerRolledBack"}}
            assert "Did the keeper put a backup back?" in done.stderr
        assert texts(laptop) == ["Heeft rust nodig."]
        # the mend that the sentence names
        assert laptop("sync", "leave", "--yes").returncode in (0, 9)
        done = laptop("sync", "enrol", server.url, "--invite", server.invite())
        assert done.returncode == 0, done.stderr
    assert texts(laptop) == ["Heeft rust nodig."]


# -- the recovery paper


def test_with_the_paper_alone_a_new_computer_has_every_note_and_the_paper_ends(server: Running, tmp_path: Path) -> None:
    laptop = enrolled(tmp_path / "laptop", server, "Zegt vaak moeten.")
    told = laptop("sync", "recovery", "on", "--yes")
    assert told.returncode == 0, told.stderr
    assert "What it costs" in told.stderr
    assert laptop.json("sync", "status")["recovery"] is True
    sheet = tmp_path / "sheet"
    assert laptop("sync", "recovery", "on", "--yes").returncode == 2
    laptop("sync", "recovery", "off")
    code = laptop.json("sync", "recovery", "on", "--yes")["code"]
    assert code not in told.stdout
    laptop.add("Daarna geschreven.")
    once(laptop)
    shutil.rmtree(tmp_path / "laptop")
    new = device(tmp_path / "new")
    done = new("device", "join", "-", text=code + "\n")
    assert done.returncode == 0, done.stderr
    assert texts(new) == ["Daarna geschreven.", "Zegt vaak moeten."]
    status = new.json("sync", "status")
    assert status["recovery"] is False
    assert [each["name"] for each in status["devices"] if each["own"]] == ["computer 2"]
    again = device(tmp_path / "again")("device", "join", "-", text=code + "\n")
    assert again.returncode == 4, again.stderr
    assert "recovery paper" in again.stderr
    assert new("sync", "recovery", "on", "--kit", str(sheet), "--yes").returncode == 0
    assert "RECOVERY PAPER" in sheet.read_text(encoding="utf-8")
    assert sheet.stat().st_mode & 0o777 == 0o600
