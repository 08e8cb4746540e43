"""A bounds-checked reader over bytes, and the one error that every parser here raises."""


class FormatError(Exception):
    """These bytes are not what the specification says. Callers turn it into a typed VaultError."""


class UnknownVersion(FormatError):
    """A version that this program does not know: a newer one."""


class Reader:
    """Takes fields off the front of `data`; raises FormatError instead of reading past the end."""

    __slots__ = ("_at", "_data")

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    def take(self, size: int) -> bytes:
        """The next `size` bytes."""
        end = self._at + size
        if end > len(self._data):
            raise FormatError("cut off")
        piece = self._data[self._at : end]
        self._at = end
        return piece

    def number(self, size: int) -> int:
        """The next `size` bytes as an unsigned big-endian number."""
        return int.from_bytes(self.take(size), "big")

    def text(self, size: int, most: int) -> str:
        """A text of 1 to `most` bytes of UTF-8, after its length in `size` bytes."""
        length = self.number(size)
        if not 1 <= length <= most:
            raise FormatError("text")
        text = _decoded(self.take(length))
        if text is None:
            raise FormatError("text")
        return text

    def rest_is_zero(self) -> None:
        """Consumes the rest, which must be zero bytes: no room for anything unspecified."""
        rest = self._data[self._at :]
        if rest.count(0) != len(rest):
            raise FormatError("padding")
        self._at = len(self._data)


def _decoded(data: bytes) -> str | None:
    # told by a function of its own, since Python's error would hold the text (lesson 25)
    try:
        return data.decode()
    except UnicodeDecodeError:
        return None


def pad(data: bytes, size: int) -> bytes:
    """`data` filled up with zero bytes to `size`. Raises FormatError if it is longer."""
    if len(data) > size:
        raise FormatError("too long")
    return data.ljust(size, b"\0")
