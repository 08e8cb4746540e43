"""What a device does that was taken out: it destroys all that its vault holds (docs/spec/sync-protocol.md 7.3)."""

from contextlib import suppress

from vault import errors, sodium
from vault.formats.rights import NO_SEED, Rights
from vault.service import inboxfolder, notes
from vault.service.headers import change_header
from vault.service.paths import Paths
from vault.service.state import State


def destroy_all(paths: Paths, state: State) -> None:
    """Destroys notes, drafts, registers and what is in the settings, and the jots that wait: the inbox key turns, so
    that no copy of one opens any more. Raises StorageFailed (nothing is destroyed), ResidueLeft (all is)."""
    slots = [slot for slot, kind in enumerate(state.ledger.kinds) if kind]
    public, secret = sodium.key_pair()
    header = state.header._replace(inbox=public)
    settings = state.settings._replace(
        inbox=secret,
        allowed=(),
        templates=(),
        rights=Rights(NO_SEED),
        origin=bytes(16),
        enrolled=None,
        safety=state.settings.safety._replace(receipts=()),
    )
    try:
        change_header(paths, state, header, settings, notes.erase(slots, {}))
    except errors.DatabaseDamaged:
        # what can't be overwritten loses its key all the same
        change_header(paths, state, header, settings, notes.forget(slots, {}))
    with suppress(errors.StorageFailed, errors.InboxStrange, errors.InboxBusy):
        inboxfolder.remember_keys(paths, state.vault_id, [public])
        inboxfolder.empty(paths)
