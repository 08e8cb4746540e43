"""After an import: what becomes of the files that were read, and what their removal is worth."""

from __future__ import annotations

from typing import NamedTuple

from cli import failures, output
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.context import Context
    from cli.importers.gather import Gathered
    from cli.importers.sources import Source


class Removal(NamedTuple):
    """How many sources were removed; how many were to be and are still there."""

    removed: int = 0
    left: int = 0


def check(context: Context, wanted: bool) -> None:
    """Raises Refused, before anything is stored, when removal is wanted and nobody can be asked for a yes."""
    if wanted and not context.yes and (context.json or not context.ask.has_terminal):
        sentence = _("Removing the files asks for a yes, and there is no terminal to ask on. Confirm it with --yes.")
        raise failures.not_confirmed(sentence)


def offer(context: Context, gathered: Gathered, *, wanted: bool, equal: bool) -> Removal:
    """Removes the sources if the person wants that: by the option, or asked at a terminal, where the default is no."""
    sources = [source for source in gathered.sources if source.plain]
    if not equal:
        output.tell(_("The notes read back are not what was stored. The files were left alone."))
        return Removal(left=len(sources) if wanted else 0)
    asked = wanted or (context.ask.has_terminal and not context.yes and not context.json)
    if not sources or not asked:
        if not context.json:
            output.tell(_("The files themselves are still there. Delete them if you do not need them any more."))
        return Removal()
    _tell_worth(sources, gathered)
    question = ngettext("Overwrite and remove {n} file?", "Overwrite and remove {n} files?", len(sources))
    if not context.ask.confirm(question.format(n=len(sources))):
        output.tell(_("The files themselves are still there. Delete them if you do not need them any more."))
        return Removal()
    return _removed(context, sources)


def _tell_worth(sources: Sequence[Source], gathered: Gathered) -> None:
    """What removal does not reach, in plain words."""
    output.tell(
        _(
            "The notes are stored and were read back. Removing the files is worth less than it seems: on an SSD or a"
            " stick remnants may survive, and copies in backups, snapshots, cloud folders and mail stay."
        )
    )
    formats = {source.format for source in sources}
    if "joplin" in formats:
        output.tell(
            _(
                "Joplin still has the notes, and so does the place it syncs with: delete them in Joplin, empty its"
                " trash and sync. Its note history and backups go their own way."
            )
        )
    if "jrnl" in formats:
        output.tell(
            _("If these are exports, jrnl's journal still has everything. Its backups (.backup) have it in any case.")
        )
    if gathered.tally.attachments and any(source.path.lower().endswith(".jex") for source in sources):
        output.tell(_("The attachments in the archive go with it: they were not taken in."))


_LEFT = {
    "changed": N_("Changed since they were read, and left alone: {n}."),
    "link": N_("Links, left alone with what they point to: {n}."),
    "shared": N_("Left alone, for they have another name as well (hard links): {n}."),
    "held": N_("Left alone, for there are notes in them that were not taken in: {n}."),
    "synced": N_("Left alone, in a folder that Joplin syncs with: {n}. Delete those notes in Joplin."),
    "failed": N_("Could not be removed: {n}."),
}


def _removed(context: Context, sources: Sequence[Source]) -> Removal:
    from cli.progress import Bar
    from cli.removing import REMOVED, remove_all

    with Bar(_("Overwriting…"), show=not context.json) as bar:
        outcomes = remove_all(sources, bar)
    removed = outcomes.pop(REMOVED, 0)
    if removed:
        told = ngettext("{n} file was overwritten and removed.", "{n} files were overwritten and removed.", removed)
        output.tell(told.format(n=removed))
    for outcome, count in sorted(outcomes.items()):
        output.tell(_(_LEFT[outcome]).format(n=_files(count)))
    return Removal(removed, sum(outcomes.values()))


def _files(count: int) -> str:
    return ngettext("{n} file", "{n} files", count).format(n=count)
