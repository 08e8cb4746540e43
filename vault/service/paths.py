"""Where a vault lives (docs/spec/vault.md section 1). Nothing here takes long to import."""

import os
from typing import NamedTuple

from vault import files
from vault.store.names import DATABASE, LOCK

HEADER = "header"
NEXT_HEADER = "header.next"
BEGUN = "begun"
"""While a vault is being made: the epoch of the anchor that belongs to it, so that no other one is taken for it."""
INBOX = "inbox"
"""The folder of jots, and beside the anchor the copy of the inbox key."""


TPM = "device:/dev/tpmrm0"
"""Linux's own resource manager: several programs may use the TPM at once, and a killed one leaves nothing in it."""


class Paths(NamedTuple):
    """Where a vault lives: `data` its folder, `anchors` this user's folder for anchors, outside every data folder.

    `tpm` says where this computer's TPM is, as tpm2-tss takes it; it is not touched unless it keeps the anchor. "" for
    what may have no anchor but a file.
    """

    data: str
    anchors: str
    tpm: str = TPM

    def header(self) -> str:
        """The header file."""
        return os.path.join(self.data, HEADER)

    def next_header(self) -> str:
        """The header of a change of unlock methods that is not finished."""
        return os.path.join(self.data, NEXT_HEADER)

    def begun(self) -> str:
        """The epoch of the anchor of a vault that is being made."""
        return os.path.join(self.data, BEGUN)

    def database(self) -> str:
        """The database file."""
        return os.path.join(self.data, DATABASE)

    def anchor(self, vault_id: bytes) -> str:
        """The folder of this vault's anchor."""
        return os.path.join(self.anchors, vault_id.hex())

    def inbox(self) -> str:
        """The folder of jots."""
        return os.path.join(self.data, INBOX)

    def inbox_key(self, vault_id: bytes) -> str:
        """The copy of the inbox key that is kept apart from the header."""
        return os.path.join(self.anchor(vault_id), INBOX)

    def still(self) -> None:
        """Gives the data folder and its files the constant time: reading changes it too, and so does a crash (P2)."""
        names = (HEADER, NEXT_HEADER, DATABASE, LOCK)
        files.still(*(os.path.join(self.data, name) for name in names), self.data)
        files.still_itself(self.inbox())


def exists(paths: Paths) -> bool:
    """Whether a vault, or what is left of one, is in this folder."""
    return os.path.exists(paths.header()) or os.path.exists(paths.database())
