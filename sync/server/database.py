"""Opens the storage that the settings name (sync/server/storage)."""

import re
from pathlib import Path

from sync.server.errors import DatabaseNeeds
from sync.server.storage import open_storage
from sync.server.storage.contract import Storage

_PASSWORD = re.compile(r"//[^/@]*:[^/@]+@|[?&]password=|\bpassword\s*=", re.IGNORECASE)


def has_password(database: str) -> bool:
    """Whether the address holds a password: then it has no place in a command line, which other users can read."""
    return bool(_PASSWORD.search(database))


def opened(folder: Path, database: str) -> Storage:
    """Opens it. Raises DatabaseNeeds when what it takes is not installed, and StorageError."""
    try:
        return open_storage(database, str(folder))
    except ImportError:
        raise DatabaseNeeds from None
