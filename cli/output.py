"""Where words go: answers and JSON to stdout, messages to stderr."""

from __future__ import annotations

import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

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


def tell(text: str) -> None:
    """A message for the person, to stderr."""
    sys.stdout.flush()
    sys.stderr.write(harmless(text) + "\n")
    sys.stderr.flush()


def document(content: Mapping[str, object]) -> None:
    """The one JSON document of a --json run, to stdout."""
    import json

    sys.stdout.write(json.dumps(content, indent=2) + "\n")
