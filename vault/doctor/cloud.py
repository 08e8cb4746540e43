"""Folders that a cloud service copies: it keeps every version, and sees when each was made."""

import json
import os
import re
from collections.abc import Callable, Iterator

from vault.doctor import blocks
from vault.doctor.contract import SERIOUS, VAULT, WARNING, Detector, Finding, clear, found
from vault.doctor.machine import Machine, above, names_in, read_bytes, read_text

ID = "cloud"

_FILES = {
    ".dropbox": "Dropbox",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".csync_journal.db": "ownCloud",
    ".megaignore": "MEGA",
    ".stfolder": "Syncthing",
    ".SyncID": "Resilio Sync",
}
"""Files that a client puts into the folder it copies. `.dropbox` as a folder is only the client's settings."""
_FOLDERS = {
    ".dropbox.cache": "Dropbox",
    ".stfolder": "Syncthing",
    ".debris": "MEGA",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".shortcut-targets-by-id": "Google Drive",
    ".seafile-data": "Seafile",
    "seafile-data": "Seafile",
}
"""Folders that a client puts there."""
_JOURNAL = re.compile(r"\._?sync_.*\.db")
"""Journals of Nextcloud and ownCloud."""
_NAMES = {
    "Dropbox": "Dropbox",
    "OneDrive": "OneDrive",
    "Google Drive": "Google Drive",
    "GoogleDrive": "Google Drive",
    "iCloud Drive": "iCloud",
    "iCloudDrive": "iCloud",
    "Mobile Documents": "iCloud",
    "CloudStorage": "CloudStorage",
    "MEGAsync": "MEGA",
    "pCloudDrive": "pCloud",
    "Nextcloud": "Nextcloud",
    "ownCloud": "ownCloud",
    "Seafile": "Seafile",
    "Syncthing": "Syncthing",
}
"""Names that clients give to the folder they copy; OneDrive for a firm puts the firm's name behind it."""
_MOUNTS = {
    "fuse.rclone": "rclone",
    "fuse.google-drive-ocamlfuse": "Google Drive",
    "fuse.onedriver": "OneDrive",
    "fuse.gvfsd-fuse": "GNOME",
    "fuse.davfs": "WebDAV",
    "davfs": "WebDAV",
}


def look(machine: Machine) -> list[Finding]:
    """Which services copy the vault's folder, and which that of the anchor."""
    told = {what: services(machine, folder) for what, folder in machine.folders().items()}
    if not any(told.values()):
        return [clear(ID, SERIOUS)]
    return [found(ID, SERIOUS if told["anchor"] else WARNING, **told)]


def services(machine: Machine, folder: str) -> list[str]:
    """The services that copy a folder, by what lies in it and above it, by its name, and by the clients' settings."""
    names = {name for each in above(folder) for name in _by_sight(each)}
    # a settings file may hold anything, and no path has a NUL
    named = {(os.path.realpath(path), name) for path, name in _named(machine) if "\0" not in path}
    parents = {os.path.realpath(each) for each in above(folder)}
    names |= {name for path, name in named if path in parents}
    mount = blocks.mount_of(machine, folder)
    if mount is not None:
        names |= {_MOUNTS[mount.kind]} if mount.kind in _MOUNTS else set()
        names |= {"pCloud"} if mount.source.startswith("pCloud") else set()
    if _in_seafile(machine, folder):
        names.add("Seafile")
    return sorted(names)


def _by_sight(folder: str) -> Iterator[str]:
    base = os.path.basename(folder)
    name = _NAMES.get("OneDrive" if base.startswith("OneDrive - ") else base)
    if name:
        yield name
    for entry in names_in(folder):
        path = os.path.join(folder, entry)
        if entry in _FILES and os.path.isfile(path):
            yield _FILES[entry]
        elif entry in _FOLDERS and os.path.isdir(path):
            yield _FOLDERS[entry]
        elif entry == ".sync" and os.path.isfile(os.path.join(path, "ID")):
            yield "Resilio Sync"
        elif _JOURNAL.fullmatch(entry):
            yield "Nextcloud"


# -- folders that the clients' settings name


def _named(machine: Machine) -> Iterator[tuple[str, str]]:
    for path, name, read in _settings(machine):
        text = read_text(path)
        if text is not None:
            for folder in read(text):
                yield _absolute(machine, folder), name


def _settings(machine: Machine) -> list[tuple[str, str, Callable[[str], list[str]]]]:
    syncthing = re.compile(r"<folder\b[^>]*?\bpath=\"([^\"]+)\"")
    nextcloud = re.compile(r"^[^#\n]*localPath=(.+?)\s*$", re.MULTILINE)
    onedrive = re.compile(r"^\s*sync_dir\s*=\s*\"?([^\"\n]+)\"?", re.MULTILINE)
    state = machine.environ.get("XDG_STATE_HOME") or machine.user(".local", "state")
    return [
        (machine.user(".dropbox", "info.json"), "Dropbox", _of_dropbox),
        (machine.config("Nextcloud", "nextcloud.cfg"), "Nextcloud", nextcloud.findall),
        (machine.config("ownCloud", "owncloud.cfg"), "ownCloud", nextcloud.findall),
        (machine.config("syncthing", "config.xml"), "Syncthing", syncthing.findall),
        (os.path.join(state, "syncthing", "config.xml"), "Syncthing", syncthing.findall),
        (machine.config("onedrive", "config"), "OneDrive", onedrive.findall),
    ]


def _of_dropbox(text: str) -> list[str]:
    try:
        accounts = json.loads(text)
    except ValueError:
        return []
    found_there = accounts.values() if isinstance(accounts, dict) else ()
    paths = [each.get("path") for each in found_there if isinstance(each, dict)]
    return [path for path in paths if isinstance(path, str)]


def _absolute(machine: Machine, folder: str) -> str:
    if folder == "~" or folder.startswith("~/"):
        folder = machine.home + folder[1:]
    return folder.rstrip("/") or "/"


def _in_seafile(machine: Machine, folder: str) -> bool:
    """Seafile keeps the folders it copies in a database, as plain text."""
    place = (read_text(machine.user(".ccnet", "seafile.ini")) or "").strip()
    if not place.startswith("/"):
        return False
    data = read_bytes(os.path.join(place, "repo.db")) or b""
    # home itself and what is above it would be found in everything
    parents = {os.path.realpath(each) for each in above(folder)} - set(above(machine.home))
    return any(each.encode(errors="surrogateescape") in data for each in parents)


DETECTOR = Detector({ID: SERIOUS}, VAULT, look)
