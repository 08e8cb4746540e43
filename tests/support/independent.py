"""The product's cryptography a second time, from the standards alone: plain, slow, and sharing no code with it.

BLAKE2b from RFC 7693; ChaCha20 and Poly1305 from RFC 8439; HChaCha20 and XChaCha20 from draft-irtf-cfrg-xchacha-03;
AES-256 decryption from FIPS 197. The box is written from docs/spec/vault.md section 2.2.
"""

import struct
from collections.abc import Iterator
from functools import cache

_M64 = (1 << 64) - 1

# -- BLAKE2b (RFC 7693) ------------------------------------------------------------------------------------------------

_IV = (
    0x6A09E667F3BCC908, 0xBB67AE8584CAA73B, 0x3C6EF372FE94F82B, 0xA54FF53A5F1D36F1,
    0x510E527FADE682D1, 0x9B05688C2B3E6C1F, 0x1F83D9ABFB41BD6B, 0x5BE0CD19137E2179,
)  # fmt: skip
_SIGMA = (
    (0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15),
    (14, 10, 4, 8, 9, 15, 13, 6, 1, 12, 0, 2, 11, 7, 5, 3),
    (11, 8, 12, 0, 5, 2, 15, 13, 10, 14, 3, 6, 7, 1, 9, 4),
    (7, 9, 3, 1, 13, 12, 11, 14, 2, 6, 5, 10, 4, 0, 15, 8),
    (9, 0, 5, 7, 2, 4, 10, 15, 14, 1, 11, 12, 6, 8, 3, 13),
    (2, 12, 6, 10, 0, 11, 8, 3, 4, 13, 7, 5, 15, 14, 1, 9),
    (12, 5, 1, 15, 14, 13, 4, 10, 0, 7, 6, 3, 9, 2, 8, 11),
    (13, 11, 7, 14, 12, 1, 3, 9, 5, 0, 15, 4, 8, 6, 2, 10),
    (6, 15, 14, 9, 11, 3, 0, 8, 12, 2, 13, 7, 1, 4, 10, 5),
    (10, 2, 8, 4, 7, 6, 1, 5, 15, 11, 9, 14, 3, 12, 13, 0),
)
_COLUMNS_AND_DIAGONALS = (
    (0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
    (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14),
)  # fmt: skip


def _rotate64(word: int, by: int) -> int:
    return (word >> by | word << (64 - by)) & _M64


def _blake2b_block(state: list[int], block: bytes, counted: int, last: bool) -> None:
    m = struct.unpack("<16Q", block)
    v = [*state, *_IV]
    v[12] ^= counted & _M64
    v[13] ^= counted >> 64
    if last:
        v[14] ^= _M64
    for turn in range(12):
        order = _SIGMA[turn % 10]
        for at, (a, b, c, d) in enumerate(_COLUMNS_AND_DIAGONALS):
            v[a] = (v[a] + v[b] + m[order[2 * at]]) & _M64
            v[d] = _rotate64(v[d] ^ v[a], 32)
            v[c] = (v[c] + v[d]) & _M64
            v[b] = _rotate64(v[b] ^ v[c], 24)
            v[a] = (v[a] + v[b] + m[order[2 * at + 1]]) & _M64
            v[d] = _rotate64(v[d] ^ v[a], 16)
            v[c] = (v[c] + v[d]) & _M64
            v[b] = _rotate64(v[b] ^ v[c], 63)
    for at in range(8):
        state[at] ^= v[at] ^ v[at + 8]


def blake2b(data: bytes, *, size: int = 64, key: bytes = b"", person: bytes = b"") -> bytes:
    """BLAKE2b of `data`: `size` bytes, keyed and with a personalisation."""
    parameters = struct.pack("<BBBBIQBB14x16s16s", size, len(key), 1, 1, 0, 0, 0, 0, b"", person)
    state = [word ^ given for word, given in zip(_IV, struct.unpack("<8Q", parameters), strict=True)]
    if key:
        data = key.ljust(128, b"\0") + data
    blocks = [data[at : at + 128] for at in range(0, len(data), 128)] or [b""]
    counted = 0
    for block in blocks[:-1]:
        counted += 128
        _blake2b_block(state, block, counted, False)
    _blake2b_block(state, blocks[-1].ljust(128, b"\0"), counted + len(blocks[-1]), True)
    return struct.pack("<8Q", *state)[:size]


# -- ChaCha20 (RFC 8439), HChaCha20 and XChaCha20 (draft-irtf-cfrg-xchacha) --------------------------------------------

_M32 = (1 << 32) - 1
_SIGNATURE = struct.unpack("<4I", b"expand 32-byte k")


def _rotate32(word: int, by: int) -> int:
    return (word << by | word >> (32 - by)) & _M32


def _quarter(s: list[int], a: int, b: int, c: int, d: int) -> None:
    for first, second, third, by in ((a, b, d, 16), (c, d, b, 12), (a, b, d, 8), (c, d, b, 7)):
        s[first] = (s[first] + s[second]) & _M32
        s[third] = _rotate32(s[third] ^ s[first], by)


def _twenty_rounds(state: list[int]) -> list[int]:
    s = list(state)
    for _ in range(10):
        for quarter in _COLUMNS_AND_DIAGONALS:
            _quarter(s, *quarter)
    return s


def chacha20(key: bytes, counter: int, nonce: bytes, data: bytes) -> bytes:
    """`data` xored with the ChaCha20 stream; `nonce` is 12 bytes."""
    out = bytearray()
    for at in range(0, len(data), 64):
        start = [*_SIGNATURE, *struct.unpack("<8I", key), counter + at // 64, *struct.unpack("<3I", nonce)]
        words = [(end + begin) & _M32 for end, begin in zip(_twenty_rounds(start), start, strict=True)]
        out += bytes(left ^ right for left, right in zip(data[at : at + 64], struct.pack("<16I", *words), strict=False))
    return bytes(out)


def hchacha20(key: bytes, nonce: bytes) -> bytes:
    """The sub-key of `key` and the first 16 bytes of a nonce."""
    s = _twenty_rounds([*_SIGNATURE, *struct.unpack("<8I", key), *struct.unpack("<4I", nonce)])
    return struct.pack("<8I", *s[:4], *s[12:])


# -- Poly1305 and the AEAD ---------------------------------------------------------------------------------------------

PRIME = (1 << 130) - 5
"""Poly1305 reckons modulo this."""


def clamped(key: bytes) -> tuple[int, int]:
    """r and s of a one-time key."""
    return int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF, int.from_bytes(key[16:], "little")


def poly1305(key: bytes, message: bytes) -> bytes:
    """The tag of `message` under a one-time key of 32 bytes."""
    r, s = clamped(key)
    total = 0
    for at in range(0, len(message), 16):
        total = (total + int.from_bytes(message[at : at + 16] + b"\1", "little")) * r % PRIME
    return (total + s & (1 << 128) - 1).to_bytes(16, "little")


def mac_input(ad: bytes, ciphertext: bytes) -> bytes:
    """What Poly1305 is taken over (RFC 8439 section 2.8)."""
    lengths = struct.pack("<QQ", len(ad), len(ciphertext))
    return ad + bytes(-len(ad) % 16) + ciphertext + bytes(-len(ciphertext) % 16) + lengths


def xchacha_parts(key: bytes, nonce: bytes) -> tuple[bytes, bytes, bytes]:
    """Of a key and a nonce of 24 bytes: the ChaCha20 key, its nonce of 12 bytes, and the one-time Poly1305 key."""
    sub, short = hchacha20(key, nonce[:16]), bytes(4) + nonce[16:]
    return sub, short, chacha20(sub, 0, short, bytes(32))


def xchacha_seal(key: bytes, nonce: bytes, ad: bytes, plaintext: bytes) -> bytes:
    """AEAD_XChaCha20_Poly1305: ciphertext and tag."""
    sub, short, once = xchacha_parts(key, nonce)
    ciphertext = chacha20(sub, 1, short, plaintext)
    return ciphertext + poly1305(once, mac_input(ad, ciphertext))


def xchacha_open(key: bytes, nonce: bytes, ad: bytes, sealed: bytes) -> bytes | None:
    """The plaintext, or None when the tag does not fit."""
    sub, short, once = xchacha_parts(key, nonce)
    ciphertext, tag = sealed[:-16], sealed[-16:]
    return chacha20(sub, 1, short, ciphertext) if poly1305(once, mac_input(ad, ciphertext)) == tag else None


# -- the box (docs/spec/vault.md section 2.2) and derivations (section 2.1) --------------------------------------------


def seal(key: bytes, vault_id: bytes, kind: bytes, index: int, nonce: bytes, plaintext: bytes) -> bytes:
    """A box with this nonce."""
    place = b"\x01" + vault_id + kind + index.to_bytes(8, "big")
    digest = blake2b(place + nonce, key=key, person=b"ongemerkt-aead-1")
    return b"\x01" + nonce + digest[32:] + xchacha_seal(digest[:32], nonce, place + digest[32:], plaintext)


def derive(key: bytes, person: bytes, *parts: bytes) -> bytes:
    """KDF(key, person, parts…)."""
    data = b"".join(struct.pack(">I", len(part)) + part for part in parts)
    return blake2b(data, size=32, key=key, person=person)


# -- AES-256-CBC decryption (FIPS 197): enough to look into a SQLCipher file -------------------------------------------


def _times(left: int, right: int) -> int:
    product = 0
    while right:
        product ^= left if right & 1 else 0
        left = left << 1 ^ (0x11B if left & 0x80 else 0)
        right >>= 1
    return product


@cache
def _s_boxes() -> tuple[bytes, bytes]:
    """The S-box and its inverse."""
    box = bytearray(256)
    for value in range(256):
        inverse = next((other for other in range(256) if _times(value, other) == 1), 0)
        out = 0x63
        for by in range(5):
            out ^= (inverse << by | inverse >> (8 - by)) & 0xFF
        box[value] = out
    return bytes(box), bytes(box.index(value) for value in range(256))


@cache
def _inverse_mix() -> tuple[tuple[int, ...], ...]:
    """For each place of a byte in its column: what the inverse of MixColumns makes of it."""
    turns = ((14, 9, 13, 11), (11, 14, 9, 13), (13, 11, 14, 9), (9, 13, 11, 14))
    return tuple(
        tuple(int.from_bytes(bytes(_times(value, by) for by in turn), "big") for value in range(256)) for turn in turns
    )


class Aes256:
    """AES-256, for decryption only."""

    def __init__(self, key: bytes) -> None:
        self._box, self._unbox = _s_boxes()
        self._mix = _inverse_mix()
        # decryption takes S-box and mixing in one table
        self._tables = tuple(tuple(mix[self._unbox[value]] for value in range(256)) for mix in self._mix)
        words = list(struct.unpack(">8I", key))
        power = 1
        for at in range(8, 60):
            last = words[-1]
            if at % 8 == 0:
                last = self._substitute(last << 8 & _M32 | last >> 24) ^ power << 24
                power = _times(power, 2)
            elif at % 8 == 4:
                last = self._substitute(last)
            words.append(words[at - 8] ^ last)
        mixed = [self._unmix(word) if 4 <= at < 56 else word for at, word in enumerate(words)]
        self._rounds = [tuple(mixed[at : at + 4]) for at in range(56, -1, -4)]

    def _substitute(self, word: int) -> int:
        return int.from_bytes(word.to_bytes(4, "big").translate(self._box), "big")

    def _unmix(self, word: int) -> int:
        out = 0
        for table, byte in zip(self._mix, word.to_bytes(4, "big"), strict=True):
            out ^= table[byte]
        return out

    def _block(self, block: tuple[int, ...]) -> bytes:
        one, two, three, four = self._tables
        a, b, c, d = (word ^ key for word, key in zip(block, self._rounds[0], strict=True))
        for k0, k1, k2, k3 in self._rounds[1:-1]:
            a, b, c, d = (
                one[a >> 24] ^ two[d >> 16 & 255] ^ three[c >> 8 & 255] ^ four[b & 255] ^ k0,
                one[b >> 24] ^ two[a >> 16 & 255] ^ three[d >> 8 & 255] ^ four[c & 255] ^ k1,
                one[c >> 24] ^ two[b >> 16 & 255] ^ three[a >> 8 & 255] ^ four[d & 255] ^ k2,
                one[d >> 24] ^ two[c >> 16 & 255] ^ three[b >> 8 & 255] ^ four[a & 255] ^ k3,
            )
        shifted = bytes(
            word >> by & 255
            for words in ((a, d, c, b), (b, a, d, c), (c, b, a, d), (d, c, b, a))
            for word, by in zip(words, (24, 16, 8, 0), strict=True)
        )
        plain = int.from_bytes(shifted.translate(self._unbox), "big")
        return (plain ^ int.from_bytes(struct.pack(">4I", *self._rounds[-1]), "big")).to_bytes(16, "big")

    def decrypt_cbc(self, iv: bytes, data: bytes) -> bytes:
        """`data`, whole blocks, decrypted in CBC mode."""
        before = [iv, *(data[at : at + 16] for at in range(0, len(data) - 16, 16))]
        out = [
            (int.from_bytes(self._block(words), "big") ^ int.from_bytes(mask, "big")).to_bytes(16, "big")
            for words, mask in zip(struct.iter_unpack(">4I", data), before, strict=True)
        ]
        return b"".join(out)


def cipher_pages(raw: bytes, key: bytes) -> Iterator[bytes]:
    """Every page of a SQLCipher 4 file (raw key), decrypted: free pages and unused space too; without the reserve."""
    cipher, size, reserve = Aes256(key), 4096, 80
    for start in range(0, len(raw), size):
        page = raw[start : start + size]
        head = 16 if start == 0 else 0
        iv = page[size - reserve : size - reserve + 16]
        yield b"SQLite format 3\0"[:head] + cipher.decrypt_cbc(iv, page[head : size - reserve])
