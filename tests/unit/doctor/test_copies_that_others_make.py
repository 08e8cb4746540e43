"""Cloud folders and ordinary backups that take the vault or its anchor along: real markers, real settings files."""

import json
import os
from pathlib import Path

import pytest

from tests.support.computer import finding, machine
from tests.support.vaults import Place

MARKERS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache/": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".sync_0123456789ab.db": "Nextcloud",
    "._sync_0123456789ab.db": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".stfolder/": "Syncthing",
    ".stfolder": "Syncthing",
    ".megaignore": "MEGA",
    ".debris/": "MEGA",
    ".sync/ID": "Resilio Sync",
    ".tmp.drivedownload/": "Google Drive",
    ".seafile-data/": "Seafile",
}


def mark(folder: Path, name: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    if name.endswith("/"):
        path.mkdir()
    else:
        path.write_text("")


@pytest.mark.parametrize("name", MARKERS)
def test_a_synced_folder_around_the_vault_is_found_by_its_marker(place: Place, name: str) -> None:
    mark(place.data, name)
    found = finding("cloud", machine(place))
    assert (found.state, found.severity) == ("found", "warning")
    assert found.facts == {"vault": [MARKERS[name]], "anchor": []}


@pytest.mark.parametrize("name", MARKERS)
def test_around_the_anchor_it_is_serious(place: Place, name: str) -> None:
    mark(place.state, name)
    found = finding("cloud", machine(place))
    assert (found.severity, found.facts["anchor"]) == ("serious", [MARKERS[name]])


def test_a_marker_far_above_counts_too(place: Place) -> None:
    mark(place.folder, ".stfolder/")
    assert finding("cloud", machine(place)).facts == {"vault": ["Syncthing"], "anchor": ["Syncthing"]}


def test_no_marker_is_nothing_found(place: Place) -> None:
    assert finding("cloud", machine(place)).state == "clear"


def test_the_settings_of_dropbox_in_home_are_no_marker(place: Place) -> None:
    # Seen to fail when a folder of that name counts: every user of Dropbox has one in home.
    mark(place.folder, ".dropbox/")
    assert finding("cloud", machine(place)).state == "clear"


def test_a_link_into_a_synced_folder_does_not_hide_it(place: Place) -> None:
    # Seen to fail without realpath.
    synced = place.folder / "elders"
    mark(synced, ".stfolder/")
    place.data.rename(synced / "data")
    place.data.symlink_to(synced / "data")
    assert finding("cloud", machine(place)).facts["vault"] == ["Syncthing"]


@pytest.mark.parametrize("name", ["Dropbox", "OneDrive", "OneDrive - Praktijk De Eik", "Nextcloud", "Google Drive"])
def test_a_folder_named_as_clients_name_theirs_is_found(place: Place, name: str) -> None:
    (place.folder / name).mkdir()
    place.data.rename(place.folder / name / "data")
    moved = place.paths._replace(data=str(place.folder / name / "data"))
    assert finding("cloud", machine(place, paths=moved)).facts["vault"] == [name.partition(" - ")[0]]


@pytest.mark.parametrize(
    ("settings", "text", "service"),
    [
        (".dropbox/info.json", '{"personal": {"path": "%s", "host": 1}}', "Dropbox"),
        (".config/Nextcloud/nextcloud.cfg", "[Accounts]\n0\\Folders\\1\\localPath=%s/\n", "Nextcloud"),
        (".config/ownCloud/owncloud.cfg", "[Accounts]\n0\\Folders\\1\\localPath=%s/\n", "ownCloud"),
        (".config/syncthing/config.xml", '<configuration>\n<folder id="a" path="%s" type="x">', "Syncthing"),
        (".local/state/syncthing/config.xml", '<folder id="a" label="b" path="%s">', "Syncthing"),
        (".config/onedrive/config", '# sync_dir = "~/x"\nsync_dir = "%s"\n', "OneDrive"),
    ],
)
def test_the_settings_of_a_client_that_name_the_folder_are_enough(
    place: Place, settings: str, text: str, service: str
) -> None:
    path = place.folder / settings
    path.parent.mkdir(parents=True)
    path.write_text(text % place.data)
    assert finding("cloud", machine(place)).facts["vault"] == [service]
    path.write_text(text % (place.folder / "iets anders"))
    assert finding("cloud", machine(place)).state == "clear"


def test_seafiles_database_that_names_the_folder_is_enough(place: Place) -> None:
    (place.folder / ".ccnet").mkdir()
    (place.folder / "sf").mkdir()
    (place.folder / ".ccnet/seafile.ini").write_text(f"{place.folder / 'sf'}\n")
    (place.folder / "sf/repo.db").write_bytes(b"SQLite\0" + os.fsencode(place.data) + b"\0")
    assert finding("cloud", machine(place)).facts == {"vault": ["Seafile"], "anchor": []}


# -- backups


def put(place: Place, name: str, text: str) -> None:
    path = place.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def takes(place: Place, root: Path | str = "/") -> dict[str, object]:
    found = finding("backup", machine(place, root))
    return {what: found.facts.get(what, []) for what in ("vault", "anchor")} if found.state == "found" else {}


def test_without_any_backup_program_nothing_is_found(place: Place, tmp_path: Path) -> None:
    assert finding("backup", machine(place, tmp_path / "leeg")).state == "clear"


def test_borgmatic_that_takes_home_takes_the_anchor_and_that_is_serious(place: Place, tmp_path: Path) -> None:
    # Seen to fail with `includes` read up to the first comment only.
    text = f"source_directories:\n    # thuis\n    - {place.folder}\n    - /etc\nrepositories:\n    - path: /mnt/b\n"
    put(place, ".config/borgmatic/config.yaml", text)
    found = finding("backup", machine(place, tmp_path / "leeg"))
    assert (found.severity, takes(place, tmp_path / "leeg")) == (
        "serious",
        {"vault": ["borgmatic"], "anchor": ["borgmatic"]},
    )
    put(place, ".config/borgmatic/config.yaml", text + "exclude_caches: true\n")
    found = finding("backup", machine(place, tmp_path / "leeg"))
    assert (found.severity, found.facts["anchor"]) == ("info", [])
    put(place, ".config/borgmatic/config.yaml", text + f"exclude_patterns:\n    - {place.folder}/state\n")
    assert takes(place, tmp_path / "leeg") == {"vault": ["borgmatic"], "anchor": []}
    put(place, ".config/borgmatic/config.yaml", "source_directories: [/etc, '/srv']\n")
    assert takes(place, tmp_path / "leeg") == {}


@pytest.mark.parametrize(
    ("line", "vault", "anchor"),
    [
        ("/usr/bin/restic -r /mnt/usb backup %h", True, True),
        ("/usr/bin/restic backup --exclude-caches %h", True, False),
        ("/usr/bin/restic backup --exclude %h/state %h", True, False),
        ("/usr/bin/restic backup --exclude=%h/state --exclude=%h/data %h", False, False),
        ("/usr/bin/borg create ssh://x/./y::{now} %h/data", True, False),
        ("/usr/bin/rsync -a \\\n  %h/ /mnt/usb/", True, True),
        ("/usr/bin/restic forget --keep-daily 7", False, False),
        ("/usr/bin/ongemerkt backup %h/data --with restic", False, False),
    ],
)
def test_a_timer_that_starts_a_backup_of_home_is_found(
    place: Place, tmp_path: Path, line: str, vault: bool, anchor: bool
) -> None:
    put(place, ".config/systemd/user/nachtelijk.service", f"[Service]\nExecStart={line}\n")
    told = takes(place, tmp_path / "leeg")
    assert (bool(told.get("vault")), bool(told.get("anchor"))) == (vault, anchor)


def test_a_script_that_a_timer_starts_is_looked_into(place: Place, tmp_path: Path) -> None:
    put(place, "bin/reserve.sh", f"#!/bin/sh\n# restic backup /\nrestic -r /mnt backup {place.folder}\n")
    unit = f"[Service]\nExecStart={place.folder}/bin/reserve.sh --stil\n"
    put(place, ".config/systemd/user/reserve.service", unit)
    assert takes(place, tmp_path / "leeg") == {"vault": ["restic"], "anchor": ["restic"]}


@pytest.mark.parametrize(
    "name", ["etc/crontab", "etc/cron.d/reserve", "etc/cron.daily/reserve", "etc/systemd/system/r.service"]
)
def test_the_systems_own_schedule_is_looked_into(place: Place, tmp_path: Path, name: str) -> None:
    path = tmp_path / "tree" / name
    path.parent.mkdir(parents=True)
    path.write_text(f"ExecStart=/usr/bin/borg create /mnt/r::x {place.folder}\n")
    assert takes(place, tmp_path / "tree")["anchor"] == ["borg"]


def test_deja_dup_takes_home_but_heeds_the_mark(place: Place, tmp_path: Path) -> None:
    path = place.folder / ".config/dconf/user"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"GVariant\0\0gnome/\0deja-dup/\0last-backup\0" + bytes(40))
    assert takes(place, tmp_path / "leeg") == {"vault": ["Déjà Dup"], "anchor": []}
    path.write_bytes(b"GVariant\0\0gnome/\0deja-dup/\0window-height\0")
    assert takes(place, tmp_path / "leeg") == {}
    name = ".var/app/org.gnome.DejaDup/config/glib-2.0/settings/keyfile"
    put(place, name, "[org/gnome/deja-dup]\ninclude-list=['$HOME']\nexclude-list=['$HOME/data']\n")
    assert takes(place, tmp_path / "leeg") == {}


def test_back_in_time_and_timeshift_are_read(place: Place, tmp_path: Path) -> None:
    text = f"profile1.snapshots.include.1.value={place.folder}\nprofile1.snapshots.exclude.1.value=.cache/*\n"
    put(place, ".config/backintime/config", text)
    assert takes(place, tmp_path / "leeg")["anchor"] == ["Back In Time"]
    put(place, ".config/backintime/config", text + f"profile1.snapshots.exclude.2.value={place.folder}/*\n")
    assert takes(place, tmp_path / "leeg") == {}
    shift = tmp_path / "tree/etc/timeshift/timeshift.json"
    shift.parent.mkdir(parents=True)
    settings = {"backup_device_uuid": "x", "btrfs_mode": "false", "exclude": [f"{place.folder}/**"]}
    shift.write_text(json.dumps(settings))
    assert takes(place, tmp_path / "tree") == {}
    shift.write_text(json.dumps(settings | {"exclude": [f"+ {place.folder}/**"]}))
    assert takes(place, tmp_path / "tree")["anchor"] == ["Timeshift"]
    shift.write_text(json.dumps(settings | {"exclude": [f"+ {place.folder}/**"], "backup_device_uuid": ""}))
    assert takes(place, tmp_path / "tree") == {}


def test_a_program_that_does_not_say_what_it_takes_is_named_and_not_called_safe(place: Place, tmp_path: Path) -> None:
    put(place, ".config/kopia/repository.config", "{}")
    found = finding("backup", machine(place, tmp_path / "leeg"))
    assert (found.state, found.facts["programs"]) == ("unchecked", ["Kopia"])


def test_time_machine_is_named_and_not_called_safe(place: Place) -> None:
    found = finding("backup", machine(place, platform="darwin"))
    assert (found.state, found.facts["programs"]) == ("unchecked", ["Time Machine"])


# -- marks


def test_a_missing_mark_is_found_and_mended(place: Place) -> None:
    from vault.doctor import mend

    on = machine(place)
    assert finding("marks", on).state == "clear"
    for name in ("CACHEDIR.TAG", ".nobackup"):
        path = place.anchor.parent / name
        whole = path.read_bytes()
        path.unlink()
        assert finding("marks", on).state == "found"
        mend(on)
        assert finding("marks", on).state == "clear"
        assert path.read_bytes()[:43] == whole[:43]
    place.open().close()


def test_a_mark_without_its_signature_is_none(place: Place) -> None:
    (place.anchor.parent / "CACHEDIR.TAG").write_text("Signature: iets\n")
    assert finding("marks", machine(place)).state == "found"
