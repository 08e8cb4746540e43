"""The keys of the desk: those of the list and its line to find, those of the page, and those of both."""

from __future__ import annotations

from prompt_toolkit.filters import Condition
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent, merge_key_bindings

TYPE_CHECKING = False
if TYPE_CHECKING:
    from prompt_toolkit.key_binding import KeyBindingsBase

    from cli.shell.desk import Desk


def list_keys(desk: Desk) -> KeyBindingsBase:
    """While the line to find has the focus: letters find, arrows choose."""
    return merge_key_bindings([_shared(desk), _choosing(desk), _finding(desk)])


def page_keys(desk: Desk) -> KeyBindingsBase:
    """While the page has the focus: arrows scroll."""
    return merge_key_bindings([_shared(desk), _scrolling(desk)])


def _give(desk: Desk, name: str) -> None:
    # the table imports what runs the commands; keys are pressed long after both exist
    from cli.shell.verbs import word_of

    desk.give(word_of(name), [])


def _shared(desk: Desk) -> KeyBindings:
    keys = KeyBindings()
    for key, name in (("c-n", "new"), ("c-e", "edit"), ("c-k", "keep"), ("f1", "help")):

        @keys.add(key)
        def _(_event: KeyPressEvent, name: str = name) -> None:
            _give(desk, name)

    @keys.add("c-q")
    def _(_event: KeyPressEvent) -> None:
        desk.leave()

    @keys.add("c-p")
    def _(_event: KeyPressEvent) -> None:
        desk.order()

    return keys


def _choosing(desk: Desk) -> KeyBindings:
    keys = KeyBindings()
    # the arrows belong to the themes that are offered while they are
    quiet = Condition(lambda: desk.field.complete_state is None)
    shelf, listing = desk.shelf, desk.listing

    def move(count: int) -> None:
        if shelf.move(count):
            desk.turn_to()

    @keys.add("up", filter=quiet)
    def _(_event: KeyPressEvent) -> None:
        move(-1)

    @keys.add("down", filter=quiet)
    def _(_event: KeyPressEvent) -> None:
        move(1)

    @keys.add("pageup")
    def _(_event: KeyPressEvent) -> None:
        move(1 - max(2, listing.height))

    @keys.add("pagedown")
    def _(_event: KeyPressEvent) -> None:
        move(max(2, listing.height) - 1)

    @keys.add("c-home")
    def _(_event: KeyPressEvent) -> None:
        move(-len(shelf.shown))

    @keys.add("c-end")
    def _(_event: KeyPressEvent) -> None:
        move(len(shelf.shown))

    @keys.add("enter")
    @keys.add("tab", filter=quiet)
    def _(_event: KeyPressEvent) -> None:
        desk.read()

    return keys


def _finding(desk: Desk) -> KeyBindings:
    keys = KeyBindings()
    empty = Condition(lambda: not desk.field.text)
    at_end = Condition(lambda: desk.field.document.is_cursor_at_the_end)

    @keys.add("delete", filter=at_end)
    def _(_event: KeyPressEvent) -> None:
        _give(desk, "shred")

    @keys.add("?", filter=empty)
    def _(_event: KeyPressEvent) -> None:
        _give(desk, "help")

    @keys.add("escape")
    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(_event: KeyPressEvent) -> None:
        if not desk.field.text and desk.scope is not None:
            desk.enter(None)
        desk.field.reset()
        desk.tell("")
        desk.list_notes("")

    @keys.add("c-d", filter=empty)
    def _(_event: KeyPressEvent) -> None:
        desk.leave()

    return keys


def _scrolling(desk: Desk) -> KeyBindings:
    keys = KeyBindings()
    page = desk.page

    @keys.add("escape")
    @keys.add("enter")
    @keys.add("tab")
    @keys.add("left")
    @keys.add("c-c")
    @keys.add("<sigint>")
    def _(_event: KeyPressEvent) -> None:
        desk.back()

    for key, rows in (("up", -1), ("down", 1)):

        @keys.add(key)
        def _(_event: KeyPressEvent, rows: int = rows) -> None:
            page.scroll(rows)

    for key, pages in (("pageup", -1), ("pagedown", 1), (" ", 1), ("home", -page.MOST), ("end", page.MOST)):

        @keys.add(key)
        def _(_event: KeyPressEvent, pages: int = pages) -> None:
            page.turn(pages)

    @keys.add("delete")
    def _(_event: KeyPressEvent) -> None:
        _give(desk, "shred")

    @keys.add("?")
    def _(_event: KeyPressEvent) -> None:
        _give(desk, "help")

    return keys
