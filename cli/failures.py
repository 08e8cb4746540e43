"""From typed errors to exit codes and sentences: the one table. No sentence holds note text, a handle or a secret."""

from __future__ import annotations

from cli.i18n import N_, _, ngettext
from vault import errors, limits

DONE = 0
BUG = 1
USAGE = 2
NOT_ALLOWED = 3
NOT_FOUND = 4
GUARDED = 5
DAMAGED = 6
AWAY = 7
SERVER = 8
RESIDUE = 9
BUSY = 10
NO_VAULT = 11
STORAGE = 12
INTERRUPTED = 130
BROKEN_PIPE = 141
_PARTS = ("nacl", "argon2", "sqlcipher3", "prompt_toolkit", "zxcvbn_rs_py", "segno", "cryptography", "pyrage")
"""What the coach's program needs installed, as it is imported."""


class Refused(Exception):
    """Something that cli/ itself refuses. `kind` names it in JSON; the sentence is already in the user's language."""

    def __init__(self, code: int, kind: str, sentence: str) -> None:
        super().__init__(kind)
        self.code = code
        self.kind = kind
        self.sentence = sentence


def no_way_to_ask() -> Refused:
    """No terminal, and no option that gives the passphrase."""
    sentence = _("There is no terminal to ask for the passphrase. Give it with --passphrase-file or --passphrase-fd.")
    return Refused(NOT_ALLOWED, "NoWayToAsk", sentence)


def not_confirmed(sentence: str) -> Refused:
    """Something that needed a yes did not get one."""
    return Refused(NOT_ALLOWED, "NotConfirmed", sentence)


def bad_input(kind: str, sentence: str) -> Refused:
    """What was typed or given can't be used."""
    return Refused(USAGE, kind, sentence)


TABLE: dict[type[errors.VaultError], tuple[int, str]] = {
    errors.VaultError: (BUG, N_("Something went wrong in the vault that should not happen.")),
    errors.NoVault: (NO_VAULT, N_("There is no vault here yet. Make one with: ongemerkt init")),
    errors.VaultExists: (NO_VAULT, N_("There is a vault here already. Nothing was changed.")),
    errors.VaultBusy: (BUSY, N_("The vault is open in another window or program. Close it there first.")),
    errors.VaultLocked: (NOT_ALLOWED, N_("The vault is locked. Open it again.")),
    errors.NoteNotFound: (NOT_FOUND, N_("There is no note with that handle.")),
    errors.HandleAmbiguous: (NOT_FOUND, N_("Several notes start with those letters. Type a few more.")),
    errors.HandleMalformed: (NOT_FOUND, N_("That is not a handle. A handle is six letters, such as 'bakemo'.")),
    errors.NoteEmpty: (USAGE, N_("The note is empty. Nothing was stored.")),
    errors.NoteTooLong: (USAGE, N_("The note is longer than {limit} MiB. Nothing was stored.")),
    errors.NoteNotText: (USAGE, N_("The note holds characters that are not text. Nothing was stored.")),
    errors.AliasRefused: (USAGE, N_("An alias is one line of text, at most {alias} characters long.")),
    errors.EngagementExists: (USAGE, N_("An engagement with that alias or that slip is open already.")),
    errors.EngagementUnknown: (NOT_FOUND, N_("No engagement with that alias is open. See: ongemerkt engagement list")),
    errors.EngagementStrict: (
        NOT_ALLOWED,
        N_("This engagement is strict: only the client's slip finds its notes. Take --claim or --claim-file."),
    ),
    errors.EngagementsTooMany: (USAGE, N_("There is no room for more engagements. Close one that is over.")),
    errors.ClaimLength: (USAGE, N_("A claim slip has {words} words. Look at your paper once more.")),
    errors.NothingThere: (NOT_FOUND, N_("Nothing is kept under this. There never was anything, or it is all gone.")),
    errors.ReceiptsWaiting: (
        NOT_ALLOWED,
        N_("Too many receipts are not out yet. Make them first with: ongemerkt receipt again FILE"),
    ),
    errors.NoReceiptWaiting: (NOT_FOUND, N_("No receipt is waiting: all of them are out.")),
    errors.ReceiptMalformed: (DAMAGED, N_("This is not a receipt, or it was damaged.")),
    errors.ReceiptNewer: (DAMAGED, N_("This receipt is of a newer version of ongemerkt. Update the program.")),
    errors.ReceiptForged: (DAMAGED, N_("The signature of this receipt does not fit: it was changed, or made up.")),
    errors.TargetExists: (
        USAGE,
        N_("A file with that name is there already. Nothing was written over; choose another name."),
    ),
    errors.TargetFailed: (STORAGE, ""),
    errors.CopyNotVerified: (
        STORAGE,
        N_("The copy that was read back is not what was written. It was removed, and nothing was destroyed."),
    ),
    errors.PeriodMalformed: (USAGE, N_("Write a period as 90d, 6m or 1y: days, months or years.")),
    errors.PeriodTooShort: (USAGE, N_("That is too short: a note is kept for at least two months.")),
    errors.PeriodTooLong: (USAGE, N_("That is too long: a note is kept for at most ten years.")),
    errors.KeepLonger: (NOT_ALLOWED, N_("The note would be kept longer than it is now. Confirm that with --yes.")),
    errors.PassphraseTooShort: (USAGE, N_("The passphrase is too short: use at least {characters} characters.")),
    errors.WordNotUnderstood: (USAGE, N_("Word {place} is not understood. Look at your paper once more.")),
    errors.AllowedTooMany: (
        USAGE,
        N_("Too many words are allowed in this vault. Forget a few with: ongemerkt guard forget"),
    ),
    errors.AllowedRefused: (USAGE, N_("An allowed word is one line of text, at most {allowed} characters long.")),
    errors.TemplatesTooMany: (USAGE, N_("There is no room for more templates. Take one away or make one shorter.")),
    errors.TemplateRefused: (
        USAGE,
        N_("A template has a name of its own and a text of at most {template} characters."),
    ),
    errors.PolicyUnknown: (USAGE, N_("The guard does one of four things: ask, redact, refuse or off.")),
    errors.ClockUnsure: (NOT_ALLOWED, ""),
    errors.MemoryRefused: (STORAGE, N_("There is not enough memory free to open the vault. Close other programs.")),
    errors.WrongSecret: (NOT_ALLOWED, N_("That passphrase does not fit this vault.")),
    errors.VaultDamaged: (DAMAGED, N_("The vault is damaged or somebody tampered with it. Nothing was changed.")),
    errors.HeaderDamaged: (DAMAGED, N_("The vault's header is damaged, or it is not a vault of this program.")),
    errors.VersionUnknown: (DAMAGED, N_("This vault was written by a newer version of ongemerkt. Update the program.")),
    errors.ParametersRefused: (DAMAGED, N_("The vault's header asks for an unsafe key derivation. It was refused.")),
    errors.DatabaseDamaged: (DAMAGED, N_("vault.db is damaged, or it does not belong to this vault.")),
    errors.LedgerTampered: (DAMAGED, N_("The ledger of the vault was damaged or tampered with.")),
    errors.SlotTampered: (DAMAGED, N_("The stored text of a note was damaged or tampered with.")),
    errors.RolledBack: (DAMAGED, N_("vault.db is an older copy than the one used here last. It was refused.")),
    errors.AnchorMissing: (DAMAGED, N_("The anchor of this vault is not on this computer; without it nothing opens.")),
    errors.AnchorMismatch: (
        DAMAGED,
        N_("The anchor and vault.db do not belong together: one of them is an older copy."),
    ),
    errors.AnchorDamaged: (DAMAGED, N_("The anchor of this vault is damaged.")),
    errors.NotEnrolled: (
        USAGE,
        N_("This vault is not on a server. With an invitation of its keeper: ongemerkt sync enrol URL"),
    ),
    errors.AlreadyEnrolled: (USAGE, N_("This vault is on a server already. First leave it with: ongemerkt sync leave")),
    errors.DevicesTooMany: (
        USAGE,
        N_("There are {devices} devices, the most there can be. Revoke one with: ongemerkt device revoke NAME"),
    ),
    errors.DeviceUnknown: (NOT_FOUND, N_("No other device has that name. See: ongemerkt device list")),
    errors.DeviceNameRefused: (
        USAGE,
        N_("The name of a device is one line of text, at most {device} characters long, and no other device has it."),
    ),
    errors.DeviceRevoked: (
        NO_VAULT,
        N_(
            "This device was revoked: everything in its vault was destroyed. Nothing is left here; it gets nothing"
            " more."
        ),
    ),
    errors.DeviceAway: (
        NOT_ALLOWED,
        N_(
            "This device was away for more than a year and does not take part any more. Its notes stay here. To take"
            " part anew: 'device add' on another device, here 'device join' with --vault and a new folder."
        ),
    ),
    errors.ServerPoolFull: (
        STORAGE,
        N_("There are more notes than a server can hold. Here everything goes on; nothing was sent."),
    ),
    errors.ServerMisbehaved: (
        SERVER,
        N_("The server's answer is not right. It was refused; nothing here was changed. Ask its keeper what happened."),
    ),
    errors.ServerEmptied: (
        SERVER,
        N_(
            "The server holds nothing of this vault any more. That was refused: nothing here was changed, your notes"
            " are all here. Ask the keeper whether it was emptied. If so: ongemerkt sync leave, then enrol anew."
        ),
    ),
    errors.ServerForged: (
        SERVER,
        N_(
            "The server offers something that none of your devices made. It was refused; nothing here was changed. Ask"
            " the keeper what happened, and sync no more until you know."
        ),
    ),
    errors.ServerRolledBack: (
        SERVER,
        N_(
            "The server offers an older state than the one it had. It was refused; nothing here was changed. Did the"
            " keeper put a backup back? Then: ongemerkt sync leave, and enrol anew. What stands here holds."
        ),
    ),
    errors.ServerForked: (
        SERVER,
        N_(
            "The server tells this device another story than your other devices. It was refused; nothing here was"
            " changed. Compare the six words of 'ongemerkt sync status' on each device, and ask the keeper."
        ),
    ),
    errors.ServerTampered: (
        SERVER,
        N_(
            "What the server holds is damaged, or somebody tampered with it. It was refused; nothing here was changed."
            " Ask the keeper. If it stays so: ongemerkt sync leave, then enrol anew. What stands here holds."
        ),
    ),
    errors.ServerSharesChanged: (
        SERVER,
        N_(
            "The server lost keys of coming months, so it could not give your notes back. That was refused; nothing"
            " here was changed. Ask the keeper. If it stays so: ongemerkt sync leave, then enrol anew."
        ),
    ),
    errors.ServerReceiptWrong: (
        SERVER,
        N_(
            "The server's signature does not fit: it is another server, or its keys were replaced. Its answer was"
            " refused. Ask the keeper."
        ),
    ),
    errors.ServerNewer: (
        SERVER,
        N_(
            "What the server holds was written by a newer version of ongemerkt. Update the program; nothing was"
            " changed."
        ),
    ),
    errors.DeviceOutdated: (
        SERVER,
        N_(
            "This vault is an older copy of itself: the server knows this device further on. Nothing was changed. Let"
            " it join anew: 'device add' on another device, here 'device join' with --vault and a new folder."
        ),
    ),
    errors.ExportNeeds: (
        USAGE,
        N_("This format needs more than is installed here. Add it with: pip install 'ongemerkt[{extra}]'"),
    ),
    errors.ExportTooLarge: (USAGE, N_("That is too much text for one export. Choose fewer notes.")),
    errors.ExportFailed: (BUG, N_("The export could not be typeset. Choose another format. Nothing was destroyed.")),
    errors.ExportNotVerified: (
        STORAGE,
        N_("The export could not be read back as it should be. Nothing was destroyed. Try another place or format."),
    ),
    errors.StorageFailed: (STORAGE, ""),
    errors.ResidueLeft: (
        RESIDUE,
        N_("Done, but the old key could not be wiped yet. It is tried again at the next unlock."),
    ),
}


def _storage(error: errors.StorageFailed) -> str:
    if error.full:
        return _("The disk is full. Make room and try again.")
    if error.read_only:
        return _("The vault can only be read here: writing is not allowed.")
    return _("Reading or writing the disk failed.")


def _target(error: errors.TargetFailed) -> str:
    if error.full:
        return _("The disk for the new file is full. Choose another place, or make room.")
    if error.read_only:
        return _("The new file can't be written there: writing is not allowed. Choose another place.")
    return _("The new file can't be written there. Choose another place.")


def clock_unsure(months_ahead: int) -> str:
    """The sentence for a clock that is months ahead of the last unlock."""
    return ngettext(
        "The clock is {n} month ahead of the last time. If that is right, confirm it with: ongemerkt expire",
        "The clock is {n} months ahead of the last time. If that is right, confirm it with: ongemerkt expire",
        months_ahead,
    ).format(n=months_ahead)


def explain(error: BaseException) -> tuple[int, str, str]:
    """Exit code, kind and sentence of any error. A sentence of "" means: say nothing."""
    kind = type(error).__name__
    if isinstance(error, Refused):
        return error.code, error.kind, error.sentence
    if isinstance(error, errors.VaultError):
        return _of_the_core(error, kind)
    if type(error).__module__ == "sync.errors":
        # told apart by its name, so that nothing of sync/ is loaded where no server is asked
        from cli import syncfailures

        code, sentence = syncfailures.explain(error)  # type: ignore[arg-type]
        return code, kind, sentence
    if isinstance(error, KeyboardInterrupt | BrokenPipeError):
        return (BROKEN_PIPE, "BrokenPipe", "") if isinstance(error, OSError) else (INTERRUPTED, "Interrupted", "")
    if isinstance(error, MemoryError):
        return _of_the_core(errors.MemoryRefused(), "MemoryRefused")
    if isinstance(error, OSError):
        return _of_the_core(_of_the_system(error), "StorageFailed")
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in _PARTS:
        sentence = _(
            "The program is not installed here with all it needs. Add that with: pip install 'ongemerkt[coach]'"
        )
        return USAGE, "NotInstalled", sentence
    sentence = _("Something went wrong that should not happen: a bug in ongemerkt ({kind}). Please report it.")
    return BUG, kind, sentence.format(kind=kind)


def _of_the_core(error: errors.VaultError, kind: str) -> tuple[int, str, str]:
    code, sentence = TABLE[next(found for found in type(error).__mro__ if found in TABLE)]
    if isinstance(error, errors.StorageFailed):
        return code, kind, _storage(error)
    if isinstance(error, errors.TargetFailed):
        return code, kind, _target(error)
    if isinstance(error, errors.ClockUnsure):
        return code, kind, clock_unsure(error.months_ahead)
    if isinstance(error, errors.WordNotUnderstood):
        return code, kind, _(sentence).format(place=error.place)
    if isinstance(error, errors.ExportNeeds):
        return code, kind, _(sentence).format(extra=error.extra)
    return (
        code,
        kind,
        _(sentence).format(
            limit=limits.NOTE_BYTES >> 20,
            device=limits.DEVICE_NAME_BYTES,
            devices=limits.DEVICES,
            characters=limits.PASSPHRASE_CHARACTERS,
            allowed=limits.ALLOWED_WORD_BYTES,
            alias=limits.ALIAS_BYTES,
            words=limits.CLAIM_WORDS,
            template=limits.TEMPLATE_BYTES,
        ),
    )


def _of_the_system(error: OSError) -> errors.StorageFailed:
    import errno

    return errors.StorageFailed(
        full=error.errno in (errno.ENOSPC, errno.EDQUOT), read_only=error.errno in (errno.EROFS, errno.EACCES)
    )
