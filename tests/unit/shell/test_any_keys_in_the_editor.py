"""Whatever is pressed: nothing is raised, nothing is lost, and undo leads back."""

import asyncio

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from prompt_toolkit.application import create_app_session
from prompt_toolkit.application.current import set_app
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.key_binding.key_processor import KeyPress
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import Window
from prompt_toolkit.output import DummyOutput

from cli.shell.aids import Aids
from cli.shell.editing import Editor
from cli.shell.screen import Screen

_WORDS = ["Jan", "fatima", " ", ". ", "3 maart", "#rust", "\n", "é", "漢", "a" * 90, "k", "h", "a", "r", "n", "1", "?"]
_KEYS = [
    *(key for key in Keys if key.name.startswith(("Control", "Shift", "F1", "F2"))),
    *(Keys.Up, Keys.Down, Keys.Left, Keys.Right, Keys.Home, Keys.End, Keys.PageUp, Keys.PageDown, Keys.Delete),
    *(Keys.Escape, Keys.Backspace, Keys.Enter, Keys.Tab),
]
_LIVING = [key for key in _KEYS if key not in (Keys.ControlL, Keys.F12)]
_PRESSED = st.lists(
    st.sampled_from(_WORDS).map(lambda text: [KeyPress(Keys.BracketedPaste if len(text) > 1 else text, text)])
    | st.sampled_from(_LIVING).map(lambda key: [KeyPress(key, "")])
    | st.sampled_from("ue").map(lambda key: [KeyPress(Keys.Escape, ""), KeyPress(key, key)]),
    max_size=40,
)


@pytest.fixture(scope="module")
def aids() -> Aids:
    """The guard with its lists read."""
    ready = Aids()
    ready.lists()
    return ready


class Played:
    """An editor to which keys are given one by one, each of them drawn."""

    def __init__(self, text: str, aids: Aids) -> None:
        self.left: list[str | None] = []
        self.saved: list[str] = []
        self.screen = Screen(Window(), idle_seconds=3600)
        self.editor = Editor(text, title="Titel", save=self.saved.append, on_done=self.left.append, aids=aids)
        self.screen.editor = self.editor
        self.screen.app.layout.focus(self.editor.control)
        self.seen = [text]

    def press(self, keys: list[KeyPress]) -> None:
        app = self.screen.app
        for key in keys:
            app.key_processor.feed(key)
        app.key_processor.process_keys()
        if not self.left:
            app.renderer.render(app, app.layout)
            self.seen.append(self.editor.text)


def played(text: str, pressed: list[list[KeyPress]], aids: Aids) -> Played:
    async def play(played: Played) -> None:
        with set_app(played.screen.app):
            for keys in pressed:
                if played.left:
                    break
                played.press(keys)

    with create_pipe_input() as pipe, create_app_session(input=pipe, output=DummyOutput()):
        result = Played(text, aids)
        asyncio.run(play(result))
    return result


@settings(max_examples=100, deadline=None)
@example(
    # typed over a selection: one key, and so one step
    pressed=[
        [KeyPress(Keys.BracketedPaste, "Jan")],
        [KeyPress(Keys.Escape, ""), KeyPress("u", "u")],
        [KeyPress(Keys.ControlShiftRight, "")],
        [KeyPress(" ", " ")],
    ],
    text="Met Jan over rust.\n\n#rust",
)
@given(pressed=_PRESSED, text=st.sampled_from(["", "Met Jan over rust.\n\n#rust", "woord " * 60]))
def test_any_keys_raise_nothing_and_undo_leads_back_to_every_text(
    aids: Aids, pressed: list[list[KeyPress]], text: str
) -> None:
    result = played(text, pressed, aids)
    editor, writing, last = result.editor, result.editor.writing, result.editor.text
    assert writing.cursor_position <= len(last)
    back = []
    while writing._steps:
        writing.undo()
        back.append(editor.text)
    assert set(back) <= set(result.seen), "undo made a text that never was"
    assert editor.text == text
    for _ in back:
        writing.redo()
    assert editor.text == last


@settings(max_examples=60, deadline=None)
@given(pressed=_PRESSED)
def test_no_keys_but_save_and_throw_away_end_an_unsaved_text(aids: Aids, pressed: list[list[KeyPress]]) -> None:
    result = played("", [[KeyPress("w", "w")], *pressed], aids)
    answered = {press.key for keys in pressed for press in keys} & {Keys.ControlS, Keys.ControlX}
    if result.left and result.seen[-1].strip():
        assert answered
    if result.left and result.left[0] is not None:
        assert result.saved == result.left
