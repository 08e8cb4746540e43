"""Themes: labels that stand in the note itself, on a line of nothing else, such as `#grenzen #werkdruk`. Pure.

They need no field of their own: what seals, searches, guards, exports and destroys the text does so with its themes
(docs/adr/0012).
"""

import re
from collections.abc import Iterable

LONGEST = 40
"""Characters of the longest theme; what is longer is text."""

# a digit first would make a theme of "#1", and a space behind the sign makes a heading of Markdown
_LABEL = rf"#[^\W\d_][\w-]{{0,{LONGEST - 1}}}"
_LINE = re.compile(rf"^[ \t]*{_LABEL}(?:[ \t]+{_LABEL})*[ \t]*$", re.MULTILINE)
_LINE_AND_END = re.compile(rf"{_LINE.pattern}\n?", re.MULTILINE)
_NAME = re.compile(r"#([\w-]+)")
_UNFIT = re.compile(r"[^\w]+")


def themes(text: str) -> tuple[str, ...]:
    """The themes of a note in lower case, in their order, each once."""
    if "#" not in text:
        return ()
    found = (name.lower() for line in _LINE.findall(text) for name in _NAME.findall(line))
    return tuple(dict.fromkeys(found))


def without_themes(text: str) -> str:
    """The text without the lines that hold its themes."""
    return _LINE_AND_END.sub("", text) if "#" in text else text


def with_themes(text: str, labels: Iterable[str]) -> str:
    """The text with exactly these themes, on its last line; an empty line stands above it."""
    chosen = dict.fromkeys(filter(None, map(label, labels)))
    body = without_themes(text).rstrip("\n") if "#" in text else text.rstrip("\n")
    if not chosen:
        return body
    line = " ".join(f"#{name}" for name in chosen)
    return f"{body}\n\n{line}" if body else line


def label(typed: str) -> str:
    """What was typed as a theme: lower case, with hyphens for what can't stand in one; empty if nothing is left."""
    name = _UNFIT.sub("-", typed.lower().replace("_", "-")).strip("-")[:LONGEST].rstrip("-")
    return name.lstrip("0123456789-")
