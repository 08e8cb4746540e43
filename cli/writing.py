"""Writing a note on the screen. The editor itself stores the text, so that a failure never loses what was typed."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from cli.shell.saving import Saving
    from vault.months import Period
    from vault.service import Claim, Vault


def write(
    vault: Vault,
    title: str,
    text: str = "",
    of: str = "",
    keep: Period | None = None,
    guard: str | None = None,
    *,
    engagement: str = "",
    claim: Claim | None = None,
) -> Saving | None:
    """What was stored, or None when the person left without saving; `of` is the handle of the note being edited.

    `guard` is what the guard does, if not what the vault says; the editor has it live. `engagement` (an alias) or
    `claim` say whose a new note is.

    Raises Refused when the editor locked itself or was told to end, and ResidueLeft.
    """
    from cli.shell.editor import write_note
    from cli.shell.saving import Saving
    from vault.errors import ResidueLeft

    saving = Saving(vault, of, keep, engagement=engagement, claim=claim)
    written = write_note(text, title=title, save=saving, vault=vault, of=of, policy=guard, engagement=engagement)
    if saving.residue:
        raise ResidueLeft
    return None if written is None else saving
