"""Errors about sync (docs/spec/sync-protocol.md)."""

from vault.errors.core import VaultError

# -- sync: what was asked (docs/spec/sync-protocol.md) ----------------------------


class NotEnrolled(VaultError):
    """This vault is on no server."""


class AlreadyEnrolled(VaultError):
    """This vault is on a server already."""


class DevicesTooMany(VaultError):
    """More devices than limits.DEVICES, removed ones included while they are remembered."""


class DeviceUnknown(VaultError):
    """No device of the account has this name."""


class DeviceNameRefused(VaultError):
    """A name that is empty, longer than limits.DEVICE_NAME_BYTES, not one line of text, or another device's."""


class PaperExists(VaultError):
    """The account has a recovery paper already."""


class PaperMissing(VaultError):
    """The account has no recovery paper, or not the one that was typed: it was replaced or switched off."""


class DeviceRevoked(VaultError):
    """This device was revoked: it gets nothing any more, and destroys what it holds (sections 4.3 and 7.3)."""


class DeviceAway(VaultError):
    """This device was away too long: it must join anew, and keeps its notes (sections 4.3 and 6.6)."""


class ServerPoolFull(VaultError):
    """The notes need a larger pool than a server holds (section 8.10)."""


# -- the server misbehaved: nothing was written (section 4.3) ----------------------


class ServerMisbehaved(VaultError):
    """The server's answer is not what an honest server would give. It was refused, however often it is repeated."""


class ServerEmptied(ServerMisbehaved):
    """The server has no head of an account that had one."""


class ServerForged(ServerMisbehaved):
    """A head, certificate, removal or notice that no device of the account made, or that is another account's."""


class ServerRolledBack(ServerMisbehaved):
    """The head is older than the last one."""


class ServerForked(ServerMisbehaved):
    """Another head of the same version, or one that lacks what a device has written."""


class ServerTampered(ServerMisbehaved):
    """Pages that are not those of the head, or a slot that does not open."""


class ServerSharesChanged(ServerMisbehaved):
    """The share of a month that is not past is missing or another one."""


class ServerReceiptWrong(ServerMisbehaved):
    """A signed month or receipt that is not of this server, or not of what was asked."""


class ServerNewer(ServerMisbehaved):
    """Something of a newer version. Nothing older is tried instead (section 10)."""


class DeviceOutdated(ServerMisbehaved):
    """The head knows a later one written by this device: this vault is an older copy of itself."""
