"""The editor on a screen of its own, for `ongemerkt add` and `ongemerkt edit` at a terminal."""

from __future__ import annotations

from prompt_toolkit.layout import Window

from cli.failures import NOT_ALLOWED, Refused
from cli.i18n import _
from cli.shell import frame
from cli.shell.aids import Aids, themes_of
from cli.shell.drafts import Draft
from cli.shell.editing import Editor, Save
from cli.shell.relock import LOCKED
from cli.shell.screen import Screen

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.service import Vault

_IDLE_MINUTES = 10


def write_note(
    text: str,
    *,
    title: str,
    save: Save | None = None,
    vault: Vault | None = None,
    of: str = "",
    policy: str | None = None,
    engagement: str = "",
) -> str | None:
    """The text as the coach saved it, or None when the coach left without saving.

    `save` stores the text while the editor is still open: when it raises, the editor stays, says why, and saving can
    be tried again. `vault` is an open vault that takes the unsaved text as a draft (of note `of`) when nobody is there
    for the vault's idle time, on Ctrl-L, and when the process is told to end; then Refused is raised. `policy` is
    what the guard does, if not what the vault says; `engagement` is the alias that a draft is kept for.
    """
    aids = Aids(vault, themes=themes_of(vault) if vault else None, policy=policy)
    minutes = vault.idle_minutes if vault else _IDLE_MINUTES
    screen = Screen(Window(), idle_seconds=minutes * 60)
    written: list[str | None] = []

    def done(result: str | None) -> None:
        written.append(result)
        screen.editor = None
        frame.end(screen.app, 0)

    screen.editor = Editor(
        text,
        title=title,
        save=save or (lambda _: None),
        on_done=done,
        saved=text,
        lockable=vault is not None,
        aids=aids,
    )
    screen.can_lock = vault is not None
    screen.draft = Draft(vault, of, engagement=engagement) if vault else None
    screen.app.layout.focus(screen.editor.control)
    code = screen.run()
    if written:
        return written[0]
    raise Refused(NOT_ALLOWED if code == LOCKED else code, "Interrupted", _kept(screen))


def _kept(screen: Screen) -> str:
    if screen.editor is None or not screen.editor.unsaved():
        return ""
    if screen.put_away():
        return _("Locked. Your text is kept, sealed; to go on writing, open the vault with: ongemerkt")
    return _("Your text was not saved.")
