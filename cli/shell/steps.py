"""The steps of a wizard: each shows one thing on the whole screen and waits for one answer."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import AnyContainer, BufferControl, ConditionalContainer, HSplit, UIControl, VSplit, Window
from prompt_toolkit.layout.controls import FormattedTextControl
from prompt_toolkit.layout.dimension import Dimension
from prompt_toolkit.layout.processors import BeforeInput, ConditionalProcessor, PasswordProcessor

from cli.i18n import _
from cli.shell.page import Sentence, notice
from cli.shell.panels import Shown, keys_row
from cli.shell.plain import one_line

BACK = object()
"""The answer of somebody who wants the step before this one."""

_WIDTH = 74
"""Columns of running text: longer lines are hard to read."""
_MARGIN = 2
_ROOMY = 20
"""Rows from which there is room for empty ones."""
_FRAMES = 12
"""Places of the mark that moves while something is being made."""

Text = Callable[[], str]


class Step:
    """One screen of the wizard. `control` has the focus; `answer` is what the person chose."""

    def __init__(self, title: Text, rows: Iterable[AnyContainer], control: UIControl, keys: Shown) -> None:
        self.control = control
        self.answer: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        self._told = ""
        self._keys = keys
        body = [
            *rows,
            Window(),
            notice(Sentence(lambda: self._told)),
        ]
        self.container: AnyContainer = HSplit(
            [
                Window(FormattedTextControl(lambda: f" {title()}"), height=1, style="class:bar"),
                gap(),
                VSplit([Window(width=_MARGIN), HSplit(body, width=Dimension(max=_WIDTH, preferred=_WIDTH)), Window()]),
                Window(FormattedTextControl(self._keys_text), height=1, style="class:bar"),
            ]
        )

    def _keys_text(self) -> StyleAndTextTuples:
        return keys_row(self._keys, get_app().output.get_size().columns)

    def tell(self, text: str) -> None:
        """Says something at the foot of the screen."""
        self._told = text

    def give(self, answer: Any) -> None:
        """Answers, if nothing was answered yet."""
        if not self.answer.done():
            self.answer.set_result(answer)


def paragraph(text: Text, style: str = "") -> Window:
    """Text with its words wrapped."""
    return Window(Sentence(text), dont_extend_height=True, style=style)


def gap() -> AnyContainer:
    """An empty row; on a low window every row is needed."""
    return ConditionalContainer(Window(height=1), Condition(lambda: get_app().output.get_size().rows >= _ROOMY))


def _back_key(keys: KeyBindings, give: Callable[[Any], None]) -> None:
    keys.add("escape")(lambda _event: give(BACK))


class Telling(Step):
    """Something to read; Enter goes on."""

    def __init__(self, title: Text, rows: Iterable[AnyContainer], enter: str, *, back: bool = True) -> None:
        keys = KeyBindings()
        control = FormattedTextControl("", focusable=True, key_bindings=keys, show_cursor=False)
        keys.add("enter")(lambda _event: self.give(True))
        if back:
            _back_key(keys, self.give)
        shown = [("Enter", enter), ("Esc", _("back")) if back else ("Ctrl-C", _("leave"))]
        super().__init__(title, [*rows, Window(control, height=0)], control, shown)


class Choice(NamedTuple):
    """What can be chosen, and what to say about it while it is marked."""

    answer: Any
    label: str
    about: str = ""


class Choosing(Step):
    """A list to choose from with the arrows and Enter; the choice numbered `first` is marked at the start."""

    def __init__(
        self,
        title: Text,
        rows: Iterable[AnyContainer],
        choices: Sequence[Choice],
        *,
        first: int = 0,
        back: bool = True,
    ) -> None:
        self._choices = choices
        self._at = first
        keys = KeyBindings()
        control = FormattedTextControl(self._list, focusable=True, key_bindings=keys, show_cursor=False)
        self._bind(keys)
        if back:
            _back_key(keys, self.give)
        shown = [("↑ ↓", _("choose")), ("Enter", _("take it")), ("Esc", _("back")) if back else ("Ctrl-C", _("leave"))]
        about = paragraph(lambda: choices[self._at].about)
        foot = [gap(), about] if any(choice.about for choice in choices) else []
        super().__init__(title, [*rows, Window(control, height=len(choices)), *foot], control, shown)

    def _bind(self, keys: KeyBindings) -> None:
        @keys.add("up")
        @keys.add("s-tab")
        def _(_event: KeyPressEvent) -> None:
            self._at = max(0, self._at - 1)

        @keys.add("down")
        @keys.add("tab")
        def _(_event: KeyPressEvent) -> None:
            self._at = min(len(self._choices) - 1, self._at + 1)

        @keys.add("enter")
        def _(_event: KeyPressEvent) -> None:
            self.give(self._choices[self._at].answer)

    def _list(self) -> StyleAndTextTuples:
        rows: StyleAndTextTuples = []
        for number, choice in enumerate(self._choices):
            chosen = number == self._at
            # the mark is there for who sees no colour and hears the screen
            rows += [("class:selected" if chosen else "", f"{'>' if chosen else ' '} {choice.label} "), ("", "\n")]
        return rows[:-1]


class _OneLine(Buffer):
    """What is pasted into it never breaks it in two, and a line end behind it is not meant."""

    def insert_text(
        self, data: str, overwrite: bool = False, move_cursor: bool = True, fire_event: bool = True
    ) -> None:
        super().insert_text(one_line(data.strip("\r\n")), overwrite, move_cursor, fire_event)


class Typing(Step):
    """A line to type on. `accept` gives the answer for what was typed, or None after saying what is wrong with it."""

    def __init__(
        self,
        title: Text,
        rows: Iterable[AnyContainer],
        prompt: str,
        accept: Callable[[str], Any],
        *,
        under: Iterable[AnyContainer] = (),
        hidden: bool = True,
        changed: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._accept = accept
        self._hidden = hidden
        self._buffer = _OneLine(multiline=False, history=DummyHistory())
        self._buffer.on_text_changed += lambda buffer: self._changed(buffer.text, changed)
        keys = KeyBindings()
        self._bind(keys, hidden)
        processors = [ConditionalProcessor(PasswordProcessor("•"), Condition(lambda: self._hidden))]
        control = BufferControl(self._buffer, [*processors, BeforeInput(prompt, "class:head")], key_bindings=keys)
        shown = [("Enter", _("go on")), *([("Tab", _("show or hide"))] if hidden else []), ("Esc", _("back"))]
        super().__init__(title, [*rows, Window(control, height=1), *under], control, shown)

    def _bind(self, keys: KeyBindings, hides: bool) -> None:
        @keys.add("enter")
        def _(_event: KeyPressEvent) -> None:
            answer = self._accept(self._buffer.text)
            if answer is not None:
                self.give(answer)

        @keys.add("tab")
        def _(_event: KeyPressEvent) -> None:
            self._hidden = hides and not self._hidden

        _back_key(keys, self.give)

    def _changed(self, text: str, changed: Callable[[str], None]) -> None:
        self.tell("")
        changed(text)

    def again(self, told: str) -> None:
        """Says what is wrong and empties the line."""
        self._buffer.reset()
        self.tell(told)


class Working(Step):
    """Nothing to do but wait: a mark moves as long as the program lives."""

    def __init__(self, title: Text, rows: Iterable[AnyContainer]) -> None:
        control = FormattedTextControl(self._moving, focusable=True, show_cursor=False)
        self._beats = 0
        super().__init__(title, [*rows, gap(), Window(control, height=1)], control, [("", "")])

    def beat(self) -> None:
        """Moves the mark."""
        self._beats += 1

    def _moving(self) -> str:
        at = self._beats % (2 * _FRAMES - 2)
        at = min(at, 2 * _FRAMES - 2 - at)
        return "░" * at + "█" + "░" * (_FRAMES - 1 - at)
