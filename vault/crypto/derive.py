"""Derivations: keyed BLAKE2b with a purpose in `person`, inputs length-prefixed (docs/spec/vault.md section 2.1)."""

from vault.sodium import blake2b

_STATIC = b"ongemerkt-stat-1"
_KEK = b"ongemerkt-kek--1"
_DATABASE = b"ongemerkt-db---1"
_ENGAGEMENT = b"ongemerkt-enga-1"
_BACKUP = b"ongemerkt-back-1"
_FACTOR = b"ongemerkt-fact-1"


def derive(key: bytes, person: bytes, *parts: bytes) -> bytes:
    """KDF(key, person, parts…), 32 bytes; `person` (16 bytes) is used for one purpose only."""
    data = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return blake2b(data, 32, person, key)


def with_factor(base: bytes, method: bytes, secret: bytes) -> bytes:
    """S (32 bytes) of a method with a second factor, from what the passphrase stretches to and the factor's secret
    (32 bytes each; docs/spec/places.md section 7)."""
    return derive(base, _FACTOR, method, secret)


def static_wrap_key(stretched: bytes, vault_id: bytes, method: bytes) -> bytes:
    """The key that wraps the static secret for one unlock method (32 bytes)."""
    return derive(stretched, _STATIC, vault_id, method)


def epoch_wrap_key(stretched: bytes, anchor: bytes, header_hash: bytes, epoch: bytes, method: bytes) -> bytes:
    """KEK_e: the key that wraps the epoch key for one unlock method (32 bytes). Without the anchor it can't be had."""
    return derive(stretched, _KEK, anchor, header_hash, epoch, method)


def database_key(static: bytes, salt: bytes) -> bytes:
    """SQLCipher's raw key (32 bytes) of the database file that begins with `salt` (16 bytes)."""
    return derive(static, _DATABASE, salt)


def backup_key(static: bytes, vault_id: bytes) -> bytes:
    """The key (32 bytes) that hides which slots of a backup are alike (docs/spec/places.md section 5)."""
    return derive(static, _BACKUP, vault_id)


def engagement_tomb(key: bytes) -> bytes:
    """The id (8 bytes) of the tomb of an engagement with this x or P (docs/spec/sync-protocol.md section 2.4)."""
    return blake2b(key, 8, _ENGAGEMENT)
