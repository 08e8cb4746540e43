"""Anchors: where the one small secret that can really be erased is kept. One backend a file, listed here."""

from vault.anchor.file import FileAnchor

BACKENDS = {"file": FileAnchor}
"""Name (as `status` shows it) → backend. See contract.AnchorPlace for what each must do."""
