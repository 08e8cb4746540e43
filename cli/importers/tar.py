"""Reads the members of a tar archive in order, from a stream, and writes nothing: POSIX.1-2017 pax, ustar, GNU names.

Python's own tarfile takes links, devices, sparse files and headers of any size; here everything that an export of
Joplin never holds is refused, and every size is checked before anything is read. Pure but for the reads.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from cli.importers import faults, limits

BLOCK = 512
_CHUNK = 1 << 20
_FILE, _FOLDER, _EXTENDED, _GLOBAL, _LONG_NAME = b"0", b"5", b"x", b"g", b"L"


class Member(NamedTuple):
    """A file: its name in the archive, and its bytes; None when it is longer than was asked for."""

    name: str
    data: bytes | None


Read = Callable[[int], bytes]
"""At most so many bytes, fewer only at the end."""


def is_tar(start: bytes) -> bool:
    """Whether an archive begins with these bytes (a block)."""
    return start[257:262] == b"ustar" and _checksum_fits(start[:BLOCK])


def members(read: Read, wanted: Callable[[str], bool]) -> Iterator[Member]:
    """Every file of the archive; the bytes of those that are wanted. Raises Damaged, Forbidden, TooMuch."""
    count, name_next, size_next = 0, "", -1
    while True:
        header = _exactly(read, BLOCK)
        if not any(header):
            return
        count += 1
        if count > limits.FILES:
            raise faults.TooMuch
        kind, name, size = _header(header)
        if kind in (_EXTENDED, _GLOBAL, _LONG_NAME):
            extra = _extra(read, size)
            if kind == _LONG_NAME:
                name_next = _name(extra.rstrip(b"\0"))
            elif kind == _EXTENDED:
                name_next, size_next = _extended(extra, name_next)
            continue
        name, name_next = name_next or name, ""
        size, size_next = (size_next if size_next >= 0 else size), -1
        _check_name(name)
        if kind == _FOLDER:
            if size:
                raise faults.Damaged
            continue
        keep = wanted(name) and size <= limits.ITEM_BYTES
        data = _data(read, size, keep)
        yield Member(name, data)


def _header(header: bytes) -> tuple[bytes, str, int]:
    if not _checksum_fits(header) or header[257:262] != b"ustar":
        raise faults.Damaged
    kind = header[156:157]
    if kind == b"\0":
        kind = _FILE
    if kind not in (_FILE, _FOLDER, _EXTENDED, _GLOBAL, _LONG_NAME):
        # links, devices, pipes, sparse files
        raise faults.Forbidden
    name = _name(_until_nul(header[:100]))
    # GNU keeps times where the prefix of the name is
    if header[257:263] == b"ustar\0" and (prefix := _name(_until_nul(header[345:500]))):
        name = f"{prefix}/{name}"
    return kind, name, _number(header[124:136])


def _checksum_fits(header: bytes) -> bool:
    field = _until_nul(header[148:156]).strip()
    try:
        wanted = int(field, 8)
    except ValueError:
        return False
    return len(header) == BLOCK and wanted == sum(header) - sum(header[148:156]) + 8 * 32


def _until_nul(field: bytes) -> bytes:
    return field.partition(b"\0")[0]


def _name(raw: bytes) -> str:
    if len(raw) > limits.NAME_BYTES:
        raise faults.Damaged
    return raw.decode(errors="replace")


def _number(field: bytes) -> int:
    """A size, in octal or, if the first bit is set, as a number of two's complement."""
    if field[0] & 0x80:
        value = int.from_bytes(bytes([field[0] & 0x7F]) + field[1:], "big")
    else:
        digits = _until_nul(field).strip()
        if not all(digit in b"01234567" for digit in digits):
            raise faults.Damaged
        value = int(digits or b"0", 8)
    if value > limits.ARCHIVE_BYTES:
        raise faults.TooMuch
    return value


def _extra(read: Read, size: int) -> bytes:
    if size > limits.HEADER_BYTES:
        raise faults.TooMuch
    data = _data(read, size, keep=True)
    assert data is not None
    return data


def _extended(extra: bytes, name: str) -> tuple[str, int]:
    """Name and size in an extended header of records `length key=value`, as far as they are in it."""
    size = -1
    while extra:
        length, _space, _rest = extra.partition(b" ")
        if not length.isdigit() or len(length) > 6 or not len(length) < int(length) <= len(extra):
            raise faults.Damaged
        record, extra = extra[len(length) + 1 : int(length)], extra[int(length) :]
        key, equals, value = record.removesuffix(b"\n").partition(b"=")
        if not equals:
            raise faults.Damaged
        if key == b"path":
            name = _name(value)
        elif key == b"size":
            if not value.isdigit() or len(value) > 12:
                raise faults.Damaged
            size = _number(b"%o" % int(value))
        elif key.startswith(b"GNU.sparse"):
            raise faults.Forbidden
    return name, size


def _check_name(name: str) -> None:
    if name.startswith("/") or "\\" in name or ".." in name.split("/"):
        raise faults.Forbidden


def _exactly(read: Read, size: int) -> bytes:
    data = read(size)
    if len(data) != size:
        raise faults.Damaged
    return data


def _data(read: Read, size: int, keep: bool) -> bytes | None:
    """A member's bytes, with what fills its last block passed over; nothing is kept unless `keep`."""
    padded = -(-size // BLOCK) * BLOCK
    if keep:
        return _exactly(read, padded)[:size]
    while padded:
        padded -= len(_exactly(read, min(padded, _CHUNK)))
    return None
