"""The list: a row for each note of the shelf, drawn only where it is in sight."""

from collections.abc import Callable

from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout.containers import Window
from prompt_toolkit.layout.controls import UIContent, UIControl
from prompt_toolkit.mouse_events import MouseEvent, MouseEventType

from cli.i18n import _
from cli.shell.hits import around, hits
from cli.shell.rows import Row, cells, cut, paint
from cli.shell.shelf import Shelf
from vault.errors import VaultError
from vault.service import Note
from vault.themes import themes, without_themes

_START = 1000
"""Characters that are looked at for a note's first words; themes may stand before them."""
_THEMES_FROM = 64
"""Columns from which themes have a place of their own."""
_THEMES_SHARE = 4
"""One column in so many is for themes."""
_GAP = "  "
_WHEEL = 3
"""Rows that a turn of the mouse wheel moves."""


class Listing(UIControl):
    """Draws the shelf. `on_choose` is called when the mouse chose another note, `on_open` when it asked to read it."""

    def __init__(self, shelf: Shelf, on_choose: Callable[[], None], on_open: Callable[[], None]) -> None:
        self._shelf = shelf
        self._on_choose = on_choose
        self._on_open = on_open
        self.height = 1

    def create_content(self, width: int, height: int) -> UIContent:
        self.height = max(1, height)
        shelf = self._shelf

        def get_line(number: int) -> StyleAndTextTuples:
            if not shelf.shown:
                return [("class:quiet", cut(self._empty(), width))]
            return self._row(shelf.shown[number], width, number == shelf.at)

        return UIContent(get_line, max(1, len(shelf.shown)), Point(0, shelf.at), show_cursor=False)

    def _empty(self) -> str:
        if self._shelf.sought:
            return _("No note holds all of this.")
        return _("There are no notes yet.")

    def _row(self, handle: str, width: int, chosen: bool) -> StyleAndTextTuples:
        style = "class:chosen" if chosen else ""
        try:
            note = self._shelf.note(handle)
        except VaultError:
            # the others can be read all the same; choosing this one tells what is wrong with it
            return [(f"{style} class:handle", handle), (style, _GAP + _("can't be read"))]
        if note is None:
            return [(f"{style} class:handle", handle)]
        left = self._shelf.left(note.months_left)
        labels = " ".join(f"#{theme}" for theme in themes(note.text)) if width >= _THEMES_FROM else ""
        labels = cut(labels, width // _THEMES_SHARE)
        # the last column stays free: some terminals break the line behind it
        room = width - 1 - len(handle) - len(left) - 2 * len(_GAP) - (cells(labels) + len(_GAP) if labels else 0)
        fragments: StyleAndTextTuples = [(f"{style} class:handle", handle), (style, _GAP)]
        fragments += self._words(note, max(room, 0), style)
        if labels:
            fragments += [(style, _GAP), (f"{style} class:theme", labels)]
        return [*fragments, (style, _GAP), (f"{style} class:quiet", left), (style, " ")]

    def _words(self, note: Note, room: int, style: str) -> StyleAndTextTuples:
        """The first words, or where the sought ones stand."""
        sought = self._shelf.sought.words
        if sought:
            line = around(note.text, sought, room)
        else:
            line = " ".join(without_themes(note.text[:_START]).split()) or " ".join(note.text[:_START].split())
        line = cut(line, room)
        marks = hits(line, sought) if sought else ()
        fill = " " * max(room - cells(line), 0)
        return [*paint(line, Row(0, len(line)), style, marks), (style, fill)]

    def mouse_handler(self, mouse_event: MouseEvent) -> object:
        shelf, kind = self._shelf, mouse_event.event_type
        if kind == MouseEventType.SCROLL_UP:
            moved = shelf.move(-_WHEEL)
        elif kind == MouseEventType.SCROLL_DOWN:
            moved = shelf.move(_WHEEL)
        elif kind == MouseEventType.MOUSE_UP and shelf.shown:
            moved = shelf.move(mouse_event.position.y - shelf.at)
            if not moved:
                self._on_open()
                return None
        else:
            return NotImplemented
        if moved:
            self._on_choose()
        return None


def list_window(listing: Listing) -> Window:
    """A window on the list."""
    return Window(listing, always_hide_cursor=True, style="class:list")
