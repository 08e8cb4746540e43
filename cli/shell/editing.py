"""The editor: several lines, in this process and this memory only. No temporary file, no other program."""

from __future__ import annotations

from collections.abc import Callable

from prompt_toolkit.application import get_app
from prompt_toolkit.filters import Condition
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.layout import (
    AnyContainer,
    ConditionalContainer,
    DynamicContainer,
    HSplit,
    Window,
)
from prompt_toolkit.layout.controls import FormattedTextControl

from cli.failures import Refused
from cli.i18n import _
from cli.shell import frame, guardtold, helping
from cli.shell.aids import ASK, REDACT, Aids, calm
from cli.shell.forming import Forming
from cli.shell.guardbar import GuardBar
from cli.shell.guarding import Guarding
from cli.shell.keys import writing_keys
from cli.shell.page import Sentence, notice
from cli.shell.panels import Field, KeysPage, Panel, Question, Shown, columns, keys_row
from cli.shell.rows import cut
from cli.shell.saving import Saving
from cli.shell.writing import Writing, WritingControl
from vault import limits
from vault.errors import VaultError
from vault.themes import themes, with_themes

Save = Callable[[str], object]


class Editor:
    """A text being written, with its keys on the screen. Calls `on_done` with the saved text, or None when left.

    `save` stores the text; while it raises, the editor stays open with the text and says why. `saved` is what is
    stored already, so that leaving asks only when something would be lost. `aids` brings the guard, the themes and the
    templates. How long the note stays can be changed when `save` is a Saving, or with `saving`.
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
        aids: Aids | None = None,
    ) -> None:
        self.title = title
        self.message = message
        self.lockable = lockable
        self._save = save
        self._saving = save if isinstance(save, Saving) else None
        self._saved = saved
        self._on_done = on_done
        self._aids = aids or Aids(policy="off")
        self._note = ""
        self._agreed: str | None = None
        self._panel: Panel | None = None
        calm()
        self.writing = Writing(text, limits.NOTE_BYTES)
        self.writing.cursor_position = len(text)
        self.writing.on_text_changed += self._forget_note
        self.forming = Forming(self)
        self.guarding = Guarding(self.writing, self._aids, self.forming.questions)
        self.control = WritingControl(self.writing, writing_keys(self), self.guarding.marks, self.guarding.follow)
        self._text_window = Window(self.control)
        self.bar = GuardBar(self.writing, self.guarding, self._looked)
        self.container = self._container()

    @property
    def text(self) -> str:
        """What stands in the editor."""
        return self.writing.text

    @property
    def aids(self) -> Aids:
        """What the editor works with."""
        return self._aids

    def unsaved(self) -> bool:
        """Whether words would be lost if the text were thrown away now."""
        return self.text != self._saved and bool(self.text.strip())

    # -- saving and leaving

    def save(self) -> None:
        """Saves and is done; or asks first, or says why not, and stays."""
        self.back()
        text = self.text
        if text and text == self._saved and not self._moved():
            self._finish(None)
            return
        try:
            if not self._guard_agrees() or not self._longer_agreed():
                return
            self._save(text)
        except (VaultError, Refused, OSError, MemoryError) as error:
            self.message = frame.sentence(error)
            return
        self._saved = text
        self._finish(text)

    def _finish(self, written: str | None) -> None:
        self.guarding.forget()
        self._on_done(written)

    def _moved(self) -> bool:
        return self._saving is not None and self._saving.moved is not None

    def _guard_agrees(self) -> bool:
        """Whether the text may be stored as it is now; if not, the coach has been asked or told."""
        if self.text == self._agreed and self.guarding.may_keep:
            return True
        left = self.guarding.settle()
        if not left:
            return True
        if self.guarding.policy == REDACT:
            before = self.text
            self.say(guardtold.redacted(self.guarding.replace_all()))
            return self.text == before
        answers = {"c-g": self.look, "f2": self.look, "c-r": self.replace_all, "c-s": self.save}
        if self.guarding.policy == ASK:
            answers["c-s"] = self._agree
        self.open(Question(lambda: guardtold.asked(left, self.guarding.may_keep), answers, self.back))
        return False

    def _agree(self) -> None:
        self._agreed = self.text
        self.save()

    def _longer_agreed(self) -> bool:
        """Whether the note may stay as long as was chosen; if not, the coach has been asked."""
        saving = self._saving
        if saving is None or not saving.may_be_longer():
            return True

        def agree() -> None:
            saving.longer = True
            self.save()

        def asked() -> str:
            return _("The note may be kept longer than it is now. Ctrl-S again: yes, save it so · Esc: no")

        self.open(Question(asked, {"c-s": agree, "c-e": self.turn_keep}, self.back))
        return False

    def leave(self) -> None:
        """Leaves at once if nothing would be lost, else asks."""
        if not self.unsaved() and not self._moved():
            self._finish(None)
            return

        def asked() -> str:
            return _("This text is not saved. Ctrl-S saves it, Ctrl-X throws it away, Esc goes on writing.")

        self.open(Question(asked, {"c-s": self.save, "c-x": lambda: self._finish(None)}, self.back))

    # -- what opens below the text

    def open(self, panel: Panel) -> None:
        """Shows a panel, which listens from now on."""
        self._panel = panel
        get_app().layout.focus(panel.control)

    def back(self) -> None:
        """Back to writing."""
        self._panel = None
        self.guarding.chosen = None
        if self.guarding.home is not None:
            self.writing.cursor_position, self.guarding.home = self.guarding.home, None
        get_app().layout.focus(self.control)

    def say(self, text: str) -> None:
        """Says something below the text until the text changes."""
        self._note = text

    def _forget_note(self, _: object) -> None:
        self._note = ""

    def look(self) -> None:
        """Goes to the next find."""
        self.back()
        if not self.guarding.on:
            self.say(_("The guard is off in this vault."))
            return
        self.guarding.settle()
        find = self.guarding.next(self.writing.cursor_position)
        if find is None:
            self.say(_("The guard finds nothing here."))
            return
        self.bar.start(find)
        self.open(self.bar)

    def _looked(self, told: str) -> None:
        self.back()
        self.say(told)

    def replace_all(self) -> None:
        """Replaces everything that is found and not kept."""
        self.back()
        if left := self.guarding.replace_all():
            self.say(guardtold.replaced(left))

    def choose_themes(self) -> None:
        """Asks for the themes of this note."""

        def accept(typed: str) -> None:
            self.back()
            text = with_themes(self.text, typed.replace(",", " ").split())
            self.writing.replace(text, min(self.writing.cursor_position, len(text)))

        now = " ".join(themes(self.text))
        try:
            known = self._aids.themes()
        except VaultError:
            known = ()
        prompt = " " + _("Themes:") + " "
        self.open(Field(prompt, text=f"{now} " if now else "", choices=known, accept=accept, leave=self.back))

    def turn_keep(self) -> None:
        """The next time that the note can be kept."""
        self.back()
        if self._saving is not None:
            self._saving.turn_keep()

    def help(self) -> None:
        """Shows the editor's keys."""
        self.open(KeysPage(lambda: helping.keys_page(self), self.back))

    @property
    def keeps(self) -> bool:
        """Whether the time that the note stays can be changed here."""
        return self._saving is not None

    # -- what is seen

    def _container(self) -> HSplit:
        # always the same one: for an unknown window prompt_toolkit puts all key bindings together anew
        nothing = Window(height=0)

        def open_panel() -> AnyContainer:
            return self._panel.container if self._panel and not self._panel.whole else nothing

        def main() -> AnyContainer:
            return self._panel.container if self._panel and self._panel.whole else self._text_window

        telling = Condition(lambda: bool(self._told()) and self._panel is None)
        guarded = Condition(lambda: self.guarding.on)
        return HSplit(
            [
                Window(FormattedTextControl(self._title_text), height=1, style="class:bar"),
                DynamicContainer(main),
                ConditionalContainer(notice(Sentence(self._told)), telling),
                DynamicContainer(open_panel),
                ConditionalContainer(Window(FormattedTextControl(self._found_text), height=1), guarded),
                Window(FormattedTextControl(self._keys_text), height=1, style="class:bar"),
            ]
        )

    def _title_text(self) -> str:
        parts = [self.title]
        if self._saving is not None and (told := self._saving.told()):
            parts.append(f"{told} · Ctrl-E")
        return " " + cut(" · ".join(parts), columns() - 2)

    def _told(self) -> str:
        if self.writing.overfull:
            return _("That does not fit: a note is at most {limit} MiB.").format(limit=limits.NOTE_BYTES >> 20)
        return "\n".join(filter(None, (self.message, self._note)))

    def _found_text(self) -> StyleAndTextTuples:
        return [("", " "), *guardtold.found(self.guarding)]

    def _keys_text(self) -> StyleAndTextTuples:
        shown = self._panel.shown() if self._panel else self._shown()
        return keys_row(shown, columns())

    def _shown(self) -> Shown:
        keys = [("Ctrl-S", _("save")), ("Esc", _("leave"))]
        keys += [("Ctrl-T", _("theme")), ("Ctrl-O", _("template"))]
        if self.lockable:
            keys.append(("Ctrl-L", _("lock")))
        return [*keys, ("Alt-U", _("undo")), ("Alt-E", _("redo")), ("F1", _("keys"))]
