"""Where unsaved text goes when the screen has to close: sealed into the vault, never over another draft."""

from __future__ import annotations

from vault.errors import NoteNotFound, ResidueLeft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.service import Vault


class Draft:
    """The unsaved text of one editor. `of` is the handle of the note it changes, "" for a new one.

    `taken` says that the draft in the vault is what the editor was opened with, so that it may be replaced.
    `engagement` is the alias of the engagement that a new note is written for, "" for none.
    """

    def __init__(self, vault: Vault, of: str = "", taken: bool = False, engagement: str = "") -> None:
        self.of = of
        self.engagement = engagement
        self.taken = taken
        self._vault = vault
        self._sealed = ""

    def seal(self, text: str) -> None:
        """Seals `text` as the vault's draft. Raises VaultError; then nothing was sealed."""
        if text == self._sealed:
            return
        whole, of, engagement = text, self._living(), self._open()
        waiting = None if self.taken else self._vault.draft()
        if waiting is not None:
            # of two texts in one draft nobody can say whose it is
            whole, of, engagement = f"{waiting[0].rstrip()}\n\n{text}", "", ""
        try:
            self._vault.seal_draft(whole, of, engagement)
        except ResidueLeft:
            pass
        self._sealed = text

    def _living(self) -> str:
        try:
            return self._vault.resolve([self.of])[0] if self.of else ""
        except NoteNotFound:
            return ""

    def _open(self) -> str:
        return self.engagement if any(each.alias == self.engagement for each in self._vault.engagements()) else ""

    def drop(self) -> None:
        """Destroys the draft that the editor was opened with: its text is saved, or the coach threw it away."""
        if self.taken:
            self._vault.drop_draft()
            self.taken = False
