"""`ongemerkt import`: takes in notes from files and folders, without their titles, dates and names."""

from __future__ import annotations

import os
import stat

from cli import failures, guarding, output
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from cli.context import Context
    from cli.progress import Bar

USAGE = N_("PATH… [--from md | txt] [--keep 90d | 6m | 1y] [--guard MODE]")
_FORMATS = ("md", "txt")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The paths and their format."""
    parser.add_argument("paths", metavar=_("PATH"), nargs="+", help=_("a file, or a folder with .md and .txt files"))
    parser.add_argument("--from", dest="format", choices=_FORMATS, help=_("what the files are; else by their ending"))
    parser.add_argument("--keep", metavar=_("PERIOD"), help=_("how long at most, such as 90d, 6m or 1y"))
    guarding.add_option(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Reads and checks every file, then stores them all. Raises Refused and the core's errors: nothing is stored."""
    from cli.clockcheck import with_sure_clock
    from cli.periods import optional
    from cli.progress import Bar

    keep = optional(context, arguments.keep)
    files = _files(arguments.paths, arguments.format)
    with Bar(_("Reading…"), show=not context.json) as bar:
        texts, titles = _texts(files, bar)
    with context.open_vault(asks_about_clock=True, meanwhile=guarding.meanwhile(arguments.guard)) as vault:
        texts = guarding.guarded_all(context, vault, arguments.guard, texts, [name for name, _markdown in files])
        with Bar(_("Sealing…"), show=not context.json) as bar:
            handles = with_sure_clock(context, vault, lambda: vault.add_many(texts, keep, bar))
    count = len(handles)
    if context.json:
        output.document({"imported": count, "files": len(files), "titles_dropped": titles})
        return failures.DONE
    output.answer(ngettext("{n} note is imported.", "{n} notes are imported.", count).format(n=count))
    if titles:
        output.tell(ngettext("{n} title was left out.", "{n} titles were left out.", titles).format(n=titles))
    output.tell(_("The files themselves are still there. Delete them if you do not need them any more."))
    return failures.DONE


def _files(paths: list[str], chosen: str | None) -> list[tuple[str, bool]]:
    """(path, is Markdown) of every file, each once, in the order of their names. Raises Refused."""
    found: dict[str, tuple[str, bool]] = {}
    for path in paths:
        inside = _inside(path, chosen) if os.path.isdir(path) else iter((path,))
        for name in inside:
            found.setdefault(os.path.realpath(name), (name, _format(name, chosen) == "md"))
    if not found:
        sentence = _("There are no .md or .txt files there. Nothing was imported.")
        raise failures.Refused(failures.NOT_FOUND, "InputMissing", sentence)
    return sorted(found.values())


def _format(name: str, chosen: str | None) -> str:
    ending = os.path.splitext(name)[1].lower().removeprefix(".")
    if chosen is None and ending not in _FORMATS and os.path.exists(name):
        sentence = _("{name} does not end in .md or .txt. Say what it is with --from.")
        raise failures.bad_input("FormatUnknown", sentence.format(name=output.harmless(name)))
    return chosen or ending


def _inside(folder: str, chosen: str | None) -> Iterator[str]:
    """The files in a folder and below; hidden ones, links to folders and anything that is no file are left alone."""

    def failed(error: OSError) -> None:
        name = output.harmless(str(error.filename))
        raise failures.bad_input("InputUnreadable", _("{name} can't be read.").format(name=name))

    endings = _FORMATS if chosen is None else (chosen,)
    for place, folders, names in os.walk(folder, onerror=failed):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            path = os.path.join(place, name)
            if name.startswith(".") or os.path.splitext(name)[1].lower().removeprefix(".") not in endings:
                continue
            if os.path.exists(path) and stat.S_ISREG(os.stat(path).st_mode):
                yield path


def _texts(files: list[tuple[str, bool]], bar: Bar) -> tuple[list[str], int]:
    from cli.reading import file_text, tidy
    from cli.stripping import strip

    texts, titles = [], 0
    for done, (path, markdown) in enumerate(files):
        text, dropped = strip(file_text(path), markdown)
        texts.append(tidy(text, output.harmless(path)))
        titles += dropped
        bar(done + 1, len(files))
    return texts, titles
