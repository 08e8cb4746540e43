"""Commands about notes: find, read, write, keep, destroy. The same on the desk and in plain lines."""

from __future__ import annotations

from cli import words as say
from cli.i18n import _, ngettext
from cli.shell.clocks import settle_clock
from cli.shell.hits import hits
from cli.shell.page import Line
from cli.shell.words import called, usage
from vault.errors import KeepLonger
from vault.months import Period, parse_period

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from cli.shell.host import Host
    from vault.service import Note

_FIRST_WORDS = 400
"""Characters that are looked at for a note's first line; more than any screen is wide."""


def _which(host: Host, rest: list[str], name: str) -> str | None:
    """The one handle that a command is about: what was typed, or the chosen note. None if that is not one."""
    handles = rest or [host.chosen()]
    if len(handles) != 1 or not handles[0]:
        usage(host, name)
        return None
    return host.vault.resolve(handles)[0]


def _left(host: Host, notes: Sequence[Note]) -> dict[int, str]:
    """How long notes still stay, in words, by the months they have left."""
    moment = host.vault.moment()
    return {months: say.left(say.days_left(moment, months)) for months in {note.months_left for note in notes}}


def rows(host: Host, notes: Sequence[Note]) -> list[Line]:
    """A line for each note: handle, time left, first words."""
    left = _left(host, notes)
    wide = max(map(len, left.values()), default=0)
    return [
        Line(f"{note.handle}  {left[note.months_left]:<{wide}}  {_begin(note.text)}", whole=False) for note in notes
    ]


def _begin(text: str) -> str:
    return " ".join(text[:_FIRST_WORDS].split())


def whole(host: Host, note: Note, sought: Sequence[str] = ()) -> list[Line]:
    """The whole note, with what is sought marked."""
    head = Line(f"{note.handle}  {_left(host, [note])[note.months_left]}", "class:head")
    return [head, Line(), *(Line(line, marks=hits(line, sought)) for line in note.text.split("\n"))]


# -- reading


async def list_notes(host: Host, _rest: list[str]) -> None:
    host.list_notes("")


async def find(host: Host, words: list[str]) -> None:
    if words:
        host.list_notes(" ".join(words))
    else:
        usage(host, "find")


async def theme(host: Host, names: list[str]) -> None:
    if names:
        host.list_notes(" ".join(name if name.startswith("#") else f"#{name}" for name in names))
        return
    counted = host.themes().most_common()
    if not counted:
        host.tell(_("No note has a theme yet. A theme is a line such as: #{example}").format(example=_("boundaries")))
        return
    wide = max(len(name) for name, _count in counted) + 1
    host.answer(
        [
            Line(_("Themes"), "class:head"),
            Line(),
            *(Line(f"  {'#' + name:<{wide}}  {say.notes(count)}") for name, count in counted),
        ]
    )


async def soon(host: Host, _rest: list[str]) -> None:
    host.list_notes("<1m")


async def show(host: Host, rest: list[str]) -> None:
    handle = _which(host, rest, "show")
    if handle is not None:
        host.show_note(host.vault.show(handle))


# -- writing


async def new(host: Host, periods: list[str]) -> None:
    if len(periods) > 1:
        usage(host, "new")
        return
    keep = period_of(host, periods[0]) if periods else None
    if not await settle_clock(host):
        return
    await host.write("", title=_("New note"), keep=keep)


async def edit(host: Host, rest: list[str]) -> None:
    handle = _which(host, rest, "edit")
    if handle is None:
        return
    note = host.vault.show(handle)
    title = _("Note {handle}").format(handle=note.handle)
    saving = await host.write(note.text, title=title, of=note.handle)
    host.show_note(host.vault.show(saving.handle if saving else note.handle))


# -- time


def period_of(host: Host, typed: str) -> Period:
    return parse_period(typed).check(host.vault.moment().today)


async def keep(host: Host, rest: list[str]) -> None:
    if len(rest) > 2:
        usage(host, "keep")
        return
    typed = rest[-1] if rest and rest[-1][:1].isdigit() else None
    handle = _which(host, rest[:-1] if typed else rest, "keep")
    if handle is None:
        return
    if typed is None:
        typed = await host.ask(_("Keep note {handle} from today for (such as 90d, 6m, 1y): ").format(handle=handle))
        if not typed:
            host.tell(_("Nothing was changed."))
            return
    period = period_of(host, typed)
    if not await settle_clock(host):
        return
    longer = host.vault.keep_preview(handle, period)
    if longer and not await host.confirm(_("The note may be kept longer than it is now. Do you want that?")):
        host.tell(_("Nothing was changed."))
        return
    try:
        span = host.vault.keep(handle, period, longer=longer)
    except KeepLonger:
        # the month turned while the question stood on the screen
        host.tell(_("Nothing was changed."))
        return
    host.changed()
    host.tell(f"{handle}: {say.kept(span, period)}")


async def shred(host: Host, rest: list[str]) -> None:
    handles = rest or [host.chosen()]
    if not handles[0]:
        usage(host, "shred")
        return
    notes = [host.vault.show(handle) for handle in sorted(set(host.vault.resolve(handles)))]
    head = ngettext("{n} note will be destroyed:", "{n} notes will be destroyed:", len(notes)).format(n=len(notes))
    host.answer([Line(head, "class:head"), Line(), *rows(host, notes)])
    question = _("Destroy for good? There is no way back.")
    if not await host.confirm(question) or not await host.grace(len(notes)):
        host.changed()
        host.tell(_("Nothing was destroyed."))
        return
    host.answer([])
    handles = [note.handle for note in notes]
    count = await host.busy(_("Destroying…"), lambda _progress: host.vault.shred(handles))
    told = ngettext("{n} note is destroyed.", "{n} notes are destroyed.", count).format(n=count)
    await told_with_places(host, [told])


async def expire(host: Host, _rest: list[str]) -> None:
    if not await settle_clock(host):
        return
    host.answer([])
    count = await host.busy(_("Destroying…"), lambda _progress: host.vault.expire())
    await told_with_places(host, [say.expired(count) if count else _("No note was due.")])


async def told_with_places(host: Host, told: list[str]) -> None:
    """Tells what was destroyed here, once the sticks that are there have followed, and what has to confirm yet."""
    from cli import sticks

    host.changed()
    if any(each.owes and each.reachable for each in host.vault.places()):
        text = _("Writing the stick…")
        followed = await host.busy(text, lambda progress: sticks.refresh_reachable(host.vault, progress))
        told += sticks.followed_lines(followed)
        host.changed()
    told += [say.waiting_for(host.vault.unconfirmed()), sticks.owing_line(host.vault, called(host, "stick"))]
    host.tell(" ".join(filter(None, told)))
