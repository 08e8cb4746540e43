"""The line at the bottom: an answer to a question, or a command with its fuzzy completion. Nothing typed is kept."""

import asyncio
from collections.abc import Awaitable

from prompt_toolkit.application import get_app
from prompt_toolkit.buffer import Buffer
from prompt_toolkit.clipboard import InMemoryClipboard
from prompt_toolkit.completion import CompleteEvent, Completer
from prompt_toolkit.filters import Condition
from prompt_toolkit.history import DummyHistory, InMemoryHistory
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import BufferControl, DynamicContainer, UIControl, Window
from prompt_toolkit.layout.processors import BeforeInput, ConditionalProcessor, PasswordProcessor

from cli.shell.plain import one_line


class Field(Buffer):
    """One line: what is pasted into it never breaks it in two."""

    def insert_text(
        self, data: str, overwrite: bool = False, move_cursor: bool = True, fire_event: bool = True
    ) -> None:
        super().insert_text(one_line(data), overwrite, move_cursor, fire_event)


class Line:
    """One thing is asked at a time. `shown` says whether there is anything to show."""

    def __init__(self, completer: Completer, prompt: str) -> None:
        self._waiting: asyncio.Future[str | None] | None = None
        self._completer = completer
        self._before: UIControl | None = None
        self._prompt = ""
        self._hidden = False
        self._ordering = False
        self._order = Field(
            completer=completer,
            complete_while_typing=True,
            history=InMemoryHistory(),
            multiline=False,
            accept_handler=self._accept,
        )
        self._answer = Field(history=DummyHistory(), multiline=False, accept_handler=self._accept)
        keys = self._keys()
        self._order_window = Window(
            BufferControl(self._order, [BeforeInput(prompt, "class:head")], key_bindings=keys), height=1
        )
        answer = BufferControl(
            self._answer,
            [
                ConditionalProcessor(PasswordProcessor(), Condition(lambda: self._hidden)),
                BeforeInput(lambda: self._prompt, "class:head"),
            ],
            key_bindings=keys,
        )
        self._answer_window = Window(answer, height=1)
        self.container = DynamicContainer(lambda: self._order_window if self._ordering else self._answer_window)

    @property
    def shown(self) -> bool:
        """Whether something is being asked."""
        return self._waiting is not None and not self._waiting.done()

    def order(self) -> Awaitable[str | None]:
        """The command that is typed, None when the coach goes back. Letters that come at once are for it already."""
        self._ordering = True
        self._order.reset()
        answer = self._typed(self._order_window)
        self._order.start_completion()
        return answer

    async def ask(self, prompt: str, hidden: bool = False) -> str | None:
        """What is answered, or None when the coach cancels with Esc or Ctrl-C."""
        self._ordering, self._hidden, self._prompt = False, hidden, prompt
        self._answer.reset()
        try:
            return await self._typed(self._answer_window)
        finally:
            self._answer.reset()
            if hidden:
                # what was cut from a passphrase must not be pasted into a note
                get_app().clipboard = InMemoryClipboard()

    def _typed(self, window: Window) -> Awaitable[str | None]:
        layout = get_app().layout
        self._before = layout.current_control
        self._waiting = asyncio.get_running_loop().create_future()
        layout.focus(window)
        get_app().invalidate()
        return self._waiting

    def _give(self, typed: str | None) -> None:
        if self._waiting is not None and not self._waiting.done():
            self._waiting.set_result(typed)
            if self._before is not None:
                # at once: the next key is not for this line any more
                get_app().layout.focus(self._before)

    def _accept(self, buffer: Buffer) -> bool:
        self._give(buffer.text)
        return False

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-c")
        @keys.add("<sigint>")
        @keys.add("escape")
        def _(event: KeyPressEvent) -> None:
            event.current_buffer.cancel_completion()
            self._give(None)

        @keys.add("tab", filter=Condition(lambda: self._ordering))
        def _(event: KeyPressEvent) -> None:
            # not the offered ones: they may still be those of a letter ago
            buffer = event.current_buffer
            first = next(iter(self._completer.get_completions(buffer.document, CompleteEvent())), None)
            if first is not None:
                buffer.apply_completion(first)

        @keys.add("c-d", filter=Condition(lambda: not get_app().current_buffer.text))
        def _(_event: KeyPressEvent) -> None:
            self._give(None)

        return keys
