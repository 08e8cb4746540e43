"""Plain text: one file is one note. A date above the text is dropped. Pure."""

from cli.importers.taken import Taken, tidied
from cli.stripping import strip

FORMAT = "txt"


def claims(path: str, text: str) -> bool:
    """Whether the file is plain text."""
    return path.lower().endswith(".txt")


def read(text: str) -> Taken:
    """The note. Raises NotText, HoldsNul, NoteTooLong."""
    left = tidied(strip(text, markdown=False)[0])
    return Taken([left] if left else [], empty=int(not left))
