"""What the guard says in the editor."""

from __future__ import annotations

from collections.abc import Sequence

from prompt_toolkit.formatted_text import StyleAndTextTuples

from cli.i18n import _
from cli.shell.kinds import counted

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.guarding import Guarding
    from vault.guard import Find


def found(guarding: Guarding) -> StyleAndTextTuples:
    """The row that says what is found now."""
    if not guarding.ready:
        return []
    finds = guarding.finds
    if finds:
        return [("class:guard", _("{finds} found").format(finds=counted(finds))), ("", " · Ctrl-G")]
    return [("class:quiet", _("nothing personal found"))] if guarding.looked else []


def asked(left: Sequence[Find], may_keep: bool) -> str:
    """The question when a text with finds is to be saved."""
    still = _("Still in it: {finds}.").format(finds=counted(left))
    if may_keep:
        keys = _("Ctrl-S again: save it so · Ctrl-G look · Ctrl-R replace all · Esc go on writing")
    else:
        keys = _("Not saved: replace it first. Ctrl-G look · Ctrl-R replace all · Esc go on writing")
    return f"{still} {keys}"


def replaced(left: Sequence[Find]) -> str:
    """After everything was replaced at once."""
    return _("Replaced: {finds}. Alt-U takes it back.").format(finds=counted(left))


def redacted(left: Sequence[Find]) -> str:
    """After everything was replaced because the coach wanted to save."""
    return _("Replaced: {finds}. Read it once more; Ctrl-S saves it so.").format(finds=counted(left))


def not_a_form(left: Sequence[Find]) -> str:
    """Why a text can't become a template."""
    told = _("Not kept: {finds} in it. Replace that first; a template is for every client.")
    return told.format(finds=counted(left))
