"""Templates in the editor: choosing one, keeping the text as one, taking one of the coach's own away."""

from __future__ import annotations

from collections.abc import Callable, Collection

from cli.i18n import _
from cli.shell import frame, guardtold
from cli.shell.panels import Choice, Field
from cli.shell.templates import Form, forms, put_in, questions
from vault.errors import VaultError
from vault.themes import without_themes

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.editing import Editor
    from vault.service import Template


class Forming:
    """The templates of one editor."""

    def __init__(self, editor: Editor) -> None:
        self._editor = editor
        self._own: list[Template] | None = None
        self._known: frozenset[str] | None = None
        self._doomed = ""

    def questions(self) -> Collection[str]:
        """The lines of every template, which the guard leaves alone."""
        if self._known is None:
            self._known = questions(self._mine())
        return self._known

    def _mine(self) -> list[Template]:
        if self._own is None:
            try:
                self._own = self._editor.aids.templates()
            except VaultError:
                self._own = []
        return self._own

    def choose(self) -> None:
        """Opens the list."""
        editor = self._editor
        more: dict[str, tuple[str, str, Callable[[int], None]]] = {}
        if editor.aids.vault is not None:
            more["n"] = ("n", _("keep this text as one"), lambda _at: self._name())
        if self._mine():
            more["delete"] = ("Del", _("remove"), self._remove)

        self._doomed = ""
        editor.open(Choice(_("Begin with a template"), self._names, accept=self._put_in, leave=editor.back, more=more))

    def _names(self) -> list[str]:
        return [f"{form.name}{self._behind(form)}" for form in forms(self._mine())]

    def _behind(self, form: Form) -> str:
        if not form.own:
            return ""
        return " · " + (_("Del again removes it") if form.name == self._doomed else _("yours"))

    def _put_in(self, at: int) -> None:
        writing = self._editor.writing
        self._editor.back()
        text, cursor = put_in(writing.text, writing.cursor_position, forms(self._mine())[at].text)
        if writing.fits(text):
            writing.replace(text, cursor)

    def _name(self) -> None:
        editor = self._editor
        editor.back()
        left = editor.guarding.settle()
        if not editor.text.strip():
            editor.say(_("There is no text yet to keep as a template."))
        elif left:
            editor.say(guardtold.not_a_form(left))
        else:
            editor.open(Field(" " + _("Name of the template:") + " ", accept=self._keep, leave=editor.back))

    def _keep(self, name: str) -> None:
        editor = self._editor
        editor.back()
        name = name.strip()
        if not name:
            return
        if editor.guarding.on and (left := editor.guarding.left_in(name)):
            editor.say(guardtold.not_a_form(left))
            return
        text = without_themes(editor.text).strip("\n") + "\n"
        if self._changed(lambda: editor.aids.save_template(name, text)):
            editor.say(_("Kept as a template: {name}").format(name=name))

    def _remove(self, at: int) -> None:
        form = forms(self._mine())[at]
        if not form.own:
            return
        if self._doomed != form.name:
            self._doomed = form.name
        elif not self._changed(lambda: self._editor.aids.remove_template(form.name)):
            self._editor.back()

    def _changed(self, work: Callable[[], None]) -> bool:
        """Whether the vault took the change; if not, the coach is told why."""
        self._doomed = ""
        self._own = self._known = None
        try:
            work()
        except (VaultError, OSError, MemoryError) as error:
            self._editor.say(frame.sentence(error))
            return False
        return True
