"""Text from files and stdin: bounded, UTF-8, and never from something that could hang or flood."""

from __future__ import annotations

import os
import stat
import sys
from contextlib import contextmanager

from cli import failures
from cli.i18n import _
from cli.output import harmless
from vault import limits

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import BinaryIO

    from cli.context import Context

_BYTES = limits.NOTE_BYTES
_READ = _BYTES + 3 + 1
"""Bytes read at most: the limit, a byte order mark, and one that shows that there is more."""


def note_text(context: Context, source: str | None) -> str:
    """The note's text from FILE, or from stdin for "-" and None. Raises Refused."""
    if source is None or source == "-":
        return stdin_text(context)
    return file_text(source)


def stdin_text(context: Context) -> str:
    """The note's text from stdin, after the passphrase's line if that comes from stdin too. Raises Refused."""
    context.ask.read_ahead()
    return decoded(stdin_bytes(), stdin_name())


def stdin_name() -> str:
    """What the standard input is called in a sentence."""
    return _("The standard input")


def stdin_bytes() -> bytes:
    """What comes from stdin, no more of it than shows that it is too long. Raises Refused."""
    try:
        return sys.stdin.buffer.read(_READ)
    except OSError:
        sentence = _("{name} can't be read.").format(name=stdin_name())
        raise failures.bad_input("InputUnreadable", sentence) from None


def file_text(path: str) -> str:
    """The text of one file. Raises Refused: missing, a folder, a device, unreadable, or not a note's text."""
    return decoded(file_bytes(path), harmless(path))


def file_bytes(path: str) -> bytes:
    """What is in one file, no more of it than shows that it is too long. Raises Refused."""
    with opened(path) as file:
        return file.read(_READ)


@contextmanager
def opened(path: str) -> Iterator[BinaryIO]:
    """A file, open for reading. Raises Refused, also for what fails while it is read."""
    name = harmless(path)
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            raise failures.bad_input("InputIsFolder", _("{name} is a folder, not a file.").format(name=name))
        if not (stat.S_ISREG(kind) or stat.S_ISFIFO(kind)):
            raise failures.bad_input("InputIsDevice", _("{name} is a device, not a file.").format(name=name))
        with open(path, "rb") as file:
            yield file
    except (FileNotFoundError, NotADirectoryError):
        sentence = _("There is no file {name}.").format(name=name)
        raise failures.Refused(failures.NOT_FOUND, "InputMissing", sentence) from None
    except (OSError, ValueError):
        raise failures.bad_input("InputUnreadable", _("{name} can't be read.").format(name=name)) from None


def decoded(data: bytes, name: str) -> str:
    """The note's text in `data`: no byte order mark, lines end in a line feed. Raises Refused, naming the input."""
    return tidy(whole(data.removeprefix(b"\xef\xbb\xbf"), name), name)


def whole(data: bytes, name: str) -> str:
    """The text in `data` as it is, every character in its place. Raises Refused, naming the input."""
    if len(data) > _BYTES:
        sentence = _("{name} is longer than {limit} MiB, the most that a note can hold.")
        raise failures.bad_input("NoteTooLong", sentence.format(name=name, limit=_BYTES >> 20))
    if b"\0" in data:
        sentence = _("{name} holds NUL bytes: that is no text.").format(name=name)
        raise failures.bad_input("NoteNotText", sentence)
    try:
        return data.decode()
    except UnicodeDecodeError:
        sentence = _("{name} is not UTF-8 text.").format(name=name)
        raise failures.bad_input("NoteNotText", sentence) from None


def tidy(text: str, name: str) -> str:
    """The text with line feeds only and without empty lines around it. Raises Refused when nothing is left."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").rstrip()
    while text.startswith("\n"):
        text = text[1:]
    if not text:
        raise failures.bad_input("NoteEmpty", _("{name} is empty: there is no note in it.").format(name=name))
    return text
