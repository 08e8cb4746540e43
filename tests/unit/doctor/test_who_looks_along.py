"""Recorders of the terminal (real ones), other users, other programs, and crashes."""

import json
import os
import resource
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import ROOT
from tests.support.computer import Tree, finding, machine
from tests.support.vaults import Place
from tests.unit.doctor.test_what_shells_remember import CLAIM, INVITE, KIT

LOOK = """
import json, os, sys
from pathlib import Path
from tests.support.computer import finding, machine
from tests.support.vaults import Place
found = finding("recording", machine(Place(Path(sys.argv[1])), environ=dict(os.environ)))
Path(sys.argv[2]).write_text(json.dumps([found.state, found.severity, found.facts]))
"""


def looked(place: Place, *around: str, **environ: str) -> tuple[str, dict[str, object]]:
    """What is found by a process that `around` starts: {} stands for its command line."""
    told, look = place.folder / "told", place.folder / "look.py"
    look.write_text(LOOK)
    ours = [sys.executable, str(look), str(place.folder), str(told)]
    command = [word.replace("{}", " ".join(ours)) for word in around] if around else ours
    keep = {"PATH": os.environ["PATH"], "HOME": str(place.folder), "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    subprocess.run(command, env=keep | environ, check=True, cwd=ROOT, capture_output=True, timeout=60)
    state, severity, facts = json.loads(told.read_text())
    assert state != "found" or severity == "serious"
    return state, facts


# -- recorders


def test_a_terminal_that_script_writes_down_is_found(place: Place) -> None:
    # Seen to fail when only the nearest process above is looked at.
    log = place.folder / "typescript"
    assert looked(place, "script", "-q", "-c", "sh -c '{}; true'", str(log)) == ("found", {"programs": ["script"]})


def test_a_process_of_another_name_is_no_recorder(place: Place, tree: Tree) -> None:
    tree.put("proc/500/stat", "500 (python3) S 400 500 500 0")
    tree.put("proc/400/stat", "400 (a) b) S 1 400 400 0")
    tree.put("proc/400/comm", "bash\n")
    tree.put("proc/1/stat", "1 (systemd) S 0 1 1 0")
    on = machine(place, tree.root, pid=500)
    assert finding("recording", on).state == "clear"
    tree.put("proc/400/comm", "asciinema\n")
    assert finding("recording", on).facts == {"programs": ["asciinema"]}


@pytest.mark.parametrize(("variable", "program"), [("ASCIINEMA_REC", "asciinema"), ("SCRIPT", "script")])
def test_a_recorder_that_says_so_in_the_environment_is_found(place: Place, variable: str, program: str) -> None:
    told = looked(place, **{variable: "1"})
    assert told[0] == "found"
    assert program in str(told[1]["programs"])


@pytest.mark.parametrize("piped", [True, False])
def test_a_pane_of_tmux_that_is_piped_away_is_found(place: Place, piped: bool) -> None:
    # Seen to fail when tmux is asked about another pane than the one it is.
    tmux = [shutil.which("tmux") or "tmux", "-S", str(place.folder / "tmux.sock"), "-f", os.devnull]
    looked(place)
    script = place.folder / "in-pane.sh"
    pipe = f"tmux pipe-pane -t $TMUX_PANE 'cat > {place.folder / 'log'}'" if piped else ":"
    look = f"{sys.executable} {place.folder / 'look.py'} {place.folder} {place.folder / 'told'}"
    script.write_text(f"#!/bin/sh\n{pipe}\n{look}\ntmux wait-for -S klaar\n")
    script.chmod(0o700)
    environ = {"PATH": os.environ["PATH"], "HOME": str(place.folder), "TERM": "xterm", "PYTHONPATH": str(ROOT)}
    # another pane lies in front that is not piped
    words = ["new-session", "-d", "-c", str(ROOT), str(script), ";", "split-window", "cat"]
    try:
        subprocess.run([*tmux, *words], env=environ, check=True, cwd=ROOT, timeout=30)
        subprocess.run([*tmux, "wait-for", "klaar"], env=environ, check=True, timeout=30)
    finally:
        subprocess.run([*tmux, "kill-server"], env=environ, check=False)
    state, _severity, facts = json.loads((place.folder / "told").read_text())
    assert (state == "found", facts.get("programs")) == (piped, ["tmux"] if piped else None)


def test_gnu_screen_that_writes_a_log_is_found(place: Place, tree: Tree, tmp_path: Path) -> None:
    tree.put("proc/500/stat", "500 (python3) S 400 500 500 0")
    tree.put("proc/400/stat", "400 (screen) S 1 400 400 0")
    tree.put("proc/400/comm", "screen\n")
    tree.put("proc/400/fdinfo/3", "pos:\t0\nflags:\t0102001\n")
    on = machine(place, tree.root, pid=500)
    on = on._replace(environ={**on.environ, "STY": "400.pts-0"})
    assert finding("recording", on).facts["programs"] == ["screen"]
    assert finding("recording", on).state == "unchecked"
    (tmp_path / "screenlog.0").write_text("")
    (tree.root / "proc/400/fd").mkdir()
    (tree.root / "proc/400/fd/3").symlink_to(tmp_path / "screenlog.0")
    assert finding("recording", on).state == "found"
    tree.put("proc/400/fdinfo/3", "pos:\t0\nflags:\t0100000\n")
    assert finding("recording", on).state == "clear"


@pytest.mark.parametrize("variable", ["KITTY_WINDOW_ID", "KONSOLE_VERSION", "ITERM_SESSION_ID"])
def test_a_terminal_that_could_log_unseen_is_named_and_not_called_safe(place: Place, variable: str) -> None:
    state, facts = looked(place, **{variable: "1"})
    assert state in {"unchecked", "found"}
    assert facts["programs"]


# -- permissions


def test_folders_that_others_can_read_are_found_and_closed(place: Place) -> None:
    from vault.doctor import mend

    on = machine(place)
    assert finding("permissions", on).state == "clear"
    place.data.chmod(0o755)
    place.header.chmod(0o644)
    place.anchor.parent.chmod(0o750)
    assert finding("permissions", on).facts == {"folders": ["anchor", "vault"]}
    mend(on)
    assert finding("permissions", on).state == "clear"
    assert (place.data.stat().st_mode & 0o777, place.header.stat().st_mode & 0o777) == (0o700, 0o600)
    place.open().close()


@pytest.mark.parametrize(
    ("kind", "check"), [("nfs4", "network-disk"), ("cifs", "network-disk"), ("fuse.sshfs", "network-disk")]
)
def test_a_disk_in_the_network_is_found(place: Place, tree: Tree, kind: str, check: str) -> None:
    tree.mount("0:60", place.data, kind, "nas:/thuis")
    assert finding(check, machine(place, tree.root)).facts == {"folders": ["vault"]}
    assert finding("no-permissions", machine(place, tree.root)).state == "clear"


@pytest.mark.parametrize("kind", ["vfat", "exfat"])
def test_a_stick_without_permissions_is_found(place: Place, tree: Tree, kind: str) -> None:
    tree.mount("8:17", place.state, kind, "/dev/sdb1")
    assert finding("no-permissions", machine(place, tree.root)).facts == {"folders": ["anchor"]}


# -- other programs


@pytest.mark.parametrize("value", [CLAIM, KIT, INVITE, f"code: {KIT}!"])
def test_a_code_in_the_environment_is_found_by_its_form(place: Place, value: str) -> None:
    on = machine(place)
    assert finding("environment", on).state == "clear"
    found = finding("environment", on._replace(environ={**on.environ, "STROOKJE": value}))
    assert (found.severity, found.facts) == ("serious", {"variables": ["STROOKJE"]})


def test_a_passphrase_in_a_variable_of_ours_is_found_by_its_name(place: Place) -> None:
    on = machine(place)
    on = on._replace(environ={**on.environ, "ONGEMERKT_PASSPHRASE": "x", "ONGEMERKT_VAULT": "/x"})
    assert finding("environment", on).facts == {"variables": ["ONGEMERKT_PASSPHRASE"]}


@pytest.mark.parametrize(("scope", "state"), [("0", "found"), ("1", "clear"), ("2", "clear"), (None, "found")])
def test_an_open_door_for_debuggers_is_found(place: Place, tree: Tree, scope: str | None, state: str) -> None:
    if scope is not None:
        tree.put("proc/sys/kernel/yama/ptrace_scope", scope + "\n")
    assert finding("debugger", machine(place, tree.root)).state == state


def test_the_kernels_own_setting_is_read(place: Place) -> None:
    # Seen to fail when more than the kernel gives at a time is asked for: then every setting reads as missing.
    real = Path("/proc/sys/kernel/core_pattern").read_text().strip()
    found = finding("core-dumps", machine(place))
    assert found.state != "unchecked"
    if real.startswith("|"):
        assert found.facts["collector"] == os.path.basename(real[1:].split()[0])


@pytest.mark.parametrize("most", [0, 4096])
def test_images_of_crashes_in_files_are_found_by_the_shells_limit(place: Place, tree: Tree, most: int) -> None:
    # the limit is a real process's, of which this one would be a child
    before = resource.getrlimit(resource.RLIMIT_CORE)
    if before[1] != resource.RLIM_INFINITY and before[1] < most:
        most = before[1]
    resource.setrlimit(resource.RLIMIT_CORE, (most, before[1]))
    try:
        limits = Path("/proc/self/limits").read_text()
    finally:
        resource.setrlimit(resource.RLIMIT_CORE, before)
    tree.put("proc/sys/kernel/core_pattern", "core\n")
    tree.put("proc/500/stat", "500 (python3) S 400 500 500 0")
    tree.put("proc/400/stat", "400 (bash) S 1 400 400 0")
    tree.put("proc/400/limits", limits)
    found = finding("core-dumps", machine(place, tree.root, pid=500))
    assert (found.state, found.severity) == ("found" if most else "clear", "info")


def test_a_collector_of_crashes_is_found_whatever_the_limit_says(place: Place, tree: Tree) -> None:
    tree.put("proc/sys/kernel/core_pattern", "|/usr/lib/systemd/systemd-coredump %P %u %g\n")
    assert finding("core-dumps", machine(place, tree.root)).facts == {"collector": "systemd-coredump"}
