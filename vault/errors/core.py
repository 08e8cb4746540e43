"""Errors about notes, secrets, the vault itself and the machine."""


class VaultError(Exception):
    """Base of every error the core raises on purpose."""


# -- what was asked cannot be done as asked -----------------------------------


class NoVault(VaultError):
    """There is no vault in this folder."""


class VaultExists(VaultError):
    """There is a vault, or something that looks like one, in this folder already."""


class VaultBusy(VaultError):
    """Another process holds the vault."""


class VaultLocked(VaultError):
    """This vault object was closed; its keys are gone."""


class NoteNotFound(VaultError):
    """No living note has this handle."""


class HandleAmbiguous(VaultError):
    """Several living notes start with these letters."""


class HandleMalformed(VaultError):
    """These letters can't be the start of any handle."""


class NoteEmpty(VaultError):
    """A note without any text."""


class NoteTooLong(VaultError):
    """The note's UTF-8 form is longer than limits.NOTE_BYTES."""


class NoteNotText(VaultError):
    """The note holds a NUL or another control character that is not text."""


class AllowedTooMany(VaultError):
    """More allowed words, or more bytes of them, than limits.ALLOWED_WORDS and limits.ALLOWED_BYTES."""


class AllowedRefused(VaultError):
    """An allowed word that is longer than limits.ALLOWED_WORD_BYTES or holds characters that are not text."""


class TemplatesTooMany(VaultError):
    """More templates, or more bytes of them, than limits.TEMPLATES and limits.TEMPLATES_BYTES."""


class TemplateRefused(VaultError):
    """A template without name or text, too long, not text, or with the name of another one."""


class PolicyUnknown(VaultError):
    """Not one of the guard's policies."""


class AliasRefused(VaultError):
    """An alias that is empty, longer than limits.ALIAS_BYTES or not one line of text."""


class EngagementExists(VaultError):
    """An open engagement has this alias already, or this claim code."""


class EngagementUnknown(VaultError):
    """No open engagement has this alias."""


class EngagementStrict(VaultError):
    """The notes of a strict engagement are found by its claim code only."""


class EngagementsTooMany(VaultError):
    """More engagements, or more bytes of them, than limits.ENGAGEMENTS and limits.ENGAGEMENTS_BYTES."""


class ClaimLength(VaultError):
    """A claim code has limits.CLAIM_WORDS words, and these were `count`."""

    def __init__(self, count: int) -> None:
        super().__init__(count)
        self.count = count


class NothingThere(VaultError):
    """What was asked is about no note: the claim code fits none, or its notes are all gone. Nobody can tell which."""


class ReceiptsWaiting(VaultError):
    """limits.UNDER_WAY receipts are not out yet: they come first."""


class NoReceiptWaiting(VaultError):
    """No receipt waits to be made again."""


class ReceiptMalformed(VaultError):
    """These bytes are not a receipt."""


class ReceiptNewer(VaultError):
    """A receipt of a newer version of this program."""


class ReceiptForged(VaultError):
    """The receipt's signature does not fit: it was changed, or made up."""


class TargetExists(VaultError):
    """A file has the name of the copy or receipt that was to be written."""


class TargetFailed(VaultError):
    """The copy or receipt could not be written where it was to go. `full` and `read_only` say why, if it is known."""

    def __init__(self, *, full: bool = False, read_only: bool = False) -> None:
        super().__init__(full, read_only)
        self.full = full
        self.read_only = read_only


class CopyNotVerified(VaultError):
    """The copy that was read back is not what was written, or its own reader does not open it."""


class BreachUnknown(VaultError):
    """No entry of the register of breaches has this number."""


class BreachRefused(VaultError):
    """An entry of that register without a word of what happened, with too long an answer or an impossible day."""


class RegisterFull(VaultError):
    """The register of breaches has no room for that any more."""


class PeriodMalformed(VaultError):
    """A period that is not written like 90d, 6m or 1y."""


class PeriodTooShort(VaultError):
    """Less than two months."""


class PeriodTooLong(VaultError):
    """More than ten years."""


class KeepLonger(VaultError):
    """The new period may keep the note longer than it is kept now, and nobody confirmed that."""


class PassphraseTooShort(VaultError):
    """Fewer characters than limits.PASSPHRASE_CHARACTERS."""


class WordNotUnderstood(VaultError):
    """A word of a phrase is on no list, or could be several. `place` counts from 1; the word itself is a secret."""

    def __init__(self, place: int) -> None:
        super().__init__(place)
        self.place = place


class ClockUnsure(VaultError):
    """The clock is months ahead of the last unlock and nobody confirmed it; writing would promise a wrong date."""

    def __init__(self, months_ahead: int) -> None:
        super().__init__(months_ahead)
        self.months_ahead = months_ahead


class MemoryRefused(VaultError):
    """The system has not enough memory for the key derivation."""


# -- secrets -------------------------------------------------------------------


class WrongSecret(VaultError):
    """No unlock method accepts this passphrase or recovery code; or the second factor is another one.

    `factor` says whether one was asked for, which the header says anyway; which of the two is wrong nobody can tell.
    """

    def __init__(self, factor: bool = False) -> None:
        super().__init__()
        self.factor = factor


# -- the vault is not what it should be (each names what was noticed, nothing else) ----------


class VaultDamaged(VaultError):
    """Something in the vault is damaged or was tampered with."""


class HeaderDamaged(VaultDamaged):
    """The header is cut off, overwritten or not a header of this program."""


class VersionUnknown(VaultDamaged):
    """Written by a newer version of this program."""


class ParametersRefused(VaultDamaged):
    """Key-derivation parameters outside limits' floor and ceiling."""


class DatabaseDamaged(VaultDamaged):
    """vault.db cannot be read as the database that belongs to this header."""


class LedgerTampered(VaultDamaged):
    """A ledger page or the head is not the one that the head names, or does not open."""


class SlotTampered(VaultDamaged):
    """A slot's box is not the one that the ledger names, or does not open."""


class RolledBack(VaultDamaged):
    """vault.db is an older copy: the anchor remembers a newer head of this epoch."""


class AnchorMissing(VaultDamaged):
    """There is no anchor for this vault on this machine."""


class AnchorMismatch(VaultDamaged):
    """The anchor here is of another epoch than vault.db: an older or newer copy of one of the two."""


class AnchorDamaged(VaultDamaged):
    """The anchor file is cut off or overwritten."""


class AnchorLost(VaultDamaged):
    """This TPM does not hold the vault's anchor (any more): cleared, replaced, another computer's, counter removed."""


class AnchorSpent(VaultDamaged):
    """The TPM's counter is past this anchor: an older copy, destroyed for good, or the counter was made anew."""


class InboxSwapped(VaultDamaged):
    """The inbox key in the header is not the vault's: somebody exchanged it. The right one has been put back."""


# -- exports ---------------------------------------------------------------------


class ExportNeeds(VaultError):
    """This format needs packages that are not installed; `extra` names the optional extra that brings them."""

    def __init__(self, extra: str) -> None:
        super().__init__(extra)
        self.extra = extra


class ExportTooLarge(VaultError):
    """More text than limits.EXPORT_BYTES in one export."""


class ExportFailed(VaultError):
    """The typesetter refused the notes. Its message would quote them, so it goes no further than here."""


class ExportNotVerified(VaultError):
    """What was read back is not the export of these notes. Nothing may be shredded for it."""


# -- the machine ------------------------------------------------------------------


class StorageFailed(VaultError):
    """Reading or writing the disk failed. `full` and `read_only` say which, if it is known."""

    def __init__(self, *, full: bool = False, read_only: bool = False) -> None:
        super().__init__(full, read_only)
        self.full = full
        self.read_only = read_only


class TpmUnreachable(StorageFailed):
    """The TPM could not be used; nothing was changed in it. `reason` is one of TPM_REASONS.

    A kind of StorageFailed: whatever copes with a disk that fails copes with this.
    """

    def __init__(self, reason: str) -> None:
        super().__init__()
        self.args = (reason,)
        self.reason = reason


TPM_REASONS = ("library", "missing", "refused", "busy", "owned", "locked", "full", "failed")
"""The library isn't installed; no such device; no permission; somebody else has it; the owner hierarchy has a password;
locked out after wrong guesses; no room for a counter; anything else."""


class ResidueLeft(VaultError):
    """The change is committed, but what it replaces (anchor, header) could not be removed; the next unlock does it."""
