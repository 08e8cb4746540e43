"""The bar for one find: what it would become, and one key to accept, keep or allow it."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.keys import Keys
from prompt_toolkit.layout import FormattedTextControl, Window

from cli.i18n import _
from cli.shell import frame, guardtold
from cli.shell.guarding import Guarding
from cli.shell.kinds import named
from cli.shell.panels import Panel, Shown, columns
from cli.shell.rows import cells, cut, shown
from cli.shell.writing import Writing
from vault.errors import VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.guard import Find

_LEAST = 12
"""Cells that the text of a find gets at least."""


class GuardBar(Panel):
    """Goes from find to find. `done` is called, with what is to be told, when none is left or the coach has enough."""

    def __init__(self, writing: Writing, guarding: Guarding, done: Callable[[str], None]) -> None:
        self._writing = writing
        self._guarding = guarding
        self._done = done
        self._told = ""
        self.control = FormattedTextControl(self._text, focusable=True, show_cursor=False, key_bindings=self._keys())
        self.container = Window(self.control, height=1, style="class:notice")

    def start(self, find: Find) -> None:
        """Shows this find first."""
        self._told = ""
        self._guarding.home = self._writing.cursor_position
        self._show(find)

    def _show(self, find: Find) -> None:
        self._guarding.chosen = find
        # the text scrolls to where the cursor is
        self._writing.cursor_position = find.start

    # -- what is seen

    def shown(self) -> Shown:
        key, label = _("k keep").split(" ", 1)
        keys = [("Enter", _("replace")), (key, label), ("a", _("always fine"))]
        if not self._guarding.may_keep:
            del keys[1]
        if not self._guarding.may_allow:
            del keys[-1]
        return [*keys, ("r", _("all")), ("Tab", _("next")), ("Esc", _("back"))]

    def _text(self) -> StyleAndTextTuples:
        find = self._guarding.chosen
        if self._told or find is None:
            return [("", f" {cut(self._told, columns() - 1)}")]
        word, times = self._guarding.proposed(find)
        kind = named(find.kind)
        behind = f" ({times}×)" if times > 1 else ""
        word = word or _("(left out)")
        room = columns() - cells(f" {kind}:  → {word}{behind}")
        text = cut(shown(find.text.replace("\n", " ")), max(_LEAST, room))
        return [("", f" {kind}: "), ("class:guard", text), ("", f" → {word}{behind}")]

    # -- what is done

    def _go_on(self) -> None:
        """To the next find, if one is left."""
        find = self._guarding.next(self._writing.cursor_position)
        if find is None:
            self._done(_("Nothing is left that the guard found."))
        else:
            self._show(find)

    def _move(self, back: bool) -> None:
        find, self._told = self._guarding.chosen, ""
        if find is not None:
            wanted = self._guarding.next(find.start if back else find.end, back)
            self._show(wanted or find)

    def _decide(self, act: Callable[[Find], object]) -> None:
        find, self._told = self._guarding.chosen, ""
        if find is None:
            self._done("")
            return
        try:
            act(find)
        except (VaultError, OSError, MemoryError) as error:
            self._told = frame.sentence(error)
            return
        self._go_on()

    def _replace_all(self) -> None:
        self._done(guardtold.replaced(self._guarding.replace_all()))

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("enter")
        def _(_event: KeyPressEvent) -> None:
            self._decide(self._guarding.replace)

        # both letters in both languages: a hand that knows one of them need not think
        @keys.add("k", filter=Condition(lambda: self._guarding.may_keep))
        @keys.add("h", filter=Condition(lambda: self._guarding.may_keep))
        def _(_event: KeyPressEvent) -> None:
            self._decide(self._guarding.keep)

        @keys.add("a", filter=Condition(lambda: self._guarding.may_allow))
        def _(_event: KeyPressEvent) -> None:
            self._decide(self._guarding.allow)

        @keys.add("r")
        @keys.add("R")
        @keys.add("c-r")
        def _(_event: KeyPressEvent) -> None:
            self._replace_all()

        self._moving_keys(keys)
        return keys

    def _moving_keys(self, keys: KeyBindings) -> None:
        @keys.add("tab")
        @keys.add("c-g")
        @keys.add("f2")
        @keys.add("down")
        @keys.add("right")
        def _(_event: KeyPressEvent) -> None:
            self._move(back=False)

        @keys.add("s-tab")
        @keys.add("up")
        @keys.add("left")
        def _(_event: KeyPressEvent) -> None:
            self._move(back=True)

        @keys.add("escape")
        @keys.add("c-c")
        @keys.add("<sigint>")
        @keys.add("c-q")
        def _(_event: KeyPressEvent) -> None:
            self._done("")

        @keys.add(Keys.Any)
        def _(_event: KeyPressEvent) -> None:
            pass
