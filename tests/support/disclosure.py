"""What an exception gives away: everything that hangs on it, the ones before it included."""

from collections.abc import Iterator
from typing import Any


def chain(error: BaseException) -> Iterator[BaseException]:
    """The exception and every one that it came from or came after."""
    seen: set[int] = set()
    waiting: list[BaseException | None] = [error]
    while waiting:
        each = waiting.pop()
        if each is not None and id(each) not in seen:
            seen.add(id(each))
            yield each
            waiting += [each.__cause__, each.__context__]


def disclosed(error: BaseException) -> bytes:
    """Every text and every bytes in the exceptions of `chain`: words, arguments, notes and attributes."""
    out: list[bytes] = []
    for each in chain(error):
        values: list[Any] = [str(each), repr(each), *each.args, *vars(each).values()]
        # what Python's own exceptions keep outside their dictionary
        values += [getattr(each, name, None) for name in ("object", "doc", "filename", "filename2", "reason", "msg")]
        for value in values:
            out += _bytes_in(value)
    return b"\n".join(out)


def _bytes_in(value: Any) -> Iterator[bytes]:
    if isinstance(value, bytes | bytearray | memoryview):
        yield bytes(value)
    elif isinstance(value, str):
        yield value.encode("utf-8", "surrogatepass")
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from _bytes_in(each)
    elif isinstance(value, dict):
        yield from _bytes_in([*value, *value.values()])
    elif value is not None:
        yield repr(value).encode()
