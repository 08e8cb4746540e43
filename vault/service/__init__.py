"""What cli/ may use of the core."""

from collections.abc import Callable

from vault import errors
from vault.crypto import recovery
from vault.crypto.stretch import POLICY
from vault.expiry import Moment, Span
from vault.months import Period, parse_period
from vault.service.create import Clock, exists, write_vault
from vault.service.moving import Progress
from vault.service.state import Paths
from vault.service.unlock import unlock
from vault.service.vault import Vault
from vault.service.views import Added, Note, Status
from vault.store.lock import ProcessLock

COSTS = tuple(POLICY.presets)

__all__ = [
    "COSTS",
    "Added",
    "Clock",
    "Moment",
    "Note",
    "Paths",
    "Period",
    "Progress",
    "Span",
    "Status",
    "Vault",
    "create_vault",
    "exists",
    "open_vault",
    "parse_period",
    "same_recovery_code",
]


def create_vault(
    paths: Paths, passphrase: str, *, keep: Period, clock: Clock, cost: str = "normal", clock_confirmed: bool = False
) -> tuple[Vault, str]:
    """Makes a vault. The open vault and its recovery code in printable form, which is kept nowhere.

    Raises VaultExists, PassphraseTooShort, PeriodTooShort, PeriodTooLong, ClockUnsure, MemoryRefused, StorageFailed.
    """
    code = write_vault(paths, passphrase, cost, keep, clock, clock_confirmed)
    return open_vault(paths, passphrase, clock=clock), recovery.printable(code)


def open_vault(paths: Paths, secret: str, *, clock: Clock, on_stretch: Callable[[], None] | None = None) -> Vault:
    """Unlocks with the passphrase or the recovery code; what is due is destroyed before this returns.

    `on_stretch` is called before each key derivation (a second or more). Raises NoVault, VaultBusy, WrongSecret,
    MemoryRefused, StorageFailed and the VaultDamaged family.
    """
    if not exists(paths):
        raise errors.NoVault
    lock = ProcessLock(paths.data)
    try:
        state = unlock(paths, secret, on_stretch)
        try:
            return Vault(paths, state, lock, clock)
        except BaseException:
            state.store.close()
            raise
    except BaseException:
        paths.still()
        lock.release()
        raise


def same_recovery_code(typed: str, code: str) -> bool:
    """Whether somebody typed this code, dashes, case and O for 0 forgiven."""
    return recovery.normalise(typed) == recovery.normalise(code) is not None
