"""Unlock methods: from a passphrase or recovery code, with a second factor or not, to the static secret; and wrapping
keys for each method (docs/spec/vault.md sections 3 and 5.1, docs/spec/places.md section 7)."""

from collections.abc import Callable, Mapping, Sequence
from os import urandom
from typing import NamedTuple

from vault import errors, limits
from vault.crypto import aead, recovery, stretch
from vault.crypto.derive import epoch_wrap_key, static_wrap_key, with_factor
from vault.formats.header import NO_FACTOR, PASSPHRASE, RECOVERY_KIT, Cost, Header, Method, header_hash
from vault.formats.lockrow import LockRow

Factors = Callable[[Sequence[Method]], Mapping[bytes, bytes]]
"""Asked for the second factors of these methods; those at hand: method id → secret (32 bytes each).

None or no entry means that a factor is not at hand. Raises what vault.factor raises.
"""


class Base(NamedTuple):
    """What a secret alone stretches to (32 bytes; S of a method without factor), its salt (16 bytes), and its cost."""

    stretched: bytes
    salt: bytes
    cost: Cost


class Second(NamedTuple):
    """A second factor: its kind, what it has to be told, and its secret (32 bytes)."""

    kind: int
    described: bytes
    secret: bytes


def checked_passphrase(passphrase: str) -> bytes:
    """A new passphrase's bytes. Raises PassphraseTooShort."""
    if len(passphrase) < limits.PASSPHRASE_CHARACTERS:
        raise errors.PassphraseTooShort
    return stretch.passphrase_bytes(passphrase)


def new_base(secret: bytes, cost: Cost) -> Base:
    """`secret` stretched with a fresh salt. Raises MemoryRefused."""
    salt = urandom(16)
    return Base(stretch.stretch(secret, salt, cost), salt, cost)


def new_method(kind: int, secret: bytes, cost: Cost, vault_id: bytes, static: bytes) -> tuple[Method, bytes]:
    """A fresh unlock method for `secret`, and its stretched secret S. Raises MemoryRefused."""
    return method_of(kind, new_base(secret, cost), vault_id, static)


def method_of(
    kind: int, base: Base, vault_id: bytes, static: bytes, second: Second | None = None
) -> tuple[Method, bytes]:
    """A fresh unlock method on what was stretched already, with a second factor or without, and its S."""
    identity = urandom(16)
    stretched = base.stretched if second is None else with_factor(base.stretched, identity, second.secret)
    wrap = aead.seal(static_wrap_key(stretched, vault_id, identity), vault_id, aead.STATIC_WRAP, 0, static)
    factor, described = (NO_FACTOR, b"") if second is None else (second.kind, second.described)
    return Method(identity, kind, base.cost, base.salt, wrap, factor, described), stretched


def find_static(
    header: Header, secret: str, factors: Factors | None = None, on_stretch: Callable[[], None] | None = None
) -> tuple[Method, bytes, bytes]:
    """The method that this passphrase or recovery code unlocks, its S, and the static secret.

    Every cost is checked before the first is computed; second factors are asked for before that too, and only if the
    passphrase may be what was given. `on_stretch` is called before the first stretching. Raises WrongSecret,
    FactorNeeded (none of the factors that it takes is at hand; nothing was stretched for it), ParametersRefused,
    MemoryRefused, and what `factors` raises.
    """
    for method in header.methods:
        stretch.check_cost(method.cost)
    stretcher, asked = _Stretcher(on_stretch), False
    for kind, data in _readings(secret):
        methods = [method for method in header.methods if method.kind == kind]
        secrets = _at_hand(methods, factors)
        asked = asked or bool(secrets)
        for method in methods:
            if method.factor and method.id not in secrets:
                continue
            stretched = stretcher.stretch(data, method)
            if method.factor:
                stretched = with_factor(stretched, method.id, secrets[method.id])
            key = static_wrap_key(stretched, header.vault_id, method.id)
            try:
                return method, stretched, aead.open_box(key, header.vault_id, aead.STATIC_WRAP, 0, method.wrap)
            except aead.BoxRefused:
                continue
    raise errors.WrongSecret(asked)


def _at_hand(methods: list[Method], factors: Factors | None) -> Mapping[bytes, bytes]:
    wanted = [method for method in methods if method.factor]
    if not wanted:
        return {}
    secrets = factors(wanted) if factors is not None else {}
    if not secrets and len(wanted) == len(methods):
        raise errors.FactorNeeded(tuple(sorted({method.factor for method in wanted})))
    return secrets


class _Stretcher:
    """Stretches; methods with one salt and cost share it."""

    def __init__(self, on_stretch: Callable[[], None] | None) -> None:
        self._on_stretch = on_stretch
        self._done: dict[tuple[bytes, bytes, Cost], bytes] = {}

    def stretch(self, data: bytes, method: Method) -> bytes:
        """What `data` stretches to with this method's salt and cost. Raises MemoryRefused."""
        what = (data, method.salt, method.cost)
        if what not in self._done:
            if not self._done and self._on_stretch is not None:
                self._on_stretch()
            self._done[what] = stretch.stretch(*what)
        return self._done[what]


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
