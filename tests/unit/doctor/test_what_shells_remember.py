"""Lesson 19: what was typed stays in no history file. What is found there is counted, not shown, and can be taken out.

The history of bash is one that bash wrote; zsh's and fish's are files in their form.
"""

import os
import subprocess
from pathlib import Path

import pytest

from sync.codes import Invitation, Pairing, encode_code
from tests.support.computer import finding, machine
from tests.support.vaults import CANARY, Place
from vault import words
from vault.crypto import claim, recovery
from vault.doctor import clean_history, history_entries
from vault.doctor.shellhistory import entries

CLAIM = " ".join(claim.to_words(bytes(range(11)), "nl"))
EXPORT = " ".join(claim.numbered(bytes(range(9)), 6, "en"))
KIT = recovery.printable("000000000000000000000000000000"[:28] + recovery._check("0" * 28))
INVITE = encode_code(Invitation(bytes(range(16)), bytes(range(16))))
PAIRING = encode_code(Pairing(bytes(range(16)), bytes(range(16)), "https://notities.voorbeeld.nl"))

SECRETS = [
    f"echo '{CANARY}' | ongemerkt add",
    f'printf "%s\\n" "{CANARY}" | /usr/local/bin/ongemerkt jot -',
    f"echo {CANARY} | tee kladje | ongemerkt add --keep 6m",
    f"echo {CANARY} | sudo -u coach ongemerkt add",
    f"ongemerkt add <<< '{CANARY}'",
    f"ongemerkt add <(echo {CANARY})",
    f"ongemerkt --passphrase {CANARY} list",
    f"ongemerkt list --password={CANARY}",
    f"ongemerkt list --passphrase-fd 3 3<<<{CANARY}",
    f"export ONGEMERKT_PASSPHRASE={CANARY}",
    f"echo {CLAIM} > strookje.txt",
    f"echo {CLAIM.upper()}",
    f"xdg-open export.html # {EXPORT}",
    f"ongemerkt restore {KIT}",
    f"grep {KIT.replace('-', '').lower()} kit.txt",
    f"ongemerkt sync enrol https://notities.voorbeeld.nl --invite {INVITE}",
    f"ongemerkt device join {PAIRING}",
    f"ongemerkt device join '{PAIRING.replace('-', ' ').lower()}'",
]
TRACES = [
    "ongemerkt find grenzen moeder",
    "ongemerkt --lang nl find moeder",
    "ongemerkt add --engagement Eik",
    "ongemerkt engagement open Eik --slip slip.txt",
]
HARMLESS = [
    "ongemerkt",
    "ongemerkt add",
    "ongemerkt add notitie.txt",
    "ongemerkt show bakemo",
    "ongemerkt doctor --unlock",
    "ongemerkt list --passphrase-file geheim --json",
    "cat notitie.txt | ongemerkt add",
    "ongemerkt-server invite",
    "echo klaar",
    "git clone https://github.com/een/naam && cd naam && make install",
    "git checkout 3b18e512dba79e4c8300dd08aeb37f8e728b8dad",
    "ls apart lopen fiets water groen zeker twaalf nietbestaandwoord",
    "ONGEMERKT_VAULT=/home/coach/kluis ongemerkt status",
    "apt-get install python3-venv tmux nginx-light caddy",
]


def written(place: Place, name: str, data: str | bytes) -> Path:
    path = place.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return path


def counted(place: Place, check: str = "history") -> int:
    found = finding(check, machine(place))
    files = found.facts.get("files", [])
    assert isinstance(files, list)
    return sum(each["entries"] for each in files)


@pytest.mark.parametrize("line", SECRETS)
def test_a_secret_on_a_command_line_is_found(place: Place, line: str) -> None:
    # Each was seen to fail with its own rule taken out.
    written(place, ".bash_history", f"ls\n{line}\ncd\n")
    found = finding("history", machine(place))
    assert (found.state, found.severity) == ("found", "serious")
    assert found.facts == {"files": [{"file": "~/.bash_history", "entries": 1}]}


@pytest.mark.parametrize("line", TRACES)
def test_searches_and_clients_on_a_command_line_are_traces(place: Place, line: str) -> None:
    written(place, ".bash_history", f"ls\n{line}\n")
    assert (counted(place), counted(place, "history-traces")) == (0, 1)


@pytest.mark.parametrize("line", HARMLESS)
def test_what_gives_nothing_away_is_left_alone(place: Place, line: str) -> None:
    written(place, ".bash_history", f"{line}\n")
    assert (counted(place), counted(place, "history-traces")) == (0, 0)


def test_every_word_of_a_spoken_code_counts_and_five_are_none(place: Place) -> None:
    for lang in words.LANGUAGES:
        some = words.load(lang)[5::301][:6]
        written(place, ".bash_history", " ".join(some) + "\n")
        assert counted(place) == 1
        written(place, ".bash_history", " ".join(some[:5]) + "\n")
        assert counted(place) == 0


def test_a_code_with_a_slip_of_the_pen_is_none(place: Place) -> None:
    # Seen to fail when the check letters are not looked at: then every text of thirty letters is a code.
    written(place, ".bash_history", KIT[:-1] + ("0" if KIT[-1] != "0" else "1") + "\n")
    assert counted(place) == 0


@pytest.mark.parametrize(
    "name", [".bash_history", ".zsh_history", ".python_history", ".lesshst", ".local/share/fish/fish_history"]
)
def test_every_shells_file_is_looked_into(place: Place, name: str) -> None:
    line = f"- cmd: {SECRETS[0]}\n  when: 1790000000\n" if "fish" in name else f"{SECRETS[0]}\n"
    written(place, name, line)
    assert finding("history", machine(place)).facts == {"files": [{"file": f"~/{name}", "entries": 1}]}


def test_a_history_file_that_the_environment_names_is_looked_into(place: Place) -> None:
    path = written(place, "elders/geschiedenis", SECRETS[0] + "\n")
    on = machine(place)
    assert finding("history", on).state == "clear"
    on = on._replace(environ={**on.environ, "HISTFILE": str(path)})
    assert finding("history", on).facts == {"files": [{"file": "~/elders/geschiedenis", "entries": 1}]}


# -- what bash itself writes


def test_bash_keeps_it_the_doctor_finds_it_and_takes_it_out(place: Place) -> None:
    path = place.folder / ".bash_history"
    typed = [f"echo '{CANARY}' | ongemerkt add", "true een", "ongemerkt find moeder", "cat <<EINDE | ongemerkt add"]
    typed += [CANARY, "nog een regel", "EINDE", "true twee", "exit"]
    environ = {"HOME": str(place.folder), "PATH": os.environ["PATH"], "HISTFILE": str(path), "TERM": "dumb"}
    subprocess.run(
        ["bash", "--norc", "--noprofile", "-i"],
        input="\n".join(typed) + "\n",
        env=environ,
        capture_output=True,
        text=True,
        check=False,
        start_new_session=True,
    )
    assert path.read_text().count(CANARY) == 2
    assert (counted(place), counted(place, "history-traces")) == (2, 1)
    (cleaned,) = clean_history(machine(place))
    assert cleaned == ("~/.bash_history", 3, True)
    assert path.read_text().splitlines() == ["true een", "true twee", "exit"]
    assert clean_history(machine(place)) == []


# -- other shapes


def test_times_of_work_are_traces_where_the_shell_writes_them_down(place: Place) -> None:
    # Seen to fail when an entry's time is not looked at. Without times the same commands give nothing away.
    for line in (
        b": 1790000000:0;ongemerkt add\n",
        b"#1790000000\nongemerkt show bakemo\n",
        b": 1790000000:0;ongemerkt\n",
    ):
        written(place, ".zsh_history", line)
        assert counted(place, "history-traces") == 1, line
    written(place, ".zsh_history", b": 1790000000:0;ongemerkt doctor\n: 1790000000:0;ls\n")
    assert counted(place, "history-traces") == 0


def test_an_entry_of_several_lines_goes_as_a_whole(place: Place) -> None:
    zsh = f": 1:0;ls\n: 2:0;echo een \\\n{CANARY} | ongemerkt add\n: 3:0;cd\n"
    path = written(place, ".zsh_history", zsh)
    clean_history(machine(place))
    assert path.read_text() == ": 1:0;ls\n: 3:0;cd\n"
    bash = f"#1790000000\nls\n#1790000001\necho '{CANARY}\n{CANARY}' | ongemerkt add\n#1790000002\ncd\n"
    path = written(place, ".bash_history", bash)
    clean_history(machine(place))
    assert path.read_text() == "#1790000000\nls\n#1790000002\ncd\n"
    fish = f"- cmd: ls\n  when: 1\n- cmd: ongemerkt add {INVITE}\n  when: 2\n  paths:\n    - x\n- cmd: cd\n  when: 3\n"
    path = written(place, ".local/share/fish/fish_history", fish)
    clean_history(machine(place))
    assert path.read_text() == "- cmd: ls\n  when: 1\n- cmd: cd\n  when: 3\n"


@pytest.mark.parametrize("end", [b"", b"\n"])
def test_entries_together_are_the_file(end: bytes) -> None:
    for data in (
        b"a\nb" + end,
        b": 1:0;a\\\nb" + end,
        b"- cmd: a\n  when: 1" + end,
        b"#1790000000\na\nb" + end,
        b"\xff\n",
    ):
        assert b"".join(entry.raw for entry in entries(data)) == data


# -- taking out


def test_mode_owner_and_link_of_the_file_stay(place: Place) -> None:
    path = written(place, "dotfiles/bash", f"ls\n{SECRETS[0]}\n")
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12345, 12345)
    before = path.stat()
    (place.folder / ".bash_history").symlink_to(path)
    clean_history(machine(place))
    after = path.stat()
    assert path.read_text() == "ls\n"
    assert (place.folder / ".bash_history").is_symlink()
    assert (after.st_mode, after.st_uid, after.st_gid) == (before.st_mode, before.st_uid, before.st_gid)
    assert sorted(each.name for each in path.parent.iterdir()) == ["bash"]


def test_the_old_bytes_are_overwritten(place: Place) -> None:
    # Seen to fail without the overwriting: a second name of the old file still shows them.
    path = written(place, ".bash_history", f"{SECRETS[0]}\n")
    os.link(path, place.folder / "oud")
    clean_history(machine(place))
    assert CANARY.encode() not in (place.folder / "oud").read_bytes()


def test_a_file_with_nothing_to_hide_is_not_touched(place: Place) -> None:
    path = written(place, ".bash_history", "ls\n")
    before = path.stat()
    assert clean_history(machine(place)) == []
    assert (path.stat().st_ino, path.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_a_file_that_can_not_be_rewritten_is_told_and_stays(place: Place) -> None:
    path = written(place, ".bash_history", f"ls\n{SECRETS[0]}\n")
    # what an earlier attempt left behind, or somebody put there, is not written into
    (place.folder / ".bash_history.ongemerkt-new").symlink_to("/nergens/heen")
    assert clean_history(machine(place)) == [("~/.bash_history", 1, False)]
    assert SECRETS[0] in path.read_text()


def test_what_would_be_taken_out_is_what_is_found(place: Place) -> None:
    written(place, ".bash_history", "\n".join([*SECRETS, *HARMLESS, *TRACES]) + "\n")
    assert history_entries(machine(place)) == {"~/.bash_history": len(SECRETS) + len(TRACES)}
    assert counted(place) + counted(place, "history-traces") == len(SECRETS) + len(TRACES)
