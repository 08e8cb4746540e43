"""The header file: what has to be known before any key is (docs/spec/vault.md section 3)."""

from typing import NamedTuple

from vault import limits
from vault.formats.reader import FormatError, Reader, UnknownVersion, pad
from vault.sodium import blake2b

MAGIC = b"ongemerkt vault\n"
VERSION = 2
"""The newest version. A header without second factors is written as version 1, which it is to the byte."""
PASSPHRASE = 1
RECOVERY_KIT = 2
NO_FACTOR, KEY_FILE, FIDO2 = 0, 1, 2
"""Second factors of a method."""
WRAP_BYTES = 105
"""A sealed 32-byte key: 73 bytes of box around it."""
_CHECK = b"ongemerkt-csum-1"
_HASH = b"ongemerkt-head-1"


class Cost(NamedTuple):
    """Argon2id parameters: memory in KiB, passes, lanes (RFC 9106 section 3.1)."""

    m_kib: int
    t: int
    p: int


class Method(NamedTuple):
    """One way to unlock: its id (16 bytes), kind, cost, salt (16 bytes) and the wrapped static secret.

    `factor`: the second factor it takes, and `described` what that factor has to be told (at most limits.FACTOR_BYTES;
    docs/spec/places.md section 7). Methods of one kind with one salt and cost stretch one passphrase.
    """

    id: bytes
    kind: int
    cost: Cost
    salt: bytes
    wrap: bytes
    factor: int = NO_FACTOR
    described: bytes = b""


class Header(NamedTuple):
    """The vault's id (16 bytes), the inbox's public key (32 bytes) and the unlock methods."""

    vault_id: bytes
    inbox: bytes
    methods: tuple[Method, ...]


def encode(header: Header) -> bytes:
    """The header as limits.HEADER_BYTES bytes."""
    version = 2 if any(method.factor for method in header.methods) else 1
    out = bytearray(MAGIC + bytes([version]) + header.vault_id + header.inbox + bytes([len(header.methods)]))
    for method in header.methods:
        out += method.id + bytes([method.kind, method.factor])
        out += (
            method.cost.m_kib.to_bytes(4, "big") + method.cost.t.to_bytes(4, "big") + method.cost.p.to_bytes(4, "big")
        )
        out += method.salt + method.wrap
        if method.factor:
            out += len(method.described).to_bytes(2, "big") + method.described
    body = pad(bytes(out), limits.HEADER_BYTES - 16)
    return body + _checksum(body)


def decode(data: bytes) -> Header:
    """The header in `data`. Costs are not judged here but before they are used (crypto.stretch).

    Raises FormatError (damage), UnknownVersion.
    """
    if len(data) < len(MAGIC) + 1 or data[: len(MAGIC)] != MAGIC:
        raise FormatError("magic")
    if data[len(MAGIC)] > VERSION:
        raise UnknownVersion("version")
    if len(data) != limits.HEADER_BYTES or data[-16:] != _checksum(data[:-16]):
        raise FormatError("checksum")
    reader = Reader(data[:-16])
    reader.take(len(MAGIC))
    version = reader.number(1)
    if version == 0:
        raise FormatError("version")
    vault_id, inbox, count = reader.take(16), reader.take(32), reader.number(1)
    if not 1 <= count <= limits.METHODS_MOST:
        raise FormatError("methods")
    methods = tuple(_method(reader) for _ in range(count))
    reader.rest_is_zero()
    # one form only for each header, so that nothing of it can be changed unseen
    if (version > 1) != any(method.factor for method in methods):
        raise FormatError("version")
    if len({method.id for method in methods}) != count:
        raise FormatError("methods")
    return Header(vault_id, inbox, methods)


def _method(reader: Reader) -> Method:
    identity, kind, factor = reader.take(16), reader.number(1), reader.number(1)
    if kind not in (PASSPHRASE, RECOVERY_KIT) or factor not in (NO_FACTOR, KEY_FILE, FIDO2):
        raise FormatError("method")
    cost = Cost(reader.number(4), reader.number(4), reader.number(4))
    salt, wrap = reader.take(16), reader.take(WRAP_BYTES)
    if factor == NO_FACTOR:
        return Method(identity, kind, cost, salt, wrap)
    length = reader.number(2)
    # a recovery code is for when the factor is lost
    if kind != PASSPHRASE or length > limits.FACTOR_BYTES:
        raise FormatError("factor")
    return Method(identity, kind, cost, salt, wrap, factor, reader.take(length))


def header_hash(data: bytes) -> bytes:
    """H(header): the 32 bytes that bind every wrap to this exact header."""
    return blake2b(data, 32, _HASH)


def _checksum(body: bytes) -> bytes:
    return blake2b(body, 16, _CHECK)
