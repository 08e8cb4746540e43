"""The editor: several lines, in this process and this memory only. No temporary file, no other program."""

from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import ConditionalContainer, HSplit, Window
from prompt_toolkit.layout.controls import FormattedTextControl

from cli.failures import Refused
from cli.i18n import _
from cli.shell import frame
from cli.shell.page import Sentence, notice
from cli.shell.writing import Marker, Writing, WritingControl
from vault import limits
from vault.errors import VaultError

Save = Callable[[str], object]


class Editor:
    """A text being written, with its keys on the screen. Calls `on_done` with the saved text, or None when left.

    `save` stores the text; while it raises, the editor stays open with the text and says why. `saved` is what is
    stored already, so that leaving asks only when something would be lost.
    """

    def __init__(
        self,
        text: str,
        *,
        title: str,
        save: Save,
        on_done: Callable[[str | None], None],
        saved: str = "",
        message: str = "",
        lockable: bool = True,
        marker: Marker | None = None,
    ) -> None:
        self.title = title
        self.message = message
        self._save = save
        self._saved = saved
        self._on_done = on_done
        self._lockable = lockable
        self.writing = Writing(text, limits.NOTE_BYTES)
        self.writing.cursor_position = len(text)
        self.control = WritingControl(self.writing, self._writing_keys(), marker)
        self._question = Sentence(self._question_text, self._question_keys())
        self.container = self._container()

    @property
    def text(self) -> str:
        """What stands in the editor."""
        return self.writing.text

    def unsaved(self) -> bool:
        """Whether words would be lost if the text were thrown away now."""
        return self.text != self._saved and bool(self.text.strip())

    def save(self) -> None:
        """Saves and is done; or says why not, and stays."""
        text = self.text
        if text and text == self._saved:
            self._on_done(None)
            return
        try:
            self._save(text)
        except (VaultError, Refused, OSError, MemoryError) as error:
            self._back()
            self.message = frame.sentence(error)
            return
        self._saved = text
        self._on_done(text)

    def leave(self) -> None:
        """Leaves at once if nothing would be lost, else asks."""
        if self.unsaved():
            get_app().layout.focus(self._question)
        else:
            self._on_done(None)

    def _back(self) -> None:
        get_app().layout.focus(self.control)

    def _asking(self) -> bool:
        return get_app().layout.current_control is self._question

    def _container(self) -> HSplit:
        def title() -> str:
            return f" {self.title}"

        asking = Condition(self._asking)
        telling = Condition(lambda: bool(self._told()))
        return HSplit(
            [
                Window(FormattedTextControl(title), height=1, style="class:bar"),
                Window(self.control),
                ConditionalContainer(notice(Sentence(self._told)), telling & ~asking),
                ConditionalContainer(notice(self._question), asking),
                ConditionalContainer(
                    Window(FormattedTextControl(self._keys_text), height=1, style="class:bar"), ~asking
                ),
            ]
        )

    def _told(self) -> str:
        if self.writing.overfull:
            return _("That does not fit: a note is at most {limit} MiB.").format(limit=limits.NOTE_BYTES >> 20)
        return self.message

    def _keys_text(self) -> StyleAndTextTuples:
        keys = [("Ctrl-S", _("save")), ("Esc", _("leave")), ("Alt-U", _("undo")), ("Alt-E", _("redo"))]
        if self._lockable:
            keys.append(("Ctrl-L", _("lock")))
        return [part for key, label in keys for part in (("class:key", f" {key}"), ("", f" {label} "))]

    @staticmethod
    def _question_text() -> str:
        return _("This text is not saved. Ctrl-S saves it, Ctrl-X throws it away, Esc goes on writing.")

    def _writing_keys(self) -> KeyBindings:
        keys = KeyBindings()
        writing = self

        @keys.add("c-s")
        def _(_event: KeyPressEvent) -> None:
            writing.save()

        @keys.add("escape")
        @keys.add("c-q")
        @keys.add("c-c")
        @keys.add("<sigint>")
        def _(_event: KeyPressEvent) -> None:
            writing.leave()

        self._undo_keys(keys)
        self._moving_keys(keys)
        return keys

    def _undo_keys(self, keys: KeyBindings) -> None:
        @keys.add("escape", "u")
        @keys.add("c-_")
        def _(_event: KeyPressEvent) -> None:
            self.writing.undo()

        @keys.add("escape", "e")
        def _(_event: KeyPressEvent) -> None:
            self.writing.redo()

    def _moving_keys(self, keys: KeyBindings) -> None:
        @keys.add("pageup")
        def _(_event: KeyPressEvent) -> None:
            self.control.move_rows(-max(1, self.control.height - 1))

        @keys.add("pagedown")
        def _(_event: KeyPressEvent) -> None:
            self.control.move_rows(max(1, self.control.height - 1))

        @keys.add("home")
        def _(_event: KeyPressEvent) -> None:
            self.control.go_to_edge(end=False)

        @keys.add("end")
        def _(_event: KeyPressEvent) -> None:
            self.control.go_to_edge(end=True)

    def _question_keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-s")
        def _(_event: KeyPressEvent) -> None:
            self.save()

        @keys.add("c-x", eager=True)
        def _(_event: KeyPressEvent) -> None:
            self._on_done(None)

        # Any other key is no answer; a paste is not one either.
        for key in ("escape", "enter", "up", "down", "left", "right", "c-c", "<sigint>", "c-q", Keys.Any):

            @keys.add(key)
            def _(_event: KeyPressEvent) -> None:
                self._back()

        return keys
