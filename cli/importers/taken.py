"""What a reader took from a source, and how text comes out of bytes. Pure."""

from __future__ import annotations

from typing import NamedTuple

from cli.importers import faults
from vault import limits


class Taken(NamedTuple):
    """The texts of a source, and how many titles were dropped.

    `sentences` of the texts were one sentence that the other program takes for a title; `empty` entries had no text.
    """

    texts: list[str]
    titles: int = 0
    sentences: int = 0
    empty: int = 0


def text_of(data: bytes) -> str:
    """The text in a file's bytes: no byte order mark, lines end in a line feed. Raises NotText, HoldsNul."""
    if b"\0" in data:
        raise faults.HoldsNul
    try:
        text = data.removeprefix(b"\xef\xbb\xbf").decode()
    except UnicodeDecodeError:
        # raised below, where Python's own error, which holds the bytes, is gone
        text = None
    if text is None:
        raise faults.NotText
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def tidied(text: str) -> str:
    """A note's text without empty lines around it. Raises NotText, HoldsNul, NoteTooLong."""
    text = text.rstrip()
    first = len(text) - len(text.lstrip())
    # the first line's own indent stays
    text = text[text.rfind("\n", 0, first) + 1 :]
    if "\0" in text:
        raise faults.HoldsNul
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        size = -1
    if size < 0:
        raise faults.NotText
    if size > limits.NOTE_BYTES:
        raise faults.NoteTooLong
    return text
