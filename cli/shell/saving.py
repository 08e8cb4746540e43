"""Storing what was written, in the words of somebody who is still looking at the text."""

from __future__ import annotations

from cli import words as say
from cli.failures import NOT_ALLOWED, NOT_FOUND, Refused
from cli.i18n import _
from cli.shell.frame import sentence
from vault.errors import ClockUnsure, NoteNotFound, ResidueLeft, VaultError
from vault.expiry import span
from vault.months import Period

TYPE_CHECKING = False
if TYPE_CHECKING:
    from vault.expiry import Span
    from vault.service import Claim, Vault

PERIODS = tuple(Period(*each) for each in ((2, "m"), (3, "m"), (6, "m"), (1, "y"), (2, "y"), (5, "y")))
"""What one key goes through."""


class Saving:
    """Stores the editor's text: as a new note, or as the text of note `of`. Remembers what came of it.

    `keep` is how long a new note is kept; of an existing one, `moved` is the other time it gets, None for none.
    `engagement` (an alias) or `claim` say whose a new note is.
    """

    def __init__(
        self,
        vault: Vault,
        of: str = "",
        keep: Period | None = None,
        *,
        engagement: str = "",
        claim: Claim | None = None,
    ) -> None:
        self._vault = vault
        self._of = of
        self._engagement = engagement
        self._claim = claim
        self.keep = keep or vault.keep_default
        self.moved: Period | None = None
        self.longer = False
        """Whether the coach said yes to a longer time for an existing note."""
        self.handle = of
        self.span: Span | None = None
        self.residue = ""
        self._told: str | None = None

    # -- how long the note stays

    def turn_keep(self) -> None:
        """The next of PERIODS; of an existing note, after the last one, what it has now."""
        self.longer, self._told = False, None
        if not self._of:
            self.keep = self._next(self.keep) or PERIODS[0]
        else:
            self.moved = PERIODS[0] if self.moved is None else self._next(self.moved)

    def _next(self, period: Period) -> Period | None:
        today = self._vault.moment().today
        return next((each for each in PERIODS if each.deadline(today) > period.deadline(today)), None)

    def may_be_longer(self) -> bool:
        """Whether an existing note may come to stay longer than it does now, and nobody said yes to that yet."""
        try:
            return bool(self._of) and self._longer_than_now() and not self.longer
        except VaultError:
            # told when it is saved
            return False

    def _longer_than_now(self) -> bool:
        return self.moved is not None and self._vault.keep_preview(self._of, self.moved)

    def told(self) -> str:
        """How long the note is kept, for the title; empty when that can't be told."""
        if self._told is None:
            self._told = self._tell()
        return self._told

    def _tell(self) -> str:
        try:
            moment = self._vault.moment()
            if not self._of:
                return say.kept_briefly(span(moment.today, self.keep), self.keep)
            if self.moved is not None:
                new = say.kept_briefly(span(moment.today, self.moved), self.moved)
                longer = _("longer than now") if self._longer_than_now() else _("shorter than now")
                return f"{new} ({longer})"
            return say.left(say.days_left(moment, self._vault.show(self._of).months_left))
        except VaultError:
            return ""

    # -- storing

    def __call__(self, text: str) -> None:
        """Raises VaultError or Refused when nothing was stored; the text can be given again then."""
        try:
            self._store(text.strip("\n"))
        except ResidueLeft as error:
            # stored, though something old is still to be wiped
            self.residue = sentence(error)
        except NoteNotFound:
            self._of, self.moved, self._told = "", None, None
            told = _("This note was destroyed while you were writing. Save again to keep the text as a new note.")
            raise Refused(NOT_FOUND, "NoteGone", told) from None
        except ClockUnsure:
            told = _("The clock of this computer may be wrong. Lock the vault (your text is kept) and set it right.")
            raise Refused(NOT_ALLOWED, "ClockUnsure", told) from None

    def _store(self, text: str) -> None:
        if not self._of:
            self.handle, self.span = self._vault.add(text, self.keep, engagement=self._engagement, claim=self._claim)
            return
        if self.moved is not None:
            self.span, self.keep = self._vault.keep(self._of, self.moved, longer=self.longer), self.moved
            # done, should what follows fail and be tried again
            self.moved, self._told = None, None
        if text != self._vault.show(self._of).text:
            self.handle = self._vault.edit(self._of, text)


def told_saved(saving: Saving | None) -> str:
    """What came of writing, in a sentence; None is a coach who left without saving."""
    if saving is None:
        return _("Nothing was stored.")
    told = [_("Saved as {handle}.").format(handle=saving.handle)]
    if saving.span is not None:
        told.append(say.kept(saving.span, saving.keep))
    return " ".join([*told, saving.residue]).strip()
