"""`ongemerkt backup`: a sealed copy of what is stored, without the keys, now or every night."""

from __future__ import annotations

import os

from cli import failures, output
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from cli.nightly import Run
    from vault.service.backup import BackedUp

USAGE = N_("DIR [--nightly [HH:MM]] [--cron] | --nightly off")


def arguments(parser: argparse.ArgumentParser) -> None:
    """Where to, and whether every night."""
    from argparse import SUPPRESS

    parser.add_argument("folder", metavar=_("DIR"), nargs="?", help=_("the folder for the backup, on another disk"))
    parser.add_argument(
        "--nightly",
        metavar=_("HH:MM"),
        nargs="?",
        const="",
        help=_("repeat it every night, without the passphrase; 'off' stops that"),
    )
    parser.add_argument("--cron", action="store_true", help=_("with --nightly: let cron start it, not systemd"))
    parser.add_argument("--unattended", action="store_true", help=SUPPRESS)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Makes the backup. Raises Refused and the core's errors."""
    from cli import nightly

    if arguments.nightly == nightly.OFF:
        if arguments.folder is not None:
            raise failures.bad_input("Usage", _("Say: ongemerkt backup {usage}").format(usage=_(USAGE)))
        return _off(context)
    if arguments.folder is None or (arguments.cron and arguments.nightly is None):
        raise failures.bad_input("Usage", _("Say: ongemerkt backup {usage}").format(usage=_(USAGE)))
    folder = _checked(context, arguments.folder)
    if arguments.unattended:
        return _unattended(context, folder)
    at = None if arguments.nightly is None else nightly.parse_time(arguments.nightly or nightly.USUAL)
    return _now(context, folder, at, arguments.cron)


def _checked(context: Context, folder: str) -> str:
    """The folder's whole name, if it is there and no part of what is to be saved. Raises Refused."""
    name = output.harmless(folder)
    folder = os.path.abspath(folder)
    if not os.path.isdir(folder):
        sentence = _("There is no folder {name}. Is the disk plugged in? It is not made here by itself.")
        raise failures.Refused(failures.NOT_FOUND, "FolderMissing", sentence.format(name=name))
    real = os.path.realpath(folder)
    for own in (context.paths.data, context.paths.anchors):
        if os.path.commonpath((real, os.path.realpath(own))) == os.path.realpath(own):
            sentence = _("{name} is where the vault itself is. A backup belongs on another disk.").format(name=name)
            raise failures.bad_input("FolderRefused", sentence)
    return folder


# -- now


def _now(context: Context, folder: str, at: tuple[int, int] | None, cron: bool) -> int:
    from cli import nightly
    from cli.progress import Bar

    with context.open_vault() as vault:
        with Bar(_("Making the backup…"), show=not context.json) as bar:
            done = vault.back_up(folder, bar)
        run: Run | None = None
        if at is not None:
            run = nightly.run_for(context.paths.data, folder, _vault_id(context), os.environ)
            vault.allow_unattended_backups()
    document: dict[str, object] = {"backup": _document(folder, done)}
    lines = _lines(folder, done)
    if run is not None and at is not None:
        told, extra = _scheduled(context, run, at, cron)
        document["nightly"] = extra
        lines += told
    if context.json:
        output.document(document)
    else:
        for line in lines:
            output.prose(line)
    return _code(done)


def _code(done: BackedUp) -> int:
    if not done.unread:
        return failures.DONE
    output.tell(
        ngettext(
            "{n} part of the vault can't be read: the disk is failing, or it was lost before. What an earlier backup"
            " has of it was left there. Refresh your recovery stick, and see: ongemerkt restore --mend DIR",
            "{n} parts of the vault can't be read: the disk is failing, or they were lost before. What an earlier"
            " backup has of them was left there. Refresh your recovery stick, and see: ongemerkt restore --mend DIR",
            done.unread,
        ).format(n=done.unread)
    )
    return failures.DAMAGED


def _document(folder: str, done: BackedUp) -> dict[str, object]:
    from vault.service.backup import NAME

    return {
        "file": os.path.join(folder, NAME),
        "bytes": done.size,
        "segments": done.segments,
        "written": done.written,
        "unread": done.unread,
    }


def _lines(folder: str, done: BackedUp) -> list[str]:
    from vault.service.backup import NAME

    name = output.harmless(os.path.join(folder, NAME))
    share = round(100 * done.written / done.segments)
    return [
        _("The backup is up to date and was read back: {name} ({percent}% of it was written).").format(
            name=name, percent=share
        ),
        _("It holds no keys: without a recovery stick or another device it opens nothing."),
    ]


# -- every night


def _vault_id(context: Context) -> str:
    from vault.service.backup import key_path

    return os.path.basename(os.path.dirname(key_path(context.paths)))


def _scheduled(context: Context, run: Run, at: tuple[int, int], cron: bool) -> tuple[list[str], dict[str, object]]:
    """Has the system start it; what to say and what to put into JSON."""
    from cli import nightly, places
    from vault.service.backup import key_path

    timer = nightly.Timer(places.config_folder(os.environ), run.name)
    table = nightly.Cron(run.name)
    key = key_path(context.paths)
    time = f"{at[0]:02}:{at[1]:02}"
    if cron:
        timer.remove()
        enabled, written = table.install(run, *at), []
        by_hand = nightly.cron_lines(run, *at)
        missing = _("There is no crontab here that takes it. Put these lines into one:")
    else:
        table.remove()
        enabled, written = timer.install(run, *at), timer.files
        by_hand = timer.commands
        missing = _("systemd could not be told. Do that yourself, with:")
    lines = [_("Written: {name}").format(name=output.harmless(path)) for path in (*written, key)]
    if cron and enabled:
        lines += [_("Added to your crontab:"), *("  " + line for line in by_hand)]
    if enabled:
        lines.append(
            _("From now on a backup is made every night at {time}, without your passphrase.").format(time=time)
        )
    else:
        lines += [missing, *("  " + line for line in by_hand)]
    lines.append(_("The key that is kept here for it opens no note. Stop it with: ongemerkt backup --nightly off"))
    extra: dict[str, object] = {"time": time, "by": "cron" if cron else "systemd", "enabled": enabled}
    return lines, {**extra, "files": [*written, key], "by_hand": [] if enabled else by_hand}


def _off(context: Context) -> int:
    from cli import nightly, places
    from vault.service.backup import destroy_key, key_path

    name = nightly.name_of(_vault_id(context))
    key = key_path(context.paths)
    removed = nightly.Timer(places.config_folder(os.environ), name).remove()
    if destroy_key(context.paths):
        removed.append(key)
    lines = nightly.Cron(name).remove()
    if context.json:
        output.document({"removed": removed, "cron": lines})
        return failures.DONE
    for path in removed:
        output.prose(_("Removed: {name}").format(name=output.harmless(path)))
    if lines:
        output.prose(_("Taken out of your crontab."))
    if removed or lines:
        output.prose(_("No backup is made by itself any more. Those that are there stay."))
    else:
        output.prose(_("No nightly backup was set up."))
    return failures.DONE


def _unattended(context: Context, folder: str) -> int:
    """Says nothing unless something is wrong: whoever starts it keeps what it says."""
    from vault.harden import harden
    from vault.service.backup import back_up_unattended

    harden()
    return _code(back_up_unattended(context.paths, folder))
