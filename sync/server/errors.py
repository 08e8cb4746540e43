"""What can go wrong around the server, as types. Words and exit codes are in sync/server/failures.py."""


class ServerError(Exception):
    """Base of these. None carries a path, a URL, an id or a secret."""


class NoServer(ServerError):
    """The folder holds no server."""


class ServerExists(ServerError):
    """The folder holds a server already."""


class ServerRunning(ServerError):
    """Another process serves from this folder."""


class PortBusy(ServerError):
    """Something else listens there, or it may not be listened there."""


class SettingsDamaged(ServerError):
    """The settings file is not what was written."""


class SettingsNewer(ServerError):
    """The settings file is of a newer version."""


class KeysDamaged(ServerError):
    """A key file is missing or is not what was written."""


class CertificateUnusable(ServerError):
    """A certificate, or its key, can't be read, or they don't fit together."""


class DatabaseNeeds(ServerError):
    """What this database needs is not installed."""
