"""What the settings of backup programs say about which folders they take."""

import json
import os
import re
import shlex
from collections.abc import Iterator
from fnmatch import fnmatch
from typing import NamedTuple

from vault.doctor.machine import Machine, above, names_in, read_bytes, read_text

_PROGRAMS = ("restic", "borg", "borgmatic", "kopia", "duplicity", "rsync", "rclone", "rdiff-backup", "rsnapshot", "bup")
_WORD = re.compile(r"(?:^|[\s/;&|'\"=])(" + "|".join(_PROGRAMS) + r")(?=[\s'\"]|$)")
_MARK_OPTIONS = ("--exclude-caches", "CACHEDIR.TAG", ".nobackup")
"""On a command line: it leaves out what is marked as not for backups."""
_EXCLUDES = ("--exclude", "--iexclude", "-e")
_NO_SOURCE = ("-r", "--repo", "--exclude-from", "--exclude-file", "--password-file", "--config")
"""Options with a path behind them that is not taken along."""
_SCRIPT_MOST = 1 << 16
"""Bytes of a script that are looked at."""


class Source(NamedTuple):
    """What a program takes: folders (None if its settings don't tell), but for those left out; and whether it leaves
    out folders that are marked with CACHEDIR.TAG or .nobackup."""

    program: str
    includes: tuple[str, ...] | None
    excludes: tuple[str, ...] = ()
    heeds_marks: bool = False

    def takes(self, folder: str) -> bool:
        """Whether this folder goes along."""
        inside = list(above(folder))
        return _any(inside, self.includes or ()) and not _any(inside, self.excludes)


def _any(folders: list[str], patterns: tuple[str, ...]) -> bool:
    """Whether a pattern names one of the folders, all that lies in it, or the name of one."""
    plain = [pattern.rstrip("*").rstrip("/") or "/" for pattern in patterns]
    whole = any(fnmatch(folder, pattern) for folder in folders for pattern in plain if pattern.startswith("/"))
    names = {os.path.basename(folder) for folder in folders}
    return whole or any(fnmatch(name, pattern) for name in names for pattern in plain if "/" not in pattern)


def sources(machine: Machine) -> Iterator[Source]:
    """Every backup that is set up on this computer, as far as its settings can be read."""
    for read in (_deja_dup, _back_in_time, _timeshift, _borgmatic, _rsnapshot, _vorta, _kopia, _duply, _commands):
        yield from read(machine)


def _home_in(machine: Machine, text: str) -> str:
    for sign in ("${HOME}", "$HOME", "%h"):
        text = text.replace(sign, machine.home)
    return machine.home + text[1:] if text == "~" or text.startswith("~/") else text


# -- programs with a window


def _deja_dup(machine: Machine) -> Iterator[Source]:
    for path in (
        machine.user(".var", "app", "org.gnome.DejaDup", "config", "glib-2.0", "settings", "keyfile"),
        machine.config("glib-2.0", "settings", "keyfile"),
    ):
        section = (read_text(path) or "").partition("[org/gnome/deja-dup]")[2].partition("\n[")[0]
        if section:
            yield Source(
                "Déjà Dup",
                _listed(machine, section, "include-list") or (machine.home,),
                _listed(machine, section, "exclude-list"),
                heeds_marks=True,
            )
    data = read_bytes(machine.config("dconf", "user")) or b""
    # a database of GNOME; that a backup was made is to be seen, the lists are not, and home is what it takes by itself
    if b"deja-dup/" in data and (b"last-backup" in data or b"last-run" in data):
        yield Source("Déjà Dup", (machine.home,), heeds_marks=True)


def _listed(machine: Machine, section: str, key: str) -> tuple[str, ...]:
    line = re.search(rf"^{key}\s*=\s*\[(.*)\]\s*$", section, re.MULTILINE)
    return tuple(_home_in(machine, each) for each in re.findall(r"'([^']*)'", line[1])) if line else ()


def _back_in_time(machine: Machine) -> Iterator[Source]:
    text = read_text(machine.config("backintime", "config")) or ""
    for profile in dict.fromkeys(re.findall(r"^(profile\d+)\.snapshots\.", text, re.MULTILINE)):
        lines = {
            kind: tuple(re.findall(rf"^{profile}\.snapshots\.{kind}\.\d+\.value=(.+?)\s*$", text, re.MULTILINE))
            for kind in ("include", "exclude")
        }
        yield Source("Back In Time", lines["include"], lines["exclude"])


def _timeshift(machine: Machine) -> Iterator[Source]:
    try:
        settings = json.loads(machine.system_text("etc", "timeshift", "timeshift.json") or "")
    except ValueError:
        return
    if not isinstance(settings, dict) or not settings.get("backup_device_uuid"):
        return
    rules = [str(each) for each in settings.get("exclude") or ()]
    wanted = tuple(rule[2:] for rule in rules if rule.startswith("+ "))
    if settings.get("btrfs_mode") == "true":
        home = settings.get("include_btrfs_home_for_backup") == "true"
        yield Source("Timeshift", ("/",), () if home else ("/home",))
        return
    # users' files are left out unless a rule takes them in
    yield Source("Timeshift", ("/",), ("/home", "/root", *(rule for rule in rules if not rule.startswith("+ "))))
    if wanted:
        yield Source("Timeshift", wanted)


def _vorta(machine: Machine) -> Iterator[Source]:
    data = read_bytes(machine.user(".local", "share", "Vorta", "settings.db")) or b""
    if data:
        here = [each for each in above(machine.paths.data) if each != "/"] + [*above(machine.paths.anchors)][:-1]
        named = tuple(each for each in here if re.search(re.escape(os.fsencode(each)) + rb"(?![\w/.-])", data))
        yield Source("Vorta", named)


# -- programs with a settings file


def _yaml_list(text: str, key: str) -> tuple[str, ...]:
    """The entries of a list in YAML as these programs' manuals write it; not a parser."""
    start = re.search(rf"^(\s*){key}:[ \t]*(.*)$", text, re.MULTILINE)
    if not start:
        return ()
    inline = start[2].strip()
    if inline.startswith("["):
        return tuple(_bare(each) for each in inline.strip("[]").split(",") if each.strip())
    entries = []
    for line in text[start.end() :].splitlines()[1:]:
        if re.match(r"\s*-\s+", line):
            entries.append(_bare(line.strip()[1:]))
        elif line.strip() and not line.lstrip().startswith("#"):
            break
    return tuple(entries)


def _bare(text: str) -> str:
    return text.partition(" #")[0].strip().strip("'\"")


def _borgmatic(machine: Machine) -> Iterator[Source]:
    paths = [machine.config("borgmatic", "config.yaml"), machine.system("etc", "borgmatic", "config.yaml")]
    for folder in (machine.config("borgmatic.d"), machine.system("etc", "borgmatic.d")):
        paths += [os.path.join(folder, name) for name in names_in(folder)]
    for path in paths:
        text = read_text(path) or ""
        includes = _yaml_list(text, "source_directories")
        if includes:
            excludes = _yaml_list(text, "exclude_patterns")
            heeds = bool(re.search(r"^\s*exclude_caches:\s*true", text, re.MULTILINE)) or ".nobackup" in _yaml_list(
                text, "exclude_if_present"
            )
            yield Source(
                "borgmatic",
                tuple(_home_in(machine, each) for each in includes),
                tuple(_home_in(machine, each) for each in excludes),
                heeds,
            )


def _rsnapshot(machine: Machine) -> Iterator[Source]:
    text = machine.system_text("etc", "rsnapshot.conf") or ""
    includes = re.findall(r"^backup\s+(/\S*)", text, re.MULTILINE)
    if includes:
        yield Source("rsnapshot", tuple(includes), tuple(re.findall(r"^exclude\s+(\S+)", text, re.MULTILINE)))


def _kopia(machine: Machine) -> Iterator[Source]:
    if any(name.endswith(".config") for name in names_in(machine.config("kopia"))):
        yield Source("Kopia", None)


def _duply(machine: Machine) -> Iterator[Source]:
    for name in names_in(machine.user(".duply")):
        text = read_text(machine.user(".duply", name, "conf")) or ""
        for folder in re.findall(r"^\s*SOURCE=['\"]?([^'\"\n]+)", text, re.MULTILINE):
            yield Source("duply", (_home_in(machine, folder),))


# -- programs that a timer starts


def _commands(machine: Machine) -> Iterator[Source]:
    for folder in (
        machine.config("systemd", "user"),
        machine.system("etc", "systemd", "system"),
        machine.system("etc", "systemd", "user"),
    ):
        for name in names_in(folder):
            if name.endswith(".service"):
                text = read_text(os.path.join(folder, name)) or ""
                yield from _in_lines(machine, re.findall(r"^ExecStart\w*=[-@:+!]*(.+)$", _joined(text), re.MULTILINE))
    paths = [machine.system("etc", "crontab")]
    for folder in ("cron.d", "cron.hourly", "cron.daily", "cron.weekly", "cron.monthly"):
        paths += [machine.system("etc", folder, name) for name in names_in(machine.system("etc", folder))]
    for path in paths:
        yield from _in_lines(machine, _joined(read_text(path, _SCRIPT_MOST) or "").splitlines())


def _joined(text: str) -> str:
    return re.sub(r"\\\n\s*", " ", text)


def _in_lines(machine: Machine, lines: list[str], *, in_script: bool = False) -> Iterator[Source]:
    for line in lines:
        if line.lstrip().startswith("#") or "ongemerkt" in line:
            continue
        program = _WORD.search(line)
        if program:
            yield _of_command(machine, program[1], line)
        elif not in_script:
            yield from _of_script(machine, line)


def _of_script(machine: Machine, line: str) -> Iterator[Source]:
    words = _split(_home_in(machine, line))
    script = next((word for word in words if word.startswith("/") and os.path.isfile(word)), None)
    text = read_text(script, _SCRIPT_MOST) if script else None
    if text and text.startswith("#!"):
        yield from _in_lines(machine, _joined(text).splitlines(), in_script=True)


def _of_command(machine: Machine, program: str, line: str) -> Source:
    includes, excludes = [], []
    previous = ""
    for word in _split(line):
        option, _, value = word.partition("=")
        if option in _EXCLUDES and value:
            excludes.append(_home_in(machine, value))
        elif previous in _EXCLUDES:
            excludes.append(_home_in(machine, word))
        elif previous not in _NO_SOURCE:
            path = _home_in(machine, word)
            includes += [path] if path.startswith("/") else []
        previous = word
    return Source(program, tuple(includes), tuple(excludes), any(option in line for option in _MARK_OPTIONS))


def _split(line: str) -> list[str]:
    try:
        return shlex.split(line)
    except ValueError:
        return line.split()
