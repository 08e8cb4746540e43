"""Search by decrypting what lives and scanning in memory (docs/adr/0003). Nothing of it is ever written."""

import re
import unicodedata
from collections.abc import Iterable, Sequence


def fold(text: str) -> str:
    """The text as it is searched: case and accents ignored (casefold, NFKD, combining marks dropped)."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))


# The sieve: two passes over a note's UTF-8 bytes that fold what nearly every Dutch note is made of, 15 times faster
# than `fold`. First "…" becomes three dots, and every dash, curly quote, bullet, ‰ and € (three bytes; they fold to
# nothing plain) one filler; then lead byte C3 (À to ÿ) is dropped and the byte after it becomes its plain letter. A
# text with anything else in it, such as Ł, a combining mark or ™, is searched with `fold`. What passes the sieve is
# exact for plain words. The rough sieve is one pass that drops lead byte E2 too: that may leave letters that aren't
# there, so it can only say that a word is not in a text; most texts need no more.
_SIGNS = re.compile(rb"\xe2(?:\x80[\x90-\x96\x98-\x9e\xa0-\xa2\xb0\xb9\xba]|\x82\xac)")
_NOT_ROUGH = re.compile(rb"\xe2(?!\x80|\x82\xac)")
_ELLIPSIS = "…".encode()
_SIGN_LEAD = 0xE2
_LETTER_LEAD, _LEADS = b"\xc3", b"\xc3\xe2"
_OTHER, _FILLER = 1, 2
_MARK, _FILL = bytes([_OTHER]), bytes([_FILLER])


def _sieve() -> bytes:
    table = bytearray(range(256))
    table[0x41:0x5B] = bytes(range(0x61, 0x7B))
    for byte in range(0x80, 0xC0):
        folded = fold(chr(byte + 0x40))
        plain = len(folded) == 1 and folded.isascii()
        table[byte] = ord(folded) if plain else _OTHER if len(folded) > 1 else _FILLER
    table[0xC0:] = bytes([_OTHER]) * 64
    return bytes(table)


_TABLE = _sieve()


def sift(data: bytes) -> bytes | None:
    """A text (UTF-8) folded by the sieve; None when only `fold` is good enough for it."""
    if _SIGN_LEAD in data:
        data = _SIGNS.sub(_FILL, data.replace(_ELLIPSIS, b"..."))
    sifted = data.translate(_TABLE, _LETTER_LEAD)
    return None if _MARK in sifted else sifted


class Query:
    """Words to look for; a text matches when it holds all of them, case and accents ignored."""

    def __init__(self, words: Sequence[str]) -> None:
        """Folds the words once."""
        self._folded = [fold(word) for word in words]
        plain = all(word.isascii() and word.isprintable() for word in self._folded)
        self._plain = [word.encode() for word in self._folded] if plain else []
        # signs that the rough sieve makes letters of can't be told from these; dots could be an ellipsis
        self._rough = [word for word in self._plain if word.isalnum()]

    def matches(self, data: bytes) -> bool:
        """Whether the text `data` (UTF-8) holds every word."""
        if self._rough and self._is_rejected(data):
            return False
        return self.matches_sifted(data, sift(data) if self._plain else None)

    def matches_sifted(self, data: bytes, sifted: bytes | None) -> bool:
        """As `matches`, for a text that was sifted before."""
        if sifted is not None and self._plain:
            return all(word in sifted for word in self._plain)
        if not self._folded:
            return True
        folded = fold(str(data, "utf-8", "replace"))
        return all(word in folded for word in self._folded)

    def _is_rejected(self, data: bytes) -> bool:
        rough = data.translate(_TABLE, _LEADS)
        for word in self._rough:
            if word not in rough:
                return _MARK not in rough and not _NOT_ROUGH.search(data)
        return False


class Texts:
    """Texts kept in memory while the vault is open, by their first slot, so that finding again is instant."""

    def __init__(self) -> None:
        """Nothing remembered yet."""
        self._texts: dict[int, tuple[bytes, bytes | None]] = {}
        self.unreadable: set[int] = set()
        """First slots of notes that were found damaged."""

    def get(self, slot: int) -> tuple[bytes, bytes | None] | None:
        """The text (UTF-8) of the note in `slot` and its sifted form, if it is remembered."""
        return self._texts.get(slot)

    def put(self, slot: int, data: bytes) -> tuple[bytes, bytes | None]:
        """Remembers a note, and sifts it."""
        pair = self._texts[slot] = (data, sift(data))
        return pair

    def forget(self, slots: Iterable[int]) -> None:
        """Forgets the notes in these slots."""
        for slot in slots:
            self._texts.pop(slot, None)
            self.unreadable.discard(slot)

    def clear(self) -> None:
        """Forgets everything."""
        self._texts.clear()
        self.unreadable.clear()
