"""Typed and pasted text without the characters that are not text. Pure."""

import re

# Everything of the C0 and C1 sets but tab and newline: none of it is text, some of it drives terminals.
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_BROKEN = re.compile("[\ud800-\udfff]")
_LINE_ENDS = re.compile("\r\n?|\x0b|\x0c|\x85|\u2028|\u2029")


def plain(text: str) -> str:
    """`text` with one kind of line end, without control characters, and with � for bytes that were no UTF-8."""
    if text.isascii() and text.isprintable():
        return text
    return _BROKEN.sub("\ufffd", _CONTROL.sub("", _LINE_ENDS.sub("\n", text)))


def one_line(text: str) -> str:
    """`text` for a field of one line: line ends and tabs become spaces."""
    return plain(text).replace("\n", " ").replace("\t", " ")
