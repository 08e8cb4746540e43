"""What cli/ may use of the core.

Importing this takes little; what needs an open vault is imported while the key derivation runs on the other core.
"""

from collections.abc import Callable, Iterator
from contextlib import suppress
from importlib import import_module
from itertools import chain, islice
from threading import Thread
from typing import TYPE_CHECKING, Any

from vault import errors
from vault.crypto import recovery
from vault.crypto.stretch import POLICY
from vault.expiry import Moment, Span
from vault.formats.settings import POLICIES as GUARD_POLICIES
from vault.formats.settings import Template
from vault.months import Period, parse_period
from vault.service import entering
from vault.service.callbacks import Clock, Progress
from vault.service.entering import Entered
from vault.service.paths import Paths, exists
from vault.store.lock import ProcessLock

if TYPE_CHECKING:
    from vault.crypto.claim import Claim
    from vault.formats.enrolled import Enrolled
    from vault.formats.settings import Settings
    from vault.service.engagements import Engagement
    from vault.service.exporting import export_code, export_copy
    from vault.service.factors import AtHand, Factor, Person
    from vault.service.methods import Factors
    from vault.service.rights import Copy, Shredded, Unfinished
    from vault.service.vault import Vault
    from vault.service.views import Added, Note, Status

COSTS = tuple(POLICY.presets)
_LATE = {
    "Added": "vault.service.views",
    "AtHand": "vault.service.factors",
    "Claim": "vault.crypto.claim",
    "Copy": "vault.service.rights",
    "Engagement": "vault.service.engagements",
    "Factor": "vault.service.factors",
    "Note": "vault.service.views",
    "Person": "vault.service.factors",
    "Shredded": "vault.service.rights",
    "Status": "vault.service.views",
    "Unfinished": "vault.service.rights",
    "Vault": "vault.service.vault",
    "export_code": "vault.service.exporting",
    "export_copy": "vault.service.exporting",
}

__all__ = [
    "COSTS",
    "GUARD_POLICIES",
    "Added",
    "AtHand",
    "Claim",
    "Clock",
    "Copy",
    "Engagement",
    "Factor",
    "Moment",
    "Note",
    "Paths",
    "Period",
    "Person",
    "Progress",
    "Shredded",
    "Span",
    "Status",
    "Template",
    "Unfinished",
    "Vault",
    "check_free",
    "claim_code",
    "claim_words",
    "create_joined_vault",
    "create_vault",
    "exists",
    "export_code",
    "export_copy",
    "new_recovery_code",
    "open_entered",
    "open_vault",
    "parse_period",
    "receipt_mark",
    "recovery_code_in",
    "same_alias",
    "same_recovery_code",
]


def __getattr__(name: str) -> Any:
    if name in _LATE:
        return getattr(import_module(_LATE[name]), name)
    raise AttributeError(name)


def create_vault(
    paths: Paths,
    passphrase: str,
    *,
    keep: Period,
    clock: Clock,
    cost: str = "normal",
    clock_confirmed: bool = False,
    code: str = "",
    guard: str = GUARD_POLICIES[0],
) -> "tuple[Vault, str]":
    """Makes a vault. The open vault and its recovery code in printable form, which is kept nowhere.

    `code` is one of `new_recovery_code` that was drawn, and put on paper, before anything is written. `guard` is
    one of GUARD_POLICIES.

    Raises VaultExists, PassphraseTooShort, PeriodTooShort, PeriodTooLong, PolicyUnknown, ClockUnsure, MemoryRefused,
    StorageFailed.
    """
    from vault.service.create import first_settings

    if guard not in GUARD_POLICIES:
        raise errors.PolicyUnknown
    return _create(paths, passphrase, code, cost, first_settings(keep, guard), clock, clock_confirmed)


def create_joined_vault(
    paths: Paths,
    passphrase: str,
    *,
    shared: "Settings",
    enrolled: "Enrolled | None",
    clock: Clock,
    cost: str = "normal",
    clock_confirmed: bool = False,
    code: str = "",
) -> "tuple[Vault, str]":
    """As `create_vault`, for a device that joins an account: a vault with an id and secrets of its own.

    It starts with the `shared` settings (origin, keep, guard, allowed, templates, rights; `first_settings` of
    vault.service.create when there are none yet): what they hold of secrets, month or something under way is of another
    vault and is not taken over. `enrolled` is this device in the account. Raises as `create_vault` does.
    """
    from vault.service.create import IDLE_MINUTES

    start = shared._replace(idle=IDLE_MINUTES, rights=shared.rights._replace(under_way=()), enrolled=enrolled)
    return _create(paths, passphrase, code, cost, start, clock, clock_confirmed)


def _create(
    paths: Paths, passphrase: str, code: str, cost: str, start: "Settings", clock: Clock, confirmed: bool
) -> "tuple[Vault, str]":
    from vault.service.create import take_back, write_vault

    plain = recovery.normalise(code) if code else recovery.new_code()
    if plain is None:
        raise ValueError("not a recovery code")
    entered = write_vault(paths, passphrase, plain, cost, start, clock, confirmed)
    try:
        lock = ProcessLock(paths.data)
        return _open(paths, lock, clock, lambda _: iter([entered]), True), recovery.printable(plain)
    except errors.StorageFailed:
        take_back(paths, entered.candidate.header.vault_id)
        raise


def check_free(paths: Paths) -> None:
    """Whether there is a vault that nobody holds, before anybody is asked for a passphrase.

    Raises NoVault, VaultBusy, StorageFailed.
    """
    if not exists(paths):
        raise errors.NoVault
    ProcessLock(paths.data).release()


def open_vault(
    paths: Paths,
    secret: str,
    *,
    clock: Clock,
    on_stretch: Callable[[], None] | None = None,
    destroy_due: bool = True,
    factors: "Factors | None" = None,
) -> "Vault":
    """Unlocks with the passphrase or the recovery code; what is due is destroyed before this returns.

    `on_stretch` is called before each key derivation (a second or more). Without `destroy_due`, what is due is hidden
    but stays until the next unlock. `factors` is asked for second factors if the vault takes any with a passphrase,
    before anything is derived: see `AtHand`. Raises NoVault, VaultBusy, WrongSecret, FactorNeeded, MemoryRefused,
    StorageFailed, the VaultDamaged family, and what `factors` raises.
    """
    if not exists(paths):
        raise errors.NoVault
    lock = ProcessLock(paths.data)
    return _open(paths, lock, clock, lambda found: entering.entries(found, secret, on_stretch, factors), destroy_due)


def open_entered(paths: Paths, entered: Entered, clock: Clock) -> "Vault":
    """Opens a vault that was just written, without another key derivation. Raises as `open_vault` does."""
    return _open(paths, ProcessLock(paths.data), clock, lambda _: iter([entered]), True)


def _open(
    paths: Paths,
    lock: ProcessLock,
    clock: Clock,
    entries: Callable[[list[entering.Candidate]], Iterator[Entered]],
    destroy_due: bool,
) -> "Vault":
    preload = Thread(target=_import_the_rest)
    try:
        candidates = entering.candidates(paths)
        with suppress(RuntimeError):
            # no thread to be had: the imports below then do it all
            preload.start()
        trying = entries(candidates)
        try:
            first = list(islice(trying, 1))
        finally:
            if preload.ident is not None:
                preload.join()
        from vault.service.unlock import unlock
        from vault.service.vault import Vault

        state = unlock(paths, candidates, chain(first, trying))
        try:
            return Vault(paths, state, lock, clock, destroy_due)
        except BaseException:
            state.store.close()
            raise
    except BaseException:
        paths.still()
        lock.release()
        raise


def _import_the_rest() -> None:
    # what goes wrong here goes wrong again, and is told, where it is needed
    with suppress(Exception):
        import_module("vault.service.vault")


def new_recovery_code() -> str:
    """A fresh recovery code in printable form, for `create_vault`."""
    return recovery.printable(recovery.new_code())


def recovery_code_in(text: str) -> str | None:
    """The recovery code that stands in a text, such as the printed kit; None when there is none."""
    code = recovery.find(text)
    return None if code is None else recovery.printable(code)


def same_recovery_code(typed: str, code: str) -> bool:
    """Whether somebody typed this code, dashes, case and O for 0 forgiven."""
    return recovery.normalise(typed) == recovery.normalise(code) is not None


def same_alias(one: str, other: str) -> bool:
    """Whether these are one alias: case, accents and blanks make no difference."""
    from vault.service.texts import fold

    return fold(" ".join(one.split())) == fold(" ".join(other.split()))


def claim_words(code: bytes, lang: str) -> list[str]:
    """A claim code in the words of a language."""
    from vault.crypto.claim import to_words

    return to_words(code, lang)


def claim_code(typed: str, lang: str) -> tuple[bytes, list[str]]:
    """The claim code that somebody typed, and its words as they were understood; read in `lang` first.

    Raises WordNotUnderstood, ClaimLength.
    """
    from vault.crypto.claim import from_words

    return from_words(lang, typed)


def receipt_mark(key: bytes, lang: str) -> list[str]:
    """The mark of a receipt key in the words of a language: it stands on the claim slip and on the receipt."""
    from vault.crypto.claim import numbered
    from vault.receipt import MARK_WORDS, mark

    return numbered(mark(key), MARK_WORDS, lang)
