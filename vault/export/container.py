"""The sealed container of the page (docs/spec/export.md section 3). Bytes in, bytes out; what is random comes in."""

import hashlib
import hmac
from collections.abc import Callable

from vault import errors, limits
from vault.formats.reader import FormatError, Reader, UnknownVersion

MAGIC = b"ongemerkt export"
VERSION = 1
PBKDF2_SHA256 = 1
HEADER_BYTES = 86
TAG_BYTES = 16
CHECK_BYTES = 32
PADDING = 4096
"""The plaintext is filled up with spaces to a multiple of this many bytes."""
_COMMITMENT = b"ongemerkt export 1 commitment"
_ENCRYPTION = b"ongemerkt export 1 encryption"


def seal(document: bytes, code: str, draw: Callable[[int], bytes]) -> bytes:
    """The container of a document under the canonical form of a code. `draw(n)` gives n random bytes."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    salt, iv = draw(16), draw(12)
    commitment, key = _keys(code, salt, limits.EXPORT_ITERATIONS)
    plaintext = document + b" " * (-len(document) % PADDING)
    size = len(plaintext) + TAG_BYTES
    header = MAGIC + bytes([VERSION, PBKDF2_SHA256]) + limits.EXPORT_ITERATIONS.to_bytes(4, "big") + salt + iv
    header += commitment + size.to_bytes(4, "big")
    body = header + AESGCM(key).encrypt(iv, plaintext, header)
    return body + hashlib.sha256(body).digest()


def unseal(data: bytes, code: str) -> bytes:
    """The document in a container, its padding included; step by step as section 3.5 has it.

    Raises FormatError (damaged), UnknownVersion (newer), ParametersRefused, WrongSecret.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    reader = Reader(data)
    version = reader.number(1) if reader.take(16) == MAGIC else 0
    if version > VERSION:
        raise UnknownVersion("version")
    if version != VERSION or len(data) < HEADER_BYTES + TAG_BYTES + CHECK_BYTES:
        raise FormatError("header")
    kdf, iterations, salt, iv = reader.number(1), reader.number(4), reader.take(16), reader.take(12)
    commitment, size = reader.take(32), reader.number(4)
    if not TAG_BYTES <= size <= limits.EXPORT_BYTES + PADDING + TAG_BYTES:
        raise FormatError("length")
    if len(data) != HEADER_BYTES + size + CHECK_BYTES:
        raise FormatError("length")
    if hashlib.sha256(data[:-CHECK_BYTES]).digest() != data[-CHECK_BYTES:]:
        raise FormatError("checksum")
    if kdf != PBKDF2_SHA256 or not limits.EXPORT_ITERATIONS <= iterations <= limits.EXPORT_ITERATIONS_MOST:
        raise errors.ParametersRefused
    expected, key = _keys(code, salt, iterations)
    if not hmac.compare_digest(expected, commitment):
        raise errors.WrongSecret
    try:
        return AESGCM(key).decrypt(iv, data[HEADER_BYTES:-CHECK_BYTES], data[:HEADER_BYTES])
    except InvalidTag:
        raise FormatError("ciphertext") from None


def _keys(code: str, salt: bytes, iterations: int) -> tuple[bytes, bytes]:
    stretched = hashlib.pbkdf2_hmac("sha256", code.encode(), salt, iterations, 32)
    return hmac.digest(stretched, _COMMITMENT, "sha256"), hmac.digest(stretched, _ENCRYPTION, "sha256")
