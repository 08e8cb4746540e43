"""The page: a reading area that shows one answer at a time, wraps words and scrolls."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindingsBase
from prompt_toolkit.layout.containers import Window
from prompt_toolkit.layout.controls import GetLinePrefixCallable, UIContent, UIControl
from prompt_toolkit.mouse_events import MouseEvent, MouseEventType

from cli.shell.rows import Mark, Row, cut, paint, shown, wrap

_WHEEL = 3
"""Rows that a turn of the mouse wheel moves."""


class Line(NamedTuple):
    """One line of a page. `whole` lines wrap; others are cut off at the edge of the screen."""

    text: str = ""
    style: str = ""
    marks: Sequence[Mark] = ()
    whole: bool = True


class Page(UIControl):
    """Shows lines. A new answer takes the place of the old, so that nothing destroyed stays on the screen."""

    MOST = 1 << 20
    """More screens than any note has: turning so many goes to an edge."""

    def __init__(self) -> None:
        self.keys: KeyBindingsBase | None = None
        """With keys the page can have the focus."""
        self._lines: list[Line] = []
        self._rows: list[tuple[Line, Row]] = []
        self._width = -1
        self._height = 1
        self._top = 0
        self.on_click: Callable[[], None] = lambda: None
        """Called when the mouse pressed on the page."""

    def is_focusable(self) -> bool:
        return self.keys is not None

    def get_key_bindings(self) -> KeyBindingsBase | None:
        return self.keys

    def show(self, lines: Iterable[Line]) -> None:
        self._lines = list(lines)
        self._width = -1
        self._top = 0

    def clear(self) -> None:
        self.show([])

    @property
    def text(self) -> str:
        """What the page holds."""
        return "\n".join(line.text for line in self._lines)

    def turn(self, pages: int) -> None:
        """Scrolls by whole screens, one row of which stays in sight."""
        self.scroll(pages * max(1, self._height - 1))

    def scroll(self, rows: int) -> None:
        """Scrolls by rows."""
        self._top += rows
        self._clamp()

    def mouse_handler(self, mouse_event: MouseEvent) -> object:
        if mouse_event.event_type == MouseEventType.SCROLL_UP:
            self.scroll(-_WHEEL)
        elif mouse_event.event_type == MouseEventType.SCROLL_DOWN:
            self.scroll(_WHEEL)
        elif mouse_event.event_type == MouseEventType.MOUSE_UP:
            self.on_click()
        else:
            return NotImplemented
        return None

    def more(self) -> bool:
        """Whether something stands below the screen's edge."""
        return self._top + self._height < len(self._rows)

    def above(self) -> bool:
        """Whether something stands above the screen's edge."""
        return self._top > 0

    def top(self, _: Window | None = None) -> int:
        return self._top

    def _clamp(self) -> None:
        self._top = max(0, min(self._top, len(self._rows) - self._height))

    def _lay_out(self, width: int) -> None:
        if width == self._width:
            return
        self._width = width
        self._rows = []
        for line in self._lines:
            if not line.whole:
                text = cut(line.text, width)
                self._rows.append((line._replace(text=text), Row(0, len(text))))
                continue
            self._rows += [(line, row) for row in wrap(line.text, width)]

    def create_content(self, width: int, height: int) -> UIContent:
        self._lay_out(width)
        self._height = height
        self._clamp()

        def get_line(number: int) -> StyleAndTextTuples:
            line, row = self._rows[number]
            return list(paint(line.text, row, line.style, line.marks))

        return UIContent(get_line, len(self._rows), Point(0, self._top), show_cursor=False)


def page_window(page: Page) -> Window:
    """A window on `page` that takes all the room there is."""
    return Window(page, get_vertical_scroll=page.top, always_hide_cursor=True, style="class:page")


class Sentence(UIControl):
    """A short text with its words wrapped. With `keys` it can have the focus, and listens to them."""

    def __init__(self, text: Callable[[], str], keys: KeyBindingsBase | None = None) -> None:
        self._text = text
        self._keys = keys

    def is_focusable(self) -> bool:
        return self._keys is not None

    def get_key_bindings(self) -> KeyBindingsBase | None:
        return self._keys

    def _rows(self, width: int) -> list[str]:
        return [shown(line[row.start : row.end]) for line in self._text().split("\n") for row in wrap(line, width)]

    def preferred_height(
        self,
        width: int,
        max_available_height: int,  # noqa: ARG002
        wrap_lines: bool,  # noqa: ARG002
        get_line_prefix: GetLinePrefixCallable | None,  # noqa: ARG002
    ) -> int:
        return len(self._rows(width))

    def create_content(self, width: int, height: int) -> UIContent:  # noqa: ARG002
        rows = self._rows(width)
        return UIContent(lambda number: [("", rows[number])], len(rows), show_cursor=False)


def notice(sentence: Sentence) -> Window:
    """A window just as high as the sentence."""
    return Window(sentence, dont_extend_height=True, style="class:notice")
