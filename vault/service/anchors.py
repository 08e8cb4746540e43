"""Where the anchor is kept, and moving it from a file to the TPM and back (docs/spec/vault.md section 6.4)."""

from typing import NamedTuple

from vault import errors, files, limits
from vault.anchor.home import AnchorHome
from vault.anchor.tpm import connect
from vault.formats import header as header_format
from vault.formats.reader import FormatError
from vault.service.change import commit, new_epoch
from vault.service.paths import Paths
from vault.service.state import State

FILE, TPM = KINDS = ("file", "tpm")


class Whereabouts(NamedTuple):
    """Which kinds keep an anchor of the vault (two only in the middle of a move), and why this computer's TPM can't be
    used (one of errors.TPM_REASONS; empty if it can)."""

    kinds: tuple[str, ...]
    tpm_trouble: str


def whereabouts(paths: Paths) -> Whereabouts:
    """Where the anchor is kept, without unlocking. Asks the TPM whether it answers; changes nothing in it.

    Raises NoVault, HeaderDamaged, StorageFailed.
    """
    kinds: set[str] = set()
    raws = [raw for path in (paths.header(), paths.next_header()) if (raw := files.read(path, limits.HEADER_BYTES))]
    if not raws:
        raise errors.NoVault
    for raw in raws:
        try:
            kinds.update(AnchorHome(paths.anchor(header_format.decode(raw).vault_id), paths.tpm).kinds())
        except FormatError:
            raise errors.HeaderDamaged from None
    return Whereabouts(tuple(sorted(kinds)), tpm_trouble(paths.tpm))


def tpm_trouble(tcti: str) -> str:
    """Why the TPM can't be used, as one of errors.TPM_REASONS; empty if it can."""
    try:
        connect(tcti).close()
    except errors.TpmUnreachable as error:
        return error.reason
    return ""


def move(state: State, kind: str) -> bool:
    """Moves the anchor to this kind; False if it is there already. See vault.service.vault.Vault.move_anchor."""
    if kind not in KINDS:
        raise ValueError("not a kind of anchor")
    if state.anchor.kind == kind:
        return False
    state.anchor.aim(kind)
    try:
        commit(state, epoch=new_epoch(state))
    finally:
        state.anchor.aim("")
    return True
