"""Argon2id: from passphrase or recovery code to the stretched secret S (docs/spec/vault.md section 3.2).

libsodium computes one lane, argon2-cffi more than one (libsodium cannot); for one lane both give the same bytes
(RFC 9106), and libsodium's is about twice as fast.
"""

from typing import NamedTuple

from vault import errors, limits, sodium
from vault.formats.header import Cost


class Policy(NamedTuple):
    """The costs on offer, and the floor and ceiling that every header must keep to (property P12)."""

    presets: dict[str, Cost]
    floor_m_kib: int
    ceiling_m_kib: int
    floor_t: int
    ceiling_t: int
    ceiling_p: int


POLICY = Policy(
    presets={
        "fast": Cost(64 * 1024, 3, 4),
        "normal": Cost(256 * 1024, 3, 1),
        "high": Cost(1024 * 1024, 4, 1),
    },
    floor_m_kib=64 * 1024,
    ceiling_m_kib=2 * 1024 * 1024,
    floor_t=3,
    ceiling_t=16,
    ceiling_p=4,
)


def check_cost(cost: Cost) -> None:
    """Raises ParametersRefused for a cost outside the policy. Nothing is allocated before this."""
    policy = POLICY
    if not (
        policy.floor_m_kib <= cost.m_kib <= policy.ceiling_m_kib
        and policy.floor_t <= cost.t <= policy.ceiling_t
        and 1 <= cost.p <= policy.ceiling_p
    ):
        raise errors.ParametersRefused


def cost_name(cost: Cost) -> str:
    """The preset's name for this cost, or "other"."""
    return next((name for name, preset in POLICY.presets.items() if preset == cost), "other")


def passphrase_bytes(passphrase: str) -> bytes:
    """The passphrase as Argon2 takes it: NFC, UTF-8, so that every keyboard and system gives the same bytes.

    Raises WrongSecret for one that no vault can have (longer than limits.PASSPHRASE_BYTES, or not encodable).
    """
    import unicodedata

    try:
        data = unicodedata.normalize("NFC", passphrase).encode()
    except UnicodeEncodeError:
        # told below: Python's own error holds the passphrase
        data = None
    if data is None or len(data) > limits.PASSPHRASE_BYTES:
        raise errors.WrongSecret
    return data


def stretch(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """S, 32 bytes: Argon2id version 1.3 of `secret` with `salt` (16 bytes). Raises ParametersRefused, MemoryRefused."""
    check_cost(cost)
    return argon2id(secret, salt, cost)


def argon2id(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    """As `stretch`, at a cost of the caller's own and not out of a file: it isn't checked. Raises MemoryRefused."""
    if cost.p == 1:
        return _one_lane(secret, salt, cost)
    return _lanes(secret, salt, cost)


def _one_lane(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    stretched = sodium.argon2id(secret, salt, cost.t, cost.m_kib * 1024)
    if stretched is None:
        raise errors.MemoryRefused
    return stretched


def _lanes(secret: bytes, salt: bytes, cost: Cost) -> bytes:
    from argon2.exceptions import HashingError
    from argon2.low_level import Type, hash_secret_raw

    try:
        return hash_secret_raw(secret, salt, cost.t, cost.m_kib, cost.p, 32, Type.ID)
    except (HashingError, MemoryError):
        raise errors.MemoryRefused from None
