"""The keys of the editor while the coach writes."""

from __future__ import annotations

from prompt_toolkit.filters import Condition, has_selection
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.editing import Editor


def writing_keys(editor: Editor) -> KeyBindings:
    """Keys for the text; letters and arrows are prompt_toolkit's own."""
    keys = KeyBindings()

    @keys.add("c-s")
    def _(_event: KeyPressEvent) -> None:
        editor.save()

    @keys.add("escape")
    @keys.add("c-q")
    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(_event: KeyPressEvent) -> None:
        editor.leave()

    _aid_keys(editor, keys)
    _undo_keys(editor, keys)
    _selection_keys(editor, keys)
    _moving_keys(editor, keys)
    return keys


def _aid_keys(editor: Editor, keys: KeyBindings) -> None:
    @keys.add("c-g")
    @keys.add("f2")
    def _(_event: KeyPressEvent) -> None:
        editor.look()

    @keys.add("c-r")
    def _(_event: KeyPressEvent) -> None:
        editor.replace_all()

    @keys.add("c-t")
    def _(_event: KeyPressEvent) -> None:
        editor.choose_themes()

    @keys.add("c-o")
    def _(_event: KeyPressEvent) -> None:
        editor.forming.choose()

    @keys.add("c-e", filter=Condition(lambda: editor.keeps))
    def _(_event: KeyPressEvent) -> None:
        editor.turn_keep()

    @keys.add("f1")
    def _(_event: KeyPressEvent) -> None:
        editor.help()


def _undo_keys(editor: Editor, keys: KeyBindings) -> None:
    @keys.add("escape", "u")
    @keys.add("c-_")
    def _(_event: KeyPressEvent) -> None:
        editor.writing.undo()

    @keys.add("escape", "e")
    def _(_event: KeyPressEvent) -> None:
        editor.writing.redo()


def _selection_keys(editor: Editor, keys: KeyBindings) -> None:
    """What people press who have marked something with Shift and the arrows. The clipboard is this program's own."""

    @keys.add("escape", filter=has_selection)
    def _(_event: KeyPressEvent) -> None:
        editor.writing.exit_selection()

    @keys.add("c-c", filter=has_selection)
    def _(event: KeyPressEvent) -> None:
        event.app.clipboard.set_data(editor.writing.copy_selection())

    @keys.add("c-x", filter=has_selection, eager=True)
    def _(event: KeyPressEvent) -> None:
        event.app.clipboard.set_data(editor.writing.cut_selection())

    @keys.add("c-v")
    def _(event: KeyPressEvent) -> None:
        if editor.writing.selection_state:
            editor.writing.cut_selection()
        editor.writing.insert_text(event.app.clipboard.get_data().text)


def _moving_keys(editor: Editor, keys: KeyBindings) -> None:

    @keys.add("pageup")
    def _(_event: KeyPressEvent) -> None:
        editor.control.move_rows(-max(1, editor.control.height - 1))

    @keys.add("pagedown")
    def _(_event: KeyPressEvent) -> None:
        editor.control.move_rows(max(1, editor.control.height - 1))

    @keys.add("home")
    def _(_event: KeyPressEvent) -> None:
        editor.control.go_to_edge(end=False)

    @keys.add("end")
    def _(_event: KeyPressEvent) -> None:
        editor.control.go_to_edge(end=True)
