"""`ongemerkt import`: takes in notes from other programs' files, without their titles, dates and names."""

from __future__ import annotations

from cli import failures, guarding, output
from cli.i18n import N_, _, ngettext

TYPE_CHECKING = False
if TYPE_CHECKING:
    import argparse

    from cli.context import Context
    from cli.importers.faults import Fault
    from cli.importers.gather import Gathered, Tally
    from vault.service import Vault

USAGE = N_("PATH… [--from md | txt | jrnl | joplin] [--keep 90d | 6m | 1y] [--guard MODE] [--remove-sources]")
_FORMATS = ("md", "txt", "jrnl", "joplin")


def arguments(parser: argparse.ArgumentParser) -> None:
    """The paths, their format, and whether they may go afterwards."""
    parser.add_argument("paths", metavar=_("PATH"), nargs="+", help=_("a file, a folder, or a .jex of Joplin"))
    parser.add_argument("--from", dest="format", choices=_FORMATS, help=_("what the files are; else it is found out"))
    parser.add_argument("--keep", metavar=_("PERIOD"), help=_("how long at most, such as 90d, 6m or 1y"))
    parser.add_argument(
        "--remove-sources",
        action="store_true",
        help=_("overwrite and remove the files once their notes are stored; asks, unless --yes"),
    )
    guarding.add_option(parser)


def run(context: Context, arguments: argparse.Namespace) -> int:
    """Reads and checks every file, then stores them all. Raises Refused and the core's errors: nothing is stored."""
    from cli.clockcheck import with_sure_clock
    from cli.periods import optional
    from cli.progress import Bar
    from cli.sourcesleft import check, offer

    keep = optional(context, arguments.keep)
    check(context, arguments.remove_sources)
    gathered = _gathered(context, arguments)
    with context.open_vault(asks_about_clock=True, meanwhile=guarding.meanwhile(arguments.guard)) as vault:
        texts = guarding.guarded_all(context, vault, arguments.guard, gathered.texts, gathered.names)
        with Bar(_("Sealing…"), show=not context.json) as bar:
            handles = with_sure_clock(context, vault, lambda: vault.add_many(texts, keep, bar))
        equal = _is_read_back(context, vault, handles, texts)
    if not context.json:
        _tell(len(handles), gathered.tally)
    removal = offer(context, gathered, wanted=arguments.remove_sources, equal=equal)
    if context.json:
        left_out = gathered.tally._asdict()
        titles, sentences = left_out.pop("titles"), left_out.pop("sentences")
        output.document(
            {
                "imported": len(handles),
                "files": gathered.files,
                "titles_dropped": titles,
                "sentences_kept": sentences,
                "left_out": left_out,
                "removed": removal.removed,
                "not_removed": removal.left,
            }
        )
    return failures.RESIDUE if removal.left else failures.DONE


def _gathered(context: Context, arguments: argparse.Namespace) -> Gathered:
    from cli.importers.faults import Fault
    from cli.importers.gather import gather
    from cli.progress import Bar

    with Bar(_("Reading…"), show=not context.json) as bar:
        try:
            gathered = gather(arguments.paths, arguments.format, _("[left out]"), bar)
        except Fault as fault:
            raise _refusal(fault) from None
    if not gathered.texts:
        raise _nothing(gathered.tally)
    return gathered


def _nothing(tally: Tally) -> failures.Refused:
    if tally.encrypted:
        return failures.bad_input("NotesEncrypted", _encrypted(tally.encrypted) + " " + _("Nothing was imported."))
    sentence = _("There are no notes there that can be imported. Nothing was imported.")
    return failures.Refused(failures.NOT_FOUND, "InputMissing", sentence)


_FAULTS = {
    "NotText": ("NoteNotText", N_("{name} is not UTF-8 text.")),
    "HoldsNul": ("NoteNotText", N_("{name} holds NUL bytes: that is no text.")),
    "NoteTooLong": ("NoteTooLong", N_("{name} is longer than {limit} MiB, the most that a note can hold.")),
    "TooMuch": ("ImportTooLarge", N_("{name} is too much for one import. Import it in parts.")),
    "Damaged": ("SourceDamaged", N_("{name} is damaged, or not what it is said to be. Export it once more.")),
    "Forbidden": (
        "SourceRefused",
        N_("{name} holds a link, a device or a path out of it, as no export does. It was refused."),
    ),
    "JournalEncrypted": (
        "JournalEncrypted",
        N_("{name} is a journal that jrnl encrypted. Decrypt it first with: jrnl --decrypt"),
    ),
}


def _refusal(fault: Fault) -> failures.Refused:
    from vault import limits

    kind, sentence = _FAULTS[type(fault).__name__]
    told = _(sentence).format(name=output.harmless(fault.path), limit=limits.NOTE_BYTES >> 20)
    return failures.bad_input(kind, told)


def _is_read_back(context: Context, vault: Vault, handles: list[str], texts: list[str]) -> bool:
    """Whether every note that was stored reads as it should."""
    from cli.progress import Bar

    with Bar(_("Reading back…"), show=not context.json) as bar:
        found = {note.handle: note.text for note in vault.find_readable([], bar, among=handles).notes}
    return found == dict(zip(handles, texts, strict=True))


def _encrypted(count: int) -> str:
    told = ngettext(
        "{n} note is encrypted. Let Joplin decrypt it (its settings, Encryption) and export once more.",
        "{n} notes are encrypted. Let Joplin decrypt them (its settings, Encryption) and export once more.",
        count,
    )
    return told.format(n=count)


def _tell(count: int, tally: Tally) -> None:
    """How many notes came in, and what did not."""
    output.answer(ngettext("{n} note is imported.", "{n} notes are imported.", count).format(n=count))
    told = [
        (tally.titles, ngettext("{n} title was left out.", "{n} titles were left out.", tally.titles)),
        (
            tally.sentences,
            ngettext(
                "{n} note was one sentence, its title; that was kept.",
                "{n} notes were one sentence, their title; that was kept.",
                tally.sentences,
            ),
        ),
        (
            tally.empty,
            ngettext("{n} without any text was left out.", "{n} without any text were left out.", tally.empty),
        ),
        (
            tally.attachments,
            ngettext("{n} attachment was left out.", "{n} attachments were left out.", tally.attachments),
        ),
        (
            tally.trashed,
            ngettext(
                "{n} note from Joplin's trash was left out.",
                "{n} notes from Joplin's trash were left out.",
                tally.trashed,
            ),
        ),
        (tally.encrypted, _encrypted(tally.encrypted)),
    ]
    for number, sentence in told:
        if number:
            output.tell(sentence.format(n=number))
