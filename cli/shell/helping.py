"""The page with the editor's keys."""

from __future__ import annotations

from cli.i18n import _

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.editing import Editor


def keys_page(editor: Editor) -> str:
    """Every key of the editor and what it does, within 22 rows of 80."""
    keys = [
        ("Ctrl-S", _("save and close")),
        ("Esc", _("leave; asks first if something would be lost")),
        ("Alt-U, Alt-E", _("undo, redo")),
        (_("Shift + arrows"), _("select; Ctrl-C copies, Ctrl-X cuts, Ctrl-V puts in")),
        ("PgUp, PgDn", _("a screen up or down; Home and End: edges of the row")),
        ("", ""),
        ("Ctrl-G, F2", _("go to what the guard found, and decide")),
        ("Ctrl-R", _("replace everything that the guard found")),
        ("Ctrl-T", _("themes of this note")),
        ("Ctrl-O", _("begin with a template, or keep this text as one")),
        ("Ctrl-E", _("keep the note shorter or longer")),
        ("Ctrl-L, F12", _("lock at once; your text is kept, sealed")),
    ]
    hidden = set()
    if not editor.guarding.on:
        hidden |= {"Ctrl-G, F2", "Ctrl-R"}
    if not editor.keeps:
        hidden.add("Ctrl-E")
    if not editor.lockable:
        hidden.add("Ctrl-L, F12")
    rows = [f"  {key:<17}{what}" for key, what in keys if key not in hidden]
    told = _("What is underlined may tell who your client is. It is listed nowhere.")
    return "\n".join(["", *rows, "", *([f"  {told}"] if editor.guarding.on else [])])
