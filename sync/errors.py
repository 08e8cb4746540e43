"""Typed errors of the sync. They carry facts, never words for the user: cli/ has the words and the exit codes.

No error holds text, a key, a secret, a code, a date or an id. What the transport raises stands here (sync §8.3 names
the statuses); the refusals of sync §4.3 are the engine's.
"""


class SyncError(Exception):
    """Base of every error that the client's side of the sync raises on purpose."""


# -- what was asked cannot be done as asked


class UrlRefused(SyncError):
    """Not the address of a server: https, a name or a literal address, and at most a port."""


class CountryDataRefused(SyncError):
    """The file with the countries of addresses is missing, or not one."""


# -- out of reach, or busy: try again later


class ServerOutOfReach(SyncError):
    """No connection, no such name, no answer in time, a connection dropped, or a server that is stopping or ill."""


class ServerBusy(SyncError):
    """The server asks for patience for longer than a session waits, or other devices keep coming first."""


# -- a server that is not what it should be


class ServerKeyChanged(SyncError):
    """Another key than the pinned one answers. Nothing was sent to it.

    `found_pin` is the pin (32 bytes, sync §7.1) of the key that answered, for a coach who pins anew by hand.
    """

    def __init__(self, found_pin: bytes) -> None:
        super().__init__()
        self.found_pin = found_pin


class ServerAbroad(SyncError):
    """An address of the server lies in a country that the rule does not allow. Nothing was sent to it.

    `country` is the code of ISO 3166-1 for it.
    """

    def __init__(self, country: str) -> None:
        super().__init__()
        self.country = country


class CountryUnknown(SyncError):
    """The data do not say where an address of the server lies, or are too old to say. Nothing was sent to it.

    `stale` tells the second from the first.
    """

    def __init__(self, stale: bool = False) -> None:
        super().__init__()
        self.stale = stale


class ServerAnswersWrong(SyncError):
    """What answers does not speak this protocol: form, status, size, redirect, or not even TLS."""


class ServerNewer(SyncError):
    """What answers speaks another version of the protocol (sync §10)."""


# -- answers of a server that works as it should


class ServerFull(SyncError):
    """The account's quota on the server is used up, or its disk is."""


class Conflict(SyncError):
    """Another version or generation than the present one; or the account or device exists already."""


class RequestRefused(SyncError):
    """The server, or a proxy before it, refuses our own bytes. `name` is the error's name in sync §8.3."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name


class NotKnown(SyncError):
    """The server does not know this device, or its account: another server, or one that was emptied."""


class DeviceRemoved(SyncError):
    """The device was removed. `notice` (1,024 bytes, sync §7.3) proves nothing until it has been checked."""

    def __init__(self, notice: bytes) -> None:
        super().__init__()
        self.notice = notice


class DeviceAbsent(SyncError):
    """The account has no such device on the server: it left."""


class InvitationRefused(SyncError):
    """The server does not know this invitation: used up, past, or never made."""


class OfferGone(SyncError):
    """The offer of this pairing code is not there: taken, past, or never made."""
