"""Anchors: where the one small secret that can really be erased is kept. One backend a file, listed here."""

from collections.abc import Callable

from vault.anchor.contract import Backend
from vault.anchor.file import FileAnchor
from vault.anchor.tpm import TpmAnchor


def _file(folder: str, _tpm: str) -> Backend:
    return FileAnchor(folder)


BACKENDS: dict[str, Callable[[str, str], Backend]] = {"file": _file, "tpm": TpmAnchor}
"""Name (as `status` shows it) → how to make the backend of a vault, from its anchor folder and the TPM's address.
See contract.Backend for what each must do. A new vault's anchor is the first one."""
