"""Whatever lies in the files that the doctor reads: it says something, and raises nothing."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.computer import checks, machine
from tests.support.vaults import Place
from vault.doctor import examine
from vault.doctor.codes import holds_code
from vault.doctor.shellhistory import entries

SYSTEM = [
    *("proc/swaps", "proc/cmdline", "proc/self/mountinfo", "proc/sys/kernel/core_pattern", "proc/500/stat"),
    *("proc/sys/kernel/yama/ptrace_scope", "sys/power/state", "sys/class/block/sda/dm/uuid", "etc/crontab"),
    *("sys/class/block/sda/loop/backing_file", "etc/timeshift/timeshift.json", "etc/snapper/configs/root"),
    *("proc/1/limits", "etc/systemd/system/a.service", "etc/rsnapshot.conf", "etc/borgmatic/config.yaml"),
]
HOME = [
    *(".dropbox/info.json", ".config/Nextcloud/nextcloud.cfg", ".config/syncthing/config.xml", ".bash_history"),
    *(".config/backintime/config", ".config/dconf/user", ".config/borgmatic/config.yaml", ".ccnet/seafile.ini"),
    *(".local/share/Vorta/settings.db", ".duply/x/conf", ".config/glib-2.0/settings/keyfile", ".lesshst"),
]
PIECES = [
    *(b"\n", b" ", b"/", b"/dev/sda", b"8:0", b" - ", b"ext4", b"{", b"}", b'"path": ', b"[", b"1", b"\\040", b"\\"),
    *(b"ExecStart=", b"restic backup ", b"source_directories:\n - ", b"localPath=", b"- cmd: ", b"ongemerkt ", b"<<"),
    *(b"echo a | ", b": 1:0;", b"#1790000000\n", b"deja-dup/last-backup", b"[org/gnome/deja-dup]\n", b"'", b"loop0"),
    *(b"500 (x) S 500", b"resume=", b"include-list=[", b"\xff", b"\0", b"*", b"file\t", b"Max core file size "),
]
ANY = st.one_of(st.binary(max_size=200), st.lists(st.sampled_from(PIECES), max_size=30).map(b"".join))


def put(path: Path, data: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.dictionaries(st.sampled_from(SYSTEM), ANY), st.dictionaries(st.sampled_from(HOME), ANY))
def test_any_bytes_give_every_check_an_answer(place: Place, system: dict[str, bytes], home: dict[str, bytes]) -> None:
    root = place.folder / "tree"
    for name in SYSTEM:
        put(root / name, system.get(name, b""))
    for name in HOME:
        put(place.folder / name, home.get(name, b""))
    assert {each.id for each in examine(machine(place, root, pid=500))} == set(checks())


@given(ANY)
def test_entries_of_any_bytes_together_are_those_bytes(data: bytes) -> None:
    assert b"".join(entry.raw for entry in entries(data)) == data


@given(st.text())
def test_any_text_holds_a_code_or_not(text: str) -> None:
    assert holds_code(text, lambda _: False) in {True, False}


@pytest.mark.parametrize(
    "part", ["echo a | ", "ongemerkt ", "ongemerkt find ", "<<", "|" + " " * 50, "aaaaa ", "appel "]
)
def test_a_long_line_does_not_keep_the_doctor_busy(place: Place, part: str) -> None:
    # The file is as long as is looked at in a moment; a pattern that goes back and forth would take minutes.
    put(place.folder / ".bash_history", (part * (200_000 // len(part))).encode())
    examine(machine(place))


def test_a_pipe_or_a_folder_in_the_place_of_a_file_is_passed_over(place: Place) -> None:
    os.mkfifo(place.folder / ".bash_history")
    (place.folder / ".zsh_history").mkdir()
    os.mkfifo(place.folder / ".lesshst")
    (place.folder / ".config").mkdir()
    os.mkfifo(place.folder / ".config" / "kopia")
    assert {each.id for each in examine(machine(place))} == set(checks())
