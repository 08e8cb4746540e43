"""Errors about places, backups, second factors and the inbox (docs/spec/places.md)."""

from vault.errors.core import VaultBusy, VaultDamaged, VaultError


class InboxUnknown(VaultError):
    """This computer has no copy of the vault's inbox key yet: the next unlock makes one."""


class InboxBusy(VaultBusy):
    """Another process holds the inbox, longer than sealing or taking in lasts."""


class InboxStrange(VaultDamaged):
    """What has the inbox's name is no folder."""


class JotsTooMany(VaultError):
    """limits.JOTS jots, or limits.INBOX_BYTES of them, wait already."""


class SettingsFull(VaultError):
    """There is no room in the sealed settings for what was to be added; something has to go first."""


class PlaceMissing(VaultError):
    """There is no place in this folder, or it can't be reached."""


class PlaceExists(VaultError):
    """There is a place in this folder already."""


class PlaceUnknown(VaultError):
    """The place in this folder is not one of this vault's."""


class PlaceAhead(VaultError):
    """The place was refreshed from a later state than this vault's: the vault is an older copy, or was restored."""


class PlacesTooMany(VaultError):
    """More places than limits.PLACES."""


class PlaceNotVerified(VaultError):
    """The place that was read back does not hold what was written to it."""


class PlaceFolderRefused(VaultError):
    """A folder that can't be a place: the vault's own, in it or around its anchors, or one whose name is longer than
    limits.PLACE_FOLDER_BYTES or not text."""


class PlaceDamaged(VaultError):
    """What is in this folder can't be opened as the place that it should be: cut off, tampered with, or half removed.
    The vault is none the worse for it."""


class PlaceFailed(VaultError):
    """Reading or writing the place's medium failed. `full` and `read_only` say which, if it is known."""

    def __init__(self, *, full: bool = False, read_only: bool = False) -> None:
        super().__init__(full, read_only)
        self.full = full
        self.read_only = read_only


class BackupMissing(VaultError):
    """There is no backup in this folder, or it can't be reached."""


class BackupDamaged(VaultError):
    """These bytes are no backup of this program, or it is cut off."""


class BackupOfAnother(VaultError):
    """A backup of another vault."""


class BackupNotVerified(VaultError):
    """The backup that was read back is not what was written."""


class BackupKeyMissing(VaultError):
    """The nightly backup has no key file on this machine, or it is damaged."""


class PlacesDiffer(VaultError):
    """These places are of different vaults, or of lives of one vault that went apart: none is the newest of them."""


class AnchorInUse(VaultError):
    """On this machine is an anchor of the very vault that is to be restored: another copy of it opens with that."""


class FactorNeeded(VaultError):
    """The passphrase alone does not unlock: `kinds` are those of the second factors that do (formats.header)."""

    def __init__(self, kinds: tuple[int, ...] = ()) -> None:
        super().__init__(kinds)
        self.kinds = kinds


class FactorsTooMany(VaultError):
    """More second factors than limits.FACTORS."""


class FactorKnown(VaultError):
    """This second factor opens the vault already."""


class FactorUnknown(VaultError):
    """No second factor has this number, or several have this name."""


class FactorNotVerified(VaultError):
    """Asked once more, the new second factor answered something else: nothing was changed."""


class KeyFileMissing(VaultError):
    """There is no key file of that name, or it can't be read."""


class KeyFileRefused(VaultError):
    """Not a file, or of a size outside limits.KEY_FILE_LEAST and KEY_FILE_MOST."""


class KeyFileInside(VaultError):
    """A key file in the vault's own folder or among the anchors: whoever has these would have it too."""


class SecurityKeyFailed(VaultError):
    """A security key that was asked for did not answer; `reason` is one of SECURITY_KEY, `left` the PINs that may still
    be tried, if that is known."""

    def __init__(self, reason: str = "refused", left: int | None = None) -> None:
        super().__init__(reason, left)
        self.reason = reason
        self.left = left


SECURITY_KEY = (
    "absent",  # none is plugged in
    "forbidden",  # one is, and this user may not use it
    "unknown",  # none of those plugged in is one of this vault's
    "several",  # more than one is plugged in, and it is not clear which is meant
    "silent",  # nobody touched it in time
    "gone",  # unplugged meanwhile
    "unable",  # it has no hmac-secret
    "no-pin",  # it asks for a PIN, and has none yet
    "pin",  # the PIN was wrong, or not given
    "blocked",  # too many wrong PINs
    "changed",  # it verifies its user now when it did not, or the other way round: its secret is another one
    "refused",  # it said no, or something that is not understood
    "not-installed",  # the package that speaks with it is missing
)
