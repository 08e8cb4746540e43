"""Whether this computer's libraries and disk do what the vault relies on. For `ongemerkt selftest`.

Known answers were computed by an implementation that shares no code with this one (tests/support/independent.py).
"""

import os
import shutil
from collections.abc import Callable, Iterator

from vault import errors
from vault.crypto import aead, recovery, stretch
from vault.crypto.derive import epoch_wrap_key
from vault.formats.header import Cost
from vault.limits import RELEASE_MONTH
from vault.months import Period, first_day
from vault.service import Paths, Vault, create_vault, open_vault

DERIVATION = "keys are derived as specified (BLAKE2b)"
BOX = "sealed boxes open, changed ones do not (XChaCha20-Poly1305)"
STRETCHING = "passphrases are stretched as specified (Argon2id)"
RECOVERY = "a recovery code is recognised, a mistyped one is not"
WRITTEN = "a note is written and read back"
HIDDEN = "the files show nothing of it"
SHREDDED = "a shredded note is gone"
OLD_COPY = "an old copy of the vault does not open"
CHECKS = (DERIVATION, BOX, STRETCHING, RECOVERY, WRITTEN, HIDDEN, SHREDDED, OLD_COPY)
"""What is checked, in order. `run` yields these words; cli/ translates them."""

_COUNTING = bytes(range(64))
_DERIVED = "561d91e47d79fa00268fa3f89c363d1516359ebc66d94597217378f48c3cf27a"
_SEALED = (
    "01000102030405060708090a0b0c0d0e0f10111213141516172e9ca90a48b3a56842470b411cad0d52ac068c5f18f2f77f28fbeaf109e773"
    "20c251b50dfb925910e884f01c5b65c1ab35d62e83a5c491dbcb"
)
_STRETCHED = {
    Cost(64, 3, 1): "bc46d3386cafb11a7da750ff2a31f295cdaa2df927585d53fca2888ce26b3c1e",
    Cost(64 * 1024, 3, 4): "d08646f07f96e480c62c8b03c46fe2b427986524761464467e5e4aa374b91c53",
}
"""One lane and several come from different libraries. The second cost is the smallest that a vault may have."""
_CODE = "456789ABCDEFGHJKMNPQRSTVWXYZN4"
_CANARY = "kanarie in de kolenmijn"


def run(scratch: str) -> Iterator[tuple[str, bool]]:
    """Each of CHECKS with whether it holds; takes seconds. Works in the empty folder `scratch` and leaves things there.

    Never raises: a check that fails in any way does not hold.
    """
    for name, check in ((DERIVATION, _derivation), (BOX, _box), (STRETCHING, _stretching), (RECOVERY, _recovery)):
        yield name, _holds(check)
    vault = _Scratch(scratch)
    try:
        for name, check in (
            (WRITTEN, vault.written),
            (HIDDEN, vault.hidden),
            (SHREDDED, vault.shredded),
            (OLD_COPY, vault.old_copy),
        ):
            yield name, _holds(check)
    finally:
        vault.close()


def _holds(check: Callable[[], bool]) -> bool:
    try:
        return check()
    except Exception:  # noqa: BLE001 (whatever it was: on this computer it does not work)
        return False


def _derivation() -> bool:
    key, rest = _COUNTING[:32], _COUNTING
    return epoch_wrap_key(key, rest[:32], rest[32:], rest[:16], rest[16:32]).hex() == _DERIVED


def _box() -> bool:
    key, vault_id, box = _COUNTING[:32], _COUNTING[:16], bytes.fromhex(_SEALED)
    changed = [box[:at] + bytes([box[at] ^ 1]) + box[at + 1 :] for at in range(len(box))]
    return (
        aead.open_box(key, vault_id, aead.SLOT, 7, box) == b"ongemerkt"
        and not any(_opens(key, vault_id, 7, each) for each in changed)
        and not _opens(key, vault_id, 8, box)
    )


def _opens(key: bytes, vault_id: bytes, index: int, box: bytes) -> bool:
    try:
        aead.open_box(key, vault_id, aead.SLOT, index, box)
    except aead.BoxRefused:
        return False
    return True


def _stretching() -> bool:
    return all(
        stretch.argon2id(b"paard accu nietje", _COUNTING[:16], cost).hex() == answer
        for cost, answer in _STRETCHED.items()
    )


def _recovery() -> bool:
    typed = recovery.printable(_CODE).lower()
    fresh = recovery.new_code()
    return (
        recovery.normalise(typed) == _CODE
        and recovery.normalise(_CODE.replace("A", "B")) is None
        and recovery.normalise(fresh) == fresh
    )


class _Scratch:
    """A vault of its own, in which a note is written and shredded."""

    def __init__(self, folder: str) -> None:
        self._paths = Paths(os.path.join(folder, "vault"), os.path.join(folder, "anchors"))
        self._copy = os.path.join(folder, "copy")
        self._passphrase = os.urandom(16).hex()
        self._vault: Vault | None = None
        self._handle = ""

    def _open(self, data: str) -> Vault:
        return open_vault(self._paths._replace(data=data), self._passphrase, clock=lambda: first_day(RELEASE_MONTH))

    def written(self) -> bool:
        clock = first_day(RELEASE_MONTH)
        vault, _ = create_vault(
            self._paths, self._passphrase, keep=Period(1, "y"), clock=lambda: clock, cost="fast", clock_confirmed=True
        )
        self._handle = vault.add(_CANARY).handle
        vault.close()
        self._vault = self._open(self._paths.data)
        return self._vault.show(self._handle).text == _CANARY

    def hidden(self) -> bool:
        scratch = os.path.dirname(self._paths.data)
        names = [os.path.join(place, name) for place, _, found in os.walk(scratch) for name in found]
        return len(names) >= 4 and not any(_holds_canary(name) for name in names)

    def shredded(self) -> bool:
        shutil.copytree(self._paths.data, self._copy)
        vault = self._vault
        if vault is None or vault.shred([self._handle]) != 1:
            return False
        try:
            vault.show(self._handle)
        except errors.NoteNotFound:
            return vault.notes() == []
        return False

    def old_copy(self) -> bool:
        if self._vault is None or not os.path.exists(self._copy):
            return False
        try:
            self._open(self._copy).close()
        except errors.AnchorMismatch:
            return True
        return False

    def close(self) -> None:
        if self._vault is not None:
            self._vault.close()


def _holds_canary(path: str) -> bool:
    with open(path, "rb") as file:
        raw = file.read()
    return any(_CANARY.encode(code) in raw for code in ("utf-8", "utf-16-le"))
