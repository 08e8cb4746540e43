"""Markdown: one file is one note. Front matter, the title and a date above the text are dropped. Pure."""

from cli.importers.taken import Taken, tidied
from cli.stripping import strip

FORMAT = "md"


def claims(path: str, text: str) -> bool:
    """Whether the file is Markdown."""
    return path.lower().endswith(".md")


def read(text: str) -> Taken:
    """The note. Raises NotText, HoldsNul, NoteTooLong."""
    left, titles = strip(text, markdown=True)
    left = tidied(left)
    return Taken([left] if left else [], titles, empty=int(not left))
