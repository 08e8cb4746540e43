"""What the keeper chose at `init`, in one small file of mode 0600 (it may hold the database's password)."""

import json
from datetime import date
from pathlib import Path
from typing import Any, Final, NamedTuple

from sync import protocol
from sync.server import files, keys
from sync.server.errors import CertificateUnusable, NoServer, SettingsDamaged, SettingsNewer

FILE: Final = "settings.json"
SQLITE: Final = "sqlite"
_VERSION: Final = 1


class Settings(NamedTuple):
    """`database` is "sqlite" or a postgresql:// URL; `url` is the server's own; paths of the certificate and its key
    ("" for the ones in the folder); `pin` is the key's pin in hex where something else does the TLS ("" if nothing
    does); accounts go after `dormant_months` without a commit."""

    database: str = SQLITE
    url: str = ""
    tls_cert: str = ""
    tls_key: str = ""
    pin: str = ""
    dormant_months: int = protocol.DORMANT_MONTHS


def write(folder: Path, settings: Settings) -> None:
    """Writes the settings of a new server."""
    text = json.dumps({"version": _VERSION, **settings._asdict()}, indent=2)
    files.write_new(folder / FILE, text.encode() + b"\n")


def read(folder: Path) -> Settings:
    """Reads them. Raises NoServer, SettingsDamaged, SettingsNewer."""
    try:
        found = json.loads((folder / FILE).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise NoServer from None
    except ValueError:
        raise SettingsDamaged from None
    return _checked(found)


def _checked(found: Any) -> Settings:
    version = found.pop("version", None) if isinstance(found, dict) else None
    if not isinstance(version, int) or version < 1:
        raise SettingsDamaged
    if version > _VERSION:
        raise SettingsNewer
    usual = Settings()._asdict()
    if found.keys() != usual.keys() or any(type(value) is not type(usual[name]) for name, value in found.items()):
        raise SettingsDamaged
    return Settings(**found)


def certificate(folder: Path, settings: Settings) -> tuple[Path, Path]:
    """Where the certificate and its key are."""
    if settings.tls_cert:
        return Path(settings.tls_cert), Path(settings.tls_key)
    return folder / keys.TLS_CERT, folder / keys.TLS_KEY


def pin(folder: Path, settings: Settings) -> bytes:
    """The pin (32 bytes) that invitations carry. Raises CertificateUnusable."""
    if settings.pin:
        return bytes.fromhex(settings.pin)
    return pin_of_file(certificate(folder, settings)[0])


def pin_of_file(path: Path) -> bytes:
    """The pin of a certificate's file. Raises CertificateUnusable."""
    try:
        return keys.pin_of(path.read_bytes())
    except OSError:
        raise CertificateUnusable from None


def certificate_ends(folder: Path, settings: Settings) -> date:
    """The last day of the certificate. Raises CertificateUnusable."""
    try:
        return keys.last_day_of(certificate(folder, settings)[0].read_bytes())
    except OSError:
        raise CertificateUnusable from None
