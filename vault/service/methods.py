"""Unlock methods: from a passphrase or recovery code to the static secret, and wrapping keys for each method
(docs/spec/vault.md sections 3 and 5.1)."""

from os import urandom

from vault import errors, limits
from vault.crypto import aead, recovery, stretch
from vault.crypto.derive import epoch_wrap_key, static_wrap_key
from vault.formats.header import PASSPHRASE, RECOVERY_KIT, Cost, Header, Method, header_hash
from vault.formats.lockrow import LockRow


def checked_passphrase(passphrase: str) -> bytes:
    """A new passphrase's bytes. Raises PassphraseTooShort."""
    if len(passphrase) < limits.PASSPHRASE_CHARACTERS:
        raise errors.PassphraseTooShort
    return stretch.passphrase_bytes(passphrase)


def new_method(kind: int, secret: bytes, cost: Cost, vault_id: bytes, static: bytes) -> tuple[Method, bytes]:
    """A fresh unlock method for `secret`, and its stretched secret S. Raises MemoryRefused."""
    identity, salt = urandom(16), urandom(16)
    stretched = stretch.stretch(secret, salt, cost)
    wrap = aead.seal(static_wrap_key(stretched, vault_id, identity), vault_id, aead.STATIC_WRAP, 0, static)
    return Method(identity, kind, cost, salt, wrap), stretched


def find_static(header: Header, secret: str) -> tuple[Method, bytes, bytes]:
    """The method that this passphrase or recovery code unlocks, its S, and the static secret.

    Every cost is checked before the first is computed. Raises WrongSecret, ParametersRefused, MemoryRefused.
    """
    for method in header.methods:
        stretch.check_cost(method.cost)
    for kind, data in _readings(secret):
        for method in header.methods:
            if method.kind == kind:
                stretched = stretch.stretch(data, method.salt, method.cost)
                key = static_wrap_key(stretched, header.vault_id, method.id)
                try:
                    static = aead.open_box(key, header.vault_id, aead.STATIC_WRAP, 0, method.wrap)
                except aead.BoxRefused:
                    continue
                return method, stretched, static
    raise errors.WrongSecret


def _readings(secret: str) -> list[tuple[int, bytes]]:
    # what has the form of a recovery code, check letters included, may all the same be somebody's passphrase
    code = recovery.normalise(secret)
    as_passphrase = (PASSPHRASE, stretch.passphrase_bytes(secret))
    return [as_passphrase] if code is None else [(RECOVERY_KIT, code.encode()), as_passphrase]


def lock_row(
    header: Header, header_bytes: bytes, stretched: dict[bytes, bytes], epoch: bytes, anchor: bytes, epoch_key: bytes
) -> LockRow:
    """The epoch key wrapped for every method of the header; `stretched` has each method's S."""
    digest = header_hash(header_bytes)
    wraps = {}
    for method in header.methods:
        key = epoch_wrap_key(stretched[method.id], anchor, digest, epoch, method.id)
        wraps[method.id] = aead.seal(key, header.vault_id, aead.EPOCH_WRAP, 0, epoch_key)
    return LockRow(epoch, digest, wraps)


def open_epoch_key(row: LockRow, method: Method, stretched: bytes, anchor: bytes, vault_id: bytes) -> bytes:
    """V_e from the lock row. Raises LedgerTampered when the wrap is missing or does not open."""
    wrap = row.wraps.get(method.id)
    if wrap is None:
        raise errors.LedgerTampered
    key = epoch_wrap_key(stretched, anchor, row.header_hash, row.epoch, method.id)
    try:
        return aead.open_box(key, vault_id, aead.EPOCH_WRAP, 0, wrap)
    except aead.BoxRefused:
        raise errors.LedgerTampered from None
