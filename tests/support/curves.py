"""Curves a second time, from the standards alone: plain, slow, and sharing no code with the product.

X25519 from RFC 7748; Ed25519 from RFC 8032; Salsa20 and XSalsa20-Poly1305 from Bernstein's papers; libsodium's sealed
box from its documentation.
"""

import hashlib
import struct

from tests.support.independent import blake2b, poly1305

P = 2**255 - 19

# -- X25519 (RFC 7748) -------------------------------------------------------------------------------------------------


def x25519(secret: bytes, point: bytes = (9).to_bytes(32, "little")) -> bytes:
    """The point multiplied by a secret, which is clamped."""
    scalar = int.from_bytes(secret, "little") & ~7 & (1 << 255) - 1 | 1 << 254
    x = int.from_bytes(point, "little") & (1 << 255) - 1
    a, b, c, d = 1, 0, x, 1
    for at in reversed(range(255)):
        if scalar >> at & 1:
            a, b, c, d = c, d, a, b
        plus, minus = (a + b) % P, (a - b) % P
        one, other = (c - d) * plus % P, (c + d) * minus % P
        square, less = plus * plus % P, minus * minus % P
        gap = square - less
        c, d = (one + other) ** 2 % P, x * (one - other) ** 2 % P
        a, b = square * less % P, gap * (square + 121665 * gap) % P
        if scalar >> at & 1:
            a, b, c, d = c, d, a, b
    return (a * pow(b, P - 2, P) % P).to_bytes(32, "little")


# -- Salsa20 and the box -----------------------------------------------------------------------------------------------

_QUARTERS = (
    (0, 4, 8, 12), (5, 9, 13, 1), (10, 14, 2, 6), (15, 3, 7, 11),
    (0, 1, 2, 3), (5, 6, 7, 4), (10, 11, 8, 9), (15, 12, 13, 14),
)  # fmt: skip
_SIGNATURE = struct.unpack("<4I", b"expand 32-byte k")


def _rounds(state: list[int]) -> list[int]:
    s = list(state)
    for _ in range(10):
        for a, b, c, d in _QUARTERS:
            for target, left, right, by in ((b, a, d, 7), (c, b, a, 9), (d, c, b, 13), (a, d, c, 18)):
                total = s[left] + s[right] & 0xFFFFFFFF
                s[target] ^= (total << by | total >> 32 - by) & 0xFFFFFFFF
    return s


def _state(key: bytes, middle: bytes) -> list[int]:
    k, m, g = struct.unpack("<8I", key), struct.unpack("<4I", middle), _SIGNATURE
    return [g[0], *k[:4], g[1], *m, g[2], *k[4:], g[3]]


def hsalsa20(key: bytes, nonce: bytes) -> bytes:
    """The sub-key of a key and 16 bytes."""
    s = _rounds(_state(key, nonce))
    return struct.pack("<8I", *(s[at] for at in (0, 5, 10, 15, 6, 7, 8, 9)))


def _first_block(key: bytes, nonce: bytes) -> bytes:
    start = _state(key, nonce + bytes(8))
    return struct.pack("<16I", *((a + b) & 0xFFFFFFFF for a, b in zip(_rounds(start), start, strict=True)))


def secretbox(key: bytes, nonce: bytes, message: bytes) -> bytes:
    """XSalsa20-Poly1305 of a message of at most 32 bytes: tag and ciphertext."""
    block = _first_block(hsalsa20(key, nonce[:16]), nonce[16:])
    ciphertext = bytes(a ^ b for a, b in zip(message, block[32:], strict=False))
    return poly1305(block[:32], ciphertext) + ciphertext


def sealed_box(message: bytes, public: bytes, ephemeral: bytes) -> bytes:
    """libsodium's sealed box with this ephemeral secret key."""
    own = x25519(ephemeral)
    key = hsalsa20(x25519(ephemeral, public), bytes(16))
    return own + secretbox(key, blake2b(own + public, size=24), message)


# -- Ed25519 (RFC 8032) ------------------------------------------------------------------------------------------------

Point = tuple[int, int]
ORDER = 2**252 + 27742317777372353535851937790883648493
_D = -121665 * pow(121666, P - 2, P) % P
_I = pow(2, (P - 1) // 4, P)


def _add(one: Point, other: Point) -> Point:
    (a, b), (c, d) = one, other
    both = _D * a * b * c * d % P
    return (a * d + b * c) * pow(1 + both, P - 2, P) % P, (b * d + a * c) * pow(1 - both, P - 2, P) % P


def _times(scalar: int, point: Point) -> Point:
    total = (0, 1)
    while scalar:
        if scalar & 1:
            total = _add(total, point)
        point = _add(point, point)
        scalar >>= 1
    return total


def _with_y(y: int, odd: int) -> Point:
    square = (y * y - 1) * pow(_D * y * y + 1, P - 2, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * _I % P
    return (P - x if x & 1 != odd else x), y


_BASE = _with_y(4 * pow(5, P - 2, P) % P, 0)


def _spelled(point: Point) -> bytes:
    return (point[1] | (point[0] & 1) << 255).to_bytes(32, "little")


def _hash(*parts: bytes) -> int:
    return int.from_bytes(hashlib.sha512(b"".join(parts)).digest(), "little")


def _secret(seed: bytes) -> tuple[int, bytes]:
    digest = hashlib.sha512(seed).digest()
    return int.from_bytes(digest[:32], "little") & ~7 & (1 << 255) - 1 | 1 << 254, digest[32:]


def ed25519_public(seed: bytes) -> bytes:
    """The public key of a seed."""
    return _spelled(_times(_secret(seed)[0], _BASE))


def ed25519_sign(seed: bytes, message: bytes) -> bytes:
    """The signature of a message."""
    scalar, prefix = _secret(seed)
    public = ed25519_public(seed)
    r = _hash(prefix, message) % ORDER
    point = _spelled(_times(r, _BASE))
    s = (r + _hash(point, public, message) * scalar) % ORDER
    return point + s.to_bytes(32, "little")
