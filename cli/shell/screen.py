"""A screen over an open vault: it locks itself when nobody is there, and never loses the text in its editor."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import Callable

from prompt_toolkit.key_binding import KeyBindings, KeyPressEvent
from prompt_toolkit.layout import AnyContainer, DynamicContainer, Layout, UIControl, Window

from cli.i18n import _
from cli.shell import frame
from cli.shell.page import Sentence
from cli.shell.relock import LOCKED
from cli.shell.watch import Idle, ticking
from vault.errors import VaultError

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.drafts import Draft
    from cli.shell.editing import Editor


class Screen:
    """One full screen. Shows `body`, or the open editor instead, or a cover over both.

    Without a way to seal drafts (`draft` is None) locking only covers the screen.
    """

    def __init__(self, body: AnyContainer, *, idle_seconds: float, clock: Callable[[], float] = ticking) -> None:
        self.editor: Editor | None = None
        self.draft: Draft | None = None
        self.can_lock = False
        self._body = body
        self._cover = Sentence(self._cover_text, KeyBindings())
        self._cover_window = Window(self._cover)
        self._under: UIControl | None = None
        self._was_covered = False
        self._unsealed = ""
        self._warned = False
        self.idle = Idle(idle_seconds, self.lock, clock)
        self.app = frame.application(Layout(DynamicContainer(self._shown)), self._keys())
        self.app.key_processor.before_key_press += self._before_key
        self.app.key_processor.after_key_press += self._after_key

    # -- what is seen

    def _shown(self) -> AnyContainer:
        if self.covered:
            return self._cover_window
        return self.editor.container if self.editor else self._body

    @property
    def covered(self) -> bool:
        """Whether the screen shows nothing, since it could not be locked."""
        return self._under is not None

    def cover(self) -> None:
        """Hides everything until a key is pressed."""
        if not self.covered:
            self._under = self.app.layout.current_control
            self.app.layout.focus(self._cover)
        self.app.invalidate()

    def _uncover(self) -> None:
        under, self._under = self._under, None
        if under is not None:
            self.app.layout.focus(under)
        self.app.invalidate()

    def _cover_text(self) -> str:
        told = _("Covered. Press a key to go on.")
        return f"{self._unsealed}\n\n{told}" if self._unsealed else told

    def _before_key(self, _: object) -> None:
        self.idle.touch()
        self._was_covered = self.covered

    def _after_key(self, _: object) -> None:
        if self._was_covered and self.covered:
            self._uncover()

    def _keys(self) -> KeyBindings:
        keys = KeyBindings()

        @keys.add("c-l")
        @keys.add("f12")
        def _(_event: KeyPressEvent) -> None:
            self.lock()

        return keys

    # -- bringing the text to safety

    def put_away(self) -> bool:
        """Seals unsaved text as a draft. False when that failed; the text is still in the editor then."""
        editor = self.editor
        if editor is None or not editor.unsaved():
            return True
        if self.draft is None:
            self._unsealed = ""
            return False
        try:
            self.draft.seal(editor.text)
        except (VaultError, OSError, MemoryError) as error:
            self._unsealed = _("Not locked: your text can't be sealed. {why}").format(why=frame.sentence(error))
            editor.message = self._unsealed
            return False
        return True

    def lock(self) -> None:
        """Locks at once. When that would lose text it only covers the screen, and the idle watch tries again."""
        if self.can_lock and self.put_away():
            frame.end(self.app, LOCKED)
        else:
            self.cover()

    def stop(self, number: int) -> None:
        """Ends the screen because of a signal. Text that can't be sealed holds up a first SIGTERM, never a SIGHUP."""
        safe = self.put_away()
        if safe or self._warned or number == signal.SIGHUP:
            frame.end(self.app, 128 + number)
            return
        self._warned = True
        if self.editor is not None and not self._unsealed:
            self.editor.message = _("The program was asked to stop. Save your text now, or it is lost.")
        self.app.invalidate()

    # -- running

    def start(self) -> None:
        """Called inside the event loop before the first picture."""
        self.app.create_background_task(self.idle.watch())

    async def show(self) -> int:
        """Shows the screen until it ends: an exit code, or LOCKED."""
        try:
            return await frame.run(self.app, self.start, self.stop)
        finally:
            self.put_away()

    def run(self) -> int:
        """`show`, in an event loop of its own."""
        return asyncio.run(self.show())
