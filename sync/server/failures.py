"""From typed errors to exit codes and sentences: the one table. No sentence holds a path, an id or a secret."""

from typing import Final

from sync.server import errors, options
from sync.server.messages import N_, _
from sync.server.storage import NoBackend, contract

BUG: Final = 1
USAGE: Final = 2
NOT_FOUND: Final = 4
DAMAGED: Final = 6
OUT_OF_REACH: Final = 7
BUSY: Final = 10
NO_SERVER: Final = 11
STORAGE: Final = 12
INTERRUPTED: Final = 130
BROKEN_PIPE: Final = 141


class Refused(Exception):
    """Something that a command itself refuses; the sentence is already in the keeper's language."""

    def __init__(self, code: int, kind: str, sentence: str) -> None:
        """`kind` names it in JSON."""
        super().__init__(kind)
        self.code, self.kind, self.sentence = code, kind, sentence


TABLE: Final[dict[type[Exception], tuple[int, str]]] = {
    errors.NoServer: (NO_SERVER, N_("There is no server in this folder yet. Make one with: ongemerkt-server init")),
    errors.ServerExists: (NO_SERVER, N_("There is a server in this folder already. Nothing was changed.")),
    errors.ServerRunning: (BUSY, N_("Another process serves from this folder already.")),
    errors.PortBusy: (BUSY, N_("It can't listen at that address and port: they are in use, or not allowed.")),
    errors.SettingsDamaged: (DAMAGED, N_("settings.json in the folder can't be understood.")),
    errors.SettingsNewer: (DAMAGED, N_("The folder was made by a newer version. Update the program.")),
    errors.KeysDamaged: (DAMAGED, N_("receipt.key in the folder is missing or damaged. Put it back from your backup.")),
    errors.CertificateUnusable: (USAGE, N_("The certificate or its key can't be read, or they don't fit together.")),
    errors.DatabaseNeeds: (
        USAGE,
        N_("This database needs more than is installed here. Add it with: pip install 'ongemerkt[postgresql]'"),
    ),
    NoBackend: (USAGE, N_("The database is either sqlite or an address that begins with postgresql://")),
    contract.Missing: (NOT_FOUND, N_("There is no account with that id.")),
    contract.Full: (STORAGE, N_("The disk is full. Make room and try again.")),
    contract.Unavailable: (OUT_OF_REACH, N_("The database can't be reached, or it is busy.")),
    contract.Damaged: (DAMAGED, N_("The database is damaged. Nothing was changed.")),
    contract.Newer: (DAMAGED, N_("The database was made by a newer version. Update the program.")),
}
_PARTS = ("starlette", "uvicorn", "h11", "cryptography", "anyio", "click")
"""What the server needs installed, as it is imported."""


def explain(error: BaseException) -> tuple[int, str, str]:
    """Exit code, kind and sentence of any error. A sentence of "" means: say nothing."""
    kind = type(error).__name__
    if isinstance(error, Refused):
        return error.code, error.kind, error.sentence
    if isinstance(error, options.UsageError):
        reason = f"{options.PROGRAM}: {error.reason}"
        return USAGE, "Usage", f"{error.usage}\n{reason}" if error.usage else reason
    if isinstance(error, KeyboardInterrupt):
        return INTERRUPTED, "Interrupted", ""
    if isinstance(error, BrokenPipeError):
        return BROKEN_PIPE, "BrokenPipe", ""
    return _of_the_table(error, kind)


def _of_the_table(error: BaseException, kind: str) -> tuple[int, str, str]:
    for found in type(error).__mro__:
        if found in TABLE:
            code, sentence = TABLE[found]
            return code, kind, _(sentence)
    if isinstance(error, ModuleNotFoundError) and (error.name or "").partition(".")[0] in _PARTS:
        return (
            USAGE,
            "NotInstalled",
            _("The server is not installed here. Add it with: pip install 'ongemerkt[server]'"),
        )
    if isinstance(error, OSError):
        return STORAGE, "StorageFailed", _("Reading or writing the server's folder failed.")
    sentence = _("Something went wrong that should not happen: a bug in ongemerkt-server ({kind}). Please report it.")
    return BUG, kind, sentence.format(kind=kind)
