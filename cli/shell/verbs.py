"""The commands inside the vault. Each shows its answer on the page, or tells it in a sentence."""

from __future__ import annotations

from cli import words as say
from cli.i18n import N_, _, ngettext
from cli.shell import frame
from cli.shell.hits import around, hits
from cli.shell.page import Line
from cli.shell.words import MANY, ONE, Word
from vault import limits
from vault.errors import KeepLonger
from vault.months import Period, parse_period

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.shell.desk import Desk
    from vault.service import Note

_EXCERPT = 150
"""Characters of a note that a search shows."""
_FOUND = 200
"""Notes that a search shows; who finds more needs another word."""
_FIRST_WORDS = 400
"""Characters that are looked at for a note's first line; more than any screen is wide."""
_SHORT = 16
"""A passphrase of fewer characters gets advice; it is not refused."""


def _word(name: str) -> Word:
    return next(word for word in WORDS if word.name == name)


def called(desk: Desk, name: str) -> str:
    """A command word in the coach's language."""
    return _word(name).called(desk.lang)


def greet(desk: Desk) -> None:
    """The page that an opened vault starts with."""
    lines = [Line(_("The vault is open."), "class:head"), Line()]
    if desk.vault.expired_at_open:
        lines += [Line(say.expired(desk.vault.expired_at_open)), Line()]
    if desk.vault.moment().clock_behind:
        told = _("The clock of this computer is set back. Expired notes stay gone; please set the clock right.")
        lines += [Line(told), Line()]
    for name, text in (
        ("new", _("write a note")),
        ("find", _("search your notes")),
        ("help", _("all commands and keys")),
    ):
        lines.append(Line(f"  {called(desk, name):<12}{text}"))
    desk.page.show(lines)


def _usage(desk: Desk, name: str) -> None:
    usage = f"{called(desk, name)} {_(_word(name).usage)}"
    desk.tell(_("Type it like this: {usage}").format(usage=usage))


def _left(desk: Desk, notes: Sequence[Note]) -> dict[int, str]:
    """How long notes still stay, in words, by the months they have left."""
    moment = desk.vault.moment()
    return {months: say.left(say.days_left(moment, months)) for months in {note.months_left for note in notes}}


def _rows(desk: Desk, notes: Sequence[Note]) -> list[Line]:
    left = _left(desk, notes)
    wide = max(map(len, left.values()), default=0)
    return [
        Line(f"{note.handle}  {left[note.months_left]:<{wide}}  {_begin(note.text)}", whole=False) for note in notes
    ]


def _begin(text: str) -> str:
    return " ".join(text[:_FIRST_WORDS].split())


# -- reading


async def list_notes(desk: Desk, _rest: list[str]) -> None:
    notes = desk.vault.notes()
    desk.page.show(_rows(desk, notes))
    desk.sought = []
    if not notes:
        desk.tell(_("There are no notes yet."))


async def find(desk: Desk, words: list[str]) -> None:
    if not words:
        _usage(desk, "find")
        return
    desk.tell(_("Searching…"))
    await desk.drawn()
    notes = desk.vault.find(words)
    desk.sought = words
    lines = []
    left = _left(desk, notes)
    for note in notes[:_FOUND]:
        excerpt = around(note.text, words, _EXCERPT)
        lines += [
            Line(f"{note.handle}  {left[note.months_left]}", "class:head"),
            Line(excerpt, marks=hits(excerpt, words)),
            Line(),
        ]
    desk.page.show(lines)
    found = ngettext("{n} note found.", "{n} notes found.", len(notes)).format(n=len(notes))
    if len(notes) > _FOUND:
        found += " " + _("These are the first {n}; one more word finds fewer.").format(n=_FOUND)
    desk.tell(found if notes else _("No note holds all of these words."))


async def show(desk: Desk, handles: list[str]) -> None:
    if len(handles) != 1:
        _usage(desk, "show")
        return
    show_note(desk, desk.vault.show(handles[0]))


def show_note(desk: Desk, note: Note) -> None:
    """The whole note on the page, with what was last sought marked."""
    head = Line(f"{note.handle}  {_left(desk, [note])[note.months_left]}", "class:head")
    text = [Line(line, marks=hits(line, desk.sought)) for line in note.text.split("\n")]
    desk.page.show([head, Line(), *text])


# -- writing


async def new(desk: Desk, periods: list[str]) -> None:
    if len(periods) > 1:
        _usage(desk, "new")
        return
    keep = _period(desk, periods[0]) if periods else None
    if not await desk.settle_clock():
        return
    desk.tell_saved(await desk.write("", title=_("New note"), keep=keep))


async def edit(desk: Desk, handles: list[str]) -> None:
    if len(handles) != 1:
        _usage(desk, "edit")
        return
    note = desk.vault.show(handles[0])
    title = _("Note {handle}").format(handle=note.handle)
    saving = await desk.write(note.text, title=title, of=note.handle)
    desk.tell_saved(saving)
    show_note(desk, desk.vault.show(saving.handle if saving else note.handle))


# -- time


def _period(desk: Desk, typed: str) -> Period:
    return parse_period(typed).check(desk.vault.moment().today)


async def keep(desk: Desk, rest: list[str]) -> None:
    if len(rest) != 2:
        _usage(desk, "keep")
        return
    period = _period(desk, rest[1])
    handle = desk.vault.resolve(rest[:1])[0]
    if not await desk.settle_clock():
        return
    longer = desk.vault.keep_preview(handle, period)
    if longer and not await desk.confirm(_("The note may be kept longer than it is now. Do you want that?")):
        desk.tell(_("Nothing was changed."))
        return
    try:
        span = desk.vault.keep(handle, period, longer=longer)
    except KeepLonger:
        # the month turned while the question stood on the screen
        desk.tell(_("Nothing was changed."))
        return
    desk.tell(f"{handle}: {say.kept(span, period)}")


async def shred(desk: Desk, handles: list[str]) -> None:
    if not handles:
        _usage(desk, "shred")
        return
    notes = [desk.vault.show(handle) for handle in sorted(set(desk.vault.resolve(handles)))]
    head = ngettext("{n} note will be destroyed:", "{n} notes will be destroyed:", len(notes)).format(n=len(notes))
    desk.page.show([Line(head, "class:head"), Line(), *_rows(desk, notes)])
    if not await desk.confirm(_("Destroy for good? There is no way back.")):
        desk.tell(_("Nothing was destroyed."))
        return
    desk.page.clear()
    count = desk.vault.shred([note.handle for note in notes])
    desk.tell(ngettext("{n} note is destroyed.", "{n} notes are destroyed.", count).format(n=count))


async def expire(desk: Desk, _rest: list[str]) -> None:
    if not await desk.settle_clock():
        return
    desk.page.clear()
    count = desk.vault.expire()
    desk.tell(say.expired(count) if count else _("No note was due."))


# -- the vault


async def status(desk: Desk, _rest: list[str]) -> None:
    found = desk.vault.status()
    lines = [Line(say.notes(found.notes), "class:head"), Line()]
    for months, count in found.by_months_left.items():
        time = say.left(say.days_left(desk.vault.moment(), months))
        lines.append(Line(f"  {count:>6}  {time}"))
    if found.smallest_crowd:
        crowd = ngettext(
            "The smallest crowd is {n} note: a note hides among those that end in the same month.",
            "The smallest crowd is {n} notes: a note hides among those that end in the same month.",
            found.smallest_crowd,
        )
        lines += [Line(), Line(crowd.format(n=found.smallest_crowd))]
    if found.places == 1:
        lines += [Line(), Line(_("The keys are on this computer only. If it breaks, the notes are gone."))]
    lines += [Line(), Line(_("All of it: {command}").format(command="ongemerkt status"))]
    desk.page.show(lines)


async def passphrase(desk: Desk, _rest: list[str]) -> None:
    old = await desk.line.ask(_("Your passphrase or recovery code now: "), hidden=True)
    if old is None:
        desk.tell(_("Nothing was changed."))
        return
    desk.tell(_("One moment…"))
    await desk.drawn()
    # a vault that was left open must not be taken over by whoever passes
    if not desk.vault.fits(old):
        desk.tell(_("That passphrase does not fit this vault.") + " " + _("Nothing was changed."))
        return
    first = await desk.line.ask(_("New passphrase: "), hidden=True)
    if first is None:
        desk.tell(_("Nothing was changed."))
        return
    if len(first) < limits.PASSPHRASE_CHARACTERS:
        count = limits.PASSPHRASE_CHARACTERS
        told = ngettext("Too short: use at least {n} character.", "Too short: use at least {n} characters.", count)
        desk.tell(told.format(n=count))
        return
    if await desk.line.ask(_("Once more, to be sure: "), hidden=True) != first:
        desk.tell(_("The two are not the same. Nothing was changed."))
        return
    desk.tell(_("Sealing the vault with the new passphrase…"))
    await desk.drawn()
    desk.vault.change_passphrase(first)
    told = _("The new passphrase holds from now on; the old one opens nothing any more.")
    if len(first) < _SHORT:
        told += " " + _("This passphrase is short. Four or more words that do not belong together are far safer.")
    desk.tell(told)


async def lock(desk: Desk, _rest: list[str]) -> None:
    desk.lock()


async def leave(desk: Desk, _rest: list[str]) -> None:
    frame.end(desk.app, 0)


async def show_help(desk: Desk, _rest: list[str]) -> None:
    usages = [f"{word.called(desk.lang)} {_(word.usage) if word.usage else ''}" for word in WORDS]
    wide = max(map(len, usages))
    lines = [Line(f"  {usage:<{wide}}  {_(word.help)}") for usage, word in zip(usages, WORDS, strict=True)]
    keys = [
        ("Tab", _("completes a word or a handle")),
        ("PgUp PgDn", _("turns the page")),
        ("Ctrl-L F12", _("locks at once; your text is kept, sealed")),
    ]
    lines += [Line(), *(Line(f"  {key:<{wide}}  {text}") for key, text in keys)]
    desk.page.show(lines)


WORDS = (
    Word("new", "nieuw", N_("[PERIOD]"), N_("write a note"), new, also=("add",)),
    Word("list", "lijst", "", N_("show which notes there are"), list_notes),
    Word("find", "zoek", N_("WORD…"), N_("find the notes that hold all these words"), find),
    Word("show", "toon", N_("HANDLE"), N_("show a note"), show, ONE),
    Word("edit", "wijzig", N_("HANDLE"), N_("change the text of a note"), edit, ONE),
    Word("keep", "bewaar", N_("HANDLE PERIOD"), N_("change how long a note is kept"), keep, ONE),
    Word("shred", "vernietig", N_("HANDLE…"), N_("destroy notes for good"), shred, MANY),
    Word("expire", "verloop", "", N_("destroy the notes whose time is up"), expire),
    Word("status", "status", "", N_("show how the vault is doing"), status),
    Word("passphrase", "wachtwoordzin", "", N_("choose another passphrase"), passphrase, also=("wachtwoord",)),
    Word("lock", "slot", "", N_("lock the vault"), lock),
    Word("help", "hulp", "", N_("show this list"), show_help, also=("?",)),
    Word("quit", "stop", "", N_("leave; the vault is closed"), leave, also=("exit",)),
)
