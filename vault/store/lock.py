"""One process at a time holds the vault (design.md section 4)."""

import fcntl
import os

from vault import errors, files
from vault.store.names import LOCK


class ProcessLock:
    """The lock on a vault's folder. The system lets go of it when the process ends, however it ends."""

    def __init__(self, folder: str) -> None:
        """Takes the lock. Raises VaultBusy, StorageFailed."""
        path = os.path.join(folder, LOCK)
        try:
            try:
                self._descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            except OSError as error:
                if not files.failed(error).read_only:
                    raise
                # a vault on a read-only medium can still be read, and locked
                self._descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        except OSError as error:
            raise files.failed(error) from None
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            os.close(self._descriptor)
            self._descriptor = -1
            raise errors.VaultBusy from None
        files.still(path)

    def release(self) -> None:
        """Lets go. May be called twice."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
