"""The line at the bottom: commands with completion and a history in memory, and answers to questions."""

import asyncio
from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.clipboard import InMemoryClipboard
from prompt_toolkit.completion import Completer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import DummyHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, DynamicContainer, Window
from prompt_toolkit.layout.processors import BeforeInput, ConditionalProcessor, PasswordProcessor

from cli.shell.plain import one_line

LEAVE = "\x04"
"""What `command` returns for Ctrl-D on an empty line."""


class _Field(Buffer):
    """One line: what is pasted into it never breaks it in two."""

    def insert_text(
        self, data: str, overwrite: bool = False, move_cursor: bool = True, fire_event: bool = True
    ) -> None:
        super().insert_text(one_line(data), overwrite, move_cursor, fire_event)


class Line:
    """Where the coach types. One thing is asked at a time: a command, or the answer to a question."""

    def __init__(self, completer: Completer, turn: Callable[[int], None]) -> None:
        self._waiting: asyncio.Future[str | None] | None = None
        self._ahead: list[str] = []
        self._prompt = ""
        self._hidden = False
        self._asking = False
        self._turn = turn
        self._command = _Field(
            completer=completer, history=InMemoryHistory(), multiline=False, accept_handler=self._accept
        )
        self._answer = _Field(history=DummyHistory(), multiline=False, accept_handler=self._accept)
        keys = self._keys()
        self._command_window = Window(
            BufferControl(self._command, [BeforeInput("> ", "class:head")], key_bindings=keys), height=1
        )
        self._answer_control = BufferControl(
            self._answer,
            [
                ConditionalProcessor(PasswordProcessor(), Condition(lambda: self._hidden)),
                BeforeInput(lambda: self._prompt, "class:head"),
            ],
            key_bindings=keys,
        )
        self._answer_window = Window(self._answer_control, height=1)
        self.container = DynamicContainer(self._window)

    def _window(self) -> Window:
        return self._answer_window if self._asking else self._command_window

    def focus(self) -> None:
        """Puts the cursor here."""
        get_app().layout.focus(self._window())

    async def command(self) -> str:
        """The next line that is typed, LEAVE for Ctrl-D."""
        self._asking = False
        self.focus()
        if self._ahead:
            return self._ahead.pop(0)
        typed = None
        while typed is None:
            typed = await self._typed()
        return typed

    async def ask(self, prompt: str, hidden: bool = False) -> str | None:
        """What is answered, or None when the coach cancels with Esc or Ctrl-C."""
        self._asking, self._hidden, self._prompt = True, hidden, prompt
        # a question is answered by somebody who has seen it
        self._ahead.clear()
        self._answer.reset()
        self.focus()
        try:
            return await self._typed()
        finally:
            self._answer.reset()
            self._asking = False
            if hidden:
                # what was cut from a passphrase must not be pasted into a note
                get_app().clipboard = InMemoryClipboard()

    async def _typed(self) -> str | None:
        self._waiting = asyncio.get_running_loop().create_future()
        get_app().invalidate()
        return await self._waiting

    def _give(self, typed: str | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(typed)
        elif typed is not None and not self._asking:
            self._ahead.append(typed)

    def _accept(self, buffer: Buffer) -> bool:
        self._give(buffer.text)
        return False

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        @keys.add("<sigint>")
        @keys.add("escape")
        def _(event: KeyPressEvent) -> None:
            if self._asking:
                self._give(None)
            event.current_buffer.reset()

        @keys.add("c-d", filter=Condition(lambda: not get_app().current_buffer.text))
        def _(_event: KeyPressEvent) -> None:
            self._give(None if self._asking else LEAVE)

        @keys.add("pageup")
        def _(_event: KeyPressEvent) -> None:
            self._turn(-1)

        @keys.add("pagedown")
        def _(_event: KeyPressEvent) -> None:
            self._turn(1)

        return keys
