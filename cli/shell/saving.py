"""Storing what was written, in the words of somebody who is still looking at the text."""

from __future__ import annotations

from cli.failures import NOT_ALLOWED, NOT_FOUND, Refused
from cli.i18n import _
from cli.shell.frame import sentence
from vault.errors import ClockUnsure, NoteNotFound, ResidueLeft

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.expiry import Span
    from vault.months import Period
    from vault.service import Vault


class Saving:
    """Stores the editor's text: as a new note, or as the text of note `of`. Remembers what came of it."""

    def __init__(self, vault: Vault, of: str = "", keep: Period | None = None) -> None:
        self._vault = vault
        self._of = of
        self.keep = keep or vault.keep_default
        self.handle = of
        self.span: Span | None = None
        self.residue = ""

    def __call__(self, text: str) -> None:
        """Raises VaultError or Refused when nothing was stored; the text can be given again then."""
        try:
            self._store(text)
        except ResidueLeft as error:
            # stored, though something old is still to be wiped
            self.residue = sentence(error)
        except NoteNotFound:
            self._of = ""
            told = _("This note was destroyed while you were writing. Save again to keep the text as a new note.")
            raise Refused(NOT_FOUND, "NoteGone", told) from None
        except ClockUnsure:
            told = _("The clock of this computer may be wrong. Lock the vault (your text is kept) and set it right.")
            raise Refused(NOT_ALLOWED, "ClockUnsure", told) from None

    def _store(self, text: str) -> None:
        if self._of:
            self.handle = self._vault.edit(self._of, text)
        else:
            self.handle, self.span = self._vault.add(text, self.keep)
