"""What opens below the text for a moment: a question, a field to type in, a list to choose from, a page of keys."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.data_structures import Point
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import AnyContainer, BufferControl, HSplit, UIControl, Window
from prompt_toolkit.layout.controls import UIContent
from prompt_toolkit.layout.processors import BeforeInput

from cli.i18n import _
from cli.shell.page import Sentence, notice
from cli.shell.plain import one_line
from cli.shell.rows import cells, cut

Shown = Sequence[tuple[str, str]]
"""Keys and what they do, as shown on the last row."""

_ELSE = ("escape", "enter", "up", "down", "left", "right", "tab", "c-c", "<sigint>", "c-q", Keys.Any)


class Panel:
    """`control` has the focus while the panel is open. `whole` takes the room of the text as well."""

    control: UIControl
    container: AnyContainer
    whole = False

    def shown(self) -> Shown:
        """The keys that it listens to."""
        return ()


def keys_row(shown: Shown, width: int) -> StyleAndTextTuples:
    """The keys on one row. What does not fit is left out, the last one never."""
    parts = [(f" {key}", f" {label} ") for key, label in shown]
    while len(parts) > 1 and sum(cells(key + label) for key, label in parts) > width:
        del parts[-2]
    return [fragment for key, label in parts for fragment in (("class:key", key), ("", label))]


class Question(Panel):
    """A question with a key for each answer; any other key is `otherwise`, a paste too."""

    def __init__(
        self, text: Callable[[], str], answers: Mapping[str, Callable[[], None]], otherwise: Callable[[], None]
    ) -> None:
        keys = KeyBindings()
        for key in (*_ELSE, *answers):
            _bind(keys, key, answers.get(key, otherwise))
        self.control = Sentence(text, keys)
        self.container = notice(self.control)


def _bind(keys: KeyBindings, key: str, act: Callable[[], None]) -> None:
    # eager, since Ctrl-X and Esc are also the start of longer keys
    @keys.add(key, eager=key in {"c-x", "c-c"})
    def _(_event: KeyPressEvent) -> None:
        act()


class _OneLine(Buffer):
    """What is pasted into it never breaks it in two."""

    def insert_text(
        self, data: str, overwrite: bool = False, move_cursor: bool = True, fire_event: bool = True
    ) -> None:
        super().insert_text(one_line(data), overwrite, move_cursor, fire_event)


class Field(Panel):
    """One line to type on. Tab puts in, one after the other, the `choices` that begin like the last word."""

    def __init__(
        self,
        prompt: str,
        *,
        text: str = "",
        choices: Sequence[str] = (),
        accept: Callable[[str], None],
        leave: Callable[[], None],
    ) -> None:
        self._choices = list(choices)
        self._accept = accept
        self._leave = leave
        self._cycle: list[str] = []
        self._buffer = _OneLine(multiline=False, history=DummyHistory())
        self._buffer.text = text
        self._buffer.cursor_position = len(text)
        self._buffer.on_text_changed += self._typed
        self.control = BufferControl(self._buffer, [BeforeInput(prompt, "class:head")], key_bindings=self._keys())
        rows: list[Window] = [Window(self.control, height=1)]
        if choices:
            rows.insert(0, Window(_Row(self._fitting), height=1, style="class:quiet"))
        self.container = HSplit(rows)

    def shown(self) -> Shown:
        keys = [("Enter", _("done")), ("Esc", _("back"))]
        return [("Tab", _("fills in")), *keys] if self._choices else keys

    def _word(self) -> str:
        return self._buffer.document.text_before_cursor.rpartition(" ")[2]

    def _beginning(self, word: str) -> list[str]:
        taken = {each for each in self._buffer.text.split(" ") if each != word}
        start = word.lstrip("#").lower()
        return [choice for choice in self._choices if choice.startswith(start) and choice not in taken]

    def _fitting(self) -> str:
        return " " + "  ".join(self._cycle or self._beginning(self._word()))

    def _typed(self, _: object) -> None:
        self._cycle = []

    def _fill_in(self) -> None:
        word = self._word()
        cycle = self._cycle or self._beginning(word)
        if not cycle:
            return
        self._buffer.delete_before_cursor(len(word))
        self._buffer.insert_text(cycle[0])
        self._cycle = [*cycle[1:], cycle[0]]

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("enter")
        def _(_event: KeyPressEvent) -> None:
            self._accept(self._buffer.text)

        @keys.add("tab")
        def _(_event: KeyPressEvent) -> None:
            self._fill_in()

        @keys.add("escape")
        @keys.add("c-c")
        @keys.add("<sigint>")
        @keys.add("c-q")
        def _(_event: KeyPressEvent) -> None:
            self._leave()

        return keys


class _Row(UIControl):
    """Text on one row, cut off where it is too long."""

    def __init__(self, text: Callable[[], str]) -> None:
        self._text = text

    def create_content(self, width: int, height: int) -> UIContent:  # noqa: ARG002
        return UIContent(lambda _: [("", cut(self._text(), width))], 1, show_cursor=False)


class Choice(Panel):
    """A list to choose from with the arrows and Enter, or with a digit. `more` has further keys, told on the screen."""

    def __init__(
        self,
        title: str,
        rows: Callable[[], Sequence[str]],
        *,
        accept: Callable[[int], None],
        leave: Callable[[], None],
        more: Mapping[str, tuple[str, str, Callable[[int], None]]],
    ) -> None:
        """`more`: for each key how it is shown, what it does in a word, and the work on the chosen row's number."""
        self._rows = rows
        self._accept = accept
        self._leave = leave
        self._more = more
        self.at = 0
        self.control = _List(self)
        self.control.keys = self._keys()
        self.container = HSplit(
            [
                Window(_Row(lambda: f" {title}"), height=1, style="class:head"),
                Window(self.control, dont_extend_height=True, wrap_lines=False),
            ]
        )

    def shown(self) -> Shown:
        further = [(key, label) for key, label, _work in self._more.values()]
        return [("Enter", _("put in")), *further, ("Esc", _("back"))]

    def rows(self) -> Sequence[str]:
        """What is there to choose from now; the chosen row is one of them."""
        found = self._rows()
        self.at = max(0, min(self.at, len(found) - 1))
        return found

    def _move(self, by: int) -> None:
        self.at = (self.at + by) % max(1, len(self.rows()))

    def _take(self, at: int) -> None:
        if at < len(self.rows()):
            self._accept(at)

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()
        _bind(keys, "up", lambda: self._move(-1))
        _bind(keys, "down", lambda: self._move(1))
        _bind(keys, "tab", lambda: self._move(1))
        _bind(keys, "enter", lambda: self._take(self.at))
        for key in ("escape", "c-c", "<sigint>", "c-q", "c-o"):
            _bind(keys, key, self._leave)
        for digit in range(1, 10):
            _bind(keys, str(digit), lambda digit=digit: self._take(digit - 1))  # type: ignore[misc]
        for key, (_shown, _label, work) in self._more.items():
            _bind(keys, key, lambda work=work: work(self.at))  # type: ignore[misc]
        keys.add(Keys.Any)(lambda _event: None)
        return keys


class _List(UIControl):
    def __init__(self, choice: Choice) -> None:
        self._choice = choice
        self.keys = KeyBindings()

    def is_focusable(self) -> bool:
        return True

    def get_key_bindings(self) -> KeyBindings:
        return self.keys

    def preferred_height(self, *_: object) -> int:
        return len(self._choice.rows())

    def create_content(self, width: int, height: int) -> UIContent:  # noqa: ARG002
        rows = self._choice.rows()

        def get_line(number: int) -> StyleAndTextTuples:
            chosen = number == self._choice.at
            text = cut(f" {'>' if chosen else ' '} {number + 1}  {rows[number]}", width)
            return [("class:selected" if chosen else "", text)]

        return UIContent(get_line, len(rows), Point(0, self._choice.at), show_cursor=False)


class KeysPage(Panel):
    """A page in the place of the text, which any key closes."""

    whole = True

    def __init__(self, text: Callable[[], str], leave: Callable[[], None]) -> None:
        keys = KeyBindings()
        for key in _ELSE:
            _bind(keys, key, leave)
        self.control = Sentence(text, keys)
        self.container = Window(self.control)

    def shown(self) -> Shown:
        return [(_("any key"), _("back"))]


def columns() -> int:
    """How wide the screen is."""
    return get_app().output.get_size().columns
