"""From typed errors to exit codes and sentences: the one table. No sentence holds note text, a handle or a secret."""

from __future__ import annotations

from cli.i18n import N_, _
from vault import errors

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
FOUND_WARNING = 20
FOUND_SERIOUS = 21
"""The codes of `doctor`, and of nothing else (docs/adr/0023)."""
INTERRUPTED = 130
BROKEN_PIPE = 141


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
    errors.BreachUnknown: (
        NOT_FOUND,
        N_("No breach has that number. See: ongemerkt register breaches list"),
    ),
    errors.BreachRefused: (
        USAGE,
        N_("An entry says what happened. Its moments lie between 2000 and 2199; no answer is over {answer} signs."),
    ),
    errors.RegisterFull: (USAGE, N_("The register of breaches is full. Make an entry shorter, or remove an old one.")),
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
    errors.AnchorLost: (
        DAMAGED,
        N_(
            "This computer's TPM does not hold the anchor of this vault: it was cleared or replaced, or the vault is of"
            " another computer. It opens here no more. The way back is another device, or a recovery stick: move the"
            " vault's folder aside, then: ongemerkt restore --place DIR --replace"
        ),
    ),
    errors.AnchorSpent: (
        DAMAGED,
        N_(
            "The TPM is further on than this copy of the vault, and opens it never again: it is an older copy. If you"
            " put nothing back, the TPM was tampered with. The way back is another device, or a recovery stick: move"
            " the vault's folder aside, then: ongemerkt restore --place DIR --replace"
        ),
    ),
    errors.InboxSwapped: (
        DAMAGED,
        N_(
            "Somebody exchanged the key of your inbox. The right one is back in place. What you jotted down since may"
            " have been read by whoever did this. Unlock once more to go on."
        ),
    ),
    errors.InboxUnknown: (
        NOT_ALLOWED,
        N_("This computer does not know the inbox of this vault yet. Unlock the vault once; from then on you can jot."),
    ),
    errors.InboxBusy: (BUSY, N_("Something else keeps the inbox busy. Try again in a moment.")),
    errors.InboxStrange: (
        DAMAGED,
        N_("The inbox in the vault's folder is no folder: somebody changed it. Take it away by hand."),
    ),
    errors.JotsTooMany: (
        STORAGE,
        N_("The inbox is full. Take in what waits there first, with: ongemerkt inbox"),
    ),
    errors.SettingsFull: (
        USAGE,
        N_("There is no room for that any more: first take away allowed words, templates or engagements."),
    ),
    errors.PlaceMissing: (NOT_FOUND, N_("There is no recovery stick in that folder. Is it plugged in?")),
    errors.PlaceExists: (USAGE, N_("There is a recovery stick in that folder already. Nothing was changed.")),
    errors.PlaceUnknown: (NOT_FOUND, N_("The stick in that folder is not one of this vault's.")),
    errors.PlaceAhead: (
        DAMAGED,
        N_(
            "The stick is further on than this vault: this vault is an older copy, or another one was restored from the"
            " stick. Nothing was changed. If you moved to another computer, forget the stick here: ongemerkt place"
            " remove DIR --lost"
        ),
    ),
    errors.PlacesTooMany: (USAGE, N_("There are {places} recovery sticks, the most there can be. Remove one first.")),
    errors.PlaceNotVerified: (
        STORAGE,
        N_("What was read back from the stick is not what was written. Take another stick; this one can't be trusted."),
    ),
    errors.PlaceFolderRefused: (
        USAGE,
        N_("A recovery stick can't be there: not in the vault's own folders, and its name not too long."),
    ),
    errors.PlaceDamaged: (
        DAMAGED,
        N_("The stick is damaged or somebody changed it. Your vault is whole: remove the stick and make a new one."),
    ),
    errors.PlaceFailed: (STORAGE, ""),
    errors.BackupMissing: (NOT_FOUND, N_("There is no backup in that folder.")),
    errors.BackupDamaged: (DAMAGED, N_("The backup in that folder is damaged, or it is not one of ongemerkt.")),
    errors.BackupOfAnother: (USAGE, N_("The backup in that folder is of another vault. Nothing was changed.")),
    errors.BackupNotVerified: (
        STORAGE,
        N_("What was read back from the backup is not what was written. Take another disk for it."),
    ),
    errors.BackupKeyMissing: (
        NOT_FOUND,
        N_("No nightly backup is set up on this computer. Set it up with: ongemerkt backup DIR --nightly"),
    ),
    errors.PlacesDiffer: (
        USAGE,
        N_("These sticks went different ways: none of them is the newest. Give one of them only. Nothing was changed."),
    ),
    errors.AnchorInUse: (
        NO_VAULT,
        N_(
            "This computer has a copy of this vault already, perhaps in another folder. If you give that one up for"
            " good, repeat this with --replace. Nothing was changed."
        ),
    ),
    errors.FactorNeeded: (
        NOT_ALLOWED,
        N_("This vault needs your second factor as well: give the key file with --key-file, or plug in your key."),
    ),
    errors.FactorsTooMany: (USAGE, N_("There are {factors} second factors, the most there can be. Remove one first.")),
    errors.FactorKnown: (USAGE, N_("This second factor opens your vault already. Nothing was changed.")),
    errors.FactorUnknown: (NOT_FOUND, N_("No second factor is called that. See the numbers: ongemerkt factor list")),
    errors.FactorNotVerified: (
        STORAGE,
        N_("Asked once more, the second factor gave something else: it can't be relied on. Nothing was changed."),
    ),
    errors.KeyFileMissing: (NOT_ALLOWED, N_("The key file is not there, or it can't be read.")),
    errors.KeyFileRefused: (NOT_ALLOWED, N_("A key file is a file of at least 32 bytes and at most 1 MiB.")),
    errors.KeyFileInside: (
        USAGE,
        N_("A key file inside the vault's own folder protects nothing. Keep it elsewhere, best on a stick of its own."),
    ),
    errors.SecurityKeyFailed: (NOT_ALLOWED, ""),
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
    errors.PaperExists: (
        USAGE,
        N_(
            "There is a recovery paper for the server already. To make a new one: ongemerkt sync recovery off, then on."
        ),
    ),
    errors.PaperMissing: (
        NOT_FOUND,
        N_("There is no such recovery paper any more: it was used, switched off, or ended when a device left."),
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
    errors.TpmUnreachable: (STORAGE, ""),
    errors.ResidueLeft: (
        RESIDUE,
        N_("Done, but the old key could not be wiped yet. It is tried again at the next unlock."),
    ),
}


def clock_unsure(months_ahead: int) -> str:
    """The sentence for a clock that is months ahead of the last unlock."""
    from cli import explaining

    return explaining.clock_unsure(months_ahead)


def explain(error: BaseException) -> tuple[int, str, str]:
    """Exit code, kind and sentence of any error. A sentence of "" means: say nothing."""
    from cli import explaining

    return explaining.explain(error)
