"""Where words go: answers and JSON to stdout, messages to stderr."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import TextIO

_NARROWEST = 20
"""Columns below which breaking between words does more harm than good."""

_VISIBLE = {code: 0x2400 + code for code in range(32) if code not in (9, 10)}
_VISIBLE.update(dict.fromkeys(range(0x80, 0xA0), 0xFFFD))
# marks that turn the direction of writing around can make a line read as something else
_VISIBLE.update(dict.fromkeys((*range(0x202A, 0x202F), *range(0x2066, 0x206A)), 0xFFFD))
_VISIBLE.update({0x7F: 0x2421, 0x2028: 0x0A, 0x2029: 0x0A})


def harmless(text: str) -> str:
    """The text with every control character made visible, so that it can't drive a terminal."""
    return text.translate(_VISIBLE)


def answer(text: str) -> None:
    """One line or more of the answer, to stdout. A terminal gets it harmless, a pipe gets it as it is."""
    sys.stdout.write((harmless(text) if sys.stdout.isatty() else text) + "\n")


def prose(text: str) -> None:
    """Words of the answer, to stdout; on a terminal harmless and broken between words."""
    sys.stdout.write(_wrapped(text, sys.stdout) + "\n")


def tell(text: str) -> None:
    """A message for the person, to stderr."""
    try:
        sys.stdout.flush()
    except OSError:
        # told when the program ends; now it must not stand in the way of the message
        pass
    sys.stderr.write(_wrapped(harmless(text), sys.stderr) + "\n")
    sys.stderr.flush()


def _wrapped(text: str, stream: TextIO) -> str:
    """The text as it is, or on a terminal harmless and broken where the terminal would break it anywhere."""
    if not stream.isatty():
        return text
    text = harmless(text)
    columns = os.get_terminal_size(stream.fileno()).columns
    if columns < _NARROWEST or all(len(line) < columns for line in text.split("\n")):
        return text
    import textwrap

    wrapper = textwrap.TextWrapper(columns - 1, replace_whitespace=False, break_on_hyphens=False)
    lines = []
    for line in text.split("\n"):
        indent = len(line) - len(line.lstrip())
        wrapper.subsequent_indent = " " * min(indent, columns // 4)
        lines += wrapper.wrap(line) or [""]
    return "\n".join(lines)


def document(content: Mapping[str, object] | Sequence[object]) -> None:
    """The one JSON document of a --json run, to stdout."""
    import json

    sys.stdout.write(json.dumps(content, indent=2) + "\n")
