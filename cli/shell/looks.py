"""How the desk looks: where its parts stand on a narrow and on a wide window, and the words around them."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from prompt_toolkit.application import get_app
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import DynamicKeyBindings, KeyBindingsBase
from prompt_toolkit.layout import (
    AnyContainer,
    ConditionalContainer,
    Dimension,
    DynamicContainer,
    Float,
    FloatContainer,
    HSplit,
    VSplit,
    Window,
    WindowAlign,
)
from prompt_toolkit.layout.controls import BufferControl, FormattedTextControl
from prompt_toolkit.layout.menus import CompletionsMenu
from prompt_toolkit.layout.processors import BeforeInput

from cli import words as say
from cli.i18n import _, ngettext
from cli.shell.listing import list_window
from cli.shell.page import Line, Sentence, notice, page_window
from cli.shell.rows import cells
from cli.shell.words import called
from vault.themes import themes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections import Counter

    from cli.shell.desk import Desk
    from vault.service import Note

_WIDE = 110
"""Columns from which list and page stand side by side."""
_LIST_SHARE = 0.4
"""How much of the rows the list gets when it stands above the page."""
_LIST_LEAST = 3
_MENU = 12
"""Rows of the list of commands that opens above the line."""
_SEPARATOR = " · "


class Looks:
    """The containers of the desk."""

    def __init__(self, desk: Desk, keys: KeyBindingsBase) -> None:
        self._desk = desk
        find = BeforeInput(lambda: " " + _("Find: "), "class:head")
        self.field = Window(BufferControl(desk.field, [find], key_bindings=keys), height=1)
        self.told = Sentence(lambda: desk.told, DynamicKeyBindings(lambda: desk.waiting.keys))
        listing = list_window(desk.listing)
        page = page_window(desk.page)
        head = Window(FormattedTextControl(self._head), height=1, style="class:bar")
        reading = HSplit([head, page])
        above = HSplit([list_window(desk.listing)], height=self._list_height)
        wide = VSplit([HSplit([listing], width=Dimension(weight=2)), HSplit([reading], width=Dimension(weight=3))])
        narrow = HSplit([above, reading])
        self._views: dict[str, AnyContainer] = {"wide": wide, "narrow": narrow, "large": reading}
        self.container = FloatContainer(
            HSplit([self._top(), DynamicContainer(self._view), *self._bottom()]),
            [Float(CompletionsMenu(max_height=_MENU), xcursor=True, ycursor=True)],
        )

    def _view(self) -> AnyContainer:
        if self._columns() >= _WIDE:
            return self._views["wide"]
        return self._views["large" if self._desk.large else "narrow"]

    def _columns(self) -> int:
        return get_app().output.get_size().columns

    def _list_height(self) -> Dimension:
        rows = max(_LIST_LEAST, int(get_app().output.get_size().rows * _LIST_SHARE))
        return Dimension.exact(rows)

    def _top(self) -> VSplit:
        count = FormattedTextControl(self._count)
        return VSplit([self.field, Window(count, height=1, dont_extend_width=True, align=WindowAlign.RIGHT)])

    def _count(self) -> str:
        shelf = self._desk.shelf
        if not shelf.sought and shelf.scope is None:
            return say.notes(len(shelf.handles)) + " "
        return _("{found} of {notes}").format(found=len(shelf.shown), notes=say.notes(len(shelf.handles))) + " "

    def _bottom(self) -> list[AnyContainer]:
        desk = self._desk
        told = ConditionalContainer(notice(self.told), Condition(lambda: bool(desk.told)))
        asking = Condition(lambda: desk.line.shown)
        return [
            told,
            ConditionalContainer(desk.line.container, asking),
            Window(FormattedTextControl(self._status), height=1, style="class:bar"),
            Window(FormattedTextControl(self._keys), height=1),
        ]

    def _head(self) -> str:
        page = self._desk.page
        more = " ".join(["PgUp"] * page.above() + ["PgDn"] * page.more())
        room = self._columns() - cells(self._desk.heading) - len(more) - 3
        return f" {self._desk.heading}{' ' * max(room, 1)}{more}" if more else f" {self._desk.heading}"

    def _status(self) -> str:
        desk, vault = self._desk, self._desk.vault
        minutes = vault.idle_minutes
        parts = [_("open")]
        if desk.scope is not None:
            parts.append(desk.scope.title)
        if desk.draft_waits:
            parts.append(_("a draft waits"))
        if desk.ending:
            ending = ngettext("{n} ends this month", "{n} end this month", desk.ending)
            parts.append(ending.format(n=desk.ending))
        if unreadable := vault.unreadable():
            parts.append(ngettext("{n} can't be read", "{n} can't be read", unreadable).format(n=unreadable))
        line = " " + _SEPARATOR.join([*parts, desk.places_told or _("keys in one place: this computer")])
        if cells(line) > self._columns() and desk.places_briefly:
            line = " " + _SEPARATOR.join([*parts, desk.places_briefly])
        locks = _SEPARATOR + ngettext("locks after {n} minute", "locks after {n} minutes", minutes).format(n=minutes)
        # where the notes are may take room; when it locks stands in the settings too
        return line + locks if cells(line) + cells(locks) <= self._columns() else line

    def _keys(self) -> StyleAndTextTuples:
        desk = self._desk
        if desk.app.layout.has_focus(desk.page):
            keys = [("Esc", _("back")), ("↑ ↓", _("scroll")), ("Ctrl-E", _("change")), ("Del", _("destroy"))]
            keys += [("Ctrl-P", _("more")), ("Ctrl-L", _("lock"))]
        else:
            keys = [("Ctrl-N", _("new")), ("Enter", _("read")), ("Ctrl-E", _("change")), ("Ctrl-P", _("more"))]
            keys += [("?", _("help")), ("Ctrl-L", _("lock")), ("Del", _("destroy")), ("Ctrl-K", _("keep"))]
        keys += [("Ctrl-Q", _("leave"))]
        return fitting(keys, self._columns())


def fitting(keys: list[tuple[str, str]], width: int) -> StyleAndTextTuples:
    """Keys and what they do, as many as there is room for."""
    fragments: StyleAndTextTuples = []
    used = 0
    for key, label in keys:
        used += cells(key) + cells(label) + 3
        # the blank behind the last one may fall off the edge
        if used > width + 1:
            break
        fragments += [("class:key", f" {key}"), ("", f" {label} ")]
    return fragments


def heading(desk: Desk, note: Note) -> str:
    """What stands above a note: its handle, how long it stays, its themes."""
    left = say.left(say.days_left(desk.vault.moment(), note.months_left))
    labels = " ".join(f"#{theme}" for theme in themes(note.text))
    return _SEPARATOR.join(filter(None, [note.handle, left, labels]))


def greeting(desk: Desk) -> str:
    """What is told first: what happened at the unlock, and a clock that is set back."""
    told = []
    if desk.vault.expired_at_open:
        told.append(say.expired(desk.vault.expired_at_open))
    if desk.vault.moment().clock_behind:
        told.append(_("The clock of this computer is set back. Expired notes stay gone; please set the clock right."))
    if desk.vault.inbox_at_open.unreadable:
        told.append(say.inbox(0, desk.vault.inbox_at_open.unreadable))
    return " ".join(told)


def welcome(desk: Desk) -> list[Line]:
    """The page of a vault without notes."""
    return [
        Line(_("The vault is open."), "class:head"),
        Line(),
        Line(_("Ctrl-N writes your first note. No title, no date, no name: only what you want to remember.")),
        Line(_("Ctrl-P shows every command, ? every key. {command} leaves.").format(command=called(desk, "quit"))),
    ]


def key_lines() -> list[Line]:
    """The keys of the desk, for the help page."""
    keys = [
        (_("letters"), _("find as you type; #theme and <3m (ends within three months) too")),
        ("↑ ↓ PgUp PgDn", _("choose a note, or scroll the page")),
        ("Enter Tab", _("go to the page and back")),
        ("Esc", _("back; in the list: show everything again")),
        ("Ctrl-P", _("all commands; some letters of a word will do")),
        ("Ctrl-L F12", _("locks at once and clears the screen; your text is kept, sealed")),
    ]
    wide = max(cells(key) for key, _text in keys)
    lines = [Line(f"  {key}{' ' * (wide - cells(key))}  {text}") for key, text in keys]
    return [Line(), Line(_("Keys"), "class:head"), Line(), *lines]


class _Themes(Completer):
    """Offers the themes that there are once a # has been typed."""

    def __init__(self, themes_of: Callable[[], Counter[str]]) -> None:
        self._themes_of = themes_of

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:  # noqa: ARG002
        typed = document.text_before_cursor.rpartition(" ")[2].lower()
        if not typed.startswith("#"):
            return
        for name, count in self._themes_of().most_common():
            if name.startswith(typed[1:]):
                yield Completion(f"#{name} ", -len(typed), display=f"#{name}", display_meta=str(count))


def theme_completer(themes_of: Callable[[], Counter[str]]) -> Completer:
    """A completer of themes; `themes_of` counts them."""
    return _Themes(themes_of)
