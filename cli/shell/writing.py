"""The text that is being written: a buffer that undoes word by word, and a control that wraps words.

No history, no temporary file, no clipboard but the program's own memory.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import cache
from itertools import accumulate

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.clipboard import ClipboardData
from prompt_toolkit.data_structures import Point
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings
from prompt_toolkit.layout.controls import BufferControl, UIContent
from prompt_toolkit.mouse_events import MouseButton, MouseEvent, MouseEventType

from cli.shell.plain import plain
from cli.shell.rows import Mark, Row, cells, index_at, paint, row_of, shown, wrap, wrap_again

TYPE_CHECKING = False
if TYPE_CHECKING:
    from prompt_toolkit.key_binding.key_bindings import NotImplementedOrNone

Marker = Callable[[int], Sequence[Mark]]
"""What is to be marked in a line, by its number; called for the lines in sight only."""

_TYPED, _ERASED, _OTHER = "typed", "erased", "other"
WIDEST = 100
"""Columns of the text at most: longer rows are hard to read, and take longer to draw."""
_WHEEL = 3
"""Rows that one turn of the mouse wheel moves."""
_LONG = 1000
"""Characters from which a line is wrapped again only where it changed."""
_UNDO_CHARACTERS = 16 << 20
"""How much text the undo steps may hold together: every step is a whole copy."""


class Writing(Buffer):
    """A buffer of several lines. `limit` is the most bytes of UTF-8 it takes."""

    def __init__(self, text: str, limit: int) -> None:
        super().__init__(document=Document(text), multiline=True, history=DummyHistory())
        self._limit = limit
        self._steps: list[tuple[str, int]] = []
        self._undone: list[tuple[str, int]] = []
        self._seen = (text, 0)
        self._last = _OTHER
        self._going_back = False
        self._whole_step = False
        self._cut = False
        self.on_text_changed += self._changed
        self.on_cursor_position_changed += self._moved
        self.overfull = False
        """Whether the last insertion was refused because the text would become too long."""
        self.move_rows: Callable[[int], None] = lambda _: None

    def insert_text(
        self, data: str, overwrite: bool = False, move_cursor: bool = True, fire_event: bool = True
    ) -> None:
        """Every way in (typed, pasted, quoted) passes here, so nothing but text gets into a note."""
        data = plain(data)
        self.overfull = self._too_long(data)
        if self.overfull:
            return
        super().insert_text(data, overwrite, move_cursor, fire_event)

    def _too_long(self, data: str) -> bool:
        if (len(self.text) + len(data)) * 4 <= self._limit:
            return False
        return len(self.text.encode()) + len(data.encode()) > self._limit

    def fits(self, text: str) -> bool:
        """Whether a whole text is short enough; if not, the coach is told so as for a paste."""
        self.overfull = len(text.encode()) > self._limit
        return not self.overfull

    # prompt_toolkit keeps a step for every key, without bound, and forgets what can be redone when the cursor moves.
    # Here a step is a word, a run of deletions, or a paste.

    def save_to_undo_stack(self, clear_redo_stack: bool = True) -> None:  # noqa: ARG002
        """Called before every key; `_changed` keeps the steps."""
        self._cut = False

    def cut_selection(self) -> ClipboardData:
        """What is typed over a selection takes its place: by the same key, so in the same step."""
        data = super().cut_selection()
        self._cut = True
        return data

    def _moved(self, _: object) -> None:
        self._seen = (self._seen[0], self.cursor_position)

    def _changed(self, _: object) -> None:
        before, self._seen = self._seen, (self.text, self.cursor_position)
        if self._going_back:
            self._last = _OTHER
            return
        self._undone.clear()
        kind, goes_on = (_OTHER, False) if self._whole_step else self._kind(*before)
        if not goes_on and not self._cut:
            self._steps.append(before)
            self._forget_oldest()
        self._last = kind

    def _kind(self, text: str, cursor: int) -> tuple[str, bool]:
        """What the last change was, and whether it belongs to the step before it."""
        grown, here = len(self.text) - len(text), self.cursor_position
        if grown == 1 and here == cursor + 1:
            return _TYPED, self._last == _TYPED and not self.text[cursor].isspace()
        if grown == -1:
            return _ERASED, self._last == _ERASED
        return _OTHER, False

    def _forget_oldest(self) -> None:
        held = 0
        for kept, (text, _) in enumerate(reversed(self._steps)):
            held += len(text)
            if held > _UNDO_CHARACTERS and kept:
                del self._steps[: len(self._steps) - kept]
                return

    def replace(self, text: str, cursor: int) -> None:
        """Another text, in a step of its own, so that one undo takes exactly this back."""
        self._last = _OTHER
        if text != self.text:
            self._whole_step = True
            self.document = Document(text, cursor)
            self._whole_step = False
        self._last = _OTHER

    def undo(self) -> None:
        self._go_back(self._steps, self._undone)

    def redo(self) -> None:
        self._go_back(self._undone, self._steps)

    def _go_back(self, source: list[tuple[str, int]], other: list[tuple[str, int]]) -> None:
        if source:
            other.append((self.text, self.cursor_position))
            text, position = source.pop()
            self._going_back = True
            self.document = Document(text, position)
            self._going_back = False

    def auto_up(self, count: int = 1, go_to_start_of_line_if_history_changes: bool = False) -> None:  # noqa: ARG002
        self.move_rows(-count)

    def auto_down(self, count: int = 1, go_to_start_of_line_if_history_changes: bool = False) -> None:  # noqa: ARG002
        self.move_rows(count)

    def cursor_up(self, count: int = 1) -> None:
        self.move_rows(-count)

    def cursor_down(self, count: int = 1) -> None:
        self.move_rows(count)


class WritingControl(BufferControl):
    """Shows a Writing with words wrapped, and moves its cursor by the rows that are seen."""

    def __init__(
        self,
        writing: Writing,
        bindings: KeyBindings,
        marker: Marker | None = None,
        follow: Callable[[], None] = lambda: None,
    ) -> None:
        """`follow` is called before each drawing."""
        super().__init__(writing, key_bindings=bindings)
        self._writing = writing
        self._marker = marker
        self._follow = follow
        self._known: dict[str, list[Row]] = {}
        self._last_lines: list[str] = []
        self._width = 80
        self.height = 20
        self._column = 0
        self._column_at = -1
        writing.move_rows = self.move_rows

    def _lay_out(self, width: int) -> list[list[Row]]:
        """The rows of every line. Only what changed is wrapped again."""
        lines = self._writing.document.lines
        known = self._known if width == self._width else {}
        self._width = width
        rows = [known.get(line) or self._wrap(number, line, known) for number, line in enumerate(lines)]
        self._known = dict(zip(lines, rows, strict=True))
        self._last_lines = lines
        return rows

    def _wrap(self, number: int, line: str, known: dict[str, list[Row]]) -> list[Row]:
        before = self._last_lines[number] if number < len(self._last_lines) else ""
        if len(line) < _LONG or before not in known:
            return wrap(line, self._width)
        return wrap_again(line, self._width, before, known[before])

    def _place(self, rows: list[list[Row]]) -> tuple[int, int, int]:
        """The cursor: its line, the row within that line, the character within that line."""
        document = self._writing.document
        line, index = document.cursor_position_row, document.cursor_position_col
        return line, row_of(rows[line], index), index

    def create_content(self, width: int, height: int, preview_search: bool = False) -> UIContent:  # noqa: ARG002
        self.height = height
        self._follow()
        rows = self._lay_out(min(width, WIDEST))
        lines = self._writing.document.lines
        ends = list(accumulate(map(len, rows)))
        marks_of = self._marks_of()

        def get_line(number: int) -> StyleAndTextTuples:
            line = bisect_right(ends, number)
            row = rows[line][number - (ends[line] - len(rows[line]))]
            return [*paint(lines[line], row, "", marks_of(line)), ("", " ")]

        line, row, index = self._place(rows)
        start = rows[line][row].start
        cursor = Point(len(shown(lines[line][start:index])), ends[line] - len(rows[line]) + row)
        return UIContent(get_line, ends[-1], cursor)

    def _marks_of(self) -> Callable[[int], list[Mark]]:
        document, marker = self._writing.document, self._marker

        # asked for every row of a line
        @cache
        def marks(line: int) -> list[Mark]:
            found = list(marker(line)) if marker else []
            selected = document.selection_range_at_line(line)
            return [*found, Mark(*selected, "class:selected")] if selected else found

        return marks

    def move_rows(self, count: int) -> None:
        """Moves the cursor by so many rows, as near as can be to the column it started from."""
        rows = self._lay_out(self._width)
        lines = self._writing.document.lines
        line, row, index = self._place(rows)
        if self._column_at != self._writing.cursor_position:
            self._column = cells(lines[line][rows[line][row].start : index])
        while count < 0 and (line or row):
            count += 1
            row -= 1
            if row < 0:
                line -= 1
                row = len(rows[line]) - 1
        while count > 0 and (line + 1 < len(lines) or row + 1 < len(rows[line])):
            count -= 1
            row += 1
            if row == len(rows[line]):
                line, row = line + 1, 0
        self._go(line, index_at(lines[line], rows[line][row], self._column, row + 1 == len(rows[line])))
        self._column_at = self._writing.cursor_position

    def go_to_edge(self, end: bool) -> None:
        """Moves the cursor to the start or the end of the row it is on."""
        rows = self._lay_out(self._width)
        lines = self._writing.document.lines
        line, row, _ = self._place(rows)
        found = rows[line][row]
        last = row + 1 == len(rows[line])
        self._go(line, index_at(lines[line], found, self._width, last) if end else found.start)

    def _go(self, line: int, index: int) -> None:
        self._writing.cursor_position = self._writing.document.translate_row_col_to_index(line, index)

    # -- the mouse

    def mouse_handler(self, mouse_event: MouseEvent) -> NotImplementedOrNone:
        """A click puts the cursor there, dragging selects, the wheel scrolls."""
        if mouse_event.event_type == MouseEventType.SCROLL_UP:
            self.move_rows(-_WHEEL)
        elif mouse_event.event_type == MouseEventType.SCROLL_DOWN:
            self.move_rows(_WHEEL)
        elif get_app().layout.current_control is not self:
            return NotImplemented
        elif mouse_event.event_type == MouseEventType.MOUSE_DOWN:
            self._writing.exit_selection()
            self._go_to(mouse_event.position)
        elif mouse_event.event_type == MouseEventType.MOUSE_MOVE and mouse_event.button != MouseButton.NONE:
            if self._writing.selection_state is None:
                self._writing.start_selection()
            self._go_to(mouse_event.position)
        else:
            return NotImplemented
        return None

    def _go_to(self, position: Point) -> None:
        rows = self._lay_out(self._width)
        ends = list(accumulate(map(len, rows)))
        number = min(position.y, ends[-1] - 1)
        line = bisect_right(ends, number)
        row = number - (ends[line] - len(rows[line]))
        text = self._writing.document.lines[line]
        self._go(line, index_at(text, rows[line][row], position.x, row + 1 == len(rows[line])))
