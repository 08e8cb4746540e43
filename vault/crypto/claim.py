"""The claim code: 88 bits as spoken words, and the key pair that follows from them (docs/spec/rights.md section 2)."""

from collections.abc import Callable
from typing import NamedTuple

from vault import errors, limits, sodium, spoken, words
from vault.crypto import stretch

_SALT = b"ongemerkt-slip-1"
_ORDINAL_BYTES = 2


class Claim(NamedTuple):
    """The key pair of a claim code: X25519 secret x and public P (32 bytes each)."""

    secret: bytes
    public: bytes


def new_code(draw: Callable[[int], bytes]) -> bytes:
    """A fresh code, limits.CLAIM_BYTES. `draw(n)` gives n random bytes, as os.urandom does."""
    return draw(limits.CLAIM_BYTES)


def to_words(code: bytes, lang: str) -> list[str]:
    """The code as words of a list: limits.CLAIM_WORDS of them."""
    return numbered(code, limits.CLAIM_WORDS, lang)


def numbered(data: bytes, count: int, lang: str) -> list[str]:
    """The first bits of `data`, 11 for each word, as `count` words of a list."""
    listed, bits, number = words.load(lang), len(data) * 8, int.from_bytes(data, "big")
    places = (bits - (at + 1) * spoken.BITS for at in range(count))
    return [listed[number >> place & len(listed) - 1] for place in places]


def from_words(lang: str, typed: str) -> tuple[bytes, list[str]]:
    """The code that somebody typed, and its words as they were understood: read in `lang`, else in another language.

    Raises WordNotUnderstood, ClaimLength: of the language that understood more of it.
    """
    refusals: list[errors.VaultError] = []
    for each in (lang, *(other for other in words.LANGUAGES if other != lang)):
        try:
            found = spoken.read(each, typed)
        except errors.WordNotUnderstood as refusal:
            refusals.append(refusal)
            continue
        if len(found) == limits.CLAIM_WORDS:
            return _code(found, words.load(each)), found
        refusals.append(errors.ClaimLength(len(found)))
    raise max(refusals, key=_understood)


def _understood(refusal: errors.VaultError) -> int:
    return refusal.place if isinstance(refusal, errors.WordNotUnderstood) else limits.NOTE_BYTES


def _code(found: list[str], listed: tuple[str, ...]) -> bytes:
    number = 0
    for word in found:
        number = number << spoken.BITS | listed.index(word)
    return number.to_bytes(limits.CLAIM_BYTES, "big")


def derive(code: bytes, origin: bytes) -> Claim:
    """The key pair of a code in the vault of this id (16 bytes), or in what came of it by sync. Costs a key derivation.

    Raises MemoryRefused.
    """
    salt = sodium.blake2b(origin, 16, _SALT)
    return of_secret(stretch.stretch(code, salt, stretch.POLICY.presets["fast"]))


def of_secret(secret: bytes) -> Claim:
    """The key pair with this x."""
    return Claim(secret, sodium.public_of(secret))


# -- tags (section 3)


def tag(public: bytes, ordinal: int) -> bytes:
    """A fresh tag, sealed to P."""
    return sodium.seal(ordinal.to_bytes(_ORDINAL_BYTES, "big"), public)


def ordinal_of(found: bytes, claim: Claim) -> int | None:
    """The ordinal in a tag, or None if it is not the claim's."""
    opened = sodium.open_sealed(found, claim.public, claim.secret)
    return None if opened is None else int.from_bytes(opened, "big")
