"""Where a vault lives (docs/spec/vault.md section 1). Nothing here takes long to import."""

import os
from typing import NamedTuple

from vault import files
from vault.store.names import DATABASE, LOCK

HEADER = "header"
NEXT_HEADER = "header.next"


class Paths(NamedTuple):
    """Where a vault lives: `data` its folder, `anchors` this user's folder for anchors, outside every data folder."""

    data: str
    anchors: str

    def header(self) -> str:
        """The header file."""
        return os.path.join(self.data, HEADER)

    def next_header(self) -> str:
        """The header of a change of unlock methods that is not finished."""
        return os.path.join(self.data, NEXT_HEADER)

    def database(self) -> str:
        """The database file."""
        return os.path.join(self.data, DATABASE)

    def anchor(self, vault_id: bytes) -> str:
        """The folder of this vault's anchor."""
        return os.path.join(self.anchors, vault_id.hex())

    def still(self) -> None:
        """Gives the data folder and its files the constant time: reading changes it too, and so does a crash (P2)."""
        names = (HEADER, NEXT_HEADER, DATABASE, LOCK)
        files.still(*(os.path.join(self.data, name) for name in names), self.data)


def exists(paths: Paths) -> bool:
    """Whether a vault, or what is left of one, is in this folder."""
    return os.path.exists(paths.header()) or os.path.exists(paths.database())
